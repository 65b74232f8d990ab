namespace Recurrent.Layers;

/// <summary>A layer that can carry its state from one batch to the next: sample b of a batch goes on where sample b of the last
/// one ended.</summary>
public interface IStateful
{
    /// <summary>Whether the layer carries its state.</summary>
    bool Stateful { get; }

    /// <summary>Number of rows of each state matrix: units, once for the hidden state and once for each further one.</summary>
    IReadOnlyList<int> StateSizes { get; }

    /// <summary>What each state is called: <c>hidden</c>, <c>cell</c>.</summary>
    IReadOnlyList<string> StateNames { get; }

    /// <summary>Copies the states with which the next forward pass begins.</summary>
    /// <param name="pass">A pass of this layer.</param>
    /// <param name="states">One matrix a state, samples across.</param>
    /// <param name="firstColumn">The sample that is the first one of the pass.</param>
    void SetInitialState(Pass pass, IReadOnlyList<DenseMatrix> states, int firstColumn);

    /// <summary>Copies the states with which the last forward pass ended, or those set since.</summary>
    /// <param name="pass">A pass of this layer.</param>
    /// <param name="states">One matrix a state, samples across; receives the states.</param>
    /// <param name="firstColumn">The sample that is the first one of the pass.</param>
    void GetFinalState(Pass pass, IReadOnlyList<DenseMatrix> states, int firstColumn);
}
