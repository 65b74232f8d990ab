using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The minimal gated unit (Zhou, Wu, Zhang and Zhou, "Minimal gated unit for recurrent neural networks", 2016): a GRU whose one
/// gate both resets and updates; and its simplified variants (Heck and Salem, "Simplified minimal gated unit variations for
/// recurrent neural networks", 2017).
/// </summary>
/// <remarks>
/// <code>
/// forward    f = σ(a_f), where a_f is, by variant                                    gate
///              mgu:   W_f·x_t + U_f·h_{t−1} + b_f          mgu2:  U_f·h_{t−1}
///              mgu1:            U_f·h_{t−1} + b_f          mgu3:  b_f
///            ĥ = act(W_h·x_t + U_h·(f∘h_{t−1}) + b_h)                                 candidate
///            h_t = (1 − f)∘h_{t−1} + f∘ĥ
/// backward   df = dh∘(ĥ − h_{t−1})    dĥ = dh∘f    dh_{t−1} = dh∘(1 − f)
///            d(f∘h') = U_hᵀ·dĥ_pre    df += d(f∘h')∘h'    dh_{t−1} += d(f∘h')∘f + U_fᵀ·da_f
/// </code>
/// A gate near one takes the new value, as in the papers; Keras's GRU keeps the old one then.
/// <para>
/// Parameters, the candidate first and then the gate, which has less in the simplified variants: kernel (features, 2·units), with
/// mgu1, mgu2 and mgu3 (features, units); recurrent_kernel (units, 2·units), with mgu3 (units, units); bias (2·units), with mgu2
/// (units).
/// </para>
/// </remarks>
public sealed class MinimalGRUCell : GatedCell
{
    private const int Candidate = 0;
    private const int ForgetGate = 1;
    private const int GateCount = 2;

    private LinearMap? gateKernel;

    internal static readonly CellDefaults Defaults = new() { RecurrentActivation = "sigmoid" };

