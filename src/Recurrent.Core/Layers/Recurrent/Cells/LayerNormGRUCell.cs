using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The layer-normalised GRU of Ba, Kiros and Hinton, "Layer normalization", 2016: both products are normalised at every step, the
/// rows of the gates together and those of the candidate by themselves. The reset gate is applied after the recurrent product.
/// </summary>
/// <remarks>
/// As in Keras's GRU, and unlike the paper, an update gate near one keeps the old state.
/// <code>
/// LN(x) = (x − mean)/√(var + ε), mean and variance of one sample at one step, over all rows of x
///
/// forward    [a_z a_r] = γ_x∘LN(W_zr·x_t) + γ_h∘LN(U_zr·h_{t−1}) + b_zr     2·units rows together
///            z = σ(a_z)   r = σ(a_r)                                        update, reset
///            u = γ'_h∘LN(U_h·h_{t−1}) + b'_h
///            ĥ = act(γ'_x∘LN(W_h·x_t) + b_h + r∘u)                          candidate
///            h_t = z∘h_{t−1} + (1 − z)∘ĥ = ĥ + z∘(h_{t−1} − ĥ)
/// backward   dz = dh∘(h_{t−1} − ĥ)    dĥ = dh∘(1 − z)
///            da_h = act′∘dĥ           dr = da_h∘u     du = da_h∘r     db'_h = Σ du
///            da = [σ′·dz  σ′·dr  da_h]                db = Σ da
///            d(W·x) = LN′(γ∘da)       d(U·h) = LN′(γ∘[da_z da_r du])
///            dh_{t−1} = dh∘z + Uᵀ·d(U·h)
/// </code>
/// <para>LN′ and the gradients of the gains are those of <see cref="ColumnNorm"/>. It is the GRU of the paper's appendix with one
/// difference: biases that only ever act as their sum are one; b'_h is inside the reset gate and stays apart.</para>
/// <para>State: hidden. Parameters, gates in the order z, r, h: kernel (features, 3·units), recurrent_kernel (units, 3·units),
/// bias b (3·units), kernel_gamma γ_x (3·units), recurrent_gamma γ_h (3·units), recurrent_bias b'_h (units). Gains begin at 1,
/// b'_h at 0; without bias there is neither b nor b'_h.</para>
/// </remarks>
public sealed class LayerNormGRUCell : GatedCell
{
    private const int UpdateGate = 0;
    private const int ResetGate = 1;
    private const int Candidate = 2;
    private const int GateCount = 3;

    private ColumnNorm? kernelNorm;
    private ColumnNorm? recurrentNorm;
    private Parameter? recurrentBias;

    internal static readonly CellDefaults Defaults = new() { RecurrentActivation = "sigmoid" };

