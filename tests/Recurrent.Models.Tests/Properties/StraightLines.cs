using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Models;

/// <summary>A straight line of layers whose bits are pinned: every layer, with and without masks, ids, states and
/// penalties.</summary>
/// <param name="Name">Name of the line.</param>
/// <param name="Input">Shape of a sample.</param>
/// <param name="Layers">Makes the layers; configs and not constructors, since what files say changes least.</param>
internal sealed record StraightLine(string Name, Shape Input, Func<Layer[]> Layers)
{
    /// <summary>Number of ids of which samples are made; null where they are numbers.</summary>
    public int? Ids { get; init; }

    /// <summary>The lines.</summary>
    public static IReadOnlyList<StraightLine> All { get; } =
    [
        .. Recurrent("SimpleRNN", Units),
        .. Recurrent("LSTM", Units),
        .. Recurrent("LSTM_dropout", [.. Units, ("dropout", 0.2), ("recurrent_dropout", 0.3)]),
        .. Recurrent("LSTM_zero_output", [.. Units, ("zero_output_for_mask", true)]),
        .. Recurrent("GRU", Units),
        .. Recurrent("GRU_reset_before", [.. Units, ("reset_after", false)]),
        .. Recurrent("PeepholeLSTM", Units),
        .. Recurrent("ProjectedLSTM", [.. Units, ("projection", 3)]),
        .. Recurrent("CoupledLSTM", Units),
        .. Recurrent("LayerNormLSTM", Units),
        .. Recurrent("LayerNormGRU", Units),
        .. Recurrent("MinimalGRU", Units),
        .. Recurrent("MinLSTM", Units),
        .. Recurrent("MinGRU", Units),
        .. Recurrent("LRU", Units),
        .. Recurrent("RGLRU", Units),
        .. Recurrent("UGRNN", Units),
        .. Recurrent("SLSTM", Units),
        .. Recurrent("IndRNN", Units),
        .. Recurrent("JordanRNN", [.. Units, ("outputs", 3)]),
        Line("stacked_zoneout", Sequences, () =>
        [
            new RNN(new StackedRNNCells([new ZoneoutCell(new LSTMCell(3), 0.2, 0.1), new GRUCell(4)]), returnSequences: true),
            new RNN(new ZoneoutCell(new SimpleRNNCell(3), 0.3)), new Dense(2),
        ]),
        Line("conv_lstm", (5, 6, 2), () => [Named("ConvLSTM1D", ("filters", 3), ("kernel_size", 3), ("return_sequences", true)),
            Named("ConvLSTM1D", ("filters", 2), ("kernel_size", 2)), new Flatten(), new Dense(2)]),
        .. from mode in new[] { "concat", "sum", "mul", "ave" }
           select Line($"bidirectional_{mode}", Sequences,
               () => [new Masking(), new Bidirectional(new GRU(3, returnSequences: true), mode),
                   new Bidirectional(new LSTM(2), mode), new Dense(2)]),
        Line("bidirectional_penalties", Sequences, () =>
            [new Bidirectional(new LSTM(3, returnSequences: true, activityRegularizer: new L2(0.1))), new LSTM(2), new Dense(2)]),
        Line("time_distributed", (5, 4, 3), () => [new TimeDistributed(new LSTM(3)), new GRU(3), new Dense(2)]),
        Line("residual", Sequences, () => [new Dense(4), new Residual(new LSTM(4, returnSequences: true)),
            new Residual(new Dropout(0.2)), new GRU(3), new Dense(2)]),
        Line("dilated", Sequences,
            () => [new Dilated(new GRU(4, returnSequences: true), 2), new Dilated(new LSTM(3), 3), new Dense(2)]),
        Line("dilated_bidirectional", Sequences,
            () => [new Dilated(new Bidirectional(new GRU(2, returnSequences: true)), 2), new LSTM(3), new Dense(2)]),
        Line("backwards", Sequences, () => [new Masking(), new LSTM(3, returnSequences: true, goBackwards: true),
            new GRU(2, goBackwards: true), new Dense(2)]),
        Line("encoder_decoder", Sequences, () => [new LSTM(4), new RepeatVector(3), new GRU(3, returnSequences: true),
            new TimeDistributed(new Dense(2)), new Flatten()]),
        Line("norm_and_noise", Sequences, () =>
        [
            new SpatialDropout1D(0.3), new LayerNormalization(), new LSTM(4, returnSequences: true), new Activation("relu"),
            new LayerNormalization(axis: [1, 2]), new Dropout(0.3), new Flatten(), new Dense(2),
        ]),
        Line("dense", 6, () => [new Dense(7, "selu", kernelRegularizer: "l2", activityRegularizer: new L1(0.01)),
            new Dropout(0.4), new Dense(3, "tanh"), new Dense(2)]),
        Line("embedding", new([7]), () => [new Embedding(9, 4, embeddingsRegularizer: new L1(0.001)), new LSTM(3), new Dense(2)])
        with { Ids = 9 },
        Line("embedding_mask", new([7]),
            () => [new Embedding(9, 4, maskZero: true), new GRU(3, returnSequences: true), new Dense(2)]) with { Ids = 9 },
    ];

    private static Shape Sequences => (7, 3);

    private static (string Key, object? Value)[] Units => [("units", 4)];

    /// <summary>A model of the line.</summary>
    public Sequential Create(int threads, bool anyLength = false)
    {
        var model = new Sequential(seed: 11) { MaxDegreeOfParallelism = threads };
        model.Add(new Input(anyLength ? new([null, .. Input.Axes.Skip(1)]) : Input));
        foreach (Layer layer in Layers())
        {
            model.Add(layer);
        }

        model.Compile("adam", "mse", ["mae"]);
        return model;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>A recurrent layer by itself, behind a mask with a layer of its kind on it, and carrying its states.</summary>
    private static IEnumerable<StraightLine> Recurrent(string name, (string Key, object? Value)[] options)
    {
        string className = name.Split('_')[0];
        yield return Line(name, Sequences, () => [Named(className, options), new Dense(2)]);
        yield return Line($"{name}/masked", Sequences, () =>
            [new Masking(), Named(className, [.. options, ("return_sequences", true)]), Named(className, options), new Dense(2)]);
        yield return Line($"{name}/steps", Sequences,
            () => [new Masking(), Named(className, [.. options, ("return_sequences", true)]), new Dense(2)]);
        yield return Line($"{name}/stateful", Sequences,
            () => [Named(className, [.. options, ("return_sequences", true), ("stateful", true)]), new Dense(2)]);
    }

    private static StraightLine Line(string name, Shape input, Func<Layer[]> layers) => new(name, input, layers);

    private static Layer Named(string className, params (string Key, object? Value)[] options)
    {
        Config config = [];
        foreach ((string key, object? value) in options)
        {
            config.Add(key, value);
        }

        return LayerNames.Registry.Create(new ComponentConfig(className, config));
    }
}
