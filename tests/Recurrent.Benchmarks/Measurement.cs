using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Recurrent.Benchmarks;

/// <summary>A measurement, which prints itself as a line to read or as a flat JSON object.</summary>
/// <param name="Mode">The mode it belongs to.</param>
/// <param name="Workload">What was measured.</param>
/// <param name="Threads">On how many threads; null where the number means nothing.</param>
/// <param name="Figures">What was found.</param>
internal sealed record Measurement(string Mode, string Workload, int? Threads, params Figure[] Figures)
{
    /// <summary>What it was compared with; null where that is nothing else.</summary>
    public string? Peer { get; init; }

    /// <summary>The line to read.</summary>
    public string Text
    {
        get
        {
            string threads = Threads is int number ? $", {ThreadsText(number)}" : "";
            return $"{Workload} {Mode}{threads}: {string.Join(", ", Figures.Select(figure => figure.Text))}";
        }
    }

    /// <summary>The JSON object.</summary>
    public string Json
    {
        get
        {
            var json = new JsonObject { ["mode"] = Mode, ["workload"] = Workload };
            if (Threads is int number)
            {
                json["threads"] = number;
            }

            if (Peer is not null)
            {
                json["peer"] = Peer;
            }

            foreach (Figure figure in Figures)
            {
                json[figure.Key] = figure.Value;
            }

            return JsonSerializer.Serialize(json);
        }
    }

    /// <summary>The figure with a key.</summary>
    public double this[string key] => Figures.Single(figure => figure.Key == key).Value;

    public static string ThreadsText(int threads) =>
        threads == 1 ? "1 thread" : string.Create(CultureInfo.InvariantCulture, $"{threads} threads");
}

/// <summary>One number of a measurement.</summary>
/// <param name="Key">Its name in JSON, with its unit.</param>
/// <param name="Value">The number.</param>
/// <param name="Words">
/// What stands behind the number in a line to read: unit and meaning. Empty in a comparison, which has its table for that.
/// </param>
internal sealed record Figure(string Key, double Value, string Words = "")
{
    // Four digits are more than a time is known to; bytes are counted.
    public string Text => $"{Value.ToString(Math.Abs(Value) < 1000 ? "G4" : "F0", CultureInfo.InvariantCulture)} {Words}";
}
