namespace Recurrent.Benchmarks;

/// <summary>What a comparison finds, as it is found: a JSON line for each measurement, or a table in Markdown.</summary>
internal sealed class Report
{
    private readonly bool json;

    public Report(bool json)
    {
        this.json = json;
        if (!json)
        {
            Console.WriteLine("| work | at least | measured | Recurrent | peer |");
            Console.WriteLine("|---|---:|---:|---:|---:|");
        }
    }

    /// <summary>A measurement that one or more rows are made from.</summary>
    public Measurement Add(Measurement measurement)
    {
        if (json)
        {
            Console.WriteLine(measurement.Json);
        }

        return measurement;
    }

    /// <summary>A row: the work, its target, what was measured, and each side's own figures.</summary>
    public void Row(string work, string target, string measured, string own, string peer = "")
    {
        if (!json)
        {
            Console.WriteLine($"| {work} | {target} | {measured} | {own} | {peer} |");
        }
    }
}
