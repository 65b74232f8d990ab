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
