using Recurrent.Random;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>A recurrent layer called by itself on arrays.</summary>
internal static class LayerCall
{
    /// <summary>Checks everything, and runs the layer forward.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="stateful">The same layer, as what has states.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="initialState">The states to begin with, or null.</param>
    /// <param name="mask">Which steps hold data, or null.</param>
    /// <param name="dropoutSeed">Turns dropout on, drawn from it; null leaves it off.</param>
    /// <param name="returnState">Whether the final states are given.</param>
    /// <param name="firstFeatures">Features of the first of two outputs that stand one below the other; null where there is one.</param>
    public static RecurrentOutput Run(
        Layer layer, IStateful stateful, NDArray x, RecurrentState? initialState, NDArray? mask, int? dropoutSeed, bool returnState,
        int? firstFeatures)
    {
        ArgumentNullException.ThrowIfNull(x);
        Shape sample = SampleShape(layer, x);
        bool[]? columns = mask is null ? null : MaskColumns(layer, mask, x);
        int batch = x.Shape[0];
        if (layer.InputShape is null)
        {
            layer.Name ??= LayerNames.SnakeCase(layer.ClassName);
            layer.Build(new([null, .. sample.Axes.Skip(1)]), seed: 0);
        }

        // Dropout keeps what it leaves of all steps.
        layer.RequireRoom(sample, layer.ComputeOutputShape(sample), batch, differentiable: dropoutSeed is not null);
        DenseMatrix[] states = initialState is null && !returnState ? [] : StateCheck.NewStates(layer, batch);
        Pass pass = layer.CreatePass(new PassOptions(sample, batch, Differentiable: false, InputGradient: false));
        pass.Begin(training: dropoutSeed is not null, SeededRandom.Key((ulong)(long)(dropoutSeed ?? 0), 0));
        if (initialState is not null)
        {
            StateCheck.Require(
                layer.Introduction, stateful.StateNames, [.. states.Select(state => state.RowCount)], initialState, batch, nameof(initialState));
            for (int i = 0; i < states.Length; i++)
            {
                // (batch, size) by rows is size × batch by columns.
                initialState.Values[i].Values.CopyTo(states[i].Values, 0);
            }

            stateful.SetInitialState(pass, states, 0);
        }

        layer.Prepare();
        SequenceBatch input = SequenceBatch.FromArray(x);
        input.Mask = columns;
        NDArray output = layer.Forward(pass, input).ToArray();
        RecurrentState? final = null;
        if (returnState)
        {
            stateful.GetFinalState(pass, states, 0);
            final = new(stateful.StateNames, states.Select(values => new NDArray([batch, values.RowCount], values.Values)));
        }

        (NDArray first, NDArray? second) = firstFeatures is int features ? Apart(output, features) : (output, null);
        return new(layer.Introduction, first, second, final);
    }

    private static Shape SampleShape(Layer layer, NDArray x)
    {
        if (x.Rank < 2 || x.Size == 0)
        {
            throw new ArgumentException(
                $"{layer.Introduction} expects input of rank 3 (batch, timesteps, features), but x has shape {NDArray.Describe(x.Shape)}. Give at least one sample, and no axis of length 0.", nameof(x));
        }

        var sample = new Shape([.. x.Shape.Skip(1).Select(axis => (int?)axis)]);
        layer.ComputeOutputShape(sample);
        if (layer.InputShape is { } built && !new Shape([null, .. built.Axes.Skip(1)]).Accepts(sample))
        {
            throw new ArgumentException(
                built[^1] == sample[^1]
                    ? $"{layer.Introduction} was built for {built}, but x has shape {NDArray.Describe(x.Shape)}. All axes after the steps must be those it was built for."
                    : $"{layer.Introduction} expects {built[^1]} features, but x has shape {NDArray.Describe(x.Shape)}. The last axis counts features: the layer was built for {built}.", nameof(x));
        }

        int bad = Array.FindIndex(x.Values, value => !Real.IsFinite(value));
        return bad < 0
            ? sample
            : throw new ArgumentException(
                $"x holds {(Real.IsNaN(x.Values[bad]) ? "NaN" : "an infinite value")} in sample {bad / sample.Size}. Fill missing values first, or mask their steps and put zero there.", nameof(x));
    }

    /// <summary>The mask as the columns of the input.</summary>
    private static bool[] MaskColumns(Layer layer, NDArray mask, NDArray x)
    {
        (int batch, int steps) = (x.Shape[0], x.Shape[1]);
        if (mask.Rank != 2 || mask.Shape[0] != batch || mask.Shape[1] != steps)
        {
            throw new ArgumentException(
                $"{layer.Introduction} expects a mask of shape {NDArray.Describe([batch, steps])} (batch, timesteps), but mask has shape {NDArray.Describe(mask.Shape)}. Give one entry for each step of each sample, 1 where it holds data and 0 where it is padding.", nameof(mask));
        }

        int wrong = Array.FindIndex(mask.Values, value => value is not (0 or 1));
        if (wrong >= 0)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"A mask holds 1 where a step holds data and 0 where it is padding, but mask holds {mask.Values[wrong]} at index ({wrong / steps}, {wrong % steps})."), nameof(mask));
        }

        int places = 1;
        for (int axis = 2; axis < x.Rank - 1; axis++)
        {
            places *= x.Shape[axis];
        }

        var columns = new bool[steps * places * batch];
        for (int column = 0; column < columns.Length; column++)
        {
            columns[column] = mask.Values[(column % batch * steps) + (column / (batch * places))] != 0;
        }

        return columns;
    }

    /// <summary>Two outputs that stand one below the other.</summary>
    private static (NDArray First, NDArray Second) Apart(NDArray output, int features)
    {
        int all = output.Shape[^1];
        var first = new NDArray([.. output.Shape.SkipLast(1), features]);
        var second = new NDArray([.. output.Shape.SkipLast(1), all - features]);
        for (int row = 0; row < output.Size / all; row++)
        {
            output.Values.AsSpan(row * all, features).CopyTo(first.Values.AsSpan(row * features));
            output.Values.AsSpan((row * all) + features, all - features).CopyTo(second.Values.AsSpan(row * (all - features)));
        }

        return (first, second);
    }
}
