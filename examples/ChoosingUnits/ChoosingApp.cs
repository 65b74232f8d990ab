using System.Globalization;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Selection;

namespace Recurrent.Examples.ChoosingUnits;

/// <summary>The program: five ways to the number of hidden units of a GRU that forecasts next year's sunspots.</summary>
internal static class ChoosingApp
{
    internal const string Help = """
        Chooses the number of hidden units of a GRU that forecasts next year's sunspot number, in five ways: by one validation
        part, by cross-validation in the order of time, by AICc and BIC, by successive halving and by a TPE search. Each choice is
        then judged on the newest quarter of the years, which none has seen.

          dotnet run -c Release --project examples/ChoosingUnits -- [options]

          --epochs N   most epochs of a training                      (80)
          --trials N   candidates of the TPE search                   (24)
          --seed N     where all randomness comes from                (0)
          --out DIR    also write the page of the search there
          --quick      a few epochs, to see that it works
          --help       this text
        """;

    private const int BatchSize = 16;
    private const double Rate = 0.01;
    private const int Seeds = 3;

    private static readonly int[] Sizes = [1, 2, 4, 8, 16, 32];

    private sealed record Options(int Epochs, int Trials, int Seed, string? Folder)
    {
        internal TrainingPlan Plan => new(Epochs, BatchSize, Patience: Math.Max(2, Epochs / 8));
    }

