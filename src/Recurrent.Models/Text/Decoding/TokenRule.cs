namespace Recurrent.Text;

/// <summary>Says whether a token may come next: a constraint on what is decoded.</summary>
/// <param name="sequence">Which of the sequences that are decoded together, counted from 0.</param>
/// <param name="soFar">What has been decoded of it, without its prompt and without a start token.</param>
/// <param name="token">The token that may come next; the end token among them.</param>
/// <returns>Whether it may.</returns>
public delegate bool TokenRule(int sequence, ReadOnlySpan<int> soFar, int token);
