namespace Recurrent.Forecasting;

/// <summary>Every step will be as it was a season ago: <c>f_{n+k} = y_{n+k−m⌈k/m⌉}</c> for a season of m steps.</summary>
public sealed class SeasonalNaive : BaselineForecast
{
    /// <summary>Creates the forecast.</summary>
    /// <param name="season">Length of a season in steps: 12 for months in a year.</param>
    /// <exception cref="ArgumentOutOfRangeException">A season has at least 1 step.</exception>
    public SeasonalNaive(int season) => Season = CheckSeason(season);

    /// <inheritdoc/>
    public override string Name => "Seasonal naive";

    /// <inheritdoc/>
    private protected override int Season { get; }

    /// <inheritdoc/>
    private protected override void Fill(ReadOnlySpan<double> training, Span<double> forecast)
    {
        for (int k = 0; k < forecast.Length; k++)
        {
            forecast[k] = SeasonsBefore(training, k);
        }
    }
}
