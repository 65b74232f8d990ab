using System.Globalization;
using System.Text;
using Newtonsoft.Json;

namespace Recurrent.Serialization;

/// <summary>
/// Reads JSON into plain values: null, bool, long, double, string, a list, an object (a dictionary in the order of the document),
/// and an array of double for the numbers under <c>data</c>. Whatever goes beyond its limits is refused as it is met.
/// </summary>
internal sealed class JsonTree
{
    private const int MaxDepth = 64;
    private const int MaxKeys = 1000;
    private const int MaxKeyLength = 256;
    private const int MaxTextLength = 4096;
    private const int MaxValues = 1 << 20;

    /// <summary>The key under which weights stand: only there may texts and lists be long.</summary>
    private const string DataKey = "data";

    private readonly JsonTextReader reader;
    private int values;

    private JsonTree(JsonTextReader reader) => this.reader = reader;

    /// <summary>Reads a whole text.</summary>
    /// <exception cref="ModelFormatException">It is not JSON, or more of it than is allowed.</exception>
    public static JsonNode Read(string text, ReadLimits limits)
    {
        if (text.Length > limits.MaxLength)
        {
            throw new ModelFormatException(FormattableString.Invariant(
                $"The text has {text.Length} characters, and {limits.MaxLength} are allowed. If you trust it, raise {nameof(ReadLimits)}.{nameof(ReadLimits.MaxLength)}."));
        }

        LimitedStream.RefuseNull(text.Contains('\0', StringComparison.Ordinal));
        using var source = new StringReader(text.StartsWith('\uFEFF') ? text[1..] : text);
        return Read(source);
    }

    /// <summary>Reads a whole stream of UTF-8, with or without a byte order mark.</summary>
    /// <exception cref="ModelFormatException">It is not JSON, or more of it than is allowed.</exception>
    public static JsonNode Read(Stream stream, ReadLimits limits)
    {
        using var limited = new LimitedStream(stream, limits.MaxLength);
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);
        using var source = new StreamReader(limited, utf8, detectEncodingFromByteOrderMarks: false);
        try
        {
            return Read(source);
        }
        catch (DecoderFallbackException exception)
        {
            throw new ModelFormatException("The document is not UTF-8 text.", exception);
        }
    }

    private static JsonNode Read(TextReader source)
    {
        using var reader = new JsonTextReader(source)
        {
            CloseInput = false,
            Culture = CultureInfo.InvariantCulture,
            DateParseHandling = DateParseHandling.None,
            FloatParseHandling = FloatParseHandling.Double,
            MaxDepth = MaxDepth,
        };
        var tree = new JsonTree(reader);
        try
        {
            tree.Advance();
            object? root = tree.Value(string.Empty);
            return !reader.Read() ? new(string.Empty, root) : throw tree.Wrong("there is more after the end of the document");
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException(reader.Path, exception.Message, exception);
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
            JsonToken.String => Text(key),
            JsonToken.StartArray when key == DataKey => Numbers(),
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
            if (reader.TokenType != JsonToken.PropertyName || reader.QuoteChar != '"')
            {
                throw Wrong("this is not JSON");
            }

            string key = (string)reader.Value!;
            if (key.Length > MaxKeyLength || entries.Count == MaxKeys)
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

    private double[] Numbers()
    {
        var numbers = new List<double>();
        while (Advance() != JsonToken.EndArray)
        {
            numbers.Add(reader.TokenType is JsonToken.Integer or JsonToken.Float
                ? Finite(reader.Value)
                : throw Wrong("a list of numbers holds something else"));
        }

        return [.. numbers];
    }

    private string Text(string key)
    {
        string text = (string)reader.Value!;
        return reader.QuoteChar != '"' ? throw Wrong("this is not JSON")
            : text.Length > MaxTextLength && key != DataKey ? throw Wrong("the text is too long")
            : text;
    }

    private double Finite(object? number) => number switch
    {
        long integer => integer,
        double value when double.IsFinite(value) => value,
        _ => throw Wrong("the number is not finite, or too large"),
    };

    private JsonToken Advance() => reader.Read() ? reader.TokenType : throw Wrong("the document ends too early");

    private ModelFormatException Wrong(string problem) => new(
        reader.Path, FormattableString.Invariant($"{problem} (line {reader.LineNumber}, position {reader.LinePosition})."));
}
