using Recurrent.Activations;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The recurrent layer that is fed its own output (Jordan, "Serial order: a parallel distributed processing approach", 1986).
/// </summary>
/// <remarks>
/// <code>
/// classic        h_t = act(W·x_t + U·y_{t−1} + b)               y_t = outAct(V·h_t + b_y)
/// outputFirst    y_t = outAct(V_y·y_{t−1} + V·h_{t−1} + b_y)    h_t = act(W·x_t + U·h_{t−1} + F·y_t + b)
/// </code>
/// <para>With <c>outputFirst</c> what a step reads shows in the output of the step after it: the output at the last step has not
/// seen the last input.</para>
/// <para>Input (batch, timesteps, features); output (batch, outputs), or (batch, timesteps, outputs) with <c>returnSequences</c>.
/// States: the output; with outputFirst the hidden state and the output.</para>
/// <para>Parameters: kernel W (features, units), recurrent_kernel U (outputs, units), with outputFirst (units, units), bias
/// (units), output_kernel V (units, outputs), with outputFirst output_recurrent_kernel V_y (outputs, outputs) and feedback_kernel
/// F (outputs, units), output_bias b_y (outputs). V_y and F begin like U and share its penalty and constraint; b_y those of
/// b.</para>
/// </remarks>
public sealed class JordanRNN : GatedLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="units">Number of units: length of h. At least 1.</param>
    /// <param name="outputs">Length of the output y. At least 1; null takes the units.</param>
    /// <param name="outputActivation">outAct, the activation of y. Default linear.</param>
    /// <param name="outputFirst">
    /// Whether y is computed first, from the states before the step. Default false, the classic form.
    /// </param>
    /// <param name="outputKernel">First values (default Glorot uniform), penalty and constraint of V.</param>
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
    public JordanRNN(
        int units,
        int? outputs = null,
        ActivationFunction? outputActivation = null,
        bool outputFirst = false,
        WeightOptions? outputKernel = null,
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
            new JordanRNNCell(units, outputs, outputActivation, outputFirst, outputKernel, CellOptions.OfLayer(options)),
            new SequenceOptions(
                returnSequences, returnState, goBackwards, stateful, zeroOutputForMask, name, trainable, inputShape))
    {
    }

    private JordanRNN(JordanRNNCell cell, SequenceOptions sequence)
        : base(cell, sequence)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "JordanRNN";

    internal static JordanRNN Read(ConfigReader config) =>
        new(JordanRNNCell.Read(config, ofLayer: true), SequenceOptions.Read(config));
}
