using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <content>What is asked of a fitted forecaster, checked.</content>
public abstract partial class Forecaster
{
    // More steps than any series has: a horizon that was meant for something else.
    private const int MostSteps = 1_000_000;
    private const int MostPaths = 1_000_000;

    private Forecast[] PredictFor(int horizon, TimeSeries[] future, ForecastRun? run)
    {
        PredictData data = Asked(horizon, future, run);
        IReadOnlyList<IReadOnlyList<QuantileGrid>> grids = PredictCore(data);
        var forecasts = new Forecast[fitted.Length];
        for (int i = 0; i < forecasts.Length; i++)
        {
            forecasts[i] = new(fitted[i].Name, Name, Roles.Targets!, grids[i], DatesAfter(fitted[i], horizon),
                NotesOf(fitted[i]));
        }

        return forecasts;
    }

    private SamplePaths[] SampleFor(int horizon, int count, int seed, TimeSeries[] future, ForecastRun? run)
    {
        if (count is < 1 or > MostPaths)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count,
                FormattableString.Invariant($"The number of paths lies from 1 to {MostPaths}."));
        }

        PredictData data = Asked(horizon, future, run);
        IReadOnlyList<IReadOnlyList<double[][]>> paths = SampleCore(data, count, Random.SeededRandom.Key((ulong)seed, 0));
        return [.. fitted.Select((series, i) =>
            new SamplePaths(series.Name, Name, Roles.Targets!, paths[i], DatesAfter(series, horizon)))];
    }

    private PredictData Asked(int horizon, TimeSeries[] future, ForecastRun? run)
    {
        SeriesRoles own = Roles;
        if (horizon is < 1 or > MostSteps)
        {
            throw new ArgumentOutOfRangeException(nameof(horizon), horizon,
                FormattableString.Invariant($"A forecast has from 1 to {MostSteps} steps."));
        }

        run ??= ForecastRun.Default;
        run.Cancellation.ThrowIfCancellationRequested();
        return new(horizon, fitted, PanelCheck.Future(Name, fitted, own, future, horizon), run);
    }

    private static DateTime[]? DatesAfter(FittedSeries series, int horizon) =>
        series is { End: { } end, Frequency: { } frequency }
            ? frequency.After(end, horizon)
            : null;

    /// <summary>The notes on one series: those that begin with its name.</summary>
    private string[] NotesOf(FittedSeries series) => [.. notes.Where(note =>
        note.StartsWith($"Series '{series.Name}'", StringComparison.Ordinal)
        || !note.StartsWith("Series '", StringComparison.Ordinal))];

    private void RequireOne(string several)
    {
        if (!IsFitted)
        {
            throw NotFitted();
        }

        if (fitted.Length != 1)
        {
            throw new InvalidOperationException(FormattableString.Invariant(
                $"{Name} is fitted to {fitted.Length} series. Use {several}, which is for all of them."));
        }
    }

    private InvalidOperationException NotFitted() =>
        new($"{Name} is not fitted yet. Call {nameof(Fit)} with a series first, or {nameof(Load)} a fitted one.");
}
