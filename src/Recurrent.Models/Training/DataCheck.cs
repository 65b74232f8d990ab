using System.Globalization;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>Checks what a caller hands in, before any work is done, with messages that say what to change.</summary>
internal static class DataCheck
{
    /// <summary>Checks inputs against the shape the model takes.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="expected">Shape of a sample.</param>
    /// <param name="first">The layer that reads them.</param>
    /// <param name="who">Who reads them, for messages.</param>
    /// <param name="argument">Name of the argument.</param>
    /// <param name="hint">What to do where they do not fit; null for what follows from the shapes.</param>
    public static SampleArray Inputs(NDArray x, Shape expected, Layer first, string who, string argument, string? hint = null)
    {
        ArgumentNullException.ThrowIfNull(x, argument);
        Shape shape = InputShape(x.Shape, expected, first, who, argument, hint);
        x.RequireFinite(argument);
        RequireIds(x, first, argument);
        return new SampleArray(x, shape);
    }

    /// <summary>Checks inputs that are computed when they are read.</summary>
    /// <inheritdoc cref="Inputs(NDArray, Shape, Layer, string, string, string?)"/>
    public static LazySamples Inputs(LazyArray x, Shape expected, Layer first, string who, string argument, string? hint = null)
    {
        Shape shape = InputShape(x.Shape, expected, first, who, argument, hint);
        bool looks = first.ChecksInput || first.IdCount is not null;
        (double, double) range = (looks ? null : x.KnownRange) ?? LazySamples.Check(
            x, argument, looks ? (i, sample) =>
                RequireIds(sample, first, FormattableString.Invariant($"sample {i} of {argument}"))
            : null);
        return new LazySamples(x, shape, range);
    }

    /// <summary>Shape of a sample of an array that is not empty.</summary>
    /// <param name="x">Shape of the array.</param>
    /// <param name="argument">Name of the argument.</param>
    public static Shape SampleShape(IReadOnlyList<int> x, string argument)
    {
        if (x.Count < 2)
        {
            throw new ArgumentException(
                $"{argument} has shape {NDArray.Describe(x)}; its first axis must count samples and at least one more "
                + "axis must follow. Use Reshape, for instance x.Reshape(-1, timesteps, features).", argument);
        }

        if (x.Contains(0))
        {
            throw new ArgumentException($"{argument} is empty: its shape is {NDArray.Describe(x)}. Give at least one "
                + "sample, and no axis of length 0.", argument);
        }

        return new Shape([.. x.Skip(1).Select(axis => (int?)axis)]);
    }

    private static Shape InputShape(
        IReadOnlyList<int> x, Shape expected, Layer first, string who, string argument, string? hint)
    {
        RequireBatchAxis(x, expected, who, argument);
        Shape shape = SampleShape(x, argument);
        return expected.Accepts(shape)
            ? shape
            : throw new ArgumentException($"{who} expects {Describe(expected)}, but {argument} has shape "
                + $"{NDArray.Describe(x)}. {hint ?? InputAdvice(expected, shape, x[0], first)}", argument);
    }

    /// <summary>Checks targets against what the model gives and what the loss takes.</summary>
    /// <param name="y">The targets.</param>
    /// <param name="samples">Number of samples of the inputs.</param>
    /// <param name="output">Shape of a sample of the model's output; every axis known.</param>
    /// <param name="last">The model's last layer, for messages.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="argument">Name of the argument.</param>
    /// <param name="layers">All layers, for messages that advise on one of them.</param>
    public static SampleArray Targets(
        NDArray y, int samples, Shape output, Layer last, Loss loss, string argument, IReadOnlyList<Layer> layers)
    {
        ArgumentNullException.ThrowIfNull(y, argument);
        Shape expected = TargetShape(y.Shape, samples, output, last, loss, argument, layers);
        y.RequireFinite(argument);
        CheckTargets(loss, [y], expected.Features, output.Features, argument, (_, failure) =>
            OfSample(loss, y, expected.Features, output.Features, argument, failure));
        return new SampleArray(y, expected);
    }

