using Recurrent.Activations;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Shapes;
using Softmax = Recurrent.Layers.Softmax;

namespace Recurrent.Onnx.Tests;

/// <content>Layers without time, convolutions, attention and what joins.</content>
internal static partial class LayerCases
{
    private static IEnumerable<LayerCase> Simple()
    {
        foreach (string name in ActivationKinds)
        {
            yield return Line($"Activation, {name}", "Activation", () => [new Activation(ActivationNames.Registry.Create(name))]);
        }

        (string Name, string ClassName, Func<IEnumerable<Layer>> Layers)[] plain =
        [
            ("glu", "Activation", () => [new Dense(6), new Activation("glu")]),
            ("relu with options", "Activation", () => [new Activation(new Relu(0.1, 1, 0.2))]),
            ("ActivityRegularization", "ActivityRegularization", () => [new ActivityRegularization(0.1)]),
            ("AlphaDropout", "AlphaDropout", () => [new AlphaDropout(0.3)]),
            ("Dropout", "Dropout", () => [new Dropout(0.3)]),
            ("GaussianDropout", "GaussianDropout", () => [new GaussianDropout(0.3)]),
            ("GaussianNoise", "GaussianNoise", () => [new GaussianNoise(0.3)]),
            ("SpatialDropout1D", "SpatialDropout1D", () => [new SpatialDropout1D(0.3)]),
            ("Identity", "Identity", () => [new Identity()]),
            ("ELU", "ELU", () => [new ELU(0.7)]),
            ("LeakyReLU", "LeakyReLU", () => [new LeakyReLU(0.2)]),
            ("PReLU", "PReLU", () => [new PReLU(sharedAxes: [1])]),
            ("ReLU", "ReLU", () => [new ReLU(1.5, 0.1, 0.3)]),
            ("ReLU, plain", "ReLU", () => [new ReLU()]),
            ("Softmax", "Softmax", () => [new Softmax()]),
            ("Softmax over steps", "Softmax", () => [new Softmax(1)]),
            ("Softmax over both", "Softmax", () => [new Softmax([1, 2])]),
            ("Softmax, masked", "Softmax", () => [new Masking(), new Softmax(1)]),
            ("Dense", "Dense", () => [new Dense(4, "selu")]),
            ("Dense, no bias", "Dense", () => [new Dense(4, useBias: false)]),
            ("EinsumDense", "EinsumDense", () => [new EinsumDense("abc,cde->abde", [null, 2, 4], biasAxes: "de")]),
            ("EinsumDense, dots", "EinsumDense", () => [new EinsumDense("...x,xy->...y", [4], biasAxes: "y")]),
            ("EinsumDense, masked", "EinsumDense",
                () => [new Masking(), new EinsumDense("...x,xy->...y", [4], biasAxes: "y"), new LSTM(2)]),
            ("RepeatVector", "RepeatVector", () => [new LSTM(3), new RepeatVector(4)]),
            ("Cropping1D", "Cropping1D", () => [new Cropping1D((1, 2))]),
            ("Cropping1D at the front", "Cropping1D", () => [new Cropping1D((2, 0))]),
            ("ZeroPadding1D", "ZeroPadding1D", () => [new ZeroPadding1D((1, 2))]),
            ("UpSampling1D", "UpSampling1D", () => [new UpSampling1D(3)]),
            ("Rescaling", "Rescaling", () => [new Rescaling(2.5, -1)]),
            ("Rescaling of each", "Rescaling", () => [new Rescaling([1, 2, 3], [0.1, 0.2, 0.3])]),
            ("Masking", "Masking", () => [new Masking()]),
            ("Permute", "Permute", () => [new Permute([2, 1])]),
            ("BatchNormalization", "BatchNormalization", () => [new BatchNormalization()]),
            ("BatchNormalization, plain", "BatchNormalization", () => [new BatchNormalization(center: false, scale: false)]),
            ("LayerNormalization", "LayerNormalization", () => [new LayerNormalization()]),
            ("LayerNormalization, no shift", "LayerNormalization", () => [new LayerNormalization(center: false)]),
            ("LayerNormalization, no gain", "LayerNormalization", () => [new LayerNormalization(scale: false)]),
            ("LayerNormalization, rms scaling", "LayerNormalization", () => [new LayerNormalization(rmsScaling: true)]),
            ("RMSNormalization", "RMSNormalization", () => [new RMSNormalization()]),
            ("UnitNormalization", "UnitNormalization", () => [new UnitNormalization()]),
            ("UnitNormalization over steps", "UnitNormalization", () => [new UnitNormalization([1, 2])]),
            ("GroupNormalization", "GroupNormalization", () => [new Dense(4), new GroupNormalization(2)]),
            ("GroupNormalization, instances", "GroupNormalization", () => [new GroupNormalization(-1)]),
            ("Normalization", "Normalization", () => [Adapted(new Normalization())]),
            ("Normalization, given", "Normalization", () => [new Normalization(-1, (float[])[1, 2, 3], (float[])[1, 4, 9])]),
            ("Normalization, back", "Normalization", () => [new Normalization(-1, (float[])[1], (float[])[4], invert: true)]),
            ("PositionalEmbedding", "PositionalEmbedding", () => [new PositionalEmbedding(9)]),
            ("PositionalEncoding", "PositionalEncoding", () => [new PositionalEncoding()]),
            ("PositionalEncoding, even", "PositionalEncoding", () => [new Dense(4), new PositionalEncoding(100)]),
            ("RotaryEmbedding", "RotaryEmbedding", () => [new Dense(4), new RotaryEmbedding()]),
            ("Discretization", "Discretization", () => [new Discretization([-1, 0, 0.5])]),
            ("Discretization, one hot", "Discretization", () => [new Discretization([-1, 0, 0.5], outputMode: "one_hot")]),
            ("Conv1D", "Conv1D", () => [new Conv1D(4, 3, activation: "relu")]),
            ("Conv1D, same", "Conv1D", () => [new Conv1D(4, 4, 2, "same")]),
            ("Conv1D, causal", "Conv1D", () => [new Conv1D(4, 3, 1, "causal", dilationRate: 2)]),
            ("Conv1D, groups", "Conv1D", () => [new Dense(4), new Conv1D(6, 3, groups: 2, useBias: false)]),
            ("Conv1D, dilated, same", "Conv1D", () => [new Conv1D(4, 2, 1, "same", dilationRate: 3)]),
            ("Conv1DTranspose", "Conv1DTranspose", () => [new Conv1DTranspose(4, 3)]),
            ("Conv1DTranspose, strides", "Conv1DTranspose", () => [new Conv1DTranspose(4, 2, 3)]),
            ("Conv1DTranspose, same", "Conv1DTranspose", () => [new Conv1DTranspose(4, 4, 2, "same", activation: "tanh")]),
            ("Conv1DTranspose, same, odd", "Conv1DTranspose", () => [new Conv1DTranspose(4, 3, 2, "same")]),
            ("Conv1DTranspose, same, small", "Conv1DTranspose", () => [new Conv1DTranspose(4, 2, 4, "same")]),
            ("Conv1DTranspose, more", "Conv1DTranspose", () => [new Conv1DTranspose(4, 3, 3, outputPadding: 1)]),
            ("Conv1DTranspose, same, more", "Conv1DTranspose", () => [new Conv1DTranspose(4, 4, 3, "same", outputPadding: 2)]),
            ("Conv1DTranspose, dilated", "Conv1DTranspose", () => [new Conv1DTranspose(4, 3, dilationRate: 2, useBias: false)]),
            ("DepthwiseConv1D", "DepthwiseConv1D", () => [new DepthwiseConv1D(3, depthMultiplier: 2)]),
            ("DepthwiseConv1D, same", "DepthwiseConv1D", () => [new DepthwiseConv1D(3, 2, "same")]),
            ("SeparableConv1D", "SeparableConv1D", () => [new SeparableConv1D(4, 3, depthMultiplier: 2)]),
            ("SeparableConv1D, same", "SeparableConv1D", () => [new SeparableConv1D(4, 3, 1, "same", useBias: false)]),
            ("AveragePooling1D", "AveragePooling1D", () => [new AveragePooling1D(2)]),
            ("AveragePooling1D, same", "AveragePooling1D", () => [new AveragePooling1D(3, 2, "same")]),
            ("MaxPooling1D", "MaxPooling1D", () => [new MaxPooling1D(3, 2)]),
            ("MaxPooling1D, same", "MaxPooling1D", () => [new MaxPooling1D(3, 2, "same")]),
            ("GlobalAveragePooling1D", "GlobalAveragePooling1D", () => [new GlobalAveragePooling1D()]),
            ("GlobalAveragePooling1D, kept", "GlobalAveragePooling1D", () => [new GlobalAveragePooling1D(keepdims: true)]),
            ("GlobalMaxPooling1D", "GlobalMaxPooling1D", () => [new GlobalMaxPooling1D()]),
            ("SelfAttention", "SelfAttention", () => [new SelfAttention(4)]),
            ("SelfAttention, causal", "SelfAttention",
                () => [new SelfAttention(4, 3, 5, useScale: true, useCausalMask: true, useBias: false)]),
        ];
        foreach ((string name, string className, Func<IEnumerable<Layer>> layers) in plain)
        {
            bool masked = name.Contains("masked", StringComparison.Ordinal);
            yield return Line(name, className, layers) with { Masked = masked };
            if (!masked && className is not ("Masking" or "Dense"))
            {
                // A mask goes on, or ends, as in the library.
                yield return Line($"{name}, behind a mask", className, () => [new Masking(), .. layers()]) with { Masked = true };
            }
        }

        foreach (LayerCase other in WithShapes())
        {
            yield return other;
        }
    }

