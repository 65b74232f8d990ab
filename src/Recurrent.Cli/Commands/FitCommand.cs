using System.CommandLine;
using System.Diagnostics;
using Recurrent.Cli.Data;
using Recurrent.Cli.Output;
using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Registration;

namespace Recurrent.Cli.Commands;

/// <summary>Fits a method to a series and saves it.</summary>
internal static class FitCommand
{
    internal static Command Create(TextWriter output, TextWriter error)
    {
        var roles = new RoleOptions();
        var source = new SourceOptions { Also = roles.Columns };
        var method = new MethodOptions();
        var model = new Option<string>("--out", "-o")
        {
            Description = "file of the fitted method",
            DefaultValueFactory = _ => "model.json",
        };
        Option<int?> horizon = Common.Horizon();
        Option<string?> report = Common.Report();
        Option<bool> json = Common.Json();
        var command = new Command("fit", "Fit a method to a series and save it, for predict to go on from.");
        source.AddTo(command);
        roles.AddTo(command);
        method.AddTo(command);
        command.Add(model);
        command.Add(horizon);
        command.Add(report);
        command.Add(json);
        command.SetAction((parsed, cancellation) =>
        {
            SeriesRoles? given = roles.Roles(parsed);
            Outputs.Require(parsed, [source.PathOf(parsed)], model, report);
            (SeriesPanel panel, SeriesPanel? ahead) = RoleOptions.Split(source.ReadAll(parsed), given);
            Forecaster forecaster = method.Create(parsed, panel, parsed.GetValue(horizon));
            var printer = new Printer(output, parsed.GetValue(json));
            long start = Stopwatch.GetTimestamp();
            string path = parsed.GetRequiredValue(model);
            string? page = parsed.GetValue(report);
            ForecastReport? charts = null;
            double seconds;
            using (var progress = new ProgressLine(error))
            {
                ForecastRun run = Common.Run(progress, cancellation, source.OnBadSeries(parsed));
                int steps = Common.HorizonFor(panel[0], parsed.GetValue(horizon), ahead);
                if (page is not null)
                {
                    Common.RequireAhead(forecaster, panel, given, ahead, steps);
                }

                forecaster.Fit(panel, given, run);
                seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                if (page is not null)
                {
                    Forecast forecast = forecaster.PredictPanel(steps, ahead, run)[0];
                    charts = Reports.Of(panel[forecast.Series], forecaster, forecast, seconds, run);
                }
            }

            // Nothing is written before all is done: who stops the program finds nothing half done.
            cancellation.ThrowIfCancellationRequested();
            forecaster.Save(path);
            string? receipt = FilePath.IsStream(path) || StandardInput.Is(source.PathOf(parsed)) ? null
                : Receipts.Write(parsed, source.PathOf(parsed), path, forecaster);
            charts?.Save(page!);
            Common.PrintNotes(printer, forecaster, panel);
            printer.Facts(new Facts
            {
                { "method", "Method", forecaster.Name },
                { "fit", "Fit", Reports.Describe(forecaster) },
                { "series", "Series", panel.Count == 1 ? panel[0].Name : panel.Count },
                { "values", "Values", panel.Sum(series => series.Count) },
                { "seconds", "Seconds", Math.Round(seconds, 3) },
                { "model", "Saved in", path },
                { "receipt", "Receipt in", receipt },
                { "report", "Report in", page },
            });
            return Task.FromResult(App.Done);
        });
        return command;
    }
}
