using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Recurrent.Tests.Keras;

/// <summary>Makes files that are almost of a format: parts of archives, headers, operations and numbers change, then
/// bytes.</summary>
internal static partial class FileMutator
{
    private static readonly long[] Whole =
    [
        0, 1, 2, 3, 7, 8, 16, 127, 128, 255, 256, 1000, 4096, 65535, 65536, 1 << 20, int.MaxValue, 1L << 32, (1L << 40) + 1,
        long.MaxValue, -1, -2, long.MinValue, 1L << 31, (1L << 31) - 8,
    ];

    private static readonly byte[][] Tokens =
    [
        [.. "cos\nsystem\n"u8], [.. "c__builtin__\neval\n"u8], [.. "R"u8], [.. "("u8], [.. "t"u8],
        [.. "."u8], [0x81], [.. "b"u8], [.. "Q"u8],
        [.. "}"u8], [.. "]"u8], [.. "u"u8], [.. "h\0"u8], [.. "q\0"u8], [0x85], [0x94], [.. "0"u8], [.. "1"u8],
        [.. "ctorch._utils\n_rebuild_tensor_v2\n"u8], [.. "ccollections\nOrderedDict\n"u8], [.. "J"u8, 0xFF, 0xFF, 0xFF, 0x7F],
        [0x8A, 8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [.. "X"u8, 0xFF, 0xFF, 0xFF, 0xFF], [.. "null"u8], [.. "["u8],
        [.. "-1"u8], [.. "1e999"u8], [.. "\"../x\""u8], [0x89, .. "HDF\r\n\u001a\n"u8],
        [.. "PK\u0003\u0004"u8], [.. "PK\u0005\u0006"u8],
    ];

    private static readonly string[] Texts =
    [
        "0", "-1", "1", "2", "7", "1000000", "2147483647", "9223372036854775807", "1e300", "null", "true", "\"F64\"", "\"x\"",
        "[]", "{}",
    ];

    /// <summary>A file.</summary>
    /// <param name="seed">What it is made of.</param>
    /// <param name="random">Draws.</param>
    public static byte[] Next(byte[] seed, System.Random random)
    {
        byte[] file = seed;
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            file = random.Next(3) == 0 ? Bytes(file, random)
                : file.AsSpan().StartsWith("PK\u0003\u0004"u8) ? Archive(file, random)
                : file.Length > 9 && file[8] == (byte)'{' ? Headed(file, random)
                : file.Length > 0 && file[0] == (byte)'{' ? Encoding.UTF8.GetBytes(Json(Encoding.UTF8.GetString(file), random))
                : Numbers(file, random);
        }

        return file;
    }

