namespace Recurrent.Forecasting;

/// <summary>A forecast that learns next to nothing. A model that does not beat it has not learned much more.</summary>
public abstract class BaselineForecast
{
    /// <summary>Name, as tables and charts show it.</summary>
    public abstract string Name { get; }

    /// <summary>Forecasts the steps after a training part.</summary>
    /// <param name="training">The training part, oldest first.</param>
    /// <param name="horizon">Number of steps.</param>
    /// <returns>One value for each step.</returns>
    /// <exception cref="ArgumentException">The horizon is below 1, or the training part is too short.</exception>
    public double[] Forecast(ReadOnlySpan<double> training, int horizon)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(horizon);
        SeasonCheck.Require(training.Length, Season, LengthBeyondSeason);
        var forecast = new double[horizon];
        Fill(training, forecast);
        return forecast;
    }

    /// <summary>Length of the season that is looked back on, in steps.</summary>
    private protected abstract int Season { get; }

    /// <summary>How many values are needed besides a season.</summary>
    private protected virtual int LengthBeyondSeason => 0;

    /// <summary>Writes the forecast of each step.</summary>
    private protected abstract void Fill(ReadOnlySpan<double> training, Span<double> forecast);

    /// <summary>The value, a whole number of seasons before a step, that the training part still holds; the number is at least
    /// 1.</summary>
    private protected double SeasonsBefore(ReadOnlySpan<double> training, int step) => training[^(Season - (step % Season))];

    /// <summary>A season's length, checked.</summary>
    private protected static int CheckSeason(int season)
    {
        SeasonCheck.Require(season, season, 0);
        return season;
    }
}
