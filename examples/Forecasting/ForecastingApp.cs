using Recurrent.Forecasting;

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
        output.WriteLine($"Season of {task.Season} steps, windows of {task.Lookback}, growth on the scale: {task.TransformName}");
        output.WriteLine();
        var networks = new Networks(task, options, output);
        int[] seeds = [.. Enumerable.Range(options.Seed, options.Seeds)];
        Forecaster[] trained = [.. seeds.Select(networks.Train)];
        double[][][] forecasts = [.. trained.Select(networks.Forecast)];
        string label = options.Seeds == 1 ? networks.Name : $"{networks.Name} (median of {options.Seeds} seeds)";
        var report = new Report(task, networks.Name, label, MedianOf(forecasts));

        output.WriteLine();
        report.WriteTable(output);
        output.WriteLine();
        WriteSeeds(task, seeds, forecasts, output);
        output.WriteLine(report.Verdict);
        output.WriteLine(report.Coverage);

        SaveAndLoad(trained[0], Path.Combine(options.Out, "model.json"), networks, output);
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

    private static void SaveAndLoad(Forecaster network, string path, Networks networks, TextWriter output)
    {
        network.Save(path);
        double[][] again = networks.Forecast(Forecaster.Load(path));
        double difference = networks.Forecast(network).Zip(again, (a, b) => a.Zip(b, (v, w) => Math.Abs(v - w)).Max()).Max();
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
