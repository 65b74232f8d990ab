using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class NormalizationContract : LayerContract<NormalizationContract>, ILayerCases
{
    private static readonly NDArray Means = new double[] { 0.5, -1, 2 };

    private static readonly NDArray Variances = new double[] { 0.25, 4, 0 };

    public static IEnumerable<LayerCase> Cases =>
    [
        new("of vectors", () => new Normalization(), 3, Weights: 7),
        new("of sequences", () => new Normalization(), (4, 3), Weights: 7),
        new("of sequences, with a mask", () => new Normalization(), (4, 3), Weights: 7) { Mask = Masks.FourSteps },
        new("of images", () => new Normalization(), (2, 4, 3), Weights: 7),
        new("inverse", () => new Normalization(invert: true), (4, 3), Weights: 7),
        new("of each step", () => new Normalization(1), (4, 3), Weights: 9) { FirstAxisMayBeUnknown = false },
        new("of each step and feature", () => new Normalization([1, -1]), (4, 3), Weights: 25) { FirstAxisMayBeUnknown = false },
        new("of the outer axes of three", () => new Normalization([-1, 1]), (2, 4, 3), Weights: 13)
        {
            FirstAxisMayBeUnknown = false,
        },
        new("of all", () => new Normalization(axes: null), (4, 3), Weights: 3),
        new("of given numbers", () => new Normalization(-1, Means, new double[] { 0.25, 4, 1 }), (4, 3), Weights: 0),
        new("of given numbers, inverse", () => new Normalization(-1, Means, Variances, invert: true), (4, 3), Weights: 0),
        new("of one given number", () => new Normalization(null, new[] { 3.0 }, new[] { 2.0 }), (4, 3), Weights: 0),
        new("of the last of two axes, given", () => new Normalization([1, 2], Means, new[] { 1.0, 4, 2 }), (4, 3), Weights: 0)
        {
            FirstAxisMayBeUnknown = false,
        },
        new(
            "of given numbers of two axes, one of them stretched",
            () => new Normalization(
                [1, 2], new double[,] { { 1 }, { 2 }, { 3 }, { 4 } }, new double[,] { { 1 }, { 4 }, { 9 }, { 2 } }),
            (4, 3),
            Weights: 0)
        {
            FirstAxisMayBeUnknown = false,
        },
        new("with every option", () => new Normalization(-1, null, null, true, "norm", false, (4, 3)), (4, 3), Weights: 7),
    ];
}

[TestFixture]
public sealed class CategoryEncodingContract : LayerContract<CategoryEncodingContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("multi_hot", () => new CategoryEncoding(5), 4, Weights: 0) { FirstAxisMayBeUnknown = false },
        new("count", () => new CategoryEncoding(3, "count"), 4, Weights: 0) { FirstAxisMayBeUnknown = false },
        new("one_hot", () => new CategoryEncoding(5, "one_hot"), 4, Weights: 0),
        new("one_hot of one id", () => new CategoryEncoding(5, "one_hot"), 1, Weights: 0) { FirstAxisMayBeUnknown = false },
        new("one_hot of steps of one id", () => new CategoryEncoding(5, "one_hot"), (4, 1), Weights: 0),
        new("one_hot of steps of ids", () => new CategoryEncoding(5, "one_hot"), (4, 3), Weights: 0),
        new("multi_hot of steps of ids", () => new CategoryEncoding(5), (4, 3), Weights: 0),
        new("count of three axes", () => new CategoryEncoding(4, "count", "c", false), (4, 3, 2), Weights: 0),
    ];
}

[TestFixture]
public sealed class CategoryEncodingWeightsContract : SeveralInputsContract<CategoryEncodingWeightsContract>, ISeveralInputsCases
{
    public static IEnumerable<SeveralInputsCase> Cases =>
    [
        new("of ids", () => new CategoryEncoding(3, "count"), 4, 4) { Pairs = 0 },
        new("of steps of ids", () => new CategoryEncoding(2, "count"), (4, 3), (4, 3)) { Pairs = 0 },
    ];
}

