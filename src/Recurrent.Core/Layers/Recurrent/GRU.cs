using Recurrent.Activations;
using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>The gated recurrent unit (Cho et al., "Learning phrase representations using RNN encoder–decoder", 2014).</summary>
/// <remarks>
/// <code>
/// z = σ(W_z·x_t + U_z·h_{t−1} + b_z)        r = σ(W_r·x_t + U_r·h_{t−1} + b_r)
/// resetAfter: true    ĥ = act(W_h·x_t + b_h + r∘(U_h·h_{t−1} + b'_h))
/// resetAfter: false   ĥ = act(W_h·x_t + b_h + U_h·(r∘h_{t−1}))
/// h_t = z∘h_{t−1} + (1 − z)∘ĥ
/// </code>
/// <para>z near one keeps the old state, as in the paper (eq. 7), in Keras and in PyTorch. Chung et al., "Empirical evaluation of
/// gated recurrent neural networks on sequence modeling", 2014, swap z and 1 − z: to convert, negate the weights and biases of z.
/// The reset gate stands after the product in the paper's first version on arXiv, before it in its third.</para>
/// <para>Input (batch, timesteps, features); output (batch, units), or (batch, timesteps, units) with
/// <c>returnSequences</c>.</para>
/// <para>Parameters as in Keras, gates in the order z, r, h: kernel (features, 3·units), recurrent_kernel (units, 3·units), bias
/// (2, 3·units) with <c>resetAfter</c>, whose second row belongs to the recurrent product, else (3·units).</para>
/// </remarks>
public sealed class GRU : GatedLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="units">Number of units: length of the hidden state. At least 1.</param>
    /// <param name="activation">act, the activation of the candidate. Default tanh.</param>
    /// <param name="recurrentActivation">σ, the activation of the gates. Default sigmoid.</param>
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
    /// <param name="resetAfter">
    /// Whether the reset gate is applied after the recurrent product (true, the default, as cuDNN) or before it (false).
    /// </param>
    /// <param name="name">Name of the layer; null takes one from the model.</param>
    /// <param name="trainable">Whether training changes the layer. Default true.</param>
    /// <param name="inputShape">
    /// Shape of a sample (timesteps, features), for the first layer of a model; time steps may be null.
    /// </param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public GRU(
        int units,
        ActivationFunction? activation = null,
        ActivationFunction? recurrentActivation = null,
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
        bool resetAfter = true,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : this(
            new GRUCell(
                units,
                resetAfter,
                CellOptions.OfLayer(CellOptions.Of(
                    activation, recurrentActivation, useBias, kernelInitializer,
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

    private GRU(GRUCell cell, SequenceOptions sequence)
        : base(cell, sequence)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "GRU";

    internal static GRU Read(ConfigReader config) =>
        new(GRUCell.Read(config, ofLayer: true), SequenceOptions.Read(config));
}
