using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Recurrent.Benchmarks;

/// <summary>Milliseconds that one run of something took: the least, the middle one and the most of some runs.</summary>
internal sealed record Timing(
    [property: JsonPropertyName("min_ms")] double Min,
    [property: JsonPropertyName("median_ms")] double Median,
    [property: JsonPropertyName("max_ms")] double Max)
{
    /// <summary>The middle one of some numbers; of an even number of them the mean of the two.</summary>
    public static double MedianOf(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Runs until the JIT has had its say: tiered compilation replaces hot loops twice.</summary>
    public static void WarmUp(Action run, double seconds = 1.5)
    {
        var watch = Stopwatch.StartNew();
        do
        {
            run();
        }
        while (watch.Elapsed.TotalSeconds < seconds);
    }

    /// <summary>Times single runs, at least so many and for at least so long.</summary>
    public static Timing Of(Action run, int repeat, double seconds = 0)
    {
        var milliseconds = new List<double>();
        var watch = Stopwatch.StartNew();
        while (milliseconds.Count < repeat || watch.Elapsed.TotalSeconds < seconds)
        {
            long start = Stopwatch.GetTimestamp();
            run();
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return new(milliseconds.Min(), MedianOf(milliseconds), milliseconds.Max());
    }

    /// <summary>The line of JSON that a peer prints.</summary>
    [JsonIgnore]
    public string Json => JsonSerializer.Serialize(this);

    /// <summary>Reads the line that a peer prints.</summary>
    public static Timing Parse(string line) =>
        JsonSerializer.Deserialize<Timing>(line) ?? throw new FormatException($"Not a timing: {line}");
}
