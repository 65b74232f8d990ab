namespace Recurrent.Layers;

/// <summary>
/// The tokens of a lookup as they are looked up. It does not change; a lookup that learns another one takes another object.
/// </summary>
/// <typeparam name="T">What a token is.</typeparam>
internal sealed class Vocabulary<T>
    where T : notnull
{
    private readonly Dictionary<T, int> places;

    /// <summary>Takes tokens, each once.</summary>
    /// <param name="tokens">The tokens, without those for what is masked or unknown.</param>
    /// <param name="start">Index of the first of them.</param>
    /// <param name="scales">What counts are multiplied by, for each index; null where they are not.</param>
    public Vocabulary(T[] tokens, int start, Real[]? scales)
    {
        Tokens = tokens;
        Start = start;
        Scales = scales;
        places = new(tokens.Length, Comparer);
        for (int i = 0; i < tokens.Length; i++)
        {
            places.Add(tokens[i], start + i);
        }
    }

    /// <summary>How tokens are told apart: texts by their code units, in no language.</summary>
    public static IEqualityComparer<T>? Comparer { get; } = (object)StringComparer.Ordinal as IEqualityComparer<T>;

    /// <summary>The tokens.</summary>
    public T[] Tokens { get; }

    /// <summary>Index of the first token.</summary>
    public int Start { get; }

    /// <summary>Number of indices.</summary>
    public int Size => Start + Tokens.Length;

    /// <summary>What counts are multiplied by; null where they are not.</summary>
    public Real[]? Scales { get; }

    /// <summary>The index of a token; −1 where it is unknown.</summary>
    public int IndexOf(T token) => places.TryGetValue(token, out int index) ? index : -1;
}
