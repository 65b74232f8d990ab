using Recurrent.Activations;

namespace Recurrent.Onnx.Export;

/// <summary>Activations as operators.</summary>
internal static class ActivationExport
{
    private const double SeluAlpha = 1.6732632423543772848170429916717;
    private const double SeluScale = 1.0507009873554804934193349852946;

    /// <summary>The function of some values; the last axis is that of the features.</summary>
    /// <exception cref="OnnxExportException">There is none of it.</exception>
    public static Tensor Apply(this ActivationFunction function, Tensor x)
    {
        var options = new Options(function.GetConfig());
        return function switch
        {
            Linear => x,
            Tanh => x.Apply("Tanh"),
            Sigmoid => x.Apply("Sigmoid"),
            Relu => ApplyRelu(x, options),
            LeakyRelu => x.Writer.Op("LeakyRelu", [x], ("alpha", options.Double("negative_slope", 0.2))),
            Relu6 => Between(x, 0, 6),
            Elu => x.Writer.Op("Elu", [x], ("alpha", options.Double("alpha", 1))),
            Celu => x.Writer.Op("Celu", [x], ("alpha", options.Double("alpha", 1))),
            Selu => x.Writer.Op("Selu", [x], ("alpha", SeluAlpha), ("gamma", SeluScale)),
            Softplus => SoftplusOf(x),
            Softsign => x.Apply("Softsign"),
            Softmax => x.Writer.Op("Softmax", [x], ("axis", -1L)),
            LogSoftmax => x.Writer.Op("LogSoftmax", [x], ("axis", -1L)),
            LogSigmoid => -SoftplusOf(-x),
            Exponential => x.Apply("Exp"),
            Silu => x * x.Apply("Sigmoid"),
            HardSigmoid => HardSigmoidOf(x),
            HardSilu => x * HardSigmoidOf(x),
            HardTanh => Between(x, -1, 1),
            Gelu => GeluOf(x, options.Bool("approximate")),
            Mish => x * SoftplusOf(x).Apply("Tanh"),
            TanhShrink => x - x.Apply("Tanh"),
            HardShrink => Where(x.Apply("Abs").Greater(options.Double("threshold", 0.5)), x, 0),
            SoftShrink => x.Apply("Sign") * Above(x.Apply("Abs") - options.Double("threshold", 0.5), 0),
            Threshold => Where(x.Greater(options.Double("threshold")), x, options.Double("default_value")),
            Squareplus => (x + ((x * x) + options.Double("b", 4)).Apply("Sqrt")) * 0.5,
            SparseSigmoid => Between((x + 1) * 0.5, 0, 1),
            SparsePlus => SparsePlusOf(x),
            SoftPositive => x.Writer.Op("Where", (x.Writer.Number(0)).Greater(x), x.Apply("Sigmoid"), x + 0.5),
            Glu => Gated(x),
            Sparsemax => SparsemaxOf(x),
            _ => throw new OnnxExportException($"The activation '{function.ClassName}' has no counterpart in ONNX."),
        };
    }

    /// <summary>Where one value is above another.</summary>
    public static Tensor Greater(this Tensor a, Tensor b) => a.Writer.Op("Greater", a, b);

    /// <summary>Where a value is above a number.</summary>
    public static Tensor Greater(this Tensor a, double b) => a.Greater(a.Writer.Number(b));

    /// <summary>log(1 + exp x), of any x.</summary>
    public static Tensor SoftplusOf(Tensor x)
    {
        // log(1 + u) = 2·artanh(u/(2 + u)), which keeps the digits of a small u; runtimes' own operator does not.
        Tensor rest = (-x.Apply("Abs")).Apply("Exp");
        return Above(x, 0) + ((rest / (rest + 2)).Apply("Atanh") * 2);
    }

    /// <summary>The larger of a value and a number.</summary>
    public static Tensor Above(Tensor x, double least) => x.Writer.Op("Max", x, x.Writer.Number(least));

    private static Tensor Between(Tensor x, double least, double most) =>
        x.Writer.Op("Clip", x, x.Writer.Number(least), x.Writer.Number(most));

    private static Tensor HardSigmoidOf(Tensor x) => Between(x / 6 + 0.5, 0, 1);

    private static Tensor Where(Tensor condition, Tensor then, double otherwise) =>
        then.Writer.Op("Where", condition, then, then.Writer.Number(otherwise));

    private static Tensor ApplyRelu(Tensor x, Options options)
    {
        double slope = options.Double("negative_slope");
        double threshold = options.Double("threshold");
        Tensor y;
        if (threshold == 0)
        {
            y = slope == 0 ? x.Apply("Relu") : x.Writer.Op("LeakyRelu", [x], ("alpha", slope));
        }
        else
        {
            Tensor below = slope == 0 ? x.Writer.Number(0) : (x - threshold) * slope;
            y = x.Writer.Op("Where", x.Greater(threshold), x, below);
        }

        return options.Has("max_value") ? x.Writer.Op("Min", y, x.Writer.Number(options.Double("max_value"))) : y;
    }

    private static Tensor GeluOf(Tensor x, bool approximate)
    {
        if (approximate)
        {
            Tensor inner = (x + (x * x * x * 0.044715)) * Math.Sqrt(2 / Math.PI);
            return x * 0.5 * (inner.Apply("Tanh") + 1);
        }

        return x * 0.5 * ((x * Math.Sqrt(0.5)).Apply("Erf") + 1);
    }

    private static Tensor SparsePlusOf(Tensor x)
    {
        Tensor bend = (x + 1) * (x + 1) * 0.25;
        Tensor low = Where(x.Greater(-1), bend, 0);
        return x.Writer.Op("Where", x.Greater(1), x, low);
    }

    private static Tensor Gated(Tensor x)
    {
        Tensor[] halves = x.Writer.Ops("Split", 2, [x], x.Writer.Opset >= 18
            ? [("axis", -1L), ("num_outputs", 2L)]
            : [("axis", -1L)]);
        return halves[0] * halves[1].Apply("Sigmoid");
    }

    // With z sorted downward, k entries stay above zero, the last at which 1 + k·z_k is above the sum of the first k.
    private static Tensor SparsemaxOf(Tensor x)
    {
        GraphWriter writer = x.Writer;
        Tensor shifted = x - x.Reduce("ReduceMax", true, -1);
        Tensor count = x.Length(-1);
        Tensor sorted = writer.Ops("TopK", 2, [shifted, count], ("axis", -1L))[0];
        Tensor sums = writer.Op("CumSum", sorted, writer.IntegersOf([], -1));
        Tensor ranks = writer.Op("Range", writer.IntegersOf([], 1), count.Squeeze(0) + writer.IntegersOf([], 1),
            writer.IntegersOf([], 1)).AsNumbers();
        Tensor stays = (sorted * ranks + 1).Greater(sums).AsNumbers();
        Tensor left = stays.Reduce("ReduceSum", true, -1);
        Tensor sum = (sorted * stays).Reduce("ReduceSum", true, -1);
        return Above(shifted - ((sum - 1) / left), 0);
    }
}
