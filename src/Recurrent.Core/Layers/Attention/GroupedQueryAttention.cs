using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Registration;
using Recurrent.Regularizers;

namespace Recurrent.Layers;

/// <summary>
/// Attention of several heads, groups of which share keys and values: as accurate as one with all heads of its own, and its
/// memory of past steps is smaller (Ainslie et al., "GQA: Training generalized multi-query transformer models from multi-head
/// checkpoints", 2023).
/// </summary>
/// <remarks>
/// The equations are those of <see cref="HeadedAttention"/>, where heads h·g … h·g + g − 1 of the queries, g of them to a group,
/// use head h of keys and values. Inputs: query (batch, queries, features), value (batch, keys, features) and, where they are not
/// the value, keys. Output: (batch, queries, features of the query). Parameters: query/kernel (features, query heads, headDim),
/// key/kernel (features, key heads, headDim), with a gate gate/kernel, value/kernel and attention_output/kernel (query heads,
/// headDim, features), each followed by its bias. Keras's keras.layers.GroupedQueryAttention.
/// </remarks>
public sealed class GroupedQueryAttention : HeadedAttention
{
    /// <summary>Creates the layer.</summary>
    /// <param name="headDim">Features of a head, at least 1.</param>
    /// <param name="numQueryHeads">Number of heads of the queries; a multiple of <paramref name="numKeyValueHeads"/>.</param>
    /// <param name="numKeyValueHeads">Number of heads of keys and values, at least 1.</param>
    /// <param name="dropout">The share of weights that training drops, from 0 to 1; default 0.</param>
    /// <param name="useBias">Whether biases are added; default true.</param>
    /// <param name="slidingWindow">A query looks at keys less than so many steps away; null (the default) for all.</param>
    /// <param name="kernelInitializer">First values of the kernels; null is Keras's default, <c>glorot_uniform</c>.</param>
    /// <param name="biasInitializer">First values of the biases; null is Keras's default, <c>zeros</c>.</param>
    /// <param name="kernelRegularizer">Penalty on the kernels; none by default.</param>
    /// <param name="biasRegularizer">Penalty on the biases; none by default.</param>
    /// <param name="activityRegularizer">Penalty on what each projection gives, divided by the batch size; none by
    /// default.</param>
    /// <param name="kernelConstraint">Projection of the kernels after each update; none by default.</param>
    /// <param name="biasConstraint">Projection of the biases after each update; none by default.</param>
    /// <param name="useGate">Whether the context is multiplied with a gate of its own, σ(W·query + b); default false.</param>
    /// <param name="useCausalMask">Whether query t looks at keys 0 … t only; default false. An argument of the call in
    /// Keras.</param>
    /// <param name="returnAttentionScores">
    /// Whether the weights are a second output, (batch, heads, queries, keys); default false. An argument of the call in Keras.
    /// </param>
    /// <param name="seed">Seed of the dropout; null (the default) takes it from the model.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>grouped_query_attention</c>.</param>
    /// <param name="trainable">Whether training changes the parameters; true by default.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public GroupedQueryAttention(
        int headDim,
        int numQueryHeads,
        int numKeyValueHeads,
        double dropout = 0,
        bool useBias = true,
        int? slidingWindow = null,
        Initializer? kernelInitializer = null,
        Initializer? biasInitializer = null,
        Regularizer? kernelRegularizer = null,
        Regularizer? biasRegularizer = null,
        Regularizer? activityRegularizer = null,
        Constraint? kernelConstraint = null,
        Constraint? biasConstraint = null,
        bool useGate = false,
        bool useCausalMask = false,
        bool returnAttentionScores = false,
        int? seed = null,
        string? name = null,
        bool trainable = true)
        : this(
            new HeadedAttentionOptions(numQueryHeads, numKeyValueHeads, headDim, headDim, null)
            {
                Dropout = dropout,
                UseGate = useGate,
                SlidingWindow = slidingWindow,
                UseCausalMask = useCausalMask,
                ReturnAttentionScores = returnAttentionScores,
                Projections = new(
                    useBias, kernelInitializer ?? "glorot_uniform", biasInitializer ?? "zeros",
                    kernelRegularizer, biasRegularizer, kernelConstraint, biasConstraint),
                ActivityRegularizer = activityRegularizer,
                Seed = seed,
            },
            name,
            trainable)
    {
    }

    private GroupedQueryAttention(HeadedAttentionOptions options, string? name, bool trainable)
        : base(
            options,
            name,
            trainable,
            $"headDim, numQueryHeads and numKeyValueHeads must be at least 1, but are {options.KeyWidth}, {options.Heads} and "
            + $"{options.KeyHeads}")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "GroupedQueryAttention";

    /// <summary>Features of a head.</summary>
    public int HeadDim => KeyWidth;

    /// <summary>Number of heads of the queries.</summary>
    public int NumQueryHeads => Heads;

    /// <summary>Number of heads of keys and values.</summary>
    public int NumKeyValueHeads => KeyHeads;

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        var config = new Config { { "name", Name }, { "trainable", Trainable } };
        config.Add("head_dim", KeyWidth);
        config.Add("num_query_heads", Heads);
        config.Add("num_key_value_heads", KeyHeads);
        config.Add("use_bias", UseBias);
        config.Add("use_gate", UseGate);
        config.Add("sliding_window", SlidingWindow);
        config.Add("dropout", Rate);
        AddSharedConfig(config);
        return config;
    }

    internal static GroupedQueryAttention Read(ConfigReader config)
    {
        int headDim = config.Int("head_dim");
        return new(
            HeadedAttentionOptions.Read(
                config, config.Int("num_query_heads"), config.Int("num_key_value_heads"), headDim, headDim),
            config.Name(),
            config.Trainable());
    }
}
