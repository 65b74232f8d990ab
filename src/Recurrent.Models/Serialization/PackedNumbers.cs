using System.Buffers.Binary;
using Recurrent.Registration;

namespace Recurrent.Serialization;

/// <summary>Numbers and whole documents as values of a <see cref="Config"/>, in texts short enough for every reader.</summary>
internal static class PackedNumbers
{
    // Below this a plain list is short and readable.
    private const int Few = 8;
    private const int Width = sizeof(double);

    /// <summary>Numbers in one text.</summary>
    private const int Piece = 12_000;
    private const int PieceOfText = 100_000;

    /// <summary>Numbers as a value: a list of a few, texts of base64 for many.</summary>
    public static object Write(ReadOnlySpan<double> numbers)
    {
        if (numbers.Length <= Few && !AnyMissing(numbers))
        {
            return numbers.ToArray();
        }

        return WriteBits(numbers);
    }

    /// <summary>Numbers as texts of base64, however few, also those that are not finite.</summary>
    public static string[] WriteBits(ReadOnlySpan<double> numbers)
    {
        var texts = new List<string>();
        for (int start = 0; start < numbers.Length; start += Piece)
        {
            ReadOnlySpan<double> piece = numbers.Slice(start, Math.Min(Piece, numbers.Length - start));
            var bytes = new byte[piece.Length * Width];
            for (int i = 0; i < piece.Length; i++)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * Width), piece[i]);
            }

            texts.Add(Convert.ToBase64String(bytes));
        }

        return [.. texts];
    }

    /// <summary>Numbers that <see cref="WriteBits"/> has written.</summary>
    /// <exception cref="ConfigException">They are missing or broken.</exception>
    public static double[] ReadBits(ConfigReader reader, string key) =>
        reader.Raw(key) is IReadOnlyList<object?> list && list.All(item => item is string)
            ? [.. list.SelectMany(item => Unpack(reader, key, (string)item!))]
            : throw Wrong(reader, key, "must be a list of texts of base64");

    /// <summary>Whether there is a NaN, which a list of JSON cannot hold.</summary>
    private static bool AnyMissing(ReadOnlySpan<double> numbers)
    {
        foreach (double number in numbers)
        {
            if (double.IsNaN(number))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Numbers that <see cref="Write"/> has written.</summary>
    /// <param name="reader">The config.</param>
    /// <param name="key">The key.</param>
    /// <param name="allowMissing">Whether NaN, for a missing value, may be among them.</param>
    /// <exception cref="ConfigException">They are missing, broken or not finite.</exception>
    public static double[] Read(ConfigReader reader, string key, bool allowMissing = false)
    {
        object? raw = reader.Raw(key);
        double[] numbers = raw switch
        {
            IReadOnlyList<object?> list when list.All(item => item is double or long) =>
                [.. list.Select(item => item is long whole ? whole : (double)item!)],
            IReadOnlyList<object?> list when list.All(item => item is string) =>
                [.. list.SelectMany(item => Unpack(reader, key, (string)item!))],
            _ => throw Wrong(reader, key, "must be a list of numbers, or of texts of base64"),
        };
        int bad = Array.FindIndex(numbers, number => !double.IsFinite(number) && !(allowMissing && double.IsNaN(number)));
        return bad < 0 ? numbers : throw Wrong(reader, key, FormattableString.Invariant($"holds {numbers[bad]} at place {bad}"));
    }

    /// <summary>A document as a value.</summary>
    public static object WriteText(string document) =>
        document.Chunk(PieceOfText).Select(piece => new string(piece)).ToArray();

    /// <summary>A document that <see cref="WriteText"/> has written.</summary>
    /// <exception cref="ConfigException">It is missing, or no text.</exception>
    public static string ReadText(ConfigReader reader, string key) =>
        reader.Raw(key) is IReadOnlyList<object?> list && list.All(item => item is string)
            ? string.Concat(list.Cast<string>())
            : throw Wrong(reader, key, "must be a list of texts");

    private static double[] Unpack(ConfigReader reader, string key, string text)
    {
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out int count) || count % Width != 0)
        {
            throw Wrong(reader, key, "holds broken base64");
        }

        var numbers = new double[count / Width];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(i * Width));
        }

        return numbers;
    }

    private static ConfigException Wrong(ConfigReader reader, string key, string problem) =>
        new($"{reader.Owner}: {key} {problem}.") { Option = key };
}
