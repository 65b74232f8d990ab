namespace Recurrent.Forecasting;

/// <summary>
/// A network that is trained over a panel with what has shown itself best there: logarithms of positive series, windows brought
/// to mean 0 and deviation 1, errors that count by what they cost in sMAPE and in MASE, a fixed number of updates whose rate
/// falls over half a cosine, and several members.
/// </summary>
/// <remarks>
/// A series shorter than the look-back is read with zeros, the mean of its window, before its beginning. Each variable is
/// forecast by itself with the same weights. Beside the window the network reads its deviation and roughness before that.
/// </remarks>
public abstract class PanelNetwork : NetworkForecaster
{
    private protected const long ManyWindows = 50_000;
    private protected const long FewWindows = 2000;
    private const int UpdatesOfFew = 1200;
    private const int UpdatesOfSome = 3000;

    // Look-back times horizon: twice that of hours forecast two days ahead from a week.
    private const long MapOfFullTraining = 2 * 168 * 48;

    /// <summary>Creates a forecaster.</summary>
    /// <param name="lookback">Steps that it sees; null for a week where a season is a day of hours, half or quarter
    /// hours, two of any other long season, three of a short one, and at least two horizons.</param>
    /// <param name="horizon">Steps that it forecasts at once; null for a season, or 8.</param>
    /// <param name="season">Steps of a season; null for that of the series' frequency.</param>
    /// <param name="training">How it is trained; null for the defaults.</param>
    private protected PanelNetwork(int? lookback, int? horizon, int? season, NetworkTraining? training)
        : base(lookback, horizon, season, training)
    {
    }

    internal override bool IsPerVariable => true;

    internal override bool UsesLog => true;

    internal override NetworkDefaults Defaults { get; } = new()
    {
        LearningRate = 1e-3,
        Cosine = true,
        Updates = 5000,
        MostEpochs = 1000,
        ValidationShare = 0,
        Members = 3,
    };

    // Fewer windows are known by heart after fewer updates, and what a longer window costs goes with its maps.
    internal override int UpdatesFor(NetworkSizes sizes)
    {
        long updates = Math.Min(Defaults.Updates, sizes.Windows switch
        {
            >= ManyWindows => Defaults.Updates,
            < FewWindows => UpdatesOfFew,
            _ => UpdatesOfSome,
        });
        long map = (long)sizes.Lookback * sizes.Horizon;
        return (int)Math.Max(Math.Min(LeastUpdates, updates), updates * MapOfFullTraining / Math.Max(MapOfFullTraining, map));
    }

    internal override WindowScaling ScalingFor(IReadOnlyList<SeriesValues> panel, int season, int horizon) =>
        WindowScaling.Standard;

    internal override int? LookbackFor(int season, int horizon) => GlobalWindows.Lookback(season, horizon);

    internal override int LeastHistory(int lookback, int season) => GlobalWindows.LeastHistory(lookback, season);

    internal override IReadOnlyList<LazyArray> InputsOf(NetworkWindows windows) =>
        [.. base.InputsOf(windows), new SummarySource(windows)];

    internal override LazyArray? WeightsOf(NetworkWindows windows, bool anyMissing) =>
        LossName == "mse" ? base.WeightsOf(windows, anyMissing) : new RelativeWeightSource(windows);
}
