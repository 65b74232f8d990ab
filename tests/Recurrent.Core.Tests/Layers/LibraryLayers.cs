using Recurrent.Activations;
using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>
/// Every layer of the library, small: all cells by themselves and in every wrapper, and the layers without time.
/// </summary>
internal static class LibraryLayers
{
    private static readonly Shape Sequence = (4, 3);
    private static readonly Shape Rows = (3, 4, 2);

    private static readonly (string Name, Func<bool, bool, RecurrentLayer> Create)[] Recurrent =
    [
        ("SimpleRNN", (s, b) => new SimpleRNN(3, returnSequences: s, goBackwards: b)),
        ("SimpleRNN, relu", (s, b) => new SimpleRNN(3, "relu", returnSequences: s, goBackwards: b)),
        ("LSTM", (s, b) => new LSTM(3, returnSequences: s, goBackwards: b)),
        ("LSTM, hard", (s, b) => new LSTM(3, "relu", "hard_sigmoid", returnSequences: s, goBackwards: b)),
        ("LSTM, dropout", (s, b) => new LSTM(3, dropout: 0.4, recurrentDropout: 0.4, returnSequences: s, goBackwards: b)),
        ("GRU", (s, b) => new GRU(3, returnSequences: s, goBackwards: b)),
        ("GRU, reset before", (s, b) => new GRU(3, resetAfter: false, returnSequences: s, goBackwards: b)),
        ("PeepholeLSTM", (s, b) => new PeepholeLSTM(3, returnSequences: s, goBackwards: b)),
        ("PeepholeLSTM, full",
            (s, b) => new PeepholeLSTM(3, fullPeepholes: true, outputSeesPreviousCell: true, returnSequences: s, goBackwards: b)),
        ("CoupledLSTM", (s, b) => new CoupledLSTM(3, returnSequences: s, goBackwards: b)),
        ("ProjectedLSTM", (s, b) => new ProjectedLSTM(4, 3, returnSequences: s, goBackwards: b)),
        ("UGRNN", (s, b) => new UGRNN(3, returnSequences: s, goBackwards: b)),
        ("MinimalGRU", (s, b) => new MinimalGRU(3, returnSequences: s, goBackwards: b)),
        ("MinGRU", (s, b) => new MinGRU(3, returnSequences: s, goBackwards: b)),
        ("MinLSTM", (s, b) => new MinLSTM(3, returnSequences: s, goBackwards: b)),
        ("LRU", (s, b) => new LRU(3, returnSequences: s, goBackwards: b)),
        ("LRU, plain", (s, b) => new LRU(4, 3, normalize: false, feedthrough: "none", returnSequences: s, goBackwards: b)),
        ("RGLRU", (s, b) => new RGLRU(3, returnSequences: s, goBackwards: b)),
        ("RGLRU, blocks", (s, b) => new RGLRU(3, blocks: 3, returnSequences: s, goBackwards: b)),
        ("IndRNN", (s, b) => new IndRNN(3, returnSequences: s, goBackwards: b)),
        ("JordanRNN", (s, b) => new JordanRNN(2, 3, returnSequences: s, goBackwards: b)),
        ("JordanRNN, output first", (s, b) => new JordanRNN(2, 3, outputFirst: true, returnSequences: s, goBackwards: b)),
        ("LayerNormLSTM", (s, b) => new LayerNormLSTM(3, returnSequences: s, goBackwards: b)),
        ("LayerNormGRU", (s, b) => new LayerNormGRU(3, returnSequences: s, goBackwards: b)),
        ("SLSTM", (s, b) => new SLSTM(3, returnSequences: s, goBackwards: b)),
        ("SLSTM, exponential", (s, b) => new SLSTM(3, forgetGate: "exponential", returnSequences: s, goBackwards: b)),
        ("MLSTM", (s, b) => new MLSTM(3, returnSequences: s, goBackwards: b)),
        ("MLSTM, heads", (s, b) => new MLSTM(3, 3, 2, "exponential", returnSequences: s, goBackwards: b)),
        ("S6", (s, b) => new S6(3, returnSequences: s, goBackwards: b)),
        ("StackedRNNCells",
            (s, b) => new RNN(new StackedRNNCells([new LSTMCell(2), new GRUCell(3)]), returnSequences: s, goBackwards: b)),
        ("ZoneoutCell", (s, b) => new RNN(new ZoneoutCell(new LSTMCell(3), 0.3, 0.3), returnSequences: s, goBackwards: b)),
    ];

