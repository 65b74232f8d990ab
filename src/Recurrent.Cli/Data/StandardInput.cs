namespace Recurrent.Cli.Data;

/// <summary>Data that come through a pipe: <c>-</c>, <c>/dev/stdin</c> or another path that is no file on a disk.</summary>
internal static class StandardInput
{
    /// <summary>What messages call it.</summary>
    internal const string Name = "standard input";

    /// <summary>Whether a path is that of a pipe, which can be read once.</summary>
    internal static bool Is(string path) => path == "-" || IsStream(path);

    /// <summary>Whether a path is that of a stream that is open or of a device: something that is there, but no regular
    /// file.</summary>
    internal static bool IsStream(string path)
    {
        if (path.Length == 0 || !File.Exists(path))
        {
            return false;
        }

        string full = Path.GetFullPath(path);
        string real = Real(full);
        return IsDescriptor(full) || IsDescriptor(real)
            || (Begins(real, "/dev/") && !Begins(real, "/dev/shm/") && new FileInfo(real) is not { Exists: true, Length: > 0 });
    }

    /// <summary>The file itself, where a path is a link to it.</summary>
    internal static string Real(string path)
    {
        string full = Path.GetFullPath(path);
        return File.Exists(full) && File.ResolveLinkTarget(full, returnFinalTarget: true) is { } target ? target.FullName : full;
    }

    /// <summary>Reads all that comes into a file that is gone when it is closed.</summary>
    internal static FileStream Spool(string path)
    {
        var file = new FileStream(Path.Combine(Path.GetTempPath(), $"recurrent-{Path.GetRandomFileName()}.csv"),
            FileMode.CreateNew,
            FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            using Stream input = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
            input.CopyTo(file);
            file.Flush();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static bool Begins(string path, string start) => path.StartsWith(start, StringComparison.Ordinal);

    private static bool IsDescriptor(string path) => path is "/dev/stdin" or "/dev/stdout" or "/dev/stderr"
        || Begins(path, "/dev/fd/") || (Begins(path, "/proc/") && path.Contains("/fd/", StringComparison.Ordinal));
}
