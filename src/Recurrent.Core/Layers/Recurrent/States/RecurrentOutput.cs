namespace Recurrent.Layers;

/// <summary>What a recurrent layer gives when it is called by itself.</summary>
public sealed class RecurrentOutput
{
    private readonly string layer;
    private readonly RecurrentState? state;
    private readonly NDArray? backwardOutput;

    internal RecurrentOutput(string layer, NDArray output, NDArray? backwardOutput, RecurrentState? state)
    {
        this.layer = layer;
        this.state = state;
        this.backwardOutput = backwardOutput;
        Output = output;
    }

    /// <summary>The output: (batch, timesteps, size) with <c>returnSequences</c>, else (batch, size).</summary>
    public NDArray Output { get; }

    /// <summary>
    /// The output of the backward layer of a <see cref="Bidirectional"/> with <c>mergeMode: null</c>, its steps in the order of
    /// <see cref="Output"/>'s.
    /// </summary>
    /// <exception cref="InvalidOperationException">The layer has one output.</exception>
    public NDArray BackwardOutput => backwardOutput
        ?? throw new InvalidOperationException($"{layer} has one output. A Bidirectional with mergeMode: null has two.");

    /// <summary>The states after the last step.</summary>
    /// <exception cref="InvalidOperationException">The layer was made without <c>returnState</c>.</exception>
    public RecurrentState State => state
        ?? throw new InvalidOperationException(
        $"{layer} gives no state, because it was made with returnState: false. Set returnState: true.");
}
