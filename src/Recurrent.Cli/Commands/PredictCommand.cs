using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Recurrent.Cli.Data;
using Recurrent.Cli.Output;
using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Registration;

namespace Recurrent.Cli.Commands;

/// <summary>Forecasts a series: with a method that fit has saved, or with one that is fitted on the way.</summary>
internal static class PredictCommand
{
    internal static Command Create(TextWriter output, TextWriter error)
    {
        var roles = new RoleOptions();
        var source = new SourceOptions { Also = roles.Columns };
        var method = new MethodOptions();
        var model = new Option<string?>("--model")
        {
            Description = "file that fit has saved: it takes in what the series has beyond it, and nothing is fitted anew",
        };
        Option<int?> horizon = Common.Horizon();
        var file = new Option<string?>("--out", "-o") { Description = "write the forecast as CSV" };
        Option<string?> report = Common.Report();
        Option<bool> json = Common.Json();
        var command = new Command("predict", "Forecast a series, with intervals.");
        source.AddTo(command);
        roles.AddTo(command);
        method.AddTo(command);
        command.Add(model);
        command.Add(horizon);
        command.Add(file);
        command.Add(report);
        command.Add(json);
        command.SetAction((parsed, cancellation) =>
        {
            SeriesRoles? given = roles.Roles(parsed);
            if (parsed.GetValue(model) is not null && method.IsGiven(parsed))
            {
                throw new UsageException(
                    "--model is a method that is fitted already: --method and --set are for one that is not.");
            }

            Outputs.Require(parsed, [source.PathOf(parsed), parsed.GetValue(model)], file, report);
            (SeriesPanel panel, SeriesPanel? ahead) = RoleOptions.Split(source.ReadAll(parsed), given);
            var printer = new Printer(output, parsed.GetValue(json));
            long start = Stopwatch.GetTimestamp();
            Forecaster forecaster;
            IReadOnlyList<Forecast> forecasts;
            ForecastReport? charts;
            using (var progress = new ProgressLine(error))
            {
                ForecastRun run = Common.Run(progress, cancellation, source.OnBadSeries(parsed));
                int steps = Common.HorizonFor(panel[0], parsed.GetValue(horizon), ahead);
                if (parsed.GetValue(model) is { } saved)
                {
                    forecaster = Forecaster.Load(saved);
                    forecaster.Update(panel.Map(series => Newer(forecaster, series)), run);
                }
                else
                {
                    forecaster = method.Create(parsed, panel, parsed.GetValue(horizon));
                    Common.RequireAhead(forecaster, panel, given, ahead, steps);
                    forecaster.Fit(panel, given, run);
                }

                forecasts = forecaster.PredictPanel(steps, ahead, run);
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                charts = parsed.GetValue(report) is null ? null
                    : Reports.Of(panel[forecasts[0].Series], forecaster, forecasts[0], seconds, run);
            }

            // Nothing is written before all is done: who stops the program finds nothing half done.
            cancellation.ThrowIfCancellationRequested();
            if (parsed.GetValue(report) is { } page)
            {
                charts!.Save(page);
                printer.Put("report", page);
            }

            if (parsed.GetValue(file) is { } path)
            {
                FilePath.Write(path, Csv(forecasts));
                printer.Put("file", path);
            }

            Common.PrintNotes(printer, forecaster, panel);
            Common.Print(printer, forecasts);
            printer.Line(Reports.Describe(forecaster) ?? forecaster.Name);
            printer.Finish();
            return Task.FromResult(App.Done);
        });
        return command;
    }

    /// <summary>What a series has beyond what the method was fitted to. Where there are no dates, the whole series must begin as
    /// that one did.</summary>
    private static TimeSeries Newer(Forecaster forecaster, TimeSeries series)
    {
        FittedSeries? known = forecaster.Series.FirstOrDefault(one => one.Name == series.Name)
            ?? (forecaster.Series.Count == 1 ? forecaster.Series[0] : null);
        return known is null || series.Dates is not null ? series : series.Count >= known.Count
            ? series.Slice((int)known.Count, series.Count - (int)known.Count)
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture,
                $"Series '{series.Name}' has {series.Count} rows and no dates, and the model knows {known.Count} steps of it. ")
                + "Without dates the rows are taken as the series from its beginning: give all of them, or their dates.");
    }

    private static string Csv(IReadOnlyList<Forecast> forecasts)
    {
        var text = new StringBuilder("series,variable,step,forecast,low_80,high_80,low_95,high_95\n");
        foreach ((Forecast forecast, string variable) in forecasts.SelectMany(one => one.Variables.Select(name => (one, name))))
        {
            QuantileGrid grid = forecast.GridOf(variable);
            (double[] low80, double[] high80) = grid.Interval(0.8);
            (double[] low95, double[] high95) = grid.Interval(0.95);
            for (int i = 0; i < forecast.Horizon; i++)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"{Quoted(forecast.Series)},{Quoted(variable)},{Common.StepName(forecast, i)},{grid.Point[i]:R},")
                    .Append(CultureInfo.InvariantCulture, $"{low80[i]:R},{high80[i]:R},{low95[i]:R},{high95[i]:R}\n");
            }
        }

        return text.ToString();
    }

    private static string Quoted(string text) => text.AsSpan().ContainsAny(",\"\n\r")
        ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
