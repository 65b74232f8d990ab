using System.Globalization;

namespace Recurrent.Cli.Output;

/// <summary>Values as people and programs read them, the same in every culture.</summary>
internal static class Texts
{
    private const string Blocks = "▁▂▃▄▅▆▇█";
    private const int SparklineWidth = 60;

    internal static string Date(DateTime date) =>
        date.ToString(date.TimeOfDay == default ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    internal static string Number(double value, int digits = 5) => double.IsNaN(value) ? "–"
        : value.ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    internal static string Any(object? value) => value switch
    {
        null => "–",
        double number => Number(number),
        string text => text,
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };

    /// <summary>The course of a series in a line of blocks: means over as many parts as there is room for.</summary>
    internal static string Sparkline(double[] values)
    {
        int parts = Math.Min(SparklineWidth, values.Length);
        double[] means = [.. Enumerable.Range(0, parts).Select(part =>
            values[(int)((long)part * values.Length / parts)..(int)((long)(part + 1) * values.Length / parts)].Average())];
        double least = means.Min();
        double span = means.Max() - least;
        return string.Concat(means.Select(mean => Blocks[span > 0 ? (int)Math.Min(7, 8 * ((mean - least) / span)) : 3]));
    }
}
