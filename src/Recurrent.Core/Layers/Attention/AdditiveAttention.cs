using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>Additive attention (Bahdanau, Cho and Bengio, "Neural machine translation by jointly learning to align and
/// translate", 2015).</summary>
/// <remarks>
/// The score of a query and a key is <c>wᵀ·tanh(q + k)</c>, where the weights w are ones unless <c>useScale</c> makes them a
/// parameter. Inputs: query (batch, queries, features), value (batch, keys, value features) and, where they are not the value,
/// keys (batch, keys, features). Output: (batch, queries, value features). Parameter: scale (features), where it is used. The
/// projections of the paper are Dense layers before it. Keras's keras.layers.AdditiveAttention; what is not said here is said at
/// <see cref="ScoredAttention"/>.
/// </remarks>
public sealed class AdditiveAttention : ScoredAttention
{
    private readonly bool useScale;

    /// <summary>Creates the layer.</summary>
    /// <param name="useScale">Whether the weights w are trained; default true.</param>
    /// <param name="dropout">The share of weights that training drops, from 0 to 1; default 0.</param>
    /// <param name="useCausalMask">Whether query t looks at keys 0 … t only; default false. An argument of the call in
    /// Keras.</param>
    /// <param name="returnAttentionScores">
    /// Whether the weights of the keys are a second output, (batch, queries, keys); default false. An argument of the call in
    /// Keras.
    /// </param>
    /// <param name="seed">Seed of the dropout; null (the default) takes it from the model.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>additive_attention</c>.</param>
    /// <param name="trainable">Whether training changes the parameters; true by default.</param>
    /// <exception cref="ArgumentException">The dropout is out of range.</exception>
    public AdditiveAttention(
        bool useScale = true,
        double dropout = 0,
        bool useCausalMask = false,
        bool returnAttentionScores = false,
        int? seed = null,
        string? name = null,
        bool trainable = true)
        : base(dropout, useCausalMask, returnAttentionScores, seed, name, trainable) => this.useScale = useScale;

    /// <inheritdoc/>
    public override string ClassName => "AdditiveAttention";

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("use_scale", useScale);
        config.Add("dropout", Rate);
        config.Add("seed", SeedOption);
        return config;
    }

    internal static AdditiveAttention Read(ConfigReader config) =>
        new(
            config.Bool("use_scale", true),
            config.Double("dropout", 0),
            config.Bool("use_causal_mask", false),
            config.Bool("return_attention_scores", false),
            config.OptionalInt("seed"),
            config.Name(),
            config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };

    /// <inheritdoc/>
    internal override AttentionScores NewScores(PassOptions pass, int keys) =>
        new AdditiveScores(pass.InputShapes[0].Features, keys, learnsScale: false);

    /// <inheritdoc/>
    protected override void BuildParameters(IReadOnlyList<Shapes.Shape> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (useScale)
        {
            AddParameter(new("scale", [inputs[0].Features]), "glorot_uniform");
        }
    }

    /// <inheritdoc/>
    private protected override void TakeParameters(AttentionScores scores)
    {
        var additive = (AdditiveScores)scores;
        if (useScale)
        {
            Parameters[0].Values.CopyTo(additive.Weights.Values);
        }
        else
        {
            Array.Fill(additive.Weights.Values, 1);
        }

        additive.TakeWeights();
        Array.Clear(additive.WeightGradients);
    }

    /// <inheritdoc/>
    private protected override void AddParameterGradients(AttentionScores scores, IReadOnlyList<DenseMatrix> gradients)
    {
        if (useScale)
        {
            Numerics.VectorMath.Add(((AdditiveScores)scores).WeightGradients, gradients[0].Values);
        }
    }
}