    /// <summary>Creates the cell.</summary>
    /// <param name="units">Number of units: length of the hidden state. At least 2: one number has no variance.</param>
    /// <param name="epsilon">ε, added to the variances. Above 0. Default 1e-3, as in Keras's LayerNormalization.</param>
    /// <param name="options">Activations, first values, penalties, constraints, dropout; null takes the defaults.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public LayerNormGRUCell(
        int units,
        double epsilon = 1e-3,
        CellOptions? options = null,
        string? name = null)
        : base(Defaults, units, GateCount, options, name)
    {
        Epsilon = epsilon;
        Check();
    }

    /// <inheritdoc/>
    public override string ClassName => "LayerNormGRUCell";

    /// <inheritdoc/>
    public override IReadOnlyList<string> GateNames => ["update", "reset", "candidate"];

    /// <summary>What is added to the variances.</summary>
    public double Epsilon { get; }

    private protected override Config OwnOptions => new() { { "epsilon", Epsilon } };

    /// <inheritdoc/>
    public override CellPass CreatePass(CellPassOptions options) => new NormPass(this, options);

    /// <inheritdoc/>
    public override void Project(CellPass pass, int firstStep, ColumnBlock x)
    {
        var own = (NormPass)pass;
        x = own.DropInput(firstStep, x);
        ColumnBlock a = own.ZOf(firstStep, x.ColumnCount / own.StepColumns);
        Kernel.Set(x, a, pass.Threads);
        kernelNorm!.Forward(a, own.KernelMemory, firstStep * own.StepColumns);
        if (Bias is not null)
        {
            VectorMath.AddColumnwise(Bias.Values, a);
        }
    }

    /// <inheritdoc/>
    public override void Forward(CellPass pass, int t)
    {
        var own = (NormPass)pass;
        ColumnBlock a = own.ZOf(t);
        ColumnBlock recurrent = own.StepOf(own.Recurrent, t);
        ColumnBlock previous = pass.States[0].Before(t);
        ColumnBlock hidden = pass.States[0].After(t);
        RecurrentKernel.Set(own.RecurrentInput(t), recurrent, pass.Threads);
        recurrentNorm!.Forward(recurrent, own.RecurrentMemory, t * own.StepColumns);
        for (int b = 0; b < a.ColumnCount; b++)
        {
            Span<Real> z = Gate(a, b, UpdateGate);
            Span<Real> r = Gate(a, b, ResetGate);
            Span<Real> candidate = Gate(a, b, Candidate);
            Span<Real> u = Gate(recurrent, b, Candidate);
            if (recurrentBias is not null)
            {
                VectorMath.Add(recurrentBias.Values, u);
            }

            VectorMath.Add(Gate(recurrent, b, UpdateGate), z);
            VectorMath.Add(Gate(recurrent, b, ResetGate), r);
            own.Keep(t, b, UpdateGate, z);
            own.Keep(t, b, ResetGate, r);
            RecurrentActivation.Forward(z, z, Units);
            RecurrentActivation.Forward(r, r, Units);
            VectorMath.AddProduct(r, u, candidate);
            own.Keep(t, b, Candidate, candidate);
            Activation.Forward(candidate, candidate, Units);

            Span<Real> h = hidden.Column(b);
            VectorMath.Subtract(previous.Column(b), candidate, h);
            VectorMath.Multiply(z, h, h);
            VectorMath.Add(candidate, h);
        }
    }

    /// <inheritdoc/>
    public override void Backward(CellPass pass, int t)
    {
        var own = (NormPass)pass;
        ColumnBlock a = own.ZOf(t);
        ColumnBlock recurrent = own.StepOf(own.Recurrent, t);
        ColumnBlock previous = pass.States[0].Before(t);
        ColumnBlock direct = own.Direct;
        DenseMatrix dHidden = pass.StateGradients[0];
        for (int b = 0; b < a.ColumnCount; b++)
        {
            BackwardGates(own, t, b, a, recurrent, previous, new ColumnBlock(dHidden, b, 1).Values, direct.Column(b));
        }

        // From da to the gradients of the products, while da is still there for the biases.
        if (Bias is not null)
        {
            Product.AddRowSums(a, pass.GradientOf(Bias).Values);
        }

        recurrentNorm!.Backward(recurrent, own.RecurrentMemory, t * own.StepColumns, pass);
        kernelNorm!.Backward(a, own.KernelMemory, t * own.StepColumns, pass);
        RecurrentKernel.SetBack(recurrent, dHidden);
        own.BackThroughDropout(dHidden.Values);
        VectorMath.Add(direct.Values, dHidden.Values);
    }

    internal static LayerNormGRUCell Read(ConfigReader config, bool ofLayer) => new(
        config.Int("units"),
        config.Double("epsilon", 1e-3),
        CellOptions.Read(config, Defaults, ofLayer));

    internal override OptionCheck CheckOptions(OptionCheck check) => base.CheckOptions(check)
        .Require(
            Units != 1, "units must be at least 2, but is 1: the normalisation of a single number does not depend on it", "units")
        .Above("epsilon", Epsilon, 0);

    /// <inheritdoc/>
    protected override void BuildParameters(Shape step)
    {
        base.BuildParameters(step);
        int[] bands = [Candidate * Units, Units];
        kernelNorm = new ColumnNorm(AddParameter(new Parameter("kernel_gamma", [GateRows]), "ones"), Epsilon, bands);
        recurrentNorm = new ColumnNorm(AddParameter(new Parameter("recurrent_gamma", [GateRows]), "ones"), Epsilon, bands);
        recurrentBias = Options.UseBias ? AddParameter(new Parameter("recurrent_bias", [Units]), "zeros") : null;
    }

    /// <inheritdoc/>
    protected override void AddKernelGradients(GatedCellPass pass, ColumnBlock x)
    {
        Kernel.AddGradient(pass.Z, x, pass);
        RecurrentKernel.AddGradient(((NormPass)pass).Recurrent, pass.RecurrentInputs, pass);
    }

    private protected override void AddBiasGradients(GatedCellPass pass, Span<Real> gradient)
    {
        // Backward has added them step by step: what is left in place of da is d(W·x).
    }

    /// <summary>One sample: da in place of the gates, [da_z da_r du] in the place of the recurrent part, and dh∘z.</summary>
    private void BackwardGates(
        NormPass pass, int t, int b, ColumnBlock a, ColumnBlock recurrent, ColumnBlock previous, Span<Real> dh, Span<Real> direct)
    {
        Span<Real> z = Gate(a, b, UpdateGate);
        Span<Real> r = Gate(a, b, ResetGate);
        Span<Real> candidate = Gate(a, b, Candidate);
        Span<Real> u = Gate(recurrent, b, Candidate);
        Span<Real> delta = pass.Scratch;
        VectorMath.Multiply(dh, z, direct);
        VectorMath.Subtract(previous.Column(b), candidate, delta);
        VectorMath.Multiply(dh, delta, delta);
        RecurrentActivation.Backward(pass.PreActivationOf(t, b, UpdateGate), z, delta, delta, Units);
        delta.CopyTo(z);
        VectorMath.Subtract(dh, direct, dh);
        Activation.Backward(pass.PreActivationOf(t, b, Candidate), candidate, dh, dh, Units);
        dh.CopyTo(candidate);

        // u still is what the reset gate saw: the gate's gradient first, then its own.
        VectorMath.Multiply(dh, u, delta);
        VectorMath.Multiply(dh, r, u);
        RecurrentActivation.Backward(pass.PreActivationOf(t, b, ResetGate), r, delta, delta, Units);
        delta.CopyTo(r);
        a.Column(b)[..(Candidate * Units)].CopyTo(recurrent.Column(b));
        if (recurrentBias is not null)
        {
            VectorMath.Add(u, pass.GradientOf(recurrentBias).Values);
        }
    }

    /// <summary>What normalisation adds to what a GRU remembers.</summary>
    private sealed class NormPass : PreActivationPass
    {
        public NormPass(LayerNormGRUCell cell, CellPassOptions options)
            : base(cell, options, keep: cell.Activation.NeedsInput || cell.RecurrentActivation.NeedsInput)
        {
            Recurrent = NewMemory(cell.GateRows);
            Direct = new DenseMatrix(cell.Units, StepColumns);
            KernelMemory = cell.kernelNorm!.NewMemory(this);
            RecurrentMemory = cell.recurrentNorm!.NewMemory(this);
        }

        /// <summary>The normalised recurrent product of all steps; backward, d(U·h').</summary>
        public DenseMatrix Recurrent { get; }

        /// <summary>dh∘z of one step backward: what reaches the state before it directly.</summary>
        public DenseMatrix Direct { get; }

        public ColumnNorm.Memory KernelMemory { get; }

        public ColumnNorm.Memory RecurrentMemory { get; }
    }
}
