using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class MultiHeadAttentionContract : SeveralInputsContract<MultiHeadAttentionContract>, ISeveralInputsCases
{
    private static readonly Shape Query = (3, 4);
    private static readonly Shape Value = (5, 3);

    // One entry for each column: step · samples + sample.
    private static readonly bool[] SomeQueries = [true, true, true, false, true, true];
    private static readonly bool[] SomeKeys = [true, true, false, true, true, true, true, false, true, true];

    public static IEnumerable<SeveralInputsCase> Cases =>
    [
        new("of a query and a value", () => new MultiHeadAttention(2, 3), Query, Value),
        new("with keys of their own", () => new MultiHeadAttention(2, 3, valueDim: 2), Query, Value, (5, 2)),
        new("without biases", () => new MultiHeadAttention(3, 2, useBias: false), Query, Value),
        new("of another width", () => new MultiHeadAttention(2, 3, outputShape: 6), Query, Value),
        new("with scores", () => new MultiHeadAttention(2, 3, returnAttentionScores: true), Query, Value),
        new("causal", () => new MultiHeadAttention(2, 3, useCausalMask: true, returnAttentionScores: true), Query, (3, 3)),
        new("through a window", () => new MultiHeadAttention(2, 3, slidingWindow: 2), Query, (3, 3)),
        new("with a gate", () => new MultiHeadAttention(2, 3, useGate: true), Query, Value),
        new("with a mask of pairs", () => new MultiHeadAttention(2, 3, returnAttentionScores: true), Query, Value, Value,
            (3, 5)) { Pairs = 3 },
        new("with a mask of pairs for each head", () => new MultiHeadAttention(2, 3), Query, Value, Value, (2, 3, 5))
        {
            Pairs = 3,
        },
        new("with a mask of keys for all", () => new MultiHeadAttention(2, 3), Query, Value, Value, (2, 1, 5)) { Pairs = 3 },
        new("along rows and steps", () => new MultiHeadAttention(2, 3, returnAttentionScores: true), (2, 3, 4), (3, 1, 3)),
        new("along rows", () => new MultiHeadAttention(2, 3, attentionAxes: [1]), (2, 3, 4), (4, 3, 3), (4, 3, 2)),
        new("along steps", () => new MultiHeadAttention(2, 3, useGate: true, returnAttentionScores: true, attentionAxes: [2]),
            (2, 3, 4), (2, 4, 3)),
        new("along steps, causal", () => new MultiHeadAttention(2, 3, useCausalMask: true, attentionAxes: [2]), (2, 3, 4),
            (2, 3, 4)),
        new("along steps with a mask of pairs", () => new MultiHeadAttention(2, 3, attentionAxes: [2]), (2, 3, 4), (2, 4, 3),
            (2, 4, 3), (2, 3, 4)) { Pairs = 3 },
        new("with masks", () => new MultiHeadAttention(2, 3), Query, Value) { Masks = [SomeQueries, SomeKeys] },
        new("with a mask of the keys, too", () => new MultiHeadAttention(2, 3), Query, Value, Value)
        {
            Masks = [SomeQueries, SomeKeys, [.. SomeKeys.Reverse()]],
        },
        new("with dropout", () => new MultiHeadAttention(2, 3, dropout: 0.3, returnAttentionScores: true, seed: 4), Query,
            Value) { Training = true },
        new("with dropout, a gate and masks", () => new MultiHeadAttention(2, 3, dropout: 0.3, useGate: true), Query, Value)
        {
            Training = true,
            Masks = [SomeQueries, SomeKeys],
        },
    ];
}

[TestFixture]
public sealed class GroupedQueryAttentionContract : SeveralInputsContract<GroupedQueryAttentionContract>, ISeveralInputsCases
{
    public static IEnumerable<SeveralInputsCase> Cases =>
    [
        new("two heads to a key", () => new GroupedQueryAttention(3, 4, 2), (3, 4), (5, 3)),
        new("all heads to one key", () => new GroupedQueryAttention(2, 3, 1, returnAttentionScores: true), (3, 4), (5, 3)),
        new("with keys of their own", () => new GroupedQueryAttention(3, 2, 2, useBias: false), (3, 4), (5, 3), (5, 2)),
        new("causal with a gate", () => new GroupedQueryAttention(3, 4, 2, useCausalMask: true, useGate: true), (4, 4), (4, 4)),
        new("with dropout", () => new GroupedQueryAttention(3, 4, 2, dropout: 0.4), (3, 4), (5, 3)) { Training = true },
    ];
}

[TestFixture]
public sealed class PlainAttentionContract : SeveralInputsContract<PlainAttentionContract>, ISeveralInputsCases
{
    private static readonly Shape Query = (3, 2);
    private static readonly Shape Value = (4, 2);
    private static readonly bool[] SomeQueries = [true, true, true, false, true, true];
    private static readonly bool[] SomeKeys = [true, true, false, true, true, true, true, false];

    public static IEnumerable<SeveralInputsCase> Cases =>
    [
        new("dot product", () => new Attention(), Query, Value),
        new("with keys of their own", () => new Attention(), Query, (4, 3), (4, 2)),
        new("scaled, with scores", () => new Attention(useScale: true, returnAttentionScores: true), Query, Value),
        new("concat", () => new Attention(scoreMode: AttentionScoreMode.Concat), Query, Value),
        new("concat, scaled", () => new Attention(true, AttentionScoreMode.Concat), Query, (4, 3), (4, 2)),
        new("with masks", () => new Attention(returnAttentionScores: true), Query, Value) { Masks = [SomeQueries, SomeKeys] },
        new("causal", () => new Attention(useCausalMask: true), Query, Value),
        new("with dropout", () => new Attention(dropout: 0.4, returnAttentionScores: true), Query, Value) { Training = true },
        new("additive", () => new AdditiveAttention(), Query, Value),
        new("additive without weights", () => new AdditiveAttention(useScale: false), Query, (4, 3), (4, 2)),
        new("additive with everything",
            () => new AdditiveAttention(dropout: 0.3, useCausalMask: true, returnAttentionScores: true), Query, Value)
        {
            Training = true,
            Masks = [SomeQueries, [true, true, true, true, true, true, true, false]],
        },
    ];
}
