namespace Recurrent.Layers;

/// <summary>
/// A layer that has states: what it hands from step to step, which a caller can give and take. Where it is
/// <see cref="Stateful"/>, they go
/// on from one batch to the next too: sample b of a batch begins where sample b of the last one ended.
/// </summary>
public interface IHasStates
{
    /// <summary>Keras's option: whether the states go on from batch to batch.</summary>
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
