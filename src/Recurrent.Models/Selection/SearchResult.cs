using System.Globalization;
using System.Text;
using Recurrent.Registration;

namespace Recurrent.Selection;

/// <summary>What a search has found: every trial, and the best one.</summary>
public sealed class SearchResult
{
    internal SearchResult(Search search, IReadOnlyList<TrialResult> trials, string? stopReason)
    {
        Method = search.Method;
        Maximize = search.Maximize;
        Space = search.Space;
        Trials = [.. trials];
        StopReason = stopReason;
        int? most = trials.Where(trial => !trial.Failed).Max(trial => trial.Budget);
        Best = trials.Where(trial => !trial.Failed && trial.Budget == most)
            .Aggregate((best, trial) => search.IsBetter(trial.Value, best.Value) ? trial : best);
    }

    /// <summary>The method that was used.</summary>
    public string Method { get; }

    /// <summary>Whether the greatest value is the best.</summary>
    public bool Maximize { get; }

    /// <summary>What was chosen from.</summary>
    public SearchSpace Space { get; }

    /// <summary>All trials, in their order.</summary>
    public IReadOnlyList<TrialResult> Trials { get; }

    /// <summary>The best trial; where trials have budgets, among those of the greatest. The earlier one where two are equally
    /// good.</summary>
    public TrialResult Best { get; }

    /// <summary>Why the search ended before everything was tried; null where it did not.</summary>
    public string? StopReason { get; }

    /// <summary>The trials from the best to the worst; those of greater budgets first, failed ones last.</summary>
    public IReadOnlyList<TrialResult> Ranking => [.. Trials.OrderBy(trial => trial.Failed).ThenByDescending(trial => trial.Budget)
        .ThenBy(trial => Maximize ? -trial.Value : trial.Value).ThenBy(trial => trial.Number)];

    /// <summary>The best trials as a table of text.</summary>
    /// <param name="rows">Most rows; default 10.</param>
    public string ToTable(int rows = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        string[] figures = Figures();
        bool budgets = Trials.Any(trial => trial.Budget is not null);
        List<string[]> cells = [["trial", .. Space.Parameters.Select(parameter => parameter.Name),
            .. budgets ? ["budget"] : Array.Empty<string>(), "value", .. figures]];
        foreach (TrialResult trial in Ranking.Take(rows))
        {
            cells.Add([Text(trial.Number), .. Cells(trial), .. budgets ? [Text(trial.Budget)] : Array.Empty<string>(),
                trial.Failed ? "failed" : Text(trial.Value), .. figures.Select(name =>
                    trial.Figures.TryGetValue(name, out double figure) ? Text(figure) : string.Empty)]);
        }

        int[] widths = [.. cells[0].Select((_, column) => cells.Max(row => row[column].Length))];
        var text = new StringBuilder();
        foreach (string[] row in cells)
        {
            text.AppendJoin("  ", row.Select((cell, column) => cell.PadLeft(widths[column]))).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The search as a page: how the best value fell, what each parameter did to it, and all trials. HTML that needs
    /// nothing else.</summary>
    public string ToHtml() => SearchPage.Write(this);

    /// <summary>Writes <see cref="ToHtml"/> to a file.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => FilePath.Write(path, ToHtml());

    /// <summary>The search in one line.</summary>
    public override string ToString() => FormattableString.Invariant($"{Method} search of {Trials.Count} trials; best: {Best}");

    internal string[] Figures() => [.. Trials.SelectMany(trial => trial.Figures.Keys).Distinct()];

    internal IEnumerable<string> Cells(TrialResult trial)
    {
        var values = trial.Candidate.Values.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        return Space.Parameters.Select(parameter => values.GetValueOrDefault(parameter.Name, "–"));
    }

    private static string Text(double? value) => value?.ToString("G6", CultureInfo.InvariantCulture) ?? string.Empty;
}
