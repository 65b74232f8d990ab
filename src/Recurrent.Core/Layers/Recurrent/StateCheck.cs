namespace Recurrent.Layers;

/// <summary>Checks states that callers hand in, with messages that say what to change.</summary>
internal static class StateCheck
{
    /// <summary>Requires as many states as a layer has.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="expected">Number of its states.</param>
    /// <param name="states">What was given.</param>
    public static void RequireCount<TLayer>(TLayer layer, int expected, IReadOnlyList<DenseMatrix> states)
        where TLayer : Layer, IStateful
    {
        ArgumentNullException.ThrowIfNull(states);
        if (states.Count != expected)
        {
            throw new ArgumentException(
                $"{layer.Introduction} has {Counted(expected)} ({string.Join(", ", layer.StateNames)}), but {states.Count} came. Give one matrix for each.", nameof(states));
        }
    }

    /// <summary>Requires a state that is one of a layer, for a number of samples.</summary>
    /// <param name="layer">The layer as messages name it.</param>
    /// <param name="names">The names of its states.</param>
    /// <param name="sizes">The length of each.</param>
    /// <param name="state">What was given.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="argument">Name of the argument.</param>
    public static void Require(
        string layer, IReadOnlyList<string> names, IReadOnlyList<int> sizes, RecurrentState state, int samples, string argument)
    {
        if (!names.SequenceEqual(state.Names))
        {
            throw new ArgumentException(
                $"{layer} has {Counted(names.Count)} ({string.Join(", ", names)}), but {argument} has {Counted(state.Names.Count)} ({string.Join(", ", state.Names)}). Give a state that this layer's call has returned, or one with these names.", argument);
        }

        for (int i = 0; i < names.Count; i++)
        {
            IReadOnlyList<int> shape = state.Values[i].Shape;
            if (shape[0] != samples || shape[1] != sizes[i])
            {
                string advice = shape[1] != sizes[i]
                    ? "Its last axis has as many entries as the layer has units."
                    : "Give one row of state for each sample.";
                throw new ArgumentException(
                    $"{layer} expects the state '{names[i]}' of shape {NDArray.Describe([samples, sizes[i]])} (batch, size), but in {argument} it has shape {NDArray.Describe(shape)}. {advice}", argument);
            }
        }
    }

    private static string Counted(int states) => FormattableString.Invariant($"{states} {(states == 1 ? "state" : "states")}");
}
