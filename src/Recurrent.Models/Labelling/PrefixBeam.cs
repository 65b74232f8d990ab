namespace Recurrent.Labelling;

/// <summary>One search of a <see cref="CTCDecoder"/> over prefixes, which stand in a tree.</summary>
internal sealed class PrefixBeam
{
    private readonly int classes;
    private readonly CTCDecoder options;
    private readonly PrefixScorer? languageModel;
    private readonly double weight;
    private readonly double bonus;
    private readonly int? wordBoundary;
    private readonly List<Prefix> kept = [];
    private readonly List<Prefix> next = [];
    private readonly double[] logs;
    private int[] labels = new int[64];

    public PrefixBeam(
        int classes, CTCDecoder options, PrefixScorer? languageModel, double weight, double bonus, int? wordBoundary)
    {
        this.classes = classes;
        this.options = options;
        this.languageModel = languageModel;
        this.weight = weight;
        this.bonus = bonus;
        this.wordBoundary = wordBoundary;
        logs = new double[classes];
    }

    /// <summary>Logarithms of the softmax of a step.</summary>
    public static void LogSoftmax(ReadOnlySpan<Real> outputs, Span<double> logs)
    {
        double most = double.NegativeInfinity;
        foreach (Real value in outputs)
        {
            most = Math.Max(most, value);
        }

        double sum = 0;
        foreach (Real value in outputs)
        {
            sum += Math.Exp(value - most);
        }

        double total = most + Math.Log(sum);
        for (int k = 0; k < logs.Length; k++)
        {
            logs[k] = outputs[k] - total;
        }
    }

    /// <summary>Searches a sequence.</summary>
    /// <param name="outputs">Its outputs, step by step.</param>
    public CTCDecoding Search(ReadOnlySpan<Real> outputs)
    {
        kept.Clear();
        kept.Add(new Prefix(null, -1) { Blank = 0 });
        for (int start = 0; start < outputs.Length; start += classes)
        {
            LogSoftmax(outputs.Slice(start, classes), logs);
            Extend();
            Keep();
        }

        foreach (Prefix prefix in kept)
        {
            prefix.Extra += End(prefix);
        }

        Sort(kept);
        return new([.. kept.Take(options.TopPaths).Select(
            prefix => new CTCPath(Labels(prefix).ToArray(), prefix.Score, prefix.Total))]);
    }

    private static double LogSum(double a, double b)
    {
        double most = Math.Max(a, b);
        return double.IsNegativeInfinity(most) ? most : most + Math.Log(Math.Exp(a - most) + Math.Exp(b - most));
    }

    /// <summary>Best first; of equal scores those that were there first, as a sort that keeps their order leaves them.</summary>
    private static void Sort(List<Prefix> prefixes)
    {
        for (int i = 0; i < prefixes.Count; i++)
        {
            prefixes[i].Place = i;
        }

        prefixes.Sort(static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Place.CompareTo(b.Place));
    }

    private void Extend()
    {
        next.Clear();
        foreach (Prefix prefix in kept)
        {
            Touch(prefix);
            prefix.NextBlank = LogSum(prefix.NextBlank, prefix.Total + logs[options.Blank]);
            if (prefix.Label >= 0)
            {
                prefix.NextLabel = LogSum(prefix.NextLabel, prefix.OfLabel + logs[prefix.Label]);
            }

            for (int label = 0; label < classes; label++)
            {
                double from = label == prefix.Label ? prefix.Blank : prefix.Total;
                if (label != options.Blank && !double.IsNegativeInfinity(from))
                {
                    Prefix longer = Longer(prefix, label);
                    Touch(longer);
                    longer.NextLabel = LogSum(longer.NextLabel, from + logs[label]);
                }
            }
        }
    }

    /// <summary>Puts a prefix among those of the next step.</summary>
    private void Touch(Prefix prefix)
    {
        if (!prefix.IsNext)
        {
            prefix.IsNext = true;
            prefix.NextBlank = double.NegativeInfinity;
            prefix.NextLabel = double.NegativeInfinity;
            next.Add(prefix);
        }
    }

    private void Keep()
    {
        foreach (Prefix prefix in next)
        {
            prefix.IsNext = false;
            prefix.Blank = prefix.NextBlank;
            prefix.OfLabel = prefix.NextLabel;
            prefix.Total = LogSum(prefix.Blank, prefix.OfLabel);
        }

        Sort(next);
        kept.Clear();
        for (int i = 0; i < next.Count && kept.Count < options.BeamWidth; i++)
        {
            if (!double.IsNegativeInfinity(next[i].Score))
            {
                kept.Add(next[i]);
            }
        }
    }

    private Prefix Longer(Prefix prefix, int label)
    {
        prefix.Children ??= new Prefix?[classes];
        if (prefix.Children[label] is { } there)
        {
            return there;
        }

        double extra = prefix.Extra;
        if (languageModel is not null)
        {
            extra += weight * Scored(languageModel(Labels(prefix), label));
        }

        // A word ends where a boundary follows something that is none; without one every label is a word.
        bool word = wordBoundary is null || (label == wordBoundary && prefix.Label >= 0 && prefix.Label != wordBoundary);
        var longer = new Prefix(prefix, label) { Extra = extra + (word ? bonus : 0) };
        prefix.Children[label] = longer;
        return longer;
    }

    private double End(Prefix prefix)
    {
        double extra = languageModel is null ? 0 : weight * Scored(languageModel(Labels(prefix), -1));
        return wordBoundary is not null && prefix.Label >= 0 && prefix.Label != wordBoundary ? extra + bonus : extra;
    }

    private static double Scored(double log) => !double.IsNaN(log) && !double.IsPositiveInfinity(log)
        ? log
        : throw new ArgumentException("The language model gave a score that is no logarithm of a probability: NaN or +∞.");

    private ReadOnlySpan<int> Labels(Prefix prefix)
    {
        int length = 0;
        for (Prefix? at = prefix; at!.Label >= 0; at = at.Parent)
        {
            length++;
        }

        if (labels.Length < length)
        {
            labels = new int[2 * length];
        }

        int place = length;
        for (Prefix? at = prefix; at!.Label >= 0; at = at.Parent)
        {
            labels[--place] = at.Label;
        }

        return labels.AsSpan(0, length);
    }

    private sealed class Prefix(Prefix? parent, int label)
    {
        public Prefix? Parent { get; } = parent;

        /// <summary>The last label; −1 of the empty prefix.</summary>
        public int Label { get; } = label;

        public Prefix?[]? Children { get; set; }

        /// <summary>What the language model and words add.</summary>
        public double Extra { get; set; }

        /// <summary>log b, of alignments that end in a blank.</summary>
        public double Blank { get; set; } = double.NegativeInfinity;

        /// <summary>log n, of those that end in the last label.</summary>
        public double OfLabel { get; set; } = double.NegativeInfinity;

        public double Total { get; set; }

        public double Score => Total + Extra;

        public bool IsNext { get; set; }

        public double NextBlank { get; set; }

        public double NextLabel { get; set; }

        public int Place { get; set; }
    }
}