    /// <summary>All of them, with the shape of a sample for each.</summary>
    public static IEnumerable<LibraryLayer> All =>
    [
        .. Recurrent.SelectMany(InEveryWrapper),
        .. WithoutTime.Select(layer => new LibraryLayer(layer.Name, layer.Create, layer.Sample, IsWrapped: false)),
    ];

    private static IEnumerable<(string Name, Func<Layer> Create, Shape Sample)> WithoutTime =>
    [
        ("ConvLSTM1D", () => new ConvLSTM1D(2, 2, returnSequences: true), Rows),
        ("ConvLSTM1D, same", () => new ConvLSTM1D(2, 3, padding: "same"), Rows),
        .. ActivationNames.Registry.Names.Where(name => name is not ("softmax" or "sparsemax" or "log_softmax"))
        .SelectMany(name =>
            ((string, Func<Layer>, Shape)[])
            [
                ($"Activation {name}", () => new Activation(name), Sequence),
                ($"Dense, {name}", () => new Dense(3, name), Sequence),
            ]),
        .. ((string[])["softmax", "sparsemax", "log_softmax"])
        .Select(name => ($"Dense, {name}", (Func<Layer>)(() => new Dense(4, name)), Sequence)),
        ("Dense of vectors", () => new Dense(4), 3),
        ("Dropout", () => new Dropout(0.4), Sequence),
        ("SpatialDropout1D", () => new SpatialDropout1D(0.4), Sequence),
        ("Embedding", () => new Embedding(5, 3), 4),
        ("Embedding, masked", () => new Embedding(5, 3, maskZero: true), 4),
        ("ReversibleEmbedding", () => new ReversibleEmbedding(5, 3), 4),
        ("ReversibleEmbedding, masked", () => new ReversibleEmbedding(5, 3, maskZero: true), 4),
        ("Flatten", () => new Flatten(), Sequence),
        ("RepeatVector", () => new RepeatVector(3), 4),
        ("SeriesSmoothing", () => new SeriesSmoothing(3, 2), 12),
        ("Masking", () => new Masking(), Sequence),
        ("LayerNormalization", () => new LayerNormalization(), Sequence),
        ("LayerNormalization over steps", () => new LayerNormalization([1, 2]), Sequence),
        ("LayerNormalization of two", () => new LayerNormalization(epsilon: 1e-5), (4, 2)),
        ("BatchNormalization", () => new BatchNormalization(), Sequence),
        ("BatchNormalization of steps", () => new BatchNormalization(1), Sequence),
        ("SpectralNormalization", () => new SpectralNormalization(new Dense(2)), Sequence),
        ("RMSNormalization", () => new RMSNormalization(), Sequence),
        ("UnitNormalization", () => new UnitNormalization(1), Sequence),
        ("GroupNormalization", () => new GroupNormalization(3), Sequence),
        ("ReLU", () => new ReLU(0.7, 0.1, 0.2), Sequence),
        ("LeakyReLU", () => new LeakyReLU(), Sequence),
        ("ELU", () => new ELU(0.7), Sequence),
        ("PReLU", () => new PReLU(sharedAxes: [1]), Sequence),
        ("Softmax", () => new Recurrent.Layers.Softmax(1), Sequence),
        ("GaussianNoise", () => new GaussianNoise(0.4), Sequence),
        ("GaussianDropout", () => new GaussianDropout(0.4), Sequence),
        ("AlphaDropout", () => new AlphaDropout(0.4), Sequence),
        ("ActivityRegularization", () => new ActivityRegularization(0.1), Sequence),
        ("Identity", () => new Identity(), Sequence),
        ("Rescaling", () => new Rescaling(0.5, -1), Sequence),
        ("EinsumDense", () => new EinsumDense("abc,cd->abd", [null, 4], "tanh", "d"), Sequence),
        ("EinsumDense into heads", () => new EinsumDense("abc,cde->abde", [null, 2, 3], biasAxes: "e"), Sequence),
        ("EinsumDense of each step", () => new EinsumDense("abc,bcd->abd", [4, 2], biasAxes: "bd"), Sequence),
        ("EinsumDense over steps", () => new EinsumDense("abc,bd->adc", [2, null]), Sequence),
        ("Lambda", () => new Lambda(x => x * x, x => 2 * x, keepsMask: true), Sequence),
        ("Normalization", () => new Normalization(-1, new[] { 1f, 2, 3 }, new[] { 1f, 4, 9 }), Sequence),
        ("Normalization, inverse", () => new Normalization(invert: true), Sequence),
        ("CRF", () => new CRF(3), Sequence),
        ("CRF, bio", () => new CRF(["O", "B-X", "I-X"], "bio", useKernel: false), Sequence),
        ("STFTSpectrogram", () => new STFTSpectrogram("stft", 4), (12, 1)),
        ("MelSpectrogram", () => new MelSpectrogram(4, 2, samplingRate: 100, numMelBins: 2, powerToDb: false), 12),
        ("MFCC", () => new MFCC(3), Sequence),
        ("Deltas", () => new Deltas(3, axis: 1), Sequence),
        ("CategoryEncoding", () => new CategoryEncoding(4), 4),
        ("Hashing", () => new Hashing(3, outputMode: "one_hot"), 4),
        ("IntegerLookup", () => new IntegerLookup(vocabulary: [2, 1], outputMode: "count"), 4),
        ("StringLookup", () => new StringLookup(vocabulary: ["a", "b", "c"], outputMode: "one_hot"), 4),
        ("TextVectorization", () => new TextVectorization(outputMode: "count", vocabulary: ["a", "b", "c"]), (4, 1)),
        ("Reshape", () => new Reshape([2, 6]), Sequence),
        ("Permute", () => new Permute([2, 1]), Sequence),
        ("Cropping1D", () => new Cropping1D((1, 2)), Sequence),
        ("UpSampling1D", () => new UpSampling1D(3), Sequence),
        ("ZeroPadding1D", () => new ZeroPadding1D((1, 2)), Sequence),
        ("Residual of Dense", () => new Residual(new Dense(3, "tanh")), Sequence),
        ("TimeDistributed Dense", () => new TimeDistributed(new Dense(2, "gelu")), Sequence),
    ];

