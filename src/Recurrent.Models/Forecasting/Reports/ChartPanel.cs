using System.Globalization;
using Recurrent.Drawing;

namespace Recurrent.Forecasting;

/// <summary>Draws the lines of a chart over a stretch of time.</summary>
internal sealed class ChartPanel
{
    private const double Left = 62;
    private const double Right = 18;
    private const double Top = 26;
    private const double Bottom = 34;

    // Room that the label of the held-out region takes.
    private const double LabelWidth = 64;

    // Up to here every value is a point of its own; beyond, points would run into each other.
    private const int MostPoints = 160;

    // Longer lines are drawn thin, or they would fill the panel.
    private const int MostLoose = 500;

    // Points this far apart are drawn as dots; closer ones only answer to the pointer.
    private const double RoomyDistance = 9;

    private readonly IReadOnlyList<ChartLine> lines;
    private readonly ChartBand? band;
    private readonly double width;
    private readonly double height;
    private readonly double firstX;
    private readonly double lastX;
    private readonly double lowY;
    private readonly double highY;

    /// <summary>Prepares a panel.</summary>
    /// <param name="lines">The lines, those in front last.</param>
    /// <param name="band">The interval, or null.</param>
    /// <param name="width">Width of the panel.</param>
    /// <param name="height">Height of the panel.</param>
    /// <param name="firstX">Where the stretch of time begins.</param>
    /// <param name="lastX">Where it ends.</param>
    internal ChartPanel(IReadOnlyList<ChartLine> lines, ChartBand? band, double width, double height, double firstX, double lastX)
    {
        this.lines = lines;
        this.band = band;
        this.width = width;
        this.height = height;
        this.firstX = firstX;
        this.lastX = lastX > firstX ? lastX : firstX + 1;
        IEnumerable<ChartLine> all = band is null ? lines : [.. lines, band.Low, band.High];
        double[] shown = [.. from line in all from i in Enumerable.Range(0, line.Series.Count)
            where IsShown(line.X(i)) select line.Series[i]];
        double low = shown.Min();
        double high = shown.Max();
        double margin = high > low ? 0.06 * (high - low) : Math.Max(1, Math.Abs(high));

        // Values that are never negative do not get an axis that is.
        lowY = low >= 0 ? Math.Max(0, low - margin) : low - margin;
        highY = high + margin;
    }

    /// <summary>Draws the panel.</summary>
    /// <param name="description">What it shows, for those who cannot see it; null where the page says so around it.</param>
    /// <param name="unit">What the values are counted in.</param>
    internal string Draw(string? description, string unit)
    {
        var svg = new SvgWriter(width, height, description);
        DrawForecastRegion(svg);
        DrawAxes(svg, unit);
        if (band is not null)
        {
            DrawBand(svg, band);
        }

        int baseline = 0;
        foreach (ChartLine line in lines)
        {
            string kind = Kind(line, ref baseline);
            (double X, double Y)[] points = [.. PointsWithStart(line)];
            svg.Path(points.Length > MostLoose ? $"line dense {kind}" : $"line {kind}", points);
            DrawPoints(svg, line, kind);
        }

        return svg.ToString();
    }

    /// <summary>The class of a line in the style sheet; baselines are numbered.</summary>
    internal static string Kind(ChartLine line, ref int baseline) => line.Role switch
    {
        ChartRole.History => "history",
        ChartRole.Truth => "truth",
        ChartRole.Forecast => "forecast",
        _ => FormattableString.Invariant($"baseline b{baseline++ % 4}"),
    };

    private double PlaceX(double x) => Left + ((x - firstX) / (lastX - firstX) * (width - Left - Right));

    private double PlaceY(double y) => Top + ((highY - y) / (highY - lowY) * (height - Top - Bottom));

    private bool IsShown(double x) => x >= firstX && x <= lastX;

    private ChartLine? History => lines.FirstOrDefault(line => line.Role == ChartRole.History && line.Series.Count > 0);

