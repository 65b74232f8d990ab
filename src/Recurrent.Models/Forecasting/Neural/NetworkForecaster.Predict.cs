using Recurrent.Data;
using Recurrent.Models;
using Recurrent.Random;

namespace Recurrent.Forecasting;

/// <content>Forecasting with the networks.</content>
public abstract partial class NetworkForecaster
{
    // Windows that go through the networks at a time, so that memory does not grow with their number.
    private const int Chunk = 1024;

    // Windows that a network reads at a time, and the steps that they have together where they are long.
    private const int PredictionBatch = 128;
    private const int PredictionSteps = 100_000;

    // Errors that the spread is learnt from, at most.
    private const int MostErrors = 1_000_000;

    /// <summary>
    /// Forecasts from many places of a series at once: as often as that, what <see cref="Forecaster.Predict"/> would say if the
    /// series ended there. Nothing is fitted anew.
    /// </summary>
    /// <param name="series">The series, with the variables that were fitted. Where several were fitted, one of their
    /// names.</param>
    /// <param name="ends">The places of the last steps that are known, each at least a look-back from the beginning.</param>
    /// <param name="run">How it is run; null for the defaults.</param>
    /// <returns>For each place, for each target, the point forecast of as many steps as the network was trained for.</returns>
    /// <exception cref="InvalidOperationException">The forecaster is not fitted.</exception>
    /// <exception cref="ArgumentException">The series was not fitted, or a place lies outside it.</exception>
    public IEnumerable<IReadOnlyList<double[]>> PredictFrom(TimeSeries series, IEnumerable<int> ends, ForecastRun? run = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(ends);
        SeriesRoles roles = Roles;
        NetworkFit own = fit!;
        int place = own.Tails.Length == 1 ? 0 : Array.FindIndex(own.Tails, tail => tail.Name == series.Name);
        if (place < 0)
        {
            throw new ArgumentException(Unknown(series.Name), nameof(series));
        }

        int[] places = [.. ends];
        int wrong = Array.FindIndex(places, end => end < own.Sizes.Lookback - 1 || end >= series.Count);
        if (wrong >= 0)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"ends[{wrong}] is {places[wrong]}, but must lie from {own.Sizes.Lookback - 1}, where a look-back of ")
                + FormattableString.Invariant($"{own.Sizes.Lookback} steps is complete, to {series.Count - 1}."), nameof(ends));
        }

        SeriesValues values = SeriesValues.Of(series, roles);
        NetworkSeries encoded = own.Encoding.Encode(values, own.Scales[place], own.Attributes[place]);
        return From(own, encoded, place, places, run ?? ForecastRun.Default);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<IReadOnlyList<QuantileGrid>> PredictCore(PredictData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        NetworkFit own = fit!;
        return Still(own, Holding(
            own, GridsOf(own, [.. own.Tails.Select((tail, i) => WithFuture(tail, data, i))], data.Horizon, data.Run)));
    }

    /// <summary>What the networks say of the steps behind the ends of the series.</summary>
    /// <param name="own">The networks, and all that they know.</param>
    /// <param name="values">The last steps of every series, with the covariates that are known ahead.</param>
    /// <param name="horizon">Number of steps.</param>
    /// <param name="run">How the forecast is run.</param>
    private protected virtual IReadOnlyList<IReadOnlyList<QuantileGrid>> GridsOf(
        NetworkFit own, SeriesValues[] values, int horizon, ForecastRun run)
    {
        int levels = QuantileGrid.Levels.Count;
        int targets = own.Tails[0].Targets.Length;
        BlockForecast[][] all = [.. values.Select(_ => new BlockForecast[targets])];
        RecursionBounds[][] bounds = [.. values.Select((tail, i) => tail.Targets
            .Select((past, v) => RecursionBounds.Of(past, own.Scales[i][v])).ToArray())];
        for (int done = 0; done < horizon; done += own.Sizes.Horizon)
        {
            BlockForecast[][] block = PredictBlock(own, own.Encode(values), run);
            for (int i = 0; i < values.Length; i++)
            {
                for (int v = 0; v < targets; v++)
                {
                    all[i][v] = done == 0 ? block[i][v] : all[i][v].Followed(block[i][v], own.Scales[i][v].IsLog);
                    if (done > 0)
                    {
                        bounds[i][v].Hold(all[i][v], done);
                    }
                }

                // The next block looks back on this one's medians, as far as they are the future.
                values[i] = values[i] with
                {
                    Targets = [.. values[i].Targets.Select((past, v) => (double[])[.. past, .. all[i][v].Point.AsSpan(done)])],
                    Past = [.. values[i].Past.Select(past => (double[])[.. past, .. Repeated(past[^1], own.Sizes.Horizon)])],
                };
            }
        }

        return [.. all.Select(series => (IReadOnlyList<QuantileGrid>)[.. series.Select(forecast => QuantileGrid.Of(
            forecast.Point.AsSpan(0, horizon), forecast.Quantiles.AsSpan(0, horizon * levels)))])];
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<IReadOnlyList<double[][]>> SampleCore(PredictData data, int count, ulong key)
    {
        // The distribution of each step is the forecast's; that errors of neighbouring steps go together was learnt from them.
        double dependence = fit!.Dependence;
        return [.. PredictCore(data).Select((grids, i) => (IReadOnlyList<double[][]>)[.. grids.Select((grid, v) =>
        {
            var random = new SeededRandom(SeededRandom.Key(SeededRandom.Key(key, (ulong)i), (ulong)v));
            var paths = new double[count][];
            for (int path = 0; path < count; path++)
            {
                paths[path] = new double[grid.Horizon];
                double state = random.NextNormal();
                for (int step = 0; step < grid.Horizon; step++)
                {
                    paths[path][step] = grid.Quantile(step, Math.Clamp(Gaussian.Cdf(state), 1e-9, 1 - 1e-9));
                    state = (dependence * state) + (Math.Sqrt(1 - (dependence * dependence)) * random.NextNormal());
                }
            }

            return paths;
        })])];
    }

    /// <summary>Forecasts as many steps as the network was trained for behind the end of every series.</summary>
    /// <returns>For each series and target.</returns>
    private protected virtual BlockForecast[][] PredictBlock(NetworkFit own, NetworkSeries[] series, ForecastRun run)
    {
        var windows = new NetworkWindows(series, [.. series.Select(one => new WindowRange(one.Count - 1, 1))], own.Sizes);
        int horizon = own.Sizes.Horizon;
        int levels = QuantileGrid.Levels.Count;
        BlockForecast[][] result = [.. series.Select(one => new BlockForecast[one.Targets.Length])];
        int passes = Math.Max(1, Training.DropoutPasses);
        for (int start = 0; start < windows.Count; start += Chunk)
        {
            int count = Math.Min(Chunk, windows.Count - start);
            NDArray[] outputs = [.. Enumerable.Range(0, passes).Select(pass => OutputsOf(
                own, windows, start, count, Training.DropoutPasses > 0 ? (ulong)pass : null, run))];
            for (int sample = start; sample < start + count; sample++)
            {
                WindowPlace window = windows.At(sample);
                for (int i = 0; i < own.Sizes.Targets; i++)
                {
                    int target = window.Target + i;
                    var block = new BlockForecast(new double[horizon], new double[horizon * levels]);
                    for (int step = 0; step < horizon; step++)
                    {
                        int row = (((sample - start) * horizon) + step) * own.Sizes.Targets;
                        block.Point[step] = QuantilesAt(own, windows, window, target, step, outputs, row + i,
                            block.Quantiles.AsSpan(step * levels, levels));
                    }

                    result[window.Place][target] = block;
                }
            }
        }

        return result;
    }

    /// <summary>What the networks give for some windows: (windows, horizon · targets, levels), the median of the
    /// members.</summary>
    private NDArray OutputsOf(
        NetworkFit own, NetworkWindows windows, int start, int count, ulong? dropout, ForecastRun run)
    {
        ModelData inputs = ModelInputs(windows.Part(start, count));
        int batch = Math.Clamp(PredictionSteps / StepsOfWindow(own.Sizes), 1, PredictionBatch);
        var outputs = new NDArray[own.Networks.Length];
        for (int member = 0; member < outputs.Length; member++)
        {
            Model network = own.Networks[member];
            network.MaxDegreeOfParallelism = run.Threads;
            outputs[member] = dropout is { } pass
                ? network.PredictWithDropout(
                    inputs, batch, SeededRandom.Key((ulong)Training.Seed ^ 0x44524F50UL, pass), run.Cancellation)
                : network.PredictAll(inputs, batch, cancellationToken: run.Cancellation)[0];
        }

        if (outputs.Length == 1)
        {
            return outputs[0];
        }

        var middle = new NDArray([.. outputs[0].Shape]);
        Span<Real> numbers = new Real[outputs.Length];
        for (int i = 0; i < middle.Size; i++)
        {
            for (int member = 0; member < outputs.Length; member++)
            {
                numbers[member] = outputs[member].Values[i];
            }

            numbers.Sort();
            middle.Values[i] = (numbers[(outputs.Length - 1) / 2] + numbers[outputs.Length / 2]) / 2;
        }

        return middle;
    }

    /// <summary>Quantiles and point of a step in the units of the series.</summary>
    /// <returns>The point.</returns>
    private double QuantilesAt(
        NetworkFit own, NetworkWindows windows, in WindowPlace window, int target, int step, NDArray[] outputs, int row,
        Span<double> quantiles)
    {
        WindowFrame frame = windows.FrameOf(window, target);
        double from = windows.BaseOf(window, target, step, frame);
        SeriesScale scale = window.Series.Scales[target];
        int numbers = outputs[0].Shape[^1];
        double point = 0;
        double[] mixed = outputs.Length > 1 ? new double[outputs.Length * quantiles.Length] : [];
        for (int pass = 0; pass < outputs.Length; pass++)
        {
            ReadOnlySpan<Real> given = outputs[pass].Values.AsSpan(row * numbers, numbers);
            int group = (window.Place * window.Series.Targets.Length) + target;
            point += Spread(own, given, group, step, quantiles) / outputs.Length;
            if (outputs.Length > 1)
            {
                quantiles.CopyTo(mixed.AsSpan(pass * quantiles.Length));
            }
        }

        if (outputs.Length > 1)
        {
            // Each pass is one of the equally likely distributions of a mixture.
            LevelGrid.Mix(mixed, outputs.Length, quantiles);
        }

        for (int i = 0; i < quantiles.Length; i++)
        {
            quantiles[i] = scale.Back(from + (frame.Size * quantiles[i]));
        }

        return scale.Back(from + (frame.Size * point));
    }

    /// <summary>Point and quantiles in the units of the window, from the numbers that a network gave.</summary>
    private double Spread(NetworkFit own, ReadOnlySpan<Real> given, int group, int step, Span<double> quantiles)
    {
        if (given.Length > 1)
        {
            return LevelGrid.Widen(Training.Levels, given, quantiles);
        }

        own.Spread.Fill(group, step, quantiles);
        foreach (ref double quantile in quantiles)
        {
            quantile += given[0];
        }

        return given[0];
    }

    /// <summary>How far off the points are on windows that were not trained on.</summary>
    private (ResidualSpread Spread, double Dependence) MeasureErrors(Model[] networks, NetworkWindows windows, ForecastRun run)
    {
        NetworkSizes sizes = windows.Sizes;
        var own = new NetworkFit(networks, sizes, null!, [], [], [], null!, 0);
        int perWindow = sizes.Horizon * sizes.Targets;
        int level = sizes.Levels > 1 ? Training.Levels.ToList().IndexOf(0.5) : 0;
        int targets = windows.Count == 0 ? 0 : windows.At(0).Series.Targets.Length;
        var errors = new List<(int, int, float)>();
        int every = (int)Math.Max(1, ((long)windows.Count * perWindow) / MostErrors);
        double products = 0;
        double squares = 0;
        TargetSource truths = new(windows);
        var truth = new Real[perWindow];
        for (int start = 0; start < windows.Count; start += Chunk)
        {
            int count = Math.Min(Chunk, windows.Count - start);
            NDArray outputs = OutputsOf(own, windows, start, count, null, run);
            for (int sample = start; sample < start + count; sample++)
            {
                WindowPlace window = windows.At(sample);
                if (sample % every != 0)
                {
                    continue;
                }

                truths.Read(sample, truth);
                for (int i = 0; i < sizes.Targets; i++)
                {
                    double last = double.NaN;
                    for (int step = 0; step < sizes.Horizon; step++)
                    {
                        if (!window.Series.IsObserved(window.Target + i, window.End + 1 + step))
                        {
                            continue;
                        }

                        int row = (step * sizes.Targets) + i;
                        float error = (float)(truth[row]
                            - outputs.Values[((((sample - start) * perWindow) + row) * sizes.Levels) + level]);
                        errors.Add(((window.Place * targets) + window.Target + i, step, error));
                        if (!double.IsNaN(last))
                        {
                            products += last * error;
                            squares += ((last * last) + ((double)error * error)) / 2;
                        }

                        last = error;
                    }
                }
            }
        }

        double dependence = squares > 0 ? Math.Clamp(products / squares, 0, 0.99) : 0;
        return (ResidualSpread.Of(sizes.Horizon, windows.Groups, errors), dependence);
    }

    /// <summary>The points behind some steps of a series.</summary>
    private protected virtual IEnumerable<IReadOnlyList<double[]>> From(
        NetworkFit own, NetworkSeries encoded, int place, int[] ends, ForecastRun run)
    {
        for (int first = 0; first < ends.Length; first += Chunk)
        {
            // Each place is a range of one window of the same series.
            int[] some = ends[first..Math.Min(ends.Length, first + Chunk)];
            var windows = new NetworkWindows(
                [.. some.Select(_ => encoded)], [.. some.Select(end => new WindowRange(end, 1))], own.Sizes)
            { Origin = place };
            NDArray outputs = OutputsOf(own, windows, 0, windows.Count, null, run);
            int level = own.Sizes.Levels > 1 ? Training.Levels.ToList().IndexOf(0.5) : 0;
            double[][][] points = [.. some.Select(_ => encoded.Targets.Select(_ => new double[own.Sizes.Horizon]).ToArray())];
            for (int sample = 0; sample < windows.Count; sample++)
            {
                WindowPlace window = windows.At(sample);
                for (int row = 0; row < own.Sizes.Horizon * own.Sizes.Targets; row++)
                {
                    (int step, int i) = (row / own.Sizes.Targets, row % own.Sizes.Targets);
                    int target = window.Target + i;
                    WindowFrame frame = windows.FrameOf(window, target);
                    double u = outputs.Values[
                        (((sample * own.Sizes.Horizon * own.Sizes.Targets) + row) * own.Sizes.Levels) + level];
                    points[sample / windows.Parts][target][step] = encoded.Scales[target].Back(
                        windows.BaseOf(window, target, step, frame) + (frame.Size * u));
                }
            }

            foreach (double[][] point in points)
            {
                yield return point;
            }
        }
    }

    /// <summary>The last steps of a series, with its covariates over those ahead.</summary>
    private protected SeriesValues WithFuture(SeriesValues tail, PredictData data, int i) => tail.Future.Length == 0
        ? tail
        : tail with
        {
            Future = [.. tail.Future.Select((past, v) =>
                (double[])[.. past, .. data.Future[i].Variable(Roles.Future![v])])],
        };

    private static IEnumerable<double> Repeated(double value, int count) => Enumerable.Repeat(value, count);
}

