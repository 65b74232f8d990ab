using Recurrent.Models;
using Recurrent.Random;
using Recurrent.States;
using Recurrent.Streaming;

namespace Recurrent.Forecasting;

/// <content>Paths, drawn step by step.</content>
public sealed partial class DeepAR
{
    // Sequences that are drawn side by side.
    private const int SideBySide = 4096;

    private protected override IReadOnlyList<IReadOnlyList<QuantileGrid>> GridsOf(
        NetworkFit own, SeriesValues[] values, int horizon, ForecastRun run) =>
        [.. Draw(own, values, horizon, paths, SeededRandom.Key((ulong)Training.Seed, 0x44454550UL), run).Select(series =>
            (IReadOnlyList<QuantileGrid>)[.. series.Select(drawn => QuantileGrid.FromSamples(drawn))])];

    /// <inheritdoc/>
    protected override IReadOnlyList<IReadOnlyList<double[][]>> SampleCore(PredictData data, int count, ulong key)
    {
        ArgumentNullException.ThrowIfNull(data);
        NetworkFit own = Fitted;
        double[][][][] drawn = Draw(
            own, [.. own.Tails.Select((tail, i) => WithFuture(tail, data, i))], data.Horizon, count, key, data.Run);
        if (own.Intervals is not null)
        {
            // The draws' order among one another, in the distributions that hold.
            IReadOnlyList<IReadOnlyList<QuantileGrid>> grids = PredictCore(data);
            drawn = [.. drawn.Select((series, i) => series.Select((all, v) => Array.ConvertAll(Paths.Reorder(grids[i][v], all),
                path => Array.ConvertAll(path, Allowed))).ToArray())];
        }

        for (int i = 0; i < drawn.Length; i++)
        {
            for (int v = 0; v < drawn[i].Length; v++)
            {
                if (StillAt(own, i, v) is { } value)
                {
                    Array.ForEach(drawn[i][v], path => Array.Fill(path, value));
                }
            }
        }

        return drawn;
    }

    private protected override double Allowed(double value) => CountsOnly ? Math.Max(0, Math.Round(value)) : value;

    private protected override IEnumerable<IReadOnlyList<double[]>> From(
        NetworkFit own, NetworkSeries encoded, int place, int[] ends, ForecastRun run)
    {
        foreach (int end in ends)
        {
            yield return
            [
                .. DrawAll(own, [encoded], [end], own.Sizes.Horizon, paths, SeededRandom.Key((ulong)Training.Seed, (ulong)end),
                    run)[0].Select(drawn => QuantileGrid.FromSamples(drawn).Point.ToArray()),
            ];
        }
    }

    private double[][][][] Draw(
        NetworkFit own, SeriesValues[] values, int horizon, int count, ulong key, ForecastRun run)
    {
        NetworkSeries[] series = own.Encode(values);
        return DrawAll(own, series, [.. series.Select(one => one.Count - 1)], horizon, count, key, run);
    }

    /// <summary>For each series, for each variable, the paths behind a step.</summary>
    private double[][][][] DrawAll(
        NetworkFit own, NetworkSeries[] series, int[] ends, int horizon, int count, ulong key, ForecastRun run)
    {
        var windows = new NetworkWindows(series, [.. ends.Select(end => new WindowRange(end, 1))], own.Sizes);
        double[][][][] result = [.. series.Select(one => one.Targets.Select(_ => new double[count][]).ToArray())];
        int members = own.Networks.Length;
        int atOnce = Math.Max(1, SideBySide / Math.Max(1, (count + members - 1) / members));
        for (int start = 0; start < windows.Count; start += atOnce)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            int samples = Math.Min(atOnce, windows.Count - start);
            for (int member = 0; member < members; member++)
            {
                // Each member draws its share of the paths.
                int first = (int)((long)count * member / members);
                int share = (int)((long)count * (member + 1) / members) - first;
                own.Networks[member].MaxDegreeOfParallelism = run.Threads;
                if (share > 0)
                {
                    DrawSome(own.Networks[member], windows, (start, samples), (first, share), horizon, key, result);
                }
            }
        }

