using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Recurrent.Text;

/// <summary>How often each class was taken for each: row by row what it is, column by column what it was taken for.</summary>
/// <example><code>
/// ConfusionMatrix matrix = ConfusionMatrix.Of(actual: ["a", "b", "b"], predicted: ["a", "b", "a"]);
/// Console.WriteLine(matrix);
/// Console.WriteLine(matrix.Report());
/// </code></example>
public sealed class ConfusionMatrix
{
    private readonly long[,] counts;
    private readonly string[] labels;

    private ConfusionMatrix(string[] labels, long[,] counts, int total, bool isWhole)
    {
        this.labels = labels;
        this.counts = counts;
        Total = total;
        IsWhole = isWhole;
    }

    /// <summary>The classes, in order.</summary>
    public IReadOnlyList<string> Labels => labels;

    /// <summary>Number of samples; those of classes that were left out are among them.</summary>
    public int Total { get; }

    /// <summary>How often a class was taken for another.</summary>
    /// <param name="actual">Index of what it is.</param>
    /// <param name="predicted">Index of what it was taken for.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public long this[int actual, int predicted] => counts[Known(actual), Known(predicted)];

    /// <summary>Share of samples of these classes that were taken for what they are.</summary>
    public double Accuracy => ScoreText.Part(Hits.Sum(), AllCounts.Sum());

    /// <summary>
    /// Cohen's kappa: <c>(accuracy − chance) / (1 − chance)</c>, where chance is what the frequencies of classes alone give; 0
    /// where that is 1, or where no sample is of one of these classes and was taken for one.
    /// </summary>
    public double Kappa
    {
        get
        {
            double all = AllCounts.Sum();
            double chance = Enumerable.Range(0, labels.Length).Sum(i => (Support(i) - Outside(i, true)) / all * (Found(i) / all));
            return all == 0 || chance == 1 ? 0 : (Accuracy - chance) / (1 - chance);
        }
    }

    /// <summary>Whether every class of the samples is among the labels.</summary>
    internal bool IsWhole { get; }

    private IEnumerable<long> AllCounts => Enumerable.Range(0, labels.Length)
        .SelectMany(i => Enumerable.Range(0, labels.Length).Select(j => counts[i, j]));

    private IEnumerable<long> Hits => Enumerable.Range(0, labels.Length).Select(i => counts[i, i]);

    /// <summary>Counts classes by name.</summary>
    /// <param name="actual">What each sample is.</param>
    /// <param name="predicted">What it was taken for.</param>
    /// <param name="labels">
    /// The classes to count, in order; null (the default) takes all there are, in the order of their code points.
    /// </param>
    /// <exception cref="ArgumentException">There are none, not as many of both, or a label comes twice or never.</exception>
    public static ConfusionMatrix Of(
        IEnumerable<string> actual, IEnumerable<string> predicted, IReadOnlyList<string>? labels = null)
    {
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(predicted);
        string[] right = [.. actual];
        string[] given = [.. predicted];
        ScoreText.RequireAlike(right.Length, given.Length, nameof(actual), nameof(predicted));
        ScoreText.RequireAll(right, nameof(actual));
        ScoreText.RequireAll(given, nameof(predicted));
        ScoreText.RequireAll(labels ?? [], nameof(labels));
        string[] met = [.. right.Concat(given).Distinct(StringComparer.Ordinal).Order(TokenizerVocabulary.CodePointOrder)];
        return Count(right, given, met, labels is null ? met : [.. labels], StringComparer.Ordinal, label => label);
    }

