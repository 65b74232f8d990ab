using Recurrent.Activations;
using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The real-gated linear recurrent unit of Griffin, RG-LRU (De, Smith, Fernando, Botev et al., "Griffin: mixing gated linear
/// recurrences with local attention for efficient language models", 2024).
/// </summary>
/// <remarks>
/// <code>
/// forward    r = σ(W_r·x_t + b_r)    i = σ(W_i·x_t + b_i)                      recurrence gate, input gate
///            a = σ(Λ)    a_t = a^(c·r)    β_t = √(1 − a_t²)
///            h_t = a_t∘h_{t−1} + β_t∘(i∘x_t)
/// backward   with s = −c·log σ(Λ):  log a_t = −s∘r
///            da_t = dh∘h_{t−1}    dh_{t−1} = dh∘a_t    di = dh∘β_t∘x_t    dx_t = dh∘β_t∘i + W_rᵀ·dz_r + W_iᵀ·dz_i
///            dlog = a_t∘(da_t − dh∘i∘x_t∘a_t/β_t)    dr = −s∘dlog    ds = −Σ r∘dlog    dΛ = −c·σ(−Λ)∘ds
///            dz_r = dr∘r(1 − r)    dz_i = di∘i(1 − i)
/// </code>
/// <para>The recurrence multiplies x_t entry by entry, so it has as many entries as there are units. Where the input has not, or
/// <see cref="ProjectInput"/> says so, a projection stands before all of it: <c>x_t = P·u_t + b_p</c> of the input u_t.</para>
/// <para>1 − a_t² is computed without cancellation, and the slope of its square root is bounded by 1000, as in the authors' code,
/// so that a recurrence gate that closes does no harm.</para>
/// <para>Parameters, gates in the order r, i: kernel (units/blocks, 2·units), bias (2·units), lambda (units), and with a
/// projection input_kernel (features, units) and input_bias (units). The matrices of the gates are block-diagonal where there are
/// several blocks: column j of a gate holds the weights of the inputs in the block of unit j.</para>
/// </remarks>
public sealed class RGLRUCell : InputGatedCell
{
    private const int GateCount = 2;

    internal static readonly CellDefaults Defaults = new() { Activation = "linear", RecurrentActivation = "sigmoid" };

    private BlockMap? gates;
    private Parameter? lambda;
    private LinearMap? projection;
    private Parameter? inputBias;
    private Real[] decay = [];

    /// <summary>Creates the cell.</summary>
    /// <param name="units">Number of units: length of the hidden state. At least 1.</param>
    /// <param name="blocks">Blocks of the gates' matrices; they divide the units. Default 1, full matrices.</param>
    /// <param name="exponent">c, above 0. Default 8.</param>
    /// <param name="minDecay">Least first value of aᶜ, by which a unit decays where its recurrence gate is open. Default
    /// 0.9.</param>
    /// <param name="maxDecay">Largest first value of it, below 1. Default 0.999.</param>
    /// <param name="projectInput">
    /// Whether a projection onto the units stands before all; null (the default) where the input has not as many features.
    /// </param>
    /// <param name="options">First values, penalties and constraints of kernels and biases, dropout; null takes the
    /// defaults.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public RGLRUCell(
        int units,
        int blocks = 1,
        double exponent = 8,
        double minDecay = 0.9,
        double maxDecay = 0.999,
        bool? projectInput = null,
        CellOptions? options = null,
        string? name = null)
        : base(Defaults, units, GateCount, options, name)
    {
        Blocks = blocks;
        Exponent = exponent;
        MinDecay = minDecay;
        MaxDecay = maxDecay;
        ProjectInput = projectInput;
        Check();
    }

    /// <inheritdoc/>
    public override string ClassName => "RGLRUCell";

    /// <inheritdoc/>
    public override IReadOnlyList<string> GateNames => ["recurrence", "input"];

    /// <summary>Blocks of the gates' matrices.</summary>
    public int Blocks { get; }

    /// <summary>c.</summary>
    public double Exponent { get; }

    /// <summary>Least first value of aᶜ.</summary>
    public double MinDecay { get; }

    /// <summary>Largest first value of aᶜ.</summary>
    public double MaxDecay { get; }

    /// <summary>Whether a projection stands before all; null where the input has not as many features as there are
    /// units.</summary>
    public bool? ProjectInput { get; }

    private protected override Config OwnOptions => new()
    {
        { "blocks", Blocks },
        { "exponent", Exponent },
        { "min_decay", MinDecay },
        { "max_decay", MaxDecay },
        { "project_input", ProjectInput },
    };

    private protected override int[] KernelShape(Shape step) => [Units / Blocks, GateRows];

    /// <inheritdoc/>
    public override CellPass CreatePass(CellPassOptions options) => new RGLRUPass(this, options);

    /// <inheritdoc/>
    public override void Project(CellPass pass, int firstStep, ColumnBlock x)
    {
        var own = (RGLRUPass)pass;
        x = own.DropInput(firstStep, x);
        int steps = x.ColumnCount / own.StepColumns;
        if (projection is not null)
        {
            ColumnBlock projected = own.StepsOf(own.Projected!, firstStep, steps);
            projection.Set(x, inputBias is null ? default : inputBias.Values, projected, pass.Threads);
            x = projected;
        }

        own.Take(firstStep, x);
        gates!.Set(x, Bias is null ? default : Bias.Values, own.ZOf(firstStep, steps), pass.Threads);
    }

    internal override void Forward(CellPass pass, int firstStep, int count)
    {
        var own = (RGLRUPass)pass;
        StateTrajectory h = pass.States[0];
        ColumnBlock a = own.StepsOf(own.Factors, firstStep, count);
        ColumnBlock b = h.After(firstStep, count);
        RGLRUGates.Forward(own.ZOf(firstStep, count), own.ValuesOf(firstStep, count), decay, a, b, pass.Threads);
        h.Before(firstStep).Values.CopyTo(own.Carry);
        LinearScan.Forward(a.Values, b.Values, own.Carry, b.Values, pass.Threads);
    }

    internal override void Backward(CellPass pass, int firstStep, int count, ColumnBlock? outputGradients)
    {
        var own = (RGLRUPass)pass;
        Span<Real> carry = pass.StateGradients[0].Values;
        ColumnBlock a = own.StepsOf(own.Factors, firstStep, count);
        var dh = new ColumnBlock(own.Slopes!, 0, a.ColumnCount);
        var da = new ColumnBlock(own.FactorSlopes!, 0, a.ColumnCount);
        ScannedPass.Join(outputGradients, carry, dh);
        carry.Clear();
        LinearScan.Backward(a.Values, pass.States[0].Before(firstStep, count).Values, dh.Values, da.Values, carry, pass.Threads);

        ColumnBlock dz = own.ZOf(firstStep, count);
        ColumnBlock dx = own.StepsOf(own.InputSlopes!, firstStep, count);
        RGLRUGates.Backward(dz, own.ValuesOf(firstStep, count), decay, a, da, dh, dx, pass.Threads);
        if (projection is not null)
        {
            gates!.AddBack(dz, dx);
        }
    }

    /// <inheritdoc/>
    public override void ProjectBack(CellPass pass, int firstStep, ColumnBlock dx)
    {
        var own = (RGLRUPass)pass;
        int steps = dx.ColumnCount / own.StepColumns;
        ColumnBlock values = own.StepsOf(own.InputSlopes!, firstStep, steps);
        if (projection is not null)
        {
            projection.SetBack(values, dx);
        }
        else
        {
            values.Values.CopyTo(dx.Values);
            gates!.AddBack(own.ZOf(firstStep, steps), dx);
        }

        own.BackThroughInputDropout(dx);
    }

    /// <inheritdoc/>
    public override void Pack()
    {
        gates!.Pack();
        projection?.Pack();
        for (int k = 0; k < decay.Length; k++)
        {
            // softplus(−Λ) = −log σ(Λ).
            double x = -(double)lambda!.Values[k];
            decay[k] = (Real)(Exponent * (Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)))));
        }
    }

    internal static RGLRUCell Read(ConfigReader config, bool ofLayer) => new(
        config.Int("units"),
        config.Int("blocks", 1),
        config.Double("exponent", 8),
        config.Double("min_decay", 0.9),
        config.Double("max_decay", 0.999),
        config.Raw("project_input") is null ? null : config.Bool("project_input", false),
        CellOptions.Read(config, Defaults, ofLayer));

    internal override OptionCheck CheckOptions(OptionCheck check) => base.CheckOptions(check)
        .Positive("blocks", Blocks)
        .Require(
            Blocks < 1 || Units < 1 || Units % Blocks == 0,
            FormattableString.Invariant($"blocks must divide the units, but {Blocks} does not divide {Units}"),
            "blocks")
        .Above("exponent", Exponent, 0)
        .InRange("exponent", Exponent)
        .Require(
            MinDecay > 0 && MinDecay <= MaxDecay && MaxDecay < 1,
            FormattableString.Invariant(
                $"minDecay and maxDecay must be above 0, in this order, and below 1, but are {MinDecay} and {MaxDecay}"))
        .Require(
            Options is { Activation: Linear, RecurrentActivation: Sigmoid },
            "activation and recurrentActivation cannot be set, since both gates are sigmoid and there is no candidate");

    /// <inheritdoc/>
    protected override void BuildParameters(Shape step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (ProjectInput == false && step.Features != Units)
        {
            throw new ShapeException(
                Introduction,
                FormattableString.Invariant($"input of as many features as it has units, {Units}, since projectInput is false"),
                step,
                "Set projectInput: true, or put a Dense layer of as many units before it.");
        }

        base.BuildParameters(step);
        gates = new BlockMap(Kernel.Weights, GateCount, Blocks);
        lambda = AddParameter(new Parameter("lambda", [Units]), new DecayInitializer(Exponent, MinDecay, MaxDecay));
        decay = new Real[Units];
        projection = null;
        inputBias = null;
        if (ProjectInput ?? step.Features != Units)
        {
            projection = new LinearMap(AddParameter(
                new Parameter("input_kernel", [step.Features, Units], Options.KernelRegularizer, Options.KernelConstraint),
                Options.KernelInitializer));
            inputBias = !Options.UseBias ? null : AddParameter(
                new Parameter("input_bias", [Units], Options.BiasRegularizer, Options.BiasConstraint), Options.BiasInitializer);
        }
    }

    /// <inheritdoc/>
    protected override void AddKernelGradients(GatedCellPass pass, ColumnBlock x)
    {
        var own = (RGLRUPass)pass;
        gates!.AddGradient(own.Z, own.ValuesOf(0, own.Steps), own);
        if (projection is not null)
        {
            projection.AddGradient(own.InputSlopes!, x, own);
            if (inputBias is not null)
            {
                Product.AddRowSums(own.InputSlopes!, own.GradientOf(inputBias).Values);
            }
        }

        // Where a was, its way back has left r∘dlog.
        Real[] sums = own.Carry;
        Span<Real> share = sums.AsSpan(0, Units);
        share.Clear();
        Product.AddRowSums(own.Factors, share);
        Span<Real> dLambda = own.GradientOf(lambda!).Values;
        for (int k = 0; k < share.Length; k++)
        {
            dLambda[k] += (Real)(Exponent / (1 + Math.Exp(lambda!.Values[k]))) * share[k];
        }
    }

    private protected override bool HasOption(string key) =>
        base.HasOption(key) && key is not ("activation" or "recurrent_activation");

    /// <summary>What the cell remembers of a run.</summary>
    private sealed class RGLRUPass : ScannedPass
    {
        public RGLRUPass(RGLRUCell cell, CellPassOptions options)
            : base(cell, options)
        {
            int units = cell.Units;
            Factors = NewProjected(units);
            Projected = cell.projection is null ? null : NewProjected(units);
            Carry = new Real[units * StepColumns];
            InputSlopes = options.Differentiable ? NewMemory(units) : null;
            Slopes = NewScratch(units);
            FactorSlopes = NewScratch(units);
        }

        /// <summary>a_t.</summary>
        public DenseMatrix Factors { get; }

        /// <summary>x_t, where it is not the input itself.</summary>
        public DenseMatrix? Projected { get; }

        /// <summary>h while it is carried.</summary>
        public Real[] Carry { get; }

        /// <summary>dx_t of all steps.</summary>
        public DenseMatrix? InputSlopes { get; }

        /// <summary>dh_t of some steps.</summary>
        public DenseMatrix? Slopes { get; }

        /// <summary>da_t of some steps.</summary>
        public DenseMatrix? FactorSlopes { get; }
    }
}
