using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The LSTM whose gates see the cell state through peepholes (Gers and Schmidhuber, "Recurrent nets that time and count", 2000).
/// </summary>
/// <remarks>
/// <code>
/// i = σ(W_i·x_t + U_i·h_{t−1} + p_i∘c_{t−1} + b_i)        f = σ(W_f·x_t + U_f·h_{t−1} + p_f∘c_{t−1} + b_f)
/// g = act(W_c·x_t + U_c·h_{t−1} + b_c)                    c_t = f∘c_{t−1} + i∘g
/// o = σ(W_o·x_t + U_o·h_{t−1} + p_o∘c_t + b_o)            h_t = o∘act(c_t)
/// </code>
/// <para>With <c>fullPeepholes</c> p∘c is P·c; with <c>outputSeesPreviousCell</c> o sees c_{t−1}.</para>
/// <para>Input (batch, timesteps, features); output (batch, units), or (batch, timesteps, units) with
/// <c>returnSequences</c>.</para>
/// <para>Parameters, gates in the order i, f, c, o: kernel (features, 4·units), recurrent_kernel (units, 4·units), bias
/// (4·units), peephole_kernel (3·units), full (units, 3·units), for i, f, o.</para>
/// </remarks>
public sealed class PeepholeLSTM : GatedLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="units">Number of units: length of hidden and cell state. At least 1.</param>
    /// <param name="fullPeepholes">
    /// Whether each peephole is a matrix, and not a weight for each unit. Default false, the paper's form.
    /// </param>
    /// <param name="outputSeesPreviousCell">
    /// Whether the output gate sees c_{t−1}, and not c_t. Default false, the paper's form.
    /// </param>
    /// <param name="peepholeKernel">
    /// First values (default zeros: as an LSTM without peepholes), penalty and constraint of the peepholes.
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
    public PeepholeLSTM(
        int units,
        bool fullPeepholes = false,
        bool outputSeesPreviousCell = false,
        WeightOptions? peepholeKernel = null,
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
            new PeepholeLSTMCell(units, fullPeepholes, outputSeesPreviousCell, peepholeKernel, CellOptions.OfLayer(options)),
            new SequenceOptions(
                returnSequences, returnState, goBackwards, stateful, zeroOutputForMask, name, trainable, inputShape))
    {
    }

    private PeepholeLSTM(PeepholeLSTMCell cell, SequenceOptions sequence)
        : base(cell, sequence)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "PeepholeLSTM";

    internal static PeepholeLSTM Read(ConfigReader config) =>
        new(PeepholeLSTMCell.Read(config, ofLayer: true), SequenceOptions.Read(config));
}
