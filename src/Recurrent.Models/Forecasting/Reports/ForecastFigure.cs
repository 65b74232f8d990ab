using System.Globalization;
using Recurrent.Data;
using Recurrent.Drawing;

namespace Recurrent.Forecasting;

/// <summary>Puts lines and bands of one time axis side by side in the columns of a chart.</summary>
internal static class ForecastFigure
{
    // Digits of what is computed: beyond, they say nothing.
    private const int Computed = 5;

    // How much before the forecast is in the first view, in lengths of the forecast.
    private const double Before = 1.6;

    /// <summary>The chart of a forecast; the first view is on what is new.</summary>
    internal static ChartFigure Of(string caption, string note, IReadOnlyList<ChartLine> lines, IReadOnlyList<ChartBand> bands)
    {
        // In the order of the table: what is known, what is said, how sure, what others say.
        ChartLine[] ordered =
        [
            .. from role in new[] { ChartRole.History, ChartRole.Truth, ChartRole.Forecast, ChartRole.Baseline, ChartRole.Dots }
               from line in lines
               where line.Role == role && line.Series.Count > 0
               select line,
        ];
        bool dated = ordered.Any(line => line.Series.Dates is not null);
        ChartLine[] bounds = [.. bands.SelectMany(band =>
            (ChartLine[])[new(band.Low, ChartRole.Low), new(band.High, ChartRole.High)])];
        long[] places = [.. ordered.Concat(bounds).SelectMany(line => Enumerable.Range(0, line.Series.Count).Select(line.X))
            .Distinct().Order()];
        Dictionary<long, int> rows = places.Select((place, row) => (place, row))
            .ToDictionary(pair => pair.place, pair => pair.row);
        string[] x = [.. places.Select(place => dated ? EvenDates.Text(new DateTime(place))
            : place.ToString(CultureInfo.InvariantCulture))];
        var columns = new List<ChartColumn>();
        foreach (ChartLine line in ordered.Where(line => line.Role < ChartRole.Baseline))
        {
            columns.Add(Column(line, Name(line)));
        }

        foreach ((ChartBand band, int i) in bands.Select((band, i) => (band, i)))
        {
            columns.Add(Column(bounds[2 * i], $"{band.Name}, low", band.Name));
            columns.Add(Column(bounds[(2 * i) + 1], $"{band.Name}, high", band.Name));
        }

        foreach (ChartLine line in ordered.Where(line => line.Role >= ChartRole.Baseline))
        {
            columns.Add(Column(line, Name(line)));
        }

        var figure = new ChartFigure(caption, $"{caption}. {Describe(ordered)}", dated ? ChartAxis.Date : ChartAxis.Step,
            dated ? "date" : "step", x, columns)
        {
            Note = note,
            Tools = true,
        };
        if (ordered.FirstOrDefault(line => line.Role == ChartRole.History) is not { } history
            || !rows.TryGetValue(history.X(history.Series.Count - 1), out int end) || end == x.Length - 1)
        {
            return figure;
        }

        // Where the forecast is a small part of the whole, the first view is on it, with some history before.
        int first = end - (int)Math.Ceiling(Before * (x.Length - 1 - end));
        return figure with
        {
            Split = x[end],
            SplitLabel = ordered.Any(line => line.Role == ChartRole.Truth) ? "held out" : "forecast",
            From = first > x.Length / 5 ? x[first] : null,
        };

        ChartColumn Column(ChartLine line, string name, string? legend = null)
        {
            double[] values = new double[x.Length];
            Array.Fill(values, double.NaN);
            for (int i = 0; i < line.Series.Count; i++)
            {
                values[rows[line.X(i)]] = line.Series[i];
            }

            bool observed = line.Role is ChartRole.History or ChartRole.Truth;
            return new(name, line.Role, values, observed ? 0 : Computed, legend);
        }
    }

    private static string Name(ChartLine line) => line.Role switch
    {
        ChartRole.History => $"{line.Series.Name} (training)",
        ChartRole.Truth => $"{line.Series.Name} (held out)",
        _ => line.Series.Name,
    };

    /// <summary>The lines in words, for those who cannot see them.</summary>
    private static string Describe(ChartLine[] lines) => string.Join("; ", lines.Select(line =>
    {
        double[] values = [.. line.Series.Values.ToArray().Where(double.IsFinite)];
        return values.Length == 0 ? $"{line.Series.Name}, no value"
            : $"{line.Series.Name}, {Figures.Count(values.Length, "value")} from {When(line, 0)} to "
                + $"{When(line, line.Series.Count - 1)}, "
                + $"between {Figures.Digits(values.Min(), 4)} and {Figures.Digits(values.Max(), 4)}, last "
                + $"{Figures.Digits(values[^1], 4)}";
    }));

    private static string When(ChartLine line, int index) => line.Series.Dates is { } dates
        ? EvenDates.Text(dates[index])
        : FormattableString.Invariant($"step {line.Series.Offset + index}");
}
