using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Lets every step of a sequence look at the others: a mean of their values, weighted by how well they fit, joined with
/// the step itself.</summary>
/// <remarks>
/// <para>
/// With <c>q_t = W_q·x_t + b_q</c>, keys <c>k_s</c> and values <c>v_s</c> likewise, forward: <c>a_t = softmax_s(q_tᵀ·k_s)</c>,
/// <c>c_t = Σ_s a_ts·v_s</c>, <c>y_t = W_y·(c_t ⊕ x_t) + b_y</c>, where ⊕ puts one vector below the other. With <c>useScale</c>
/// the products are divided by √units, as Vaswani et al. (2017) do. Backward, with <c>dz = W_yᵀ·dy</c> split into dc and what
/// goes straight to x: the backward pass of <see cref="SoftmaxAttention"/> turns dc into dq, dk, dv, and
/// <c>dx = dz_x + W_qᵀ·dq + W_kᵀ·dk + W_vᵀ·dv</c>.
/// </para>
/// <para>
/// Input: (batch, timesteps, features). Output: (batch, timesteps, output units). Parameters: query_kernel, key_kernel (features,
/// units), value_kernel (features, value units), output_kernel (value units + features, output units), each followed by its bias.
/// Steps that a mask hides are not looked at; the mask is passed on. Where it is causal it works step by step, and keeps keys
/// and values. A layer of this library's own, after the attention of
/// Bahdanau, Cho and Bengio (2015) within one sequence (Cheng, Dong and Lapata, "Long short-term memory-networks for machine
/// reading", 2016).
/// </para>
/// </remarks>
public sealed class SelfAttention : UnaryLayer<SelfAttentionPass>, ICaching
{
    private readonly int? valueUnits;
    private readonly int? outputUnits;
    private readonly double dropout;
    private readonly ProjectionOptions options;
    private Projection[] projections = [];

