using Recurrent.Models;

namespace Recurrent.Examples.Forecasting;

/// <summary>The program, apart from the console: load, train, compare, save, draw.</summary>
internal static class ForecastingApp
{
    internal static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error) =>
        ExampleProgram.Run(args, ForecastingOptions.Help, ForecastingOptions.Parse, Run, output, error);

    private static void Run(ForecastingOptions options, TextWriter output)
    {
        var task = ForecastingTask.Load(options);
        Directory.CreateDirectory(options.Out);
        output.WriteLine($"{task.Training}; then {task.Horizon} values held out");
        output.WriteLine($"Season of {task.Season} steps, windows of {task.Lookback}, transform: {task.TransformName}");
        var forecaster = new Forecaster(task, options, output);
        output.WriteLine();
        output.Write(forecaster.Compiled(options.Seed).Summary());
        output.WriteLine();
        int[] seeds = [.. Enumerable.Range(options.Seed, options.Seeds)];
        Sequential[] models = [.. seeds.Select(forecaster.Train)];
        double[][][] forecasts = [.. models.Select(forecaster.Forecast)];
        string label = options.Seeds == 1 ? forecaster.Name : $"{forecaster.Name} (median of {options.Seeds} seeds)";
        var report = new Report(task, forecaster.Name, label, MedianOf(forecasts));

        output.WriteLine();
        report.WriteTable(output);
        output.WriteLine();
        WriteSeeds(task, seeds, forecasts, output);
        output.WriteLine(report.Verdict);
        output.WriteLine(report.Coverage);

        SaveAndLoad(models[0], Path.Combine(options.Out, "model.json"), forecaster, output);
        string chart = Path.Combine(options.Out, "forecast.html");
        report.Chart(task.Training.Name).Save(chart);
        output.WriteLine($"Wrote {chart}");
    }

    /// <summary>Each seed on its own: a single network is a draw.</summary>
    private static void WriteSeeds(ForecastingTask task, int[] seeds, double[][][] forecasts, TextWriter output)
    {
        if (seeds.Length == 1)
        {
            return;
        }

        double[] mase = [.. forecasts.Select(forecast => Report.Score(task, "seed", forecast[1]).Mase)];
        output.WriteLine("MASE of single seeds: "
            + string.Join(", ", mase.Select((m, i) => FormattableString.Invariant($"{m:0.000} ({seeds[i]})"))));
        output.WriteLine(FormattableString.Invariant($"Median of single seeds: {Median(mase):0.000}"));
    }

    private static void SaveAndLoad(Sequential model, string path, Forecaster forecaster, TextWriter output)
    {
        model.Save(path);
        double[][] again = forecaster.Forecast(Sequential.Load(path));
        double difference = forecaster.Forecast(model).Zip(again, (a, b) => a.Zip(b, (v, w) => Math.Abs(v - w)).Max()).Max();
        output.WriteLine(
            FormattableString.Invariant($"Wrote {path}; loaded again, its forecasts differ by at most {difference}"));
    }

    /// <summary>The median over the seeds, for each quantile and step.</summary>
    private static double[][] MedianOf(double[][][] forecasts) =>
    [
        .. Enumerable.Range(0, forecasts[0].Length).Select(q =>
            Enumerable.Range(0, forecasts[0][q].Length).Select(k => Median([.. forecasts.Select(f => f[q][k])])).ToArray()),
    ];

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
