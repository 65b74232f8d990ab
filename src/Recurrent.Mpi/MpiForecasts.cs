using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Mpi;

/// <summary>Panels and backtests spread over the ranks.</summary>
public static class MpiForecasts
{
    /// <summary>
    /// Fits a method of single series (<see cref="LocalForecaster"/>) to a panel and forecasts it: each rank does every
    /// Size-th series, and all have all forecasts, in the order of the panel. They are those of one process.
    /// </summary>
    /// <param name="world">The ranks.</param>
    /// <param name="method">The method; it is not changed, others of the same options are fitted.</param>
    /// <param name="panel">The series; the same on all ranks.</param>
    /// <param name="horizon">Steps to forecast.</param>
    /// <param name="roles">Which variables are what; null for the defaults.</param>
    /// <param name="future">Covariates that are known ahead; null where there are none.</param>
    /// <exception cref="ArgumentException">The method learns from all series together, or the series do not fit.</exception>
    public static IReadOnlyList<Forecast> PredictPanel(this MpiWorld world, Forecaster method, SeriesPanel panel, int horizon,
        SeriesRoles? roles = null, SeriesPanel? future = null)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(panel);
        if (method is not LocalForecaster)
        {
            throw new ArgumentException(
                $"{method.Name} learns from all series together, so that they cannot be fitted apart. Train "
                + "it on one rank, or judge several methods with world.Backtest.", nameof(method));
        }

        List<(int Key, Forecast Forecast)> own = [];
        string[] names = NamesOf(world, panel);
        if (names.Length > 0)
        {
            Forecaster fresh = method.Unfitted();
            var run = new ForecastRun { Threads = world.Threads };
            fresh.Fit(panel.Select(names), roles, run);
            foreach (Forecast forecast in fresh.PredictPanel(horizon, future?.Select(names), run))
            {
                own.Add((0, forecast));
            }
        }

        var places = panel.Names.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i);
        return [.. Gather(world, own).Select(pair => pair.Forecast).OrderBy(forecast => places[forecast.Series])];
    }

    /// <summary>
    /// Judges methods as <see cref="Backtest"/> does, on all ranks: methods of single series by shares of the panel, those
    /// that learn from all series each on one rank. All ranks have the result, which is that of one process.
    /// </summary>
    /// <param name="world">The ranks.</param>
    /// <param name="panel">The series; the same on all ranks.</param>
    /// <param name="methods">The methods.</param>
    /// <param name="options">The origins.</param>
    /// <exception cref="ArgumentException">The series are too short, or a method cannot be fitted.</exception>
    public static BacktestResult Backtest(
        this MpiWorld world, SeriesPanel panel, IReadOnlyList<Forecaster> methods, BacktestOptions options)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(panel);
        ArgumentNullException.ThrowIfNull(methods);
        ArgumentNullException.ThrowIfNull(options);
        BacktestOptions own = options with { Run = options.Run with { Threads = world.Threads } };
        List<(int Key, Forecast Forecast)> forecasts = [];
        List<string> notes = [];
        for (int i = 0; i < methods.Count; i++)
        {
            bool isLocal = methods[i] is LocalForecaster;
            string[] names = isLocal ? NamesOf(world, panel) : i % world.Size == world.Rank ? [.. panel.Names] : [];
            if (names.Length > 0)
            {
                BacktestResult part = Forecasting.Backtest.Run(panel.Select(names), [methods[i]], own);
                forecasts.AddRange(part.Forecasts.Select(one => ((i * options.Folds) + one.Fold, one.Forecast)));
                notes.AddRange(part.Notes);
            }
        }

        return Forecasting.Backtest.Assemble(
            panel, methods, options, [.. Gather(world, forecasts)], [.. GatherTexts(world, notes).Distinct()]);
    }

    private static string[] NamesOf(MpiWorld world, SeriesPanel panel) =>
        [.. panel.Names.Where((_, i) => i % world.Size == world.Rank)];

    private static IEnumerable<(int Key, Forecast Forecast)> Gather(MpiWorld world, List<(int, Forecast)> own) =>
        world.AllGather(ForecastBytes.Write(own)).SelectMany(ForecastBytes.Read);

    private static IEnumerable<string> GatherTexts(MpiWorld world, List<string> own)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        foreach (string text in own)
        {
            writer.Write(text);
        }

        writer.Flush();
        foreach (byte[] part in world.AllGather(bytes.ToArray()))
        {
            using var reader = new BinaryReader(new MemoryStream(part));
            while (reader.BaseStream.Position < part.Length)
            {
                yield return reader.ReadString();
            }
        }
    }
}
