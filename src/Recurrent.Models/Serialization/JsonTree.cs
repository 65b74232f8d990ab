using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Newtonsoft.Json;
using Recurrent.Registration;

namespace Recurrent.Serialization;

/// <summary>
/// Reads JSON into plain values: null, bool, long, double, string, a list, an object (a dictionary in the order of the document),
/// and the numbers of arrays. Whatever goes beyond its limits is refused as it is met.
/// </summary>
internal sealed partial class JsonTree
{
    /// <summary>Most levels of nesting; a layer in a layer takes two.</summary>
    public const int MaxDepth = 128;

    private const int MaxKeys = 1000;
    private const int MaxKeyLength = 256;
    private const int MaxValues = 1 << 20;

    /// <summary>The key under which the numbers of an array stand.</summary>
    private const string DataKey = "data";

    private readonly StrictJson text;
    private readonly JsonTextReader reader;
    private readonly int maxKeys;
    private int values;

    private JsonTree(StrictJson text, JsonTextReader reader, int maxKeys)
    {
        this.text = text;
        this.reader = reader;
        this.maxKeys = maxKeys;
    }

    /// <summary>Reads a whole text.</summary>
    /// <exception cref="ModelFormatException">It is not JSON, or more of it than is allowed.</exception>
    public static JsonNode Read(string text, ReadLimits limits)
    {
        if (text.Length > limits.MaxLength)
        {
            throw new ModelFormatException(string.Create(CultureInfo.InvariantCulture,
                $"The text has {text.Length} characters, and {limits.MaxLength} are allowed. If you trust it, raise "
                + $"{nameof(ReadLimits)}.{nameof(ReadLimits.MaxLength)}."));
        }

        try
        {
            using var stream = new MemoryStream(Utf8.GetBytes(text), writable: false);
            return Read(stream, long.MaxValue, MaxKeys);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ModelFormatException("The text holds half of a surrogate pair, and so no JSON.", exception);
        }
    }

    /// <summary>Reads a whole stream of UTF-8, with or without a byte order mark.</summary>
    /// <exception cref="ModelFormatException">It is not JSON, or more of it than is allowed.</exception>
    public static JsonNode Read(Stream stream, ReadLimits limits) => Read(stream, limits.MaxLength, MaxKeys);

    /// <summary>The same, for a document whose objects may have as many keys as it is told.</summary>
    /// <exception cref="ModelFormatException">It is not JSON, or more of it than is allowed.</exception>
    public static JsonNode Read(Stream stream, ReadLimits limits, int maxKeys) => Read(stream, limits.MaxLength, maxKeys);

    private static UTF8Encoding Utf8 => new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static JsonNode Read(Stream stream, long maxLength, int maxKeys)
    {
        using var strict = new StrictJson(stream, maxLength);
        using var source = new StreamReader(strict, Utf8, detectEncodingFromByteOrderMarks: false);
        using var reader = new JsonTextReader(source)
        {
            CloseInput = false,
            Culture = CultureInfo.InvariantCulture,
            DateParseHandling = DateParseHandling.None,
            FloatParseHandling = FloatParseHandling.Double,
            MaxDepth = MaxDepth + 1,
        };
        var tree = new JsonTree(strict, reader, maxKeys);
        try
        {
            tree.Advance();
            object? root = tree.Value(string.Empty);
            return !reader.Read() && strict.Problem is null
                ? new(string.Empty, root)
                : throw new ModelFormatException(string.Empty, strict.Problem ?? "there is more after the end of the document.");
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException(reader.Path, strict.Problem ?? exception.Message, exception);
        }
        catch (DecoderFallbackException exception)
        {
            throw new ModelFormatException(reader.Path, "this is not UTF-8 text.", exception);
        }
    }

    private object? Value(string key)
    {
        if (++values > MaxValues)
        {
            throw Wrong("the document has too many values");
        }

        return reader.TokenType switch
        {
            JsonToken.Null => null,
            JsonToken.Boolean => (bool)reader.Value!,
            JsonToken.Integer when reader.Value is long integer => integer,
            JsonToken.Integer => throw Wrong("the number is too large"),
            JsonToken.Float => Finite(reader.Value),
            JsonToken.String => Readable((string)reader.Value!),
            JsonToken.Undefined => text.TakeNumbers(),
            JsonToken.StartArray when key == DataKey && IsPlaceOfNumbers().IsMatch(reader.Path) => Numbers(),
            JsonToken.StartArray => List(),
            JsonToken.StartObject => Object(),
            _ => throw Wrong("this is not JSON"),
        };
    }

    private Dictionary<string, object?> Object()
    {
        var entries = new Dictionary<string, object?>(StringComparer.Ordinal);
        while (Advance() != JsonToken.EndObject)
        {
            if (reader.TokenType != JsonToken.PropertyName)
            {
                throw Wrong("this is not JSON");
            }

            string key = Readable((string)reader.Value!);
            if (key.Length > MaxKeyLength || entries.Count == maxKeys)
            {
                throw Wrong(key.Length > MaxKeyLength ? "the key is too long" : "the object has too many keys");
            }

            if (entries.ContainsKey(key))
            {
                throw Wrong($"the key '{key}' appears twice");
            }

            Advance();
            entries.Add(key, Value(key));
        }

        return entries;
    }

    private List<object?> List()
    {
        var items = new List<object?>();
        while (Advance() != JsonToken.EndArray)
        {
            items.Add(Value(string.Empty));
        }

        return items;
    }

    private ArrayBytes Numbers()
    {
        var numbers = new ArrayBytes { ArePlain = true };
        while (Advance() != JsonToken.EndArray)
        {
            numbers.Append((Real)(reader.TokenType is JsonToken.Integer or JsonToken.Float
                ? Finite(reader.Value)
                : throw Wrong("a list of numbers holds something else")));
        }

        return numbers;
    }

    /// <summary>
    /// A text or a key, which comes to be shown: on a terminal, control characters are commands. The tokens of a vocabulary are
    /// what texts hold, which are such characters, too.
    /// </summary>
    private string Readable(string value) => value.Length > StrictJson.MostLetters
        ? throw Wrong("the text is too long")
        : ReadableText.FirstUnsafe(value) is { } found && !IsToken(reader.Path)
        ? throw Wrong($"the text holds the character {found}, which is not one to be read")
        : value;

    private double Finite(object? number) => number switch
    {
        long integer => integer,
        double value when double.IsFinite(value) => value,
        _ => throw Wrong("the number is not finite, or too large"),
    };

    private JsonToken Advance() => reader.Read() ? reader.TokenType
        : throw new ModelFormatException(reader.Path, text.Problem ?? "the document ends too early.");

    private ModelFormatException Wrong(string problem) => new(
        reader.Path, FormattableString.Invariant($"{problem} (line {reader.LineNumber}, position {reader.LinePosition})."));

    /// <summary>Whether a value is one of the tokens of a vocabulary.</summary>
    /// <param name="path">Its path in the document.</param>
    internal static bool IsToken(string path) => IsPlaceOfTokens().IsMatch(path);

    [GeneratedRegex(@"(^|\.)vocabulary\[[0-9]+\]$", RegexOptions.CultureInvariant)]
    private static partial Regex IsPlaceOfTokens();

    /// <summary>Where <see cref="StrictJson"/> takes numbers out of texts, too.</summary>
    [GeneratedRegex(@"^(weights|states|training\.slots)\[[0-9]+\]\.data$", RegexOptions.CultureInvariant)]
    private static partial Regex IsPlaceOfNumbers();
}
