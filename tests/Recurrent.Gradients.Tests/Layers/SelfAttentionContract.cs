using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class SelfAttentionContract : LayerContract<SelfAttentionContract>, ILayerCases
{
    private static readonly bool[] Hidden = [true, true, false, true, false, true, true, true, true, true, true, false];

    public static IEnumerable<LayerCase> Cases =>
    [
        new("as it comes", () => new SelfAttention(2), (4, 3), Weights: 8 + 8 + 8 + 18),
        new("without biases", () => new SelfAttention(2, useBias: false), (4, 3), Weights: 6 + 6 + 6 + 15),
        new("of other widths", () => new SelfAttention(3, valueUnits: 2, outputUnits: 5), (4, 2), Weights: 9 + 9 + 6 + 25),
        new("scaled", () => new SelfAttention(3, useScale: true), (4, 2), Weights: 9 + 9 + 9 + 12),
        new("causal", () => new SelfAttention(2, useCausalMask: true), (4, 3), Weights: 42),
        new("masked", () => new SelfAttention(2), (4, 3), Weights: 42) { Mask = Hidden },
        new("causal and masked", () => new SelfAttention(2, useCausalMask: true), (4, 3), Weights: 42) { Mask = Hidden },
        new("masked whole", () => new SelfAttention(2), (2, 3), Weights: 42) { Mask = [true, false, true, true, false, true] },
        new("with dropout", () => new SelfAttention(2, dropout: 0.4, seed: 3), (4, 3), Weights: 42) { Training = true },
        new("with dropout and masks", () => new SelfAttention(2, dropout: 0.4), (4, 3), Weights: 42) {
            Training = true, Mask = Hidden },
        new("of two steps", () => new SelfAttention(2), (2, 3), Weights: 42),
        new("of one sample", () => new SelfAttention(2), (4, 3), Weights: 42) { Batch = 1 },
    ];
}
