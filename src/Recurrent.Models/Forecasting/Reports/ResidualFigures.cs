using Recurrent.Data;
using Recurrent.Drawing;

namespace Recurrent.Forecasting;

/// <summary>Draws what a fit has left over: its course, its autocorrelation, its distribution.</summary>
internal static class ResidualFigures
{
    private const int Digits = 4;
    private const int MostBins = 40;

    // Two-sided 95 % of the normal distribution.
    private const double Score95 = 1.959964;

    internal static void Add(Page page, ReportContent content)
    {
        double[] known = [.. content.Residuals.Where(double.IsFinite)];
        double mean = known.Average();
        double deviation = Math.Sqrt(known.Average(value => (value - mean) * (value - mean)));
        page.Heading("Residuals", "what each value was beyond what would have been said one step before", "residuals")
            .Paragraph($"Mean {Figures.Digits(mean, 3)}, standard deviation {Figures.Digits(deviation, 3)}.")
            .Chart(Course(content));
        if (deviation > 0)
        {
            page.Pair(Correlations(known, mean, content.History.Frequency?.Season ?? 1), Histogram(known, mean, deviation));
        }
    }

    private static ChartFigure Course(ReportContent content)
    {
        int first = content.History.Count - content.Residuals.Length;
        TimeSeries part = content.History.Slice(first, content.Residuals.Length);
        string[] x = part.Dates is { } dates ? [.. dates.Select(EvenDates.Text)]
            : ChartFigure.Numbers(part.Offset, part.Count);
        return new ChartFigure(
            "Course", $"{Figures.Count(part.Count, "residual")} over time", part.Dates is null ? ChartAxis.Step : ChartAxis.Date,
            part.Dates is null ? "step" : "date", x,
            [new("residual", ChartRole.Line, content.Residuals, Digits)])
        {
            Height = 220,
            Tools = true,
        };
    }

    private static ChartFigure Correlations(double[] known, double mean, int season)
    {
        int lags = Math.Min(known.Length - 1, Math.Max(24, Math.Min(2 * season, known.Length / 4)));
        double[] acf = [.. Enumerable.Range(1, lags).Select(lag => Correlation(known, mean, lag))];
        double limit = Score95 / Math.Sqrt(known.Length);
        int beyond = acf.Count(value => Math.Abs(value) > limit);
        return new ChartFigure(
            "Autocorrelation",
            FormattableString.Invariant($"Autocorrelation of the residuals at lags 1 to {lags}; {beyond} of them lie beyond the ")
                + $"limits ±{Figures.Digits(limit, 3)}, where 5 % would by chance",
            ChartAxis.Step, "lag", ChartFigure.Numbers(1, lags),
            [
                new("autocorrelation", ChartRole.Bars, acf, Digits),
                new("upper limit", ChartRole.Limit, [.. Enumerable.Repeat(limit, lags)], Digits),
                new("lower limit", ChartRole.Limit, [.. Enumerable.Repeat(-limit, lags)], Digits),
            ])
        {
            Note = FormattableString.Invariant($"{beyond} of {lags} lags beyond the 95 % limits"),
            Height = 260,
        };
    }

    private static double Correlation(double[] values, double mean, int lag)
    {
        double together = 0;
        double alone = 0;
        for (int i = 0; i < values.Length; i++)
        {
            alone += (values[i] - mean) * (values[i] - mean);
            together += i >= lag ? (values[i] - mean) * (values[i - lag] - mean) : 0;
        }

        return alone > 0 ? together / alone : 0;
    }

    private static ChartFigure Histogram(double[] known, double mean, double deviation)
    {
        int bins = Math.Clamp((int)Math.Ceiling(Math.Sqrt(known.Length)), 5, MostBins);
        double low = known.Min();
        double width = (known.Max() - low) / bins;
        var counts = new double[bins];
        foreach (double value in known)
        {
            counts[Math.Clamp((int)((value - low) / width), 0, bins - 1)]++;
        }

        double[] centres = [.. Enumerable.Range(0, bins).Select(bin => low + ((bin + 0.5) * width))];
        double scale = known.Length * width / (deviation * Math.Sqrt(2 * Math.PI));
        return new ChartFigure(
            "Distribution", $"Histogram of {Figures.Count(known.Length, "residual")} from {Figures.Digits(low, 3)} to "
                + Figures.Digits(known.Max(), 3),
            ChartAxis.Number, "residual", [.. centres.Select(centre => Figures.Digits(centre, Digits))],
            [
                new("count", ChartRole.Bars, counts, 0),
                new("normal", ChartRole.Line,
                    [.. centres.Select(centre => scale * Math.Exp(-0.5 * Math.Pow((centre - mean) / deviation, 2)))], Digits),
            ])
        {
            Note = "beside a normal distribution of the same spread",
            Height = 260,
        };
    }
}
