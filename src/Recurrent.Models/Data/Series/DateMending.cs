namespace Recurrent.Data;

/// <summary>Rows of values with their dates, brought to what a series is: in order, each date once, equally spaced.</summary>
internal sealed class DateMending
{
    private readonly SeriesOptions options;
    private double[][] columns;
    private DateTime[] dates;

    // The place that each row had when it came, for messages.
    private int[] rows;

    private DateMending(DateTime[] dates, double[][] columns, SeriesOptions options)
    {
        this.dates = dates;
        this.columns = columns;
        this.options = options;
        rows = [.. Enumerable.Range(0, dates.Length)];
    }

    /// <summary>The dates.</summary>
    internal DateTime[] Dates => dates;

    /// <summary>The values of each variable.</summary>
    internal double[][] Columns => columns;

    /// <summary>The frequency; null where there are too few dates to have one.</summary>
    internal Frequency? Frequency { get; private set; }

    /// <summary>The row, as it came, that is not as it should be, and what is wrong with it; null where all is well.</summary>
    internal (int Row, string Problem)? Problem { get; private set; }

    /// <summary>Brings rows to a series, or says why they are none.</summary>
    internal static DateMending Apply(DateTime[] dates, double[][] columns, SeriesOptions options)
    {
        var mending = new DateMending(dates, columns, options);
        if (options.TimeZone is { } zone)
        {
            mending.dates = LocalStamps.ToInstants(dates, zone, options, out (int, string)? problem);
            mending.Problem = problem;
        }

        if (mending.Problem is null)
        {
            mending.Arrange();
        }

        return mending;
    }

    private void Arrange()
    {
        if (options.Sort)
        {
            int[] order = [.. Enumerable.Range(0, dates.Length).OrderBy(row => dates[row])];
            Take(order);
        }

        MergeDuplicates();
        Frequency = options.Frequency?.OnTheDayOf(dates) ?? FrequencyInference.Usual(dates);
        Problem = EvenDates.FirstProblem(dates, Frequency, options.Gaps) is (int index, string problem) ? (rows[index], problem)
            : null;
        if (Problem is null && Frequency is not null && options.Gaps is DateGaps.Fill or DateGaps.Missing)
        {
            (dates, columns) = EvenDates.Fill(dates, columns, Frequency!, options.Gaps == DateGaps.Fill);
        }
    }

    private void Take(int[] places)
    {
        dates = [.. places.Select(place => dates[place])];
        rows = [.. places.Select(place => rows[place])];
        columns = [.. columns.Select(column => places.Select(place => column[place]).ToArray())];
    }

    /// <summary>Makes one row of neighbours of one date.</summary>
    private void MergeDuplicates()
    {
        if (options.Duplicates == DuplicateDates.Refuse)
        {
            return;
        }

        var starts = new List<int>();
        for (int i = 0; i < dates.Length; i++)
        {
            if (i == 0 || dates[i] != dates[i - 1])
            {
                starts.Add(i);
            }
        }

        if (starts.Count == dates.Length)
        {
            return;
        }

        int[] ends = [.. starts.Skip(1), dates.Length];
        double[][] means = options.Duplicates != DuplicateDates.Mean ? []
            : [.. columns.Select(column => starts.Select((start, i) => Mean(column.AsSpan(start..ends[i]))).ToArray())];
        Take(options.Duplicates == DuplicateDates.Last ? [.. ends.Select(end => end - 1)] : [.. starts]);
        columns = means.Length > 0 ? means : columns;
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        double mean = 0;
        int count = 0;
        foreach (double value in values)
        {
            if (!double.IsNaN(value))
            {
                count++;
                mean += (value / count) - (mean / count);
            }
        }

        return count > 0 ? mean : double.NaN;
    }
}
