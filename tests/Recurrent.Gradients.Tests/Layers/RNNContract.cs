using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

/// <summary>Any cell run by <see cref="RNN"/>: the cells of the layers, stacks of them, and cells with zoneout.</summary>
[TestFixture]
public sealed class RNNContract : LayerContract<RNNContract>, ILayerCases
{
    private const int Simple = 3 * (2 + 3 + 1);
    private const int Lstm = 4 * 3 * (2 + 3 + 1);
    private const int Gru = 3 * 3 * (2 + 3 + 2);
    private const int Stack = Lstm + (3 * 4 * (3 + 4 + 1)) + (2 * (4 + 2 + 1));

    public static IEnumerable<LayerCase> Cases =>
    [
        .. Of("SimpleRNNCell", Simple,
            (dropout, recurrentDropout) => new SimpleRNNCell(3, dropout: dropout, recurrentDropout: recurrentDropout)),
        .. Of("LSTMCell", Lstm,
            (dropout, recurrentDropout) => new LSTMCell(3, dropout: dropout, recurrentDropout: recurrentDropout)),
        .. Of("GRUCell", Gru,
            (dropout, recurrentDropout) => new GRUCell(3, dropout: dropout, recurrentDropout: recurrentDropout)),
        .. Of("stack", Stack, (dropout, recurrentDropout) => new StackedRNNCells([
            new LSTMCell(3, dropout: dropout),
            new GRUCell(4, resetAfter: false, dropout: dropout, recurrentDropout: recurrentDropout),
            new SimpleRNNCell(2, "gelu", recurrentDropout: recurrentDropout, seed: 3)])),
        .. Of("zoneout of LSTMCell", Lstm, (dropout, rate) => new ZoneoutCell(new LSTMCell(3, dropout: dropout), rate, rate / 2)),
        .. Of("zoneout of an LSTMCell with other activations", Lstm, (dropout, rate) => new ZoneoutCell(
            new LSTMCell(3, "gelu", "silu", dropout: dropout, recurrentDropout: rate), rate, rate / 2)),
        .. Of("zoneout of GRUCell", Gru - 9, (_, rate) => new ZoneoutCell(new GRUCell(3, resetAfter: false), rate)),
        .. Of("zoneout of SimpleRNNCell", Simple, (_, rate) => new ZoneoutCell(new SimpleRNNCell(3), rate, seed: 4)),
        .. Of("stack with zoneout", (2 * Simple) + 3, (_, rate) => new StackedRNNCells([
            new ZoneoutCell(new SimpleRNNCell(3), rate), new ZoneoutCell(new SimpleRNNCell(3), rate)])),
        .. Of("zoneout of PeepholeLSTMCell", Lstm + 9, (dropout, rate) => new ZoneoutCell(
            new PeepholeLSTMCell(3, options: new() { Dropout = dropout }), rate, rate / 2)),
        .. Of("zoneout of ProjectedLSTMCell", (4 * 3 * (2 + 2 + 1)) + 6, (_, rate) => new ZoneoutCell(
            new ProjectedLSTMCell(3, 2, options: new() { RecurrentDropout = rate }), rate, rate / 2)),
        .. Of("zoneout of LayerNormLSTMCell", Lstm + 30, (_, rate) => new ZoneoutCell(new LayerNormLSTMCell(3), rate, rate / 2)),
        .. Of("zoneout of JordanRNNCell", 36,
            (_, rate) => new ZoneoutCell(new JordanRNNCell(3, 2, outputFirst: true), rate, rate / 2)),
        .. Of("zoneout of CoupledLSTMCell", 3 * 3 * (2 + 3 + 1),
            (_, rate) => new ZoneoutCell(new CoupledLSTMCell(3), rate, rate / 2)),
        .. Of("zoneout of UGRNNCell", 2 * 3 * (2 + 3 + 1), (_, rate) => new ZoneoutCell(new UGRNNCell(3), rate)),
        .. Of("zoneout of IndRNNCell", 3 * (2 + 1 + 1),
            (_, rate) => new ZoneoutCell(new IndRNNCell(3, options: new() { Activation = "tanh" }), rate)),
        .. Of("zoneout of LayerNormGRUCell", (3 * 3 * (2 + 3 + 1)) + 21,
            (_, rate) => new ZoneoutCell(new LayerNormGRUCell(3), rate)),
        .. Of("stack of cells that Keras lacks", 36 + (3 * 3 * (2 + 3 + 1)) + 21 + (2 * 2 * (3 + 2 + 1)) + (3 * 3 * (2 + 3 + 1)),
            (dropout, rate) =>
            new StackedRNNCells([
                new JordanRNNCell(3, 2, outputFirst: true, options: new() { RecurrentDropout = rate }),
                new LayerNormGRUCell(3, options: new() { Dropout = dropout }),
                new UGRNNCell(2, options: new() { RecurrentDropout = rate }),
                new CoupledLSTMCell(3)])),
    ];

    private static IEnumerable<LayerCase> Of(string name, int weights, Func<double, double, RecurrentCell> cell) =>
        RecurrentCases.Common(weights, (sequences, backwards, zero, dropout, recurrentDropout) => new RNN(
            cell(dropout, recurrentDropout), returnSequences: sequences, goBackwards: backwards, zeroOutputForMask: zero))
        .Select(c => c with { Name = $"{name}, {c.Name}" });
}
