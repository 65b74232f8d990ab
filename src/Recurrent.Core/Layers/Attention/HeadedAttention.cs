using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Attention of several heads, each with projections of its own of queries, keys and values.</summary>
/// <remarks>
/// <para>
/// Forward, for each head: <c>Q = W_Q·X_q + b_Q</c>, <c>K = W_K·X_k + b_K</c>, <c>V = W_V·X_v + b_V</c>,
/// <c>C = V·softmax(Kᵀ·Q / √d)</c>, with one column for each query; then, over all heads below one another,
/// <c>Y = W_O·C + b_O</c>. With a gate, <c>Y = W_O·(C ∘ σ(W_G·X_q + b_G)) + b_O</c>. Backward: <c>dC = W_Oᵀ·dY</c> (∘ the gate),
/// the backward pass of <see cref="SoftmaxAttention"/>, then each projection's own.
/// </para>
/// <para>
/// It is called with the query and the value, and where they differ from the value the keys; last a mask of pairs:
/// <c>layer.Call(query, value)</c>, <c>layer.Call(query, value, key)</c>, <c>layer.Call(query, value, key, attentionMask)</c>,
/// the mask of shape (batch, queries, keys), or (batch, heads, queries, keys), with 1 where a query may look at a key; an axis of
/// length 1 stands for all. Masks of the inputs are kept to; that of the
/// query is passed on. A query that may look at nothing gets the mean of all values or, where weights are handed out or dropped,
/// zero, as in Keras; zero, too, where it is causal.
/// </para>
/// <para>
/// Step by step, attention of a sequence to itself is causal and keeps keys and values of every step; attention to values
/// that are given once projects them once.
/// </para>
/// </remarks>
public abstract class HeadedAttention : Layer, ICaching
{
    private readonly ProjectionOptions options;
    private readonly bool useGate;
    private readonly int? slidingWindow;
    private readonly double dropout;
    private readonly int[]? attentionAxes;
    private readonly bool takesAxes;
    private Projection query = null!;
    private Projection key = null!;
    private Projection value = null!;
    private Projection output = null!;
    private Projection? gate;

    private protected HeadedAttention(HeadedAttentionOptions given, string? name, bool trainable, string headOptions)
        : base(name, trainable, inputShape: null)
    {
        OptionCheck check = new OptionCheck(Introduction)
            .Require(given.Heads >= 1 && given.KeyHeads >= 1 && given.KeyWidth >= 1 && given.ValueWidth >= 1, headOptions)
            .Require(
                given.KeyHeads < 1 || given.Heads % given.KeyHeads == 0,
                $"numQueryHeads must be a multiple of numKeyValueHeads, but {given.Heads} is none of {given.KeyHeads}",
                "numQueryHeads")
            .Require(
                given.Dropout is >= 0 and <= 1,
                FormattableString.Invariant($"dropout must be at least 0 and at most 1, but is {given.Dropout}"),
                "dropout")
            .Require(given.SlidingWindow is null or > 0, $"slidingWindow must be at least 1, but is {given.SlidingWindow}",
                "slidingWindow")
            .Require(given.OutputUnits is null or > 0, $"outputShape must be at least 1, but is {given.OutputUnits}",
                "outputShape")
            .Require(
                given.ActivityRegularizer is null || !given.ReturnAttentionScores,
                "activityRegularizer and returnAttentionScores exclude each other: the penalty would count the scores");
        check.ThrowIfAny();
        Heads = given.Heads;
        KeyHeads = given.KeyHeads;
        KeyWidth = given.KeyWidth;
        ValueWidth = given.ValueWidth;
        OutputUnits = given.OutputUnits;
        dropout = given.Dropout;
        useGate = given.UseGate;
        slidingWindow = given.SlidingWindow;
        UseCausalMask = given.UseCausalMask;
        ReturnAttentionScores = given.ReturnAttentionScores;
        options = given.Projections;
        attentionAxes = given.AttentionAxes is null ? null : [.. given.AttentionAxes];
        takesAxes = given.TakesAxes;
        SeedOption = given.Seed;
        ActivityRegularizer = given.ActivityRegularizer;
    }

    /// <summary>Whether query t looks at keys 0 … t only.</summary>
    public bool UseCausalMask { get; }

    /// <summary>Whether the weights of the keys are a second output: (batch, heads, queries, keys), as they are before
    /// dropout.</summary>
    public bool ReturnAttentionScores { get; }

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => AxesObstacle ?? CachedSteps.Obstacle(UseCausalMask, ReturnAttentionScores);

