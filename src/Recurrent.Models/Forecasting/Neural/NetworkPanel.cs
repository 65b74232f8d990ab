using Recurrent.Data;
using Recurrent.Drawing;

namespace Recurrent.Forecasting;

/// <summary>The series that a network is fitted to: their values, which windows they have, and which of them are kept
/// back.</summary>
internal sealed class NetworkPanel
{
    // Share of the windows that a network which is trained on all of them is measured on by another one.
    private const double MeasuredShare = 0.15;

    private readonly int[] trainingWindows;
    private readonly int[] heldWindows;
    private readonly int leastHistory;
    private readonly NetworkForecaster owner;

    private NetworkPanel(SeriesValues[] values, Real[][] attributes, NetworkSizes sizes, NetworkForecaster owner)
    {
        NetworkTraining training = owner.Training;
        leastHistory = owner.LeastHistory(sizes.Lookback, sizes.Season);
        this.owner = owner;
        double share = training.ValidationShare ?? owner.Defaults.ValidationShare;
        Values = values;
        Attributes = attributes;
        Sizes = sizes;
        Encoding = PanelEncoding.Of(values);
        heldWindows = new int[values.Length];
        trainingWindows = new int[values.Length];
        ValidationSteps = new int[values.Length];
        Windows = Enumerable.Range(0, values.Length).Sum(i => (long)WindowsOf(i));
        double independent = Enumerable.Range(0, values.Length).Sum(i => IndependentOf(WindowsOf(i)));
        bool measured = share == 0 && training.ValidationShare is null && training.ValidationSteps is null
            && (Windows < owner.WindowsToTrust || independent < owner.IndependentToTrust);
        share = measured ? MeasuredShare : share;
        for (int i = 0; i < values.Length; i++)
        {
            int windows = WindowsOf(i);
            int held = training.ValidationSteps is { } steps
                ? Math.Max(0, steps - sizes.Horizon + 1)
                : (int)Math.Round(share * windows);
            held = share == 0 && training.ValidationSteps is null || windows < 4
                ? 0
                : Math.Clamp(held, 1, windows / 2);

            // Between the two lies a gap, so that no target is in both, as long as half of the windows stay.
            int kept = held == 0 ? windows
                : Math.Max(windows - held - sizes.Horizon + 1, Math.Min(windows - held, (windows + 1) / 2));
            heldWindows[i] = held;
            trainingWindows[i] = kept;
            ValidationSteps[i] = windows - kept;
        }

        KeptBack = !Array.Exists(heldWindows, held => held > 0) ? KeptBack.Nothing
            : measured ? KeptBack.ForMeasuring
            : KeptBack.ForStopping;
    }

    /// <summary>The values of the series.</summary>
    public SeriesValues[] Values { get; }

    /// <summary>The static features of each series.</summary>
    public Real[][] Attributes { get; }

    /// <summary>What goes into the network.</summary>
    public NetworkSizes Sizes { get; }

    /// <summary>How covariates are scaled.</summary>
    public PanelEncoding Encoding { get; }

    /// <summary>For each series the steps at its end that no window that is trained on reaches.</summary>
    public int[] ValidationSteps { get; }

    /// <summary>Number of windows of all series.</summary>
    public long Windows { get; }

    /// <summary>Number of windows of each series that are kept back.</summary>
    public IReadOnlyList<int> HeldWindows => heldWindows;

    /// <summary>What the windows that are kept back are for.</summary>
    public KeptBack KeptBack { get; }

