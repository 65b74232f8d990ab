using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// S6, a selective state space (Gu and Dao, "Mamba: linear-time sequence modeling with selective state spaces", 2023): each unit
/// is a channel with a linear state of some numbers, whose time step, input and output weights follow from the input.
/// </summary>
/// <remarks>
/// <code>
/// u, r, B, C = W·x_t + b               u = act(u)               Δ = softplus(W_Δ·r + b_Δ)
/// S_t = exp(Δ·Aᵀ)∘S_{t−1} + (Δ∘u)·Bᵀ         y_t = S_t·C + D∘u         A = −exp(log_decay)
/// </code>
/// <para>The zero-order hold for A, and Euler's rule for B, as in the authors' code. The recurrence alone: what a Mamba block
/// puts around it, a causal convolution and a gate, are layers of their own. With <c>projectInput: false</c> the channels are the
/// features of the input, as in the paper; else a linear map of them, so that the units may be any number.</para>
/// <para>Input (batch, timesteps, features); output (batch, units), or (batch, timesteps, units) with
/// <c>returnSequences</c>.</para>
/// <para>Parameters: kernel (features, units + deltaRank + 2·stateSize, without the units where projectInput is false) and a bias
/// of as many, delta_kernel (deltaRank, units), delta_bias (units), log_decay (stateSize, units), skip (units). States: output
/// (units), state (stateSize·units). There is no recurrent kernel, and its options are refused.</para>
/// </remarks>
public sealed class S6 : GatedLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="units">Number of channels: length of the output. At least 1.</param>
    /// <param name="stateSize">Numbers that each channel carries: N in the paper. At least 1; default 16.</param>
    /// <param name="deltaRank">
    /// Rows in which Δ is computed before it is spread over the channels; null (the default) takes units/16, rounded up.
    /// </param>
    /// <param name="projectInput">
    /// Whether the channels are a linear map of the input (the default); false: they are its features, as in the paper, and the
    /// units must be as many.
    /// </param>
    /// <param name="options">Activation of the channels, first values, penalties, constraints, dropout; null takes the
    /// defaults.</param>
    /// <param name="returnSequences">
    /// Whether the output has a value for every step, and not for the last alone. Default false.
    /// </param>
    /// <param name="returnState">
    /// Whether <see cref="RecurrentLayer.Call"/> gives the final state too; in a Sequential it must be false. Default false.
    /// </param>
    /// <param name="goBackwards">
    /// Whether the sequence is read from its end; the output then is in the order of reading. Default false.
    /// </param>
    /// <param name="stateful">
    /// Whether sample b of a batch goes on from the state in which sample b of the last batch ended. Default false.
    /// </param>
    /// <param name="zeroOutputForMask">
    /// Whether the output at a masked step is zero, and not the previous output. Default false.
    /// </param>
    /// <param name="name">Name of the layer; null takes one from the model.</param>
    /// <param name="trainable">Whether training changes the layer. Default true.</param>
    /// <param name="inputShape">
    /// Shape of a sample (timesteps, features), for the first layer of a model; time steps may be null.
    /// </param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public S6(
        int units,
        int stateSize = 16,
        int? deltaRank = null,
        bool projectInput = true,
        CellOptions? options = null,
        bool returnSequences = false,
        bool returnState = false,
        bool goBackwards = false,
        bool stateful = false,
        bool zeroOutputForMask = false,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : this(
            new S6Cell(units, stateSize, deltaRank, projectInput, CellOptions.OfLayer(options)),
            new SequenceOptions(
                returnSequences, returnState, goBackwards, stateful, zeroOutputForMask, name, trainable, inputShape))
    {
    }

    private S6(S6Cell cell, SequenceOptions sequence)
        : base(cell, sequence)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "S6";

    /// <summary>Numbers that each channel carries.</summary>
    public int StateSize => Own.StateSize;

    /// <summary>Rows in which Δ is computed before it is spread over the channels.</summary>
    public int DeltaRank => Own.DeltaRank;

    /// <summary>Whether the channels are a linear map of the input, and not its features.</summary>
    public bool ProjectInput => Own.ProjectInput;

    /// <inheritdoc/>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Rank == Cell.StepRank + 1 && input[^1] is { } features && !Own.Takes(features)
            ? throw Own.Misfit(Introduction, input)
            : base.ComputeOutputShape(input);
    }

    internal static S6 Read(ConfigReader config) =>
        new(S6Cell.Read(config, ofLayer: true), SequenceOptions.Read(config));

    private S6Cell Own => (S6Cell)Cell;
}
