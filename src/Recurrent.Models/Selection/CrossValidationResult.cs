using System.Globalization;
using System.Text;
using Recurrent.Models;

namespace Recurrent.Selection;

/// <summary>What came of one fold.</summary>
/// <param name="Fold">Number of the fold, from 0.</param>
/// <param name="Scores">Loss and metrics on the validation part.</param>
/// <param name="Epochs">Epochs of training that the weights have seen.</param>
/// <param name="TrainedParameters">Number of weights that were trained.</param>
/// <param name="StopReason">Why training ended before its last epoch; null where it did not.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record FoldResult(int Fold, Scores Scores, int Epochs, long TrainedParameters, string? StopReason, double Seconds);

/// <summary>What came of a cross-validation.</summary>
public sealed class CrossValidationResult
{
    private readonly string monitor;

    internal CrossValidationResult(IReadOnlyList<FoldResult> folds, string monitor)
    {
        Folds = folds;
        this.monitor = monitor;
    }

    /// <summary>Each fold, in order.</summary>
    public IReadOnlyList<FoldResult> Folds { get; }

    /// <summary>Mean of the figure that models are judged by.</summary>
    public double Score => Mean(monitor);

    /// <summary>Mean of a figure over the folds.</summary>
    /// <param name="name">Name of the figure: <c>loss</c> or a metric.</param>
    /// <exception cref="KeyNotFoundException">There is no such figure.</exception>
    public double Mean(string name) => Folds.Average(fold => fold.Scores[name]);

    /// <summary>Standard deviation of a figure between folds, with n − 1 in the divisor; NaN of one fold.</summary>
    /// <param name="name">Name of the figure.</param>
    /// <exception cref="KeyNotFoundException">There is no such figure.</exception>
    public double StandardDeviation(string name)
    {
        double mean = Mean(name);
        return Folds.Count < 2 ? double.NaN
            : Math.Sqrt(Folds.Sum(fold => Math.Pow(fold.Scores[name] - mean, 2)) / (Folds.Count - 1));
    }

    /// <summary>The folds as a table of text, with mean and standard deviation.</summary>
    public string ToTable()
    {
        string[] names = [.. Folds[0].Scores.Keys];
        var text = new StringBuilder();
        Row("fold", names);
        foreach (FoldResult fold in Folds)
        {
            Row(fold.Fold.ToString(CultureInfo.InvariantCulture), names.Select(name => Text(fold.Scores[name])));
        }

        Row("mean", names.Select(name => Text(Mean(name))));
        Row("deviation", names.Select(name => Text(StandardDeviation(name))));
        return text.ToString();

        void Row(string first, IEnumerable<string> cells) =>
            text.Append(first.PadLeft(9)).AppendJoin(string.Empty, cells.Select((cell, i) =>
                "  " + cell.PadLeft(Math.Max(10, names[i].Length)))).Append('\n');
    }

    /// <summary>The figures in one line.</summary>
    public override string ToString() => string.Join(", ", Folds[0].Scores.Keys.Select(name =>
        $"{name} {Text(Mean(name))} ± {Text(StandardDeviation(name))}"));

    private static string Text(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
