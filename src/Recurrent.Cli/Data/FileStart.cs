namespace Recurrent.Cli.Data;

/// <summary>What a file is, by its first bytes.</summary>
internal static class FileStart
{
    /// <summary>Whether a file is there and begins with some bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">The bytes.</param>
    internal static bool Is(string path, ReadOnlySpan<byte> bytes)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        Span<byte> start = stackalloc byte[bytes.Length];
        using FileStream stream = File.OpenRead(path);
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(bytes);
    }
}
