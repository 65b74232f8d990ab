using System.Globalization;
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
    public static RecurrentOutput Run(
        Layer layer,
        IHasStates stateful,
        NDArray x,
        RecurrentState? initialState,
        NDArray? mask,
        int? dropoutSeed,
        bool returnState)
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

        Network network = Network.Of(layer, sample);

        // Dropout keeps what it leaves of all steps.
        layer.RequireRoom(sample, network.Outputs[0].Shape, batch, differentiable: dropoutSeed is not null);
        StateStore? states = initialState is null && !returnState ? null : StateStore.CreateForAll(network, batch);
        if (initialState is not null)
        {
            DenseMatrix[] own = [.. states!.All()];
            StateCheck.Require(
                layer.Introduction,
                stateful.StateNames,
                [.. own.Select(state => state.RowCount)],
                initialState,
                batch,
                nameof(initialState));
            for (int i = 0; i < own.Length; i++)
            {
                // (batch, size) by rows is size × batch by columns.
                initialState.Values[i].Values.CopyTo(own[i].Values, 0);
            }
        }

        var pass = new NetworkPass(network, network.InferShapes([sample]), new(batch));
        pass.Begin(training: dropoutSeed is not null, SeededRandom.Key((ulong)(long)(dropoutSeed ?? 0), 0));
        SequenceBatch input = SequenceBatch.FromArray(x);
        input.Mask = columns;
        pass.SetInput(0, input);
        network.Prepare();
        pass.Forward(states);
        RecurrentState? final = returnState
            ? new(stateful.StateNames, states!.All().Select(values => new NDArray([batch, values.RowCount], values.Values)))
            : null;
        bool apart = layer is Bidirectional { MergeMode: null };
        return new(layer.Introduction, pass.Output(0).ToArray(), apart ? pass.Output(1).ToArray() : null, final);
    }

    private static Shape SampleShape(Layer layer, NDArray x)
    {
        if (x.Rank < 2 || x.Size == 0)
        {
            throw new ArgumentException(
                $"{layer.Introduction} expects input of rank 3 (batch, timesteps, features), but x has shape "
                + $"{NDArray.Describe(x.Shape)}. Give at least one sample, and no axis of length 0.", nameof(x));
        }

        var sample = new Shape([.. x.Shape.Skip(1).Select(axis => (int?)axis)]);
        layer.ComputeOutputShape(sample);
        if (layer.InputShape is { } built && !new Shape([null, .. built.Axes.Skip(1)]).Accepts(sample))
        {
            throw new ArgumentException(
                built[^1] == sample[^1]
                    ? $"{layer.Introduction} was built for {built}, but x has shape {NDArray.Describe(x.Shape)}. All axes "
                        + "after the steps must be those it was built for."
                    : $"{layer.Introduction} expects {built[^1]} features, but x has shape {NDArray.Describe(x.Shape)}. The "
                        + $"last axis counts features: the layer was built for {built}.", nameof(x));
        }

        int bad = Array.FindIndex(x.Values, value => !Real.IsFinite(value));
        return bad < 0
            ? sample
            : throw new ArgumentException(
                $"x holds {(Real.IsNaN(x.Values[bad]) ? "NaN" : "an infinite value")} in sample {bad / sample.Size}. Fill "
                + "missing values first, or mask their steps and put zero there.", nameof(x));
    }

    /// <summary>The mask as the columns of the input.</summary>
    private static bool[] MaskColumns(Layer layer, NDArray mask, NDArray x)
    {
        (int batch, int steps) = (x.Shape[0], x.Shape[1]);
        if (mask.Rank != 2 || mask.Shape[0] != batch || mask.Shape[1] != steps)
        {
            throw new ArgumentException(
                $"{layer.Introduction} expects a mask of shape {NDArray.Describe([batch, steps])} (batch, timesteps), but mask "
                + $"has shape {NDArray.Describe(mask.Shape)}. Give one entry for each step of each sample, 1 where it holds "
                + "data and 0 where it is padding.", nameof(mask));
        }

        int wrong = Array.FindIndex(mask.Values, value => value is not (0 or 1));
        if (wrong >= 0)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"A mask holds 1 where a step holds data and 0 where it is padding, but mask holds {mask.Values[wrong]} at "
                + $"index ({wrong / steps}, {wrong % steps})."), nameof(mask));
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
}
