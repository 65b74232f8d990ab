using System.Buffers.Binary;
using System.Text;

namespace Recurrent.Learning.Tasks;

/// <summary>Texts and their translations, as gettext keeps them: binary catalogues (.mo), or folders of them.</summary>
internal static class Catalogues
{
    private const uint Magic = 0x950412DE;

    // Forms with gaps, plurals, and phrases with a context.
    private static readonly char[] Refused = ['\n', '\0', '\u0004', '%'];

    /// <summary>Short phrases and their translations, each text once, in a fixed order.</summary>
    internal static (string Source, string Target)[] Read(string path, int mostLetters)
    {
        string[] files = Directory.Exists(path) ? Directory.GetFiles(path, "*.mo", SearchOption.AllDirectories) : [path];
        var pairs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in files.Order(StringComparer.Ordinal))
        {
            foreach ((string source, string target) in ReadFile(File.ReadAllBytes(file)))
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

    private static IEnumerable<(string Source, string Target)> ReadFile(byte[] bytes)
    {
        if (bytes.Length < 20 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
        {
            yield break;
        }

        int count = Number(8);
        (int sources, int targets) = (Number(12), Number(16));
        for (int i = 0; i < count; i++)
        {
            yield return (Text(sources + (8 * i)), Text(targets + (8 * i)));
        }

        int Number(int place) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(place));

        string Text(int place) => Encoding.UTF8.GetString(bytes, Number(place + 4), Number(place));
    }
}
