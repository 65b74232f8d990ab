using System.Runtime.InteropServices;
using System.Text;

namespace Recurrent.Registration;

/// <summary>
/// Brings the entries of a folder to the disk, so that a rename outlives a loss of power. Only Unix asks for it, and .NET has no
/// call of its own: it opens no folders.
/// </summary>
internal static partial class FolderFlush
{
    private const int ReadOnly = 0;

    /// <summary>Flushes a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Whether the system says that it did. The file itself is on the disk either way.</returns>
    public static bool Run(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        try
        {
            int descriptor = Open(Encoding.UTF8.GetBytes(folder + '\0'), ReadOnly);
            if (descriptor < 0)
            {
                return false;
            }

            bool flushed = Flush(descriptor) == 0;
            return Close(descriptor) == 0 && flushed;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Flush(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
