using System.Globalization;

namespace Recurrent.Data;

/// <summary>The values of series, each held once, and how windows are cut out of them.</summary>
internal sealed class WindowCut
{
    private readonly WindowOptions options;
    private readonly Real[][] inputs;
    private readonly Real[][] targets;
    private readonly Real[][] future;
    private readonly Real[][] attributes;
    private readonly bool targetsMissing;
    private readonly bool[][] whole;
    private readonly bool[][] wholeAhead;

    /// <summary>Takes the values of series.</summary>
    /// <param name="panel">The series.</param>
    /// <param name="options">How windows are cut; all roles named.</param>
    /// <param name="ahead">Steps at the end of each series of which only the future variables are known.</param>
    internal WindowCut(SeriesPanel panel, WindowOptions options, int ahead = 0)
    {
        this.options = options;
        string[] seen = [.. options.Targets!, .. options.Past!, .. options.Future!];
        string[] flagged = options.MissingInputs == MissingInputs.Flag ? seen : [];
        InputNames = [.. seen, .. flagged.Select(name => name + Imputation.Indicator)];
        StaticNames = [.. options.Static!.SelectMany(name => FeaturesOf(panel, name))];
        inputs = [.. panel.Select(series => Table(series, seen, flagged, series.Count - ahead))];
        targets = [.. panel.Select(series => Table(series, [.. options.Targets!], [], keepMissing: true))];
        future = [.. panel.Select(series => Table(series, [.. options.Future!], [], series.Count))];
        attributes = [.. panel.Select(series => AttributesOf(panel, series))];
        Lengths = [.. panel.Select(series => series.Count)];
        targetsMissing = Array.Exists(targets, table => Array.Exists(table, Real.IsNaN));
        bool leavesOut = options.MissingInputs == MissingInputs.LeaveOut;
        whole = leavesOut ? [.. panel.Select(series => Whole(series, seen))] : [];
        wholeAhead = leavesOut ? [.. panel.Select(series => Whole(series, options.Future!))] : [];
    }

    internal IReadOnlyList<string> InputNames { get; }

    internal IReadOnlyList<string> StaticNames { get; }

    /// <summary>Number of steps of each series.</summary>
    internal int[] Lengths { get; }

    internal WindowOptions Options => options;

    /// <summary>All windows that there are.</summary>
    /// <param name="steps">Steps that a window spans, by series.</param>
    internal WindowPlaces All(long steps)
    {
        var runs = new List<WindowRun>();
        for (int series = 0; series < Lengths.Length; series++)
        {
            long starts = Lengths[series] - steps + 1;
            int count = (int)Math.Max(0, (starts + options.Stride - 1) / options.Stride);
            if (whole.Length == 0)
            {
                runs.Add(new(series, 0, options.Stride, count));
                continue;
            }

            for (int window = 0; window < count; window++)
            {
                if (IsWhole(series, window * options.Stride))
                {
                    bool goesOn = runs.Count > 0 && runs[^1] is var last && last.Series == series
                        && last.First + (last.Count * last.Stride) == window * options.Stride;
                    runs.Add(goesOn ? runs[^1] with { Count = runs[^1].Count + 1 }
                        : new(series, window * options.Stride, options.Stride, 1));
                    if (goesOn)
                    {
                        runs.RemoveAt(runs.Count - 2);
                    }
                }
            }
        }

        return new(runs);
    }

    internal LazyArray Inputs(WindowPlaces places) =>
        new CutArray(inputs, places, [InputNames.Count], options.Lookback, 0, options.SamplingRate);

    internal LazyArray Targets(WindowPlaces places) => targetsMissing
        ? new KnownTargets(CutTargets(places), ShapeOf(places))
        : CutTargets(places, options.Flat);

    internal LazyArray? Weights(WindowPlaces places) => targetsMissing
        ? new TargetWeights(CutTargets(places), options.Flat ? 1 : options.Horizon)
        : null;

    internal LazyArray? Future(WindowPlaces places) => options.Future!.Count == 0
        ? null
        : new CutArray(
            future, places, [options.Future.Count], options.Horizon, checked((int)options.FirstTarget), options.SamplingRate);