        return result;
    }

    private void DrawSome(
        Model network, NetworkWindows windows, (int Start, int Count) samples, (int First, int Count) share, int horizon,
        ulong key, double[][][][] result)
    {
        NetworkSizes sizes = windows.Sizes;
        int features = AutoregressiveSource.FeaturesOf(sizes);
        int known = sizes.Lookback - 1;
        WindowPlace[] places = [.. Enumerable.Range(samples.Start, samples.Count).Select(windows.At)];
        WindowFrame[] frames = Array.ConvertAll(places, place => windows.FrameOf(place, place.Target));
        RecursionBounds[] bounds = Array.ConvertAll(places, place => RecursionBounds.Of(
            place.Series.Targets[place.Target].AsSpan(place.End - known, sizes.Lookback), place.Series.Scales[place.Target]));
        double[] logs = Array.ConvertAll(places, place => Math.Log(LogScaleSource.SizeOf(windows, place)));

        // What is known is read once for each series, and its states then stand for all of its paths.
        StreamingSession session = network.OpenSession(sequences: samples.Count);
        for (int step = 0; step < known; step++)
        {
            for (int i = 0; i < places.Length; i++)
            {
                AutoregressiveSource.Fill(windows, places[i], places[i].End - known + step + 1,
                    session.Input("sequence").Slice(i * features, features));
            }

            Advance(session, logs, 1);
        }

        int[] of = [.. Enumerable.Range(0, samples.Count * share.Count).Select(path => path / share.Count)];
        ModelState state = session.State.Select(of);
        session = network.OpenSession(state);
        SeededRandom[] random = [.. of.Select((sample, path) => new SeededRandom(SeededRandom.Key(
            SeededRandom.Key(SeededRandom.Key(key, (ulong)places[sample].Place), (ulong)places[sample].Target),
            (ulong)(share.First + (path % share.Count)))))];
        double[][] drawn = [.. of.Select(_ => new double[horizon])];
        var draws = new LikelihoodDraws(NewLoss(), Training.Levels);
        for (int step = 0; step < horizon; step++)
        {
            for (int path = 0; path < of.Length; path++)
            {
                WindowPlace place = places[of[path]];
                Span<Real> read = session.Input("sequence").Slice(path * features, features);
                AutoregressiveSource.Fill(windows, place, place.End + 1 + step, read);
                if (step > 0)
                {
                    read[0] = (Real)drawn[path][step - 1];
                }

                if (sizes.Season > 1 && step >= sizes.Season)
                {
                    read[1] = (Real)drawn[path][step - sizes.Season];
                }
            }

            Advance(session, logs, share.Count);
            ReadOnlySpan<Real> outputs = session.Output("parameters");
            for (int path = 0; path < of.Length; path++)
            {
                double value = draws.Next(outputs.Slice(path * sizes.Levels, sizes.Levels), ref random[path]);
                WindowFrame frame = frames[of[path]];
                double u = CountsOnly ? ToUnits(value, places[of[path]], frame) : value;
                double z = frame.Location + (frame.Size * u);
                double held = step == 0 ? z : bounds[of[path]].Held(z, step);
                drawn[path][step] = held == z ? u : (held - frame.Location) / frame.Size;
            }
        }

        for (int path = 0; path < of.Length; path++)
        {
            WindowPlace place = places[of[path]];
            SeriesScale scale = place.Series.Scales[place.Target];
            WindowFrame frame = frames[of[path]];
            result[place.Place][place.Target][share.First + (path % share.Count)] = Array.ConvertAll(drawn[path], u =>
            {
                return Allowed(scale.Back(frame.Location + (frame.Size * u)));
            });
        }
    }

    private void Advance(StreamingSession session, double[] logs, int each)
    {
        if (CountsOnly)
        {
            Span<Real> scale = session.Input("log_scale");
            for (int i = 0; i < scale.Length; i++)
            {
                scale[i] = (Real)logs[i / each];
            }
        }

        session.Advance();
    }

    private static double ToUnits(double value, in WindowPlace place, WindowFrame frame)
    {
        SeriesScale scale = place.Series.Scales[place.Target];
        return (((value - scale.Mean) / scale.Deviation) - frame.Location) / frame.Size;
    }
}
