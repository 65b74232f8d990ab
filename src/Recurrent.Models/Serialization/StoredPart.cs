using System.IO.Compression;

namespace Recurrent.Serialization;

/// <summary>Parts of zip archives that are not compressed, where they stand in the file.</summary>
internal static class StoredPart
{
    private const int Few = 64;

    /// <summary>The bytes of a part in the file itself; null where it is compressed.</summary>
    /// <param name="entry">The part.</param>
    /// <param name="file">What the archive reads from.</param>
    public static ByteSource? Find(ZipArchiveEntry entry, BytesStream file)
    {
        if (entry.Length != entry.CompressedLength || entry.Length == 0)
        {
            return null;
        }

        // The archive does not say where a part begins, but reads it there.
        Span<byte> first = stackalloc byte[(int)Math.Min(entry.Length, Few)];
        using Stream part = entry.Open();
        if (part.ReadAtLeast(first, first.Length, throwOnEndOfStream: false) < first.Length)
        {
            return null;
        }

        // Compressed parts may be as long as what is in them; then the archive has read further than the part begins.
        if (file.Position - first.Length > file.Source.Length - entry.Length)
        {
            return null;
        }

        ByteSource bytes = file.Source.Part(file.Position - first.Length, entry.Length);
        Span<byte> there = stackalloc byte[first.Length];
        bytes.Read(0, there);
        return first.SequenceEqual(there) ? bytes : null;
    }
}
