namespace Recurrent.Benchmarks;

/// <summary>What a comparison finds, as it is found: a JSON line for each measurement, or a table in Markdown.</summary>
internal sealed class Report(bool json)
{
    private bool hasRows;

    /// <summary>A measurement that one or more rows are made from.</summary>
    public Measurement Add(Measurement measurement)
    {
        if (json)
        {
            Console.WriteLine(measurement.Json);
        }

        return measurement;
    }

    /// <summary>A row: the work, what it is compared with, the target, what was measured, and each side's own figures.</summary>
    public void Row(string work, string against, string target, string measured, string own, string peer = "")
    {
        if (!json && !hasRows)
        {
            hasRows = true;
            Console.WriteLine("| work | against | at least | measured | Recurrent | peer |");
            Console.WriteLine("|---|---|---:|---:|---:|---:|");
        }

        if (!json)
        {
            Console.WriteLine($"| {work} | {against} | {target} | {measured} | {own} | {peer} |");
        }
    }
}