    /// <summary>Takes the series that can be fitted.</summary>
    public static NetworkPanel Of(NetworkForecaster owner, FitData data)
    {
        var values = new List<SeriesValues>();
        var names = new List<string>();
        int season = 1;
        foreach (TimeSeries series in data.Panel)
        {
            SeriesValues own = SeriesValues.Of(series, data.Roles);
            int empty = Array.FindIndex(own.Targets, target => Array.TrueForAll(target, double.IsNaN));
            if (empty >= 0)
            {
                string which = own.Targets.Length > 1 ? $" of '{data.Targets[empty]}'" : string.Empty;
                data.LeaveOut(series.Name, new ArgumentException(own.Count == 0 ? "it has no values."
                    : FormattableString.Invariant($"all {own.Count} values{which} are missing.")));
                continue;
            }

            if (owner.ProblemOf(series, data.Targets) is { } problem)
            {
                data.LeaveOut(series.Name, new ArgumentException(problem));
                continue;
            }

            for (int target = 0; target < own.Targets.Length; target++)
            {
                int missing = own.Targets[target].Count(double.IsNaN);
                if (missing > 0)
                {
                    data.Note(FormattableString.Invariant(
                        $"Series '{series.Name}': {missing} of {own.Count} values of '{data.Targets[target]}' were missing: ")
                        + "training does not count them, and sees the value before in their place.");
                }
            }

            values.Add(own);
            names.Add(series.Name);
            season = Math.Max(season, owner.Season ?? series.Frequency?.Season ?? 1);
        }

        int wanted = owner.Horizon ?? (season > 1 ? season : 8);
        int horizon = owner.TrainedHorizon ?? wanted;
        int lookback = owner.Lookback ?? owner.LookbackFor(season, wanted)
            ?? owner.DefaultLookback(season, wanted, values.Count == 0 ? 0 : values.Min(one => one.Count));
        int least = owner.LeastHistory(lookback, season);
        for (int i = values.Count - 1; i >= 0; i--)
        {
            if (values[i].Count < least + horizon)
            {
                data.LeaveOut(names[i], new ArgumentException(FormattableString.Invariant(
                    $"Series '{names[i]}' has {Figures.Count(values[i].Count, "step")}, but a window of {owner.Name} takes ")
                    + FormattableString.Invariant($"{least + horizon}: {least} to look back on and {horizon} to forecast. Give ")
                    + "a smaller lookback or horizon."));
                values.RemoveAt(i);
            }
        }

        if (values.Count == 0)
        {
            throw new ArgumentException($"No series is left that {owner.Name} can be fitted to.");
        }

        Real[][] attributes = StaticFeatures.Of(data.Panel, [.. values.Select(one => one.Name)], data.Roles.Static!);
        int targets = data.Targets.Count;
        int perSample = owner.IsPerVariable ? 1 : targets;
        WindowScaling scaling = owner.ScalingFor(values, season, wanted);
        var sizes = new NetworkSizes
        {
            Lookback = lookback,
            Horizon = horizon,
            Targets = perSample,
            PastFeatures = (perSample * (scaling == WindowScaling.Seasonal ? 2 : 1)) + data.Roles.Past!.Count
                + data.Roles.Future!.Count,
            FutureFeatures = data.Roles.Future.Count,
            StaticFeatures = attributes[0].Length,
            Channels = owner.ChannelsOf(values.Count, targets),
            Variables = targets / perSample,
            Levels = owner.LevelsOf(),
            Season = season,
            Scaling = scaling,
            Windows = values.Sum(one => (long)one.Count - lookback - horizon + 1),
            Seed = owner.Training.Seed,
        };
        return new([.. values], attributes, sizes, owner);
    }

    /// <summary>How many of the windows of a series could stand behind one another without a common step of what they forecast:
    /// neighbours err together.</summary>
    private double IndependentOf(int windows) => windows <= 0 ? 0 : (windows + Sizes.Horizon - 1.0) / Sizes.Horizon;

    /// <summary>How many of the windows that are kept back are independent.</summary>
    public double IndependentHeld => heldWindows.Sum(IndependentOf);

    /// <summary>The series as networks see them.</summary>
    /// <param name="heldBack">Steps at the end of each series that its scale must not know; empty for none.</param>
    public NetworkSeries[] Encode(IReadOnlyList<int> heldBack) => [.. Values.Select((values, i) => Encoding.Encode(
        values,
        [.. values.Targets.Select(target => ScaleOf(target[..^(heldBack.Count == 0 ? 0 : heldBack[i])]))],
        Attributes[i]))];

    private SeriesScale ScaleOf(double[] known) => SeriesScale.Of(known, owner.UsesLogFor(known, Sizes.Season));

    /// <summary>The windows that are trained on while others are kept back.</summary>
    public WindowRange[] TrainingRanges(int stride) => Ranges(i => (0, trainingWindows[i]), stride);

    /// <summary>The windows that are kept back.</summary>
    public WindowRange[] ValidationRanges() => Ranges(i => (WindowsOf(i) - heldWindows[i], heldWindows[i]), 1);

    /// <summary>All windows.</summary>
    public WindowRange[] AllRanges(int stride) => Ranges(i => (0, WindowsOf(i)), stride);

    private int WindowsOf(int i) => Values[i].Count - leastHistory - Sizes.Horizon + 1;

    private WindowRange[] Ranges(Func<int, (int First, int Count)> choose, int stride)
    {
        var ranges = new WindowRange[Values.Length];
        for (int i = 0; i < ranges.Length; i++)
        {
            (int first, int count) = choose(i);
            int taken = (count + stride - 1) / stride;

            // The newest window is always among them.
            int skipped = count == 0 ? 0 : (count - 1) % stride;
            ranges[i] = new(leastHistory - 1 + first + skipped, taken, stride);
        }

        return ranges;
    }
}
