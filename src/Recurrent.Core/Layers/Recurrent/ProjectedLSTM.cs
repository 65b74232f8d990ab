using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The LSTM with a recurrent projection (Sak, Senior and Beaufays, "Long short-term memory recurrent neural network architectures
/// for large scale acoustic modeling", 2014): PyTorch's LSTM with <c>proj_size</c>.
/// </summary>
/// <remarks>
/// <code>
/// i = σ(W_i·x_t + U_i·r_{t−1} + b_i)        f = σ(W_f·x_t + U_f·r_{t−1} + b_f)
/// g = act(W_c·x_t + U_c·r_{t−1} + b_c)      o = σ(W_o·x_t + U_o·r_{t−1} + b_o)
/// c_t = f∘c_{t−1} + i∘g                     h_t = o∘act(c_t)                     r_t = P·h_t
/// </code>
/// <para>Input (batch, timesteps, features); output (batch, projection), or (batch, timesteps, projection) with
/// <c>returnSequences</c>. States: the projected hidden state r and the cell state.</para>
/// <para>Parameters, gates in the order i, f, c, o: kernel (features, 4·units), recurrent_kernel (projection, 4·units), bias
/// (4·units), projection_kernel (units, projection).</para>
/// </remarks>
public sealed class ProjectedLSTM : GatedLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="units">Number of units: length of the cell state. At least 1.</param>
    /// <param name="projection">Length of the projected hidden state, the output. At least 1 and at most the units.</param>
    /// <param name="projectionKernel">First values (default Glorot uniform), penalty and constraint of P.</param>
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
    public ProjectedLSTM(
        int units,
        int projection,
        WeightOptions? projectionKernel = null,
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
            new ProjectedLSTMCell(units, projection, projectionKernel, CellOptions.OfLayer(options)),
            new SequenceOptions(
                returnSequences, returnState, goBackwards, stateful, zeroOutputForMask, name, trainable, inputShape))
    {
    }

    private ProjectedLSTM(ProjectedLSTMCell cell, SequenceOptions sequence)
        : base(cell, sequence)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "ProjectedLSTM";

    internal static ProjectedLSTM Read(ConfigReader config) =>
        new(ProjectedLSTMCell.Read(config, ofLayer: true), SequenceOptions.Read(config));
}
