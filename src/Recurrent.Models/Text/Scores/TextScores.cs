using System.Globalization;
using System.Runtime.CompilerServices;

namespace Recurrent.Text;

/// <summary>How good texts and sequences of tokens are that a model gives, beside what they ought to be.</summary>
/// <remarks>
/// <see cref="Bleu(IEnumerable{string}, IEnumerable{string}, string, string, double?, bool, int, bool)"/> and
/// <see cref="ChrF(IEnumerable{string}, IEnumerable{string}, int, int, double, bool, bool, bool)"/> give the numbers of
/// sacreBLEU; <see cref="WordErrorRate"/> and <see cref="CharacterErrorRate"/> those of jiwer. Texts are compared by their code
/// units, in no language; bring both sides to one normal form where they may differ in it.
/// </remarks>
public static partial class TextScores
{
    /// <summary>The share of texts that are what they ought to be, letter by letter.</summary>
    /// <param name="hypotheses">What the model gives.</param>
    /// <param name="references">What it ought to give.</param>
    /// <exception cref="ArgumentException">There are none, or not as many of both.</exception>
    public static double ExactMatch(IEnumerable<string> hypotheses, IEnumerable<string> references)
    {
        (string[] given, string[] right) = Pairs(hypotheses, references);
        return given.Zip(right).Count(pair => string.Equals(pair.First, pair.Second, StringComparison.Ordinal))
            / (double)given.Length;
    }

    /// <summary>The share of sequences that are what they ought to be, token by token.</summary>
    /// <typeparam name="T">What a token is.</typeparam>
    /// <param name="predicted">What the model gives.</param>
    /// <param name="actual">What it ought to give.</param>
    /// <param name="ignore">A token that is left out of both sides, such as padding. Leave it out where there is none.</param>
    /// <exception cref="ArgumentException">There are none, or not as many of both.</exception>
    public static double SequenceAccuracy<T>(
        IEnumerable<IReadOnlyList<T>> predicted, IEnumerable<IReadOnlyList<T>> actual, params ReadOnlySpan<T> ignore)
    {
        (IReadOnlyList<T>[] given, IReadOnlyList<T>[] right) = Pairs(predicted, actual);
        T[] left = ignore.ToArray();
        int same = 0;
        for (int i = 0; i < given.Length; i++)
        {
            same += given[i].Where(token => !left.Contains(token)).SequenceEqual(right[i].Where(token => !left.Contains(token)))
                ? 1 : 0;
        }

        return same / (double)given.Length;
    }

    /// <summary>The share of tokens that are what they ought to be at their places.</summary>
    /// <remarks>
    /// The tokens that ought to be there count; where a sequence is too short, those it lacks are wrong, and what it has too many
    /// is not looked at.
    /// </remarks>
    /// <typeparam name="T">What a token is.</typeparam>
    /// <param name="predicted">What the model gives.</param>
    /// <param name="actual">What it ought to give.</param>
    /// <param name="ignore">A token whose places do not count, such as padding. Leave it out where there is none.</param>
    /// <exception cref="ArgumentException">There are none, or not as many of both, or no token counts.</exception>
    public static double TokenAccuracy<T>(
        IEnumerable<IReadOnlyList<T>> predicted, IEnumerable<IReadOnlyList<T>> actual, params ReadOnlySpan<T> ignore)
    {
        (IReadOnlyList<T>[] given, IReadOnlyList<T>[] right) = Pairs(predicted, actual);
        long counted = 0;
        long same = 0;
        EqualityComparer<T> comparer = EqualityComparer<T>.Default;
        for (int i = 0; i < given.Length; i++)
        {
            for (int place = 0; place < right[i].Count; place++)
            {
                if (!ignore.Contains(right[i][place], comparer))
                {
                    counted++;
                    same += place < given[i].Count && comparer.Equals(given[i][place], right[i][place]) ? 1 : 0;
                }
            }
        }

        return counted > 0 ? same / (double)counted : throw new ArgumentException(
            "No token counts: all that ought to be there are ignored, or there are none.", nameof(actual));
    }

