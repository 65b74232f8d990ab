using Recurrent.Numerics;

namespace Recurrent.Labelling;

/// <summary>
/// One search of a <see cref="CTCDecoder"/> over prefixes, which stand in a tree. The tree holds what the beam keeps, what that
/// may be extended to, and the way there; what all that is kept begins with leaves the tree as settled labels. So a long search
/// takes the room that its labels need, and a step allocates nothing beside.
/// </summary>
internal sealed class PrefixBeam
{
    private readonly int classes;
    private readonly CTCDecoder options;
    private readonly PrefixRules rules;
    private readonly Stack<LabelPrefix> free = [];
    private readonly Stack<LabelPrefix?[]> freeRooms = [];
    private readonly List<LabelPrefix> next = [];
    private readonly double[] logs;
    private List<LabelPrefix> kept = [];
    private List<LabelPrefix> before = [];
    private LabelPrefix root;
    private int[] labels = new int[64];

    public PrefixBeam(int classes, CTCDecoder options, PrefixRules rules)
    {
        this.classes = classes;
        this.options = options;
        this.rules = rules;
        logs = new double[classes];
        root = new LabelPrefix();
        Begin();
    }

    private PrefixBeam(PrefixBeam other)
    {
        (classes, options, rules) = (other.classes, other.options, other.rules);
        logs = new double[classes];
        labels = [.. other.labels];
        Settled = other.Settled;
        var copies = new Dictionary<LabelPrefix, LabelPrefix>(ReferenceEqualityComparer.Instance);
        root = Copy(other.root, copies);
        kept.AddRange(other.kept.Select(prefix => copies[prefix]));
    }

    /// <summary>How many labels at the front everything that is kept has: they cannot change any more.</summary>
    public int Settled { get; private set; }

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

    /// <summary>Begins anew.</summary>
    public void Begin()
    {
        root = new LabelPrefix { Blank = 0, IsKept = true };
        Settled = 0;
        kept.Clear();
        kept.Add(root);
    }

    /// <summary>Reads a step.</summary>
    /// <param name="outputs">Its outputs.</param>
    public void Step(ReadOnlySpan<Real> outputs)
    {
        LogSoftmax(outputs, logs);
        Extend();
        Keep();
        Release();
        Settle();
    }

    /// <summary>The best there is, if the sequence ends here.</summary>
    public CTCDecoding Found()
    {
        (LabelPrefix Prefix, double Score)[] ends = [.. kept.Select(prefix => (prefix, prefix.Score + End(prefix)))];
        return new([.. ends.OrderByDescending(end => end.Score).Take(options.TopPaths).Select(
            end => new CTCPath(Labels(end.Prefix).ToArray(), end.Score, end.Prefix.Total))]);
    }

    /// <summary>The labels of what is best so far, without the end.</summary>
    public ReadOnlySpan<int> Best() => Labels(kept[0]);

    /// <summary>Another one that goes on from here.</summary>
    public PrefixBeam Fork() => new(this);

    private static LabelPrefix Copy(LabelPrefix root, Dictionary<LabelPrefix, LabelPrefix> copies)
    {
        // By hand, since a tree may be deeper than a thread's stack.
        var open = new Stack<LabelPrefix>([root]);
        while (open.TryPop(out LabelPrefix? prefix))
        {
            LabelPrefix copy = prefix.Copy();
            copies.Add(prefix, copy);
            if (prefix != root)
            {
                LabelPrefix parent = copies[prefix.Parent!];
                parent.Add(copy);
            }

            for (LabelPrefix? child = prefix.FirstChild; child is not null; child = child.Next)
            {
                open.Push(child);
            }
        }

        return copies[root];
    }

    private void Extend()
    {
        next.Clear();
        foreach (LabelPrefix prefix in kept)
        {
            Touch(prefix);
            Open(prefix);
            prefix.NextBlank = StableMath.LogSum(prefix.NextBlank, prefix.Total + logs[options.Blank]);
            if (prefix.Label >= 0)
            {
                prefix.NextLabel = StableMath.LogSum(prefix.NextLabel, prefix.OfLabel + logs[prefix.Label]);
            }

            for (int label = 0; label < classes; label++)
            {
                double from = label == prefix.Label ? prefix.Blank : prefix.Total;
                if (label != options.Blank && !double.IsNegativeInfinity(from))
                {
                    LabelPrefix longer = prefix.Children![label] ?? Longer(prefix, label);
                    Touch(longer);
                    longer.NextLabel = StableMath.LogSum(longer.NextLabel, from + logs[label]);
                }
            }
        }
    }

    /// <summary>Makes room to find the children of what is kept by their labels.</summary>
    private void Open(LabelPrefix prefix)
    {
        if (prefix.Children is null)
        {
            prefix.Children = freeRooms.TryPop(out LabelPrefix?[]? room) ? room : new LabelPrefix?[classes];
            for (LabelPrefix? child = prefix.FirstChild; child is not null; child = child.Next)
            {
                prefix.Children[child.Label] = child;
            }
        }
    }

