using Recurrent.Registration;

namespace Recurrent.Text;

/// <summary>A span of tokens, such as a name.</summary>
/// <param name="Type">What it is: <c>PER</c>; empty where tags say no type.</param>
/// <param name="Start">Its first token.</param>
/// <param name="End">The token behind its last.</param>
public sealed record EntitySpan(string Type, int Start, int End)
{
    /// <summary>The spans of a sequence, however they are marked.</summary>
    internal static IEnumerable<EntitySpan> Of(IReadOnlyList<EntityTag> tags)
    {
        int start = 0;
        for (int i = 1; i <= tags.Count; i++)
        {
            EntityTag before = tags[i - 1];
            if (i < tags.Count && tags[i].Follows(before))
            {
                continue;
            }

            if (before.Letter != 'O')
            {
                yield return new(before.Type, start, i);
            }

            start = i;
        }
    }

    /// <summary>The spans of a sequence that a scheme has; null takes all.</summary>
    internal static IEnumerable<EntitySpan> Of(IReadOnlyList<EntityTag> tags, EntityScheme? scheme) =>
        Of(tags).Where(span => scheme is null || scheme.Marks(tags, span));
}

/// <summary>A tag taken apart.</summary>
/// <param name="Letter">B, I, E, S or O.</param>
/// <param name="Type">The type behind the hyphen.</param>
internal readonly record struct EntityTag(char Letter, string Type)
{
    /// <summary>Reads the tags of a sequence.</summary>
    /// <exception cref="ArgumentException">One is none.</exception>
    public static EntityTag[] ReadAll(IReadOnlyList<string> tags, int sequence, string argument) =>
        [.. tags.Select((tag, place) => Read(tag, sequence, place, argument))];

    /// <summary>Whether the tag goes on with the span of the one before.</summary>
    public bool Follows(EntityTag before) =>
        Letter is 'I' or 'E' && before.Letter is 'B' or 'I' && string.Equals(Type, before.Type, StringComparison.Ordinal);

    /// <summary>As messages show it.</summary>
    public override string ToString() =>
        ReadableText.Escape(Type.Length == 0 ? $"{Letter}" : $"{Letter}-{Type}", keepLines: false);

    private static EntityTag Read(string tag, int sequence, int place, string argument)
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
}