    private void DrawForecastRegion(SvgWriter svg)
    {
        if (History is ChartLine history && history.X(history.Series.Count - 1) is double end && end < lastX && end >= firstX)
        {
            double x = PlaceX(end);
            svg.Rectangle("region", x, Top, width - Right - x, height - Top - Bottom);
            svg.Line("boundary", x, Top, x, height - Bottom);
            string label = lines.Any(line => line.Role == ChartRole.Truth) ? "held out" : "forecast";
            bool fits = x + LabelWidth < width;
            svg.Text(fits ? "region-label" : "region-label end", fits ? x + 6 : width - Right, Top - 9, label);
        }
    }

    private void DrawAxes(SvgWriter svg, string unit)
    {
        foreach (ChartTick tick in NumberTicks.Between(lowY, highY, (int)(height / 55)))
        {
            svg.Line("grid", Left, PlaceY(tick.Value), width - Right, PlaceY(tick.Value));
            svg.Text("tick y", Left - 10, PlaceY(tick.Value) + 4, tick.Label);
        }

        foreach (ChartTick tick in TimeTicks())
        {
            svg.Line("mark", PlaceX(tick.Value), height - Bottom, PlaceX(tick.Value), height - Bottom + 5);
            svg.Text("tick x", PlaceX(tick.Value), height - Bottom + 20, tick.Label);
        }

        svg.Line("axis", Left, height - Bottom, width - Right, height - Bottom);
        svg.Text("unit", Left - 10, Top - 11, unit);
    }

    private ChartTick[] TimeTicks() => lines[0].Series.Dates is null
        ? NumberTicks.Between(firstX, lastX, (int)(width / 104))
        : DateTicks.Between(Date(firstX), Date(lastX), (int)(width / 80));

    private static DateTime Date(double days) => new((long)Math.Round(days * TimeSpan.TicksPerDay));

    private void DrawBand(SvgWriter svg, ChartBand area) =>
        svg.Path("band", PointsWithStart(area.High).Concat(PointsWithStart(area.Low).Reverse()), closed: true);

    /// <summary>The points of a line; what comes after the history starts where the history ends, so that nothing
    /// floats.</summary>
    private IEnumerable<(double X, double Y)> PointsWithStart(ChartLine line)
    {
        if (line.Role != ChartRole.History && History is ChartLine history && line.Series.Count > 0)
        {
            int last = history.Series.Count - 1;
            if (history.X(last) < line.X(0) && IsShown(history.X(last)))
            {
                yield return (PlaceX(history.X(last)), PlaceY(history.Series[last]));
            }
        }

        for (int i = 0; i < line.Series.Count; i++)
        {
            if (IsShown(line.X(i)))
            {
                yield return (PlaceX(line.X(i)), PlaceY(line.Series[i]));
            }
        }
    }

    private void DrawPoints(SvgWriter svg, ChartLine line, string kind)
    {
        int[] places = [.. Enumerable.Range(0, line.Series.Count).Where(i => IsShown(line.X(i)))];
        if (places.Length > MostPoints)
        {
            return;
        }

        bool roomy = places.Length == 1
            || (places.Length > 1 && PlaceX(line.X(places[1])) - PlaceX(line.X(places[0])) >= RoomyDistance);
        bool visible = roomy && line.Role is (ChartRole.Truth or ChartRole.Forecast);
        foreach (int i in places)
        {
            string when = line.Series.Dates is { } dates ? When(dates[i])
                : (line.Series.Offset + i).ToString(CultureInfo.InvariantCulture);
            svg.Point(
                visible ? $"point {kind}" : "point hidden",
                PlaceX(line.X(i)),
                PlaceY(line.Series[i]),
                visible ? 2.6 : 5,
                $"{line.Series.Name}, {when}: {Figures.Digits(line.Series[i], 5)}");
        }
    }

    private static string When(DateTime date) =>
        date.ToString(date.TimeOfDay == TimeSpan.Zero ? "d MMM yyyy" : "d MMM yyyy HH:mm", CultureInfo.InvariantCulture);
}
