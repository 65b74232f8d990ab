namespace Recurrent.Callbacks;

/// <summary>Says what a callback could not write, and what is left.</summary>
internal static class WriteFailure
{
    /// <summary>Runs what writes a file.</summary>
    /// <param name="callback">Name of the callback.</param>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes it.</param>
    /// <exception cref="IOException">It could not be written; the message says what to do.</exception>
    public static void Tell(string callback, string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{callback} could not write '{path}': {exception.Message} The model holds what it has learned, and what was "
                + "written before is still there. Make room, or give another path, and call Fit again.", exception);
        }
    }
}
