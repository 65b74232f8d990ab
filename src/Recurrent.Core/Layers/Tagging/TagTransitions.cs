namespace Recurrent.Layers;

/// <summary>Which tags may be first, which may follow one another, and which may be last.</summary>
internal sealed class TagTransitions
{
    private readonly bool[] allowed;
    private readonly bool[] starts;
    private readonly bool[] ends;

    private TagTransitions(int tags)
    {
        Tags = tags;
        allowed = new bool[tags * tags];
        starts = new bool[tags];
        ends = new bool[tags];
        Array.Fill(allowed, true);
        Array.Fill(starts, true);
        Array.Fill(ends, true);
    }

    /// <summary>Number of tags.</summary>
    public int Tags { get; }

    /// <summary>Whether tag j may follow tag i, at <c>i · tags + j</c>; empty where all may.</summary>
    public ReadOnlySpan<bool> Allowed => IsFree ? [] : allowed;

    /// <summary>Whether a tag may be first; empty where all may.</summary>
    public ReadOnlySpan<bool> Starts => IsFree ? [] : starts;

    /// <summary>Whether a tag may be last; empty where all may.</summary>
    public ReadOnlySpan<bool> Ends => IsFree ? [] : ends;

    /// <summary>Whether everything is allowed.</summary>
    public bool IsFree { get; private set; }

    /// <summary>Works out what a scheme and a list forbid.</summary>
    /// <param name="names">The tags.</param>
    /// <param name="scheme">One of <see cref="TagScheme.Names"/>.</param>
    /// <param name="forbidden">Further pairs, by index; −1 for the start of a sequence as the first, its end as the
    /// second.</param>
    public static TagTransitions Of(IReadOnlyList<string> names, string scheme, IEnumerable<(int From, int To)> forbidden)
    {
        int count = names.Count;
        var result = new TagTransitions(count);
        TagScheme[] tags = scheme == TagScheme.None ? [] : [.. names.Select(name => TagScheme.Parse(name, scheme)!.Value)];
        for (int i = 0; i < tags.Length; i++)
        {
            result.starts[i] = TagScheme.MayFollow(scheme, null, tags[i]);
            result.ends[i] = TagScheme.MayFollow(scheme, tags[i], null);
            for (int j = 0; j < count; j++)
            {
                result.allowed[(i * count) + j] = TagScheme.MayFollow(scheme, tags[i], tags[j]);
            }
        }

        foreach ((int from, int to) in forbidden)
        {
            if (from < 0)
            {
                result.starts[to] = false;
            }
            else if (to < 0)
            {
                result.ends[from] = false;
            }
            else
            {
                result.allowed[(from * count) + to] = false;
            }
        }

        result.IsFree = !result.allowed.Contains(false) && !result.starts.Contains(false) && !result.ends.Contains(false);
        return result;
    }

    /// <summary>The least number of steps, up to twice the number of tags, that no sequence may have; 0 where there is
    /// none.</summary>
    public int ImpossibleLength()
    {
        bool[] reached = [.. starts];
        for (int length = 1; length <= 2 * Tags; length++)
        {
            if (!reached.Zip(ends, (reach, end) => reach && end).Contains(true))
            {
                return length;
            }

            bool[] before = reached;
            reached = [.. Enumerable.Range(0, Tags).Select(
                j => Enumerable.Range(0, Tags).Any(i => before[i] && allowed[(i * Tags) + j]))];
        }

        return 0;
    }

    /// <summary>Whether a tag may stand where it does.</summary>
    /// <param name="from">The tag before; −1 at the start.</param>
    /// <param name="to">The tag; −1 at the end.</param>
    public bool May(int from, int to) => from < 0 ? starts[to] : to < 0 ? ends[from] : allowed[(from * Tags) + to];
}

/// <summary>A tag as a scheme of segments writes it: the letter of its place in a segment, and what the segment is.</summary>
/// <param name="Place">B, I, E, S or O.</param>
/// <param name="Type">What the segment is; empty outside.</param>
internal readonly record struct TagScheme(char Place, string Type)
{
    /// <summary>No scheme: any tag may follow any.</summary>
    public const string None = "none";

    /// <summary>The schemes.</summary>
    public static IReadOnlyList<string> Names { get; } = [None, "bio", "iob1", "bioes"];

    /// <summary>Reads a tag such as <c>B-PER</c>; null where the scheme has none such.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="scheme">The scheme.</param>
    public static TagScheme? Parse(string tag, string scheme)
    {
        if (tag == "O")
        {
            return new('O', string.Empty);
        }

        string places = scheme == "bioes" ? "BIESLU" : "BI";
        int index = tag.Length > 2 && tag[1] == '-' ? places.IndexOf(tag[0], StringComparison.Ordinal) : -1;
        return index < 0 ? null : new("BIESES"[index], tag[2..]);
    }

    /// <summary>Whether a tag may follow another one; null is the start and the end of a sequence.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="from">The tag before.</param>
    /// <param name="to">The tag.</param>
    public static bool MayFollow(string scheme, TagScheme? from, TagScheme? to)
    {
        bool sameType = from is { } first && to is { } second && first.Place != 'O' && first.Type == second.Type;
        return scheme switch
        {
            "bio" => to is not { Place: 'I' } || sameType,
            "iob1" => to is not { Place: 'B' } || sameType,
            _ => from is { Place: 'B' or 'I' } ? to is { Place: 'I' or 'E' } && sameType : to is not { Place: 'I' or 'E' },
        };
    }
}
