using Recurrent.Random;

namespace Recurrent.Examples.Grammar;

/// <summary>
/// Strings of the embedded Reber grammar, one after the other without an end: the continual form of Gers, Schmidhuber and Cummins
/// ("Learning to forget: continual prediction with LSTM", 2000). Nothing tells a network where a string begins.
/// </summary>
/// <remarks>
/// A string is B, then T or P, then a string of the inner grammar, then the T or P of before, then E. So what comes last but one
/// was decided before the inner string, which has no fixed length and says nothing of it.
/// </remarks>
internal sealed class ReberStream(ulong key)
{
    internal const string Symbols = "BTPSXVE";

    // The inner grammar: which symbol leads from a state to which; −1 is the end.
    private static readonly (char Symbol, int Next)[][] Inner =
    [
        [('T', 1), ('P', 2)],
        [('S', 1), ('X', 3)],
        [('T', 2), ('V', 4)],
        [('X', 2), ('S', -1)],
        [('P', 3), ('V', -1)],
    ];

    private readonly Queue<ReberSymbol> ahead = new();
    private SeededRandom random = new(key);

    /// <summary>The place of a symbol among all of them.</summary>
    internal static int Index(char symbol) => Symbols.IndexOf(symbol, StringComparison.Ordinal);

    /// <summary>The next symbol of the stream.</summary>
    internal ReberSymbol Next()
    {
        if (ahead.Count == 0)
        {
            AddString();
        }

        return ahead.Dequeue();
    }

    private void AddString()
    {
        char outer = random.NextInt(2) == 0 ? 'T' : 'P';
        ahead.Enqueue(new('B', "B"));
        ahead.Enqueue(new(outer, "TP"));
        ahead.Enqueue(new('B', "B"));
        for (int state = 0; state >= 0;)
        {
            (char Symbol, int Next)[] ways = Inner[state];
            (char symbol, state) = ways[random.NextInt(ways.Length)];
            ahead.Enqueue(new(symbol, string.Concat(ways.Select(way => way.Symbol))));
        }

        ahead.Enqueue(new('E', "E"));
        ahead.Enqueue(new(outer, outer.ToString(), IsEcho: true));
        ahead.Enqueue(new('E', "E"));
    }
}

/// <summary>A symbol of the stream.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Legal">All symbols that the grammar allows in its place.</param>
/// <param name="IsEcho">Whether it repeats the second symbol of its string, which lies far back.</param>
internal sealed record ReberSymbol(char Symbol, string Legal, bool IsEcho = false);
