using Recurrent.Initializers;
using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>
/// The cell of an independently recurrent network (Li, Li, Cook, Zhu and Gao, "Independently recurrent neural network (IndRNN):
/// building a longer and deeper RNN", CVPR 2018): <c>h_t = act(W·x_t + u∘h_{t−1} + b)</c>. A unit sees of the past its own state
/// alone.
/// </summary>
/// <remarks>
/// Backward: <c>da = act′(a)∘dh</c>, <c>du += da∘h_{t−1}</c>, <c>dh_{t−1} = u∘da</c>. Over n steps a gradient is scaled by
/// <c>uⁿ·∏ act′</c> and by nothing else, so bounding |u| bounds it.
/// <para>Parameters: kernel (features, units), recurrent_kernel (units), bias (units).</para>
/// </remarks>
public sealed class IndRNNCell : GatedCell
{
    internal static readonly CellDefaults Defaults =
        new() { Activation = "relu", RecurrentInitializer = new RandomUniform(0, 1) };

    /// <summary>Creates the cell.</summary>
    /// <param name="units">Number of units: length of the hidden state. At least 1.</param>
    /// <param name="options">Activations, first values, penalties, constraints, dropout; null takes the defaults.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public IndRNNCell(
        int units,
        CellOptions? options = null,
        string? name = null)
        : base(Defaults, units, 1, options, name)
    {
        Check();
    }

    /// <inheritdoc/>
    public override string ClassName => "IndRNNCell";

    private protected override int[] RecurrentKernelShape => [Units];

    /// <inheritdoc/>
    public override void Forward(CellPass pass, int t)
    {
        var own = (GatedCellPass)pass;
        ColumnBlock a = own.ZOf(t);
        ColumnBlock previous = own.RecurrentInput(t);
        ReadOnlySpan<Real> u = RecurrentKernel.Weights.Values;
        for (int b = 0; b < a.ColumnCount; b++)
        {
            VectorMath.AddProduct(u, previous.Column(b), a.Column(b));
        }

        Activation.Forward(a.Values, pass.States[0].After(t).Values, Units);
    }

    /// <inheritdoc/>
    public override void Backward(CellPass pass, int t)
    {
        var own = (GatedCellPass)pass;
        ColumnBlock a = own.ZOf(t);
        ColumnBlock dh = pass.StateGradients[0];
        Activation.Backward(a.Values, pass.States[0].After(t).Values, dh.Values, dh.Values, Units);
        dh.Values.CopyTo(a.Values);
        ReadOnlySpan<Real> u = RecurrentKernel.Weights.Values;
        for (int b = 0; b < a.ColumnCount; b++)
        {
            VectorMath.Multiply(u, a.Column(b), dh.Column(b));
        }

        own.BackThroughDropout(dh.Values);
    }

    internal static IndRNNCell Read(ConfigReader config, bool ofLayer) => new(
        config.Int("units"),
        CellOptions.Read(config, Defaults, ofLayer));

    internal override OptionCheck CheckOptions(OptionCheck check) => base.CheckOptions(check).Require(
        Options.RecurrentInitializer is not Orthogonal,
        "recurrentInitializer cannot be Orthogonal, since there is one recurrent weight for each unit. Use RandomUniform",
        "recurrentInitializer");

    /// <summary><c>dW += dA·Xᵀ</c> and <c>du += Σ da∘h_{t−1}</c>.</summary>
    /// <param name="pass">The run.</param>
    /// <param name="x">X: what the product of all steps was given.</param>
    protected override void AddKernelGradients(GatedCellPass pass, ColumnBlock x)
    {
        ArgumentNullException.ThrowIfNull(pass);
        Kernel.AddGradient(pass.Z, x, pass);
        Span<Real> du = pass.GradientOf(RecurrentKernel.Weights).Values;
        ColumnBlock da = pass.Z;
        ColumnBlock previous = pass.RecurrentInputs;
        for (int column = 0; column < da.ColumnCount; column++)
        {
            VectorMath.AddProduct(da.Column(column), previous.Column(column), du);
        }
    }
}
