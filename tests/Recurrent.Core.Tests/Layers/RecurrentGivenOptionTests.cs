using Recurrent.Layers;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>What is given to the constructors of the cells that Keras lacks, and of their layers, arrives, each option at its place.</summary>
[TestFixture]
public sealed class RecurrentGivenOptionTests
{
    private const int Seed = 7;

    private static readonly Shape Declared = (5, 3);

    private static IEnumerable<TestCaseData> Cases =>
    [
        Case(
            new CoupledLSTMCell(2, "relu", "elu", false, Seed, "mine"),
            new CoupledLSTM(2, "relu", "elu", false, Seed, true, true, true, true, true, "own", false, Declared),
            "units: 2", "activation: 'relu'", "recurrent_activation: 'elu'", "unit_forget_bias: false"),
        Case(
            new UGRNNCell(2, "relu", "elu", false, Seed, "mine"),
            new UGRNN(2, "relu", "elu", false, Seed, true, true, true, true, true, "own", false, Declared),
            "units: 2", "activation: 'relu'", "recurrent_activation: 'elu'", "unit_forget_bias: false"),
        Case(
            new JordanRNNCell(2, 3, "relu", "elu", true, "ones", new L1(0.5), "non_neg", Seed, "mine"),
            new JordanRNN(2, 3, "relu", "elu", true, "ones", new L1(0.5), "non_neg", Seed, true, true, true, true, true, "own", false, Declared),
            "units: 2", "outputs: 3", "activation: 'relu'", "output_activation: 'elu'", "output_first: true", "output_initializer: Ones{}",
            "output_regularizer: L1{l1: 0.5}", "output_constraint: NonNeg{}"),
        Case(
            new LayerNormLSTMCell(2, "relu", "elu", 0.5, false, Seed, "mine"),
            new LayerNormLSTM(2, "relu", "elu", 0.5, false, Seed, true, true, true, true, true, "own", false, Declared),
            "units: 2", "activation: 'relu'", "recurrent_activation: 'elu'", "epsilon: 0.5", "unit_forget_bias: false"),
        Case(
            new LayerNormGRUCell(2, "relu", "elu", 0.5, Seed, "mine"),
            new LayerNormGRU(2, "relu", "elu", 0.5, Seed, true, true, true, true, true, "own", false, Declared),
            "units: 2", "activation: 'relu'", "recurrent_activation: 'elu'", "epsilon: 0.5"),
        Case(
            new ProjectedLSTMCell(2, 1, "relu", "elu", "ones", new L1(0.5), "non_neg", false, Seed, "mine"),
            new ProjectedLSTM(2, 1, "relu", "elu", "ones", new L1(0.5), "non_neg", false, Seed, true, true, true, true, true, "own", false, Declared),
            "units: 2", "projection: 1", "activation: 'relu'", "recurrent_activation: 'elu'", "projection_initializer: Ones{}",
            "projection_regularizer: L1{l1: 0.5}", "projection_constraint: NonNeg{}", "unit_forget_bias: false"),
        Case(
            new PeepholeLSTMCell(2, "relu", "elu", true, true, "ones", new L1(0.5), "non_neg", false, Seed, "mine"),
            new PeepholeLSTM(2, "relu", "elu", true, true, "ones", new L1(0.5), "non_neg", false, Seed, true, true, true, true, true, "own", false, Declared),
            "units: 2", "activation: 'relu'", "recurrent_activation: 'elu'", "full_peepholes: true", "output_sees_previous_cell: true",
            "peephole_initializer: Ones{}", "peephole_regularizer: L1{l1: 0.5}", "peephole_constraint: NonNeg{}", "unit_forget_bias: false"),
        Case(
            new SLSTMCell(2, "relu", "elu", "exponential", false, Seed, "mine"),
            new SLSTM(2, "relu", "elu", "exponential", false, Seed, true, true, true, true, true, "own", false, Declared),
            "units: 2", "activation: 'relu'", "recurrent_activation: 'elu'", "forget_gate: 'exponential'", "unit_forget_bias: false"),
        Case(
            new MinGRUCell(2, "relu", "elu", Seed, "mine"),
            new MinGRU(2, "relu", "elu", Seed, true, true, true, true, true, "own", false, Declared),
            "units: 2", "activation: 'relu'", "recurrent_activation: 'elu'"),
        Case(
            new MinLSTMCell(2, "relu", Seed, "mine"),
            new MinLSTM(2, "relu", Seed, true, true, true, true, true, "own", false, Declared),
            "units: 2", "activation: 'relu'"),
        Case(
            new MinimalGRUCell(2, "relu", "elu", "mgu2", Seed, "mine"),
            new MinimalGRU(2, "relu", "elu", "mgu2", Seed, true, true, true, true, true, "own", false, Declared),
            "units: 2", "activation: 'relu'", "recurrent_activation: 'elu'", "variant: 'mgu2'"),
        Case(
            new IndRNNCell(2, "tanh", Seed, "mine"),
            new IndRNN(2, "tanh", Seed, true, true, true, true, true, "own", false, Declared),
            "units: 2", "activation: 'tanh'"),
        Case(
            new ConvLSTM1DCell(2, 3, 1, "same", 2, "relu", "elu", false, Seed, "mine"),
            new ConvLSTM1D(2, 3, 1, "same", 2, "relu", "elu", false, Seed, true, true, true, true, true, "own", false, (5, 6, 3)),
            "filters: 2", "kernel_size: [3]", "strides: [1]", "padding: 'same'", "dilation_rate: [2]", "activation: 'relu'",
            "recurrent_activation: 'elu'", "unit_forget_bias: false"),
    ];