    /// <summary>Creates the layer.</summary>
    /// <param name="units">Width of queries and keys, at least 1.</param>
    /// <param name="valueUnits">Width of the values and so of the context; null (the default) is
    /// <paramref name="units"/>.</param>
    /// <param name="outputUnits">Width of the output; null (the default) is that of the input.</param>
    /// <param name="useScale">Whether scores are divided by √units; default false.</param>
    /// <param name="useCausalMask">Whether a step looks at itself and the steps before it only; default false.</param>
    /// <param name="dropout">The share of attention weights that training drops, from 0 to 1; default 0.</param>
    /// <param name="useBias">Whether biases are added; default true.</param>
    /// <param name="kernelInitializer">First values of the kernels; null is <c>glorot_uniform</c>.</param>
    /// <param name="biasInitializer">First values of the biases; null is <c>zeros</c>.</param>
    /// <param name="kernelRegularizer">Penalty on the kernels; none by default.</param>
    /// <param name="biasRegularizer">Penalty on the biases; none by default.</param>
    /// <param name="kernelConstraint">Projection of the kernels after each update; none by default.</param>
    /// <param name="biasConstraint">Projection of the biases after each update; none by default.</param>
    /// <param name="seed">Seed of the dropout; null (the default) takes it from the model.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>self_attention</c>.</param>
    /// <param name="trainable">Whether training changes the parameters; true by default.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public SelfAttention(
        int units,
        int? valueUnits = null,
        int? outputUnits = null,
        bool useScale = false,
        bool useCausalMask = false,
        double dropout = 0,
        bool useBias = true,
        Initializer? kernelInitializer = null,
        Initializer? biasInitializer = null,
        Regularizer? kernelRegularizer = null,
        Regularizer? biasRegularizer = null,
        Constraint? kernelConstraint = null,
        Constraint? biasConstraint = null,
        int? seed = null,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        new OptionCheck(Introduction)
            .Positive(nameof(units), units)
            .Require(valueUnits is null or > 0, $"valueUnits must be at least 1, but is {valueUnits}", "valueUnits")
            .Require(outputUnits is null or > 0, $"outputUnits must be at least 1, but is {outputUnits}", "outputUnits")
            .Require(dropout is >= 0 and <= 1,
                FormattableString.Invariant($"dropout must be at least 0 and at most 1, but is {dropout}"), "dropout")
            .ThrowIfAny();
        Units = units;
        this.valueUnits = valueUnits;
        this.outputUnits = outputUnits;
        UseScale = useScale;
        UseCausalMask = useCausalMask;
        this.dropout = dropout;
        options = new(
            useBias, kernelInitializer ?? "glorot_uniform", biasInitializer ?? "zeros", kernelRegularizer, biasRegularizer,
            kernelConstraint, biasConstraint);
        SeedOption = seed;
    }

    /// <inheritdoc/>
    public override string ClassName => "SelfAttention";

    /// <summary>Width of queries and keys.</summary>
    public int Units { get; }

    /// <summary>Width of the values and of the context.</summary>
    public int ValueUnits => valueUnits ?? Units;

    /// <summary>Whether scores are divided by √units.</summary>
    public bool UseScale { get; }

    /// <summary>Whether a step looks at itself and the steps before it only.</summary>
    public bool UseCausalMask { get; }

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle =>
        UseCausalMask ? null : new("a step looks at the steps behind it too", "Set useCausalMask: true");

    internal override Obstacle? StateObstacle => CachedSteps.StateObstacle(UseCausalMask);

    IReadOnlyList<string> ICaching.CacheNames => CachedSteps.Names;

    IReadOnlyList<int> ICaching.CacheSizes(IReadOnlyList<Shape> inputs) => [Units, ValueUnits, 1];

    int ICaching.CachedInput => 0;

    NDArray ICaching.ReadCache(Pass pass, int part) => ((SelfAttentionPass)pass).Growing!.Cache.Read(part);

    void ICaching.WriteCache(Pass pass, ReadOnlySpan<NDArray> parts) => ((SelfAttentionPass)pass).Growing!.Cache.Write(parts);

    void ICaching.SelectCache(Pass pass, ReadOnlySpan<int> samples) => ((SelfAttentionPass)pass).Growing!.Cache.Select(samples);

    internal override string? StepObstacle(Pass pass, int steps) =>
        CachedSteps.StepObstacle(((SelfAttentionPass)pass).Growing, steps);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The input is no sequence of vectors of known width.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Rank == 2 && input[1] is int features
            ? new Shape([input[0], outputUnits ?? features])
            : throw new ShapeException(
                Introduction,
                "input of rank 3 (batch, timesteps, features) with a known number of features",
                input,
                "Set returnSequences: true on a recurrent layer before it, or give inputShape: (timesteps: 10, features: 1).");
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("units", Units);
        config.Add("value_units", valueUnits);
        config.Add("output_units", outputUnits);
        config.Add("use_scale", UseScale);
        config.Add("use_causal_mask", UseCausalMask);
        config.Add("dropout", dropout);
        options.AddTo(config);
        config.Add("seed", SeedOption);
        return config;
    }

    internal static SelfAttention Read(ConfigReader config)
    {
        ProjectionOptions options = ProjectionOptions.Read(config);
        return new(
            config.Int("units"),
            config.OptionalInt("value_units"),
            config.OptionalInt("output_units"),
            config.Bool("use_scale", false),
            config.Bool("use_causal_mask", false),
            config.Double("dropout", 0),
            options.UseBias,
            options.KernelInitializer,
            options.BiasInitializer,
            options.KernelRegularizer,
            options.BiasRegularizer,
            options.KernelConstraint,
            options.BiasConstraint,
            config.OptionalInt("seed"),
            config.Name(),
            config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };
    }

    /// <inheritdoc/>
    protected override void BuildParameters(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        int features = input.Features;
        projections =
        [
            NewProjection("query", features, Units),
            NewProjection("key", features, Units),
            NewProjection("value", features, ValueUnits),
            NewProjection("output", checked(ValueUnits + features), outputUnits ?? features),
        ];
    }

    /// <inheritdoc/>
    protected override void PackParameters() => Array.ForEach(projections, projection => projection.Pack());

    /// <inheritdoc/>
    internal override long ValuesPerSample(Shape input, bool differentiable) =>
        (long)input.Steps * Math.Max(ValueUnits + (long)input.Features, Units);

    /// <inheritdoc/>
    protected override SelfAttentionPass NewPass(PassOptions options) => new(this, options, dropout);

    /// <inheritdoc/>
    protected override SequenceBatch Forward(SelfAttentionPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        int threads = pass.Options.Threads;
        pass.Take(input);
        projections[0].Set(input.Values, pass.Query, threads);
        projections[1].Set(input.Values, pass.NewKeys, threads);
        projections[2].Set(input.Values, pass.NewValues, threads);
        ulong? draws = pass.Training && dropout > 0 ? pass.DrawKey(Seed) : null;

        // c_t ⊕ x_t: contexts are written in place, the inputs below them.
        pass.Attention.Forward(pass.Query, pass.Key, pass.Value, pass.Joined, null, draws);
        ColumnBlock joined = pass.Joined;
        ColumnBlock x = input.Values;
        for (int column = 0; column < x.ColumnCount; column++)
        {
            x.Column(column).CopyTo(joined.Column(column)[ValueUnits..]);
        }

        projections[3].Set(pass.Joined, pass.Output.Values, threads);
        pass.Output.Mask = input.Mask;
        return pass.Output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(SelfAttentionPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        DenseMatrix x = pass.Input!;
        projections[3].AddGradients(outputGradient, pass.Joined, pass.Gradients);
        projections[3].SetInputGradient(outputGradient, pass.JoinedGradient!);
        pass.Attention.Backward(pass.JoinedGradient!, null, pass.QueryGradient, pass.KeyGradient, pass.ValueGradient);
        projections[0].AddGradients(pass.QueryGradient!, x, pass.Gradients);
        projections[1].AddGradients(pass.KeyGradient!, x, pass.Gradients);
        projections[2].AddGradients(pass.ValueGradient!, x, pass.Gradients);
        if (pass.InputGradient is not { } dx)
        {
            return null;
        }

        projections[0].SetInputGradient(pass.QueryGradient!, dx);
        projections[1].AddInputGradient(pass.KeyGradient!, dx);
        projections[2].AddInputGradient(pass.ValueGradient!, dx);
        ColumnBlock dz = pass.JoinedGradient!;
        ColumnBlock target = dx;
        for (int column = 0; column < dz.ColumnCount; column++)
        {
            VectorMath.Add(dz.Column(column)[ValueUnits..], target.Column(column));
        }

        return dx;
    }

    private Projection NewProjection(string name, int inputs, int outputs)
    {
        int index = Parameters.Count;
        AddParameter(options.NewKernel($"{name}_kernel", [inputs, outputs]), options.KernelInitializer);
        if (options.UseBias)
        {
            AddParameter(options.NewBias($"{name}_bias", [outputs]), options.BiasInitializer);
        }

        return new(Parameters[index], options.UseBias ? Parameters[index + 1] : null, index, outputs);
    }
}
