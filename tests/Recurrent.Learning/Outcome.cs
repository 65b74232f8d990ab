using System.Globalization;

namespace Recurrent.Learning;

/// <summary>How a run ended.</summary>
/// <param name="Task">Name of the task.</param>
/// <param name="Cell">Name of the cell.</param>
/// <param name="Seeds">The seeds that were run.</param>
/// <param name="Scores">The last scores.</param>
/// <param name="Reached">The step, or epoch, after which the bar was reached; null where it was not.</param>
/// <param name="Seconds">Wall-clock time of training and scoring.</param>
public sealed record Outcome(string Task, string Cell, IReadOnlyList<int> Seeds, IReadOnlyList<double> Scores,
    int? Reached, double Seconds)
{
    /// <summary>The head of the table of outcomes.</summary>
    public static string TableHead => "| task | cell | scores | reached | seed | seconds |\n|---|---|---|---|---:|---:|";

    /// <summary>A row of the table.</summary>
    public string TableRow => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Task} | {Cell} | {Text(Scores)} | {(Reached is int step ? $"after {step}" : "no")} | {string.Join(", ", Seeds)} | "
        + $"{Seconds:F0} |");

    /// <summary>The outcome as one line of JSON.</summary>
    /// <param name="names">What the scores are called.</param>
    public string Json(IReadOnlyList<string> names)
    {
        var scores = Scores.Select((score, i) => (score, i)).ToDictionary(
            pair => pair.i < names.Count ? names[pair.i] : FormattableString.Invariant($"score_{pair.i + 1}"),
            pair => pair.score);
        return System.Text.Json.JsonSerializer.Serialize(
            new { task = Task, cell = Cell, seed = Seeds[^1], scores, reached = Reached, seconds = Math.Round(Seconds, 1) });
    }

    /// <summary>Scores as text.</summary>
    /// <param name="scores">The scores.</param>
    public static string Text(IEnumerable<double> scores) =>
        string.Join(", ", scores.Select(score => score.ToString("G4", CultureInfo.InvariantCulture)));
}
