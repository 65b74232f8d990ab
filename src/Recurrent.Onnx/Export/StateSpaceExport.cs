using Recurrent.Layers;
using Recurrent.Parameters;

namespace Recurrent.Onnx.Export;

/// <summary>sLSTM.</summary>
internal sealed class SlstmExport(LayerContext context, SLSTMCell cell) : GatedExport(context, cell)
{
    private const double MostGrowth = 60;

    /// <inheritdoc/>
    public override Tensor[] Step(Tensor[] projected, Tensor[] states)
    {
        Tensor[] z = Gates(projected[0] + Recur(states[0]), 4);
        Tensor forget = cell.ForgetGateActivation == "sigmoid" ? -ActivationExport.SoftplusOf(-z[1]) : z[1];
        Tensor carried = forget + states[3];
        Tensor begins = Writer.Op("Equal", states[2], Writer.Number(0));
        Tensor m = Writer.Op("Where", begins, z[0], Writer.Op("Max", carried, z[0]));
        Tensor f = Writer.Op("Min", carried - m, Writer.Number(MostGrowth)).Apply("Exp");
        Tensor i = (z[0] - m).Apply("Exp");
        Tensor c = (f * states[1]) + (i * Act(z[2]));
        Tensor n = (f * states[2]) + i;
        return [Gate(z[3]) * (c / n), c, n, m];
    }
}

/// <summary>mLSTM, step by step.</summary>
internal sealed class MlstmExport(LayerContext context, MLSTMCell cell) : GatedExport(context, cell)
{
    private const double MostGrowth = 60;

    /// <inheritdoc/>
    public override Tensor[] Step(Tensor[] projected, Tensor[] states)
    {
        int heads = cell.NumHeads;
        int keys = cell.KeyDim;
        int values = Units / heads;
        Tensor[] z = projected[0].Split(heads * keys, heads * keys, Units, heads, heads, Units);
        Tensor q = z[0].Reshape(0, heads, keys, 1);
        Tensor k = (z[1] / Math.Sqrt(keys)).Reshape(0, heads, keys, 1);
        Tensor v = Act(z[2]).Reshape(0, heads, 1, values);
        Tensor forget = (cell.ForgetGateActivation == "sigmoid" ? -ActivationExport.SoftplusOf(-z[4]) : z[4]) + states[3];
        Tensor m = Writer.Op("Max", forget, z[3]);
        Tensor f = (forget - m).Apply("Exp").Reshape(0, heads, 1, 1);
        Tensor i = (z[3] - m).Apply("Exp").Reshape(0, heads, 1, 1);
        Tensor memory = (f * states[1].Reshape(0, heads, keys, values)) + (i * k.MatMul(v));
        Tensor n = (f * states[2].Reshape(0, heads, keys, 1)) + (i * k);
        Tensor seen = (n * q).Reduce("ReduceSum", true, 2);
        Tensor least = (-Writer.Op("Min", m, Writer.Number(MostGrowth))).Apply("Exp").Reshape(0, heads, 1, 1);
        Tensor scale = Writer.Op("Max", seen.Apply("Abs"), least);
        Tensor read = (q * memory).Reduce("ReduceSum", true, 2) / scale;
        return
        [
            Gate(z[5]) * read.Reshape(0, Units), memory.Reshape(0, Units * keys), n.Reshape(0, heads * keys), m,
        ];
    }
}

/// <summary>The linear recurrent unit.</summary>
internal sealed class LruExport(LayerContext context, LRUCell cell) : GatedExport(context, cell)
{
    /// <inheritdoc/>
    public override Tensor[] Project(Tensor x)
    {
        Tensor z = x.MatMul(Weight("kernel"));
        if (Find("gamma_log") is not null)
        {
            Tensor gain = Weight("gamma_log").Apply("Exp");
            z *= Writer.Op("Concat", [gain, gain], ("axis", 0L));
        }

        return cell.Feedthrough switch
        {
            "full" => [z, x.MatMul(Weight("feedthrough"))],
            "diagonal" => [z, x * Weight("feedthrough")],
            _ => [z],
        };
    }

