using System.Diagnostics;
using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Accuracy;

/// <summary>A series of a competition: what a method sees, and what it is judged on.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Season">Its season in steps.</param>
/// <param name="Training">What a method sees.</param>
/// <param name="Test">What came.</param>
/// <param name="Frequency">How far its steps are apart, where that is known.</param>
/// <param name="Group">What it is listed under.</param>
internal sealed record Entry(string Name, int Season, double[] Training, double[] Test, Frequency? Frequency, string Group);

/// <summary>Forecasts many series and scores the forecasts as the competitions do: means over the series.</summary>
internal static class Collection
{
    // An artificial beginning, for files that give none.
    private static readonly DateTime Start = new(2000, 1, 3, 0, 0, 0, DateTimeKind.Unspecified);

    internal static ScoreLine Run(string set, IReadOnlyList<Entry> entries, MethodChoice choice)
    {
        var watch = Stopwatch.StartNew();
        var scores = new List<SeriesScore>();
        int done = 0;
        foreach (IGrouping<(int Season, int Horizon, string? Frequency), Entry> group in entries
            .GroupBy(entry => (entry.Season, entry.Test.Length, entry.Frequency?.Name)))
        {
            Entry[] members = [.. group];
            double? budget = choice.Seconds is { } seconds
                ? Math.Max(1, seconds - watch.Elapsed.TotalSeconds) * members.Length / (entries.Count - done) : null;
            scores.AddRange(Forecast(members, choice.Create(group.Key.Season, group.Key.Horizon, budget), group.Key.Horizon,
                choice.Log));
            done += members.Length;
            choice.Log?.WriteLine($"{group.Key}: {Scores(new ScoreLine(set, choice.Name), scores[^members.Length..]).ToJson()} "
                + $"({watch.Elapsed.TotalSeconds:0} s)");
        }

        return Scores(new ScoreLine(set, choice.Name), scores)
            .Add("seconds", watch.Elapsed.TotalSeconds);
    }

    private static IEnumerable<SeriesScore> Forecast(Entry[] members, Forecaster method, int horizon, TextWriter? log)
    {
        var panel = new SeriesPanel([.. members.Select(entry => entry.Frequency is { } frequency
            ? new TimeSeries(entry.Name, entry.Training, Start, frequency) : new TimeSeries(entry.Name, entry.Training))]);
        method.Fit(panel, run: new() { OnBadSeries = BadSeries.LeaveOut });
        Dictionary<string, Forecast> forecasts = method.PredictPanel(horizon).ToDictionary(forecast => forecast.Series);
        foreach (LeftOutSeries left in method.LeftOut)
        {
            log?.WriteLine($"{left.Series} is forecast by its last value: {left.Reason}");
        }

        return members.Select(entry => SeriesScore.Of(entry, forecasts.TryGetValue(entry.Name, out Forecast? made)
            ? made.GridOf() : Last(entry.Training, horizon)));
    }

    /// <summary>What a series is forecast by that a method cannot be fitted to.</summary>
    private static QuantileGrid Last(double[] training, int horizon)
    {
        double last = training.Last(value => !double.IsNaN(value));
        double[] steps = [.. training.Skip(1).Zip(training, (y, before) => y - before).Where(double.IsFinite)];
        double sigma = steps.Length == 0 ? 0 : Math.Sqrt(steps.Average(step => step * step));
        return QuantileGrid.Normal([.. Enumerable.Repeat(last, horizon)],
            [.. Enumerable.Range(1, horizon).Select(k => sigma * Math.Sqrt(k))]);
    }

    private static ScoreLine Scores(ScoreLine line, IReadOnlyCollection<SeriesScore> scores)
    {
        double smape = Mean(score => score.Smape);
        double mase = Mean(score => score.Mase);
        return line
            .Add("series", (object)scores.Count)
            .Add("smape", smape)
            .Add("mase", mase)
            .Add("owa", ForecastMetrics.Owa(smape, mase, Mean(score => score.NaiveSmape), Mean(score => score.NaiveMase)))
            .Add("msis", Mean(score => score.Msis))
            .Add("coverage80", Mean(score => score.Coverage80))
            .Add("coverage95", Mean(score => score.Coverage95));

        double Mean(Func<SeriesScore, double> of) =>
            scores.Select(of).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
    }
}

/// <summary>The scores of a series; NaN where one does not apply.</summary>
internal sealed record SeriesScore(double Smape, double Mase, double Msis, double Coverage80, double Coverage95,
    double NaiveSmape, double NaiveMase)
{
    internal static SeriesScore Of(Entry entry, QuantileGrid forecast)
    {
        double[] naive = new Naive2(entry.Season).Forecast(entry.Training, entry.Test.Length);
        double[] point = forecast.Point.ToArray();
        (double[] low, double[] high) = forecast.Interval(0.95);
        (double[] low80, double[] high80) = forecast.Interval(0.8);
        return new(
            ForecastMetrics.Smape(entry.Test, point),
            OrNone(() => ForecastMetrics.Mase(entry.Test, point, entry.Training, entry.Season)),
            OrNone(() => ForecastMetrics.Msis(entry.Test, low, high, entry.Training, entry.Season)),
            ForecastMetrics.Coverage(entry.Test, low80, high80),
            ForecastMetrics.Coverage(entry.Test, low, high),
            ForecastMetrics.Smape(entry.Test, naive),
            OrNone(() => ForecastMetrics.Mase(entry.Test, naive, entry.Training, entry.Season)));
    }

    /// <summary>A series that repeats itself, or is shorter than a season, has no scale to divide by.</summary>
    private static double OrNone(Func<double> score)
    {
        try
        {
            return score();
        }
        catch (ArgumentException)
        {
            return double.NaN;
        }
    }
}