    [TestCaseSource(nameof(Cases))]
    public void Every_option_arrives_at_its_place(RecurrentCell cell, RecurrentLayer layer, string[] entries)
    {
        string cellText = ConfigText.Of(cell);
        string layerText = ConfigText.Of(layer);
        foreach (string entry in (string[])[.. entries, $"seed: {Seed}"])
        {
            Assert.That(cellText, Does.Contain(entry));
            Assert.That(layerText, Does.Contain(entry));
        }

        Assert.That(cell.Name, Is.EqualTo("mine"));
        foreach (string entry in (string[])
            ["name: 'own'", "trainable: false", "return_sequences: true", "return_state: true", "go_backwards: true", "stateful: true", "zero_output_for_mask: true"])
        {
            Assert.That(layerText, Does.Contain(entry));
        }

        Assert.That(layer.DeclaredInputShape, Is.EqualTo(cell is ConvLSTM1DCell ? new Shape(5, 6, 3) : Declared));
        Assert.That(ConfigText.Of(CellNames.Registry.Create(ComponentConfig.Of(cell))), Is.EqualTo(cellText));
        Assert.That(ConfigText.Of(LayerNames.Registry.Create(ComponentConfig.Of(layer))), Is.EqualTo(layerText));
    }

    [Test]
    public void The_states_of_a_Jordan_network_are_what_it_carries()
    {
        Assert.That(new JordanRNNCell(2, 3).StateNames, Is.EqualTo(new[] { "output" }));
        Assert.That(new JordanRNNCell(2, 3, outputFirst: true).StateNames, Is.EqualTo(new[] { "hidden", "output" }));
    }

    [Test]
    public void A_cell_without_a_recurrent_kernel_has_no_options_of_one()
    {
        foreach (RecurrentCell cell in (RecurrentCell[])[new MinGRUCell(2), new MinLSTMCell(2)])
        {
            string[] keys = [.. ComponentConfig.Of(cell).Config.Select(entry => entry.Key).Where(key => key.StartsWith("recurrent_", StringComparison.Ordinal))];
            Assert.That(keys, Is.SubsetOf(new[] { "recurrent_activation" }), cell.ClassName);
        }
    }

    private static TestCaseData Case(RecurrentCell cell, RecurrentLayer layer, params string[] entries) =>
        new TestCaseData(cell, layer, entries).SetArgDisplayNames(layer.ClassName);
}
