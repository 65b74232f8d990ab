using System.Globalization;

namespace Recurrent.Serialization;

/// <summary>The whole content of a stream, as far as limits allow.</summary>
internal static class BoundedContent
{
    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="limits">How long it may be.</param>
    /// <exception cref="ModelFormatException">It is longer.</exception>
    public static MemoryStream Read(Stream stream, ReadLimits limits)
    {
        long most = Math.Min(limits.MaxLength, Array.MaxLength);
        long known = stream.CanSeek ? stream.Length - stream.Position : 0;
        RequireLength(known, most);

        // One byte more than is known of, so that its end is found without more room.
        var content = new MemoryStream((int)Math.Min(known + 1, most));
        var piece = new byte[1 << 16];
        int read;
        while ((read = stream.Read(piece)) > 0)
        {
            RequireLength(content.Length + read, most);
            content.Write(piece, 0, read);
        }

        content.Position = 0;
        return content;
    }

    private static void RequireLength(long length, long most)
    {
        if (length > most)
        {
            throw new ModelFormatException(string.Create(CultureInfo.InvariantCulture,
                $"The file is longer than {most} bytes. If you trust it, raise {nameof(ReadLimits)}."
                + $"{nameof(ReadLimits.MaxLength)}."));
        }
    }
}