    /// <summary>Where samples have several columns, names the sample that is wrong, and the column within it.</summary>
    private static ArgumentException OfSample(
        Loss loss, NDArray y, int rows, int outputs, string argument, ArgumentException failure)
    {
        int size = y.Size / y.Shape[0];
        for (int i = 0; i < y.Shape[0] && size != rows; i++)
        {
            try
            {
                loss.CheckTargets(y.Values.AsSpan(i * size, size), rows, outputs);
            }
            catch (ArgumentException own)
            {
                return new ArgumentException(
                    FormattableString.Invariant($"In sample {i} of {argument}: {own.Message}"), argument, own);
            }
        }

        return failure;
    }

    /// <summary>Checks targets that are computed when they are read.</summary>
    /// <inheritdoc cref="Targets(NDArray, int, Shape, Layer, Loss, string, IReadOnlyList{Layer})"/>
    public static LazySamples Targets(
        LazyArray y, int samples, Shape output, Layer last, Loss loss, string argument, IReadOnlyList<Layer> layers)
    {
        Shape expected = TargetShape(y.Shape, samples, output, last, loss, argument, layers);
        (double, double) range = LazySamples.Check(y, argument, (i, target) => CheckTargets(
            loss, [target], expected.Features, output.Features, argument,
            (_, failure) => new ArgumentException(FormattableString.Invariant($"In sample {i} of {argument}: {failure.Message}"),
                argument, failure)));
        return new LazySamples(y, expected, range);
    }

    private static Shape TargetShape(
        IReadOnlyList<int> y, int samples, Shape output, Layer last, Loss loss, string argument, IReadOnlyList<Layer> layers)
    {
        if (y.Count == 0 || y[0] != samples)
        {
            throw new ArgumentException(
                $"There are {samples} inputs but {(y.Count == 0 ? 0 : y[0])} targets: {argument} has shape "
                + $"{NDArray.Describe(y)}. Each input needs one target.", argument);
        }

        int[] axes = [.. y.Skip(1)];
        Shape expected = loss is BatchLoss batch ? batch.TargetShape(output, axes)
            : output.WithFeatures(loss.TargetRows(output.Features));
        int rows = expected.Features;
        if (rows == 1 && axes.Length == expected.Rank - 1)
        {
            axes = [.. axes, 1];
        }

        if (!axes.SequenceEqual(expected.Axes.Select(axis => axis!.Value)))
        {
            throw new ArgumentException(
                $"{loss.Name} expects targets of shape {expected}, because {last.Introduction} gives {output}, but {argument} "
                + $"has shape {NDArray.Describe(y)}. {TargetAdvice(y, output, expected, loss, layers)}", argument);
        }

        return expected;
    }