    internal override Obstacle? ObstacleBeside(ReadOnlySpan<bool> isFixed) =>
        AxesObstacle ?? CachedSteps.ObstacleBeside(isFixed, UseCausalMask, slidingWindow, StreamingObstacle);

    internal override string? RaggedObstacle => AxesObstacle?.Reason;

    internal override bool TakesMemory(int input) => input is 1 or 2;

    internal override Obstacle? StateObstacle => CachedSteps.StateObstacle(UseCausalMask);

    private Obstacle? AxesObstacle => InputShape is { Rank: > 2 }
        ? new("its input has more axes than steps and features") : null;

    IReadOnlyList<string> ICaching.CacheNames => CachedSteps.Names;

    IReadOnlyList<int> ICaching.CacheSizes(IReadOnlyList<Shape> inputs) => [KeyHeads * KeyWidth, KeyHeads * ValueWidth, 1];

    int ICaching.CachedInput => 1;

    NDArray ICaching.ReadCache(Pass pass, int part) => ((HeadedAttentionPass)pass).Growing!.Cache.Read(part);

    void ICaching.WriteCache(Pass pass, ReadOnlySpan<NDArray> parts) => ((HeadedAttentionPass)pass).Growing!.Cache.Write(parts);

    void ICaching.SelectCache(Pass pass, ReadOnlySpan<int> samples) => ((HeadedAttentionPass)pass).Growing!.Cache.Select(samples);

    internal override string? StepObstacle(Pass pass, int steps) =>
        CachedSteps.StepObstacle(((HeadedAttentionPass)pass).Growing, steps);

    /// <summary>Number of heads of the queries.</summary>
    private protected int Heads { get; }

    /// <summary>Number of heads of keys and values.</summary>
    private protected int KeyHeads { get; }

    /// <summary>Features of a head of queries and keys.</summary>
    private protected int KeyWidth { get; }

    /// <summary>Features of a head of the values.</summary>
    private protected int ValueWidth { get; }

    /// <summary>Features of the output; null for those of the query.</summary>
    private protected int? OutputUnits { get; }

    internal override CallForm CallForm => new()
    {
        Inputs = ["query", "value", "key", "attention_mask"],
        Positional = 2,
        Built = 3,
        Options = [new("use_causal_mask", UseCausalMask), new("return_attention_scores", ReturnAttentionScores)],
    };

    /// <inheritdoc/>
    internal override Obstacle? SequentialObstacle =>
        new("it takes a query and a value", "Use SelfAttention, or new Model(inputs, outputs) with layer.Call(query, value)");

    /// <inheritdoc/>
    public override IReadOnlyList<Shape> ComputeOutputShapes(IReadOnlyList<Shape> inputs)
    {
        AttentionAxes axes = CheckInputs(inputs);
        Shape query = inputs[0];
        Shape context = query.WithFeatures(OutputUnits ?? query.Features);
        return ReturnAttentionScores ? [context, axes.Scores(Heads, query, inputs[1])] : [context];
    }

    /// <summary>Shapes of samples of the outputs of sequences that fit.</summary>
    internal IReadOnlyList<Shape> OutputsOf(int queries, int keys, int features)
    {
        var context = new Shape(queries, OutputUnits ?? features);
        return ReturnAttentionScores ? [context, new Shape([Heads, queries, keys])] : [context];
    }

    /// <inheritdoc/>
    public override Pass CreatePass(PassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.InputShape.Rank == 2
            ? new HeadedAttentionPass(this, options)
            : new AxesAttentionPass(this, options, CheckInputs(options.InputShapes));
    }

    /// <inheritdoc/>
    public override void Forward(Pass pass, ReadOnlySpan<SequenceBatch> inputs, Span<SequenceBatch> outputs)
    {
        ArgumentNullException.ThrowIfNull(pass);
        if (pass is AxesAttentionPass ofAxes)
        {
            ofAxes.Forward(inputs, outputs);
            return;
        }

        var own = (HeadedAttentionPass)pass;
        int threads = pass.Options.Threads;
        own.TakeInputs(inputs);
        if (own.ProjectsMemory)
        {
            var queries = new ProjectionJob(query, own.QueryInput, own.Query.Values);
            ProjectionJob.Run(queries, new(key, own.KeyInput, own.NewKeys), new(value, own.ValueInput, own.NewValues), threads);
        }
        else
        {
            query.Set(own.QueryInput, own.Query.Values, threads);
        }

        ulong? draws = pass.Training && dropout > 0 ? pass.DrawKey(Seed) : null;
        own.Attention.Forward(own.Query.Values, own.Keys, own.Values, own.Context, own.Scores?.Values, draws);
        DenseMatrix gated = own.Context;
        if (own.Gate is not null)
        {
            gate!.Set(own.QueryInput, own.Gate.Values, threads);
            VectorMath.Sigmoid(own.Gate.Values.Values, own.Gate.Values.Values);
            VectorMath.Multiply(own.Context.Values, own.Gate.Values.Values, own.Gated!.Values);
            gated = own.Gated;
        }

        output.Set(gated, own.Output.Values, threads);
        own.Output.Mask = inputs[0].Mask;
        outputs[0] = own.Output;
        if (outputs.Length > 1)
        {
            outputs[1] = own.Scores!;
        }
    }

