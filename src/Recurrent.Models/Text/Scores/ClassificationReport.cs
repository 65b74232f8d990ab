using System.Globalization;
using System.Text;

namespace Recurrent.Text;

/// <summary>Precision, recall and F1 of each class, and their means: printed as scikit-learn does.</summary>
public sealed class ClassificationReport
{
    private readonly ConfusionMatrix matrix;

    internal ClassificationReport(ConfusionMatrix matrix)
    {
        this.matrix = matrix;
        Classes = [.. matrix.Labels.Select((label, i) => new ClassScore(
            label, matrix.Precision(i), matrix.Recall(i), matrix.F1(i), matrix.Support(i)))];
        long support = Classes.Sum(one => one.Support);
        double weight = support == 0 ? 1 : support;
        Macro = new(
            "macro avg",
            Classes.Average(one => one.Precision),
            Classes.Average(one => one.Recall),
            Classes.Average(one => one.F1),
            support);
        Weighted = new(
            "weighted avg",
            Classes.Sum(one => one.Precision * one.Support) / weight,
            Classes.Sum(one => one.Recall * one.Support) / weight,
            Classes.Sum(one => one.F1 * one.Support) / weight,
            support);
        long hits = Enumerable.Range(0, Classes.Count).Sum(i => matrix[i, i]);
        double precision = ScoreText.Part(hits, Enumerable.Range(0, Classes.Count).Sum(matrix.TakenFor));
        double recall = ScoreText.Part(hits, support);
        Micro = new("micro avg", precision, recall, ScoreText.F1(precision, recall), support);
    }

    /// <summary>Each class, in the order of the matrix.</summary>
    public IReadOnlyList<ClassScore> Classes { get; }

    /// <summary>The mean over classes, each counting the same.</summary>
    public ClassScore Macro { get; }

    /// <summary>The mean over classes, each counting by how many samples it has.</summary>
    public ClassScore Weighted { get; }

    /// <summary>All samples together; where every class counts, all three are the accuracy.</summary>
    public ClassScore Micro { get; }

    /// <summary>Share of samples that were taken for what they are.</summary>
    public double Accuracy => matrix.Accuracy;

    /// <summary>The report with two digits.</summary>
    public override string ToString() => ToString(2);

    /// <summary>The report, as scikit-learn's classification_report prints it.</summary>
    /// <param name="digits">Digits behind the point.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are not from 0 to 15.</exception>
    public string ToString(int digits)
    {
        if (digits is < 0 or > 15)
        {
            throw new ArgumentOutOfRangeException(nameof(digits), digits, "Digits are 0 to 15.");
        }

        int width = Math.Max("weighted avg".Length, Classes.Max(one => ConfusionMatrix.Width(one.Label)));
        var text = new StringBuilder();
        Line(string.Empty, "precision", "recall", "f1-score", "support");
        text.Append('\n');
        foreach (ClassScore one in Classes)
        {
            Row(one);
        }

        text.Append('\n');
        if (matrix.IsWhole)
        {
            Line("accuracy", string.Empty, string.Empty, ScoreText.Fixed(Accuracy, digits), Whole(Macro.Support));
        }
        else
        {
            Row(Micro);
        }

        Row(Macro);
        Row(Weighted);
        return text.ToString();

        void Row(ClassScore score) => Line(
            score.Label,
            ScoreText.Fixed(score.Precision, digits),
            ScoreText.Fixed(score.Recall, digits),
            ScoreText.Fixed(score.F1, digits),
            Whole(score.Support));

        void Line(string label, params ReadOnlySpan<string> cells)
        {
            text.Append(' ', width - ConfusionMatrix.Width(label)).Append(label).Append(' ');
            foreach (string cell in cells)
            {
                text.Append(' ').Append(cell.PadLeft(9));
            }

            text.Append('\n');
        }
    }

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How well a class is found.</summary>
/// <param name="Label">The class, or what mean it is.</param>
/// <param name="Precision">What share of the samples that were taken for it are of it.</param>
/// <param name="Recall">What share of its samples were taken for it.</param>
/// <param name="F1">The harmonic mean of both.</param>
/// <param name="Support">How many samples it has.</param>
public sealed record ClassScore(string Label, double Precision, double Recall, double F1, long Support);
