namespace Recurrent.Serialization;

/// <summary>Replaces a file as a whole or not at all, and opens one such that it can be replaced meanwhile.</summary>
internal static class AtomicFile
{
    private const int MostAttempts = 1000;

    /// <summary>Writes to a new file beside the target, brings it to the disk, and renames it over the target.</summary>
    /// <param name="path">The target; it stays as it is where anything fails.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="DirectoryNotFoundException">The folder of the target does not exist.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string target = Path.GetFullPath(path);
        string? folder = Path.GetDirectoryName(target);
        if (folder is not null && !Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"The folder '{folder}' does not exist. Create it before saving '{path}'.");
        }

        string temporary = string.Empty;
        try
        {
            using (FileStream stream = Create(target, out temporary))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            Remove(temporary);
            throw;
        }
    }

    /// <summary>Opens a file to be read, which somebody else may replace meanwhile.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static FileStream OpenRead(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16);

    private static FileStream Create(string target, out string temporary)
    {
        for (int attempt = 0; ; attempt++)
        {
            string candidate = FormattableString.Invariant($"{target}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}-{attempt}.tmp");
            try
            {
                var stream = new FileStream(candidate, FileMode.CreateNew, FileAccess.Write, FileShare.None);
                temporary = candidate;
                return stream;
            }
            catch (IOException) when (attempt < MostAttempts && File.Exists(candidate))
            {
                // A save was cut off with the process it ran in, or runs on another machine that shares the folder.
            }
        }
    }

    private static void Remove(string temporary)
    {
        try
        {
            if (temporary.Length > 0)
            {
                File.Delete(temporary);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What went wrong before is what the caller needs to hear of.
        }
    }
}
