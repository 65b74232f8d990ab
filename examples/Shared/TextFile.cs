using System.Globalization;
using System.Text;

namespace Recurrent.Examples;

/// <summary>Text files that users give: what is no text is refused, and not read as question marks.</summary>
internal static class TextFile
{
    /// <summary>A file in UTF-8, or in UTF-16 with its mark in front.</summary>
    /// <exception cref="UsageException">It is neither; the message names the byte.</exception>
    internal static string ReadAll(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.AsSpan().StartsWith(Encoding.Unicode.Preamble) || bytes.AsSpan().StartsWith(Encoding.BigEndianUnicode.Preamble))
        {
            using var reader = new StreamReader(new MemoryStream(bytes));
            return reader.ReadToEnd();
        }

        int wrong = FirstWrong(bytes);
        if (wrong >= 0)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"'{path}' is no text in UTF-8: byte {wrong} is "
                + $"{bytes[wrong]}. Give a text file; one in another encoding is converted by iconv -t UTF-8."));
        }

        int mark = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        return Encoding.UTF8.GetString(bytes, mark, bytes.Length - mark);
    }

    /// <summary>The lines of a file.</summary>
    /// <exception cref="UsageException">It is no text.</exception>
    internal static IEnumerable<string> ReadLines(string path)
    {
        using var reader = new StringReader(ReadAll(path));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    /// <summary>Where bytes are no UTF-8, or hold the byte 0, which no text does; −1 where they are text.</summary>
    private static int FirstWrong(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length;)
        {
            if (bytes[i] == 0 || Rune.DecodeFromUtf8(bytes[i..], out _, out int length) != System.Buffers.OperationStatus.Done)
            {
                return i;
            }

            i += length;
        }

        return -1;
    }
}
