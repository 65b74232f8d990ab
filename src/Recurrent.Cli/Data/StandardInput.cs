using Recurrent.Registration;

namespace Recurrent.Cli.Data;

/// <summary>Data that come through a pipe: <c>-</c>, <c>/dev/stdin</c> or another path that is no file on a disk.</summary>
internal static class StandardInput
{
    /// <summary>What messages call it.</summary>
    internal const string Name = "standard input";

    /// <summary>Whether a path is that of a pipe, which can be read once.</summary>
    internal static bool Is(string path) => path == "-" || FilePath.IsStream(path);

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
}