    /// <summary>Counts classes by number.</summary>
    /// <param name="actual">What each sample is.</param>
    /// <param name="predicted">What it was taken for.</param>
    /// <param name="names">Names of the classes 0, 1, …; null (the default) shows their numbers.</param>
    /// <exception cref="ArgumentException">There are none, not as many of both, or a class has no name.</exception>
    public static ConfusionMatrix Of(IEnumerable<int> actual, IEnumerable<int> predicted, IReadOnlyList<string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(predicted);
        int[] right = [.. actual];
        int[] given = [.. predicted];
        ScoreText.RequireAlike(right.Length, given.Length, nameof(actual), nameof(predicted));
        int[] met = [.. right.Concat(given).Distinct().Order()];
        if (names is not null && (met[0] < 0 || met[^1] >= names.Count))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"The class {(met[0] < 0 ? met[0] : met[^1])} has no name: there are {names.Count}, for 0 to {names.Count - 1}."),
                nameof(names));
        }

        return Count(
            right,
            given,
            met,
            names is null ? met : [.. Enumerable.Range(0, names.Count)],
            EqualityComparer<int>.Default,
            label => names is null ? label.ToString(CultureInfo.InvariantCulture) : names[label]);
    }

    /// <summary>How many samples are of a class.</summary>
    /// <param name="label">Index of the class.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public long Support(int label) =>
        Enumerable.Range(0, labels.Length).Sum(other => counts[Known(label), other]) + Outside(label, true);

    /// <summary>What share of the samples that were taken for a class are of it; 0 where none was.</summary>
    /// <param name="label">Index of the class.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double Precision(int label) => ScoreText.Part(counts[Known(label), label], TakenFor(label));

    /// <summary>What share of the samples of a class were taken for it; 0 where there is none.</summary>
    /// <param name="label">Index of the class.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double Recall(int label) => ScoreText.Part(counts[Known(label), label], Support(label));

    /// <summary>The harmonic mean of precision and recall.</summary>
    /// <param name="label">Index of the class.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double F1(int label) => ScoreText.F1(Precision(label), Recall(label));

    /// <summary>The counts as parts of their rows, their columns or all of them.</summary>
    /// <param name="over"><c>"actual"</c> (the default), <c>"predicted"</c> or <c>"all"</c>.</param>
    /// <exception cref="ArgumentException">It is none of these.</exception>
    public double[,] Normalized(string over = "actual")
    {
        if (over is not ("actual" or "predicted" or "all"))
        {
            throw new ArgumentException($"over must be 'actual', 'predicted' or 'all', but is '{over}'.", nameof(over));
        }

        var parts = new double[labels.Length, labels.Length];
        double all = AllCounts.Sum();
        for (int i = 0; i < labels.Length; i++)
        {
            for (int j = 0; j < labels.Length; j++)
            {
                double whole = over == "all" ? all : Enumerable.Range(0, labels.Length)
                    .Sum(k => over == "actual" ? counts[i, k] : counts[k, j]);
                parts[i, j] = ScoreText.Part(counts[i, j], whole);
            }
        }

        return parts;
    }

    /// <summary>Precision, recall and F1 of each class, and their means.</summary>
    public ClassificationReport Report() => new(this);

    /// <summary>The counts as a table: rows what it is, columns what it was taken for.</summary>
    public override string ToString()
    {
        string[] cells = [.. AllCounts.Select(count => count.ToString(CultureInfo.InvariantCulture))];
        int width = Math.Max(cells.Max(cell => cell.Length), labels.Max(Width)) + 2;
        int first = labels.Max(Width);
        var text = new StringBuilder(new string(' ', first));
        foreach (string label in labels)
        {
            text.Append(' ', width - Width(label)).Append(label);
        }

        for (int i = 0; i < labels.Length; i++)
        {
            text.Append('\n').Append(labels[i]).Append(' ', first - Width(labels[i]));
            for (int j = 0; j < labels.Length; j++)
            {
                text.Append(cells[(i * labels.Length) + j].PadLeft(width));
            }
        }

        return text.ToString();
    }

    /// <summary>How many characters a reader sees.</summary>
    internal static int Width(string text) => new StringInfo(text).LengthInTextElements;

    /// <summary>How many samples were taken for a class.</summary>
    internal long TakenFor(int label) => Found(label) + Outside(label, false);

    private long Found(int label) => Enumerable.Range(0, labels.Length).Sum(other => counts[other, label]);

    private int Known(int label, [CallerArgumentExpression(nameof(label))] string? argument = null) =>
        label >= 0 && label < labels.Length ? label : throw new ArgumentOutOfRangeException(argument, FormattableString.Invariant(
            $"There is no class {label}: the classes are 0 to {labels.Length - 1}."));

    // Rows and columns behind the last: classes that are not among the labels.
    private long Outside(int label, bool isActual) =>
        isActual ? counts[label, labels.Length] : counts[labels.Length, label];

    private static ConfusionMatrix Count<T>(
        T[] right, T[] given, T[] met, T[] labels, IEqualityComparer<T> comparer, Func<T, string> name)
        where T : notnull
    {
        var places = new Dictionary<T, int>(comparer);
        foreach (T label in labels)
        {
            if (!places.TryAdd(label, places.Count))
            {
                throw new ArgumentException($"The label '{name(label)}' comes twice.", nameof(labels));
            }
        }

        if (!met.Any(places.ContainsKey))
        {
            throw new ArgumentException("None of the labels is among what is there.", nameof(labels));
        }

        var counts = new long[labels.Length + 1, labels.Length + 1];
        for (int i = 0; i < right.Length; i++)
        {
            counts[places.GetValueOrDefault(right[i], labels.Length), places.GetValueOrDefault(given[i], labels.Length)]++;
        }

        return new([.. labels.Select(name)], counts, right.Length, met.All(places.ContainsKey));
    }
}
