using Recurrent.Initializers;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// A GRU over the segments of a sequence and, from its last state, one step of the same GRU for each segment ahead, all at the
/// same time (Lin et al., "SegRNN: Segment recurrent neural network for long-term time series forecasting", 2023: parallel
/// multi-step forecasting).
/// </summary>
/// <remarks>
/// <code>
/// h_i = GRU(x_i, h_{i−1})                    i = 1 … n, the segments that are read
/// d_j = GRU(p_j + c + a_j, h_n)              j = 1 … steps, the segments ahead
/// </code>
/// <para>p_j is a trained vector for each segment ahead, c what tells samples apart (in the paper, variables), a_j what is known
/// of the segment. W is linear and h_n the same for all j: with the reset after the product, <c>U·h_n</c> and <c>W·c</c> are
/// computed once for a sample and <c>W·p_j</c> once for a batch, so that a segment ahead costs no product of its own (without
/// a_j).</para>
/// <para>Inputs: segments (batch, n, features), c (batch, features) and, if there are three, a (batch, steps, features). Output
/// (batch, steps, units).</para>
/// <para>Backward: with dX_j the gradient of what stands before the activations and dR_j that of the state's part of it,
/// <c>dU += (Σ dR_j)·h_nᵀ</c>, <c>dh_n = Σ (dd_j∘z_j) + Uᵀ·Σ dR_j</c>, <c>dW += (Σ dX_j)·cᵀ + Σ dX_j·(p_j + a_j)ᵀ</c>,
/// <c>dc = Wᵀ·Σ dX_j</c>, <c>dp_j = Wᵀ·dX_j</c> summed over samples, <c>da_j = Wᵀ·dX_j</c>.</para>
/// <para>Parameters: those of the <see cref="GRU"/> (kernel, recurrent_kernel, bias), then positions (steps, features).</para>
/// </remarks>
public sealed class SegmentGRU : Layer
{
    private const int MostInputs = 3;

    private readonly Initializer kernelInitializer;
    private readonly Initializer? recurrentInitializer;
    private readonly Initializer biasInitializer;
    private readonly Initializer positionsInitializer;
    private readonly GRU gru;

