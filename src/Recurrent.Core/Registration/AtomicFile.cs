using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Recurrent.Registration;

/// <summary>Replaces a file as a whole or not at all, and opens one such that it can be replaced meanwhile.</summary>
/// <remarks>
/// A save that was ended leaves its temporary file, and the next save in the folder removes it. It is one that nobody has locked,
/// as whoever writes does, and whose process is no more, or, since numbers of processes come again, which has not changed for a
/// minute. Temporary names never come again; should another machine that shares the folder take a file for a leftover all the
/// same, the moment before it is renamed, it is written again.
/// </remarks>
internal static partial class AtomicFile
{
    private const string Suffix = ".tmp";
    private const int MostAttempts = 3;

    /// <summary>How long a file of a living process must have stood still before it is taken for what an earlier one
    /// left.</summary>
    private static readonly TimeSpan Still = TimeSpan.FromMinutes(1);

    /// <summary>Writes to a new file beside the target, brings it to the disk, and renames it over the target.</summary>
    /// <remarks>
    /// A link is followed: what it leads to is replaced, and the link stays. A file that is replaced hands on its mode bits. A
    /// device or a pipe is written into.
    /// </remarks>
    /// <param name="path">The target; it stays as it is where anything fails.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="DirectoryNotFoundException">The folder of the target does not exist.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        if (path.Length > 0 && FilePath.IsStream(path))
        {
            // A device or a pipe cannot be replaced: it takes what comes.
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Write);
            write(stream);
            return;
        }

        string target = Target(path);
        string? folder = Path.GetDirectoryName(target);
        FilePath.RequireNoFolder(path);
        if (folder is null || Directory.Exists(target))
        {
            throw new IOException($"'{path}' is a folder. Give the name of a file in it.");
        }

        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"The folder '{folder}' does not exist. Create it before saving '{path}'.");
        }

        RemoveLeftovers(folder, Path.GetFileName(target));
        for (int attempt = 1; !TryWrite(folder, target, write, attempt == MostAttempts); attempt++)
        {
        }

        FolderFlush.Run(folder);
    }

    /// <summary>Opens a file to be read, which somebody else may replace meanwhile.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static FileStream OpenRead(string path)
    {
        FilePath.RequireNoFolder(path);
        return new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16);
    }

    /// <summary>The file itself where the path leads over links, whether it exists already or not.</summary>
    private static string Target(string path)
    {
        string full = Path.GetFullPath(path);
        return new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
    }

    /// <returns>False where the temporary file has vanished, and this is not the last attempt.</returns>
    private static bool TryWrite(string folder, string target, Action<Stream> write, bool last)
    {
        string random = Path.GetFileNameWithoutExtension(Path.GetRandomFileName());
        string more = Path.GetFileNameWithoutExtension(Path.GetRandomFileName());
        string temporary =
            Path.Combine(folder, FormattableString.Invariant($".recurrent-{Environment.ProcessId}-{random}{more}{Suffix}"));
        try
        {
            using (FileStream stream = Create(temporary, target))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
            return true;
        }
        catch (FileNotFoundException) when (!last && !File.Exists(temporary))
        {
            return false;
        }
        catch (ArgumentOutOfRangeException exception) when (exception.ParamName == "value")
        {
            // What the platform says of a file that is larger than the system or a quota allows.
            Remove(temporary);
            throw new IOException($"'{target}' would be larger than a file may be here: {exception.Message}", exception);
        }
        catch (IOException exception) when (exception.Message.Contains(temporary, StringComparison.Ordinal)
            && exception is not (FileNotFoundException or DirectoryNotFoundException))
        {
            // The name of the temporary file says nothing to the caller.
            Remove(temporary);
            throw new IOException(exception.Message.Replace(temporary, target, StringComparison.Ordinal), exception)
            {
                HResult = exception.HResult,
            };
        }
        catch
        {
            Remove(temporary);
            throw;
        }
    }

    private static FileStream Create(string temporary, string target)
    {
        // On Unix it is this that locks the file.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (OperatingSystem.IsWindows() || !File.Exists(target))
        {
            return new FileStream(temporary, options);
        }

        UnixFileMode mode = File.GetUnixFileMode(target);
        options.UnixCreateMode = mode & (UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var stream = new FileStream(temporary, options);
        try
        {
            File.SetUnixFileMode(stream.SafeFileHandle, mode);
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Removes what saves have left that were ended before they were done, by this version or an earlier one.</summary>
    private static void RemoveLeftovers(string folder, string fileName)
    {
        try
        {
            foreach (string candidate in Directory.EnumerateFiles(folder, "*" + Suffix))
            {
                string name = Path.GetFileName(candidate);
                if (IsOurs().Match(name) is { Success: true } ours)
                {
                    RemoveUnlessAlive(candidate, ours.Groups[1].ValueSpan);
                }
                else if (name.StartsWith(fileName, StringComparison.Ordinal)
                    && IsFormer().Match(name[fileName.Length..]) is { Success: true } former)
                {
                    RemoveUnlessAlive(candidate, former.Groups[1].ValueSpan);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A folder may let files be made and not be listed.
        }
    }

    private static void RemoveUnlessAlive(string file, ReadOnlySpan<char> process)
    {
        try
        {
            if (IsRunning(process) && DateTime.UtcNow - File.GetLastWriteTimeUtc(file) < Still)
            {
                return;
            }

            // Fails where it is locked.
            new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.None).Dispose();
            File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody is writing it, or it is somebody else's.
        }
    }

    private static bool IsRunning(ReadOnlySpan<char> process)
    {
        try
        {
            using Process? found = int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                ? Process.GetProcessById(id) : null;
            return found is not null;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What went wrong before is what the caller needs to hear of.
        }
    }

    [GeneratedRegex(@"^\.recurrent-([0-9]+)-[0-9a-z]{16}\.tmp$", RegexOptions.CultureInvariant)]
    private static partial Regex IsOurs();

    /// <summary>What followed the name of the target before: process, thread, attempt.</summary>
    [GeneratedRegex(@"^\.([0-9]+)-[0-9]+-[0-9]+\.tmp$", RegexOptions.CultureInvariant)]
    private static partial Regex IsFormer();
}