/// <summary>A forecast of some steps: points, and quantiles step after step.</summary>
/// <param name="Point">The points.</param>
/// <param name="Quantiles">The quantiles, at <see cref="QuantileGrid.Levels"/>.</param>
internal sealed record BlockForecast(double[] Point, double[] Quantiles)
{
    /// <summary>The forecast with one behind it that looked back on its points.</summary>
    /// <param name="next">The one behind it.</param>
    /// <param name="log">Whether errors add up on the scale of logarithms.</param>
    public BlockForecast Followed(BlockForecast next, bool log = false)
    {
        int levels = QuantileGrid.Levels.Count;
        var quantiles = new double[next.Quantiles.Length];
        for (int i = 0; i < quantiles.Length; i++)
        {
            double point = Scaled(next.Point[i / levels]);
            double own = Scaled(next.Quantiles[i]) - point;
            double before = Scaled(Quantiles[^(levels - (i % levels))]) - Scaled(Point[^1]);
            double quantile = point + (Math.Sign(i % levels - (levels / 2)) * Math.Sqrt((own * own) + (before * before)));
            quantiles[i] = log ? Math.Exp(Math.Min(quantile, 700)) : quantile;
        }

        double Scaled(double value) => log ? Math.Log(Math.Max(value, double.Epsilon)) : value;
        return new([.. Point, .. next.Point], [.. Quantiles, .. quantiles]);
    }
}