    /// <summary>Lets the loss check targets. Where they are labels that start at 1, that is what the message says.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="targets">The targets, one array or many.</param>
    /// <param name="rows">Entries of a column.</param>
    /// <param name="outputs">Number of outputs of the model.</param>
    /// <param name="argument">Name of the argument.</param>
    /// <param name="tell">Says where the failure is, given the index of the array.</param>
    public static void CheckTargets(
        Loss loss, IReadOnlyList<NDArray> targets, int rows, int outputs, string argument,
            Func<int, ArgumentException, ArgumentException> tell)
    {
        for (int i = 0; i < targets.Count; i++)
        {
            try
            {
                loss.CheckTargets(targets[i].Values, rows, outputs);
            }
            catch (ArgumentException failure)
            {
                int classes = Math.Max(2, outputs);
                bool fromOne = rows == 1 && loss is SparseCategoricalCrossentropy or BinaryCrossentropy
                    && targets.Min(item => item.Values.Min()) == 1 && targets.Max(item => item.Values.Max()) == classes;
                throw fromOne
                    ? new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                        $"The labels in {argument} go from 1 to {classes}, but labels start at 0: {loss.Name} tells the "
                        + $"classes 0 to {classes - 1} apart. Subtract 1 from each label."), argument, failure)
                    : tell(i, failure);
            }
        }
    }

    /// <summary>Checks sample weights: one for each sample, or one for each step of each sample.</summary>
    /// <param name="weights">The weights, or null.</param>
    /// <param name="targets">The targets they go with.</param>
    /// <param name="argument">Name of the argument.</param>
    public static SampleArray? Weights(NDArray? weights, Samples targets, string argument)
    {
        if (weights is null)
        {
            return null;
        }

        Shape shape = WeightShape(weights.Shape, targets, argument);
        weights.RequireFinite(argument);
        RequireWeights(weights, argument);
        return new SampleArray(weights, shape);
    }

    /// <summary>Checks weights that are computed when they are read.</summary>
    /// <inheritdoc cref="Weights(NDArray?, Samples, string)"/>
    public static LazySamples Weights(LazyArray weights, Samples targets, string argument) => new(
        weights,
        WeightShape(weights.Shape, targets, argument),
        LazySamples.Check(
            weights, argument, (i, sample) => RequireWeights(sample, FormattableString.Invariant($"sample {i} of {argument}"))));

    private static void RequireWeights(NDArray weights, string argument)
    {
        int negative = Array.FindIndex(weights.Values, w => w < 0);
        if (negative >= 0)
        {
            throw new ArgumentException(
                $"{argument} holds a negative weight at index {weights.DescribeIndex(negative)}. Weights must be at least 0; 0 "
                + "leaves a sample out.", argument);
        }
    }

    private static Shape WeightShape(IReadOnlyList<int> weights, Samples targets, string argument)
    {
        int steps = targets.SampleShape.Steps;
        int[] axes = [.. targets.SampleShape.Axes.SkipLast(1).Select(axis => axis ?? steps)];
        bool ofSamples = weights.Count >= 1 && weights[0] == targets.Count;
        bool perSample = ofSamples && weights.Skip(1).All(axis => axis == 1);
        bool perStep = ofSamples && (IsFollowedBy(axes) || IsFollowedBy([steps]));
        return perStep ? new Shape(steps, 1)
            : perSample ? new Shape(1)
            : throw new ArgumentException(
                $"{argument} has shape {NDArray.Describe(weights)}; it must hold one weight for each of the "
                + $"{targets.Count} samples"
                + (steps > 1 ? $", or one for each of their {steps} steps: {NDArray.Describe([targets.Count, .. axes])}." : "."),
                argument);

        // One for each step, with or without an axis for the one entry that a step has then.
        bool IsFollowedBy(int[] places) => places.Length > 0 && weights.Count > places.Length
            && weights.Skip(1).Take(places.Length).SequenceEqual(places)
            && weights.Skip(1 + places.Length).All(axis => axis == 1);
    }

    /// <summary>Requires that an array holds ids where the model's first layer takes ids.</summary>
    private static void RequireIds(NDArray x, Layer first, string argument)
    {
        for (int i = 0; first.ChecksInput && i < x.Size; i++)
        {
            if (first.WrongInput(x.Values[i], string.Empty) is not null)
            {
                throw new ArgumentException(first.WrongInput(x.Values[i], $"in {argument} {Place(i)}"), argument);
            }
        }

        if (first.IdCount is not int count || TokenIds.IndexOfWrong(x.Values, count) is var position && position < 0)
        {
            return;
        }

        throw new ArgumentException(
            TokenIds.Refuse(first.Introduction, count, $"{argument} holds", x.Values[position], Place(position), first.IdOption),
            argument);

        string Place(int index) => x.Rank == 2
            ? FormattableString.Invariant($"in row {index / x.Shape[1]} at step {index % x.Shape[1]}")
            : $"at index {x.DescribeIndex(index)}";
    }

    private static string Describe(Shape shape) => shape.Rank == 2
        ? FormattableString.Invariant($"input of rank 3 (batch, timesteps, features) with shape {shape}")
        : FormattableString.Invariant($"input of rank {shape.Rank + 1} with shape {shape}");

    /// <summary>Requires that one sample does not come where a batch of them is expected, for which it would be taken.</summary>
    private static void RequireBatchAxis(IReadOnlyList<int> x, Shape expected, string who, string argument)
    {
        if (x.Contains(0) || expected.Accepts(new([.. x.Skip(1).Select(axis => (int?)axis)])))
        {
            return;
        }

        int[] axes = [.. x];
        if (x.Count == expected.Rank - 1 && expected.Features == 1 && expected.Rank > 1)
        {
            axes = [.. axes, 1];
        }

        if (axes.Length == expected.Rank && expected.Accepts(new([.. axes.Select(axis => (int?)axis)])))
        {
            string batch =
                string.Join(", ", axes.Select(axis => axis.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            string rows = expected.Rank > 1 && expected[0] is null && x.Count > 1
                ? $" If its rows are samples, give each its time steps: x.Reshape(-1, timesteps, {axes[^1]})."
                : string.Empty;
            throw new ArgumentException(
                $"{who} expects {Describe(expected)}, but {argument} has shape {NDArray.Describe(x)}, which is that of "
                + $"one sample. Give a batch of one, x.Reshape(1, {batch}), or call PredictOne.{rows}", argument);
        }
    }

    private static string InputAdvice(Shape expected, Shape got, int samples, Layer first) => (expected.Rank, got.Rank) switch
    {
        (1, 1) when first.ReadsTokens =>
            $"Give sequences of {expected[0]} ids, or build the model with inputShape: new([null]) to take any length.",
        (2, 1) when expected.Features == 1 => "Give the features axis: x.Reshape(-1, timesteps, 1).",
        (2, 1) => $"Give every sample its time steps: x.Reshape(-1, timesteps, {expected.Features}).",
        (var e, var g) when e != g => $"Reshape it to rank {e + 1}.",
        (2, 2) when expected[1] == got[0] && (expected[0] is null || expected[0] == got[1]) && expected[1] != got[1] =>
            "Time steps and features have changed places: the order is (samples, timesteps, features).",
        (2, 2) when expected[1] == got[1] && expected[0] == samples && expected[0] != got[0] =>
            "Samples and time steps have changed places: the order is (samples, timesteps, features).",
        _ when expected[^1] != got[^1] => $"The last axis counts features: the model was built for {expected.Features}.",
        _ => $"Give sequences of {expected[0]} time steps, or build the model with timesteps: null to take any length.",
    };

    private static string TargetAdvice(IReadOnlyList<int> y, Shape output, Shape expected, Loss loss, IReadOnlyList<Layer> layers)
    {
        // What may be told to give its output once or at every step.
        bool recurrent = layers.Any(layer => layer is RecurrentLayer or Bidirectional or Dilated);
        if (y.Count == 3 && output.Rank == 1)
        {
            return recurrent
                ? "Targets of rank 3 need a model that gives a whole sequence: set returnSequences: true on the last recurrent "
                    + "layer, or give one target for each sequence."
                : "The model gives one output for each sample and not one for each step: give one target for each sample.";
        }

        if (output.Features != expected.Features && y.Count > 1 && y[^1] == output.Features && y.Count == output.Rank + 1)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"These are one-hot targets, {output.Features} numbers each: compile with loss: \"categorical_crossentropy\", "
                + $"or give one whole number from 0 to {output.Features - 1} in place of each.");
        }

        if (output.Rank == 2 && y.Count < 3)
        {
            return recurrent
                ? "For one target a sequence, set returnSequences: false on the last recurrent layer."
                : "For one target a sequence, put a layer before the last one that makes one vector of all steps: LSTM, GRU, "
                    + "GlobalAveragePooling1D or Flatten.";
        }

        return output.Features != expected.Features
            ? string.Create(CultureInfo.InvariantCulture, $"{loss.Name} takes one whole number for each output column, the "
                + $"class, from 0 to {output.Features - 1}; for one-hot targets use categorical_crossentropy.")
            : "Make the last layer's units and the targets' last axis agree; integer class labels need "
                + "sparse_categorical_crossentropy.";
    }
}
