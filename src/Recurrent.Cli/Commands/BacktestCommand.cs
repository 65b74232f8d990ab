using System.CommandLine;
using Recurrent.Cli.Data;
using Recurrent.Cli.Output;
using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Cli.Commands;

/// <summary>
/// Judges methods on the past of a series: <c>backtest</c> one beside simple ones, <c>compare</c> several.
/// </summary>
internal static class BacktestCommand
{
    // What a method must beat to be worth its while.
    private static readonly string[] Simple = ["naive", "snaive", "drift"];

    // What is compared where nothing is named, as far as the library has it.
    private static readonly string[] Usual = ["snaive", "ets", "theta", "auto-arima", "auto"];

    private const StringSplitOptions Tidy = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    internal static Command Create(TextWriter output, TextWriter error)
    {
        var method = new MethodOptions();
        return Create(output, error, "backtest",
            "Judge a method on the past: forecasts from rolling origins beside what came, and beside simple methods.",
            method.AddTo, (parsed, panel, horizon) => [method.Create(parsed, panel, horizon), .. Named(Simple)]);
    }

    internal static Command CreateCompare(TextWriter output, TextWriter error)
    {
        var methods = new Option<string[]>("--methods")
        {
            Description = $"the methods, with commas between them: {string.Join(", ", MethodOptions.Names)}",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
        Option<double?> seconds = MethodOptions.Budget();
        return Create(output, error, "compare",
            "Compare methods on the past of a series, with the test of Diebold and Mariano.",
            command =>
            {
                command.Add(methods);
                command.Add(seconds);
            },
            (parsed, panel, horizon) =>
            {
                string[] names = parsed.GetValue(methods) is { Length: > 0 } named
                    ? [.. named.SelectMany(one => one.Split(',', Tidy))] : [.. Usual.Where(Forecasters.Registry.Contains)];
                string?[] budgets = [.. names.Select(name =>
                    parsed.GetValue(seconds) is { } budget ? MethodOptions.WithBudget(name, budget) : null)];
                return parsed.GetValue(seconds) is null || Array.Exists(budgets, budget => budget is not null)
                    ? [.. names.Zip(budgets, (name, budget) => MethodOptions.Create(
                        name, [.. MethodOptions.WithHorizon(name, panel, horizon), .. new[] { budget }.OfType<string>()]))]
                    : throw new UsageException("--seconds is a budget for auto and for networks, and none is compared.");
            });
    }

    private static Command Create(TextWriter output, TextWriter error, string name, string description, Action<Command> add,
        Func<ParseResult, SeriesPanel, int?, IReadOnlyList<Forecaster>> methods)
    {
        var roles = new RoleOptions();
        var source = new SourceOptions { Also = roles.Columns };
        Option<int?> horizon = Common.Horizon();
        Option<int?> folds = Common.Positive("--origins", null, "number of origins (5)");
        Option<int?> step = Common.Positive("--step", null, "steps from one origin to the next (the horizon)");
        var keep = new Option<bool>("--no-refit")
        {
            Description = "fit once, at the first origin, and take in what comes",
        };
        Option<string?> report = Common.Report();
        Option<bool> json = Common.Json();
        var command = new Command(name, description);
        source.AddTo(command);
        roles.AddTo(command);
        add(command);
        foreach (Option option in new Option[] { horizon, folds, step, keep, report, json })
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellation) =>
        {
            SeriesRoles? given = roles.Roles(parsed);
            Outputs.Require(parsed, [source.PathOf(parsed)], report);
            (SeriesPanel panel, _) = RoleOptions.Split(source.ReadAll(parsed), given);
            Forecaster[] all = [.. methods(parsed, panel, parsed.GetValue(horizon)).DistinctBy(each => each.Name)];
            BacktestResult result;
            using (var progress = new ProgressLine(error))
            {
                var options = new BacktestOptions(Common.HorizonFor(panel[0], parsed.GetValue(horizon)))
                {
                    Step = parsed.GetValue(step),
                    Refit = !parsed.GetValue(keep),
                    Roles = given,
                    Run = Common.Run(progress, cancellation, source.OnBadSeries(parsed)),
                };
                result = Backtest.Run(panel, all,
                    parsed.GetValue(folds) is { } count ? options with { Folds = count } : options);
            }

            Print(new Printer(output, parsed.GetValue(json)), result, parsed.GetValue(report), panel);
            return Task.FromResult(App.Done);
        });
        return command;
    }

    private static Forecaster[] Named(string[] names) =>
        [.. names.Where(Forecasters.Registry.Contains).Select(name => MethodOptions.Create(name))];

    private static void Print(Printer printer, BacktestResult result, string? page, SeriesPanel panel)
    {
        TimeSeries series = panel[0];
        string[] notes = [.. Common.LeftOut(panel), .. result.Notes];
        printer.Table(["method", "MASE", "sMAPE %", "RMSE", "CRPS", "MSIS", "in 80 %", "in 95 %"],
            result.Scores.Select(score => (object?[])[score.Method, score.Mase, score.Smape, score.Rmse, score.Crps, score.Msis,
                Texts.Number(100 * score.Coverage80, 3), Texts.Number(100 * score.Coverage95, 3)]));
        string[] verdicts = [.. result.Verdicts.Select(verdict => verdict.Verdict)];
        foreach (string line in verdicts.Concat(notes))
        {
            printer.Line(line);
        }

        printer.Put("scores", result.Scores.Select(score => (object?)new Dictionary<string, object?>
        {
            ["method"] = score.Method,
            ["mase"] = score.Mase,
            ["rmsse"] = score.Rmsse,
            ["smape"] = score.Smape,
            ["wmape"] = score.Wmape,
            ["rmse"] = score.Rmse,
            ["mae"] = score.Mae,
            ["pinball"] = score.Pinball,
            ["crps"] = score.Crps,
            ["msis"] = score.Msis,
            ["coverage_80"] = score.Coverage80,
            ["coverage_95"] = score.Coverage95,
            ["values"] = score.Count,
        }).ToArray());
        printer.Put("verdicts", verdicts.ToArray<object?>());
        printer.Put("notes", notes.ToArray<object?>());
        if (page is not null)
        {
            new ForecastReport($"Backtest of {series.Name}", series) { Subtitle = string.Join(", ", result.Methods) }
                .AddBacktest(result).Save(page);
            printer.Put("report", page);
            printer.Line($"Report in {page}");
        }

        printer.Finish();
    }
}
