using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>What a line of a chart stands for, which decides its looks.</summary>
internal enum ChartRole
{
    History,
    Truth,
    Forecast,
    Baseline,
}

/// <summary>A line of a chart.</summary>
internal sealed record ChartLine(TimeSeries Series, ChartRole Role)
{
    /// <summary>Where a value stands on the horizontal axis: its date in days, or its place in the series.</summary>
    internal double X(int index) => Series.Dates is null ? Series.Offset + index : Days(Series.Dates[index]);

    /// <summary>A date on the horizontal axis.</summary>
    internal static double Days(DateTime date) => date.Ticks / (double)TimeSpan.TicksPerDay;
}

/// <summary>The area between two lines.</summary>
internal sealed record ChartBand(string Name, ChartLine Low, ChartLine High);
