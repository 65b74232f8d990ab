using System.Globalization;
using Recurrent.Activations;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Metrics;

namespace Recurrent.Training;

/// <summary>
/// What is allowed but hardly meant: a loss that does not suit the last activation, data far from the scale that weights are made
/// for, an accuracy of what is no class. One sentence or two for each, with what to change.
/// </summary>
internal static class TrainingAdvice
{
    private const double Large = 100;
    private const double Small = 1e-3;

    /// <summary>Looks at what is to be trained, and at the data.</summary>
    /// <param name="context">What is trained; it is built and compiled.</param>
    /// <param name="data">The data.</param>
    /// <returns>Pieces of advice, each with what it is about, of which one piece is enough.</returns>
    public static IEnumerable<(string Topic, string Text)> For(TrainingContext context, TrainingData data)
    {
        for (int i = 0; i < data.Inputs.Parts.Count; i++)
        {
            if (OfInputs(data.Inputs.Parts[i], context.Network.ReaderOf(i)) is { } text)
            {
                yield return (FormattableString.Invariant($"input {i}"), text);
            }
        }

        for (int i = 0; i < data.Outputs.Count; i++)
        {
            if (data.Outputs[i] is not { } output)
            {
                continue;
            }

            OutputRange? range = OutputRange.Of(context.Network, i);
            if (OfActivation(range, output.Rows) is { } constant)
            {
                yield return (FormattableString.Invariant($"activation {i}"), constant);
            }
            else if (range is not null && (OfLoss(range, output.Loss, output.Rows) ?? OfTargets(range, output)) is { } misfit)
            {
                yield return (FormattableString.Invariant($"loss {i}"), misfit);
            }

            foreach ((string name, MetricChoice metric) in context.Compiled!.Outputs[i].NamedMetrics)
            {
                if (OfMetric(metric.For(output.Rows, output.Targets.SampleShape.Features), range, output) is { } text)
                {
                    yield return ("metric " + name, text);
                }
            }
        }
    }

    /// <summary>Whether what reads inputs does not care for their scale, or makes one of its own.</summary>
    public static bool TakesAnyScale(Layer? reader) => reader is null or { ReadsTokens: true } or LayerNormalization
        or BatchNormalization or UnitNormalization or RMSNormalization or GroupNormalization or Rescaling or Normalization
        or Discretization;

    /// <summary>Looks at what a model is compiled for, before there are data.</summary>
    /// <param name="network">The model's network.</param>
    /// <param name="options">What it is compiled for.</param>
    /// <returns>Pieces of advice, under the same topics as those that data give.</returns>
    public static IEnumerable<(string Topic, string Text)> For(Network network, CompileOptions options)
    {
        for (int i = 0; i < options.Outputs.Count && i < network.Outputs.Count; i++)
        {
            if (options.Outputs[i].Loss?.Loss is not { } loss || network.Outputs[i].Shape is not { Rank: > 0 } shape
                || shape[shape.Rank - 1] is not int rows || OutputRange.Of(network, i) is not { } range)
            {
                continue;
            }

            if (OfActivation(range, rows) is { } constant)
            {
                yield return (FormattableString.Invariant($"activation {i}"), constant);
            }
            else if (OfLoss(range, loss, rows) is { } misfit)
            {
                yield return (FormattableString.Invariant($"loss {i}"), misfit);
            }
        }
    }

    private static string? OfInputs(Samples inputs, Layer? reader)
    {
        if (TakesAnyScale(reader))
        {
            return null;
        }

        double largest = inputs.LargestMagnitude();
        string what = FormattableString.Invariant($"The inputs reach {largest:G3}, but layers are made for inputs of about 1");
        return largest switch
        {
            > Large =>
                $"{what}: gates saturate, and training learns little or diverges. Scale them, with StandardScaler or "
                + "MinMaxScaler.",
            > 0 and < Small =>
            $"{what}: next to them, weights and biases hardly see them. Scale them, with StandardScaler or MinMaxScaler.",
            _ => null,
        };
    }

    private static string? OfActivation(OutputRange? range, int rows) =>
        range?.Function is Activations.Softmax or Sparsemax && rows == 1
        ? $"{range.Layer.Introduction} has {range.Name} over one unit, which is always 1, so nothing can be learned. Use "
            + "activation: \"sigmoid\" for one probability, or one unit for each class."
        : null;

