using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class ConvLSTM1DContract : LayerContract<ConvLSTM1DContract>, ILayerCases
{
    private const int Filters = 2;

    public static IEnumerable<LayerCase> Cases =>
    [
        .. Common("valid, 3 taps", Weights(3), new()),
        .. Common("same, 2 taps", Weights(2),
            new() { KernelSize = 2, Padding = "same", Activation = "gelu", GateActivation = "sigmoid" }),
        .. Common("strides 2", Weights(3), new() { Strides = 2 }),
        .. Both("same, strides 2", Weights(3), new() { Strides = 2, Padding = "same" }),
        .. Both("same, strides 3, 2 taps", Weights(2), new() { KernelSize = 2, Strides = 3, Padding = "same" }),
        .. Both("dilation 2", Weights(3), new() { Dilation = 2 }),
        .. Both("same, dilation 2, 4 taps", Weights(4), new() { KernelSize = 4, Dilation = 2, Padding = "same" }),
        .. Both("one tap", Weights(1), new() { KernelSize = 1 }),
        .. Both("as many taps as rows", Weights(5), new() { KernelSize = 5 }),
        .. Both("no bias", Weights(3) - (4 * Filters), new() { UseBias = false }),
        .. Both("no unit forget bias", Weights(3), new() { UnitForgetBias = false }),
        .. Both("softmax", Weights(3), new() { Activation = "softmax", GateActivation = "softmax" }),
        .. Both("cell", () => new RNN(new ConvLSTM1DCell(Filters, 3, options: new() { Seed = 3 }), returnSequences: true),
            Weights(3)),
        .. Both("zoneout of the cell", () => new RNN(new ZoneoutCell(new ConvLSTM1DCell(Filters, 3))), Weights(3)),
        .. Common("channels first", Weights(3), new() { ChannelsFirst = true }).Select(OfChannels),
        .. Common("channels first, same", Weights(2),
            new() { ChannelsFirst = true, KernelSize = 2, Padding = "same", Activation = "gelu" }).Select(OfChannels),
        .. Both("channels first, strides 2", Weights(3), new() { ChannelsFirst = true, Strides = 2 }).Select(OfChannels),
        .. Both("channels first, dilation 2", Weights(3), new() { ChannelsFirst = true, Dilation = 2 }).Select(OfChannels),
        .. Both("channels first, zoneout of the cell", () => new RNN(new ZoneoutCell(
            new ConvLSTM1DCell(Filters, 3, dataFormat: "channels_first"))), Weights(3)).Select(OfChannels),
        .. Common("rows masked one by one", Weights(3), new() { Padding = "same" }).Where(c => c.Mask is not null).Select(Holed),
        .. Both("rows masked one by one, softmax", Weights(3),
            new() { Padding = "same", Activation = "softmax", GateActivation = "softmax" }).Skip(1).Select(Holed),
        .. Both("rows masked one by one, zoneout", () => new RNN(new ZoneoutCell(
            new ConvLSTM1DCell(Filters, 3, padding: "same")), returnSequences: true), Weights(3)).Skip(1).Select(Holed),
        .. Common("channels masked one by one", Weights(3), new() { ChannelsFirst = true })
            .Where(c => c.Mask is not null).Select(OfChannels).Select(Holed),
        .. Both("channels masked one by one, zoneout", () => new RNN(new ZoneoutCell(
            new ConvLSTM1DCell(Filters, 3, dataFormat: "channels_first")), returnSequences: true), Weights(3))
            .Skip(1).Select(OfChannels).Select(Holed),
    ];

    /// <summary>A case whose steps have their channels before their rows.</summary>
    private static LayerCase OfChannels(LayerCase layerCase) => layerCase with
    {
        Sample = (RecurrentCases.Steps, RecurrentCases.Features, RecurrentCases.Rows),
        Mask = layerCase.Mask is null ? null
        : [.. layerCase.Mask.Chunk(RecurrentCases.Batch * RecurrentCases.Rows)
            .SelectMany(step => step.Take(RecurrentCases.Batch * RecurrentCases.Features))],
    };

    /// <summary>A case some of whose columns are masked beside those that are.</summary>
    private static LayerCase Holed(LayerCase layerCase) =>
        layerCase with { Mask = [.. layerCase.Mask!.Select((holdsData, i) => holdsData && (i * i) % 7 != 2)] };

    private static int Weights(int taps) => 4 * Filters * ((taps * (RecurrentCases.Features + Filters)) + 1);

    private static IEnumerable<LayerCase> Both(string name, int weights, Options options) =>
        Both(name, () => options.Create(true, false, false, 0, 0), weights);

    private static IEnumerable<LayerCase> Both(string name, Func<Layer> create, int weights) =>
        RecurrentCases.Both(name, create, weights).Select(RecurrentCases.OfRows);

    private static IEnumerable<LayerCase> Common(string name, int weights, Options options) =>
        RecurrentCases.Common(weights, options.Create).Select(c => RecurrentCases.OfRows(c with { Name = $"{name}, {c.Name}" }));

    private sealed record Options
    {
        public int KernelSize { get; init; } = 3;

        public int Strides { get; init; } = 1;

        public string Padding { get; init; } = "valid";

        public int Dilation { get; init; } = 1;

        public string Activation { get; init; } = "tanh";

        public string GateActivation { get; init; } = "sigmoid";

        public bool ChannelsFirst { get; init; }

        public bool UseBias { get; init; } = true;

        public bool UnitForgetBias { get; init; } = true;

        public ConvLSTM1D Create(bool sequences, bool backwards, bool zero, double dropout, double recurrentDropout) =>
            new ConvLSTM1D(
            Filters,
            KernelSize,
            Strides,
            Padding,
            Dilation,
            options: new()
            {
                Activation = Activation,
                RecurrentActivation = GateActivation,
                UnitForgetBias = UnitForgetBias,
                UseBias = UseBias,
                Dropout = dropout,
                RecurrentDropout = recurrentDropout
            },
            returnSequences: sequences,
            goBackwards: backwards,
            zeroOutputForMask: zero,
            dataFormat: ChannelsFirst ? "channels_first" : null);
    }
}
