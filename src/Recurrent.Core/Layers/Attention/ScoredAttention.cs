using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Attention without projections: the inputs are queries, values and keys as they are, and one rule compares
/// them.</summary>
/// <remarks>
/// <para>
/// Forward: <c>c_t = Σ_s a_ts·v_s</c> with <c>a_t = softmax_s(score(q_t, k_s))</c>; backward as in
/// <see cref="SoftmaxAttention"/>, then that of the score. It is called with the query and the value, and where they are not the
/// value the keys: <c>layer.Call(query, value)</c> or <c>layer.Call(query, value, key)</c>.
/// </para>
/// <para>
/// The mask of the value hides keys; where the mask of the query hides a step, the output is zero there, and that mask is passed
/// on. A query that may look at nothing gives all keys the same weight, as in Keras.
/// </para>
/// </remarks>
public abstract class ScoredAttention : Layer, ICaching
{
    private protected ScoredAttention(
        double dropout, bool useCausalMask, bool returnAttentionScores, int? seed, string? name, bool trainable)
        : base(name, trainable, inputShape: null)
    {
        new OptionCheck(Introduction)
            .Require(dropout is >= 0 and <= 1,
                FormattableString.Invariant($"dropout must be at least 0 and at most 1, but is {dropout}"), "dropout")
            .ThrowIfAny();
        Rate = dropout;
        UseCausalMask = useCausalMask;
        ReturnAttentionScores = returnAttentionScores;
        SeedOption = seed;
    }

    /// <summary>Whether query t looks at keys 0 … t only.</summary>
    public bool UseCausalMask { get; }

    /// <summary>Whether the weights of the keys, after dropout, are a second output: (batch, queries, keys).</summary>
    public bool ReturnAttentionScores { get; }

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => CachedSteps.Obstacle(UseCausalMask, ReturnAttentionScores);

    internal override Obstacle? ObstacleBeside(ReadOnlySpan<bool> isFixed) =>
        CachedSteps.ObstacleBeside(isFixed, UseCausalMask, slidingWindow: null, StreamingObstacle);

    internal override bool TakesMemory(int input) => input is 1 or 2;

    internal override Obstacle? StateObstacle => CachedSteps.StateObstacle(UseCausalMask);

    IReadOnlyList<string> ICaching.CacheNames => CachedSteps.Names;

    IReadOnlyList<int> ICaching.CacheSizes(IReadOnlyList<Shape> inputs) => [inputs[^1].Features, inputs[1].Features, 1];

    int ICaching.CachedInput => 1;

    NDArray ICaching.ReadCache(Pass pass, int part) => ((ScoredAttentionPass)pass).Growing!.Cache.Read(part);

    void ICaching.WriteCache(Pass pass, ReadOnlySpan<NDArray> parts) => ((ScoredAttentionPass)pass).Growing!.Cache.Write(parts);

    void ICaching.SelectCache(Pass pass, ReadOnlySpan<int> samples) => ((ScoredAttentionPass)pass).Growing!.Cache.Select(samples);

    internal override string? StepObstacle(Pass pass, int steps) =>
        CachedSteps.StepObstacle(((ScoredAttentionPass)pass).Growing, steps);

    /// <summary>The share of weights that training drops.</summary>
    internal double Rate { get; }

    internal override CallForm CallForm => CallForm.List with
    {
        Options = [new("use_causal_mask", UseCausalMask), new("return_attention_scores", ReturnAttentionScores)],
    };

    /// <inheritdoc/>
    internal override Obstacle? SequentialObstacle =>
        new("it takes a query and a value", "Use SelfAttention, or new Model(inputs, outputs) with layer.Call(query, value)");

    /// <inheritdoc/>
    public override IReadOnlyList<Shape> ComputeOutputShapes(IReadOnlyList<Shape> inputs)
    {
        AttentionInputs.Check(Introduction, inputs, sameWidths: true);
        Shape context = new([inputs[0][0], inputs[1][1]]);
        return ReturnAttentionScores ? [context, new Shape([inputs[0][0], inputs[1][0]])] : [context];
    }

    /// <inheritdoc/>
    public override Pass CreatePass(PassOptions options) => new ScoredAttentionPass(this, options);

    /// <inheritdoc/>
    public override void Forward(Pass pass, ReadOnlySpan<SequenceBatch> inputs, Span<SequenceBatch> outputs)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var own = (ScoredAttentionPass)pass;
        own.TakeInputs(inputs);
        TakeParameters(own.Compared);
        ulong? draws = pass.Training && Rate > 0 ? pass.DrawKey(Seed) : null;
        own.Attention.Forward(own.Query, own.Key, own.Value, own.Output.Values, own.Scores?.Values, draws);
        own.ClearHiddenQueries(own.Output.Values);
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
        var own = (ScoredAttentionPass)pass;
        DenseMatrix dC = outputGradients[0] ?? own.NoContextGradient();
        own.ClearHiddenQueries(dC);

        // Where the values are the keys, too, both gradients are added up in one place.
        DenseMatrix? dValue = own.InputGradient(1);
        DenseMatrix? dKey = inputGradients.Length > 2 ? own.InputGradient(2) : dValue;
        own.Attention.Backward(dC, outputGradients.Length > 1 ? outputGradients[1] : null, own.InputGradient(0), dKey, dValue);
        AddParameterGradients(own.Compared, pass.Gradients);
        for (int i = 0; i < inputGradients.Length; i++)
        {
            inputGradients[i] = own.InputGradient(i);
        }
    }

    /// <summary>Makes the rule that compares queries and keys.</summary>
    /// <param name="pass">What the pass is for.</param>
    /// <param name="keys">For how many keys.</param>
    internal abstract AttentionScores NewScores(PassOptions pass, int keys);

    /// <summary>Hands the parameters to the rule, and clears the gradients that it adds up.</summary>
    /// <param name="scores">The rule of a pass.</param>
    private protected abstract void TakeParameters(AttentionScores scores);

    /// <summary>Adds the gradients of the parameters.</summary>
    /// <param name="scores">The rule of a pass, which has added them up.</param>
    /// <param name="gradients">Where to.</param>
    private protected abstract void AddParameterGradients(AttentionScores scores, IReadOnlyList<DenseMatrix> gradients);
}
