using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>Differences from the value a season before, as <see cref="Difference"/> takes them.</summary>
public sealed class SeasonalDifference : Difference
{
    /// <summary>Creates the preparation.</summary>
    /// <param name="season">Length of a season in steps, at least 1; null takes that of the series' frequency.</param>
    /// <param name="order">How often differences are taken; at least 1.</param>
    /// <param name="variables">Names of the variables that it is for; null for all.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SeasonalDifference(int? season = null, int order = 1, IReadOnlyList<string>? variables = null)
        : base(season, order, variables)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(SeasonalDifference);

    /// <inheritdoc/>
    protected override void AddOptions(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Add("season", Lag);
        config.Add("order", Order);
    }
}