    private static IEnumerable<LibraryLayer> InEveryWrapper((string Name, Func<bool, bool, RecurrentLayer> Create) layer)
    {
        (string name, Func<bool, bool, RecurrentLayer> create) = layer;
        yield return new(name, () => create(false, false), Sequence, IsWrapped: false);
        yield return new($"{name}, sequences", () => create(true, false), Sequence, IsWrapped: false);
        yield return new($"{name}, backwards", () => create(true, true), Sequence, IsWrapped: false);
        yield return new($"Bidirectional {name}", () => Both(create, "mul", false), Sequence, IsWrapped: true);
        yield return new($"Dilated {name}", () => new Dilated(create(true, false), 2), Sequence, IsWrapped: true);
        yield return new($"Dilated {name}, last of steps that do not divide", () => new Dilated(create(false, false), 3),
            Sequence, IsWrapped: true);
        yield return new($"Dilated Bidirectional {name}", () => new Dilated(Both(create, "concat", true), 2),
            Sequence, IsWrapped: true);
        yield return new($"Residual {name}", () => new Residual(create(true, false)), Sequence, IsWrapped: true);
        yield return new($"TimeDistributed {name}", () => new TimeDistributed(create(false, false)), (2, 3, 2), IsWrapped: true);
    }

    private static Bidirectional Both(Func<bool, bool, RecurrentLayer> create, string mode, bool sequences) => new(
        create(sequences, false), mode, create(sequences, true));
}

/// <summary>A layer of the library.</summary>
/// <param name="Name">What it is, with its options.</param>
/// <param name="Create">Makes it anew.</param>
/// <param name="Sample">Shape of a sample that it takes.</param>
/// <param name="IsWrapped">Whether it is a recurrent layer in a wrapper.</param>
internal sealed record LibraryLayer(string Name, Func<Layer> Create, Shape Sample, bool IsWrapped);
