using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Runs any cell over the steps of a sequence: Keras's keras.layers.RNN.</summary>
/// <remarks>
/// <para>Input (batch, timesteps, features); output (batch, size) of the cell's output, or (batch, timesteps, size) with
/// <c>returnSequences</c>. Parameters: those of the cell.</para>
/// <para><c>new LSTM(50)</c> is <c>new RNN(new LSTMCell(50))</c>, and neither is faster than the other.</para>
/// </remarks>
public sealed class RNN : RecurrentLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="cell">
    /// What is done in one step; it belongs to this layer from now on. Several cells, one on top of the other:
    /// <c>new StackedRNNCells(a, b)</c>, or an array of them.
    /// </param>
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
    /// <param name="unroll">Accepted for Keras's sake: it changes nothing in the result, and here nothing in the speed.</param>
    /// <param name="zeroOutputForMask">
    /// Whether the output at a masked step is zero, and not the previous output. Default false.
    /// </param>
    /// <param name="activityRegularizer">Penalty on the output, divided by the batch size, or null.</param>
    /// <param name="name">Name of the layer; null takes one from the model.</param>
    /// <param name="trainable">Whether training changes the layer. Default true.</param>
    /// <param name="inputShape">
    /// Shape of a sample (timesteps, features), for the first layer of a model; time steps may be null.
    /// </param>
    /// <exception cref="ArgumentException">
    /// What the cell says of its states does not fit together; the message lists it all.
    /// </exception>
    /// <exception cref="InvalidOperationException">The cell belongs to another layer already.</exception>
    public RNN(
        RecurrentCell cell,
        bool returnSequences = false,
        bool returnState = false,
        bool goBackwards = false,
        bool stateful = false,
        bool unroll = false,
        bool zeroOutputForMask = false,
        Regularizer? activityRegularizer = null,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : this(
            cell,
            new SequenceOptions(
                returnSequences, returnState, goBackwards, stateful, zeroOutputForMask, name, trainable, inputShape)
            {
                ActivityRegularizer = activityRegularizer,
                Unroll = unroll,
            })
    {
    }

    private RNN(RecurrentCell cell, SequenceOptions options)
        : base(StateCheck.RequireConsistent(cell), options)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "RNN";

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        SequenceOptions.AddTo(config);
        config.Add("cell", Cell);
        return config;
    }

    internal static RNN Read(ConfigReader config) => new(
        config.Component("cell", CellNames.Registry),
        SequenceOptions.Read(config));
}
