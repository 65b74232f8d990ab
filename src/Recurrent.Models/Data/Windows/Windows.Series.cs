using Recurrent.Registration;

namespace Recurrent.Data;

/// <content>Windows over series and panels.</content>
public sealed partial class Windows
{
    /// <summary>Cuts windows out of a series.</summary>
    /// <param name="series">The series, prepared as the model is to see it.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">An option is out of range, a value is missing where none may be, or there is no
    /// window; the message says why.</exception>
    public static Windows Create(TimeSeries series, WindowOptions options)
    {
        ArgumentNullException.ThrowIfNull(series);
        return Create(new SeriesPanel([series]), options);
    }

    /// <summary>
    /// Cuts windows out of every series of a panel: <see cref="X"/> shows targets, past and future variables over the look-back,
    /// <see cref="Future"/> those that are known ahead over the horizon. Windows that a series is too short for are not there.
    /// </summary>
    /// <param name="panel">The series, prepared as the model is to see them.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">An option is out of range, a value is missing where none may be, or there is no window
    /// in any series; the message says why.</exception>
    public static Windows Create(SeriesPanel panel, WindowOptions options)
    {
        (SeriesPanel known, WindowOptions resolved) = Resolve(panel, options);
        var cut = new WindowCut(known, resolved);
        WindowPlaces places = cut.All(resolved.LastTarget + 1);
        string but = resolved.MissingInputs == MissingInputs.LeaveOut ? " without missing values" : string.Empty;
        new OptionCheck(nameof(Windows))
            .Require(
                places.Count > 0,
                FormattableString.Invariant(
                    $"the longest series has {cut.Lengths.Max()} steps, and none holds a window of {resolved.LastTarget + 1}")
                + FormattableString.Invariant($"{but}: {resolved.Lookback} that are seen and {resolved.Horizon} to forecast"))
            .ThrowIfAny();
        return new(cut, places);
    }

    /// <summary>The window at the end of each series, from which a model forecasts what follows. There are no targets. Give all
    /// series that were trained on, if texts are among the attributes, for each of them is a feature.</summary>
    /// <param name="panel">The series, prepared as the model is to see them.</param>
    /// <param name="options">How; the same as in training.</param>
    /// <param name="future">For each series what is known ahead, at the steps that follow it; null where nothing is.</param>
    /// <exception cref="ArgumentException">An option is out of range, a series is too short, or what is known ahead is missing or
    /// too short.</exception>
    public static Windows Last(SeriesPanel panel, WindowOptions options, SeriesPanel? future = null)
    {
        (SeriesPanel known, WindowOptions resolved) = Resolve(panel, options);
        long span = ((resolved.Lookback - 1L) * resolved.SamplingRate) + 1;
        long ahead = resolved.LastTarget + 1 - span;
        if (resolved.MissingInputs == MissingInputs.LeaveOut)
        {
            resolved = resolved with { MissingInputs = MissingInputs.Refuse };
        }

        TimeSeries[] longer = [.. known.Select(series => series.Count >= span
            ? Longer(series.Slice((int)(series.Count - span), (int)span), resolved, future, checked((int)ahead))
            : throw new ArgumentException(FormattableString.Invariant(
                $"Series '{series.Name}' has {series.Count} steps, fewer than the {span} that a window shows.")))];
        var cut = new WindowCut(new SeriesPanel(longer, known.Attributes), resolved, (int)ahead);
        return new(cut, new WindowPlaces(longer.Select((_, place) => new WindowRun(place, 0, 1, 1))), withTargets: false);
    }

    /// <summary>The window at the end of a series, from which a model forecasts what follows. There are no targets.</summary>
    /// <param name="series">The series, prepared as the model is to see it.</param>
    /// <param name="options">How; the same as in training.</param>
    /// <param name="future">What is known ahead, at the steps that follow; null where nothing is.</param>
    /// <exception cref="ArgumentException">An option is out of range, the series is too short, or what is known ahead is missing
    /// or too short.</exception>
    public static Windows Last(TimeSeries series, WindowOptions options, TimeSeries? future = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        return Last(
            new SeriesPanel([series]), options, future is null ? null : new SeriesPanel([future.Rename(series.Name)]));
    }

    /// <summary>
    /// Windows to train on and windows to validate on, so that nothing leaks: those whose targets all stand before the last steps
    /// of their series, and those whose targets all stand in them. Windows across the border belong to neither.
    /// </summary>
    /// <param name="steps">Number of steps at the end of each series; at least 1.</param>
    /// <param name="gap">Steps before them that no target of training stands in; 0 by default.</param>
    /// <exception cref="InvalidOperationException">These windows are over arrays.</exception>
    /// <exception cref="ArgumentException">One of both would have no window.</exception>
    public (Windows Training, Windows Validation) HoldOut(int steps, int gap = 0)
    {
        WindowCut series = cut ?? throw new InvalidOperationException(
            "Windows over arrays are not split. Cut the arrays, or make windows of a TimeSeries.");
        new OptionCheck(nameof(HoldOut))
            .Positive(nameof(steps), steps)
            .Require(gap >= 0, FormattableString.Invariant($"gap must be at least 0, but is {gap}"), nameof(gap))
            .ThrowIfAny();
        WindowPlaces training = places.Between(
            _ => 0, own => series.Lengths[own] - (long)steps - gap - series.Options.LastTarget);
        WindowPlaces validation = places.Between(
            own => series.Lengths[own] - (long)steps - series.Options.FirstTarget, _ => int.MaxValue);
        new OptionCheck(nameof(HoldOut))
            .Require(
                training.Count > 0 && validation.Count > 0,
                FormattableString.Invariant(
                    $"of {Count} windows, {training.Count} would be left to train on and {validation.Count} to validate on"))
            .ThrowIfAny();
        return (new(series, training), new(series, validation));
    }

    private static (SeriesPanel Panel, WindowOptions Options) Resolve(SeriesPanel panel, WindowOptions options)
    {
        ArgumentNullException.ThrowIfNull(panel);
        ArgumentNullException.ThrowIfNull(options);

        // Series of one variable often have the series' own name: it is that of the first.
        SeriesPanel known = panel.Variables.Count > 1 || panel.Count == 1 ? panel
            : panel.Map(series => Named(series, panel.Variables[0]));
        return (known, options.Resolve(known.Variables, known.AttributeNames));
    }

    private static TimeSeries Named(TimeSeries series, string variable) => series.Variables[0] == variable
        ? series
        : series.With(variable, series.Values.ToArray()).Select(variable);

    /// <summary>A series with what is known of the steps behind it; the rest is missing there.</summary>
    private static TimeSeries Longer(TimeSeries series, WindowOptions options, SeriesPanel? future, int steps)
    {
        TimeSeries? ahead = options.Future!.Count == 0 ? null
            : future is not null && future.Contains(series.Name) ? future[series.Name]
            : throw new ArgumentException(
                $"What is known ahead of series '{series.Name}' ({string.Join(", ", options.Future)}) is missing: give it as "
                + "future.",
                nameof(future));
        if (ahead is not null && ahead.Count < steps)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"What is known ahead of series '{series.Name}' has {ahead.Count} steps, but the windows need {steps}."),
                nameof(future));
        }

        return TimeSeries.Create(
            series.Name,
            series.Variables,
            [.. series.Variables.Select(name => (IReadOnlyList<double>)(double[])
            [
                .. series.Variable(name),
                .. options.Future.Contains(name)
                    ? ahead!.Variable(name)[..steps].ToArray()
                    : Enumerable.Repeat(double.NaN, steps),
            ])]);
    }
}
