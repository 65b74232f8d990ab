using Recurrent.Activations;
using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class EinsumDenseContract : LayerContract<EinsumDenseContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("of vectors", () => Einsum("ab,bc->ac", [4], "c"), 3, Weights: 16),
        new("of vectors, without bias", () => Einsum("ab,bc->ac", [4]), 3, Weights: 12),
        new("of one sample", () => Einsum("ab,bc->ac", [4], "c"), 3, Weights: 16) { Batch = 1 },
        new("of the kernel turned round", () => Einsum("ab,cb->ac", [4], "c"), 3, Weights: 16),
        new("of sequences", () => Einsum("abc,cd->abd", [null, 4], "d"), (4, 3), Weights: 16),
        new("of sequences, with a mask", () => Einsum("abc,cd->abd", [null, 4], "d"), (4, 3), Weights: 16)
        {
            Mask = Masks.FourSteps,
        },
        new("with an ellipsis in front", () => Einsum("...x,xy->...y", [4], "y"), (2, 4, 3), Weights: 16),
        new("with an ellipsis in front of vectors", () => Einsum("...x,xy->...y", [4], "y"), 3, Weights: 16),
        new("with an ellipsis behind", () => Einsum("ab...,bc->ac...", [5], "c"), (4, 3), Weights: 25)
        {
            FirstAxisMayBeUnknown = false,
        },
        new("with an ellipsis behind, of three axes", () => Einsum("ab...,bc->ac...", [5], "c"), (4, 2, 3), Weights: 25)
        {
            FirstAxisMayBeUnknown = false,
        },
        new("into heads", () => Einsum("abc,cde->abde", [null, 2, 4], "de"), (5, 3), Weights: 32),
        new("into heads, bias of heads", () => Einsum("abc,cde->abde", [null, 2, 4], "d"), (5, 3), Weights: 26),
        new("into heads, bias of sizes", () => Einsum("abc,cde->abde", [null, 2, 4], "e"), (5, 3), Weights: 28),
        new("into heads, axes exchanged", () => Einsum("abc,ced->abde", [null, 2, 4], "ed"), (5, 3), Weights: 32),
        new("out of heads", () => Einsum("abcd,cde->abe", [null, 4], "e"), (5, 2, 3), Weights: 28),
        new("out of heads, with a mask", () => Einsum("abcd,cde->abe", [null, 4], "e"), (4, 2, 3), Weights: 28)
        {
            Mask = [.. Masks.FourSteps.Chunk(3).SelectMany(step => step.Concat(step))],
        },
        new("into heads, with a mask", () => Einsum("abc,cde->abde", [null, 2, 4], "de"), (4, 3), Weights: 32)
        {
            Mask = Masks.FourSteps,
        },
        new("of each head by itself", () => Einsum("abcd,cde->abce", [null, null, 4], "ce"), (5, 2, 3), Weights: 32),
        new("of each head by itself, heads first", () => Einsum("abcd,bde->abce", [null, null, 4], "be"), (2, 5, 3), Weights: 32)
        {
            FirstAxisMayBeUnknown = false,
        },
        new("of each step by itself", () => Einsum("abc,bcd->abd", [5, 4], "bd"), (5, 3), Weights: 80)
        {
            FirstAxisMayBeUnknown = false,
        },
        new("a factor for each feature", () => Einsum("abc,c->abc", [null, null], "c"), (4, 3), Weights: 6),
        new("over the steps", () => Einsum("abc,bd->adc", [4, null], "d"), (5, 3), Weights: 24) { FirstAxisMayBeUnknown = false },
        new("steps exchanged with features", () => Einsum("abc,cd->adb", [4, null], "d"), (5, 3), Weights: 16)
        {
            FirstAxisMayBeUnknown = false,
        },
        new("of all at once", () => Einsum("abc,bcd->ad", [4], "d"), (5, 3), Weights: 64) { FirstAxisMayBeUnknown = false },
        new("of steps summed by themselves", () => Einsum("abc,cd->ad", [4], "d"), (5, 3), Weights: 16)
        {
            FirstAxisMayBeUnknown = false,
        },
        new("of features summed by themselves", () => Einsum("abc,bd->ad", [4], "d"), (5, 3), Weights: 24)
        {
            FirstAxisMayBeUnknown = false,
        },
        new("an outer product", () => Einsum("ab,c->abc", [null, 4], "bc"), 3, Weights: 16) { FirstAxisMayBeUnknown = false },
        new("to one number", () => Einsum("ab,b->a", []), 3, Weights: 3) { FirstAxisMayBeUnknown = false },
        new("bias of the first axis", () => Einsum("abc,cd->abd", [5, 4], "b"), (5, 3), Weights: 17)
        {
            FirstAxisMayBeUnknown = false,
        },
        new("bias of both axes", () => Einsum("abc,cd->abd", [5, 4], "bd"), (5, 3), Weights: 32)
        {
            FirstAxisMayBeUnknown = false,
        },
        new("with tanh", () => Einsum("abc,cde->abde", [null, 2, 4], "de", "tanh"), (5, 3), Weights: 32),
        new("with softmax", () => Einsum("abc,cd->abd", [null, 4], "d", "softmax"), (5, 3), Weights: 16),
        new("with gelu, which needs the input", () => Einsum("abc,cde->abde", [null, 2, 4], "d", "gelu"), (5, 3), Weights: 26),
        new(
            "with every option",
            () => new EinsumDense(
                "abc,cd->abd", [null, 4], "tanh", "d", "ones", "ones", "l2", "l1", "non_neg", "max_norm", "all", false, (5, 3))
            { ActivityRegularizer = "l2" },
            (5, 3),
            Weights: 16),
    ];

    [Test]
    public void It_is_Dense_bit_by_bit_where_it_is_Dense()
    {
        foreach (bool useBias in (bool[])[true, false])
        {
            var dense = new LayerRun(new("dense", () => new Dense(4, "tanh", useBias), (5, 3), 0));
            var einsum = new LayerRun(new("einsum", () => Einsum("...x,xy->...y", [4], useBias ? "y" : null, "tanh"), (5, 3), 0));
            AssertSameBits(einsum.Results(), dense.Results());
        }
    }

    private static EinsumDense Einsum(
        string equation, IReadOnlyList<int?> outputShape, string? biasAxes = null, ActivationFunction? activation = null) =>
        new(equation, outputShape, activation, biasAxes);
}
