using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The real-gated linear recurrent unit of Griffin, RG-LRU (De, Smith, Fernando, Botev et al., "Griffin: mixing gated linear
/// recurrences with local attention for efficient language models", 2024).
/// </summary>
/// <remarks>
/// <code>
/// r_t = σ(W_r·x_t + b_r)               i_t = σ(W_i·x_t + b_i)
/// a_t = σ(Λ)^(c·r_t)                   h_t = a_t∘h_{t−1} + √(1 − a_t²)∘(i_t∘x_t)
/// </code>
/// <para>Input (batch, timesteps, features); output (batch, units), or (batch, timesteps, units) with
/// <c>returnSequences</c>. Where features and units differ, or <c>projectInput</c> says so, x_t is a projection of the input,
/// <c>x_t = P·u_t + b_p</c>; else it is the input itself, as in the paper, where a Dense layer and a causal convolution
/// stand before.
/// </para>
/// <para>Parameters, gates in the order r, i: kernel (units/blocks, 2·units), bias (2·units), lambda (units), and with a
/// projection input_kernel (features, units) and input_bias (units). There is no recurrent kernel, and its options are
/// refused.</para>
/// </remarks>
public sealed class RGLRU : GatedLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="units">Number of units: length of the hidden state. At least 1.</param>
    /// <param name="blocks">Blocks of the gates' matrices; they divide the units. Default 1, full matrices.</param>
    /// <param name="exponent">c, above 0. Default 8.</param>
    /// <param name="minDecay">Least first value of σ(Λ)ᶜ, the decay where the recurrence gate is open. Default 0.9.</param>
    /// <param name="maxDecay">Largest first value of it, below 1. Default 0.999.</param>
    /// <param name="projectInput">
    /// Whether a projection onto the units stands before all; null (the default) where the input has not as many features.
    /// </param>
    /// <param name="options">First values, penalties and constraints of kernels and biases, dropout; null takes the
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
    public RGLRU(
        int units,
        int blocks = 1,
        double exponent = 8,
        double minDecay = 0.9,
        double maxDecay = 0.999,
        bool? projectInput = null,
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
            new RGLRUCell(units, blocks, exponent, minDecay, maxDecay, projectInput, CellOptions.OfLayer(options)),
            new SequenceOptions(
                returnSequences, returnState, goBackwards, stateful, zeroOutputForMask, name, trainable, inputShape))
    {
    }

    private RGLRU(RGLRUCell cell, SequenceOptions sequence)
        : base(cell, sequence)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "RGLRU";

    /// <summary>Blocks of the gates' matrices.</summary>
    public int Blocks => Own.Blocks;

    /// <summary>c.</summary>
    public double Exponent => Own.Exponent;

    internal static RGLRU Read(ConfigReader config) =>
        new(RGLRUCell.Read(config, ofLayer: true), SequenceOptions.Read(config));

    private RGLRUCell Own => (RGLRUCell)Cell;
}
