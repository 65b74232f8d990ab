using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>
/// A split in time: a training part, a gap that belongs to nobody, and a test part behind it, so that nothing of the future is
/// known in training. Counted from the end, so that it is the same for series of any length.
/// </summary>
/// <param name="TestSteps">Steps of the test part; at least 1.</param>
/// <param name="Gap">Steps between both parts; 0 by default.</param>
/// <param name="StepsAfter">Steps behind the test part, which are not used; 0 by default.</param>
/// <param name="MaxTraining">Most steps of the training part, its latest; null takes all there are.</param>
/// <example>
/// <code>
/// foreach (TimeSplit fold in TimeSplit.Folds(5, testSteps: 12))
/// {
///     (TimeSeries training, TimeSeries test) = fold.Of(series);
/// }
/// </code>
/// </example>
public sealed record TimeSplit(int TestSteps, int Gap = 0, int StepsAfter = 0, int? MaxTraining = null)
{
    /// <summary>Splits whose test parts follow one another up to the end, oldest first; each trains on all that came
    /// before.</summary>
    /// <param name="folds">Number of splits; at least 1.</param>
    /// <param name="testSteps">Steps of each test part; at least 1.</param>
    /// <param name="stride">From one test part to the next; null takes <paramref name="testSteps"/>, so that none
    /// overlap.</param>
    /// <param name="gap">Steps between both parts of a split.</param>
    /// <param name="maxTraining">Most steps of a training part; null takes all there are.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static IReadOnlyList<TimeSplit> Folds(
        int folds, int testSteps, int? stride = null, int gap = 0, int? maxTraining = null)
    {
        int step = stride ?? testSteps;
        new OptionCheck(nameof(TimeSplit))
            .Positive(nameof(folds), folds)
            .Positive(nameof(testSteps), testSteps)
            .Positive(nameof(stride), step)
            .Require(gap >= 0, FormattableString.Invariant($"gap must be at least 0, but is {gap}"), nameof(gap))
            .Positive(nameof(maxTraining), maxTraining ?? 1)
            .Require((folds - 1L) * step <= int.MaxValue, "folds times stride is more than a series has steps", nameof(folds))
            .ThrowIfAny();
        return [.. Enumerable.Range(0, folds).Select(fold =>
            new TimeSplit(testSteps, gap, (folds - 1 - fold) * step, maxTraining))];
    }

    /// <summary>Both parts of a series.</summary>
    /// <param name="series">The series.</param>
    /// <exception cref="ArgumentException">An option is out of range, or nothing would be left to train on.</exception>
    public (TimeSeries Training, TimeSeries Test) Of(TimeSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        long end = series.Count - (long)StepsAfter - TestSteps - Gap;
        new OptionCheck(nameof(TimeSplit))
            .Positive(nameof(TestSteps), TestSteps)
            .Require(Gap >= 0, FormattableString.Invariant($"Gap must be at least 0, but is {Gap}"), nameof(Gap))
            .Require(
                StepsAfter >= 0, FormattableString.Invariant($"StepsAfter must be at least 0, but is {StepsAfter}"),
                    nameof(StepsAfter))
            .Positive(nameof(MaxTraining), MaxTraining ?? 1)
            .Require(
                end >= 1,
                FormattableString.Invariant(
                    $"series '{series.Name}' has {series.Count} steps, and {TestSteps} to test on, a gap of {Gap} and ")
                + FormattableString.Invariant($"{StepsAfter} behind leave none to train on"))
            .ThrowIfAny();
        int start = (int)Math.Max(0, end - (MaxTraining ?? int.MaxValue));
        return (series.Slice(start, (int)end - start), series.Slice((int)end + Gap, TestSteps));
    }

    /// <summary>Both parts of every series of a panel.</summary>
    /// <param name="panel">The series.</param>
    /// <exception cref="ArgumentException">An option is out of range, or nothing would be left of a series to train
    /// on.</exception>
    public (SeriesPanel Training, SeriesPanel Test) Of(SeriesPanel panel)
    {
        ArgumentNullException.ThrowIfNull(panel);
        return (panel.Map(series => Of(series).Training), panel.Map(series => Of(series).Test));
    }
}
