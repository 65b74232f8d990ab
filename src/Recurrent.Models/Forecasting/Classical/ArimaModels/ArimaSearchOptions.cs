namespace Recurrent.Forecasting;

/// <summary>How orders are chosen.</summary>
internal sealed record ArimaSearchOptions
{
    internal int? D { get; init; }

    internal int? SeasonalD { get; init; }

    internal int MaxP { get; init; } = 5;

    internal int MaxQ { get; init; } = 5;

    internal int MaxSeasonalP { get; init; } = 2;

    internal int MaxSeasonalQ { get; init; } = 2;

    internal int MaxD { get; init; } = 2;

    internal int MaxSeasonalD { get; init; } = 1;

    internal int MaxOrder { get; init; } = 5;

    internal int MaxModels { get; init; } = 94;

    internal bool Seasonal { get; init; } = true;

    internal bool Stationary { get; init; }

    internal bool Stepwise { get; init; } = true;

    /// <summary>Whether there is a mean or drift; null to choose.</summary>
    internal bool? Constant { get; init; }

    /// <summary>What is made least.</summary>
    internal Func<ArimaEstimate, double> Criterion { get; init; } = static estimate => estimate.Aicc;

    /// <summary>Models with a root within this radius are passed over; that of a seasonal polynomial as one of Bᵐ, so that a
    /// season that changes slowly is not refused only because it is long.</summary>
    internal double UnitRootRadius { get; init; } = 1.01;

}
