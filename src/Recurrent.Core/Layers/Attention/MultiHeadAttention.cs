using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Registration;
using Recurrent.Regularizers;

namespace Recurrent.Layers;

/// <summary>Attention of several heads as in transformers (Vaswani et al., "Attention is all you need", 2017).</summary>
/// <remarks>
/// The equations are those of <see cref="HeadedAttention"/>. Inputs: query (batch, queries, features), value (batch, keys,
/// features) and, where they are not the value, keys. Output: (batch, queries, outputShape), by default as wide as the query.
/// Parameters: query/kernel (features, heads, keyDim), key/kernel, with a gate gate/kernel, value/kernel (…, heads, valueDim) and
/// attention_output/kernel (heads, valueDim, outputs), each followed by its bias. Keras's keras.layers.MultiHeadAttention.
/// Where inputs have more axes, as (batch, rows, steps, features), <c>attentionAxes</c> names those attended along, and each
/// place on the others is attended over by itself; scores then are (batch, other axes, heads, axes of the queries, of the keys).
/// </remarks>
/// <example><code>
/// Symbol attended = new MultiHeadAttention(numHeads: 4, keyDim: 16).Call(query, value);
/// </code></example>
public sealed class MultiHeadAttention : HeadedAttention
{
    /// <summary>Creates the layer.</summary>
    /// <param name="numHeads">Number of heads, at least 1.</param>
    /// <param name="keyDim">Features of a head of queries and keys, at least 1.</param>
    /// <param name="valueDim">Features of a head of the values; null (the default) is <paramref name="keyDim"/>.</param>
    /// <param name="dropout">The share of weights that training drops, from 0 to 1; default 0.</param>
    /// <param name="useBias">Whether biases are added; default true.</param>
    /// <param name="outputShape">Features of the output; null (the default) is those of the query.</param>
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
    /// <param name="name">Name of the layer; null takes one from the model: <c>multi_head_attention</c>.</param>
    /// <param name="trainable">Whether training changes the parameters; true by default.</param>
    /// <param name="attentionAxes">
    /// The axes attended along, in rising order, 1 being the first of a sample; null (the default) for all between samples and
    /// features.
    /// </param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public MultiHeadAttention(
        int numHeads,
        int keyDim,
        int? valueDim = null,
        double dropout = 0,
        bool useBias = true,
        int? outputShape = null,
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
        bool trainable = true,
        IReadOnlyList<int>? attentionAxes = null)
        : this(
            new HeadedAttentionOptions(numHeads, numHeads, keyDim, valueDim ?? keyDim, outputShape)
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
                AttentionAxes = attentionAxes,
                TakesAxes = true,
            },
            name,
            trainable)
    {
    }

    private MultiHeadAttention(HeadedAttentionOptions options, string? name, bool trainable)
        : base(
            options,
            name,
            trainable,
            $"numHeads, keyDim and valueDim must be at least 1, but are {options.Heads}, {options.KeyWidth} and "
            + $"{options.ValueWidth}")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "MultiHeadAttention";

    /// <summary>Number of heads.</summary>
    public int NumHeads => Heads;

    /// <summary>Features of a head of queries and keys.</summary>
    public int KeyDim => KeyWidth;

    /// <summary>Features of a head of the values.</summary>
    public int ValueDim => ValueWidth;

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        var config = new Config { { "name", Name }, { "trainable", Trainable } };
        config.Add("num_heads", Heads);
        config.Add("key_dim", KeyWidth);
        config.Add("value_dim", ValueWidth);
        config.Add("dropout", Rate);
        config.Add("use_bias", UseBias);
        config.Add("use_gate", UseGate);
        config.Add("output_shape", OutputUnits is int units ? new[] { units } : null);
        config.Add("attention_axes", AxesOfConfig);
        config.Add("sliding_window", SlidingWindow);
        AddSharedConfig(config);
        return config;
    }

    internal static MultiHeadAttention Read(ConfigReader config)
    {
        int heads = config.Int("num_heads");
        int keyDim = config.Int("key_dim");
        int valueDim = config.OptionalInt("value_dim") ?? keyDim;
        return new(
            HeadedAttentionOptions.Read(config, heads, heads, keyDim, valueDim, Units(config)) with
            {
                AttentionAxes = config.Raw("attention_axes") is null ? null : config.Ints("attention_axes"),
                TakesAxes = true,
            },
            config.Name(),
            config.Trainable());
    }

    private static int? Units(ConfigReader config) => config.Raw("output_shape") switch
    {
        null => null,
        long => config.Int("output_shape"),
        _ => config.OptionalInts("output_shape") is [int units]
            ? units
            : throw new ConfigException($"{config.Owner}: output_shape must have one axis, the features of the output."),
    };
}
