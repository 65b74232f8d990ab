using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The update-gate RNN, a GRU without a reset gate (Collins, Sohl-Dickstein and Sussillo, "Capacity and trainability in recurrent
/// neural networks", 2017).
/// </summary>
/// <remarks>
/// <code>
/// z = σ(W_z·x_t + U_z·h_{t−1} + b_z)        ĥ = act(W_h·x_t + U_h·h_{t−1} + b_h)
/// h_t = z∘h_{t−1} + (1 − z)∘ĥ
/// </code>
/// <para>As in the paper, and as in Keras's GRU, z near one keeps the old state. For the convention with z and 1 − z swapped,
/// negate the weights and biases of z.</para>
/// <para>Input (batch, timesteps, features); output (batch, units), or (batch, timesteps, units) with
/// <c>returnSequences</c>.</para>
/// <para>Parameters, gates in the order z, h: kernel (features, 2·units), recurrent_kernel (units, 2·units), bias
/// (2·units).</para>
/// </remarks>
public sealed class UGRNN : GatedLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="units">Number of units: length of the hidden state. At least 1.</param>
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
    public UGRNN(
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
            new UGRNNCell(units, CellOptions.OfLayer(options)),
            new SequenceOptions(
                returnSequences, returnState, goBackwards, stateful, zeroOutputForMask, name, trainable, inputShape))
    {
    }

    private UGRNN(UGRNNCell cell, SequenceOptions sequence)
        : base(cell, sequence)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "UGRNN";

    internal static UGRNN Read(ConfigReader config) =>
        new(UGRNNCell.Read(config, ofLayer: true), SequenceOptions.Read(config));
}
