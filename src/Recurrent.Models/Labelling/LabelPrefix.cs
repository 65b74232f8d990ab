namespace Recurrent.Labelling;

/// <summary>A prefix of labels in the tree of a <see cref="PrefixBeam"/>.</summary>
internal sealed class LabelPrefix
{
    private LabelPrefix? previous;

    public LabelPrefix? Parent { get; private set; }

    /// <summary>The first of those with one label more.</summary>
    public LabelPrefix? FirstChild { get; private set; }

    /// <summary>The child of the same parent behind it.</summary>
    public LabelPrefix? Next { get; private set; }

    /// <summary>All children by their labels, of what is kept.</summary>
    public LabelPrefix?[]? Children { get; set; }

    /// <summary>The last label; −1 of the empty prefix.</summary>
    public int Label { get; private set; } = -1;

    /// <summary>What the language model and words add.</summary>
    public double Extra { get; private set; }

    /// <summary>log b, of alignments that end in a blank.</summary>
    public double Blank { get; set; } = double.NegativeInfinity;

    /// <summary>log n, of those that end in the last label.</summary>
    public double OfLabel { get; set; } = double.NegativeInfinity;

    public double Total { get; set; }

    public double Score => Total + Extra;

    public bool IsKept { get; set; }

    /// <summary>Whether it is out of the tree.</summary>
    public bool IsFree { get; set; }

    public bool IsNext { get; set; }

    public double NextBlank { get; set; }

    public double NextLabel { get; set; }

    public int Place { get; set; }

    public void Begin(int label, double extra)
    {
        (Label, Extra) = (label, extra);
        (Blank, OfLabel) = (double.NegativeInfinity, double.NegativeInfinity);
        (IsKept, IsFree, IsNext) = (false, false, false);
    }

    public void Add(LabelPrefix child)
    {
        child.Parent = this;
        child.Next = FirstChild;
        if (FirstChild is { } first)
        {
            first.previous = child;
        }

        FirstChild = child;
        if (Children is { } room)
        {
            room[child.Label] = child;
        }
    }

    public void Remove(LabelPrefix child)
    {
        if (child.previous is { } left)
        {
            left.Next = child.Next;
        }
        else
        {
            FirstChild = child.Next;
        }

        if (child.Next is { } right)
        {
            right.previous = child.previous;
        }

        (child.Parent, child.previous, child.Next) = (null, null, null);
        if (Children is { } room)
        {
            room[child.Label] = null;
        }
    }

    /// <summary>The same without parent and children.</summary>
    public LabelPrefix Copy() => new()
    {
        Label = Label,
        Extra = Extra,
        Blank = Blank,
        OfLabel = OfLabel,
        Total = Total,
        IsKept = IsKept,
    };
}
