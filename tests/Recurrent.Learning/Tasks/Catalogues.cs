using System.Buffers.Binary;
using System.Text;

namespace Recurrent.Learning.Tasks;

/// <summary>Texts and their translations, as gettext keeps them: binary catalogues (.mo), or folders of them.</summary>
internal static class Catalogues
{
    private const uint Magic = 0x950412DE;
    private const uint Turned = 0xDE120495;

    // Forms with gaps, plurals, and phrases with a context.
    private static readonly char[] Refused = ['\n', '\0', '\u0004', '%'];

    /// <summary>Short phrases and their translations, each text once, in a fixed order.</summary>
    internal static (string Source, string Target)[] Read(string path, int mostLetters)
    {
        string[] files = Directory.Exists(path) ? Directory.GetFiles(path, "*.mo", SearchOption.AllDirectories) : [path];
        var pairs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in files.Order(StringComparer.Ordinal))
        {
            foreach ((string source, string target) in ReadFile(file))
            {
                if (source.Length is > 1 && source.Length <= mostLetters
                    && target.Length is > 0 && target.Length <= 2 * mostLetters
                    && (source + target).IndexOfAny(Refused) < 0 && source.Any(char.IsLetter))
                {
                    pairs.TryAdd(WithoutKeys(source), WithoutKeys(target));
                }
            }
        }

        return [.. pairs.Select(pair => (pair.Key, pair.Value))];
    }

    /// <summary>Underlines stand before letters that are keys of a menu.</summary>
    private static string WithoutKeys(string text) => text.Replace("_", string.Empty, StringComparison.Ordinal);

    /// <summary>The entries of a catalogue, of either byte order, in the encoding that its header names.</summary>
    /// <exception cref="FormatException">It is none, or points beyond its end.</exception>
    private static (string Source, string Target)[] ReadFile(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        if (bytes.Length < 20 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) is not (Magic or Turned))
        {
            throw new FormatException($"'{file}' is no binary catalogue of gettext (.mo).");
        }

        bool isTurned = BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Turned;
        long count = Number(8);
        (long sources, long targets) = (Number(12), Number(16));
        if (Math.Max(sources, targets) + (8 * count) > bytes.Length)
        {
            throw Broken();
        }

        Encoding encoding = Encoding.UTF8;
        if (count > 0 && Bytes(sources).IsEmpty)
        {
            // The header is the translation of nothing, and comes first.
            string header = Encoding.Latin1.GetString(Bytes(targets));
            string charset = header.Split("charset=", 2) is [_, string rest] ? rest.Split('\n', 2)[0].Trim() : "utf-8";
            encoding = EncodingOf(charset, file);
        }

        var entries = new (string, string)[count];
        for (int i = 0; i < count; i++)
        {
            entries[i] = (encoding.GetString(Bytes(sources + (8 * i))), encoding.GetString(Bytes(targets + (8 * i))));
        }

        return entries;

        long Number(long place) => isTurned
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan((int)place))
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan((int)place));

        ReadOnlySpan<byte> Bytes(long place)
        {
            (long length, long start) = (Number(place), Number(place + 4));
            return start + length <= bytes.Length ? bytes.AsSpan((int)start, (int)length) : throw Broken();
        }

        // What a template leaves to be filled in says nothing.
        static Encoding EncodingOf(string charset, string file)
        {
            try
            {
                return charset is "" or "CHARSET" ? Encoding.UTF8
                    : CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
            }
            catch (ArgumentException)
            {
                throw new FormatException($"'{file}' says that its texts are encoded in '{charset}', which is not known.");
            }
        }

        FormatException Broken() => new($"'{file}' points beyond its end. It is cut off, or broken.");
    }
}
