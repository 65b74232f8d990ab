namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="Normalization"/> remembers.</summary>
public sealed class NormalizationPass : Pass
{
    private readonly int[]? statistics;
    private readonly int features;

    internal NormalizationPass(Normalization layer, PassOptions options, int[]? statistics)
        : base(layer, options)
    {
        this.statistics = statistics;
        features = options.InputShape.Features;
        Output = new SequenceBatch(options.InputShape, options.BatchSize);
        Deviation = new Real[(statistics?.Max() ?? (features - 1)) + 1];
    }

    internal SequenceBatch Output { get; }

    /// <summary>σ of the last forward pass, one for each mean.</summary>
    internal Real[] Deviation { get; }

    /// <summary>Which mean a value of the storage has.</summary>
    internal int StatisticOf(int index)
    {
        int row = index % features;
        return statistics is null ? row : statistics[(index / features / Options.BatchSize * features) + row];
    }
}
