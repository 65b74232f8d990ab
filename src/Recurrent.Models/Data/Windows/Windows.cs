using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>
/// Samples cut out of series: what was seen over some steps, and what was to be said of it. Nothing is written out: a window is
/// cut when a batch asks for it, so that the windows of a year of minutes take no more memory than the year.
/// </summary>
/// <example>
/// <code>
/// Windows windows = Windows.FromArray(data, targets, sequenceLength: 24);
/// model.Fit(windows.X, windows.Y!);
/// </code>
/// </example>
public sealed partial class Windows
{
    private readonly WindowPlaces places;

    // How the same windows are cut at other places; null where there are no series to split.
    private readonly WindowCut? cut;

    private Windows(WindowPlaces places, LazyArray x, LazyArray? y)
    {
        this.places = places;
        X = x;
        Y = y;
    }

    private Windows(WindowCut cut, WindowPlaces places, bool withTargets = true)
    {
        this.cut = cut;
        this.places = places;
        X = cut.Inputs(places);
        Y = withTargets ? cut.Targets(places) : null;
        Weights = withTargets ? cut.Weights(places) : null;
        Future = cut.Future(places);
        Static = cut.Static(places);
    }

    /// <summary>Number of windows.</summary>
    public int Count => places.Count;

    /// <summary>The inputs, (windows, steps, …).</summary>
    public LazyArray X { get; }

    /// <summary>The targets, (windows, …); null where there are none. A missing one is 0, and its weight too.</summary>
    public LazyArray? Y { get; }

    /// <summary>
    /// How much targets count: 1, or 0 where one is missing, (windows, horizon), or (windows) for flat targets; null where none
    /// is missing.
    /// </summary>
    public LazyArray? Weights { get; }

    /// <summary>What is known ahead, at the steps of the targets, (windows, horizon, variables); null where nothing is.</summary>
    public LazyArray? Future { get; }

    /// <summary>What is always so of the series of a window, (windows, features); null where nothing is.</summary>
    public LazyArray? Static { get; }

    /// <summary>Names of the variables of <see cref="X"/> in their order; empty for windows over arrays.</summary>
    public IReadOnlyList<string> InputNames => cut?.InputNames ?? [];

    /// <summary>Names of the features of <see cref="Static"/> in their order.</summary>
    public IReadOnlyList<string> StaticNames => cut?.StaticNames ?? [];

    /// <summary>In which series a window stands, and the step at which it begins; both from 0.</summary>
    /// <param name="window">Which window, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such window.</exception>
    public (int Series, int Start) PlaceOf(int window) => places[window];

    /// <summary>
    /// Windows over an array, each with the target that has the number of its first step: Keras's
    /// keras.utils.timeseries_dataset_from_array. To forecast, give targets that begin where the first window's future does.
    /// </summary>
    /// <param name="data">The series, (time, …).</param>
    /// <param name="targets">Targets, (time, …): the one at t goes with the window that begins at t. Null for none.</param>
    /// <param name="sequenceLength">Number of steps of a window; at least 1.</param>
    /// <param name="sequenceStride">From the beginning of a window to that of the next; at least 1.</param>
    /// <param name="samplingRate">From a step of a window to the next; at least 1.</param>
    /// <param name="startIndex">Steps before it are not used.</param>
    /// <param name="endIndex">Nor are this one and those behind it; null uses all.</param>
    /// <exception cref="ArgumentException">An option is out of range, or there is no window; the message says why.</exception>
    public static Windows FromArray(
        NDArray data,
        NDArray? targets,
        int sequenceLength,
        int sequenceStride = 1,
        int samplingRate = 1,
        int startIndex = 0,
        int? endIndex = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        CheckArray(data, targets, sequenceLength, nameof(sequenceLength), startIndex, endIndex)
            .Positive(nameof(sequenceStride), sequenceStride)
            .Positive(nameof(samplingRate), samplingRate)
            .ThrowIfAny();
        int end = endIndex ?? data.Shape[0];
        long span = ((sequenceLength - 1L) * samplingRate) + 1;
        long starts = Math.Min(end - startIndex - span + 1, targets?.Shape[0] ?? long.MaxValue);
        RequireWindows(starts, end - startIndex, span, 0);
        if (targets is not null && targets.Shape[0] < startIndex + starts)
        {
            starts = Math.Max(0, targets.Shape[0] - startIndex);
            RequireWindows(starts, targets.Shape[0], span, startIndex);
        }

        var places = new WindowPlaces(new WindowRun(0, startIndex, sequenceStride,
            (int)((starts + sequenceStride - 1) / sequenceStride)));
        return new(
            places,
            new CutArray([data.Values], places, [.. data.Shape.Skip(1)], sequenceLength, 0, samplingRate),
            targets is null ? null : new CutArray([targets.Values], places, [.. targets.Shape.Skip(1)], null));
    }

