using Recurrent.Registration;

namespace Recurrent.Text;

/// <summary>How tags mark spans, for strict scores: the letters that there are, and what spans must do with them.</summary>
/// <remarks>
/// The first four are those of E. F. Tjong Kim Sang and J. Veenstra, "Representing text chunks" (1999): IOB2 marks the first
/// token of every span and IOE2 the last, IOB1 and IOE1 only where two spans of a type touch.
/// </remarks>
/// <param name="Name">As options name it.</param>
/// <param name="Title">As papers name it.</param>
/// <param name="Letters">Its letters but O.</param>
/// <param name="Rule">What spans do.</param>
/// <param name="Other">The scheme that has the same letters; empty where none has.</param>
internal sealed record EntityScheme(string Name, string Title, string Letters, string Rule, string Other)
{
    private static readonly EntityScheme[] All =
    [
        new("bio", "IOB2", "BI", "begin with B", "iob1"),
        new("iob1", "IOB1", "BI", "begin with B behind another of their type, else with I", "bio"),
        new("ioe1", "IOE1", "IE", "end with E before another of their type, else with I", "ioe2"),
        new("ioe2", "IOE2", "IE", "end with E", "ioe1"),
        new("bioes", "IOBES", "BIES", "begin with B and end with E, or are one S", string.Empty),
    ];

    /// <summary>The scheme of a name, or the one that tags look like.</summary>
    /// <exception cref="ArgumentException">There is no such scheme, or the tags do not say.</exception>
    public static EntityScheme Of(string? scheme, IEnumerable<EntityTag> tags)
    {
        if (scheme is not null)
        {
            return All.Single(each => string.Equals(each.Name, scheme, StringComparison.Ordinal));
        }

        HashSet<char> used = [.. tags.Select(tag => tag.Letter)];
        bool begins = used.Contains('B');
        bool ends = used.Contains('E');
        return used.Contains('S') || (begins && ends) ? Of("bioes", [])
            : ends ? Of("ioe2", [])
            : begins || !used.Contains('I') ? Of("bio", [])
            : throw new ArgumentException(
                $"Tags of I and O alone do not say how spans are marked. Name the scheme ({Names}), or set strict: false.",
                nameof(scheme));
    }

    /// <summary>Refuses a name that no scheme has, and one where none is asked for.</summary>
    /// <exception cref="ArgumentException">It is such a name.</exception>
    public static void Check(string? scheme, bool strict) => new OptionCheck(nameof(EntityScores))
        .Require(scheme is null || All.Any(each => string.Equals(each.Name, scheme, StringComparison.Ordinal)),
            $"scheme must be one of {Names}, but is '{ReadableText.Escape(scheme ?? string.Empty, keepLines: false)}'",
            nameof(scheme))
        .Require(scheme is null || strict, "scheme says what counts strictly: set strict: true with it", nameof(scheme))
        .ThrowIfAny();

    /// <summary>Whether a span is marked as the scheme has it.</summary>
    public bool Marks(IReadOnlyList<EntityTag> tags, EntitySpan span)
    {
        char first = tags[span.Start].Letter;
        char last = tags[span.End - 1].Letter;
        return Name switch
        {
            "bio" => first == 'B',
            "iob1" => first == 'B' == IsOf(span.Type, span.Start - 1),
            "ioe1" => last == 'E' == IsOf(span.Type, span.End),
            "ioe2" => last == 'E',
            _ => first is 'B' or 'S' && last is 'E' or 'S',
        };

        bool IsOf(string type, int place) => place >= 0 && place < tags.Count && tags[place].Letter != 'O'
            && string.Equals(tags[place].Type, type, StringComparison.Ordinal);
    }

    /// <summary>Refuses tags with letters that the scheme does not have.</summary>
    /// <exception cref="ArgumentException">There is such a tag.</exception>
    public void RequireLetters(IReadOnlyList<EntityTag> tags, int sequence, string argument)
    {
        for (int i = 0; i < tags.Count; i++)
        {
            if (tags[i].Letter != 'O' && !Letters.Contains(tags[i].Letter, StringComparison.Ordinal))
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"The tag '{tags[i]}'{Place(sequence)} at {i} is none of {Title}, whose letters are O and ")
                    + $"{string.Join(", ", Letters.AsEnumerable())}.", argument);
            }
        }
    }

    /// <summary>Refuses tags that the scheme was guessed from where they do not keep to it: nothing is left out unseen.</summary>
    /// <exception cref="ArgumentException">There is such a span.</exception>
    public void RequireMarked(IReadOnlyList<EntityTag> tags, int sequence, string argument)
    {
        foreach (EntitySpan span in EntitySpan.Of(tags).Where(span => !Marks(tags, span)))
        {
            string other = Other.Length == 0 ? string.Empty : $"\"{Other}\" if it is that, ";
            throw new ArgumentException(FormattableString.Invariant(
                $"The tags look like {Title}, where spans {Rule}, but '{tags[span.Start]}'{Place(sequence)} at {span.Start} ")
                + $"begins one that does not, and would not count. Name the scheme: {other}\"{Name}\" to leave such spans out; "
                + "or set strict: false.", argument);
        }
    }

    private static string Names => string.Join(", ", All.Select(scheme => $"\"{scheme.Name}\""));

    private static string Place(int sequence) =>
        sequence < 0 ? string.Empty : FormattableString.Invariant($" of sequence {sequence}");
}
