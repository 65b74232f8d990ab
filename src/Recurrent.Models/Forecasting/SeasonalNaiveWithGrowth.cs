using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>
/// Every step will be as it was a season ago, plus the growth of a mean season: <c>f_{n+k} = y_{n+k−m⌈k/m⌉} + ⌈k/m⌉ · ḡ</c>,
/// where ḡ is the mean of <c>y_t − y_{t−m}</c> over the training part. On a logarithmic scale that is growth by a factor. A
/// season of one step makes it the straight line through the first and the last value.
/// </summary>
public sealed class SeasonalNaiveWithGrowth : BaselineForecast
{
    private readonly Scaler scale;

    /// <summary>Creates the forecast.</summary>
    /// <param name="season">Length of a season in steps: 12 for months in a year.</param>
    /// <param name="scale">The scale on which growth is even, for instance <see cref="LogTransform"/>; null is the series'
    /// own.</param>
    /// <exception cref="ArgumentOutOfRangeException">A season has at least 1 step.</exception>
    public SeasonalNaiveWithGrowth(int season, Scaler? scale = null)
    {
        Season = CheckSeason(season);
        this.scale = scale ?? new IdentityTransform();
    }

    /// <inheritdoc/>
    public override string Name => Season == 1 ? "Naive + growth" : "Seasonal naive + growth";

    /// <inheritdoc/>
    private protected override int Season { get; }

    /// <inheritdoc/>
    private protected override int LengthBeyondSeason => 1;

    /// <inheritdoc/>
    private protected override void Fill(ReadOnlySpan<double> training, Span<double> forecast)
    {
        double[] scaled = scale.Transform(training);

        // Leaves room for the sum of any number of differences.
        int exponent = Math.Max(0, Magnitude.Exponent(scaled) - 960);
        for (int t = 0; t < scaled.Length; t++)
        {
            scaled[t] = Math.ScaleB(scaled[t], -exponent);
        }

        double growth = 0;
        for (int t = Season; t < scaled.Length; t++)
        {
            growth += scaled[t] - scaled[t - Season];
        }

        growth /= scaled.Length - Season;

        for (int k = 0; k < forecast.Length; k++)
        {
            int seasons = (k / Season) + 1;
            forecast[k] = scale.Inverse(Math.ScaleB(SeasonsBefore(scaled, k) + (seasons * growth), exponent));
        }
    }
}
