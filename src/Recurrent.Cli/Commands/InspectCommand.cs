using System.CommandLine;
using Recurrent.Cli.Data;
using Recurrent.Cli.Output;
using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Cli.Commands;

/// <summary>Says what a file holds: of series length, span, frequency, season, gaps, and how strong trend and season are; of a
/// model its layers.</summary>
internal static class InspectCommand
{
    internal static Command Create(TextWriter output)
    {
        var source = new SourceOptions();
        var json = new Option<bool>("--json") { Description = "print JSON" };
        var command = new Command(
            "inspect",
            "Say what a file holds: of series span, frequency, season, missing values; of a model layers, shapes and sizes.");
        source.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var printer = new Printer(output, parsed.GetValue(json));
            if (source.ModelIn(parsed) is { } model)
            {
                ModelReport.Print(printer, model.Path, model.Kind);
                return App.Done;
            }

            SeriesPanel panel = source.ReadAll(parsed);
            if (panel.Count > 1)
            {
                WriteAll(printer, panel);
            }
            else
            {
                Write(printer, panel[0]);
            }

            return App.Done;
        });
        return command;
    }

    /// <summary>A line for each series of a panel.</summary>
    private static void WriteAll(Printer printer, SeriesPanel panel)
    {
        printer.Table(["series", "values", "missing", "from", "to", "least", "greatest"], panel.Select(series =>
        {
            double[] known = [.. series.Values.ToArray().Where(double.IsFinite)];
            return (object?[])
            [
                series.Name, series.Count, series.Count - known.Length,
                series.Dates is { Count: > 0 } ? Texts.Date(series.Dates[0]) : null,
                series.Dates is { Count: > 0 } ? Texts.Date(series.Dates[^1]) : null,
                known.DefaultIfEmpty(double.NaN).Min(), known.DefaultIfEmpty(double.NaN).Max(),
            ];
        }));
        printer.Put("series", panel.Select(series => (object?)new Dictionary<string, object?>
        {
            ["series"] = series.Name,
            ["count"] = series.Count,
            ["missing"] = series.Values.ToArray().Count(double.IsNaN),
            ["first"] = series.Dates is { Count: > 0 } ? Texts.Date(series.Dates[0]) : null,
            ["last"] = series.Dates is { Count: > 0 } ? Texts.Date(series.Dates[^1]) : null,
            ["frequency"] = series.Frequency?.Name,
        }).ToArray());
        printer.Line($"{panel.Count} series of {string.Join(", ", panel.Variables)}, {panel[0].Frequency?.Name ?? "no dates"}");
        printer.Finish();
    }

    private static void Write(Printer printer, TimeSeries series)
    {
        double[] values = series.Values.ToArray();
        double[] known = [.. values.Where(double.IsFinite)];
        double mean = known.Length > 0 ? known.Average() : double.NaN;
        int season = series.Frequency?.Season ?? 1;
        (double Trend, double Season)? strength = Strength(values, season);
        var facts = new Facts
        {
            { "series", "Series", series.Name },
            { "count", "Values", series.Count },
            { "missing", "Missing", values.Length - known.Length },
            { "first", "From", series.Dates is { Count: > 0 } ? Texts.Date(series.Dates[0]) : null },
            { "last", "To", series.Dates is { Count: > 0 } ? Texts.Date(series.Dates[^1]) : null },
            { "frequency", "Frequency", series.Frequency?.Name },
            { "season", "Season (steps)", season },
            { "least", "Least", known.Length > 0 ? known.Min() : null },
            { "mean", "Mean", known.Length > 0 ? mean : null },
            { "greatest", "Greatest", known.Length > 0 ? known.Max() : null },
            { "deviation", "Standard deviation", known.Length > 0
                ? Math.Sqrt(known.Average(value => (value - mean) * (value - mean))) : null },
            { "trend_strength", "Strength of trend (0 to 1)", strength?.Trend },
            { "season_strength", "Strength of season (0 to 1)", strength?.Season },
            { "autocorrelation", "Autocorrelation, one step", Correlation(values, 1) },
            { "season_autocorrelation", "Autocorrelation, one season", season > 1 ? Correlation(values, season) : null },
        };
        printer.Facts(facts, known.Length > 0 ? Texts.Sparkline(known) : null);
    }

    private static (double Trend, double Season)? Strength(double[] values, int season)
    {
        if (season < 2 || values.Length < 2 * season + 1 || !Array.TrueForAll(values, double.IsFinite)
            || values.Max() == values.Min())
        {
            return null;
        }

        Decomposition parts = Stl.Decompose(values, season);
        return (parts.TrendStrength(), parts.SeasonalStrength());
    }

    private static double? Correlation(double[] values, int lag) =>
        values.Length > lag + 2 && Array.TrueForAll(values, double.IsFinite) ? Autocorrelation.Of(values, lag)[lag] : null;
}
