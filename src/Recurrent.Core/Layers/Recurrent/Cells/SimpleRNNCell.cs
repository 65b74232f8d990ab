using Recurrent.Activations;
using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Regularizers;

namespace Recurrent.Layers;

/// <summary>The plain recurrent cell (Elman 1990): <c>h_t = act(W·x_t + U·h_{t−1} + b)</c>.</summary>
/// <remarks>Backward: <c>da = act′(a)∘dh</c>, <c>dh_{t−1} = Uᵀ·da</c>.</remarks>
public sealed class SimpleRNNCell : GatedCell
{
    internal static readonly CellDefaults Defaults = new();

    /// <summary>Creates the cell.</summary>
    /// <param name="units">Number of units: length of the hidden state. At least 1.</param>
    /// <param name="activation">act. Default tanh.</param>
    /// <param name="useBias">Whether there is a bias. Default true.</param>
    /// <param name="kernelInitializer">First values of W. Default Glorot uniform.</param>
    /// <param name="recurrentInitializer">First values of U. Default orthogonal.</param>
    /// <param name="biasInitializer">First values of the bias. Default zeros.</param>
    /// <param name="kernelRegularizer">Penalty on W, or null.</param>
    /// <param name="recurrentRegularizer">Penalty on U, or null.</param>
    /// <param name="biasRegularizer">Penalty on the bias, or null.</param>
    /// <param name="kernelConstraint">What W is projected onto after each update, or null.</param>
    /// <param name="recurrentConstraint">What U is projected onto after each update, or null.</param>
    /// <param name="biasConstraint">What the bias is projected onto after each update, or null.</param>
    /// <param name="dropout">Share of the inputs set to zero in training (<see cref="CellOptions.Dropout"/>). Default 0.</param>
    /// <param name="recurrentDropout">
    /// Share of the hidden state set to zero in training (<see cref="CellOptions.RecurrentDropout"/>). Default 0.
    /// </param>
    /// <param name="seed">Seed of the dropout masks and first values; null takes it from the layer.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public SimpleRNNCell(
        int units,
        ActivationFunction? activation = null,
        bool useBias = true,
        Initializer? kernelInitializer = null,
        Initializer? recurrentInitializer = null,
        Initializer? biasInitializer = null,
        Regularizer? kernelRegularizer = null,
        Regularizer? recurrentRegularizer = null,
        Regularizer? biasRegularizer = null,
        Constraint? kernelConstraint = null,
        Constraint? recurrentConstraint = null,
        Constraint? biasConstraint = null,
        double dropout = 0,
        double recurrentDropout = 0,
        int? seed = null,
        string? name = null)
        : this(
            units,
            CellOptions.Of(
                activation, recurrentActivation: null, useBias, kernelInitializer,
                recurrentInitializer, biasInitializer, unitForgetBias: null,
                kernelRegularizer, recurrentRegularizer, biasRegularizer,
                kernelConstraint, recurrentConstraint, biasConstraint,
                dropout, recurrentDropout, seed),
            name)
    {
    }

    internal SimpleRNNCell(int units, CellOptions options, string? name = null)
        : base(Defaults, units, 1, options, name) => Check();

    /// <inheritdoc/>
    public override string ClassName => "SimpleRNNCell";

    /// <inheritdoc/>
    public override void Forward(CellPass pass, int t)
    {
        var own = (GatedCellPass)pass;
        ColumnBlock a = own.ZOf(t);
        AddRecurrent(own, t, a);
        Activation.Forward(a.Values, pass.States[0].After(t).Values, Units);
    }

    /// <inheritdoc/>
    public override void Backward(CellPass pass, int t)
    {
        var own = (GatedCellPass)pass;
        ColumnBlock a = own.ZOf(t);
        DenseMatrix dh = pass.StateGradients[0];
        Activation.Backward(a.Values, pass.States[0].After(t).Values, dh.Values, dh.Values, Units);
        dh.Values.CopyTo(a.Values);
        SetRecurrentBack(own, t, a, dh);
    }

    internal static SimpleRNNCell Read(ConfigReader config, bool ofLayer) =>
        new(config.Int("units"), CellOptions.Read(config, Defaults, ofLayer));
}
