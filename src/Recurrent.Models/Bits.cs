using System.Buffers.Binary;
using Recurrent.Registration;

namespace Recurrent.Models;

/// <summary>Numbers as texts that keep every bit, also of those that are not finite.</summary>
internal static class Bits
{
    private const int Piece = 12_000;

    /// <summary>Numbers as texts of base64.</summary>
    public static string[] Write(IEnumerable<double> numbers) => [.. numbers.Chunk(Piece).Select(piece =>
    {
        var bytes = new byte[piece.Length * sizeof(double)];
        for (int i = 0; i < piece.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), piece[i]);
        }

        return Convert.ToBase64String(bytes);
    })];

    /// <summary>Numbers that <see cref="Write"/> has written.</summary>
    /// <exception cref="ConfigException">They are missing or broken.</exception>
    public static double[] Read(ConfigReader reader, string key)
    {
        var numbers = new List<double>();
        foreach (object? item in reader.Raw(key) as IReadOnlyList<object?> ?? throw Broken(reader, key))
        {
            byte[] bytes = item is string text ? new byte[text.Length] : throw Broken(reader, key);
            if (!Convert.TryFromBase64String(text, bytes, out int count) || count % sizeof(double) != 0)
            {
                throw Broken(reader, key);
            }

            for (int i = 0; i < count; i += sizeof(double))
            {
                numbers.Add(BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(i)));
            }
        }

        return [.. numbers];
    }

    private static ConfigException Broken(ConfigReader reader, string key) =>
        new($"{reader.Owner}: {key} must be texts of base64.") { Option = key };
}
