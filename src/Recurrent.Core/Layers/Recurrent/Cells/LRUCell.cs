using Recurrent.Initializers;
using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The linear recurrent unit, LRU (Orvieto, Smith, Gu, Fernando, Gulcehre, Pascanu and De, "Resurrecting recurrent neural
/// networks for long sequences", ICML 2023): a linear recurrence of complex numbers, each with a factor λ of its own inside the
/// unit circle.
/// </summary>
/// <remarks>
/// <code>
/// forward    λ = exp(−exp ν + i·exp θ)    γ = exp(γ_log), or 1
///            s_t = λ∘s_{t−1} + γ∘(B·x_t)                 complex
///            y_t = Re(C·s_t) + D·x_t                     real
/// backward   in real and imaginary parts, s = (u, v), λ = (p, q):
///            du = C_uᵀ·dy    dv = C_vᵀ·dy                what reaches s_t from the output; and from step t + 1:
///            du_{t−1} = p∘du + q∘dv    dv_{t−1} = p∘dv − q∘du
///            dp = Σ du∘u_{t−1} + dv∘v_{t−1}    dq = Σ dv∘u_{t−1} − du∘v_{t−1}    dγ = Σ du∘Re(B·x) + dv∘Im(B·x)
///            dν = −exp ν∘(p∘dp + q∘dq)    dθ = exp θ∘(p∘dq − q∘dp)    dγ_log = γ∘dγ
///            d(B·x) = γ∘(du, dv)    dC = Σ dy·sᵀ    dD = Σ dy·xᵀ    dx = Bᵀ·d(B·x) + Dᵀ·dy
/// </code>
/// <para>|λ| = exp(−exp ν) is below 1 whatever training does to ν. λ starts uniformly on a ring, rMin ≤ |λ| ≤ rMax, with
/// phases up to maxPhase; γ starts at √(1 − |λ|²), so that slow units are not larger than others.</para>
/// <para>States: the output y, which no step reads, and the state s, real parts above imaginary ones (2·units). Parameters:
/// kernel
/// (features, 2·units), Re B before Im B; output_kernel (2·units, outputSize), the factors of the real parts before those of the
/// imaginary ones, which are Re C and −Im C; nu_log, theta_log, gamma_log (units each); feedthrough, D: (features,
/// outputSize), or (outputSize) where it is diagonal.</para>
/// </remarks>
public sealed class LRUCell : InputGatedCell
{
    private const int Output = 0;
    private const int State = 1;

    internal static readonly CellDefaults Defaults = new() { Activation = "linear" };

    private readonly WeightOptions outputOptions;
    private Real[] factors = [];
    private LinearMap? outputKernel;
    private Parameter? radius;
    private Parameter? phase;
    private Parameter? gain;
    private LinearMap? feedthrough;
    private Parameter? diagonal;

    /// <summary>Creates the cell.</summary>
    /// <param name="units">Number of complex units of the state. At least 1.</param>
    /// <param name="outputSize">Length of the output; null (the default) is the number of units.</param>
    /// <param name="rMin">Least |λ| at first, from 0. Default 0.</param>
    /// <param name="rMax">Largest |λ| at first, up to 1. Default 1.</param>
    /// <param name="maxPhase">Largest phase of λ at first, above 0 and up to 2π, which is the default.</param>
    /// <param name="normalize">Whether there is γ. Default true.</param>
    /// <param name="feedthrough">D: "full" (the default), "diagonal" or "none".</param>
    /// <param name="kernel">
    /// First values (default: normal, of variance 1/(2·features)), penalty and constraint of B.
    /// </param>
    /// <param name="outputKernel">First values (default: normal, of variance 1/units), penalty and constraint of C.</param>
    /// <param name="dropout">Share of the inputs set to zero in training, the same at every step; in [0, 1). Default 0.</param>
    /// <param name="seed">Seed of dropout and first values; null (the default) takes it from the layer.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public LRUCell(
        int units,
        int? outputSize = null,
        double rMin = 0,
        double rMax = 1,
        double maxPhase = 2 * Math.PI,
        bool normalize = true,
        string feedthrough = "full",
        WeightOptions? kernel = null,
        WeightOptions? outputKernel = null,
        double dropout = 0,
        int? seed = null,
        string? name = null)
        : this(
            units,
            outputSize,
            new LRUOptions(rMin, rMax, maxPhase, normalize, feedthrough),
            outputKernel,
            LRUOptions.OfKernel(kernel, dropout, seed),
            name)
    {
        Check();
    }

    internal LRUCell(
        int units, int? outputSize, LRUOptions own, WeightOptions? outputKernel, CellOptions options, string? name = null)
        : base(Defaults, units, 2, options, name)
    {
        OutputUnits = outputSize ?? units;
        Ring = own;
        outputOptions = WeightOptions.Complete(outputKernel, LRUOptions.FirstOutputKernel);
    }

    /// <inheritdoc/>
    public override string ClassName => "LRUCell";

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => [OutputUnits, 2 * Units];

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => ["output", "state"];

    /// <summary>Least |λ| at first.</summary>
    public double RMin => Ring.RMin;

    /// <summary>Largest |λ| at first.</summary>
    public double RMax => Ring.RMax;

    /// <summary>Largest phase of λ at first.</summary>
    public double MaxPhase => Ring.MaxPhase;

    /// <summary>Whether there is γ.</summary>
    public bool Normalize => Ring.Normalize;

    /// <summary>D: "full", "diagonal" or "none".</summary>
    public string Feedthrough => Ring.Feedthrough;

    internal LRUOptions Ring { get; }

    private int OutputUnits { get; }

    private protected override Config OwnOptions
    {
        get
        {
            Config config = new() { { "output_size", OutputUnits } };
            Ring.AddTo(config);
            outputOptions.AddTo(config, "output_kernel");
            return config;
        }
    }

    /// <inheritdoc/>
    public override CellPass CreatePass(CellPassOptions options) => new LRUPass(this, options);

    /// <inheritdoc/>
    public override void Project(CellPass pass, int firstStep, ColumnBlock x)
    {
        var own = (LRUPass)pass;
        x = own.DropInput(firstStep, x);
        own.Take(firstStep, x);
        Kernel.Set(x, own.ZOf(firstStep, x.ColumnCount / own.StepColumns), pass.Threads);
    }

    internal override void Forward(CellPass pass, int firstStep, int count)
    {
        var own = (LRUPass)pass;
        ColumnBlock s = pass.States[State].After(firstStep, count);
        ColumnBlock y = pass.States[Output].After(firstStep, count);
        ColumnBlock before = pass.States[State].Before(firstStep, count);
        ComplexScan.Forward(factors, own.ZOf(firstStep, count), before, s, pass.StepColumns);
        outputKernel!.Set(s, y, pass.Threads);
        ColumnBlock x = own.ValuesOf(firstStep, count);
        feedthrough?.Add(x, y, pass.Threads);
        for (int column = 0; diagonal is not null && column < y.ColumnCount; column++)
        {
            VectorMath.AddProduct(diagonal.Values, x.Column(column), y.Column(column));
        }
    }

    internal override void Backward(CellPass pass, int firstStep, int count, ColumnBlock? outputGradients)
    {
        var own = (LRUPass)pass;
        ColumnBlock dy = own.StepsOf(own.OutputSlopes!, firstStep, count);
        ScannedPass.Join(outputGradients, pass.StateGradients[Output].Values, dy);
        pass.StateGradients[Output].Clear();
        var ds = new ColumnBlock(own.Slopes!, 0, dy.ColumnCount);
        outputKernel!.SetBack(dy, ds);
        ComplexScan.Backward(
            factors,
            own.ZOf(firstStep, count),
            pass.States[State].Before(firstStep, count),
            ds,
            pass.StateGradients[State],
            own.FactorSlopes);
    }

    /// <inheritdoc/>
    public override void ProjectBack(CellPass pass, int firstStep, ColumnBlock dx)
    {
        var own = (LRUPass)pass;
        int steps = dx.ColumnCount / own.StepColumns;
        Kernel.SetBack(own.ZOf(firstStep, steps), dx);
        ColumnBlock dy = own.StepsOf(own.OutputSlopes!, firstStep, steps);
        feedthrough?.AddBack(dy, dx);
        for (int column = 0; diagonal is not null && column < dx.ColumnCount; column++)
        {
            VectorMath.AddProduct(diagonal.Values, dy.Column(column), dx.Column(column));
        }

        own.BackThroughInputDropout(dx);
    }

    /// <inheritdoc/>
    public override void Pack()
    {
        base.Pack();
        outputKernel!.Pack();
        feedthrough?.Pack();
        for (int k = 0; k < Units; k++)
        {
            (double sine, double cosine) = Math.SinCos(Math.Exp(phase!.Values[k]));
            double size = Math.Exp(-Math.Exp(radius!.Values[k]));
            factors[k] = (Real)(size * cosine);
            factors[Units + k] = (Real)(size * sine);
            factors[(2 * Units) + k] = gain is null ? 1 : (Real)Math.Exp(gain.Values[k]);
        }
    }

    internal static LRUCell Read(ConfigReader config, bool ofLayer)
    {
        var cell = new LRUCell(
            config.Int("units"),
            config.OptionalInt("output_size"),
            LRUOptions.Read(config),
            WeightOptions.Read(config, "output_kernel"),
            LRUOptions.ReadKernel(config, ofLayer));
        cell.Check();
        return cell;
    }

    internal override OptionCheck CheckOptions(OptionCheck check) =>
        Ring.Check(base.CheckOptions(check).Positive("outputSize", OutputUnits));

    /// <inheritdoc/>
    protected override void BuildParameters(Shape step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (Feedthrough == "diagonal" && step.Features != OutputUnits)
        {
            throw new ShapeException(
                Introduction,
                FormattableString.Invariant(
                    $"input of as many features as its output has, {OutputUnits}, since feedthrough is diagonal"),
                step,
                "Set feedthrough: \"full\", or outputSize to the number of features.");
        }

        base.BuildParameters(step);
        outputKernel = new LinearMap(AddParameter(
            outputOptions.NewParameter("output_kernel", 2 * Units, OutputUnits), outputOptions.FirstValues));
        factors = new Real[3 * Units];
        radius = AddParameter(new Parameter("nu_log", [Units]), new RingRadiusInitializer(RMin, RMax));
        phase = AddParameter(new Parameter("theta_log", [Units]), new RingPhaseInitializer(MaxPhase));
        gain = Normalize ? AddParameter(new Parameter("gamma_log", [Units]), new RingGainInitializer(radius)) : null;
        feedthrough = Feedthrough != "full" ? null : new LinearMap(AddParameter(
            new Parameter("feedthrough", [step.Features, OutputUnits]), LRUOptions.FirstFeedthrough));
        diagonal = Feedthrough != "diagonal" ? null : AddParameter(
            new Parameter("feedthrough", [OutputUnits]), new RandomNormal(0, 1));
    }

    /// <inheritdoc/>
    protected override void AddKernelGradients(GatedCellPass pass, ColumnBlock x)
    {
        var own = (LRUPass)pass;
        base.AddKernelGradients(pass, x);
        ColumnBlock dy = own.OutputSlopes!;
        outputKernel!.AddGradient(dy, own.States[State].AfterAllSteps, own);
        feedthrough?.AddGradient(dy, x, own);
        Span<Real> dDiagonal = diagonal is null ? default : own.GradientOf(diagonal).Values;
        for (int column = 0; diagonal is not null && column < dy.ColumnCount; column++)
        {
            VectorMath.AddProduct(dy.Column(column), x.Column(column), dDiagonal);
        }

        AddFactorGradients(own);
    }

    private protected override bool HasOption(string key) => base.HasOption(key)
        && key is not ("activation" or "use_bias" or "bias_initializer" or "bias_regularizer" or "bias_constraint");

    private void AddFactorGradients(LRUPass pass)
    {
        Span<Real> dRadius = pass.GradientOf(radius!).Values;
        Span<Real> dPhase = pass.GradientOf(phase!).Values;
        for (int k = 0; k < Units; k++)
        {
            double re = factors[k];
            double im = factors[Units + k];
            double dRe = pass.FactorSlopes[k];
            double dIm = pass.FactorSlopes[Units + k];
            dRadius[k] -= (Real)(Math.Exp(radius!.Values[k]) * ((re * dRe) + (im * dIm)));
            dPhase[k] += (Real)(Math.Exp(phase!.Values[k]) * ((re * dIm) - (im * dRe)));
        }

        if (gain is not null)
        {
            VectorMath.AddProduct(
                factors.AsSpan(2 * Units), pass.FactorSlopes.AsSpan(2 * Units), pass.GradientOf(gain).Values);
        }

        Array.Clear(pass.FactorSlopes);
    }

    /// <summary>What the cell remembers of a run.</summary>
    private sealed class LRUPass : ScannedPass
    {
        public LRUPass(LRUCell cell, CellPassOptions options)
            : base(cell, options)
        {
            OutputSlopes = options.Differentiable ? NewMemory(cell.OutputUnits) : null;
            Slopes = NewScratch(2 * cell.Units);
            FactorSlopes = new Real[options.Differentiable ? cell.factors.Length : 0];
        }

        /// <summary>dy of all steps.</summary>
        public DenseMatrix? OutputSlopes { get; }

        /// <summary>What reaches s from the outputs of some steps.</summary>
        public DenseMatrix? Slopes { get; }

        /// <summary>Gradients of λ, real and imaginary, and of γ, summed over what has been run backward.</summary>
        public Real[] FactorSlopes { get; }
    }
}