    /// <summary>
    /// Windows over an array, each with the target that stands right behind it: Keras's TimeseriesGenerator.
    /// </summary>
    /// <param name="data">The series, (time, …).</param>
    /// <param name="targets">The targets, (time, …).</param>
    /// <param name="length">Steps that a window spans, before any are left out; at least 1.</param>
    /// <param name="samplingRate">From a step of a window to the next; at least 1.</param>
    /// <param name="stride">From the beginning of a window to that of the next; at least 1.</param>
    /// <param name="startIndex">Steps before it are not used.</param>
    /// <param name="endIndex">The last step that is used, as a target; null takes the last there is.</param>
    /// <param name="reverse">Whether a window runs from its last step to its first.</param>
    /// <exception cref="ArgumentException">An option is out of range, or there is no window; the message says why.</exception>
    public static Windows BeforeTargets(
        NDArray data,
        NDArray targets,
        int length,
        int samplingRate = 1,
        int stride = 1,
        int startIndex = 0,
        int? endIndex = null,
        bool reverse = false)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(targets);
        CheckArray(data, targets, length, nameof(length), startIndex, endIndex + 1)
            .Positive(nameof(samplingRate), samplingRate)
            .Positive(nameof(stride), stride)
            .Require(
                targets.Rank == 0 || data.Rank == 0 || targets.Shape[0] == data.Shape[0],
                $"there must be a target for each step, but shapes are {NDArray.Describe(data.Shape)} and "
                    + $"{NDArray.Describe(targets.Shape)}")
            .ThrowIfAny();
        int last = endIndex ?? (data.Shape[0] - 1);
        long starts = last - startIndex - (long)length + 1;
        RequireWindows(starts, last - startIndex + 1, length + 1L, 0);
        var places = new WindowPlaces(new WindowRun(0, startIndex, stride, (int)((starts + stride - 1) / stride)));
        int steps = (length + samplingRate - 1) / samplingRate;
        int[] step = [.. data.Shape.Skip(1)];
        return new(
            places,
            reverse
                ? new CutArray([data.Values], places, step, steps, (steps - 1) * samplingRate, -samplingRate)
                : new CutArray([data.Values], places, step, steps, 0, samplingRate),
            new CutArray([targets.Values], places, [.. targets.Shape.Skip(1)], null, length));
    }

    /// <summary>The windows in batches, written out one batch at a time.</summary>
    /// <param name="batchSize">Windows to a batch; the last one may have fewer. 128 by default, as in Keras.</param>
    /// <param name="shuffle">Whether they come in an order that the seed gives, and not in that of time.</param>
    /// <param name="seed">Same seed, same order.</param>
    /// <exception cref="ArgumentException"><paramref name="batchSize"/> is below 1.</exception>
    public IEnumerable<WindowBatch> Batches(int batchSize = 128, bool shuffle = false, int seed = 0)
    {
        new OptionCheck(nameof(Windows)).Positive(nameof(batchSize), batchSize).ThrowIfAny();
        return Cut(batchSize, shuffle, seed);
    }

    private IEnumerable<WindowBatch> Cut(int batchSize, bool shuffle, int seed)
    {
        int[] order = [.. Enumerable.Range(0, Count)];
        if (shuffle)
        {
            new SeededRandom(SeededRandom.Key((ulong)seed, 0x57494E44UL)).Shuffle<int>(order);
        }

        for (int start = 0; start < order.Length; start += batchSize)
        {
            int[] own = order[start..Math.Min(order.Length, start + batchSize)];
            yield return new(Take(X, own), Y is null ? null : Take(Y, own));
        }
    }

    private static NDArray Take(LazyArray array, int[] samples)
    {
        var taken = new NDArray([samples.Length, .. array.Shape.Skip(1)]);
        for (int i = 0; i < samples.Length; i++)
        {
            array.Read(samples[i], taken.Values.AsSpan(i * array.SampleSize, array.SampleSize));
        }

        return taken;
    }

    private static OptionCheck CheckArray(
        NDArray data, NDArray? targets, int length, string lengthName, int startIndex, int? endIndex) =>
        new OptionCheck(nameof(Windows))
            .Positive(lengthName, length)
            .Require(data.Rank > 0, "data is a single number; its first axis must be time")
            .Require(targets is null || targets.Rank > 0, "targets is a single number; its first axis must be time")
            .Require(
                data.Rank == 0 || (startIndex >= 0 && startIndex < data.Shape[0]),
                $"startIndex must be a step of the {(data.Rank == 0 ? 0 : data.Shape[0])} there are, but is {startIndex}",
                nameof(startIndex))
            .Require(
                data.Rank == 0 || endIndex is null || (endIndex > startIndex && endIndex <= data.Shape[0]),
                $"endIndex must be behind startIndex and within the {(data.Rank == 0 ? 0 : data.Shape[0])} steps there are",
                nameof(endIndex));

    private static void RequireWindows(long count, long steps, long span, int offset) => new OptionCheck(nameof(Windows))
        .Require(
            count >= 1,
            FormattableString.Invariant($"{steps} steps hold no window of {span}")
                + (offset > 0 ? FormattableString.Invariant($" from step {offset} on") : string.Empty))
        .ThrowIfAny();
}
