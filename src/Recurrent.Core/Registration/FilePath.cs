using System.Formats.Tar;
using System.Text;

namespace Recurrent.Registration;

/// <summary>Says of paths what is wrong with them, where the platform's messages do not.</summary>
internal static class FilePath
{
    /// <summary>Requires that a path is not that of a folder.</summary>
    /// <param name="path">The path, as it was given.</param>
    /// <exception cref="IOException">It is.</exception>
    public static void RequireNoFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path) || Path.EndsInDirectorySeparator(path))
        {
            throw new IOException($"'{path}' is a folder. Give the name of a file in it.");
        }
    }

    /// <summary>
    /// Requires that a file can be made at a path: it is not that of a folder, and the folder around it is there.
    /// </summary>
    /// <param name="path">The path, as it was given.</param>
    /// <exception cref="IOException">It is that of a folder.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder of the file does not exist.</exception>
    public static void RequireWritable(string path)
    {
        RequireNoFolder(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? string.Empty;
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"The folder '{folder}' does not exist. Create it before saving '{path}'.");
        }
    }

    /// <summary>Writes a text in UTF-8; a file that is there is replaced as a whole, or stays as it is if anything
    /// fails.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="IOException">The path is that of a folder, or the file cannot be written.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder of the file does not exist.</exception>
    public static void Write(string path, string text)
    {
        RequireNoFolder(path);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Whether a path is that of a stream that is open or of a device: something that is there, but no regular
    /// file.</summary>
    public static bool IsStream(string path)
    {
        if (path.Length == 0 || !File.Exists(path))
        {
            return false;
        }

        string full = Path.GetFullPath(path);
        string real = Real(full);
        return IsDescriptor(full) || IsDescriptor(real)
            || (Begins(real, "/dev/") && !Begins(real, "/dev/shm/") && new FileInfo(real) is not { Exists: true, Length: > 0 })
            || IsPipe(real);
    }

    /// <summary>The file itself, where a path is a link to it.</summary>
    public static string Real(string path)
    {
        string full = Path.GetFullPath(path);
        return File.Exists(full) && File.ResolveLinkTarget(full, returnFinalTarget: true) is { } target ? target.FullName : full;
    }

    /// <summary>Whether a file is a pipe with a name (mkfifo), which must not be opened to find that out: whoever is at its other
    /// end would take the opening for the reading.</summary>
    /// <remarks>
    /// .NET 10 does not tell: attributes and modes of such a file are those of a regular one. Its writer of archives, however,
    /// asks the system for the kind of a file without opening it, and writes no content of a pipe. A later .NET that tells the
    /// type of a path should take its place.
    /// </remarks>
    private static bool IsPipe(string path)
    {
        if (OperatingSystem.IsWindows() || new FileInfo(path) is not { Exists: true, Length: 0 })
        {
            return false;
        }

        try
        {
            using var archive = new MemoryStream();
            using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
            {
                writer.WriteEntry(path, "file");
            }

            archive.Position = 0;
            using var reader = new TarReader(archive);
            return reader.GetNextEntry()?.EntryType == TarEntryType.Fifo;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool Begins(string path, string start) => path.StartsWith(start, StringComparison.Ordinal);

    private static bool IsDescriptor(string path) => path is "/dev/stdin" or "/dev/stdout" or "/dev/stderr"
        || Begins(path, "/dev/fd/") || (Begins(path, "/proc/") && path.Contains("/fd/", StringComparison.Ordinal));
}
