using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// An independently recurrent network (Li, Li, Cook, Zhu and Gao, "Independently recurrent neural network (IndRNN): building a
/// longer and deeper RNN", CVPR 2018): <c>h_t = act(W·x_t + u∘h_{t−1} + b)</c>. Units mix in the next layer only, so stack two or
/// more.
/// </summary>
/// <remarks>
/// <para>Input (batch, timesteps, features); output (batch, units), or (batch, timesteps, units) with
/// <c>returnSequences</c>.</para>
/// <para>Parameters: kernel (features, units), recurrent_kernel (units), bias (units).</para>
/// <para>
/// The paper bounds the gradient by way of the weight: with <c>|u| ≤ γ^{1/T}</c>, and slopes of act of at most 1, it grows at
/// most by the factor γ over T steps. The first values of u are drawn uniformly below that. For T = 100:
/// </para>
/// <code>
/// double bound = IndRNN.RecurrentBound(timesteps: 100);
/// new IndRNN(64) { RecurrentInitializer = new RandomUniform(0, bound), RecurrentConstraint = new MaxAbs(bound) }
/// </code>
/// <para>Without these u starts uniformly in [0, 1) and is not bounded.</para>
/// </remarks>
public sealed class IndRNN : GatedLayer
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
    public IndRNN(
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
            new IndRNNCell(units, CellOptions.OfLayer(options)),
            new SequenceOptions(
                returnSequences, returnState, goBackwards, stateful, zeroOutputForMask, name, trainable, inputShape))
    {
    }

    private IndRNN(IndRNNCell cell, SequenceOptions sequence)
        : base(cell, sequence)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "IndRNN";

    /// <summary>
    /// The paper's bound of recurrent weights, <c>γ^{1/T}</c>: over T steps a gradient grows at most by the factor γ.
    /// </summary>
    /// <param name="timesteps">T, the number of steps. At least 1.</param>
    /// <param name="growth">γ. Default 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">The steps are below 1, or the growth is not above zero.</exception>
    public static double RecurrentBound(int timesteps, double growth = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timesteps, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(growth);
        return Math.Pow(growth, 1.0 / timesteps);
    }

    internal static IndRNN Read(ConfigReader config) =>
        new(IndRNNCell.Read(config, ofLayer: true), SequenceOptions.Read(config));
}
