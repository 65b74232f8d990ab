using System.CommandLine;
using Recurrent.Registration;

namespace Recurrent.Cli.Data;

/// <summary>The files that a command writes, looked at before it begins its work.</summary>
internal static class Outputs
{
    /// <summary>Requires that every file that options name can be made, and is none that the command reads or another that it
    /// writes.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="read">Files that the command reads; null for one that is not given.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="UsageException">A name is empty, or two of them are one file.</exception>
    /// <exception cref="IOException">A file cannot be made.</exception>
    internal static void Require(ParseResult parsed, IEnumerable<string?> read, params IEnumerable<Option> options)
    {
        string[] inputs = [.. read.OfType<string>().Where(path => path.Length > 0)];
        var written = new List<(string Option, string Path)>();
        foreach (Option option in options)
        {
            if (parsed.GetValue<string?>(option.Name) is not { } path)
            {
                continue;
            }

            if (string.IsNullOrWhiteSpace(path))
            {
                throw new UsageException($"{option.Name} is empty. Give the name of a file.");
            }

            if (inputs.FirstOrDefault(input => AreOne(input, path)) is { } input)
            {
                throw new UsageException($"{option.Name} is '{path}', which is read: nothing is written over '{input}'. Name "
                    + "another file.");
            }

            if (written.Find(other => AreOne(other.Path, path)) is { Option: { } other })
            {
                throw new UsageException($"{option.Name} and {other} are both '{path}'. Give each a file of its own.");
            }

            RequireWritable(option.Name, path);
            written.Add((option.Name, path));
        }
    }

    private static bool AreOne(string one, string other) => string.Equals(
        FilePath.Real(one), FilePath.Real(other), StringComparison.Ordinal);

    private static void RequireWritable(string option, string path)
    {
        if (Directory.Exists(path) || Path.EndsInDirectorySeparator(path))
        {
            throw new IOException($"{option} is '{path}', a folder. Give the name of a file in it.");
        }

        // What is no file takes what comes; it cannot be tried without a trace.
        if (FilePath.IsStream(path))
        {
            return;
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? string.Empty;
        if (!Directory.Exists(folder))
        {
            throw new IOException($"{option} is '{path}', but the folder '{folder}' does not exist. Create it first.");
        }

        bool exists = File.Exists(path);
        try
        {
            using FileStream file = exists ? new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite) : new(
                Path.Combine(folder, $".recurrent-{Path.GetRandomFileName()}"), FileMode.CreateNew, FileAccess.Write,
                FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException(exists ? $"{option} is '{path}', which cannot be written over: {error.Message}"
                : $"{option} is '{path}', but no file can be written in '{folder}': {error.Message}", error);
        }
    }
}
