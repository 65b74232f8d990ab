using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class EmbeddingContract : LayerContract<EmbeddingContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("of sequences", () => new Embedding(5, 3), 4, Weights: 5 * 3),
        new("of one id", () => new Embedding(5, 3), 1, Weights: 5 * 3),
        new("of one sample", () => new Embedding(5, 3), 4, Weights: 5 * 3) { Batch = 1 },
        new("of lists of sequences", () => new Embedding(4, 2), (2, 3), Weights: 4 * 2),
        new("with padding", () => new Embedding(3, 2, maskZero: true), 4, Weights: 3 * 2) { Arrange = Pad },
        new("with a mask, which ends here", () => new Embedding(3, 2), (2, 3), Weights: 3 * 2)
        {
            Mask = [true, true, true, true, false, false],
        },
        new("of more ids than are used", () => new Embedding(50, 2), 3, Weights: 50 * 2),
        new("with every option", () => new Embedding(4, 2, "ones", "l2", "non_neg", true, "table", false, new Shape(3)),
            3, Weights: 4 * 2)
        {
            Arrange = Pad,
        },
    ];

    private static void Pad(SequenceBatch input)
    {
        input.Values.Values[1] = 0;
        input.Values.Values[^1] = 0;
    }
}

[TestFixture]
public sealed class ReversibleEmbeddingContract : LayerContract<ReversibleEmbeddingContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("of ids", () => new ReversibleEmbedding(5, 3), 4, Weights: 5 * 3),
        new("of one sample", () => new ReversibleEmbedding(5, 3), 4, Weights: 5 * 3) { Batch = 1 },
        new("with every option", () => new ReversibleEmbedding(4, 2, "ones", "l2", "non_neg", true, "table", false, new Shape(3)),
            3, Weights: 4 * 2),
    ];
}
