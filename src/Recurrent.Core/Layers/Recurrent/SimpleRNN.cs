using Recurrent.Activations;
using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The plain recurrent layer (Elman, "Finding structure in time", 1990): <c>h_t = act(W·x_t + U·h_{t−1} + b)</c>.
/// </summary>
/// <remarks>
/// <para>Input (batch, timesteps, features); output (batch, units), or (batch, timesteps, units) with
/// <c>returnSequences</c>.</para>
/// <para>Parameters as in Keras: kernel (features, units), recurrent_kernel (units, units), bias (units).</para>
/// </remarks>
public sealed class SimpleRNN : GatedLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="units">Number of units: length of the hidden state. At least 1.</param>
    /// <param name="activation">The activation. Default tanh.</param>
    /// <param name="useBias">Whether there is a bias. Default true.</param>
    /// <param name="kernelInitializer">First values of W. Default Glorot uniform.</param>
    /// <param name="recurrentInitializer">First values of U. Default orthogonal.</param>
    /// <param name="biasInitializer">First values of the bias. Default zeros.</param>
    /// <param name="kernelRegularizer">Penalty on W, or null.</param>
    /// <param name="recurrentRegularizer">Penalty on U, or null.</param>
    /// <param name="biasRegularizer">Penalty on the bias, or null.</param>
    /// <param name="activityRegularizer">Penalty on the output, divided by the batch size, or null.</param>
    /// <param name="kernelConstraint">What W is projected onto after each update, or null.</param>
    /// <param name="recurrentConstraint">What U is projected onto after each update, or null.</param>
    /// <param name="biasConstraint">What the bias is projected onto after each update, or null.</param>
    /// <param name="dropout">
    /// Share of the inputs set to zero in training, the same ones at every step; in [0, 1). Default 0.
    /// </param>
    /// <param name="recurrentDropout">
    /// Share of the hidden state set to zero in training on its way into the recurrent product, the same entries at every step
    /// and for every gate (the tied variant of Gal and Ghahramani, "A theoretically grounded application of dropout in recurrent
    /// neural networks", 2016); in [0, 1). Default 0.
    /// </param>
    /// <param name="seed">Seed of the dropout masks and first values; null takes it from the model.</param>
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
    /// <param name="name">Name of the layer; null takes one from the model.</param>
    /// <param name="trainable">Whether training changes the layer. Default true.</param>
    /// <param name="inputShape">
    /// Shape of a sample (timesteps, features), for the first layer of a model; time steps may be null.
    /// </param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public SimpleRNN(
        int units,
        ActivationFunction? activation = null,
        bool useBias = true,
        Initializer? kernelInitializer = null,
        Initializer? recurrentInitializer = null,
        Initializer? biasInitializer = null,
        Regularizer? kernelRegularizer = null,
        Regularizer? recurrentRegularizer = null,
        Regularizer? biasRegularizer = null,
        Regularizer? activityRegularizer = null,
        Constraint? kernelConstraint = null,
        Constraint? recurrentConstraint = null,
        Constraint? biasConstraint = null,
        double dropout = 0,
        double recurrentDropout = 0,
        int? seed = null,
        bool returnSequences = false,
        bool returnState = false,
        bool goBackwards = false,
        bool stateful = false,
        bool unroll = false,
        bool zeroOutputForMask = false,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : this(
            new SimpleRNNCell(
                units,
                CellOptions.OfLayer(CellOptions.Of(
                    activation, recurrentActivation: null, useBias, kernelInitializer,
                    recurrentInitializer, biasInitializer, unitForgetBias: null,
                    kernelRegularizer, recurrentRegularizer, biasRegularizer,
                    kernelConstraint, recurrentConstraint, biasConstraint,
                    dropout, recurrentDropout, seed))),
            new SequenceOptions(
                returnSequences, returnState, goBackwards, stateful, zeroOutputForMask, name, trainable, inputShape)
            {
                ActivityRegularizer = activityRegularizer,
                Unroll = unroll,
            })
    {
    }

    private SimpleRNN(SimpleRNNCell cell, SequenceOptions sequence)
        : base(cell, sequence)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "SimpleRNN";

    /// <inheritdoc/>
    private protected override bool WritesSeed => false;

    internal static SimpleRNN Read(ConfigReader config) =>
        new(SimpleRNNCell.Read(config, ofLayer: true), SequenceOptions.Read(config));
}
