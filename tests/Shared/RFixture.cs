using System.Text.Json;

namespace Recurrent.Tests;

/// <summary>Reference values that R's forecast package computed: <c>tests/fixtures/r/forecast.json</c>.</summary>
public sealed class RCase : FixtureNode
{
    private readonly string name;

    private RCase(string name, JsonElement json)
        : base(json) => this.name = name;

    /// <summary>The training part.</summary>
    public double[] X => [.. Doubles("x")];

    /// <summary>Length of a season; 1 for none.</summary>
    public int Season => Int("season");

    /// <summary>All cases, in the order of the file.</summary>
    public static IReadOnlyList<RCase> All()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "fixtures", "r", "forecast.json");
        using JsonDocument document = JsonDocument.Parse(System.IO.File.ReadAllBytes(path));
        return
        [
            .. document.RootElement.GetProperty("cases").EnumerateObject().Select(c => new RCase(c.Name, c.Value.Clone())),
        ];
    }

    /// <inheritdoc/>
    public override string ToString() => name;
}
