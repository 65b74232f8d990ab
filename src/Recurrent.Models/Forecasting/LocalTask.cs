using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>One variable of one series, complete and ready to be fitted.</summary>
public sealed class LocalTask
{
    private readonly double[] values;

    /// <summary>Creates a task of bare numbers.</summary>
    /// <param name="values">The values, oldest first, all finite.</param>
    /// <param name="season">Length of a season in steps; 1 where there is none.</param>
    /// <exception cref="ArgumentException">There are no values, one is not finite, or the season is below 1.</exception>
    public LocalTask(IReadOnlyList<double> values, int season = 1)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(season);
        this.values = [.. values];
        Finite.Check(this.values, nameof(values));
        if (this.values.Length == 0)
        {
            throw new ArgumentException("There are no values.", nameof(values));
        }

        Season = season;
        Seasons = season > 1 ? [season] : [];
    }

    /// <summary>Creates a task whose values may be missing, NaN, for a method that takes gaps; the first is there.</summary>
    /// <param name="values">The values, oldest first.</param>
    /// <param name="season">Length of a season in steps; 1 where there is none.</param>
    /// <param name="gaps">Whether values may be missing.</param>
    internal LocalTask(double[] values, int season, bool gaps)
        : this(gaps ? [0] : values, season) => this.values = values;

    /// <summary>The values, oldest first; none is missing, unless the method takes gaps
    /// (<see cref="LocalForecaster.TakesGaps"/>).</summary>
    public ReadOnlySpan<double> Values => values;

    /// <summary>Length of the main season in steps; 1 where there is none.</summary>
    public int Season { get; }

    /// <summary>All seasons, shortest first: hours have 24 and 168. Empty where there is none.</summary>
    public IReadOnlyList<int> Seasons { get; init; }

    /// <summary>The covariates that are known ahead: for each the values beside <see cref="Values"/>.</summary>
    public IReadOnlyList<double[]> Regressors { get; init; } = [];

    /// <summary>How far the steps are apart; null where it is not known.</summary>
    public Frequency? Frequency { get; init; }

    /// <summary>The date of each value; null where none are known.</summary>
    public IReadOnlyList<DateTime>? Dates { get; init; }

    /// <summary>Name of the series.</summary>
    public string Series { get; init; } = "series";

    /// <summary>Name of the variable.</summary>
    public string Variable { get; init; } = "value";

    /// <summary>Where in its series the first value stands; null for bare numbers.</summary>
    internal int? FirstRow { get; init; }

    /// <summary>What became of the values before they got here, for messages: <c>once its season is taken out</c>.</summary>
    internal string? Prepared { get; init; }

    /// <summary>Refuses the first value that a method has no place for, by its row and date.</summary>
    /// <param name="refuse">What is wrong with a value and what to do, in sentences; null where nothing is.</param>
    /// <exception cref="ArgumentException">There is such a value.</exception>
    internal void Require(Func<double, string?> refuse) => ValueCheck.Require(values, refuse, i =>
        (FirstRow is { } first ? ValueCheck.Row(first + i, Dates?[i], Variable) : ValueCheck.Given(i))
            + (Prepared is null ? string.Empty : $", {Prepared},"));
}