    /// <inheritdoc/>
    public override Tensor[] Step(Tensor[] projected, Tensor[] states)
    {
        // With more digits, since an angle may be several turns.
        Tensor size = (-Weight("nu_log").Cast(ElementType.Double).Apply("Exp")).Apply("Exp");
        Tensor phase = Weight("theta_log").Cast(ElementType.Double).Apply("Exp");
        Tensor p = (size * phase.Apply("Cos")).AsNumbers();
        Tensor q = (size * phase.Apply("Sin")).AsNumbers();
        Tensor[] before = Gates(states[1], 2);
        Tensor[] input = Gates(projected[0], 2);
        Tensor real = (p * before[0]) - (q * before[1]) + input[0];
        Tensor imaginary = (p * before[1]) + (q * before[0]) + input[1];
        Tensor s = Writer.Op("Concat", [real, imaginary], ("axis", -1L));
        Tensor y = s.MatMul(Weight("output_kernel"));
        return [projected.Length > 1 ? y + projected[1] : y, s];
    }
}

/// <summary>The real-gated linear recurrent unit.</summary>
internal sealed class RglruExport(LayerContext context, RGLRUCell cell) : GatedExport(context, cell)
{
    /// <inheritdoc/>
    public override Tensor[] Project(Tensor x)
    {
        Tensor own = Find("input_kernel") is null ? x : Plus(x.MatMul(Weight("input_kernel")), "input_bias");
        return [own, Biased(cell.Blocks == 1 ? own.MatMul(Weight("kernel")) : ByBlocks(own))];
    }

    /// <inheritdoc/>
    public override Tensor[] Step(Tensor[] projected, Tensor[] states)
    {
        Tensor[] z = Gates(projected[1], 2);
        Tensor decay = ActivationExport.SoftplusOf(-Weight("lambda")) * cell.Exponent;
        Tensor log = -(decay * Gate(z[0]));
        Tensor a = log.Apply("Exp");

        // 1 − a² = −tanh(log a)·(1 + a²), without cancellation.
        Tensor rest = -(log.Apply("Tanh") * ((a * a) + 1));
        Tensor scale = ActivationExport.Above(rest, 0).Apply("Sqrt");
        return [(a * states[0]) + (scale * (Gate(z[1]) * projected[0]))];
    }

    // Each unit of a gate sees the inputs of its block alone.
    private Tensor ByBlocks(Tensor x)
    {
        int size = Units / cell.Blocks;
        Tensor[] inputs = x.Split([.. Enumerable.Repeat(size, cell.Blocks)]);
        Tensor[] weights = Weight("kernel").Split([.. Enumerable.Repeat(size, 2 * cell.Blocks)]);
        return Writer.Op("Concat",
            [.. weights.Select((weight, i) => (Tensor?)inputs[i % cell.Blocks].MatMul(weight))], ("axis", -1L));
    }
}

/// <summary>The selective state space.</summary>
internal sealed class S6Export(LayerContext context, S6Cell cell) : GatedExport(context, cell)
{
    /// <inheritdoc/>
    public override Tensor[] Project(Tensor x)
    {
        Tensor z = Biased(x.MatMul(Weight("kernel")));
        Tensor[] parts = cell.ProjectInput
            ? z.Split(Units, cell.DeltaRank, cell.StateSize, cell.StateSize)
            : [x, .. z.Split(cell.DeltaRank, cell.StateSize, cell.StateSize)];
        Tensor delta = ActivationExport.SoftplusOf(Plus(parts[1].MatMul(Weight("delta_kernel")), "delta_bias"));
        return [Act(parts[0]), delta, parts[2], parts[3]];
    }