[TestFixture]
public sealed class DiscretizationContract : LayerContract<DiscretizationContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("int", () => Bins("int"), (4, 3), Weights: 0),
        new("int, with a mask", () => Bins("int"), (4, 3), Weights: 0) { Mask = Masks.FourSteps },
        new("one_hot of vectors", () => Bins("one_hot"), 3, Weights: 0),
        new("one_hot of one feature", () => Bins("one_hot"), (4, 1), Weights: 0),
        new("one_hot of sequences", () => Bins("one_hot"), (4, 3), Weights: 0),
        new("multi_hot", () => Bins("multi_hot"), 4, Weights: 0),
        new("count of sequences", () => Bins("count"), (4, 3), Weights: 0),
    ];

    private static Discretization Bins(string mode) => new([-0.5, 0.01, 0.6], outputMode: mode, name: "bins");
}

[TestFixture]
public sealed class HashingContract : LayerContract<HashingContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("int", () => new Hashing(3), 4, Weights: 0),
        new("int of steps, with a mask value", () => new Hashing(3, 2), (4, 3), Weights: 0) { Mask = Masks.FourSteps },
        new("one_hot, salted", () => new Hashing(3, salt: 133, outputMode: "one_hot"), 4, Weights: 0),
        new("multi_hot", () => new Hashing(3, null, [133, 137], "multi_hot", "h", false), 4, Weights: 0)
        {
            FirstAxisMayBeUnknown = false,
        },
        new("count", () => new Hashing(3, outputMode: "count"), (4, 3), Weights: 0),
    ];
}

[TestFixture]
public sealed class IntegerLookupContract : LayerContract<IntegerLookupContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("int", () => new IntegerLookup(vocabulary: [2, 7, 1]), 4, Weights: 0),
        new("int, masked and hashed", () => new IntegerLookup(numOovIndices: 2, maskToken: 0, vocabulary: [2, 7]), 4, Weights: 0),
        new("inverse", () => new IntegerLookup(vocabulary: [2, 7, 1], invert: true), (4, 3), Weights: 0)
        {
            Mask = Masks.FourSteps,
        },
        new("one_hot", () => new IntegerLookup(vocabulary: [2, 7, 1], outputMode: "one_hot"), 4, Weights: 0),
        new("multi_hot, masked", () => new IntegerLookup(null, 1, 3, vocabulary: [2, 1], outputMode: "multi_hot"), 4, Weights: 0)
        {
            FirstAxisMayBeUnknown = false,
        },
        new(
            "count, with every option",
            () => new IntegerLookup(9, 2, 3, -7, [2, 1], null, false, "count", true, "farmhash", 5, "look", false),
            (4, 3),
            Weights: 0),
        new("tf_idf", () => new IntegerLookup(vocabulary: [2, 1], idfWeights: [0.5, 3], outputMode: "tf_idf"), 4, Weights: 0)
        {
            FirstAxisMayBeUnknown = false,
        },
    ];
}

/// <summary>In a model the layer reads what texts were taken apart to be: the indices of their tokens.</summary>
[TestFixture]
public sealed class TextVectorizationContract : LayerContract<TextVectorizationContract>, ILayerCases
{
    private static readonly string[] Tokens = ["red", "green", "blue"];

    public static IEnumerable<LayerCase> Cases =>
    [
        new("int", () => new TextVectorization(vocabulary: Tokens), (4, 1), Weights: 0) { FirstAxisMayBeUnknown = false },
        new("one_hot", () => new TextVectorization(vocabulary: Tokens, outputMode: "one_hot"), (4, 1), Weights: 0),
        new(
            "tf_idf, with every option",
            () => new TextVectorization(
                9, "lower", "character", [1, 3], "tf_idf", null, true, Tokens, [1, 2, 3], name: "text", trainable: false),
            (4, 1),
            Weights: 0),
    ];
}

/// <summary>In a model the layer reads what strings were looked up to be: indices.</summary>
[TestFixture]
public sealed class StringLookupContract : LayerContract<StringLookupContract>, ILayerCases
{
    private static readonly string[] Tokens = ["red", "green", "blue"];

    public static IEnumerable<LayerCase> Cases =>
    [
        new("int", () => new StringLookup(vocabulary: Tokens), 4, Weights: 0),
        new("one_hot", () => new StringLookup(vocabulary: Tokens, outputMode: "one_hot"), 4, Weights: 0),
        new("multi_hot", () => new StringLookup(vocabulary: Tokens, outputMode: "multi_hot"), (4, 3), Weights: 0),
        new(
            "tf_idf, with every option",
            () => new StringLookup(9, 2, "", "?", Tokens, [1, 2, 3], false, "tf_idf", true, [1, 2], "look", false),
            4,
            Weights: 0)
        {
            FirstAxisMayBeUnknown = false,
        },
    ];
}
