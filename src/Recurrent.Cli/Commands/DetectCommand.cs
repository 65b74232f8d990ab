using System.CommandLine;
using System.Globalization;
using Recurrent.Cli.Data;
using Recurrent.Cli.Output;
using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Cli.Commands;

/// <summary>Finds what is unusual in a series.</summary>
internal static class DetectCommand
{
    private const string Autoencoder = "autoencoder";
    private const string Extreme = "extreme";
    private const string Quantile = "quantile";

    internal static Command Create(TextWriter output)
    {
        var source = new SourceOptions();
        var scorer = new Option<string>("--scorer", "-s")
        {
            Description = $"{Autoencoder} (LSTM), or a method whose intervals are left: {string.Join(", ", MethodOptions.Names)}",
            DefaultValueFactory = _ => MethodOptions.Names.Contains("ets") ? "ets" : "snaive",
        };
        var threshold = new Option<string>("--threshold")
        {
            Description = "extreme (extreme values beyond the scores seen) or quantile (of the scores seen)",
            DefaultValueFactory = _ => Extreme,
        };
        threshold.AcceptOnlyFromAmong(Extreme, Quantile);
        var risk = new Option<double>("--risk")
        {
            Description = "how often an ordinary step may be called unusual",
            DefaultValueFactory = _ => 0.001,
        };
        risk.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and < 0.1))
            {
                result.AddError("--risk must lie between 0 and 0.1.");
            }
        });
        var file = new Option<string?>("--out", "-o") { Description = "save the fitted detector: detector.json" };
        var model = new Option<string?>("--model")
        {
            Description = "file of a detector that was fitted before: what is unusual in steps that follow those",
        };
        Option<string?> report = Common.Report();
        Option<bool> json = Common.Json();
        var command = new Command("detect", "Find what is unusual in a series.");
        source.AddTo(command);
        foreach (Option option in new Option[] { scorer, threshold, risk, file, model, report, json })
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellation) =>
        {
            Outputs.Require(parsed, [source.PathOf(parsed), parsed.GetValue(model)], file, report);
            TimeSeries series = source.Read(parsed);
            AnomalyDetector detector;
            AnomalyResult result;
            if (parsed.GetValue(model) is { } saved)
            {
                if (new Option[] { scorer, threshold, risk, file }.Any(option =>
                    parsed.GetResult(option) is { Implicit: false }))
                {
                    throw new UsageException("--model is a detector that is fitted already: --scorer, --threshold, --risk and "
                        + "--out are for one that is not.");
                }

                detector = AnomalyDetector.Load(saved);
                result = detector.Detect(series);
            }
            else
            {
                detector = New(parsed.GetRequiredValue(scorer), parsed.GetRequiredValue(threshold),
                    parsed.GetValue(risk), series);
                result = detector.Fit(series, new ForecastRun { Cancellation = cancellation });
            }

            // Nothing is written before all is done.
            ForecastReport? charts = parsed.GetValue(report) is null ? null
                : new ForecastReport($"Anomalies of {series.Name}", series) { Subtitle = $"By {detector.Scorer.Name}." }
                    .AddAnomalies(result);
            cancellation.ThrowIfCancellationRequested();
            if (parsed.GetValue(file) is { } path)
            {
                detector.Save(path);
            }

            charts?.Save(parsed.GetValue(report)!);

            Print(new Printer(output, parsed.GetValue(json)), detector, result, parsed.GetValue(report));
            return Task.FromResult(App.Done);
        });
        return command;
    }

    private static AnomalyDetector New(string scorer, string threshold, double risk, TimeSeries series) => new(
        string.Equals(scorer, Autoencoder, StringComparison.OrdinalIgnoreCase)
            ? new AutoencoderScorer(Math.Max(12, series.Frequency?.Season ?? 1))
            : new ForecastScorer(MethodOptions.Create(scorer)),
        threshold == Quantile ? new QuantileThreshold(1 - risk) : new ExtremeValueThreshold(risk));

    private static void Print(Printer printer, AnomalyDetector detector, AnomalyResult result, string? page)
    {
        printer.Table(["when", "value", "expected", "score", "steps"], result.Anomalies.Select(one => (object?[])
            [When(one), one.Value, one.Expected, one.Score, one.Length]));
        printer.Line(string.Create(CultureInfo.InvariantCulture,
            $"{result.Anomalies.Count} unusual stretches of {result.Series.Count} steps, by {detector.Scorer.Name}; ")
            + $"the limit is {Texts.Number(result.Limit)}.");
        printer.Put("scorer", detector.Scorer.Name);
        printer.Put("limit", result.Limit);
        printer.Put("anomalies", result.Anomalies.Select(one => (object?)new Dictionary<string, object?>
        {
            ["when"] = When(one),
            ["start"] = one.Start,
            ["length"] = one.Length,
            ["peak"] = one.Peak,
            ["value"] = one.Value,
            ["expected"] = one.Expected,
            ["score"] = one.Score,
        }).ToArray());
        printer.Put("scores", result.Scores.ToArray());
        if (page is not null)
        {
            printer.Put("report", page);
            printer.Line($"Report in {page}");
        }

        printer.Finish();
    }

    private static string When(Anomaly one) => one.Date is { } date ? Texts.Date(date) : Texts.Any(one.Peak);
}
