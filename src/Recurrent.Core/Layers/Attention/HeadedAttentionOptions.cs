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
}