    /// <summary>Puts a prefix among those of the next step.</summary>
    private void Touch(LabelPrefix prefix)
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
        for (int i = 0; i < next.Count; i++)
        {
            LabelPrefix prefix = next[i];
            prefix.IsNext = false;
            prefix.IsKept = false;
            prefix.Blank = prefix.NextBlank;
            prefix.OfLabel = prefix.NextLabel;
            prefix.Total = StableMath.LogSum(prefix.Blank, prefix.OfLabel);
            prefix.Place = i;
        }

        // Best first; of equal scores those that were there first, as a sort that keeps their order leaves them.
        next.Sort(static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Place.CompareTo(b.Place));
        (kept, before) = (before, kept);
        kept.Clear();
        for (int i = 0; i < next.Count && kept.Count < options.BeamWidth; i++)
        {
            if (!double.IsNegativeInfinity(next[i].Score))
            {
                next[i].IsKept = true;
                kept.Add(next[i]);
            }
        }
    }

    /// <summary>Takes out of the tree what nothing that is kept comes from, nor can be extended to at once.</summary>
    private void Release()
    {
        foreach (LabelPrefix dropped in before)
        {
            if (dropped.IsKept || dropped.IsFree)
            {
                continue;
            }

            Array.Clear(dropped.Children!);
            freeRooms.Push(dropped.Children!);
            dropped.Children = null;
            LabelPrefix? following;
            for (LabelPrefix? child = dropped.FirstChild; child is not null; child = following)
            {
                following = child.Next;
                ReleaseFrom(child);
            }

            ReleaseFrom(dropped);
        }
    }

    private void ReleaseFrom(LabelPrefix prefix)
    {
        for (LabelPrefix at = prefix; at is { IsKept: false, FirstChild: null, Parent: { IsKept: false } parent }; at = parent)
        {
            parent.Remove(at);
            at.IsFree = true;
            free.Push(at);
        }
    }

    private void Settle()
    {
        while (root is { IsKept: false, FirstChild: { Next: null } only })
        {
            root.Remove(only);
            root.IsFree = true;
            free.Push(root);
            root = only;
            Reserve(Settled + 1);
            labels[Settled++] = root.Label;
        }
    }

    private LabelPrefix Longer(LabelPrefix prefix, int label)
    {
        double extra = prefix.Extra;
        extra += Scored(prefix, label);

        // A word ends where a boundary follows something that is none; without one every label is a word.
        int? boundary = rules.WordBoundary;
        bool word = boundary is null || (label == boundary && prefix.Label >= 0 && prefix.Label != boundary);
        LabelPrefix longer = free.TryPop(out LabelPrefix? old) ? old : new LabelPrefix();
        longer.Begin(label, extra + (word ? rules.Bonus : 0));
        prefix.Add(longer);
        return longer;
    }

    private double End(LabelPrefix prefix)
    {
        double extra = Scored(prefix, -1);
        bool word = rules.WordBoundary is not null && prefix.Label >= 0 && prefix.Label != rules.WordBoundary;
        return word ? extra + rules.Bonus : extra;
    }

    /// <summary>What the language model adds to the score of a prefix for the label that follows, or its end.</summary>
    private double Scored(LabelPrefix prefix, int next)
    {
        // A weight of 0 takes nothing of it, of −∞ neither.
        if (rules.LanguageModel is null || rules.Weight == 0)
        {
            return 0;
        }

        double log = rules.LanguageModel(Labels(prefix), next);
        return !double.IsFinite(log) && (!double.IsNegativeInfinity(log) || rules.Weight < 0)
            ? throw new ArgumentException(
                "The language model gave a score that is no logarithm of a probability: NaN or +∞, or −∞ where "
                + "languageModelWeight is below 0.")
            : rules.Weight * log;
    }

    /// <summary>The labels of a prefix: those that are settled, and those from the root of the tree on.</summary>
    private ReadOnlySpan<int> Labels(LabelPrefix prefix)
    {
        int length = Settled;
        for (LabelPrefix at = prefix; at.Parent is { } parent; at = parent)
        {
            length++;
        }

        Reserve(length);
        int place = length;
        for (LabelPrefix at = prefix; at.Parent is { } parent; at = parent)
        {
            labels[--place] = at.Label;
        }

        return labels.AsSpan(0, length);
    }

    private void Reserve(int length)
    {
        if (labels.Length < length)
        {
            Array.Resize(ref labels, 2 * length);
        }
    }
}

/// <summary>What ranks prefixes beside the outputs.</summary>
/// <param name="LanguageModel">Scores prefixes.</param>
/// <param name="Weight">By what its logarithms are multiplied.</param>
/// <param name="Bonus">What a word adds.</param>
/// <param name="WordBoundary">The label between words; null counts each label as a word.</param>
internal sealed record PrefixRules(PrefixScorer? LanguageModel, double Weight, double Bonus, int? WordBoundary);
