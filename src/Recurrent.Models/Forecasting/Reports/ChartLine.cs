using Recurrent.Data;
using Recurrent.Drawing;

namespace Recurrent.Forecasting;

/// <summary>A line of a chart.</summary>
internal sealed record ChartLine(TimeSeries Series, ChartRole Role)
{
    /// <summary>Where a value stands on the horizontal axis: the ticks of its date, or its place in the series.</summary>
    internal long X(int index) => Series.Dates is { } dates ? dates[index].Ticks : Series.Offset + index;
}

/// <summary>The area between two lines.</summary>
internal sealed record ChartBand(string Name, TimeSeries Low, TimeSeries High);
