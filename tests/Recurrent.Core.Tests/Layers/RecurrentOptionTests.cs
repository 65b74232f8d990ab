using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Layers;
using Recurrent.Registration;
using Recurrent.Regularizers;

namespace Recurrent.Tests.Layers;

/// <summary>What is given to the constructors of recurrent layers and cells arrives, each option at its place, and defaults are
/// Keras's.</summary>
[TestFixture]
public sealed class RecurrentOptionTests
{
    private const string Given =
        "use_bias: false, kernel_initializer: Ones{}, recurrent_initializer: RandomUniform{seed: 1, minval: -1, maxval: 1}, " +
        "bias_initializer: Constant{value: 2}, ";

    private const string GivenPenalties =
        "kernel_regularizer: L1{l1: 0.5}, recurrent_regularizer: L1{l1: 0.25}, bias_regularizer: L1{l1: 0.125}, ";

    private const string GivenConstraints =
        "kernel_constraint: NonNeg{}, recurrent_constraint: UnitNorm{axis: 0}, bias_constraint: MaxNorm{max_value: 3, axis: 0}, ";

    private const string Defaults =
        "use_bias: true, kernel_initializer: GlorotUniform{seed: null, input_axes: null, output_axes: null}, "
        + "recurrent_initializer: Orthogonal{seed: null, gain: 1}, bias_initializer: Zeros{}, ";

    private const string NoPenalties = "kernel_regularizer: null, recurrent_regularizer: null, bias_regularizer: null, ";

    private const string NoConstraints =
        "kernel_constraint: null, recurrent_constraint: null, bias_constraint: null, dropout: 0, recurrent_dropout: 0, ";

    private static IEnumerable<TestCaseData> Cases =>
    [
        Case(
            "SimpleRNNCell",
            new SimpleRNNCell(
                2, "relu", false, "ones", new RandomUniform(-1, 1, seed: 1), new Constant(2),
                new L1(0.5), new L1(0.25), new L1(0.125),
                "non_neg", "unit_norm", new MaxNorm(3), 0.1, 0.2, 7, "mine"),
            "SimpleRNNCell{name: 'mine', trainable: true, units: 2, activation: 'relu', " + Given + GivenPenalties
            + GivenConstraints +
            "dropout: 0.1, recurrent_dropout: 0.2, seed: 7}"),
        Case(
            "LSTMCell",
            new LSTMCell(
                2, "relu", "elu", false, "ones", new RandomUniform(-1, 1, seed: 1), new Constant(2), false,
                new L1(0.5), new L1(0.25), new L1(0.125),
                "non_neg", "unit_norm", new MaxNorm(3), 0.1, 0.2, 7, "mine"),
            "LSTMCell{name: 'mine', trainable: true, units: 2, activation: 'relu', recurrent_activation: 'elu', " + Given +
            "unit_forget_bias: false, " + GivenPenalties + GivenConstraints + "dropout: 0.1, recurrent_dropout: 0.2, seed: 7}"),
        Case(
            "GRUCell",
            new GRUCell(
                2, "relu", "elu", false, "ones", new RandomUniform(-1, 1, seed: 1), new Constant(2),
                new L1(0.5), new L1(0.25), new L1(0.125),
                "non_neg", "unit_norm", new MaxNorm(3), 0.1, 0.2, false, 7, "mine"),
            "GRUCell{name: 'mine', trainable: true, units: 2, activation: 'relu', recurrent_activation: 'elu', " + Given
            + GivenPenalties +
            GivenConstraints + "dropout: 0.1, recurrent_dropout: 0.2, reset_after: false, seed: 7}"),
        Case(
            "SimpleRNNCell by default",
            new SimpleRNNCell(2),
            "SimpleRNNCell{name: 'simple_rnn_cell', trainable: true, units: 2, activation: 'tanh', " + Defaults
            + NoPenalties + NoConstraints +
            "seed: null}"),
        Case(
            "LSTMCell by default",
            new LSTMCell(2),
            "LSTMCell{name: 'lstm_cell', trainable: true, units: 2, activation: 'tanh', recurrent_activation: 'sigmoid', "
            + Defaults +
            "unit_forget_bias: true, " + NoPenalties + NoConstraints + "seed: null}"),
        Case(
            "GRUCell by default",
            new GRUCell(2),
            "GRUCell{name: 'gru_cell', trainable: true, units: 2, activation: 'tanh', recurrent_activation: 'sigmoid', "
            + Defaults +
            NoPenalties + NoConstraints + "reset_after: true, seed: null}"),
        Case(
            "ZoneoutCell",
            new ZoneoutCell(new LSTMCell(2, seed: 5), 0.2, 0.3, name: "mine"),
            "ZoneoutCell{name: 'mine', trainable: true, cell: " + ConfigText.Of(new LSTMCell(2, seed: 5))
            + ", hidden_rate: 0.2, cell_rate: 0.3, seed: 5}"),
        Case(
            "ZoneoutCell with a seed",
            new ZoneoutCell(new LSTMCell(2, seed: 5), seed: 6),
            "ZoneoutCell{name: 'zoneout_cell', trainable: true, cell: " + ConfigText.Of(new LSTMCell(2, seed: 5)) +
            ", hidden_rate: 0.1, cell_rate: 0.1, seed: 6}"),
    ];

    [TestCaseSource(nameof(Cases))]
    public void Every_option_is_in_the_config(RecurrentCell cell, string config)
    {
        Assert.That(ConfigText.Of(cell), Is.EqualTo(config));
        Assert.That(ConfigText.Of(CellNames.Registry.Create(ComponentConfig.Of(cell))), Is.EqualTo(config));
    }