    /// <inheritdoc/>
    public override void Backward(Pass pass, ReadOnlySpan<DenseMatrix?> outputGradients, Span<DenseMatrix?> inputGradients)
    {
        ArgumentNullException.ThrowIfNull(pass);
        if (pass is AxesAttentionPass ofAxes)
        {
            ofAxes.Backward(outputGradients, inputGradients);
            return;
        }

        var own = (HeadedAttentionPass)pass;
        DenseMatrix dC = own.ContextGradient!;
        if (outputGradients[0] is { } dY)
        {
            output.AddGradients(dY, own.Gated ?? own.Context, pass.Gradients);
            output.SetInputGradient(dY, dC);
        }
        else
        {
            dC.Clear();
        }

        if (own.Gate is not null)
        {
            // z = c∘g with g = σ(s): dc = dz∘g and ds = dz∘c∘g∘(1 − g).
            Span<Real> dG = own.GateGradient!.Values;
            VectorMath.Multiply(dC.Values, own.Context.Values, dG);
            VectorMath.Multiply(dC.Values, own.Gate.Values.Values, dC.Values);
            own.AddPenaltyGradient(own.Gate, own.GateGradient);
            for (int i = 0; i < dG.Length; i++)
            {
                Real g = own.Gate.Values.Values[i];
                dG[i] *= g * (1 - g);
            }

            gate!.AddGradients(own.GateGradient, own.QueryInput, pass.Gradients);
        }

        own.Attention.Backward(
            dC, outputGradients.Length > 1 ? outputGradients[1] : null, own.QueryGradient, own.KeyGradient, own.ValueGradient);
        own.AddPenaltyGradient(own.Query, own.QueryGradient!);
        own.AddPenaltyGradient(own.Key!, own.KeyGradient!);
        own.AddPenaltyGradient(own.Value!, own.ValueGradient!);
        query.AddGradients(own.QueryGradient!, own.QueryInput, pass.Gradients);
        key.AddGradients(own.KeyGradient!, own.KeyInput, pass.Gradients);
        value.AddGradients(own.ValueGradient!, own.ValueInput, pass.Gradients);
        BackwardToInputs(own, inputGradients);
    }

    /// <inheritdoc/>
    internal override long ValuesPerSample(Shape input, bool differentiable) =>
        (long)input.Steps * Math.Max(Heads * (long)Math.Max(KeyWidth, ValueWidth), input.Features);

    /// <summary>Number of heads of the queries.</summary>
    internal int HeadCount => Heads;

    /// <summary>Whether weights are dropped in training, and which share of them.</summary>
    internal double Rate => dropout;

    /// <summary>Whether the context goes through a gate.</summary>
    internal bool UseGate => useGate;

    /// <summary>
    /// Whether a query that may look at no key gets a context of zero, and not the mean of all values: in Keras the weights go
    /// through a masked softmax where they are handed out or dropped, and else large numbers are taken from all scores. The mean
    /// would be over keys to come, too: where queries look at the past alone, it is zero, so that steps give what the whole does.
    /// </summary>
    internal bool ZeroWhereNothingIsLeft => ReturnAttentionScores || dropout > 0 || UseCausalMask;

    /// <summary>Room for keys and values of every step.</summary>
    internal StepCache NewCache(PassOptions pass) =>
        new([KeyHeads * KeyWidth, KeyHeads * ValueWidth], pass.BatchSize, pass.Capacity, slidingWindow - 1);

    /// <summary>Makes the attention of a pass.</summary>
    /// <param name="pass">What the pass is for.</param>
    /// <param name="keys">For how many keys.</param>
    internal (SoftmaxAttention Attention, AttentionMask Mask) NewAttention(PassOptions pass, int keys)
    {
        int queries = pass.InputShapes[0].Steps;
        var sizes = new AttentionSizes(Heads, KeyHeads, KeyWidth, ValueWidth, queries, keys, pass.BatchSize)
        {
            Sharing = pass.SharingOf(1),
        };
        var mask = new AttentionMask(sizes, UseCausalMask, slidingWindow, ZeroWhereNothingIsLeft);
        int workers = pass.Differentiable ? 1 : Math.Min(pass.Threads, KeyHeads * pass.BatchSize);
        AttentionScores[] scores = [.. Enumerable.Range(0, Math.Max(workers, 1)).Select(_ => NewScores(pass, queries, keys))];
        return (new(sizes, scores[0], mask, pass.Differentiable, dropout, weightsAreDropped: false, scores.AsSpan(1)), mask);
    }

