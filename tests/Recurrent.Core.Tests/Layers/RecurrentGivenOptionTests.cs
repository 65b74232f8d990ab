using Recurrent.Layers;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>What is given to the constructors of the cells that Keras lacks, and of their layers, arrives, each option at its
/// place.</summary>
[TestFixture]
public sealed class RecurrentGivenOptionTests
{
    private const int Seed = 7;

    private static readonly Shape Declared = (5, 3);

    private static IEnumerable<TestCaseData> Cases =>
    [
        Case(
            new CoupledLSTMCell(2, options: new() { Activation = "relu", RecurrentActivation = "elu", UnitForgetBias = false,
                Seed = Seed }, name: "mine"),
            new CoupledLSTM(2,
                options: new() { Activation = "relu", RecurrentActivation = "elu", UnitForgetBias = false, Seed = Seed },
                returnSequences: true, returnState: true, goBackwards: true, stateful: true, zeroOutputForMask: true, name: "own",
                trainable: false, inputShape: Declared),
            "units: 2", "activation: 'relu'", "recurrent_activation: 'elu'", "unit_forget_bias: false"),
        Case(
            new UGRNNCell(2, options: new() { Activation = "relu", RecurrentActivation = "elu", UnitForgetBias = false,
                Seed = Seed }, name: "mine"),
            new UGRNN(2, options: new() { Activation = "relu", RecurrentActivation = "elu", UnitForgetBias = false, Seed = Seed },
                returnSequences: true, returnState: true, goBackwards: true, stateful: true, zeroOutputForMask: true, name: "own",
                trainable: false, inputShape: Declared),
            "units: 2", "activation: 'relu'", "recurrent_activation: 'elu'", "unit_forget_bias: false"),
        Case(
            new JordanRNNCell(2, 3, "elu", true, outputKernel: new() { Initializer = "ones", Regularizer = new L1(0.5),
                Constraint = "non_neg" }, options: new() { Activation = "relu", Seed = Seed }, name: "mine"),
            new JordanRNN(2, 3, "elu", true,
                outputKernel: new() { Initializer = "ones", Regularizer = new L1(0.5), Constraint = "non_neg" },
                options: new() { Activation = "relu", Seed = Seed }, returnSequences: true, returnState: true, goBackwards: true,
                stateful: true, zeroOutputForMask: true, name: "own", trainable: false, inputShape: Declared),
            "units: 2", "outputs: 3", "activation: 'relu'", "output_activation: 'elu'", "output_first: true",
            "output_initializer: Ones{}",
            "output_regularizer: L1{l1: 0.5}", "output_constraint: NonNeg{}"),
        Case(
            new LayerNormLSTMCell(2, 0.5, options: new() { Activation = "relu", RecurrentActivation = "elu",
                UnitForgetBias = false, Seed = Seed }, name: "mine"),
            new LayerNormLSTM(2, 0.5,
                options: new() { Activation = "relu", RecurrentActivation = "elu", UnitForgetBias = false, Seed = Seed },
                returnSequences: true, returnState: true, goBackwards: true, stateful: true, zeroOutputForMask: true, name: "own",
                trainable: false, inputShape: Declared),
            "units: 2", "activation: 'relu'", "recurrent_activation: 'elu'", "epsilon: 0.5", "unit_forget_bias: false"),
        Case(
            new LayerNormGRUCell(2, 0.5, options: new() { Activation = "relu", RecurrentActivation = "elu", Seed = Seed },
                name: "mine"),
            new LayerNormGRU(2, 0.5, options: new() { Activation = "relu", RecurrentActivation = "elu", Seed = Seed },
                returnSequences: true, returnState: true, goBackwards: true, stateful: true, zeroOutputForMask: true, name: "own",
                trainable: false, inputShape: Declared),
            "units: 2", "activation: 'relu'", "recurrent_activation: 'elu'", "epsilon: 0.5"),
        Case(
            new ProjectedLSTMCell(2, 1,
                projectionKernel: new() { Initializer = "ones", Regularizer = new L1(0.5), Constraint = "non_neg" },
                options: new() { Activation = "relu", RecurrentActivation = "elu", UnitForgetBias = false, Seed = Seed },
                name: "mine"),
            new ProjectedLSTM(2, 1,
                projectionKernel: new() { Initializer = "ones", Regularizer = new L1(0.5), Constraint = "non_neg" },
                options: new() { Activation = "relu", RecurrentActivation = "elu", UnitForgetBias = false, Seed = Seed },
                returnSequences: true, returnState: true, goBackwards: true, stateful: true, zeroOutputForMask: true, name: "own",
                trainable: false, inputShape: Declared),
            "units: 2", "projection: 1", "activation: 'relu'", "recurrent_activation: 'elu'", "projection_initializer: Ones{}",
            "projection_regularizer: L1{l1: 0.5}", "projection_constraint: NonNeg{}", "unit_forget_bias: false"),
        Case(
            new PeepholeLSTMCell(2, true, true,
                peepholeKernel: new() { Initializer = "ones", Regularizer = new L1(0.5), Constraint = "non_neg" },
                options: new() { Activation = "relu", RecurrentActivation = "elu", UnitForgetBias = false, Seed = Seed },
                name: "mine"),
            new PeepholeLSTM(2, true, true,
                peepholeKernel: new() { Initializer = "ones", Regularizer = new L1(0.5), Constraint = "non_neg" },
                options: new() { Activation = "relu", RecurrentActivation = "elu", UnitForgetBias = false, Seed = Seed },
                returnSequences: true, returnState: true, goBackwards: true, stateful: true, zeroOutputForMask: true, name: "own",
                trainable: false, inputShape: Declared),
            "units: 2", "activation: 'relu'", "recurrent_activation: 'elu'", "full_peepholes: true",
            "output_sees_previous_cell: true",
            "peephole_initializer: Ones{}", "peephole_regularizer: L1{l1: 0.5}", "peephole_constraint: NonNeg{}",
            "unit_forget_bias: false"),
        Case(
            new SLSTMCell(2, "exponential", options: new() { Activation = "relu", RecurrentActivation = "elu",
                UnitForgetBias = false, Seed = Seed }, name: "mine"),
            new SLSTM(2, "exponential",
                options: new() { Activation = "relu", RecurrentActivation = "elu", UnitForgetBias = false, Seed = Seed },
                returnSequences: true, returnState: true, goBackwards: true, stateful: true, zeroOutputForMask: true, name: "own",
                trainable: false, inputShape: Declared),
            "units: 2", "activation: 'relu'", "recurrent_activation: 'elu'", "forget_gate: 'exponential'",
            "unit_forget_bias: false"),
        Case(
            new MLSTMCell(
                4, 2, 3, "exponential", (1, -0.5),
                new() { Activation = "relu", RecurrentActivation = "elu", Seed = Seed }, "mine"),
            new MLSTM(
                4, 2, 3, "exponential", (1, -0.5), new() { Activation = "relu", RecurrentActivation = "elu", Seed = Seed },
                returnSequences: true, returnState: true, goBackwards: true, stateful: true, zeroOutputForMask: true, name: "own",
                trainable: false, inputShape: Declared),
            "units: 4", "activation: 'relu'", "recurrent_activation: 'elu'", "num_heads: 2", "key_dim: 3",
            "forget_gate: 'exponential'", "forget_bias: [1, -0.5]"),
        Case(
            new S6Cell(3, 4, 2, false, new() { Activation = "relu", Seed = Seed }, "mine"),
            new S6(
                3, 4, 2, false, new() { Activation = "relu", Seed = Seed }, returnSequences: true, returnState: true,
                goBackwards: true, stateful: true, zeroOutputForMask: true, name: "own", trainable: false, inputShape: Declared),
            "units: 3", "activation: 'relu'", "state_size: 4", "delta_rank: 2", "project_input: false"),
        Case(
            new MinGRUCell(2, options: new() { Activation = "relu", RecurrentActivation = "elu", Seed = Seed }, name: "mine"),
            new MinGRU(2, options: new() { Activation = "relu", RecurrentActivation = "elu", Seed = Seed }, returnSequences: true,
                returnState: true, goBackwards: true, stateful: true, zeroOutputForMask: true, name: "own", trainable: false,
                inputShape: Declared),
            "units: 2", "activation: 'relu'", "recurrent_activation: 'elu'"),
        Case(
            new MinLSTMCell(2, options: new() { Activation = "relu", Seed = Seed }, name: "mine"),
            new MinLSTM(2, options: new() { Activation = "relu", Seed = Seed }, returnSequences: true, returnState: true,
                goBackwards: true, stateful: true, zeroOutputForMask: true, name: "own", trainable: false, inputShape: Declared),
            "units: 2", "activation: 'relu'"),
        Case(
            new LRUCell(2, 4, 0.25, 0.5, 3, false, "diagonal", kernel: new() { Initializer = "ones", Regularizer = new L1(0.5) },
                outputKernel: new() { Initializer = "zeros", Constraint = "non_neg" }, dropout: 0.125, seed: Seed, name: "mine"),
            new LRU(2, 4, 0.25, 0.5, 3, false, "diagonal", kernel: new() { Initializer = "ones", Regularizer = new L1(0.5) },
                outputKernel: new() { Initializer = "zeros", Constraint = "non_neg" }, dropout: 0.125, seed: Seed,
                returnSequences: true, returnState: true, goBackwards: true, stateful: true, zeroOutputForMask: true, name: "own",
                trainable: false, inputShape: Declared),
            "units: 2", "output_size: 4", "r_min: 0.25", "r_max: 0.5", "max_phase: 3", "normalize: false",
            "feedthrough: 'diagonal'", ", kernel_initializer: Ones{}", ", kernel_regularizer: L1{l1: 0.5}",
            "output_kernel_initializer: Zeros{}", "output_kernel_constraint: NonNeg{}", "dropout: 0.125"),
        Case(
            new RGLRUCell(4, 2, 5, 0.25, 0.5, true, options: new() { UseBias = false, Seed = Seed }, name: "mine"),
            new RGLRU(4, 2, 5, 0.25, 0.5, true, options: new() { UseBias = false, Seed = Seed }, returnSequences: true,
                returnState: true, goBackwards: true, stateful: true, zeroOutputForMask: true, name: "own", trainable: false,
                inputShape: Declared),
            "units: 4", "blocks: 2", "exponent: 5", "min_decay: 0.25", "max_decay: 0.5", "project_input: true",
            "use_bias: false"),
        Case(
            new MinimalGRUCell(2, "mgu2", options: new() { Activation = "relu", RecurrentActivation = "elu", Seed = Seed },
                name: "mine"),
            new MinimalGRU(2, "mgu2", options: new() { Activation = "relu", RecurrentActivation = "elu", Seed = Seed },
                returnSequences: true, returnState: true, goBackwards: true, stateful: true, zeroOutputForMask: true, name: "own",
                trainable: false, inputShape: Declared),
            "units: 2", "activation: 'relu'", "recurrent_activation: 'elu'", "variant: 'mgu2'"),
        Case(
            new IndRNNCell(2, options: new() { Activation = "tanh", Seed = Seed }, name: "mine"),
            new IndRNN(2, options: new() { Activation = "tanh", Seed = Seed }, returnSequences: true, returnState: true,
                goBackwards: true, stateful: true, zeroOutputForMask: true, name: "own", trainable: false, inputShape: Declared),
            "units: 2", "activation: 'tanh'"),
        Case(
            new ConvLSTM1DCell(2, 3, 1, "same", 2, options: new() { Activation = "relu", RecurrentActivation = "elu",
                UnitForgetBias = false, Seed = Seed }, name: "mine"),
            new ConvLSTM1D(2, 3, 1, "same", 2,
                options: new() { Activation = "relu", RecurrentActivation = "elu", UnitForgetBias = false, Seed = Seed },
                returnSequences: true, returnState: true, goBackwards: true, stateful: true, zeroOutputForMask: true, name: "own",
                trainable: false, inputShape: (5, 6, 3)),
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
            ["name: 'own'", "trainable: false", "return_sequences: true", "return_state: true", "go_backwards: true",
                "stateful: true", "zero_output_for_mask: true"])
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
            string[] keys = [.. ComponentConfig.Of(cell).Config.Select(entry => entry.Key)
                .Where(key => key.StartsWith("recurrent_", StringComparison.Ordinal))];
            Assert.That(keys, Is.SubsetOf(new[] { "recurrent_activation" }), cell.ClassName);
        }
    }

    private static TestCaseData Case(RecurrentCell cell, RecurrentLayer layer, params string[] entries) =>
        new TestCaseData(cell, layer, entries).SetArgDisplayNames(layer.ClassName);
}
