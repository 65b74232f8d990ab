using System.Text;
using System.Text.Json;
using Recurrent.Serialization;

namespace Recurrent.Tokenizers;

/// <summary>Reads the files that tokenizers come with, and trusts none of them.</summary>
internal static class TokenizerFile
{
    private const int MostTokens = 1 << 24;

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="ModelFormatException">It is larger than is allowed.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[] ReadBytes(string path, ReadLimits? limits)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        long most = Math.Min((limits ?? ReadLimits.Default).MaxLength, Array.MaxLength);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        using var content = new MemoryStream();
        var block = new byte[1 << 16];
        for (int count; (count = stream.Read(block)) > 0;)
        {
            if (content.Length + count > most)
            {
                throw new ModelFormatException(Path.GetFileName(path), FormattableString.Invariant(
                    $"the file is longer than {most} bytes. If you trust it, raise {nameof(ReadLimits)}.MaxLength."));
            }

            content.Write(block, 0, count);
        }

        return content.ToArray();
    }

    /// <summary>The lines of a file in UTF-8.</summary>
    /// <exception cref="ModelFormatException">It is something else.</exception>
    public static string[] ReadLines(string path, ReadLimits? limits)
    {
        byte[] bytes = ReadBytes(path, limits);
        int mark = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, mark, bytes.Length - mark);
        }
        catch (DecoderFallbackException exception)
        {
            throw new ModelFormatException(Path.GetFileName(path), "this is not UTF-8 text.", exception);
        }

        string[] lines = text.Split('\n');
        int count = lines.Length > 0 && lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        return [.. lines.Take(count).Select(line => line.TrimEnd('\r'))];
    }

    /// <summary>Tokens by their ids, of a JSON object whose keys are tokens.</summary>
    /// <exception cref="ModelFormatException">It is none, or ids are missing.</exception>
    public static IReadOnlyList<string> ReadIds(string path, ReadLimits? limits)
    {
        string name = Path.GetFileName(path);
        try
        {
            using JsonDocument document = JsonDocument.Parse(ReadBytes(path, limits));
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new ModelFormatException(name, "a vocabulary is an object whose keys are tokens and whose values are ids.");
            }

            var found = new SortedDictionary<int, string>();
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.Value.ValueKind != JsonValueKind.Number || !property.Value.TryGetInt32(out int id)
                    || id is < 0 or >= MostTokens || !found.TryAdd(id, property.Name))
                {
                    throw new ModelFormatException(
                        name, $"the token '{UnicodeTokens.Show(property.Name)}' has no id of its own from 0 on.");
                }
            }

            int missing = found.Keys.Where((id, i) => id != i).FirstOrDefault(-1);
            return missing < 0 ? [.. found.Values] : throw new ModelFormatException(
                name,
                FormattableString.Invariant($"ids must follow one another from 0 on, but one is missing before {missing}."));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new ModelFormatException(name, exception.Message, exception);
        }
    }

    /// <summary>Pairs of tokens, one a line.</summary>
    /// <exception cref="ModelFormatException">A line is something else.</exception>
    public static (string First, string Second)[] ReadPairs(string path, ReadLimits? limits) =>
    [
        .. ReadLines(path, limits).Select((line, i) => (line, i))
            .Where(each => each.line.Length > 0 && !each.line.StartsWith("#version", StringComparison.Ordinal))
            .Select(each => each.line.Split(' ') is [{ Length: > 0 } first, { Length: > 0 } second] ? (first, second)
                : throw new ModelFormatException(Path.GetFileName(path), FormattableString.Invariant(
                    $"line {each.i + 1} must be two tokens with a space between them."))),
    ];

    /// <summary>Makes a tokenizer of what files held.</summary>
    /// <exception cref="ModelFormatException">They do not go together; the message says what is wrong.</exception>
    public static T Make<T>(string path, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (Exception exception) when (exception is ArgumentException or ModelFormatException)
        {
            throw new ModelFormatException(Path.GetFileName(path), exception.Message, exception);
        }
    }
}