    internal static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error) =>
        ExampleProgram.Run(args, Help, Parse, Run, output, error);

    private static Options Parse(IReadOnlyList<string> args)
    {
        var line = new CommandLine(args, ["--epochs", "--trials", "--seed", "--out"], ["--quick"]);
        bool quick = line.Has("--quick");
        var options = new Options(
            line.Number("--epochs", quick ? 6 : 80, least: 1), line.Number("--trials", quick ? 6 : 24, least: 1),
            line.Number("--seed", 0, least: 0), line.Has("--out") ? line.Text("--out", ".") : null);
        line.ThrowIfWrong();
        return options;
    }

    private static void Run(Options options, TextWriter output)
    {
        var data = new Sunspots(Path.Combine(AppContext.BaseDirectory, "data", "sunspots_monthly.csv"));
        output.WriteLine(FormattableString.Invariant(
            $"{data.Y.Size} years to choose on, {data.TestY.Size} to judge by, each with the {Sunspots.Lookback} before it"));
        (string Way, int Units, double Rate)[] choices =
        [
            ByHoldOut(options, data, output),
            ByCrossValidation(options, data, output),
            .. ByCriteria(options, data, output),
            ByHalving(options, data, output),
            ByTpe(options, data, output),
        ];
        output.WriteLine();
        output.WriteLine("                              units    rate   error on the test years");
        foreach ((string way, int units, double rate) in choices)
        {
            output.WriteLine(FormattableString.Invariant(
                $"{way,-28} {units,6} {rate,7:0.0000} {TestError(options, data, units, rate),12:0.00}"));
        }

        output.WriteLine(FormattableString.Invariant($"{"next year like this one",-28} {"",14} {data.NaiveError(),12:0.00}"));
    }

    private static Sequential Build(int units, double rate, int seed)
    {
        var model = new Sequential([new GRU(units, inputShape: (Sunspots.Lookback, 1)), new Dense(1)], seed: seed);
        model.Compile(new Adam(rate), "mse");
        return model;
    }

    private static (string, int, double) ByHoldOut(Options options, Sunspots data, TextWriter output)
    {
        SearchResult result = new GridSearch(new SearchSpace().Choice("units", Sizes)) { Seed = options.Seed }.Run(
            trial => Build(trial.Choice<int>("units"), Rate, options.Seed), data.X, data.Y,
            Folds.HoldOut(data.Y.Size, 0.25), options.Plan);
        output.WriteLine("\n1. One validation part: the newest quarter of the years to choose on");
        foreach (TrialResult trial in result.Trials)
        {
            output.WriteLine(Row(trial.Candidate.Choice<int>("units"), data.Unit * Math.Sqrt(trial.Value)));
        }

        return ("one validation part", result.Best.Candidate.Choice<int>("units"), Rate);
    }

    private static (string, int, double) ByCrossValidation(Options options, Sunspots data, TextWriter output)
    {
        output.WriteLine(
            "\n2. Cross-validation: five folds, each judged on what comes after; the smallest within one standard error");
        IReadOnlyList<Fold> folds = Folds.TimeSeriesSplit(data.Y.Size, k: 5);
        (int Units, double Mean, double Error)[] scores = [.. Sizes.Select(units =>
        {
            CrossValidationResult result = CrossValidation.Run(
                () => Build(units, Rate, options.Seed), data.X, data.Y, folds, options.Plan);
            return (units, result.Score, result.StandardDeviation("loss") / Math.Sqrt(folds.Count));
        })];
        foreach ((int units, double mean, double error) in scores)
        {
            output.WriteLine(Row(units, data.Unit * Math.Sqrt(mean), FormattableString.Invariant(
                $"(squared, in units of the data: {mean:0.000} ± {error:0.000})")));
        }

        (int _, double best, double within) = scores.MinBy(score => score.Mean);
        return ("cross-validation", scores.First(score => score.Mean <= best + within).Units, Rate);
    }

    private static IEnumerable<(string, int, double)> ByCriteria(Options options, Sunspots data, TextWriter output)
    {
        output.WriteLine("\n3. Criteria: all years to choose on are learned, and each weight costs");
        (int Units, InformationCriteria Criteria)[] fitted = [.. Sizes.Select(units =>
        {
            Sequential model = Build(units, Rate, options.Seed);
            model.Fit(data.X, data.Y, options.Epochs, BatchSize, verbose: Verbosity.Silent);
            return (units, InformationCriteria.Of(model, data.X, data.Y));
        })];
        foreach ((int units, InformationCriteria criteria) in fitted)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {units,3} units: {criteria.Parameters,5} parameters, log-likelihood {criteria.LogLikelihood,8:0.0}, ")
                + FormattableString.Invariant(
                $"AIC {criteria.Aic,8:0.0}, AICc {Finite(criteria.Aicc),8:0.0}, BIC {criteria.Bic,8:0.0}"));
        }

        yield return ("AICc", fitted.MinBy(pair => pair.Criteria.Aicc).Units, Rate);
        yield return ("BIC", fitted.MinBy(pair => pair.Criteria.Bic).Units, Rate);
    }

    private static (string, int, double) ByHalving(Options options, Sunspots data, TextWriter output)
    {
        SearchSpace space = new SearchSpace().Integer("units", 1, 32, log: true);
        SearchResult result = new SuccessiveHalving(space, candidates: 16, minBudget: Math.Max(1, options.Epochs / 8), factor: 2)
        {
            Seed = options.Seed,
        }.Run(trial => Build(trial.Integer("units"), Rate, options.Seed), data.X, data.Y, Folds.HoldOut(data.Y.Size, 0.25),
            new TrainingPlan(options.Epochs, BatchSize));
        output.WriteLine("\n4. Successive halving: the better half goes on with twice as many epochs");
        foreach (IGrouping<int?, TrialResult> round in result.Trials.GroupBy(trial => trial.Budget))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {round.Key,3} epochs: "
                + $"{string.Join(", ", round.Select(trial => trial.Candidate.Integer("units")).Order())} units"));
        }

        return ("successive halving", result.Best.Candidate.Integer("units"), Rate);
    }

    private static (string, int, double) ByTpe(Options options, Sunspots data, TextWriter output)
    {
        SearchSpace space = new SearchSpace().Integer("units", 1, 32, log: true).Real("rate", 1e-3, 1e-1, log: true);
        SearchResult result = new TpeSearch(space, options.Trials) { Seed = options.Seed }.Run(
            trial => Build(trial.Integer("units"), trial.Real("rate"), options.Seed), data.X, data.Y,
            Folds.TimeSeriesSplit(data.Y.Size, k: 3), options.Plan);
        output.WriteLine("\n5. TPE over units and rate, by cross-validation with three folds: the best five");
        output.Write(result.ToTable(5).ReplaceLineEndings());
        if (options.Folder is { } folder)
        {
            Directory.CreateDirectory(folder);
            result.Save(Path.Combine(folder, "search.html"));
            output.WriteLine($"The page of the search is {Path.Combine(folder, "search.html")}.");
        }

        return ("TPE search", result.Best.Candidate.Integer("units"), result.Best.Candidate.Real("rate"));
    }

    /// <summary>Error on the test years of the mean of some networks that stopped early on the newest years before.</summary>
    private static double TestError(Options options, Sunspots data, int units, double rate)
    {
        double[] forecasts = new double[data.TestY.Size];
        for (int seed = 0; seed < Seeds; seed++)
        {
            Sequential model = Build(units, rate, options.Seed + seed);
            model.Fit(data.X, data.Y, options.Epochs, BatchSize, validationSplit: 0.2, verbose: Verbosity.Silent,
                callbacks: [new EarlyStopping(patience: options.Plan.Patience!.Value, restoreBestWeights: true)]);
            NDArray predicted = model.Predict(data.TestX);
            for (int i = 0; i < forecasts.Length; i++)
            {
                forecasts[i] += predicted.Values[i] / Seeds;
            }
        }

        return data.Unit * Math.Sqrt(forecasts.Select((value, i) => Math.Pow(value - data.TestY.Values[i], 2)).Average());
    }

    // Where there are hardly more years than parameters, the correction is infinite.
    private static object Finite(double value) => double.IsFinite(value) ? value : "∞";

    private static string Row(int units, double error, string more = "") =>
        FormattableString.Invariant($"  {units,3} units: error {error,6:0.00} {more}").TrimEnd();
}
