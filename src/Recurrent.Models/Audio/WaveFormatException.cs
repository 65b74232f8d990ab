namespace Recurrent.Audio;

/// <summary>A WAV file is broken, or of a kind that is not read. The message names the file and the place.</summary>
public sealed class WaveFormatException : FormatException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="source">The file as messages name it.</param>
    /// <param name="offset">The byte at which it is wrong.</param>
    /// <param name="problem">What is wrong: a sentence with its full stop.</param>
    public WaveFormatException(string source, long offset, string problem)
        : base(FormattableString.Invariant($"{source}, byte {offset}: {problem}")) => Offset = offset;

    /// <summary>The byte at which the file is wrong.</summary>
    public long Offset { get; }
}
