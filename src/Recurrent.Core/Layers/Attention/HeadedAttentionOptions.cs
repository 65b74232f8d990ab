using Recurrent.Registration;
using Recurrent.Regularizers;

namespace Recurrent.Layers;

/// <summary>What both kinds of attention with heads are made with.</summary>
internal sealed record HeadedAttentionOptions(int Heads, int KeyHeads, int KeyWidth, int ValueWidth, int? OutputUnits)
{
    /// <summary>The share of weights that training drops.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether the context goes through a gate.</summary>
    public bool UseGate { get; init; }

    /// <summary>How near a key must be to its query.</summary>
    public int? SlidingWindow { get; init; }

    /// <summary>Whether a query looks at the keys up to its own step only.</summary>
    public bool UseCausalMask { get; init; }

    /// <summary>Whether the weights are a second output.</summary>
    public bool ReturnAttentionScores { get; init; }

    /// <summary>The options of the projections.</summary>
    public required ProjectionOptions Projections { get; init; }

    /// <summary>Penalty on what the projections give.</summary>
    public Regularizer? ActivityRegularizer { get; init; }

    /// <summary>Seed of the dropout.</summary>
    public int? Seed { get; init; }

    /// <summary>The axes attended along; null for all between samples and features.</summary>
    public IReadOnlyList<int>? AttentionAxes { get; init; }

    /// <summary>Whether inputs may have more axes than steps and features.</summary>
    public bool TakesAxes { get; init; }

    /// <summary>Reads what both kinds call by the same names.</summary>
    /// <param name="config">The config of the layer.</param>
    /// <param name="heads">Number of heads of the queries.</param>
    /// <param name="keyHeads">Number of heads of keys and values.</param>
    /// <param name="keyWidth">Features of a head of queries and keys.</param>
    /// <param name="valueWidth">Features of a head of the values.</param>
    /// <param name="outputUnits">Features of the output; null for those of the query.</param>
    public static HeadedAttentionOptions Read(
        ConfigReader config, int heads, int keyHeads, int keyWidth, int valueWidth, int? outputUnits = null)
    {
        config.Expect("flash_attention", null, false);
        return new(heads, keyHeads, keyWidth, valueWidth, outputUnits)
        {
            Dropout = config.Double("dropout", 0),
            UseGate = config.Bool("use_gate", false),
            SlidingWindow = config.OptionalInt("sliding_window"),
            UseCausalMask = config.Bool("use_causal_mask", false),
            ReturnAttentionScores = config.Bool("return_attention_scores", false),
            Projections = ProjectionOptions.Read(config),
            ActivityRegularizer = config.ActivityRegularizer(),
            Seed = config.OptionalInt("seed"),
        };
    }
}
