using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The LSTM with coupled input and forget gate, i = 1 − f: variant CIFG of Greff et al., "LSTM: a search space odyssey", 2017,
/// without peepholes.
/// </summary>
/// <remarks>
/// <code>
/// f = σ(W_f·x_t + U_f·h_{t−1} + b_f)        o = σ(W_o·x_t + U_o·h_{t−1} + b_o)
/// g = act(W_c·x_t + U_c·h_{t−1} + b_c)
/// c_t = f∘c_{t−1} + (1 − f)∘g               h_t = o∘act(c_t)
/// </code>
/// <para>Input (batch, timesteps, features); output (batch, units), or (batch, timesteps, units) with
/// <c>returnSequences</c>.</para>
/// <para>Parameters, gates in the order f, c, o: kernel (features, 3·units), recurrent_kernel (units, 3·units), bias
/// (3·units).</para>
/// </remarks>
public sealed class CoupledLSTM : GatedLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="units">Number of units: length of hidden and cell state. At least 1.</param>
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
    public CoupledLSTM(
        int units,
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
            new CoupledLSTMCell(units, CellOptions.OfLayer(options)),
            new SequenceOptions(
                returnSequences, returnState, goBackwards, stateful, zeroOutputForMask, name, trainable, inputShape))
    {
    }

    private CoupledLSTM(CoupledLSTMCell cell, SequenceOptions sequence)
        : base(cell, sequence)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "CoupledLSTM";

    internal static CoupledLSTM Read(ConfigReader config) =>
        new(CoupledLSTMCell.Read(config, ofLayer: true), SequenceOptions.Read(config));
}
