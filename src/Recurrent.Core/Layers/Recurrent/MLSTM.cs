using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// mLSTM, an LSTM whose memory is a matrix (Beck, Pöppel, Spanring, Auer, Prudnikova, Kopp, Klambauer, Brandstetter and
/// Hochreiter, "xLSTM: extended long short-term memory", 2024), in its stabilised form: what a head writes under a key, it reads
/// with a query.
/// </summary>
/// <remarks>
/// <code>
/// q̃, k̃, ṽ, ĩ, f̃, õ = W·x_t + b          q = q̃    k = k̃/√keyDim    v = act(ṽ)    o = σ(õ)
/// i = exp(ĩ)         f = σ(f̃) or exp(f̃)                                   one number a head
/// C_t = f·C_{t−1} + i·v·kᵀ         n_t = f·n_{t−1} + i·k         h_t = o∘(C_t·q/max(|n_t·q|, 1))
/// </code>
/// <para>C and n are held as multiples of <c>eᵐ</c>, m the largest exponent so far, so that nothing overflows. No gate sees the
/// state, so there is no recurrent kernel, and its options are refused.</para>
/// <para>Input (batch, timesteps, features); output (batch, units), or (batch, timesteps, units) with
/// <c>returnSequences</c>.</para>
/// <para>Parameters, in the order q, k, v, i, f, o: kernel (features, 2·numHeads·keyDim + 2·units + 2·numHeads) and a bias of as
/// many. States: hidden (units), memory (units·keyDim), normalizer (numHeads·keyDim), stabilizer (numHeads).</para>
/// </remarks>
public sealed class MLSTM : GatedLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="units">Number of units: length of the output, the values of all heads. At least 1.</param>
    /// <param name="numHeads">Number of heads, each with a memory of its own; they must divide the units. Default 1.</param>
    /// <param name="keyDim">Length of a head's query and key; null (the default) takes that of its value, units/numHeads.</param>
    /// <param name="forgetGate">The forget gate: "sigmoid" (the default) or "exponential".</param>
    /// <param name="forgetBias">
    /// First values of the forget gates' biases, that of the first head and that of the last, evenly spaced between; null (the
    /// default) is 3 to 6 for the sigmoid, as in the authors' code, and 0 for the exponential.
    /// </param>
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
    public MLSTM(
        int units,
        int numHeads = 1,
        int? keyDim = null,
        string forgetGate = "sigmoid",
        (double First, double Last)? forgetBias = null,
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
            new MLSTMCell(units, numHeads, keyDim, forgetGate, forgetBias, CellOptions.OfLayer(options)),
            new SequenceOptions(
                returnSequences, returnState, goBackwards, stateful, zeroOutputForMask, name, trainable, inputShape))
    {
    }

    private MLSTM(MLSTMCell cell, SequenceOptions sequence)
        : base(cell, sequence)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "MLSTM";

    /// <summary>Number of heads.</summary>
    public int NumHeads => Own.NumHeads;

    /// <summary>Length of a head's query and key.</summary>
    public int KeyDim => Own.KeyDim;

    /// <summary>The forget gate: "sigmoid" or "exponential".</summary>
    public string ForgetGate => Own.ForgetGateActivation;

    /// <summary>First values of the forget gates' biases: that of the first head and that of the last.</summary>
    public (double First, double Last) ForgetBias => Own.ForgetBias;

    internal static MLSTM Read(ConfigReader config) =>
        new(MLSTMCell.Read(config, ofLayer: true), SequenceOptions.Read(config));

    private MLSTMCell Own => (MLSTMCell)Cell;
}