    /// <summary>An archive of changed parts.</summary>
    private static byte[] Archive(byte[] file, System.Random random)
    {
        var parts = new List<(string Name, byte[] Content)>();
        try
        {
            using var archive = new ZipArchive(new MemoryStream(file), ZipArchiveMode.Read);
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                using Stream part = entry.Open();
                using var content = new MemoryStream();
                part.CopyTo(content);
                parts.Add((entry.FullName, content.ToArray()));
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or ArgumentException
            or NotSupportedException)
        {
            return Bytes(file, random);
        }

        if (parts.Count == 0)
        {
            return Bytes(file, random);
        }

        int place = random.Next(parts.Count);
        (string name, byte[] own) = parts[place];
        switch (random.Next(8))
        {
            case 0:
                parts.RemoveAt(place);
                break;
            case 1:
                parts.Add(parts[place]);
                break;
            case 2:
                parts[place] = (parts[random.Next(parts.Count)].Name, own);
                break;
            case 3:
                parts[place] = (name + "/x", own);
                break;
            default:
                parts[place] = (name,
                    name.EndsWith(".pkl", StringComparison.Ordinal) && random.Next(2) == 0 ? Pickled(own, random)
                    : own.Length > 0 ? Next(own, random) : own);
                break;
        }

        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string each, byte[] content) in parts)
            {
                using Stream part = archive.CreateEntry(each,
                    random.Next(12) == 0 ? CompressionLevel.Fastest : CompressionLevel.NoCompression).Open();
                part.Write(content);
            }
        }

        return stream.ToArray();
    }

    /// <summary>Safetensors with a changed header whose length is right, for the most part.</summary>
    private static byte[] Headed(byte[] file, System.Random random)
    {
        long length = BinaryPrimitives.ReadInt64LittleEndian(file);
        if (length < 0 || length > file.Length - 8)
        {
            return Bytes(file, random);
        }

        byte[] header = Encoding.UTF8.GetBytes(Json(Encoding.UTF8.GetString(file, 8, (int)length), random));
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, random.Next(10) == 0 ? Whole[random.Next(Whole.Length)] : header.Length);
        return [.. prefix, .. header, .. file[(8 + (int)length)..]];
    }

    /// <summary>A number or a text of a document becomes another one, or two change places.</summary>
    private static string Json(string text, System.Random random)
    {
        Match[] tokens = Token().Matches(text).ToArray();
        if (tokens.Length == 0)
        {
            return text + "1";
        }

        Match token = tokens[random.Next(tokens.Length)];
        string other = random.Next(2) == 0 ? Texts[random.Next(Texts.Length)] : tokens[random.Next(tokens.Length)].Value;
        return text[..token.Index] + other + text[(token.Index + token.Length)..];
    }

    /// <summary>Operations of a pickle in other places.</summary>
    private static byte[] Pickled(byte[] pickle, System.Random random)
    {
        if (pickle.Length < 4)
        {
            return pickle;
        }

        byte[] token = Tokens[random.Next(Tokens.Length)];
        int place = random.Next(2, pickle.Length);
        return random.Next(2) == 0 ? [.. pickle[..place], .. token, .. pickle[place..]]
            : [.. pickle[..place], .. token, .. pickle[Math.Min(pickle.Length, place + token.Length)..]];
    }

    /// <summary>Whole numbers of a binary file, where they are aligned.</summary>
    private static byte[] Numbers(byte[] file, System.Random random)
    {
        byte[] changed = [.. file];
        int width = 1 << random.Next(4);
        if (changed.Length < width)
        {
            return changed;
        }

        // Headers stand at the beginning, more often than numbers.
        int most = random.Next(2) == 0 ? changed.Length : Math.Min(changed.Length, 4096);
        int place = random.Next((most - width) / width + 1) * width;
        var bytes = new byte[8];
        long before = 0;
        changed.AsSpan(place, width).CopyTo(bytes);
        before = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes, random.Next(3) switch
        {
            0 => before + random.Next(-3, 4),
            1 => before << random.Next(1, 9),
            _ => Whole[random.Next(Whole.Length)],
        });
        bytes.AsSpan(0, width).CopyTo(changed.AsSpan(place));
        return changed;
    }

    private static byte[] Bytes(byte[] file, System.Random random)
    {
        if (file.Length == 0)
        {
            return Tokens[random.Next(Tokens.Length)];
        }

        int place = random.Next(file.Length);
        int end = Math.Min(file.Length, place + 1 + random.Next(random.Next(8) == 0 ? 4096 : 16));
        switch (random.Next(7))
        {
            case 0:
                return file[..place];
            case 1:
                return [.. file[..place], .. file[end..]];
            case 2:
                return [.. file[..end], .. file[place..]];
            case 3:
                return [.. file[..place], .. Tokens[random.Next(Tokens.Length)], .. file[place..]];
            case 4:
                return Numbers(file, random);
            default:
                byte[] changed = [.. file];
                for (int i = random.Next(1, 4); i > 0; i--)
                {
                    changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
                }

                return changed;
        }
    }

    [GeneratedRegex("-?[0-9]+(\\.[0-9]+)?|\"[^\"\\\\]{0,40}\"|true|false|null", RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
