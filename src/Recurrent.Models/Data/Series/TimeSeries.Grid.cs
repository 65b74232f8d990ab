namespace Recurrent.Data;

/// <content>Other frequencies: aggregation, and irregular stamps on a grid.</content>
public sealed partial class TimeSeries
{
    /// <summary>
    /// Aggregates to a lower frequency, hours to days or days to months: each period of the lower frequency becomes one step,
    /// dated by its first day, or its last where the frequency is one of ends.
    /// </summary>
    /// <param name="to">The lower frequency. Weeks begin on Mondays.</param>
    /// <param name="how">How the values of a period become one; missing ones count as <see cref="Aggregation"/> says.</param>
    /// <param name="partial">Whether the first and the last period are kept where the series does not cover them whole; by
    /// default they are left out, for their sum, for instance, would be too small.</param>
    /// <param name="zone">The zone whose days, weeks and months are meant, where the dates are instants; null is UTC.</param>
    /// <exception cref="ArgumentException">The series has no dates, the frequency is not lower, or no period is
    /// whole.</exception>
    public TimeSeries Resample(Frequency to, Aggregation how = Aggregation.Mean, bool partial = false,
        TimeZoneInfo? zone = null) =>
        Resample(to, _ => how, partial, zone);

    /// <summary>Aggregates to a lower frequency, each variable in its way.</summary>
    /// <param name="to">The lower frequency. Weeks begin on Mondays.</param>
    /// <param name="how">How the values of a period become one, by the name of the variable.</param>
    /// <param name="partial">Whether the first and the last period are kept where the series does not cover them whole.</param>
    /// <param name="zone">The zone whose days, weeks and months are meant, where the dates are instants; null is UTC.</param>
    /// <exception cref="ArgumentException">The series has no dates, the frequency is not lower, or no period is
    /// whole.</exception>
    public TimeSeries Resample(Frequency to, Func<string, Aggregation> how, bool partial = false, TimeZoneInfo? zone = null)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(how);
        RequireDates("be aggregated");
        if (Frequency is { } own && to.MeanSpan < own.MeanSpan)
        {
            throw new ArgumentException(
                $"Series '{Name}' is {own.Name}, and cannot be aggregated to {to.Name}, which is finer. ToGrid puts "
                + "values in between.", nameof(to));
        }

        DateTime[] clock = zone is null || !to.IsCivil ? dates! : DatesIn(zone)!;
        Frequency? steps = zone is null || !to.IsCivil || Frequency is { IsCivil: false } ? Frequency : null;
        var periods = Periods.Of(clock, steps, to, partial);
        if (periods.Labels.Length == 0)
        {
            throw new ArgumentException(
                $"Series '{Name}' of {Count} steps covers no whole step of {to.Distance}: partial: true keeps those "
                + "that it covers in part.", nameof(to));
        }

        return new(Name, variables, [.. columns.Select((column, place) => periods.Aggregate(column, how(variables[place])))],
            periods.Labels, to, 0);
    }

    /// <summary>
    /// Aggregates every few steps, whether or not there are dates: the last steps are whole, and what is too few for a step
    /// at the start is left out.
    /// </summary>
    /// <param name="steps">How many steps become one.</param>
    /// <param name="how">How their values become one.</param>
    /// <exception cref="ArgumentException">The number is below 1, or above the number of steps.</exception>
    public TimeSeries Resample(int steps, Aggregation how = Aggregation.Mean)
    {
        if (steps < 1 || steps > Count)
        {
            throw new ArgumentException($"Series '{Name}' has {Count} steps: 1 to {Count} of them become one, not {steps}.",
                nameof(steps));
        }

        int first = Count % steps;
        int[] starts = [.. Enumerable.Range(0, Count / steps).Select(step => first + (step * steps))];
        double[][] all = [.. columns.Select(column => Array.ConvertAll(
            starts, start => Periods.Aggregate(column.AsSpan(start, steps), how)))];
        DateTime[]? labels = dates is null ? null : Array.ConvertAll(starts, start => dates[start]);
        Frequency? frequency = Frequency switch
        {
            null => null,
            { Months: > 0 } own => Frequency.EveryMonths(own.Months * steps, own.Day),
            { IsBusinessDaily: true } own => steps == 1 ? own : steps % 5 == 0
                ? Frequency.Every(TimeSpan.FromDays(7 * (steps / 5))) : null,
            { } own => Frequency.Every(own.Span * steps),
        };
        return new(Name, variables, all, labels, frequency, 0);
    }

    /// <summary>
    /// Puts values at irregular stamps (<see cref="DateGaps.Accept"/>) on a grid of equal distances, from the first point
    /// after the first stamp to the last one before the last.
    /// </summary>
    /// <param name="frequency">The distance between the points, which begin where months, weeks, days and hours do.</param>
    /// <param name="method">How the values at the points come from those at the stamps.</param>
    /// <param name="longest">The longest gap between stamps that is bridged; points in longer ones are missing. Null bridges
    /// all.</param>
    /// <exception cref="ArgumentException">The series has no dates, no point lies between them, or too many do.</exception>
    public TimeSeries ToGrid(Frequency frequency, GridMethod method = GridMethod.Linear, TimeSpan? longest = null)
    {
        ArgumentNullException.ThrowIfNull(frequency);
        RequireDates("be put on a grid");
        if (method == GridMethod.Mean)
        {
            var periods = Periods.Of(dates!, null, frequency, partial: true);
            return new(Name, variables, [.. columns.Select(column => periods.Aggregate(column, Aggregation.Mean))],
                periods.Labels,
                frequency, 0);
        }

        DateTime[] points = Grid.Points(dates![0], dates[^1], frequency, Count)
            ?? throw new ArgumentException(
            $"A grid of {frequency.Distance} between {EvenDates.Text(dates[0])} and {EvenDates.Text(dates[^1])} "
                + $"has more than 1000 points for each of the {Count} values of series '{Name}'. Choose a coarser one.",
                nameof(frequency));
        if (points.Length == 0)
        {
            throw new ArgumentException($"No point of a grid of {frequency.Distance} lies between {EvenDates.Text(dates[0])} and "
                + $"{EvenDates.Text(dates[^1])}, the dates of series '{Name}'. Choose a finer one.", nameof(frequency));
        }

        return new(Name, variables,
            [.. columns.Select(column => Grid.Read(points, dates, column, method, longest ?? TimeSpan.MaxValue))], points,
                frequency, 0);
    }

    private void RequireDates(string what)
    {
        if (dates is not { Length: > 0 })
        {
            throw new ArgumentException(
                $"Series '{Name}' has no dates, and cannot {what} by a frequency. Give it dates, or aggregate every "
                + "few steps: Resample(steps).");
        }
    }
}
