namespace Recurrent.Text;

/// <summary>
/// What was written before a decoding failed: the inner exception of the <see cref="InvalidOperationException"/> that says at
/// which place of which sequence no token may come.
/// </summary>
/// <example><code>
/// try
/// {
///     results = decoder.Decode(prompts, new BeamSearch(allow: rule));
/// }
/// catch (InvalidOperationException wrong) when (wrong.InnerException is DecodingException stuck)
/// {
///     results = stuck.Results;   // empty for stuck.Sequences
/// }
/// </code></example>
public sealed class DecodingException : Exception
{
    internal DecodingException(int[] sequences, IReadOnlyList<IReadOnlyList<DecodedSequence>> results)
        : base(FormattableString.Invariant(
            $"{sequences.Length} of {results.Count} sequences could not be written. Results holds what was, of the others."))
    {
        Sequences = sequences;
        Results = results;
    }

    /// <summary>Which sequences have no result, counted from 0 in the order they were given.</summary>
    public IReadOnlyList<int> Sequences { get; }

    /// <summary>What the decoder would have given: the results of each sequence, none for those of
    /// <see cref="Sequences"/>.</summary>
    public IReadOnlyList<IReadOnlyList<DecodedSequence>> Results { get; }
}