    private static IEnumerable<LayerCase> WithShapes()
    {
        yield return Line("Flatten", "Flatten", () => [new Flatten(), new Dense(2)], (5, 3));
        yield return Line("Flatten, channels first", "Flatten", () => [new Flatten("channels_first")], (2, 5, 3));
        yield return Line("Reshape", "Reshape", () => [new Reshape([3, -1])], (5, 3));
        yield return Line("Permute of three", "Permute", () => [new Permute([3, 1, 2])], new Shape(null, 2, 3));
        yield return Line("PReLU of each", "PReLU", () => [new PReLU()], (5, 3));
        yield return Line("AdaptiveAveragePooling1D", "AdaptiveAveragePooling1D", () => [new AdaptiveAveragePooling1D(3)],
            (7, 3));
        yield return Line("AdaptiveMaxPooling1D", "AdaptiveMaxPooling1D", () => [new AdaptiveMaxPooling1D(3)], (7, 3));
        yield return Line("LayerNormalization of both", "LayerNormalization", () => [new LayerNormalization([1, 2])], (5, 3));
        yield return Line("RMSNormalization of both", "RMSNormalization", () => [new RMSNormalization([1, 2])], (5, 3));
        yield return Line("BatchNormalization of steps", "BatchNormalization", () => [new BatchNormalization(1)], (5, 3));
        yield return Line("GroupNormalization of steps", "GroupNormalization", () => [new GroupNormalization(2, 1)], (4, 3));
        yield return Line("Normalization of steps", "Normalization",
            () => [Adapted(new Normalization(1), 5)], (5, 3));
        yield return Line("Normalization of both", "Normalization",
            () => [Adapted(new Normalization([1, 2]), 5)], (5, 3));
        yield return Line("SeriesSmoothing", "SeriesSmoothing", () => [new SeriesSmoothing(3, 4)], 12);
        yield return Line("SeriesSmoothing without season", "SeriesSmoothing", () => [new SeriesSmoothing(1, 2)], 9);
        yield return Line("Conv1D, channels first", "Conv1D", () => [new Conv1D(4, 3, dataFormat: "channels_first")], (3, 7));
        yield return Line("MaxPooling1D, channels first", "MaxPooling1D",
            () => [new MaxPooling1D(2, dataFormat: "channels_first")], (3, 7));
        yield return Line("GlobalMaxPooling1D, channels first", "GlobalMaxPooling1D",
            () => [new GlobalMaxPooling1D("channels_first")], (3, 7));
        yield return Line("EinsumDense over heads", "EinsumDense",
            () => [new EinsumDense("abcd,cde->abe", [null, 4], "relu", biasAxes: "e")], new Shape(null, 2, 3));
        yield return Line("Embedding", "Embedding", () => [new Embedding(9, 4)], new Shape((int?)null), 9);
        yield return Line("Embedding, masked", "Embedding", () => [new Embedding(9, 4, maskZero: true), new LSTM(3)],
            new Shape((int?)null), 9);
        yield return Line("MFCC", "MFCC", () => [new MFCC(4, lifter: 5)], (6, 9));
        yield return Line("MFCC of type 1", "MFCC", () => [new MFCC(4, dctType: 1)], (6, 9));
        yield return Line("Deltas", "Deltas", () => [new Deltas(5)], (3, 9));
        yield return Line("Deltas along steps", "Deltas", () => [new Deltas(3, mode: "nearest", axis: 1)], (9, 3));
        yield return new("ReversibleEmbedding", "ReversibleEmbedding", () =>
        {
            var ids = new Input(new Shape((int?)null));
            var tied = new ReversibleEmbedding(9, 4);
            return new Model(ids, tied.Call(new LSTM(4, returnSequences: true).Call(tied.Call(ids))));
        }, Ids: 9);
        yield return Line("CategoryEncoding", "CategoryEncoding", () => [new CategoryEncoding(9)], 5, 9);
        yield return Line("CategoryEncoding, one hot", "CategoryEncoding", () => [new CategoryEncoding(9, "one_hot")], 5, 9);
        yield return Line("CategoryEncoding, count", "CategoryEncoding", () => [new CategoryEncoding(9, "count")], 5, 9);
        yield return Line("CategoryEncoding of one", "CategoryEncoding", () => [new CategoryEncoding(9, "one_hot")], 1, 9);
        yield return Line("IntegerLookup", "IntegerLookup", () => [new IntegerLookup(vocabulary: [3, 1, 7])], 5, 9);
        yield return Line("IntegerLookup, several unknown", "IntegerLookup",
            () => [new IntegerLookup(numOovIndices: 3, maskToken: 0, vocabulary: [3, 1, 7])], 5, 9);
        yield return Line("IntegerLookup, back", "IntegerLookup",
            () => [new IntegerLookup(vocabulary: [30, 10, 70], invert: true)], 5, 9);
        yield return Line("IntegerLookup, tf-idf", "IntegerLookup", () =>
            [new IntegerLookup(maskToken: 0, vocabulary: [3, 1, 7], idfWeights: [0.5, 0.7, 0.9], outputMode: "tf_idf")], 5, 9);
        yield return Line("SpectralNormalization of ids", "SpectralNormalization",
            () => [new SpectralNormalization(new Embedding(9, 4))], new Shape((int?)null), 9);
    }