    private DotScores NewScores(PassOptions pass, int queries, int keys) =>
        new(KeyWidth, keys, SoftmaxAttention.Block(queries), pass.Differentiable) { Scale = (Real)(1 / Math.Sqrt(KeyWidth)) };

    /// <summary>Rows of queries, keys, values and contexts.</summary>
    internal (int Query, int Key, int Value, int Context) Rows =>
        (Heads * KeyWidth, KeyHeads * KeyWidth, KeyHeads * ValueWidth, Heads * ValueWidth);

    /// <inheritdoc/>
    protected override void BuildParameters(IReadOnlyList<Shape> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        int queryFeatures = inputs[0].Features;
        int valueFeatures = inputs[1].Features;
        query = NewProjection("query", [queryFeatures, Heads, KeyWidth], biasAxes: 2);
        key = NewProjection("key", [inputs.Count > 2 ? inputs[2].Features : valueFeatures, KeyHeads, KeyWidth], biasAxes: 2);
        gate = useGate ? NewProjection("gate", [queryFeatures, Heads, ValueWidth], biasAxes: 2) : null;
        value = NewProjection("value", [valueFeatures, KeyHeads, ValueWidth], biasAxes: 2);
        output = NewProjection("attention_output", [Heads, ValueWidth, OutputUnits ?? queryFeatures], biasAxes: 1);
    }

    /// <inheritdoc/>
    protected override void PackParameters()
    {
        query.Pack();
        key.Pack();
        gate?.Pack();
        value.Pack();
        output.Pack();
    }

    /// <summary>Adds name and trainable, then, after what the layer adds itself, what both kinds have in common.</summary>
    private protected void AddSharedConfig(Config config)
    {
        config.Add("kernel_initializer", options.KernelInitializer);
        config.Add("bias_initializer", options.BiasInitializer);
        config.Add("kernel_regularizer", options.KernelRegularizer);
        config.Add("bias_regularizer", options.BiasRegularizer);
        config.Add("activity_regularizer", ActivityRegularizer);
        config.Add("kernel_constraint", options.KernelConstraint);
        config.Add("bias_constraint", options.BiasConstraint);
        config.Add("seed", SeedOption);
    }

    private protected bool UseBias => options.UseBias;

    /// <summary>The axes attended along as they were given; those of the input where they were not.</summary>
    private protected int[] AxesOfConfig => attentionAxes ?? [.. Enumerable.Range(1, (InputShape?.Rank ?? 2) - 1)];

    private AttentionAxes CheckInputs(IReadOnlyList<Shape> inputs) => AttentionInputs.Check(
        Introduction, inputs, Heads, takesAxes, attentionAxes, UseCausalMask || slidingWindow is not null);

    private protected int? SlidingWindow => slidingWindow;

    private void BackwardToInputs(HeadedAttentionPass pass, Span<DenseMatrix?> inputGradients)
    {
        if (pass.InputGradient(0) is { } dQuery)
        {
            query.SetInputGradient(pass.QueryGradient!, dQuery);
            if (pass.Gate is not null)
            {
                gate!.AddInputGradient(pass.GateGradient!, dQuery);
            }

            inputGradients[0] = dQuery;
        }

        if (pass.InputGradient(1) is { } dValue)
        {
            value.SetInputGradient(pass.ValueGradient!, dValue);
            if (inputGradients.Length == 2)
            {
                key.AddInputGradient(pass.KeyGradient!, dValue);
            }

            inputGradients[1] = dValue;
        }

        if (inputGradients.Length > 2 && pass.InputGradient(2) is { } dKey)
        {
            key.SetInputGradient(pass.KeyGradient!, dKey);
            inputGradients[2] = dKey;
        }
    }

    private Projection NewProjection(string name, int[] shape, int biasAxes)
    {
        int index = Parameters.Count;
        int[] outputs = shape[^biasAxes..];
        AddParameter(options.NewKernel($"{name}/kernel", shape), options.KernelInitializer);
        if (options.UseBias)
        {
            AddParameter(options.NewBias($"{name}/bias", outputs), options.BiasInitializer);
        }

        return new(
            Parameters[index], options.UseBias ? Parameters[index + 1] : null, index,
                outputs.Aggregate(1, (size, axis) => checked(size * axis)));
    }
}
