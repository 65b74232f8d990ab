using Recurrent.Layers;
using Recurrent.Registration;

namespace Recurrent.Tests.Layers;

/// <summary>What layers say of the options that only their cells have, word for word.</summary>
[TestFixture]
public sealed class CellErrorTests
{
    private static IEnumerable<TestCaseData> Options =>
    [
        Case(
            () => new ProjectedLSTM(4, 5, name: "narrow"),
            "ProjectedLSTM 'narrow': projection must not be wider than the units, but is 5 of 4 units."),
        Case(() => new ProjectedLSTMCell(4, 5),
            "ProjectedLSTMCell: projection must not be wider than the units, but is 5 of 4 units."),
        Case(
            () => new ProjectedLSTM(0, 0),
            "ProjectedLSTM: units must be at least 1, but is 0; projection must be at least 1, but is 0."),
        Case(() => new JordanRNN(3, 0), "JordanRNN: outputs must be at least 1, but is 0."),
        Case(() => new JordanRNNCell(-1, 0),
            "JordanRNNCell: units must be at least 1, but is -1; outputs must be at least 1, but is 0."),
        Case(
            () => new LayerNormLSTM(1, name: "normed"),
            "LayerNormLSTM 'normed': units must be at least 2, but is 1: the normalisation of a single number does not "
            + "depend on it."),
        Case(() => new LayerNormLSTMCell(4, epsilon: 0), "LayerNormLSTMCell: epsilon must be a finite number above 0, but is 0."),
        Case(
            () => new LayerNormGRU(1, epsilon: -1),
            "LayerNormGRU: units must be at least 2, but is 1: the normalisation of a single number does not depend on it; " +
            "epsilon must be a finite number above 0, but is -1."),
        Case(() => new LayerNormGRUCell(0), "LayerNormGRUCell: units must be at least 1, but is 0."),
        Case(() => new PeepholeLSTM(0), "PeepholeLSTM: units must be at least 1, but is 0."),
        Case(() => new PeepholeLSTMCell(0, name: "eye"), "PeepholeLSTMCell 'eye': units must be at least 1, but is 0."),
        Case(() => new ProjectedLSTM(0, 1),
            "ProjectedLSTM: units must be at least 1, but is 0; projection must not be wider than the units, but is 1 of "
            + "0 units."),
        Case(() => new IndRNNCell(0), "IndRNNCell: units must be at least 1, but is 0."),
        Case(() => new MinimalGRUCell(0), "MinimalGRUCell: units must be at least 1, but is 0."),
        Case(() => new SLSTMCell(0), "SLSTMCell: units must be at least 1, but is 0."),
        Case(() => new MinLSTMCell(0), "MinLSTMCell: units must be at least 1, but is 0."),
        Case(() => new LRUCell(0), "LRUCell: units must be at least 1, but is 0; outputSize must be at least 1, but is 0."),
        Case(
            () => new LRU(3, outputSize: 0, rMin: 0.9, rMax: 0.5, maxPhase: 7, feedthrough: "half", name: "ring"),
            "LRU 'ring': outputSize must be at least 1, but is 0; rMin and rMax must be from 0 to 1, in this order, but are 0.9 "
            + "and 0.5; maxPhase must be above 0 and at most 2π, but is 7; feedthrough must be 'full' or 'diagonal' or 'none', "
            + "but is 'half'."),
        Case(() => new LRUCell(3, rMax: 1.5),
            "LRUCell: rMin and rMax must be from 0 to 1, in this order, but are 0 and 1.5."),
        Case(() => new LRUCell(3, rMin: double.NaN, maxPhase: 0),
            "LRUCell: rMin and rMax must be from 0 to 1, in this order, but are NaN and 1; maxPhase must be above 0 and at most "
            + "2π, but is 0."),
        Case(() => new LRU(3, dropout: 1), "LRU: dropout must be at least 0 and below 1, but is 1."),
        Case(() => new RGLRUCell(0), "RGLRUCell: units must be at least 1, but is 0."),
        Case(() => new RGLRU(6, blocks: 4), "RGLRU: blocks must divide the units, but 4 does not divide 6."),
        Case(() => new RGLRU(6, blocks: 0, exponent: 0, minDecay: 0, maxDecay: 1),
            "RGLRU: blocks must be at least 1, but is 0; exponent must be a finite number above 0, but is 0; minDecay and "
            + "maxDecay must be above 0, in this order, and below 1, but are 0 and 1."),
        Case(() => new RGLRUCell(2, options: new() { Activation = "tanh", RecurrentDropout = 0.5 }),
            "RGLRUCell: recurrentDropout must be 0, since no gate sees the state: there is nothing to drop. Use dropout, or "
            + "ZoneoutCell; activation and recurrentActivation cannot be set, since both gates are sigmoid and there is no "
            + "candidate."),
        Case(() => new MinGRUCell(0), "MinGRUCell: units must be at least 1, but is 0."),
        Case(() => new CoupledLSTM(0), "CoupledLSTM: units must be at least 1, but is 0."),
        Case(() => new CoupledLSTMCell(0), "CoupledLSTMCell: units must be at least 1, but is 0."),
        Case(() => new UGRNN(0), "UGRNN: units must be at least 1, but is 0."),
        Case(() => new UGRNNCell(0), "UGRNNCell: units must be at least 1, but is 0."),
        Case(() => new UGRNN(3, options: new() { Dropout = 1 }), "UGRNN: dropout must be at least 0 and below 1, but is 1."),
    ];

    [TestCaseSource(nameof(Options))]
    public void Options_out_of_range_are_refused(Func<object> create, string message) =>
        Assert.That(() => create(), Throws.ArgumentException.With.Message.EqualTo(message));

    [Test]
    public void A_projection_that_a_file_leaves_out_is_asked_for()
    {
        var config = new Config { { "units", 3 } };
        Assert.That(
            () => LayerNames.Registry.Create(new ComponentConfig("ProjectedLSTM", config)),
            Throws.TypeOf<ConfigException>().With.Message.Contains("'projection'"));
    }

    private static TestCaseData Case(Func<object> create, string message) =>
        new TestCaseData(create, message).SetArgDisplayNames(message);
}
