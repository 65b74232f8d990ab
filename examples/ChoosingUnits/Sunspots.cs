using Recurrent.Data;

namespace Recurrent.Examples.ChoosingUnits;

/// <summary>Yearly means of the sunspot numbers since 1749, as windows of the years before and the year after.</summary>
/// <remarks>Everything is in units of the years to choose on: their mean is 0 and their deviation 1.</remarks>
internal sealed class Sunspots
{
    internal const int Lookback = 22;

    // The newest share of the years, which no choice ever sees.
    private const double TestShare = 0.25;

    private readonly double[] years;
    private readonly double mean;
    private readonly double deviation;

    internal Sunspots(string path)
    {
        double[] months = TimeSeries.FromCsv(path, "sunspots", "date").Values.ToArray();
        years = [.. Enumerable.Range(0, months.Length / 12).Select(year => months.AsSpan(12 * year, 12).ToArray().Average())];
        int known = years.Length - (int)(TestShare * years.Length);
        mean = years.AsSpan(0, known).ToArray().Average();
        deviation = Math.Sqrt(years.AsSpan(0, known).ToArray().Average(value => Math.Pow(value - mean, 2)));
        (X, Y) = Windows(Lookback, known);
        (TestX, TestY) = Windows(known, years.Length);
    }

    /// <summary>What is chosen on.</summary>
    internal NDArray X { get; }

    internal NDArray Y { get; }

    /// <summary>What all choices are judged on in the end.</summary>
    internal NDArray TestX { get; }

    internal NDArray TestY { get; }

    /// <summary>By how much an error of the models' scale is to be multiplied to be one of sunspot numbers.</summary>
    internal double Unit => deviation;

    /// <summary>Error of saying that next year will be like this one, on the test years.</summary>
    internal double NaiveError() => Unit * Math.Sqrt(Enumerable.Range(0, TestY.Size)
        .Average(i => Math.Pow(TestY.Values[i] - TestX[i, Lookback - 1, 0], 2)));

    private (NDArray X, NDArray Y) Windows(int from, int to)
    {
        int count = to - from;
        float[] scaled = [.. years.Select(value => (float)((value - mean) / deviation))];
        return (new NDArray([count, Lookback, 1], [.. Enumerable.Range(from, count).SelectMany(year =>
            scaled[(year - Lookback)..year])]), new NDArray([count, 1], scaled[from..to]));
    }
}