    private static IEnumerable<LayerCase> Merging()
    {
        (string Name, Func<Merge> Create)[] layers =
        [
            ("Add", () => new Add()), ("Average", () => new Average()), ("Maximum", () => new Maximum()),
            ("Minimum", () => new Minimum()), ("Multiply", () => new Multiply()), ("Concatenate", () => new Concatenate()),
        ];
        foreach ((string name, Func<Merge> create) in layers)
        {
            yield return Two(name, name, (a, b) => create().Call([a, b, a]));
            yield return Two($"{name}, masked", name, (a, b) =>
                new LSTM(2).Call(create().Call([new Masking().Call(a), new Masking().Call(b)]))) with
            { Masked = true };
            yield return Two($"{name}, one masked", name, (a, b) =>
                new LSTM(2).Call(create().Call([new Masking().Call(a), b]))) with
            { Masked = true };
        }

        yield return Two("Subtract", "Subtract", (a, b) => new Subtract().Call([a, b]));
        yield return Two("Add, of fewer axes", "Add", (a, b) => new Add().Call([a, new GlobalMaxPooling1D().Call(b)]));
        yield return Two("Concatenate steps", "Concatenate", (a, b) => new Concatenate(1).Call([a, b]));
        yield return Two("Concatenate steps, masked", "Concatenate",
            (a, b) => new LSTM(2).Call(new Concatenate(1).Call([new Masking().Call(a), b]))) with
        { Masked = true };
        yield return Two("Dot of features", "Dot", (a, b) => new Dot(2).Call([a, b]));
        yield return Two("Dot of steps, normalized", "Dot", (a, b) => new Dot(1, normalize: true).Call([a, b]));
        yield return Two("Dot of vectors", "Dot", (a, b) =>
            new Dot(-1).Call([new GlobalMaxPooling1D().Call(a), new GlobalMaxPooling1D().Call(b)]));
        yield return Two("SegmentGRU", "SegmentGRU",
            (a, b) => new SegmentGRU(4, 2).Call([a, new GlobalMaxPooling1D().Call(b)]));
        yield return Two("SegmentGRU, masked", "SegmentGRU",
            (a, b) => new SegmentGRU(4, 2).Call([new Masking().Call(a), new GlobalMaxPooling1D().Call(b)])) with
        { Masked = true };
        yield return Two("SegmentGRU, with what is known ahead", "SegmentGRU", (a, b) => new SegmentGRU(4, 2).Call(
            [a, new GlobalMaxPooling1D().Call(b), new RepeatVector(2).Call(new GlobalMaxPooling1D().Call(a))]));
        yield return Two("Shared Dense", "Dense", (a, b) =>
        {
            var dense = new Dense(3);
            return new Add().Call([dense.Call(a), dense.Call(b)]);
        });
    }