    /// <summary>What is wrong between a loss and the function before it, whatever the targets are.</summary>
    private static string? OfLoss(OutputRange range, Loss loss, int rows)
    {
        bool? fromLogits = loss switch
        {
            BinaryCrossentropy binary => binary.FromLogits,
            CategoricalCrossentropy categorical => categorical.FromLogits,
            SparseCategoricalCrossentropy sparse => sparse.FromLogits,
            KLDivergence => false,
            _ => null,
        };
        string given = $"{range.Layer.Introduction} gives outputs {Between(range)} ({range.Name})";
        string fitting = loss is BinaryCrossentropy || rows == 1 ? "sigmoid" : "softmax";
        if (fromLogits == false && !range.IsProbability)
        {
            string logits = loss is KLDivergence ? string.Empty : ", or the loss fromLogits: true";
            return $"{given}, but {loss.Name} takes them for probabilities, from 0 to 1. Give the layer activation: "
                + $"\"{fitting}\"{logits}.";
        }

        if (fromLogits == true && !range.IsOpen)
        {
            return $"{given}, but {loss.Name} with fromLogits: true takes them for logits and applies {fitting} once more. "
                + "Leave the layer linear, or set fromLogits: false.";
        }

        if (loss is Poisson && range.Least < 0)
        {
            return $"{given}, but {loss.Name} takes their logarithm. Give the layer activation: \"exponential\" or \"softplus\".";
        }

        return loss is Hinge or SquaredHinge && range.Least >= 0
            ? $"{given}, but {loss.Name} wants them below 0 for one of the two classes. Give the layer activation: \"tanh\", "
                + "or leave it linear."
            : null;
    }

    /// <summary>What is wrong between the targets and what the function can give.</summary>
    private static string? OfTargets(OutputRange range, OutputData output)
    {
        if (output.Loss.TargetRows(output.Rows) != output.Rows
            || output.Loss is BatchLoss or Hinge or SquaredHinge or CategoricalHinge or CosineSimilarity or BinaryCrossentropy
            or CategoricalCrossentropy
            || output.Loss.GetType().Assembly != typeof(Loss).Assembly)
        {
            return null;
        }

        (double least, double most) = output.Targets.Range();
        double slack = 0.01 * Math.Max(1, range.Most - range.Least is var width && double.IsFinite(width) ? width : 1);
        if (least < range.Least - slack || most > range.Most + slack)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"{range.Layer.Introduction} gives outputs {Between(range)} ({range.Name}), but targets go from {least:G3} to "
                + $"{most:G3}: those beyond are never reached. Leave the layer linear, or scale the targets, with MinMaxScaler "
                + $"for instance.");
        }

        double largest = Math.Max(Math.Abs(least), Math.Abs(most));
        return largest > Large && range.IsOpen
            ? string.Create(CultureInfo.InvariantCulture,
                $"The targets reach {largest:G3}, but outputs begin near 0 and move by little more than the learning rate at "
                + $"an update. Scale them, with StandardScaler or MinMaxScaler, and the predictions back with its Inverse.")
            : null;
    }

    private static string? OfMetric(Metric metric, OutputRange? range, OutputData output)
    {
        bool logits = output.Loss is BinaryCrossentropy { FromLogits: true }
            || (output.Rows == 1 && range is { IsOpen: true, IsProbability: false });
        bool classes = output.Loss is BinaryCrossentropy or CategoricalCrossentropy or SparseCategoricalCrossentropy or Hinge
            or SquaredHinge or CategoricalHinge;
        bool accuracy = metric is BinaryAccuracy or CategoricalAccuracy or SparseCategoricalAccuracy or TopKCategoricalAccuracy
            or SparseTopKCategoricalAccuracy or Accuracy;
        if (accuracy && !classes && !IsOfClasses(metric, output))
        {
            return $"{metric.Name} counts outputs that are of the right class, but the targets of {output.Loss.Name} are "
                + "numbers here, so it says nothing. Use \"mae\", \"root_mean_squared_error\" or \"r2_score\".";
        }

        if (classes && logits && metric is BinaryAccuracy { Threshold: 0.5 })
        {
            return $"{metric.Name} compares outputs with 0.5, but they are logits, which are above 0 for a yes. Use new "
                + "BinaryAccuracy(threshold: 0).";
        }

        if (classes && logits && metric is AUC { FromLogits: false })
        {
            return $"{metric.Name} takes outputs for probabilities, but they are logits. Use new AUC(fromLogits: true).";
        }

        return classes && logits && metric is ThresholdMetric
            ? $"{metric.Name} compares outputs with thresholds between 0 and 1, but they are logits. Give the last layer "
                + "activation: \"sigmoid\", and the loss fromLogits: false."
            : null;
    }

    /// <summary>Whether the targets are what an accuracy compares: labels, zeros and ones.</summary>
    private static bool IsOfClasses(Metric metric, OutputData output) =>
        metric is SparseCategoricalAccuracy or SparseTopKCategoricalAccuracy or Accuracy
        ? output.Targets.All(static value => value == Math.Floor(value))
        : output.Targets.All(static value => value is 0 or 1);

    private static string Between(OutputRange range) => (double.IsInfinity(range.Least), double.IsInfinity(range.Most)) switch
    {
        (true, true) => "without bounds",
        (true, false) => FormattableString.Invariant($"of at most {range.Most:G3}"),
        (false, true) => FormattableString.Invariant($"of at least {range.Least:G3}"),
        _ => FormattableString.Invariant($"from {range.Least:G3} to {range.Most:G3}"),
    };
}