    /// <summary>Creates the cell.</summary>
    /// <param name="units">Number of units: length of the hidden state. At least 1.</param>
    /// <param name="variant">
    /// What the gate sees: "mgu" (the default) input, state and bias; "mgu1" state and bias; "mgu2" the state; "mgu3" the bias.
    /// </param>
    /// <param name="options">Activations, first values, penalties, constraints, dropout; null takes the defaults.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public MinimalGRUCell(
        int units,
        string variant = "mgu",
        CellOptions? options = null,
        string? name = null)
        : base(Defaults, units, GateCount, options, name)
    {
        Variant = variant;
        Check();
    }

    /// <inheritdoc/>
    public override string ClassName => "MinimalGRUCell";

    /// <inheritdoc/>
    public override IReadOnlyList<string> GateNames => ["candidate", "forget"];

    /// <summary>What the gate sees: "mgu", "mgu1", "mgu2" or "mgu3".</summary>
    public string Variant { get; }

    private protected override int[] RecurrentKernelShape => [Units, Variant == "mgu3" ? Units : GateRows];

    private protected override int[] BiasShape => [Variant == "mgu2" ? Units : GateRows];

    private protected override Config OwnOptions => new() { { "variant", Variant } };

    /// <inheritdoc/>
    public override CellPass CreatePass(CellPassOptions options) => new MinimalGRUPass(this, options);

    /// <inheritdoc/>
    public override void Project(CellPass pass, int firstStep, ColumnBlock x)
    {
        if (Variant == "mgu")
        {
            base.Project(pass, firstStep, x);
            return;
        }

        var own = (GatedCellPass)pass;
        x = own.DropInput(firstStep, x);
        ColumnBlock z = own.ZOf(firstStep, x.ColumnCount / own.StepColumns);
        ReadOnlySpan<Real> bias = Bias is null ? [] : Bias.Values;
        for (int column = 0; column < z.ColumnCount; column++)
        {
            Span<Real> target = z.Column(column);
            bias.CopyTo(target);
            target[bias.Length..].Clear();
        }

        Kernel.Add(x, z, pass.Threads);
    }

    /// <inheritdoc/>
    public override void Forward(CellPass pass, int t)
    {
        var own = (MinimalGRUPass)pass;
        ColumnBlock gates = own.ZOf(t);
        ColumnBlock preActivations = own.PreActivationsOf(t);
        ColumnBlock previous = pass.States[0].Before(t);
        ColumnBlock hidden = pass.States[0].After(t);
        ColumnBlock input = own.RecurrentInput(t);
        ColumnBlock kept = own.KeptOf(t);
        gateKernel?.Add(input, gates, pass.Threads);
        for (int b = 0; b < gates.ColumnCount; b++)
        {
            Span<Real> f = Gate(gates, b, ForgetGate);
            f.CopyTo(Gate(preActivations, b, ForgetGate));
            RecurrentActivation.Forward(f, f, Units);
            VectorMath.Multiply(f, input.Column(b), kept.Column(b));
        }

        RecurrentKernel.Add(kept, gates, pass.Threads);
        for (int b = 0; b < gates.ColumnCount; b++)
        {
            Span<Real> candidate = Gate(gates, b, Candidate);
            candidate.CopyTo(Gate(preActivations, b, Candidate));
            Activation.Forward(candidate, candidate, Units);

            // h = h' + f∘(ĥ − h').
            Span<Real> h = hidden.Column(b);
            VectorMath.Subtract(candidate, previous.Column(b), h);
            VectorMath.Multiply(Gate(gates, b, ForgetGate), h, h);
            VectorMath.Add(previous.Column(b), h);
        }
    }

    /// <inheritdoc/>
    public override void Backward(CellPass pass, int t)
    {
        var own = (MinimalGRUPass)pass;
        ColumnBlock gates = own.ZOf(t);
        ColumnBlock preActivations = own.PreActivationsOf(t);
        ColumnBlock previous = pass.States[0].Before(t);
        ColumnBlock input = own.GivenRecurrentInput(t);
        ColumnBlock dHidden = pass.StateGradients[0];
        ColumnBlock dGate = own.GateGradient;
        ColumnBlock direct = own.Direct;
        ColumnBlock dKept = own.KeptGradient;
        for (int b = 0; b < gates.ColumnCount; b++)
        {
            Span<Real> f = Gate(gates, b, ForgetGate);
            Span<Real> candidate = Gate(gates, b, Candidate);
            Span<Real> dh = dHidden.Column(b);
            VectorMath.Subtract(candidate, previous.Column(b), dGate.Column(b));
            VectorMath.Multiply(dh, dGate.Column(b), dGate.Column(b));
            Span<Real> dCandidate = own.Scratch;
            VectorMath.Multiply(dh, f, dCandidate);
            VectorMath.Subtract(dh, dCandidate, direct.Column(b));
            Activation.Backward(Gate(preActivations, b, Candidate), candidate, dCandidate, dCandidate, Units);
            dCandidate.CopyTo(candidate);
        }

        // dh gathers what comes back through what the recurrent products were given.
        RecurrentKernel.SetBack(gates, dKept);
        for (int b = 0; b < gates.ColumnCount; b++)
        {
            Span<Real> f = Gate(gates, b, ForgetGate);
            VectorMath.Multiply(dKept.Column(b), f, dHidden.Column(b));
            Span<Real> df = dGate.Column(b);
            VectorMath.AddProduct(dKept.Column(b), input.Column(b), df);
            RecurrentActivation.Backward(Gate(preActivations, b, ForgetGate), f, df, df, Units);
            df.CopyTo(f);
        }

        gateKernel?.AddBack(gates, dHidden);
        own.BackThroughDropout(dHidden.Values);
        VectorMath.Add(direct.Values, dHidden.Values);
    }

    /// <inheritdoc/>
    public override void Pack()
    {
        base.Pack();
        gateKernel?.Pack();
    }

    internal static MinimalGRUCell Read(ConfigReader config, bool ofLayer) => new(
        config.Int("units"),
        config.OptionalString("variant") ?? "mgu",
        CellOptions.Read(config, Defaults, ofLayer));

    internal override OptionCheck CheckOptions(OptionCheck check) => base.CheckOptions(check)
        .OneOf("variant", Variant, "mgu", "mgu1", "mgu2", "mgu3")
        .Require(
            Options.UseBias || Variant != "mgu3", "useBias must be true with variant 'mgu3', whose gate is its bias", "useBias");

    private protected override int[] KernelShape(Shape step) => [step.Features, Variant == "mgu" ? GateRows : Units];

    private protected override LinearMap MapRecurrent(Parameter weights)
    {
        gateKernel = Variant == "mgu3" ? null : new LinearMap(weights, ForgetGate * Units, Units);
        return new LinearMap(weights, Candidate * Units, Units);
    }

    /// <inheritdoc/>
    protected override void AddKernelGradients(GatedCellPass pass, ColumnBlock x)
    {
        var own = (MinimalGRUPass)pass;
        Kernel.AddGradient(own.Z, x, own);
        RecurrentKernel.AddGradient(own.Z, own.Kept, own);
        gateKernel?.AddGradient(own.Z, own.RecurrentInputs, own);
    }

    private protected override void AddBiasGradients(GatedCellPass pass, Span<Real> gradient)
    {
        if (gradient.Length == GateRows)
        {
            base.AddBiasGradients(pass, gradient);
            return;
        }

        ColumnBlock dz = pass.Z;
        for (int column = 0; column < dz.ColumnCount; column++)
        {
            VectorMath.Add(Gate(dz, column, Candidate), gradient);
        }
    }

    /// <summary>What the cell remembers beside gates and states: f∘h' of all steps, and gradients of one step.</summary>
    private sealed class MinimalGRUPass : PreActivationPass
    {
        public MinimalGRUPass(MinimalGRUCell cell, CellPassOptions options)
            : base(cell, options)
        {
            Kept = NewMemory(cell.Units);
            int columns = options.Differentiable ? StepColumns : 1;
            Direct = new DenseMatrix(cell.Units, columns);
            GateGradient = new DenseMatrix(cell.Units, columns);
            KeptGradient = new DenseMatrix(cell.Units, columns);
        }

        public DenseMatrix Kept { get; }

        /// <summary>dh∘(1 − f): what reaches the state before the step directly.</summary>
        public DenseMatrix Direct { get; }

        public DenseMatrix GateGradient { get; }

        public DenseMatrix KeptGradient { get; }

        public ColumnBlock KeptOf(int t) => StepOf(Kept, t);
    }
}
