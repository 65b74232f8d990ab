using Recurrent.Initializers;
using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The cell of a selective state space, S6 (Gu and Dao, "Mamba: linear-time sequence modeling with selective state spaces",
/// 2023): each unit is a channel with a linear state of some numbers, whose time step, input and output weights follow from the
/// input.
/// </summary>
/// <remarks>
/// <code>
/// forward    u, r, B, C = W·x_t + b               channels, Δ in few rows, input and output weights; or u = x
///            u = act(u)    Δ = softplus(W_Δ·r + b_Δ)                              one Δ for each channel
///            a = exp(Δ·Aᵀ)                        A = −exp(log_decay); zero-order hold
///            S_t = a∘S_{t−1} + (Δ∘u)·Bᵀ           the simplified Euler rule for the input, as in the authors' code
///            y_t = S_t·C + D∘u                    D is skip
/// backward   dS += dy·Cᵀ      dC = S_tᵀ·dy         dD += dy∘u
///            g = dS·B         dB = dSᵀ·(Δ∘u)
///            e = dS∘S_{t−1}∘a                      dA += e∘Δ      dlog_decay = dA∘A
///            dΔ = Σ e∘A + u∘g                      du = D∘dy + Δ∘g
///            dS_{t−1} = a∘dS                       dr = W_Δᵀ·(σ(Δ̂)∘dΔ), Δ̂ what the softplus was given
/// </code>
/// <para>States: output (y, which no later step reads) and state (stateSize·units: for each of the stateSize numbers, those of
/// all channels). Parameters: kernel (features, units + deltaRank + 2·stateSize, without the units where projectInput is false)
/// and a bias of as many, delta_kernel (deltaRank, units), delta_bias (units), log_decay (stateSize, units), skip (units).</para>
/// </remarks>
public sealed class S6Cell : StateBlindCell
{
    private const int Output = 0;
    private const int State = 1;
    private const int ChannelsPerRank = 16;

    internal static readonly CellDefaults Defaults = new() { Activation = "linear" };

    private LinearMap? deltaKernel;
    private Parameter? deltaBias;
    private Parameter? logDecay;
    private Parameter? skip;
    private DenseMatrix? decay;

    /// <summary>Creates the cell.</summary>
    /// <param name="units">Number of channels: length of the output. At least 1.</param>
    /// <param name="stateSize">Numbers that each channel carries: N in the paper. At least 1; default 16.</param>
    /// <param name="deltaRank">
    /// Rows in which Δ is computed before it is spread over the channels; null (the default) takes units/16, rounded up.
    /// </param>
    /// <param name="projectInput">
    /// Whether the channels are a linear map of the input (the default); false: they are its features, as in the paper, and the
    /// units must be as many.
    /// </param>
    /// <param name="options">Activation of the channels, first values, penalties, constraints, dropout; null takes the
    /// defaults.</param>
    /// <param name="name">Name of the cell; null takes it from the class.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public S6Cell(
        int units,
        int stateSize = 16,
        int? deltaRank = null,
        bool projectInput = true,
        CellOptions? options = null,
        string? name = null)
        : base(Defaults, units, 1, options, name)
    {
        StateSize = stateSize;
        DeltaRank = deltaRank ?? (int)((units + ChannelsPerRank - 1L) / ChannelsPerRank);
        ProjectInput = projectInput;
        Check();
    }

    /// <inheritdoc/>
    public override string ClassName => "S6Cell";

    /// <summary>Numbers that each channel carries.</summary>
    public int StateSize { get; }

    /// <summary>Rows in which Δ is computed before it is spread over the channels.</summary>
    public int DeltaRank { get; }

    /// <summary>Whether the channels are a linear map of the input, and not its features.</summary>
    public bool ProjectInput { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => [Units, checked(Units * StateSize)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => ["output", "state"];

    private protected override int ZRows => checked(InputWeights + (2 * StateSize));

    private protected override Config OwnOptions => new()
    {
        { "state_size", StateSize },
        { "delta_rank", DeltaRank },
        { "project_input", ProjectInput },
    };

    private protected override int[] BiasShape => [ZRows - FirstMapped];

    /// <summary>First row of B in Z; above it are the channels and r, below it C.</summary>
    private int InputWeights => checked(Units + DeltaRank);

    private int OutputWeights => InputWeights + StateSize;

    /// <summary>First row of Z that the kernel gives.</summary>
    private int FirstMapped => ProjectInput ? 0 : Units;

    private bool Fits => Math.Max((long)Units * StateSize, Units + DeltaRank + (2L * StateSize)) <= int.MaxValue;

    /// <inheritdoc/>
    public override Shape ComputeOutputShape(Shape step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return Takes(step.Features) ? base.ComputeOutputShape(step) : throw Misfit(Introduction, step);
    }

    /// <inheritdoc/>
    public override CellPass CreatePass(CellPassOptions options) => new S6Pass(this, options);

    /// <inheritdoc/>
    public override void Project(CellPass pass, int firstStep, ColumnBlock x)
    {
        var own = (S6Pass)pass;
        x = own.DropInput(firstStep, x);
        int steps = x.ColumnCount / own.StepColumns;
        ColumnBlock z = own.ZOf(firstStep, steps);
        ColumnBlock low = own.LowOf(firstStep, steps);
        ColumnBlock delta = own.DeltaOf(firstStep, steps);
        Kernel.Set(x, Bias is null ? default : Bias.Values, z, pass.Threads);
        for (int column = 0; column < z.ColumnCount; column++)
        {
            Span<Real> channels = z.Column(column)[..Units];
            if (!ProjectInput)
            {
                x.Column(column).CopyTo(channels);
            }

            own.Keep(firstStep, column, channels);
            Activation.Forward(channels, channels, Units);
            z.Column(column).Slice(Units, DeltaRank).CopyTo(low.Column(column));
        }

        deltaKernel!.Set(low, deltaBias!.Values, delta, pass.Threads);
        own.KeepDelta(firstStep, delta);

        // softplus x = −log σ(−x)
        VectorMath.Scale(-1, delta.Values);
        VectorMath.LogSigmoid(delta.Values, delta.Values);
        VectorMath.Scale(-1, delta.Values);
    }

    /// <inheritdoc/>
    public override void Forward(CellPass pass, int t)
    {
        var own = (S6Pass)pass;
        ColumnBlock z = own.ZOf(t);
        ColumnBlock deltas = own.DeltaOf(t, 1);
        for (int b = 0; b < z.ColumnCount; b++)
        {
            ReadOnlySpan<Real> gates = z.Column(b);
            SelectiveStep.Forward(
                gates[..Units],
                deltas.Column(b),
                decay!.Values,
                gates.Slice(InputWeights, StateSize),
                gates.Slice(OutputWeights, StateSize),
                skip!.Values,
                pass.States[State].Before(t).Column(b),
                pass.States[State].After(t).Column(b),
                pass.States[Output].After(t).Column(b));
        }
    }

    /// <inheritdoc/>
    public override void Backward(CellPass pass, int t)
    {
        var own = (S6Pass)pass;
        ColumnBlock z = own.ZOf(t);
        ColumnBlock deltas = own.DeltaOf(t, 1);
        ColumnBlock deltasBefore = own.DeltaBeforeOf(t);
        Span<Real> dSkip = pass.GradientOf(skip!).Values;
        Span<Real> dDelta = own.DeltaGradient;
        for (int b = 0; b < z.ColumnCount; b++)
        {
            Span<Real> gates = z.Column(b);
            Span<Real> u = gates[..Units];
            Span<Real> du = own.ChannelGradient;
            Span<Real> dy = new ColumnBlock(pass.StateGradients[Output], b, 1).Values;
            u.CopyTo(du);
            SelectiveStep.Backward(
                du,
                deltas.Column(b),
                decay!.Values,
                gates.Slice(InputWeights, StateSize),
                gates.Slice(OutputWeights, StateSize),
                skip!.Values,
                pass.States[State].Before(t).Column(b),
                pass.States[State].After(t).Column(b),
                dy,
                new ColumnBlock(pass.StateGradients[State], b, 1).Values,
                dDelta,
                own.DecayGradient,
                dSkip,
                own.PartialSums);
            dy.Clear();
            Activation.Backward(own.ChannelsBeforeOf(t, b), u, du, du, Units);
            du.CopyTo(u);

            Span<Real> slope = deltasBefore.Column(b);
            VectorMath.Sigmoid(slope, slope);
            VectorMath.Multiply(slope, dDelta, slope);
        }

        deltaKernel!.SetBack(deltasBefore, own.LowGradient);
        for (int b = 0; b < z.ColumnCount; b++)
        {
            new ColumnBlock(own.LowGradient, b, 1).Values.CopyTo(z.Column(b).Slice(Units, DeltaRank));
        }
    }

    /// <inheritdoc/>
    public override void AddGradients(CellPass pass, ColumnBlock x)
    {
        var own = (S6Pass)pass;
        ColumnBlock dDelta = own.AllDeltaBefore;
        deltaKernel!.AddGradient(dDelta, own.AllLow, pass);
        Product.AddRowSums(dDelta, pass.GradientOf(deltaBias!).Values);
        VectorMath.AddProduct(own.DecayGradient, decay!.Values, pass.GradientOf(logDecay!).Values);
        base.AddGradients(pass, x);
    }

    /// <inheritdoc/>
    public override void ProjectBack(CellPass pass, int firstStep, ColumnBlock dx)
    {
        var own = (S6Pass)pass;
        ColumnBlock dz = own.ZOf(firstStep, dx.ColumnCount / own.StepColumns);
        Kernel.SetBack(dz, dx);
        for (int column = 0; column < dz.ColumnCount && !ProjectInput; column++)
        {
            VectorMath.Add(dz.Column(column)[..Units], dx.Column(column));
        }

        own.BackThroughInputDropout(dx);
    }

    /// <inheritdoc/>
    public override void Pack()
    {
        base.Pack();
        deltaKernel!.Pack();
        logDecay!.Values.CopyTo(decay!.Values);
        VectorMath.Exp(decay.Values, decay.Values);
        VectorMath.Scale(-1, decay.Values);
    }

    internal static S6Cell Read(ConfigReader config, bool ofLayer)
    {
        int stateSize = config.Int("state_size", 16);
        return new(
            config.Size("units", each: Math.Max(stateSize, 1)),
            stateSize,
            config.OptionalInt("delta_rank"),
            config.Bool("project_input", true),
            CellOptions.Read(config, Defaults, ofLayer));
    }

    internal override OptionCheck CheckOptions(OptionCheck check) => base.CheckOptions(check)
        .Positive("stateSize", StateSize)
        .Require(
            DeltaRank >= 1 || Units < 1,
            FormattableString.Invariant($"deltaRank must be at least 1, but is {DeltaRank}"),
            "deltaRank")
        .Require(
            StateSize < 1 || Fits,
            FormattableString.Invariant(
                $"a state of {StateSize} numbers for each of {Units} units is larger than an array can be"));

    /// <summary>Whether the cell can take so many features.</summary>
    internal bool Takes(int features) => ProjectInput || features == Units;

    /// <summary>Says that it cannot.</summary>
    internal ShapeException Misfit(string introduction, Shape input) => new(
        introduction,
        FormattableString.Invariant($"{Units} features, one for each channel, since projectInput is false"),
        input,
        "Set projectInput: true, or units to the number of features.");

    /// <inheritdoc/>
    protected override void BuildParameters(Shape step)
    {
        base.BuildParameters(step);
        double spread = 1 / Math.Sqrt(DeltaRank);
        deltaKernel = new LinearMap(
            AddParameter(new Parameter("delta_kernel", [DeltaRank, Units]), new RandomUniform(-spread, spread)));
        deltaBias = AddParameter(new Parameter("delta_bias", [Units]), new TimeStepBias());
        logDecay = AddParameter(new Parameter("log_decay", [StateSize, Units]), new LogDecays());
        skip = AddParameter(new Parameter("skip", [Units]), "ones");
        decay = new DenseMatrix(Units, StateSize);
    }

    private protected override int[] KernelShape(Shape step) => [step.Features, ZRows - FirstMapped];

    private protected override LinearMap MapKernel(Parameter weights) => new(weights, 0, ZRows - FirstMapped, FirstMapped);

    private protected override void AddBiasGradients(GatedCellPass pass, Span<Real> gradient)
    {
        Span<Real> sums = ((S6Pass)pass).RowSums;
        sums.Clear();
        Product.AddRowSums(pass.Z, sums);
        VectorMath.Add(sums[FirstMapped..], gradient);
    }
}
