using Recurrent.Activations;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Shapes;

namespace Recurrent.Onnx.Tests;

/// <summary>A small model of a layer, and what it is given.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="ClassName">The class of the layer.</param>
/// <param name="Create">Makes it.</param>
/// <param name="Steps">How many steps its inputs have where that is open.</param>
/// <param name="Ids">How many ids its first input holds; null where it holds numbers.</param>
internal sealed record LayerCase(string Name, string ClassName, Func<Model> Create, int Steps = 7, int? Ids = null)
{
    /// <summary>Whether some steps of the input are zeros, which a mask hides.</summary>
    public bool Masked { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Every layer of the library, with its options, in small models.</summary>
internal static partial class LayerCases
{
    private static readonly Shape Sequence = (null, 3);

    /// <summary>All of them.</summary>
    public static IEnumerable<LayerCase> All =>
        Recurrent().Concat(Wrapped()).Concat(Simple()).Concat(Merging()).Concat(Attending());

    private static IEnumerable<(string Name, Func<bool, bool, bool, RecurrentLayer> Create)> RecurrentLayers =>
    [
        ("SimpleRNN", (s, b, z) => new SimpleRNN(4, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("SimpleRNN, gelu", (s, b, z) => new SimpleRNN(4, "gelu", returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("SimpleRNN, no bias",
            (s, b, z) => new SimpleRNN(4, "relu", useBias: false, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("LSTM", (s, b, z) => new LSTM(4, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("LSTM, softsign, hard_sigmoid",
            (s, b, z) => new LSTM(4, "softsign", "hard_sigmoid", returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("LSTM, elu", (s, b, z) => new LSTM(4, "elu", returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("LSTM, no bias", (s, b, z) => new LSTM(4, useBias: false, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("GRU", (s, b, z) => new GRU(4, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("GRU, reset before",
            (s, b, z) => new GRU(4, resetAfter: false, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("GRU, silu", (s, b, z) => new GRU(4, "silu", returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("GRU, silu, reset before",
            (s, b, z) => new GRU(4, "silu", resetAfter: false, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("PeepholeLSTM", (s, b, z) => new PeepholeLSTM(4, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("PeepholeLSTM, full", (s, b, z) => new PeepholeLSTM(
            4, fullPeepholes: true, outputSeesPreviousCell: true, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("CoupledLSTM", (s, b, z) => new CoupledLSTM(4, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("ProjectedLSTM", (s, b, z) => new ProjectedLSTM(4, 3, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("UGRNN", (s, b, z) => new UGRNN(4, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        .. ((string[])["mgu", "mgu1", "mgu2", "mgu3"]).Select(variant =>
            ($"MinimalGRU, {variant}", (Func<bool, bool, bool, RecurrentLayer>)((s, b, z) => new MinimalGRU(
                4, variant: variant, returnSequences: s, goBackwards: b, zeroOutputForMask: z)))),
        ("MinGRU", (s, b, z) => new MinGRU(4, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("MinLSTM", (s, b, z) => new MinLSTM(4, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("LRU", (s, b, z) => new LRU(4, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("LRU, plain", (s, b, z) => new LRU(
            4, 3, normalize: false, feedthrough: "diagonal", returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("LRU, none", (s, b, z) => new LRU(4, 3, feedthrough: "none", returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("RGLRU", (s, b, z) => new RGLRU(4, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("RGLRU, blocks", (s, b, z) => new RGLRU(4, blocks: 2, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("RGLRU, input as it is", (s, b, z) => new RGLRU(3, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("IndRNN", (s, b, z) => new IndRNN(4, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("JordanRNN", (s, b, z) => new JordanRNN(4, 3, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("JordanRNN, output first",
            (s, b, z) => new JordanRNN(4, 3, outputFirst: true, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("LayerNormLSTM", (s, b, z) => new LayerNormLSTM(4, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("LayerNormGRU", (s, b, z) => new LayerNormGRU(4, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("SLSTM", (s, b, z) => new SLSTM(4, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("SLSTM, exponential",
            (s, b, z) => new SLSTM(4, forgetGate: "exponential", returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("MLSTM", (s, b, z) => new MLSTM(4, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("MLSTM, heads",
            (s, b, z) => new MLSTM(4, 2, 3, "exponential", returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("S6", (s, b, z) => new S6(4, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("S6, input as it is", (s, b, z) => new S6(
            3, projectInput: false, stateSize: 2, returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("RNN", (s, b, z) => new RNN(new GRUCell(4), returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
        ("RNN, stacked", (s, b, z) => new RNN(
            new StackedRNNCells(new LSTMCell(2), new MinGRUCell(4), new S6Cell(3)), returnSequences: s, goBackwards: b,
            zeroOutputForMask: z)),
        ("RNN, zoneout", (s, b, z) => new RNN(
            new ZoneoutCell(new LSTMCell(4), 0.3, 0.2), returnSequences: s, goBackwards: b, zeroOutputForMask: z)),
    ];

    private static IEnumerable<LayerCase> Recurrent()
    {
        foreach ((string name, Func<bool, bool, bool, RecurrentLayer> create) in RecurrentLayers)
        {
            string className = name.Split(',')[0];
            foreach (bool sequences in (bool[])[true, false])
            {
                foreach (bool backwards in (bool[])[true, false])
                {
                    string own = name + (sequences ? ", sequences" : string.Empty) + (backwards ? ", backwards" : string.Empty);
                    yield return Line(own, className, () => [create(sequences, backwards, false)]);
                    yield return Line($"{own}, masked", className,
                        () => [new Masking(), create(sequences, backwards, false)]) with
                    { Masked = true };
                    yield return Line($"{own}, masked, zero", className,
                        () => [new Masking(), create(sequences, backwards, true)]) with
                    { Masked = true };
                }
            }

            yield return Line($"Bidirectional of {name}", "Bidirectional", () => [new Bidirectional(create(true, false, false))]);
            yield return Line($"Bidirectional of {name}, masked", "Bidirectional",
                () => [new Masking(), new Bidirectional(create(false, false, false), "sum")]) with
            { Masked = true };
            yield return Line($"Dilated {name}", "Dilated", () => [new Dilated(create(true, false, false), 3)]);
            yield return Line($"Dilated {name}, masked", "Dilated",
                () => [new Masking(), new Dilated(create(false, false, false), 2)]) with
            { Masked = true };
            yield return new($"{name}, states in and out", className, () => Wired(create));
        }

        Shape rows = new Shape(null, 5, 2);
        foreach (bool sequences in (bool[])[true, false])
        {
            yield return Line($"ConvLSTM1D{sequences}", "ConvLSTM1D",
                () => [new ConvLSTM1D(2, 3, returnSequences: sequences)], rows);
            yield return Line($"ConvLSTM1D, same{sequences}", "ConvLSTM1D",
                () => [new ConvLSTM1D(2, 3, 2, "same", returnSequences: sequences, goBackwards: true)], rows);
            yield return Line($"ConvLSTM1D, masked{sequences}", "ConvLSTM1D",
                () => [new Masking(), new ConvLSTM1D(2, 2, padding: "same", returnSequences: sequences)], rows) with
            { Masked = true };
            yield return Line($"ConvLSTM1D, rows masked{sequences}", "ConvLSTM1D",
                () => [new Masking(), new ConvLSTM1D(2, 2, padding: "same", returnSequences: sequences, goBackwards: true),
                    .. sequences ? (Layer[])[new ConvLSTM1D(2, 3)] : []], rows) with
            { Masked = true };
            yield return Line($"ConvLSTM1D, channels first{sequences}", "ConvLSTM1D",
                () => [new Masking(), new ConvLSTM1D(3, 2, returnSequences: sequences, dataFormat: "channels_first")],
                new(null, 2, 5)) with
            { Masked = true };
            yield return Line($"ConvLSTM1D, channels masked{sequences}", "ConvLSTM1D",
                () => [new Masking(), new Bidirectional(new ConvLSTM1D(2, 2, returnSequences: sequences,
                    dataFormat: "channels_first"))], new(null, 2, 5)) with
            { Masked = true };
        }
    }

    // A layer that begins where another one ended, and gives its states.
    private static Model Wired(Func<bool, bool, bool, RecurrentLayer> create)
    {
        var a = new Input((null, 3), name: "a");
        var b = new Input((null, 3), name: "b");
        RecurrentLayer first = WithStates(create(true, false, false));
        RecurrentLayer second = WithStates(create(true, true, false));
        Symbols given = first.Call(a);
        Symbols all = second.Call(b.Output, initialState: [.. given.Skip(1)]);
        return new Model([a, b], [given[0], .. all]);

        static RecurrentLayer WithStates(RecurrentLayer layer)
        {
            Registration.ComponentConfig config = Registration.ComponentConfig.Of(layer);
            Registration.Config own = [];
            foreach ((string key, object? value) in config.Config)
            {
                own.Add(key, key == "return_state" ? true : value);
            }

            return (RecurrentLayer)LayerNames.Registry.Create(new Registration.ComponentConfig(config.ClassName, own));
        }
    }

    private static IEnumerable<LayerCase> Wrapped()
    {
        foreach (string? mode in (string?[])["concat", "sum", "mul", "ave"])
        {
            yield return Line($"Bidirectional, {mode}", "Bidirectional",
                () => [new Masking(), new Bidirectional(new LSTM(4, returnSequences: true), mode)]) with
            { Masked = true };
            yield return Line($"Bidirectional, {mode}, backwards", "Bidirectional",
                () => [new Bidirectional(new GRU(4, returnSequences: true, goBackwards: true), mode)]);
        }

        yield return Line("Bidirectional of two kinds", "Bidirectional", () =>
            [new Bidirectional(new LSTM(4), backwardLayer: new GRU(3, goBackwards: true))]);
        yield return Line("Dilated, both ways", "Dilated", () =>
            [new Dilated(new Bidirectional(new LSTM(4, returnSequences: true)), 2)]);
        yield return Line("Dilated, fits", "Dilated", () => [new Dilated(new GRU(4), 2)], (6, 3));
        yield return Line("Residual", "Residual", () => [new Residual(new LSTM(3, returnSequences: true))]);
        yield return Line("Residual, masked", "Residual", () =>
            [new Masking(), new Residual(new LSTM(3, returnSequences: true)), new GRU(2)]) with
        { Masked = true };
        yield return Line("TimeDistributed", "TimeDistributed", () => [new TimeDistributed(new Dense(4, "tanh"))]);
        yield return Line("TimeDistributed LSTM", "TimeDistributed", () => [new TimeDistributed(new LSTM(4))],
            new Shape(null, 4, 3));
        yield return Line("TimeDistributed, masked", "TimeDistributed",
            () => [new Masking(), new TimeDistributed(new GRU(4, returnSequences: true))], new Shape(null, 4, 3)) with
        { Masked = true };
        yield return Line("TimeDistributed model", "TimeDistributed", () =>
            [new TimeDistributed(new Sequential([new Dense(4, inputShape: 3), new Dense(2)]))]);
        yield return Line("SpectralNormalization", "SpectralNormalization", () => [new SpectralNormalization(new Dense(4))]);
    }

    internal static LayerCase Line(
        string name, string className, Func<IEnumerable<Layer>> layers, Shape? sample = null, int? ids = null, int steps = 7) =>
        new(name, className, () => new Sequential([new Input(sample ?? Sequence), .. layers()]), steps, ids);

    private static IEnumerable<string> ActivationKinds => ActivationNames.Registry.Names;
}
