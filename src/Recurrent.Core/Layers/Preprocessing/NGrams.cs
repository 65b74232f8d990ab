using System.Collections;
using System.Runtime.CompilerServices;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>
/// How many tokens in a row make one: <c>ngrams: 2</c> stands for tokens and pairs of them, <c>ngrams: [1, 3]</c> for tokens and
/// triples.
/// </summary>
[CollectionBuilder(typeof(NGrams), nameof(Create))]
public sealed class NGrams : IEnumerable<int>
{
    private readonly int[] widths;
    private readonly bool isUpTo;

    private NGrams(int[] widths, bool isUpTo)
    {
        int wrong = Array.FindIndex(widths, width => width < 1);
        if (wrong >= 0 || widths.Length == 0)
        {
            throw new ArgumentException(widths.Length == 0
                ? "ngrams has no width. Write ngrams: 2, ngrams: [1, 3], or null for none."
                : FormattableString.Invariant($"ngrams are of at least 1 token, but one is of {widths[wrong]}."), nameof(widths));
        }

        this.widths = widths;
        this.isUpTo = isUpTo;
    }

    /// <summary>All widths up to one.</summary>
    /// <param name="most">The greatest width.</param>
    public static implicit operator NGrams(int most) => new(most < 1 ? [most] : [.. Enumerable.Range(1, most)], isUpTo: true);

    /// <summary>These widths, such as those of an array that was computed.</summary>
    /// <param name="widths">The widths.</param>
    /// <exception cref="ArgumentException">There is none, or one is below 1.</exception>
    public static implicit operator NGrams(int[] widths)
    {
        ArgumentNullException.ThrowIfNull(widths);
        return new([.. widths], isUpTo: false);
    }

    /// <summary>These widths; a collection expression <c>[1, 3]</c> calls it.</summary>
    /// <param name="widths">The widths.</param>
    /// <exception cref="ArgumentException">There is none, or one is below 1.</exception>
    public static NGrams Create(ReadOnlySpan<int> widths) => new(widths.ToArray(), isUpTo: false);

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)widths).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>As a config holds it.</summary>
    internal object Value => isUpTo ? widths.Length : widths;

    /// <summary>Reads what <see cref="Value"/> gave; null where there is nothing.</summary>
    internal static NGrams? Read(ConfigReader config, string key) => config.Raw(key) switch
    {
        null => null,
        long and >= 1 and <= MostOfFile and var most => (int)most,
        IReadOnlyList<object?> { Count: > 0 and <= MostOfFile } list
            when list.All(item => item is long and >= 1 and <= MostOfFile) =>
            new([.. list.Select(item => (int)(long)item!)], isUpTo: false),
        _ => throw new ConfigException(
            $"{config.Owner}: {key} must be a whole number of at least 1, a list of such, or null.")
        { Option = key },
    };

    // A file asks for no more: each is a pass over all tokens.
    private const int MostOfFile = 1000;
}