    private static IEnumerable<LayerCase> Attending()
    {
        (string Name, string ClassName, Func<Layer> Create)[] layers =
        [
            ("Attention", "Attention", () => new Attention()),
            ("Attention, scaled", "Attention", () => new Attention(useScale: true, useCausalMask: true)),
            ("Attention, concat", "Attention",
                () => new Attention(useScale: true, scoreMode: AttentionScoreMode.Concat, returnAttentionScores: true)),
            ("AdditiveAttention", "AdditiveAttention", () => new AdditiveAttention()),
            ("AdditiveAttention, plain", "AdditiveAttention", () => new AdditiveAttention(false, returnAttentionScores: true)),
            ("MultiHeadAttention", "MultiHeadAttention", () => new MultiHeadAttention(2, 3)),
            ("MultiHeadAttention, all options", "MultiHeadAttention", () => new MultiHeadAttention(
                2, 3, 4, useBias: false, outputShape: 5, slidingWindow: 2, useGate: true, useCausalMask: true,
                returnAttentionScores: true)),
            ("GroupedQueryAttention", "GroupedQueryAttention", () => new GroupedQueryAttention(3, 4, 2)),
            ("GroupedQueryAttention, window", "GroupedQueryAttention",
                () => new GroupedQueryAttention(3, 4, 1, slidingWindow: 3, useGate: true)),
        ];
        foreach ((string name, string className, Func<Layer> create) in layers)
        {
            yield return Two(name, className, (a, b) => create().Call([a, b]));
            yield return Two($"{name}, of itself", className, (a, b) => create().Call([a, a]));
            yield return Two($"{name}, with keys", className, (a, b) => create().Call([a, b, new Dense(3).Call(b)]));
            yield return Two($"{name}, masked", className,
                (a, b) => create().Call([new Masking().Call(a), new Masking().Call(b)])) with
            { Masked = true };
        }
    }

    private static LayerCase Two(string name, string className, Func<Symbol, Symbol, Symbols> layers) =>
        new(name, className, () =>
    {
        var a = new Input((null, 3), name: "a");
        var b = new Input((null, 3), name: "b");
        Symbols given = layers(a.Output, b.Output);

        // Both inputs are read.
        return new Model([a, b], [.. given, new Dense(1).Call(b)]);
    });

    private static Normalization Adapted(Normalization layer, int steps = 7)
    {
        layer.Adapt(Samples.Numbers(new System.Random(5), 6, steps, 3));
        return layer;
    }
}
