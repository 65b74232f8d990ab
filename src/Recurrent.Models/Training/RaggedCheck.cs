using System.Globalization;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>Checks samples of unequal length, before any work is done, with messages that name the sample.</summary>
internal static class RaggedCheck
{
    /// <summary>Shape of a sample, its number of steps unknown: what a model that is not built is built for.</summary>
    public static Shape SampleShape(RaggedSequences x, Layer first, string argument)
    {
        ArgumentNullException.ThrowIfNull(x, argument);
        if (x.Count == 0)
        {
            throw new ArgumentException($"{argument} is empty. Give at least one sequence.", argument);
        }

        int rank = first.ReadsTokens ? 1 : 2;
        return x[0].Rank >= rank && !x[0].Shape.Skip(1).Contains(0)
            ? new([null, .. x[0].Shape.Skip(1).Select(axis => (int?)axis)])
            : throw Wrong(x, 0, new([null, .. Enumerable.Repeat<int?>(null, rank - 1)]), first.Introduction, argument);
    }

    /// <summary>Checks inputs against the shape the model takes.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="expected">Shape of a sample.</param>
    /// <param name="first">The layer that reads them.</param>
    /// <param name="who">Who reads them, for messages.</param>
    /// <param name="argument">Name of the argument.</param>
    public static RaggedSamples Inputs(RaggedSequences x, Shape expected, Layer first, string who, string argument)
    {
        Shape open = SampleShape(x, first, argument);
        for (int i = 0; i < x.Count; i++)
        {
            NDArray item = x[i];
            if (item.Rank > 0 && item.Shape[0] == 0)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"{argument}[{i}] has no steps: its shape is {NDArray.Describe(item.Shape)}. Leave it out, or give it at "
                    + $"least one step."), argument);
            }

            if (item.Size == 0 || !expected.Accepts(new([.. item.Shape.Select(axis => (int?)axis)])))
            {
                throw Wrong(x, i, expected, who, argument);
            }

            string name = FormattableString.Invariant($"{argument}[{i}]");
            item.RequireFinite(name);
            int wrong = first.ChecksInput
                ? Array.FindIndex(item.Values, value => first.WrongInput(value, string.Empty) is not null)
                : -1;
            if (wrong >= 0)
            {
                throw new ArgumentException(first.WrongInput(item.Values[wrong], $"in {name} {Place(wrong)}"), argument);
            }

            if (first.IdCount is int count && TokenIds.IndexOfWrong(item.Values, count) is var position && position >= 0)
            {
                string holder = $"{name} holds";
                throw new ArgumentException(
                    TokenIds.Refuse(first.Introduction, count, holder, item.Values[position], Place(position), first.IdOption),
                    argument);
            }

            string Place(int index) => item.Rank == 1
                ? FormattableString.Invariant($"at step {index}")
                : FormattableString.Invariant($"at step {index / (item.Size / item.Shape[0])}");
        }

        return new RaggedSamples(x.ToArray(), new([null, .. open.Axes.Skip(1)]));
    }

    /// <summary>Checks that the layers can work on sequences of unequal length.</summary>
    public static void Layers(string model, IReadOnlyList<LayerShapes> layers)
    {
        foreach ((Layer layer, Shape input, Shape output, _) in layers)
        {
            string? obstacle = layer switch
            {
                IHasStates { Stateful: true } => "carries states from batch to batch, for which samples must keep their places. "
                    + "Use one array of sequences of equal length",
                RecurrentLayer { GoBackwards: true, ReturnSequences: false, ZeroOutputForMask: true } =>
                    "reads padding last and would give zero for it. Set zeroOutputForMask: false",
                _ when input.Rank > 1 && input[0] is null && output.Rank == 1 && output[0] is null && !layer.ReadsTokens =>
                    "makes one vector of all steps, whose length then differs from sample to sample. Use a recurrent layer "
                    + "with returnSequences: false",
                _ when input.Rank > 0 && input[0] is null => layer.RaggedObstacle,
                _ => null,
            };
            if (obstacle is not null)
            {
                throw new ArgumentException(
                    $"Model '{model}' cannot take sequences of unequal length: {layer.Introduction} {obstacle}.");
            }
        }
    }

    /// <summary>Checks targets against what the model gives and what the loss takes.</summary>
    /// <param name="y">The targets: one for each sample, or for each of its steps.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="output">Shape of a sample of the output; the first axis is unknown where it counts the steps of the
    /// input.</param>
    /// <param name="last">The model's last layer, for messages.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="argument">Name of the argument.</param>
    /// <param name="layers">All layers, for messages that advise on one of them.</param>
    public static Samples Targets(
        RaggedSequences y, RaggedSamples x, Shape output, Layer last, Loss loss, string argument, IReadOnlyList<Layer> layers)
    {
        RequireCount(y, x.Count, argument);
        if (output[0] is not null)
        {
            return DataCheck.Targets(Stack(y, argument), x.Count, output, last, loss, argument, layers);
        }

        int rows = loss.TargetRows(output.Features);
        Shape expected = output.WithFeatures(rows);
        NDArray[] items = OfSteps(y, x, expected, argument, i =>
            $"{loss.Name} expects targets of shape {expected}, because {last.Introduction} gives {output}, but");
        DataCheck.CheckTargets(loss, items, rows, output.Features, argument, (i, failure) =>
            new ArgumentException(FormattableString.Invariant($"{argument}[{i}]: {failure.Message}"), failure));
        return new RaggedSamples(items, expected);
    }

    /// <summary>Checks weights: one for each sample, or one for each step of each sample.</summary>
    /// <param name="weights">The weights, or null.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="targets">The targets they go with.</param>
    /// <param name="argument">Name of the argument.</param>
    public static Samples? Weights(RaggedSequences? weights, RaggedSamples x, Samples targets, string argument)
    {
        if (weights is null)
        {
            return null;
        }

        RequireCount(weights, x.Count, argument);
        if (targets is SampleArray dense)
        {
            return DataCheck.Weights(Stack(weights, argument), dense, argument);
        }

        for (int i = 0; i < weights.Count; i++)
        {
            int negative = Array.FindIndex(weights[i].Values, weight => weight < 0);
            if (negative >= 0)
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"{argument}[{i}] holds a negative weight. Weights must be at least 0; 0 leaves a sample or a step out."),
                        argument);
            }
        }

        bool ofSamples = weights.All(item => item.Rank == 0);
        if (ofSamples)
        {
            weights.Stack().RequireFinite(argument);
        }

        // One number for each sample counts at all its steps.
        NDArray[] items = ofSamples
            ? [.. weights.Select((item, i) => Repeated(item.Values[0], x.Items[i].Shape[0]))]
            : OfSteps(weights, x, new Shape(null, 1), argument, i => "Weights go with the steps of their sequence, but");
        return new RaggedSamples(items, new Shape(null, 1));
    }

    private static NDArray Repeated(Real value, int steps)
    {
        var item = new NDArray(steps, 1);
        Array.Fill(item.Values, value);
        return item;
    }

    private static void RequireCount(RaggedSequences y, int samples, string argument)
    {
        ArgumentNullException.ThrowIfNull(y, argument);
        if (y.Count != samples)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"There are {samples} inputs, but {argument} has {y.Count} entries. Each input needs one."), argument);
        }
    }

    private static NDArray Stack(RaggedSequences y, string argument)
    {
        try
        {
            return y.Stack();
        }
        catch (InvalidOperationException exception)
        {
            throw new ArgumentException(
                $"The model gives one output for each sequence, so all entries of {argument} must have one shape. "
                + $"{exception.Message}", argument, exception);
        }
    }

    /// <summary>Requires an entry for each step of each sequence; the last axis may be left out where its length is 1.</summary>
    private static NDArray[] OfSteps(RaggedSequences y, RaggedSamples x, Shape expected, string argument, Func<int, string> start)
    {
        var items = new NDArray[y.Count];
        for (int i = 0; i < items.Length; i++)
        {
            int[] axes = [x.Items[i].Shape[0], .. expected.Axes.Skip(1).Select(axis => axis!.Value)];
            bool fits = y[i].Shape.SequenceEqual(axes) || (axes[^1] == 1 && y[i].Shape.SequenceEqual(axes[..^1]));
            if (!fits)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"{start(i)} {argument}[{i}] has shape {NDArray.Describe(y[i].Shape)}, where sequence {i} of the inputs "
                    + $"needs {NDArray.Describe(axes)}. Give each step its own, or set returnSequences: false on the last "
                    + $"recurrent layer for one a sequence."), argument);
            }

            y[i].RequireFinite(FormattableString.Invariant($"{argument}[{i}]"));
            items[i] = y[i].Reshape(axes);
        }

        return items;
    }

    private static ArgumentException Wrong(RaggedSequences x, int index, Shape expected, string who, string argument)
    {
        string sequences = expected.Rank == 1 ? "ids of shape" : "sequences of shape";
        IEnumerable<string> axes = expected.Axes.Select((axis, i) =>
            axis?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? (i == 0 ? "timesteps" : "features"));
        string shape = $"({string.Join(", ", axes)})";
        string advice = expected[0] is int steps && x[index].Rank == expected.Rank && x[index].Shape[0] != steps
            ? FormattableString.Invariant(
            $"The model was built for {steps} time steps: build it with timesteps: null to take any length.")
            : "Sequences may differ in their number of steps alone, which is their first axis.";
        return new ArgumentException(FormattableString.Invariant(
            $"{who} expects {sequences} {shape}, but {argument}[{index}] has shape {NDArray.Describe(x[index].Shape)}. {advice}"),
                argument);
    }
}