    [Test]
    public void Layers_take_the_options_of_their_cells()
    {
        var lstm = new LSTM(
            2, "relu", "elu", false, "ones", new RandomUniform(-1, 1, seed: 1), new Constant(2), false,
            new L1(0.5), new L1(0.25), new L1(0.125), new L1(0.0625),
            "non_neg", "unit_norm", new MaxNorm(3), 0.1, 0.2, 7);
        var simple = new SimpleRNN(
            2, "relu", false, "ones", new RandomUniform(-1, 1, seed: 1), new Constant(2),
            new L1(0.5), new L1(0.25), new L1(0.125), new L1(0.0625),
            "non_neg", "unit_norm", new MaxNorm(3), 0.1, 0.2, 7);
        var gru = new GRU(
            2, "relu", "elu", false, "ones", new RandomUniform(-1, 1, seed: 1), new Constant(2),
            new L1(0.5), new L1(0.25), new L1(0.125), new L1(0.0625),
            "non_neg", "unit_norm", new MaxNorm(3), 0.1, 0.2, 7, resetAfter: false);
        foreach ((GatedLayer layer, string cell) in ((GatedLayer, string)[])[(lstm, "LSTMCell"), (simple, "SimpleRNNCell"),
            (gru, "GRUCell")])
        {
            var expected = (string)Cases.Single(each => each.TestName == $"{{m}}({cell})").Arguments[1]!;
            Assert.That(ConfigText.Of(layer.Cell).Replace($"'{LayerNames.SnakeCase(cell)}'", "'mine'", StringComparison.Ordinal),
                Is.EqualTo(expected));
            Assert.That(ConfigText.Of(layer), Does.Contain("activity_regularizer: L1{l1: 0.0625}"));
        }
    }

    [Test]
    public void Options_can_be_given_by_name_after_construction()
    {
        var cell = new LSTMCell(2, useBias: false, kernelInitializer: "ones",
            recurrentInitializer: new RandomUniform(-1, 1, seed: 1), biasInitializer: new Constant(2),
            kernelRegularizer: new L1(0.5), recurrentRegularizer: new L1(0.25), biasRegularizer: new L1(0.125),
            kernelConstraint: "non_neg", recurrentConstraint: "unit_norm", biasConstraint: new MaxNorm(3), dropout: 0.1,
            recurrentDropout: 0.2);
        Assert.That(
            ConfigText.Of(cell),
            Does.Contain(Given).And.Contain(GivenPenalties).And.Contain(GivenConstraints
                + "dropout: 0.1, recurrent_dropout: 0.2"));
    }

    private static IEnumerable<RecurrentCell> DefaultCells =>
    [
        new ConvLSTM1DCell(2, 3), new CoupledLSTMCell(2), new GRUCell(2), new IndRNNCell(2), new JordanRNNCell(2),
            new LayerNormGRUCell(2),
        new LRUCell(2), new RGLRUCell(2),
        new LayerNormLSTMCell(2), new LSTMCell(2), new MinGRUCell(2), new MinimalGRUCell(2), new MinLSTMCell(2),
            new PeepholeLSTMCell(2),
        new MLSTMCell(2), new S6Cell(2),
        new ProjectedLSTMCell(2, 1), new SLSTMCell(2), new SimpleRNNCell(2), new UGRNNCell(2), new ZoneoutCell(new LSTMCell(2)),
        new StackedRNNCells([new LSTMCell(2)]),
    ];

    [TestCaseSource(nameof(DefaultCells))]
    public void What_the_config_of_a_cell_leaves_out_is_as_the_constructor_has_it(RecurrentCell cell) =>
        Assert.That(ConfigText.Of(CellNames.Registry.Create(Least(cell))), Is.EqualTo(ConfigText.Of(cell)));

    [Test]
    public void Every_cell_is_among_them() =>
        Assert.That(DefaultCells.Select(cell => cell.ClassName), Is.EquivalentTo(CellNames.Registry.Names));

    private static IEnumerable<Layer> DefaultLayers =>
    [
        new ConvLSTM1D(2, 3), new CoupledLSTM(2), new GRU(2), new IndRNN(2), new JordanRNN(2), new LayerNormGRU(2),
            new LayerNormLSTM(2),
        new LRU(2), new RGLRU(2),
        new LSTM(2), new MinGRU(2), new MinimalGRU(2), new MinLSTM(2), new PeepholeLSTM(2), new ProjectedLSTM(2, 1), new SLSTM(2),
        new MLSTM(2), new S6(2), new SimpleRNN(2), new UGRNN(2), new RNN(new LSTMCell(2)), new Residual(new LSTM(2)),
        new Dilated(new LSTM(2), 3),
    ];

    [TestCaseSource(nameof(DefaultLayers))]
    public void What_the_config_of_a_layer_leaves_out_is_as_the_constructor_has_it(Layer layer) =>
        Assert.That(ConfigText.Of(LayerNames.Registry.Create(Least(layer))), Is.EqualTo(ConfigText.Of(layer)));

    /// <summary>The config without anything that has a default.</summary>
    private static ComponentConfig Least(IConfigurable component)
    {
        ComponentConfig whole = ComponentConfig.Of(component);
        var least = new Config();
        foreach (string key in (string[])["units", "filters", "kernel_size", "projection", "cell", "cells", "layer", "rate"])
        {
            if (whole.Config.FirstOrDefault(entry => entry.Key == key) is { Key: not null } entry)
            {
                least.Add(entry.Key, entry.Value);
            }
        }

        return new(whole.ClassName, least);
    }

    private static TestCaseData Case(string name, RecurrentCell cell, string config) =>
        new(cell, config) { TestName = $"{{m}}({name})" };
}
