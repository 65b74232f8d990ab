using Recurrent.Registration;

namespace Recurrent.Text;

/// <summary>A span of tokens, such as a name.</summary>
/// <param name="Type">What it is: <c>PER</c>; empty where tags say no type.</param>
/// <param name="Start">Its first token.</param>
/// <param name="End">The token behind its last.</param>
public sealed record EntitySpan(string Type, int Start, int End)
{
    /// <summary>The spans of a sequence.</summary>
    internal static IEnumerable<EntitySpan> Of(
        IReadOnlyList<string> tags, int sequence, bool strict, bool ends, string argument)
    {
        EntityTag before = EntityTag.Outside;
        int start = -1;
        for (int i = 0; i <= tags.Count; i++)
        {
            EntityTag tag = i == tags.Count ? EntityTag.Outside : EntityTag.Read(tags[i], sequence, i, argument);
            if (start >= 0 && tag.Follows(before) is var follows && follows is not true)
            {
                // Where tags say how spans end, one that does not is none.
                if (!strict || !ends || before.Letter is 'E' or 'S')
                {
                    yield return new(before.Type, start, i);
                }

                start = -1;
            }

            if (start < 0 && tag.Letter != 'O' && (!strict || tag.Letter is 'B' or 'S'))
            {
                start = i;
            }

            before = tag;
        }
    }
}

/// <summary>A tag taken apart.</summary>
/// <param name="Letter">B, I, E, S or O.</param>
/// <param name="Type">The type behind the hyphen.</param>
internal readonly record struct EntityTag(char Letter, string Type)
{
    /// <summary>No span.</summary>
    public static EntityTag Outside { get; } = new('O', string.Empty);

    /// <summary>Whether a tag says that a span ends: schemes that have such end all spans so.</summary>
    public static bool Ends(string tag) => tag is not null && (tag is "E" or "L" or "S" or "U"
        || (tag.Length > 1 && tag[1] == '-' && tag[0] is 'E' or 'L' or 'S' or 'U'));

    /// <summary>Reads a tag.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static EntityTag Read(string tag, int sequence, int place, string argument)
    {
        string type = tag is { Length: > 1 } && tag[1] == '-' ? tag[2..] : string.Empty;
        char letter = string.IsNullOrEmpty(tag) || (tag.Length > 1 && tag[1] != '-') ? '?' : tag[0] switch
        {
            'L' => 'E',
            'U' => 'S',
            'M' => 'I',
            'B' or 'I' or 'E' or 'S' or 'O' => tag[0],
            _ => '?',
        };
        return letter != '?' ? new(letter, letter == 'O' ? string.Empty : type) : throw new ArgumentException(
            FormattableString.Invariant($"The tag '{ReadableText.Escape(tag ?? "null", keepLines: false)}' ")
            + (sequence < 0 ? string.Empty : FormattableString.Invariant($"of sequence {sequence} "))
            + FormattableString.Invariant($"at {place} is none: tags are O, or B-, I-, E- or S- with a type behind."), argument);
    }

    /// <summary>Whether the tag goes on with the span of the one before.</summary>
    public bool Follows(EntityTag before) =>
        Letter is 'I' or 'E' && before.Letter is 'B' or 'I' && string.Equals(Type, before.Type, StringComparison.Ordinal);
}
