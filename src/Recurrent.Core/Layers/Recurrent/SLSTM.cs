using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// sLSTM, an LSTM with exponential input gate (Beck, Pöppel, Spanring, Auer, Prudnikova, Kopp, Klambauer, Brandstetter and
/// Hochreiter, "xLSTM: extended long short-term memory", 2024), in its stabilised form and with one head.
/// </summary>
/// <remarks>
/// <code>
/// ĩ, f̃, z̃, õ = W·x_t + U·h_{t−1} + b         z = act(z̃)         o = σ(õ)
/// i = exp(ĩ)         f = σ(f̃) or exp(f̃)
/// c_t = f∘c_{t−1} + i∘z         n_t = f∘n_{t−1} + i         h_t = o∘c_t/n_t
/// </code>
/// <para>c and n are held as multiples of <c>eᵐ</c>, m the largest exponent so far, so that nothing overflows.</para>
/// <para>Input (batch, timesteps, features); output (batch, units), or (batch, timesteps, units) with
/// <c>returnSequences</c>.</para>
/// <para>Parameters, gates in the order i, f, z, o: kernel (features, 4·units), recurrent_kernel (units, 4·units), bias
/// (4·units). States: hidden, cell, normalizer, stabilizer.</para>
/// </remarks>
public sealed class SLSTM : GatedLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="units">Number of units: length of the hidden state. At least 1.</param>
    /// <param name="forgetGate">The forget gate: "sigmoid" (the default) or "exponential".</param>
    /// <param name="options">Activations, first values, penalties, constraints, dropout; null takes the defaults.</param>
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
    public SLSTM(
        int units,
        string forgetGate = "sigmoid",
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
            new SLSTMCell(units, forgetGate, CellOptions.OfLayer(options)),
            new SequenceOptions(
                returnSequences, returnState, goBackwards, stateful, zeroOutputForMask, name, trainable, inputShape))
    {
    }

    private SLSTM(SLSTMCell cell, SequenceOptions sequence)
        : base(cell, sequence)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "SLSTM";

    /// <summary>The forget gate: "sigmoid" or "exponential".</summary>
    public string ForgetGate => Own.ForgetGateActivation;

    internal static SLSTM Read(ConfigReader config) =>
        new(SLSTMCell.Read(config, ofLayer: true), SequenceOptions.Read(config));

    private SLSTMCell Own => (SLSTMCell)Cell;
}
