using System.CommandLine;
using System.Globalization;
using Recurrent.Cli.Output;
using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Cli.Commands;

/// <summary>What several commands have in common.</summary>
internal static class Common
{
    private const int WithoutSeason = 10;

    // A forecast longer than this share of the series says little.
    private const int MostShare = 5;

    internal static Option<bool> Json() => new("--json") { Description = "print JSON" };

    internal static Option<string?> Report() => new("--report") { Description = "write a page with charts: report.html" };

    internal static Option<int?> Horizon() => Positive("--horizon", "-n", "steps to forecast (a season, or 10)");

    /// <summary>An option that takes a whole number of at least 1.</summary>
    internal static Option<int?> Positive(string name, string? alias, string description)
    {
        var option = alias is null ? new Option<int?>(name) : new Option<int?>(name, alias);
        option.Description = description;
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1
                && int.TryParse(result.Tokens[0].Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value)
                && value < 1)
            {
                result.AddError($"{name} must be at least 1, but is {value}.");
            }
        });
        return option;
    }

    /// <summary>The horizon that was asked for, or a season that the series can bear.</summary>
    internal static int HorizonFor(TimeSeries series, int? asked, SeriesPanel? ahead = null)
    {
        if (ahead is not null && asked is null)
        {
            return ahead.Min(rows => rows.Count);
        }

        int season = series.Frequency?.Season ?? 1;
        return asked ?? Math.Max(1, Math.Min(season > 1 ? season : WithoutSeason, series.Count / MostShare));
    }

    /// <summary>Requires what is known ahead for all steps that are asked for, before a method is fitted.</summary>
    internal static void RequireAhead(
        Forecaster method, SeriesPanel panel, SeriesRoles? roles, SeriesPanel? ahead, int steps)
    {
        if (roles?.Future is { Count: > 0 } && method.Uses.HasFlag(Covariates.Future))
        {
            _ = PanelCheck.Future(
                method.Name, [.. panel.Select(PanelCheck.Ending)], roles, ahead is null ? [] : [.. ahead], steps);
        }
    }

    /// <summary>How work is run: with progress, and until it is stopped.</summary>
    internal static ForecastRun Run(
        ProgressLine progress, CancellationToken cancellation, BadSeries onBadSeries = BadSeries.Refuse) =>
        new() { Progress = progress, Cancellation = cancellation, OnBadSeries = onBadSeries };

    /// <summary>The forecast as a table, or as part of the JSON document.</summary>
    internal static void Print(Printer printer, IReadOnlyList<Forecast> forecasts)
    {
        printer.Put("forecasts", forecasts.Select(AsDocument).ToArray<object?>());
        foreach (Forecast forecast in forecasts)
        {
            foreach (string variable in forecast.Variables)
            {
                QuantileGrid grid = forecast.GridOf(variable);
                (double[] low80, double[] high80) = grid.Interval(0.8);
                (double[] low95, double[] high95) = grid.Interval(0.95);
                string name = forecast.Variables.Count > 1 ? $"{forecast.Series}, {variable}" : forecast.Series;
                printer.Table(
                    [forecast.Dates is null ? "step" : "date", "forecast", "low 80 %", "high 80 %", "low 95 %", "high 95 %"],
                    Enumerable.Range(0, forecast.Horizon).Select(i => (object?[])
                        [StepName(forecast, i), grid.Point[i], low80[i], high80[i], low95[i], high95[i]]),
                    $"{name} by {forecast.Method}");
            }
        }
    }

    /// <summary>A step by its date, or by its number from 1.</summary>
    internal static string StepName(Forecast forecast, int step) =>
        forecast.Dates is { } dates ? Texts.Date(dates[step]) : Texts.Any(step + 1);

    /// <summary>What says which series of a panel could not be read, and why.</summary>
    internal static IEnumerable<string> LeftOut(SeriesPanel panel) =>
        panel.LeftOut.Select(left => $"Series '{left.Key}' is left out: {left.Value}");

    /// <summary>Notes and series left out.</summary>
    internal static void PrintNotes(Printer printer, Forecaster forecaster, SeriesPanel panel)
    {
        string[] notes = [.. forecaster.Notes, .. LeftOut(panel),
            .. forecaster.LeftOut.Select(left => $"Series '{left.Series}' is left out: {left.Reason}")];
        printer.Put("notes", notes.ToArray<object?>());
        foreach (string note in notes)
        {
            printer.Line(note);
        }
    }

    private static Dictionary<string, object?> AsDocument(Forecast forecast) => new()
    {
        ["series"] = forecast.Series,
        ["method"] = forecast.Method,
        ["steps"] = Enumerable.Range(0, forecast.Horizon).Select(i => (object?)StepName(forecast, i)).ToArray(),
        ["variables"] = forecast.Variables.ToDictionary(variable => variable, object? (variable) =>
        {
            QuantileGrid grid = forecast.GridOf(variable);
            (double[] low80, double[] high80) = grid.Interval(0.8);
            (double[] low95, double[] high95) = grid.Interval(0.95);
            return new Dictionary<string, object?>
            {
                ["forecast"] = grid.Point.ToArray(),
                ["low_80"] = low80,
                ["high_80"] = high80,
                ["low_95"] = low95,
                ["high_95"] = high95,
            };
        }),
    };
}
