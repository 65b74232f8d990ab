using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>How <see cref="Attention"/> compares a query with a key.</summary>
public enum AttentionScoreMode
{
    /// <summary>Their dot product: <c>qᵀ·k</c>.</summary>
    Dot,

    /// <summary>The sum of <c>tanh(q + k)</c> over the features.</summary>
    Concat,
}

/// <summary>Dot-product attention (Luong, Pham and Manning, "Effective approaches to attention-based neural machine translation",
/// 2015).</summary>
/// <remarks>
/// The score of a query and a key is <c>s·qᵀ·k</c>, or with the mode <c>concat</c> <c>w·Σ tanh(s·(q + k))</c>, where the scale s
/// is 1 unless <c>useScale</c> makes it a parameter, and w is a parameter. Inputs: query (batch, queries, features), value
/// (batch, keys, value features) and, where they are not the value, keys (batch, keys, features). Output: (batch, queries, value
/// features). Parameters: scale (), where it is used, and concat_score_weight () in that mode. Keras's keras.layers.Attention;
/// what is not said here is said at <see cref="ScoredAttention"/>.
/// </remarks>
/// <example><code>
/// Symbol context = new Attention().Call(decoder, encoder);
/// </code></example>
public sealed class Attention : ScoredAttention
{
    private readonly bool useScale;
    private readonly AttentionScoreMode scoreMode;

    /// <summary>Creates the layer.</summary>
    /// <param name="useScale">Whether a trained factor scales the scores; default false.</param>
    /// <param name="scoreMode">How a query and a key are compared; default their dot product.</param>
    /// <param name="dropout">The share of weights that training drops, from 0 to 1; default 0.</param>
    /// <param name="useCausalMask">Whether query t looks at keys 0 … t only; default false. An argument of the call in
    /// Keras.</param>
    /// <param name="returnAttentionScores">
    /// Whether the weights are a second output, (batch, queries, keys); default false. An argument of the call in Keras.
    /// </param>
    /// <param name="seed">Seed of the dropout; null (the default) takes it from the model.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>attention</c>.</param>
    /// <param name="trainable">Whether training changes the parameters; true by default.</param>
    /// <exception cref="ArgumentException">The dropout is out of range.</exception>
    public Attention(
        bool useScale = false,
        AttentionScoreMode scoreMode = AttentionScoreMode.Dot,
        double dropout = 0,
        bool useCausalMask = false,
        bool returnAttentionScores = false,
        int? seed = null,
        string? name = null,
        bool trainable = true)
        : base(dropout, useCausalMask, returnAttentionScores, seed, name, trainable)
    {
        this.useScale = useScale;
        this.scoreMode = scoreMode;
    }

    /// <inheritdoc/>
    public override string ClassName => "Attention";

    private bool IsDot => scoreMode == AttentionScoreMode.Dot;

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("use_scale", useScale);
        config.Add("score_mode", IsDot ? "dot" : "concat");
        config.Add("dropout", Rate);
        config.Add("seed", SeedOption);
        return config;
    }

    internal static Attention Read(ConfigReader config)
    {
        config.Expect("score_mode", "dot", "concat");
        return new(
            config.Bool("use_scale", false),
            config.OptionalString("score_mode") == "concat" ? AttentionScoreMode.Concat : AttentionScoreMode.Dot,
            config.Double("dropout", 0),
            config.Bool("use_causal_mask", false),
            config.Bool("return_attention_scores", false),
            config.OptionalInt("seed"),
            config.Name(),
            config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };
    }

    /// <inheritdoc/>
    internal override AttentionScores NewScores(PassOptions pass, int keys)
    {
        int width = pass.InputShapes[0].Features;
        return IsDot
            ? new DotScores(width, keys, SoftmaxAttention.Block(pass.InputShapes[0].Steps), pass.Differentiable, useScale)
            : new AdditiveScores(width, keys, useScale);
    }

    /// <inheritdoc/>
    protected override void BuildParameters(IReadOnlyList<Shapes.Shape> inputs)
    {
        if (useScale)
        {
            AddParameter(new("scale", []), "ones");
        }

        if (!IsDot)
        {
            AddParameter(new("concat_score_weight", []), "ones");
        }
    }

    /// <inheritdoc/>
    private protected override void TakeParameters(AttentionScores scores)
    {
        Real scale = useScale ? Parameters[0].Values[0] : 1;
        if (scores is DotScores dot)
        {
            dot.Scale = scale;
            dot.ScaleGradient = 0;
        }
        else
        {
            var additive = (AdditiveScores)scores;
            Array.Fill(additive.Weights.Values, Parameters[^1].Values[0]);
            additive.TakeWeights();
            additive.Scale = scale;
            additive.ScaleGradient = 0;
            Array.Clear(additive.WeightGradients);
        }
    }

    /// <inheritdoc/>
    private protected override void AddParameterGradients(AttentionScores scores, IReadOnlyList<DenseMatrix> gradients)
    {
        if (useScale)
        {
            gradients[0].Values[0] += scores is DotScores dot ? dot.ScaleGradient : ((AdditiveScores)scores).ScaleGradient;
        }

        if (scores is AdditiveScores additive)
        {
            gradients[^1].Values[0] += (Real)Numerics.Sums.Of<Real>(additive.WeightGradients);
        }
    }
}