    /// <summary>Errors per word: the fewest words to change, leave out and put in, over the number of words.</summary>
    /// <param name="hypotheses">What the model gives.</param>
    /// <param name="references">What it ought to give; words stand between white space.</param>
    /// <exception cref="ArgumentException">There are none, or not as many of both, or no reference has a word.</exception>
    public static ErrorRate WordErrorRate(IEnumerable<string> hypotheses, IEnumerable<string> references) =>
        Errors(hypotheses, references, Words);

    /// <summary>Errors per character: the fewest characters to change, leave out and put in, over their number.</summary>
    /// <param name="hypotheses">What the model gives.</param>
    /// <param name="references">What it ought to give; spaces count.</param>
    /// <param name="unit">
    /// <c>"codepoint"</c> (the default), as published numbers count, or <c>"grapheme"</c>, what a reader takes for a character.
    /// </param>
    /// <exception cref="ArgumentException">There are none, or not as many of both, or no reference has a character.</exception>
    public static ErrorRate CharacterErrorRate(
        IEnumerable<string> hypotheses, IEnumerable<string> references, string unit = "codepoint")
    {
        ArgumentNullException.ThrowIfNull(unit);
        return unit is "codepoint" or "grapheme"
            ? Errors(hypotheses, references, text => Characters(text, unit == "grapheme"))
            : throw new ArgumentException($"unit must be 'codepoint' or 'grapheme', but is '{unit}'.", nameof(unit));
    }

    /// <summary>Errors per token of sequences, phonemes for instance: the fewest to change, leave out and put in.</summary>
    /// <typeparam name="T">What a token is.</typeparam>
    /// <param name="predicted">What the model gives.</param>
    /// <param name="actual">What it ought to give.</param>
    /// <exception cref="ArgumentException">There are none, or not as many of both, or no sequence has a token.</exception>
    public static ErrorRate TokenErrorRate<T>(IEnumerable<IReadOnlyList<T>> predicted, IEnumerable<IReadOnlyList<T>> actual)
    {
        (IReadOnlyList<T>[] given, IReadOnlyList<T>[] right) = Pairs(predicted, actual);
        return ErrorRate.Sum(given.Zip(right).Select(pair => ErrorRate.Between(pair.First, pair.Second)));
    }

    /// <summary>
    /// The fewest tokens to change, leave out and put in until one sequence is another: Levenshtein's distance.
    /// </summary>
    /// <typeparam name="T">What a token is.</typeparam>
    /// <param name="first">A sequence.</param>
    /// <param name="second">Another one.</param>
    public static int EditDistance<T>(IReadOnlyList<T> first, IReadOnlyList<T> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return ErrorRate.Between(first, second).Errors;
    }

    /// <summary>What stands between white space.</summary>
    internal static string[] Words(string text) => [.. WordSplitter.AtSpaces(text).Select(range => text[range])];

    /// <summary>The characters of a text.</summary>
    internal static string[] Characters(string text, bool graphemes)
    {
        var result = new List<string>(text.Length);
        for (int i = 0; i < text.Length;)
        {
            int length = graphemes ? StringInfo.GetNextTextElementLength(text.AsSpan(i))
                : char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
            result.Add(text.Substring(i, length));
            i += length;
        }

        return [.. result];
    }

    private static ErrorRate Errors(
        IEnumerable<string> hypotheses, IEnumerable<string> references, Func<string, string[]> split)
    {
        (string[] given, string[] right) = Pairs(hypotheses, references);
        return ErrorRate.Sum(given.Zip(right).Select(pair => ErrorRate.Between(split(pair.First), split(pair.Second))));
    }

    private static (T[] Hypotheses, T[] References) Pairs<T>(
        IEnumerable<T> hypotheses,
        IEnumerable<T> references,
        [CallerArgumentExpression(nameof(hypotheses))] string first = "",
        [CallerArgumentExpression(nameof(references))] string second = "")
    {
        ArgumentNullException.ThrowIfNull(hypotheses, first);
        ArgumentNullException.ThrowIfNull(references, second);
        T[] given = [.. hypotheses];
        T[] right = [.. references];
        ScoreText.RequireAlike(given.Length, right.Length, first, second);
        for (int i = 0; i < given.Length; i++)
        {
            if (given[i] is null || right[i] is null)
            {
                string which = given[i] is null ? first : second;
                throw new ArgumentException(FormattableString.Invariant($"{which}[{i}] is null."), which);
            }
        }

        return (given, right);
    }
}