    internal LazyArray? Static(WindowPlaces places) =>
        StaticNames.Count == 0 ? null : new StaticRows(attributes, places, StaticNames.Count);

    private int[] ShapeOf(WindowPlaces places) => options.Flat
        ? [places.Count, options.Horizon * options.Targets!.Count]
        : [places.Count, options.Horizon, options.Targets!.Count];

    private LazyArray CutTargets(WindowPlaces places, bool flat = false)
    {
        var cut = new CutArray(
            targets, places, [options.Targets!.Count], options.Horizon, checked((int)options.FirstTarget), options.SamplingRate);
        return flat ? new KnownTargets(cut, ShapeOf(places)) : cut;
    }

    private bool IsWhole(int series, int start)
    {
        for (int step = 0; step < options.Lookback; step++)
        {
            if (!whole[series][start + (step * options.SamplingRate)])
            {
                return false;
            }
        }

        // What is known ahead is an input, too.
        for (int step = 0; step < options.Horizon; step++)
        {
            if (!wholeAhead[series][(int)(start + options.FirstTarget) + (step * options.SamplingRate)])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>At which steps nothing is missing.</summary>
    private static bool[] Whole(TimeSeries series, IReadOnlyList<string> names)
    {
        var result = new bool[series.Count];
        Array.Fill(result, true);
        foreach (string name in names)
        {
            ReadOnlySpan<double> values = series.Variable(name);
            for (int step = 0; step < values.Length; step++)
            {
                result[step] &= !double.IsNaN(values[step]);
            }
        }

        return result;
    }

    /// <summary>Variables of a series side by side, (time, variables).</summary>
    private Real[] Table(TimeSeries series, string[] names, string[] flagged, int required = 0, bool keepMissing = false)
    {
        int width = names.Length + flagged.Length;
        var table = new Real[checked(series.Count * width)];
        for (int column = 0; column < width; column++)
        {
            bool isFlag = column >= names.Length;
            ReadOnlySpan<double> values = series.Variable(isFlag ? flagged[column - names.Length] : names[column]);
            for (int step = 0; step < values.Length; step++)
            {
                double value = values[step];
                if (double.IsNaN(value) && !isFlag && step < required && options.MissingInputs == MissingInputs.Refuse)
                {
                    throw new ArgumentException(
                        $"Value {step.ToString(CultureInfo.InvariantCulture)} of variable '{names[column]}' of series "
                        + $"'{series.Name}' is missing. Fill it (Imputation), or say what to do with missing inputs "
                        + "(MissingInputs).", nameof(series));
                }

                Real number = isFlag ? (double.IsNaN(value) ? 1 : 0)
                    : double.IsNaN(value) && !keepMissing ? 0
                    : (Real)value;
                table[(step * width) + column] = !Real.IsInfinity(number) ? number : throw new ArgumentException(
                    FormattableString.Invariant($"Value {step} of variable '{names[column]}' of series '{series.Name}' is ")
                    + FormattableString.Invariant($"{value}, more than a model's numbers reach. Bring it to scale first."),
                    nameof(series));
            }
        }

        return table;
    }

    private static IEnumerable<string> FeaturesOf(SeriesPanel panel, string attribute) =>
        panel.Attributes[panel[0].Name][attribute].IsNumber
            ? [attribute]
            : TextsOf(panel, attribute).Select(text => $"{attribute}_{text}");

    private static IEnumerable<string> TextsOf(SeriesPanel panel, string attribute) =>
        panel.Select(series => panel.Attributes[series.Name][attribute].Text!).Distinct().Order(StringComparer.Ordinal);

    private Real[] AttributesOf(SeriesPanel panel, TimeSeries series) =>
    [
        .. options.Static!.SelectMany(name => panel.Attributes[series.Name][name] is { IsNumber: true } number
            ? [double.IsFinite(number.Number) ? (Real)number.Number : throw new ArgumentException(
                $"Attribute '{name}' of series '{series.Name}' is not known. Give it a number, or leave the attribute out.")]
            : TextsOf(panel, name).Select(text => text == panel.Attributes[series.Name][name].Text ? (Real)1 : 0)),
    ];
}
