using System.Globalization;
using Recurrent.Data;
using Recurrent.Drawing;

namespace Recurrent.Forecasting;

/// <summary>
/// Judges methods on the past: forecasts from rolling origins, each made from what lies before its origin and nothing else,
/// beside what came.
/// </summary>
public static class Backtest
{
    // What is left before the first origin.
    private const int LeastTraining = 2;

    /// <summary>Judges methods on one series.</summary>
    /// <param name="series">The series.</param>
    /// <param name="methods">The methods; they are not changed, others of the same options are fitted.</param>
    /// <param name="options">The origins.</param>
    /// <exception cref="ArgumentException">The series is too short, or a method cannot be fitted; the message says
    /// which.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static BacktestResult Run(TimeSeries series, IReadOnlyList<Forecaster> methods, BacktestOptions options)
    {
        ArgumentNullException.ThrowIfNull(series);
        return Run(new SeriesPanel([series]), methods, options);
    }

    /// <summary>Judges methods on all series of a panel.</summary>
    /// <param name="panel">The series; each has its origins before its own end.</param>
    /// <param name="methods">The methods; they are not changed, others of the same options are fitted.</param>
    /// <param name="options">The origins.</param>
    /// <exception cref="ArgumentException">The series are too short, or a method cannot be fitted; the message says
    /// which.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static BacktestResult Run(SeriesPanel panel, IReadOnlyList<Forecaster> methods, BacktestOptions options)
    {
        ArgumentNullException.ThrowIfNull(panel);
        ArgumentNullException.ThrowIfNull(methods);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (methods.Count == 0)
        {
            throw new ArgumentException("There must be methods to judge.", nameof(methods));
        }

        string[] labels = Labels(methods);
        panel = PanelCheck.Aligned(panel);
        SeriesRoles roles = (options.Roles ?? new()).Resolve(panel[0].Name, panel.Variables);
        Fold[] folds = Folds(panel, options);

        // Refitted folds are independent; where state is carried on, a method's folds follow one another.
        (int Method, int[] Folds)[] jobs = options.Refit
            ? [.. methods.SelectMany((_, method) => folds.Select((_, fold) => (method, (int[])[fold])))]
            : [.. methods.Select((_, method) => (method, Enumerable.Range(0, folds.Length).ToArray()))];
        var results = new List<BacktestForecast>[jobs.Length];
        var notes = new List<string>[jobs.Length];
        var work = new LocalRun(options.Run, jobs.Length, "backtest");
        work.Each(i =>
        {
            notes[i] = [];
            results[i] = Judge(panel, methods[jobs[i].Method], labels[jobs[i].Method],
                [.. jobs[i].Folds.Select(fold => folds[fold])], roles, options, notes[i]);
        });
        for (int i = 0; i < jobs.Length; i++)
        {
            if (work.Problems[i] is { } problem)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"{labels[jobs[i].Method]}, origin {folds[jobs[i].Folds[0]].Number + 1} of {folds.Length}: ")
                    + problem.Message, problem);
            }
        }

        return new BacktestResult([.. results.SelectMany(of => of)], methods, labels, options,
            [.. folds.SelectMany(fold => fold.Notes).Concat(notes.SelectMany(of => of)).Distinct()]);
    }

    /// <summary>Puts together what was forecast in parts.</summary>
    /// <param name="panel">The series.</param>
    /// <param name="methods">The methods.</param>
    /// <param name="options">The origins.</param>
    /// <param name="forecasts">Each with its place: method times folds, plus fold.</param>
    /// <param name="notes">What the reader should know.</param>
    internal static BacktestResult Assemble(SeriesPanel panel, IReadOnlyList<Forecaster> methods, BacktestOptions options,
        IReadOnlyList<(int Key, Forecast Forecast)> forecasts, IReadOnlyList<string> notes)
    {
        string[] labels = Labels(methods);
        panel = PanelCheck.Aligned(panel);
        Fold[] folds = Folds(panel, options);
        var places = panel.Names.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i);
        BacktestForecast[] all =
        [
            .. forecasts.OrderBy(one => one.Key).ThenBy(one => places[one.Forecast.Series]).Select(one =>
            {
                (int method, int fold) = (one.Key / options.Folds, one.Key % options.Folds);
                TimeSeries series = panel[one.Forecast.Series];
                int known = series.Count - folds[fold].Back;
                return new BacktestForecast(fold, series.Slice(0, known), series.Slice(known, options.Horizon),
                    one.Forecast.With(labels[method], one.Forecast.Grids));
            }),
        ];
        return new BacktestResult(all, methods, labels, options, notes);
    }

    /// <summary>A name for each method: a number tells those apart that have the same.</summary>
    private static string[] Labels(IReadOnlyList<Forecaster> methods)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var labels = new string[methods.Count];
        for (int i = 0; i < labels.Length; i++)
        {
            string name = methods[i].Name;
            int number = seen[name] = seen.GetValueOrDefault(name) + 1;
            labels[i] = number == 1 ? name : FormattableString.Invariant($"{name} ({number})");
        }

        return labels;
    }

    private static Fold[] Folds(SeriesPanel panel, BacktestOptions options)
    {
        var folds = new Fold[options.Folds];
        for (int number = 0; number < folds.Length; number++)
        {
            long back = options.Horizon + ((long)(options.Folds - 1 - number) * (options.Step ?? options.Horizon));
            string[] names = [.. panel.Where(series => series.Count - back >= LeastTraining).Select(series => series.Name)];
            if (names.Length == 0)
            {
                TimeSeries longest = panel.MaxBy(series => series.Count)!;
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"Series '{longest.Name}' has {Figures.Count(longest.Count, "value")}: {options.Folds} origins ")
                    + string.Create(CultureInfo.InvariantCulture, $"{options.Step ?? options.Horizon} steps apart, each with "
                        + $"{options.Horizon} steps to forecast, need at least ")
                    + FormattableString.Invariant($"{back + LeastTraining}. Ask for fewer folds or fewer steps."));
            }

            string[] left = [.. panel.Names.Except(names)];
            folds[number] = new(number, (int)back, names, left.Length == 0 ? [] :
            [
                FormattableString.Invariant($"Origin {number + 1} leaves out {left.Length} series that are too short: ")
                    + string.Join(", ", left.Take(5)) + (left.Length > 5 ? ", …" : string.Empty),
            ]);
        }

        return folds;
    }

    private static List<BacktestForecast> Judge(
        SeriesPanel panel, Forecaster method, string label, Fold[] folds, SeriesRoles roles, BacktestOptions options,
        List<string> notes)
    {
        var result = new List<BacktestForecast>();
        Forecaster fresh = method.Unfitted();
        ForecastRun run = options.Run with { Progress = null };
        SeriesRoles own = fresh.Usable(roles);
        for (int i = 0; i < folds.Length; i++)
        {
            options.Run.Cancellation.ThrowIfCancellationRequested();
            Fold fold = folds[i];
            SeriesPanel before = panel.Select([.. fold.Names]).Map(series => series.Slice(0, series.Count - fold.Back));
            if (i == 0)
            {
                fresh.Fit(before, own, run);
                notes.AddRange(fresh.LeftOut.Select(left => $"Series '{left.Series}': {label} is left out: {left.Reason}"));
            }
            else
            {
                int stride = folds[i - 1].Back - fold.Back;
                fresh.Update(panel.Select([.. fresh.Series.Select(series => series.Name)])
                    .Map(series => series.Slice(series.Count - folds[i - 1].Back, stride)), run);
            }

            SeriesPanel ahead = panel.Select([.. fresh.Series.Select(series => series.Name)])
                .Map(series => series.Slice(series.Count - fold.Back, options.Horizon));
            SeriesPanel? future = own.Future!.Count == 0 ? null : ahead.SelectVariables(own.Future);
            foreach (Forecast forecast in fresh.PredictPanel(options.Horizon, future, run))
            {
                TimeSeries came = ahead[forecast.Series];
                TimeSeries training = before.Contains(forecast.Series) ? before[forecast.Series]
                    : panel[forecast.Series].Slice(0, panel[forecast.Series].Count - fold.Back);
                result.Add(new(fold.Number, training, came, forecast.With(label, forecast.Grids)));
            }
        }

        return result;
    }

    /// <summary>An origin.</summary>
    /// <param name="Number">Which one, from 0.</param>
    /// <param name="Back">How many steps before the end of each series.</param>
    /// <param name="Names">The series that are long enough.</param>
    /// <param name="Notes">What the reader should know of it.</param>
    private sealed record Fold(int Number, int Back, string[] Names, string[] Notes);
}
