using System.IO.Compression;
using System.Text;

namespace Recurrent.Data;

/// <summary>Reads files of text in the encodings that people's programs write.</summary>
internal static class TextFile
{
    private const long MostBytes = 1L << 30;
    private const int Windows1252 = 1252;
    private const int Looked = 4096;

    private static readonly (byte[] Start, string What)[] Others =
    [
        ([.. "PK\u0003\u0004"u8],
            "a spreadsheet (.xlsx, .ods) or another ZIP archive: save the sheet as CSV, or unpack the archive"),
        ([0xD0, 0xCF, 0x11, 0xE0], "a spreadsheet (.xls): save the sheet as CSV"),
        ([.. "PAR1"u8], "a Parquet file: read it with the package Recurrent.Parquet"),
        ([.. "SQLite format 3"u8], "a SQLite database: query it, and read the DbDataReader with TimeSeries.FromReader"),
        ([.. "%PDF"u8], "a PDF"),
    ];

    /// <summary>Reads a file.</summary>
    /// <exception cref="CsvException">It is no text, or none in the encoding.</exception>
    internal static string Read(string path, Encoding? encoding, string? called = null)
    {
        string name = called ?? Path.GetFileName(path);
        long length = new FileInfo(path).Length;
        if (length > MostBytes)
        {
            throw new CsvException(FormattableString.Invariant(
                $"{name} has {length} bytes, and is read whole: at most {MostBytes} can be. ")
                + "Cut it into parts, or put it into a database or a Parquet file, and read the rows and columns that are "
                + "needed.");
        }

        byte[] bytes = Unpacked(ReadBytes(path, name), name);
        foreach ((byte[] start, string what) in Others)
        {
            if (bytes.AsSpan().StartsWith(start))
            {
                throw new CsvException($"{name} is no text, but {what}.");
            }
        }

        string text = Decode(bytes, encoding, name);
        int zero = text.IndexOf('\0', StringComparison.Ordinal);
        return zero < 0 ? text : throw new CsvException(
            $"{name} is no text: it has bytes that are 0, the first in {PlaceOf(text, zero)}. If it is a spreadsheet (.xlsx, "
            + ".ods), save the sheet as CSV; if it is text in UTF-16 or UTF-32, say Encoding; else take them out.");
    }

    /// <summary>Where a character of a text stands, as editors show it: <c>line 16, character 12</c>.</summary>
    internal static string PlaceOf(string text, int place)
    {
        string before = text[..place].ReplaceLineEndings("\n");
        int start = before.LastIndexOf('\n') + 1;
        return FormattableString.Invariant(
            $"line {before.AsSpan().Count('\n') + 1}, character {before.Length - start + 1}");
    }

    private static byte[] ReadBytes(string path, string name)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CsvException($"{name} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The bytes of a file that gzip has packed (<c>.csv.gz</c>), as many as a file may have.</summary>
    private static byte[] Unpacked(byte[] bytes, string name)
    {
        if (bytes is not [0x1F, 0x8B, ..])
        {
            return bytes;
        }

        try
        {
            using var packed = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            using var plain = new MemoryStream();
            var part = new byte[1 << 16];
            for (int read = packed.Read(part); read > 0; read = packed.Read(part))
            {
                plain.Write(part, 0, read);
                if (plain.Length > MostBytes)
                {
                    throw new CsvException(FormattableString.Invariant(
                        $"{name} has more than {MostBytes} bytes when unpacked, and is read whole. Cut it into parts."));
                }
            }

            return plain.ToArray();
        }
        catch (InvalidDataException damaged)
        {
            throw new CsvException($"{name} is packed by gzip, and cannot be unpacked: {damaged.Message}", damaged);
        }
    }

    private static string Decode(byte[] bytes, Encoding? given, string name)
    {
        try
        {
            if (given is not null)
            {
                Encoding strict = Encoding.GetEncoding(given.CodePage, EncoderFallback.ExceptionFallback,
                    DecoderFallback.ExceptionFallback);
                return strict.GetString(bytes).TrimStart('\uFEFF');
            }

            (Encoding encoding, int mark) = Found(bytes);
            return encoding.GetString(bytes, mark, bytes.Length - mark);
        }
        catch (Exception error) when (error is DecoderFallbackException or ArgumentException or NotSupportedException)
        {
            throw new CsvException(
                $"{name} is not written in {given?.EncodingName ?? "an encoding that could be found"}: {error.Message} "
                + "Say the one it is written in with Encoding, or leave it out to have it found.", error);
        }
    }

    private static (Encoding Encoding, int Mark) Found(byte[] bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (new UTF8Encoding(false, throwOnInvalidBytes: false), 3),
        [0xFF, 0xFE, 0, 0, ..] => (new UTF32Encoding(false, false), 4),
        [0, 0, 0xFE, 0xFF, ..] => (new UTF32Encoding(true, false), 4),
        [0xFF, 0xFE, ..] => (new UnicodeEncoding(false, false), 2),
        [0xFE, 0xFF, ..] => (new UnicodeEncoding(true, false), 2),
        _ when ZeroShare(bytes, 1) > 0.5 && ZeroShare(bytes, 0) == 0 => (new UnicodeEncoding(false, false), 0),
        _ when ZeroShare(bytes, 0) > 0.5 && ZeroShare(bytes, 1) == 0 => (new UnicodeEncoding(true, false), 0),
        _ when System.Text.Unicode.Utf8.IsValid(bytes) => (Encoding.UTF8, 0),
        _ => (CodePagesEncodingProvider.Instance.GetEncoding(Windows1252) ?? Encoding.Latin1, 0),
    };

    /// <summary>How many of every second byte at the start are 0: in UTF-16, Latin letters and digits have one.</summary>
    private static double ZeroShare(byte[] bytes, int first)
    {
        int count = 0;
        int zeros = 0;
        for (int i = first; i < Math.Min(bytes.Length, Looked); i += 2)
        {
            count++;
            zeros += bytes[i] == 0 ? 1 : 0;
        }

        return count == 0 ? 0 : (double)zeros / count;
    }
}