    /// <inheritdoc/>
    public override Tensor[] Step(Tensor[] projected, Tensor[] states)
    {
        (Tensor u, Tensor delta) = (projected[0], projected[1].Unsqueeze(1));
        Tensor decay = -Weight("log_decay").Apply("Exp");
        Tensor a = (delta * decay).Apply("Exp");
        Tensor before = states[1].Reshape(0, cell.StateSize, Units);
        Tensor after = (a * before) + ((delta * u.Unsqueeze(1)) * projected[2].Unsqueeze(2));
        Tensor y = (after * projected[3].Unsqueeze(2)).Reduce("ReduceSum", false, 1) + (Weight("skip") * u);
        return [y, after.Reshape(0, cell.StateSize * Units)];
    }
}

/// <summary>The convolutional LSTM over one axis of places.</summary>
internal sealed class ConvLstmExport(LayerContext context, ConvLSTM1DCell cell) : GatedExport(context, cell)
{
    /// <inheritdoc/>
    public override Tensor[] Project(Tensor x) => [x];

    /// <inheritdoc/>
    public override Tensor[] Step(Tensor[] projected, Tensor[] states)
    {
        ConvLSTM1DOptions window = cell.Convolution;
        Tensor input = Convolved(
            PlacesFirst(projected[0]), "kernel", Find("bias"), window.Strides, window.Padding, window.DilationRate);
        (Tensor hidden, Tensor before) = (PlacesFirst(states[0]), PlacesFirst(states[1]));
        Tensor[] z = Gates(input + Convolved(hidden, "recurrent_kernel", null, 1, "same", 1), 4);
        Tensor c = (Gate(z[1]) * before) + (Gate(z[0]) * Act(z[2]));
        return [PlacesFirst(Gate(z[3]) * Act(c)), PlacesFirst(c)];
    }

    /// <summary>With channels last, from or to a step or state that has them first.</summary>
    private Tensor PlacesFirst(Tensor x) => cell.PlacesAreLast ? x.Transpose(0, 2, 1) : x;

    private Tensor Convolved(Tensor x, string kernel, Parameter? bias, int strides, string padding, int dilation)
    {
        Parameter weights = Find(kernel)!;
        Tensor? shift = bias is null ? null : Writer.Weight(bias);
        return Writer.Op(
            "Conv",
            [x.Transpose(0, 2, 1), ConvolutionExport.Kernel(Writer, weights, kernel), shift],
            ("strides", new long[] { strides }), ("dilations", new long[] { dilation }),
            ConvolutionExport.Padding(padding, ((weights.Shape[0] - 1) * dilation) + 1, strides)).Transpose(0, 2, 1);
    }
}

/// <summary>Cells one on top of the other.</summary>
internal sealed class StackedExport(LayerContext context, StackedRNNCells cell) : CellExport(context, cell)
{
    private readonly CellExport[] cells = [.. cell.Cells.Select(each => Of(context, each))];

    /// <inheritdoc/>
    public override Tensor[] Project(Tensor x) => cells[0].Project(x);

    /// <inheritdoc/>
    public override Tensor[] Step(Tensor[] projected, Tensor[] states)
    {
        var after = new List<Tensor>();
        Tensor[] input = projected;
        int first = 0;
        for (int i = 0; i < cells.Length; i++)
        {
            int count = cell.Cells[i].StateSizes.Count;
            input = i == 0 ? input : cells[i].Project(input[0]);
            Tensor[] own = cells[i].Step(input, states[first..(first + count)]);
            input = [own[cell.Cells[i].OutputState]];
            after.AddRange(own);
            first += count;
        }

        return [.. after];
    }
}

/// <summary>Zoneout as in prediction: each state stays where it was by a share.</summary>
internal sealed class ZoneoutExport(LayerContext context, ZoneoutCell cell) : CellExport(context, cell)
{
    private readonly CellExport inner = Of(context, cell.Cell);

    /// <inheritdoc/>
    public override Tensor[] Project(Tensor x) => inner.Project(x);

    /// <inheritdoc/>
    public override Tensor[] Step(Tensor[] projected, Tensor[] states)
    {
        Tensor[] after = inner.Step(projected, states);
        return [.. after.Select((state, i) =>
            state + ((states[i] - state) * (i == cell.OutputState ? cell.HiddenRate : cell.CellRate)))];
    }
}
