namespace Recurrent.Data;

/// <summary>Rows of a series that fall into the same step of a lower frequency.</summary>
internal sealed class Periods
{
    private Periods(DateTime[] labels, (int Start, int End)[] rows)
    {
        Labels = labels;
        Rows = rows;
    }

    /// <summary>The date that stands for each period.</summary>
    internal DateTime[] Labels { get; }

    /// <summary>The rows of each period, the end excluded; none where a period has no rows.</summary>
    internal (int Start, int End)[] Rows { get; }

    /// <summary>Finds the periods of dates.</summary>
    /// <param name="dates">The dates, rising, at least one.</param>
    /// <param name="frequency">How far apart they are; null where they are irregular, and no period is known to be whole.</param>
    /// <param name="to">The frequency of the periods.</param>
    /// <param name="partial">Whether periods that the dates cover in part, at both ends, are kept.</param>
    internal static Periods Of(DateTime[] dates, Frequency? frequency, Frequency to, bool partial)
    {
        DateTime[] starts = Array.ConvertAll(dates, to.StartOf);
        int first = 0;
        int end = dates.Length;
        if (!partial && frequency is not null)
        {
            bool begins = dates[0].Ticks < frequency.MeanSpan.Ticks * 2 || to.StartOf(frequency.Step(dates[0], -1)) != starts[0];
            bool ends = !frequency.Reaches(dates[^1], 1) || to.StartOf(frequency.Step(dates[^1], 1)) != starts[^1];
            while (!begins && first < end && starts[first] == starts[0])
            {
                first++;
            }

            while (!ends && end > first && starts[end - 1] == starts[^1])
            {
                end--;
            }
        }

        var labels = new List<DateTime>();
        var rows = new List<(int, int)>();
        for (int row = first; row < end;)
        {
            int next = row + 1;
            while (next < end && starts[next] == starts[row])
            {
                next++;
            }

            DateTime label = to.Label(starts[row]);
            while (labels.Count > 0 && to.Step(labels[^1], 1) < label)
            {
                labels.Add(to.Step(labels[^1], 1));
                rows.Add((row, row));
            }

            labels.Add(label);
            rows.Add((row, next));
            row = next;
        }

        return new([.. labels], [.. rows]);
    }

    /// <summary>One value for each period.</summary>
    internal double[] Aggregate(double[] values, Aggregation how) =>
        Array.ConvertAll(Rows, rows => Aggregate(values.AsSpan(rows.Start..rows.End), how));

    /// <summary>One value of several.</summary>
    internal static double Aggregate(ReadOnlySpan<double> values, Aggregation how)
    {
        double result = double.NaN;
        double rest = 0;
        int count = 0;
        foreach (double value in values)
        {
            if (double.IsNaN(value))
            {
                if (how == Aggregation.Sum)
                {
                    return double.NaN;
                }

                continue;
            }

            count++;
            if (count == 1)
            {
                result = value;
                continue;
            }

            switch (how)
            {
                case Aggregation.Mean:
                    result += (value / count) - (result / count);
                    break;
                case Aggregation.Sum:
                    // Kahan and Neumaier: what a sum of many loses is kept beside it.
                    double sum = result + value;
                    rest += Math.Abs(result) >= Math.Abs(value) ? result - sum + value : value - sum + result;
                    result = sum;
                    break;
                case Aggregation.Last:
                    result = value;
                    break;
                case Aggregation.Min:
                    result = Math.Min(result, value);
                    break;
                case Aggregation.Max:
                    result = Math.Max(result, value);
                    break;
                default:
                    break;
            }
        }

        return result + rest;
    }
}
