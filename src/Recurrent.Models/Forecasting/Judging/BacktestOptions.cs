namespace Recurrent.Forecasting;

/// <summary>From which points of a series forecasts are made, and how.</summary>
/// <param name="Horizon">Steps of each forecast.</param>
public sealed record BacktestOptions(int Horizon)
{
    private const int DefaultFolds = 5;

    /// <summary>Number of origins; default 5. The last one is <see cref="Horizon"/> steps before the end.</summary>
    public int Folds { get; init; } = DefaultFolds;

    /// <summary>Steps from one origin to the next; null for <see cref="Horizon"/>, so that no step is forecast twice.</summary>
    public int? Step { get; init; }

    /// <summary>
    /// Whether everything, preparation included, is fitted anew at each origin to what lies before it. Otherwise each method is
    /// fitted once, at the first origin, and takes in what comes
    /// (<see cref="Forecaster.Update(Data.SeriesPanel, ForecastRun?)"/>).
    /// </summary>
    public bool Refit { get; init; } = true;

    /// <summary>The season by which errors are scaled; null for that of the series' frequency, 1 where none is known.</summary>
    public int? Season { get; init; }

    /// <summary>What each variable is for; null to forecast all of them.</summary>
    public SeriesRoles? Roles { get; init; }

    /// <summary>How it is run: threads share the folds, with the same bits on any number of them.</summary>
    public ForecastRun Run { get; init; } = ForecastRun.Default;

    /// <summary>Throws where a number is out of range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is.</exception>
    internal void Check()
    {
        if (Horizon < 1 || Folds < 1 || Step is < 1 || Season is < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(Horizon), Horizon,
                "Horizon, folds, the steps between them and the season are at least 1.");
        }
    }
}
