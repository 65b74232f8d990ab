namespace Recurrent.Layers;

/// <summary>The state of an LSTM by its two names; it stands wherever a <see cref="RecurrentState"/> is taken.</summary>
/// <param name="Hidden">The hidden state h, shape (batch, units).</param>
/// <param name="Cell">The cell state c, shape (batch, units).</param>
public sealed record LSTMState(NDArray Hidden, NDArray Cell)
{
    /// <summary>The state as any recurrent layer has it.</summary>
    /// <param name="state">Hidden and cell state.</param>
    public static implicit operator RecurrentState(LSTMState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new(("hidden", state.Hidden), ("cell", state.Cell));
    }

    /// <summary>Copies of the two states of an LSTM.</summary>
    /// <param name="state">A state with the names hidden and cell.</param>
    /// <exception cref="InvalidCastException">It is the state of another kind of layer.</exception>
    public static explicit operator LSTMState(RecurrentState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Names.SequenceEqual(["hidden", "cell"])
            ? new(state["hidden"], state["cell"])
            : throw new InvalidCastException(
            $"An LSTM has the states hidden, cell, but this one has {string.Join(", ", state.Names)}.");
    }
}