    /// <summary>Creates the layer.</summary>
    /// <param name="units">Number of units: length of the hidden state. At least 1.</param>
    /// <param name="steps">Number of segments ahead. At least 1.</param>
    /// <param name="kernelInitializer">First values of W; null is Glorot uniform.</param>
    /// <param name="recurrentInitializer">First values of U; null is orthogonal.</param>
    /// <param name="biasInitializer">First values of the bias; null is zeros.</param>
    /// <param name="positionsInitializer">First values of p; null is normal with deviation 1, as in the paper's code.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>segment_gru</c>.</param>
    /// <param name="trainable">Whether training changes the layer. Default true.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public SegmentGRU(
        int units,
        int steps,
        Initializer? kernelInitializer = null,
        Initializer? recurrentInitializer = null,
        Initializer? biasInitializer = null,
        Initializer? positionsInitializer = null,
        string? name = null,
        bool trainable = true)
        : base(name, trainable, inputShape: null)
    {
        new OptionCheck(Introduction).Positive(nameof(units), units).Positive(nameof(steps), steps).ThrowIfAny();
        Units = units;
        Steps = steps;
        this.kernelInitializer = kernelInitializer ?? "glorot_uniform";
        this.recurrentInitializer = recurrentInitializer;
        this.biasInitializer = biasInitializer ?? "zeros";
        this.positionsInitializer = positionsInitializer ?? new RandomNormal(stddev: 1);
        gru = new(
            units, kernelInitializer: this.kernelInitializer, recurrentInitializer: recurrentInitializer,
            biasInitializer: this.biasInitializer, name: "gru", trainable: trainable);
        Inner = [gru];
    }

    /// <inheritdoc/>
    public override string ClassName => "SegmentGRU";

    /// <summary>Number of units.</summary>
    public int Units { get; }

    /// <summary>Number of segments ahead.</summary>
    public int Steps { get; }

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle =>
        new("it gives what comes behind a whole sequence", "Call the model on whole windows");

    internal override CallForm CallForm => CallForm.List;

    internal override Obstacle? SequentialObstacle =>
        new("it takes two or three inputs, and a Sequential passes on one", "Use new Model(inputs, outputs): layer.Call(x, c)");

    // The segments ahead are as many for every sample.
    internal override Padding? PaddingOf(ReadOnlySpan<SequenceBatch> inputs) => null;

    /// <summary>The GRU that reads, whose weights the steps ahead have too.</summary>
    internal GRU Reader => gru;

    internal GRUCell Cell => (GRUCell)gru.Cell;

    /// <inheritdoc/>
    public override IReadOnlyList<Shape> ComputeOutputShapes(IReadOnlyList<Shape> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count is < 2 or > MostInputs)
        {
            throw new ArgumentException(
                $"{Introduction} takes segments, a vector for each sample and, if any, what is known of the segments ahead: two "
                + $"or three inputs, but {inputs.Count} {(inputs.Count == 1 ? "is" : "are")} given. Call it with each of them: "
                + "layer.Call(x, c).");
        }

        _ = gru.ComputeOutputShape(inputs[0]);
        int features = inputs[0].Features;
        if (inputs[1].Rank != 1 || inputs[1][0] != features)
        {
            throw new ShapeException(
                Introduction, $"a second input of shape (batch, {features}), as many features as a segment has", inputs[1],
                "It tells samples apart: an Embedding of what they are of, or zeros.");
        }

        if (inputs.Count == MostInputs && (inputs[2].Rank != 2 || inputs[2][0] != Steps || inputs[2][1] != features))
        {
            throw new ShapeException(
                Introduction, $"a third input of shape (batch, {Steps}, {features}), a step for each segment ahead", inputs[2],
                "Bring what is known of a segment to as many features with a Dense layer.");
        }

        return [new(Steps, Units)];
    }

    /// <inheritdoc/>
    public override Pass CreatePass(PassOptions options) => new SegmentGRUPass(this, options);

    /// <inheritdoc/>
    public override void Forward(Pass pass, ReadOnlySpan<SequenceBatch> inputs, Span<SequenceBatch> outputs)
    {
        ArgumentNullException.ThrowIfNull(pass);
        outputs[0] = ((SegmentGRUPass)pass).Forward(inputs);
    }

    /// <inheritdoc/>
    public override void Backward(Pass pass, ReadOnlySpan<DenseMatrix?> outputGradients, Span<DenseMatrix?> inputGradients)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ((SegmentGRUPass)pass).Backward(outputGradients[0]!, inputGradients);
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("units", Units);
        config.Add("steps", Steps);
        config.Add("kernel_initializer", kernelInitializer);
        config.Add("recurrent_initializer", recurrentInitializer);
        config.Add("bias_initializer", biasInitializer);
        config.Add("positions_initializer", positionsInitializer);
        return config;
    }

    internal override long ValuesPerSample(Shape input, bool differentiable) => Math.Max(
        gru.ValuesPerSample(input, differentiable), (long)(differentiable ? Steps : 1) * SegmentGRUPass.Gates * Units);

    internal override IEnumerable<RecurrentRun> RecurrentRuns(Pass pass, string path) =>
        gru.RecurrentRuns(((SegmentGRUPass)pass).Inner, $"{path}/{gru.Name}");

    internal static SegmentGRU Read(ConfigReader config) => new(
        config.Int("units"),
        config.Int("steps"),
        config.OptionalComponent("kernel_initializer", InitializerNames.Registry),
        config.OptionalComponent("recurrent_initializer", InitializerNames.Registry),
        config.OptionalComponent("bias_initializer", InitializerNames.Registry),
        config.OptionalComponent("positions_initializer", InitializerNames.Registry),
        config.Name(),
        config.Trainable())
    { ActivityRegularizer = config.ActivityRegularizer() };

    /// <inheritdoc/>
    protected override void BuildParameters(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        gru.Build(input, Seed, Source);
        AdoptParameters(gru);
        AddParameter(new("positions", [Steps, input.Features]), positionsInitializer);
    }

    /// <inheritdoc/>
    protected override void PackParameters() => gru.Prepare();

    private protected override bool CanShare(Shape built, Shape other) => built[^1] == other[^1];
}
