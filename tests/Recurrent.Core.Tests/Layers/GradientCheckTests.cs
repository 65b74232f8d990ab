using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>The check that users run on layers of their own: right layers pass, whatever the seed, and wrong ones fail.</summary>
[TestFixture]
public sealed class GradientCheckTests
{
    private static IEnumerable<TestCaseData> Library =>
        LibraryLayers.All.Select(layer => new TestCaseData(layer.Create, layer.Sample).SetArgDisplayNames(layer.Name));

    private static IEnumerable<LayerFault> LayerFaults => Enum.GetValues<LayerFault>().Where(fault => fault != LayerFault.None);

    private static IEnumerable<CellFault> CellFaults => Enum.GetValues<CellFault>().Where(fault => fault != CellFault.None);

    [TestCaseSource(nameof(Library))]
    public void Every_layer_of_the_library_passes(Func<Layer> create, Shape sample)
    {
        foreach (int seed in (int[])[0, 1])
        {
            AssertPasses(create, sample, seed);
        }
    }

    [Test]
    [Category("Slow")]
    public void Every_layer_of_the_library_passes_with_a_hundred_seeds() =>
        Parallel.ForEach(LibraryLayers.All, layer =>
        {
            // Of what a wrapper adds, a tenth will do.
            for (int seed = 0; seed < 100; seed += layer.IsWrapped ? 10 : 1)
            {
                AssertPasses(layer.Create, layer.Sample, seed);
            }
        });

    [TestCaseSource(nameof(LayerFaults))]
    public void A_wrong_layer_fails(LayerFault fault)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            GradientReport report = GradientCheck.Run(new FaultyLayer(fault, 0.4), (4, 3), batch: 2, seed: seed);
            Assert.That(report.Passed, Is.False, $"seed {seed}: {report}");
        }
    }

    [TestCaseSource(nameof(CellFaults))]
    public void A_wrong_cell_fails(CellFault fault)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            GradientReport report = GradientCheck.Run(new RNN(new FaultyCell(fault, new() { RecurrentDropout = 0.4 })), (5, 2),
                batch: 2, seed: seed);
            Assert.That(report.Passed, Is.False, $"seed {seed}: {report}");
        }
    }

    [Test]
    public void Without_a_fault_they_pass()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            AssertPasses(() => new FaultyLayer(LayerFault.None, 0.4), (4, 3), seed);
            AssertPasses(() => new RNN(new FaultyCell(CellFault.None, new() { RecurrentDropout = 0.4, Dropout = 0.2 }),
                returnSequences: true), (5, 2), seed);
        }
    }

    [Test]
    public void States_inside_wrappers_are_followed()
    {
        Assert.That(
            Names(new Dilated(new SLSTM(2), 2)),
            Is.SupersetOf((string[])
            [
                "initial state 'hidden' of dilated/slstm", "initial state 'cell' of dilated/slstm",
                "initial state 'normalizer' of dilated/slstm", "initial state 'stabilizer' of dilated/slstm",
            ]));
        Assert.That(Names(new Residual(new GRU(3, returnSequences: true))),
            Has.Member("initial state 'hidden' of residual/gru, with a mask"));
        Assert.That(
            Names(new Bidirectional(new LSTM(2))),
            Has.Member("initial state 'cell' of bidirectional/forward_lstm").And.Member(
            "initial state 'cell' of bidirectional/backward_lstm"));
        GradientReport report = GradientCheck.Run(
            new Dilated(new RNN(new FaultyCell(CellFault.CellStateDropped), returnSequences: true), 5), (5, 2), batch: 2);
        Assert.That(Wrong(report), Is.EquivalentTo((string[])
        [
            "initial state 'cell' of dilated/rnn", "initial state 'cell' of dilated/rnn, with a mask",
        ]));

        static string[] Names(Layer layer) => [.. GradientCheck.Run(layer, (4, 3)).Errors.Select(error => error.Name)];
    }

    [Test]
    public void Training_is_checked_where_it_differs()
    {
        GradientReport report = GradientCheck.Run(new FaultyLayer(LayerFault.DropoutForgotten, 0.4), (4, 3));
        Assert.That(Wrong(report), Has.All.Contains(", in training"));
        Assert.That(GradientCheck.Run(new FaultyLayer(LayerFault.DropoutForgotten, 0.4), (4, 3), training: false).Passed);
        Assert.That(GradientCheck.Run(new Dense(2), (4, 3)).Errors.Select(error => error.Name), Has.None.Contains("training"));
        Assert.That(GradientCheck.Run(new Dense(2), (4, 3), training: true).Errors.Select(error => error.Name),
            Has.All.Contains("training"));
    }

    [Test]
    public void A_kink_is_no_error_and_no_proof()
    {
        // A bias of which every unit stands exactly on the kink: zero weights, zero bias.
        var layer = new Dense(2, "relu", kernelInitializer: "zeros");
        layer.Build(new(3), 0);
        GradientReport report = GradientCheck.Run(layer, 3, batch: 1);
        GradientError bias = report.Errors.Single(error => error.Name.EndsWith("bias", StringComparison.Ordinal));
        Assert.That((bias.Places, bias.Unmeasured), Is.EqualTo((2, 2)), report.ToString());
        Assert.That(bias.Error, Is.Zero);
        Assert.That(report.Passed, Is.False, "nothing of the bias was measured");
        Assert.That(report.ToString(), Does.Contain("could not be measured, the others are the measured slopes (tolerance 1e-3).")
            .And.Contain("\n?      dense/bias").And.Contain("2 of 2 not measured").And.Contain(
            "\nNot measured: steps of different sizes disagree"));
    }

    [Test]
    public void What_shows_in_no_number_is_said_in_words()
    {
        Assert.That(Text(LayerFault.KernelSetByEachRun),
            Does.Contain("is not added to what is there (+=), as it must be, since a layer may be used several times"));
        Assert.That(Text(LayerFault.InputLeftOver),
            Does.Contain("WRONG  input").And.Contain("something is left over from the run before"));
        Assert.That(Text(LayerFault.OutputAdded),
            Does.Contain("WRONG  output").And.Contain("differs when the same pass runs again"));
        Assert.That(Text(LayerFault.KernelSign),
            Does.Contain("\nWRONG  faulty/kernel").And.Contain(" for a slope of ").And.Contain(
            "\nWRONG: Backward gives another number"));

        static string Text(LayerFault fault) => GradientCheck.Run(new FaultyLayer(fault, 0), (4, 3)).ToString();
    }

    [Test]
    public void Constraints_hold_while_it_is_checked()
    {
        var layer = new Dense(3, kernelConstraint: "non_neg");
        Assert.That(GradientCheck.Run(layer, 4).Passed);
        Assert.That(layer.Parameters[0].Value.Values, Has.All.GreaterThanOrEqualTo(0));
    }

    [Test]
    public void Samples_that_cannot_be_are_refused()
    {
        Assert.That(
            () => GradientCheck.Run(new Dense(3), (null, 4)),
            Throws.ArgumentException.With.Message.StartsWith(
            "The sample has shape (batch, ?, 4); give the length of every axis"));
        var layer = new Dense(3);
        layer.Build((5, 4), 0);
        Assert.That(
            () => GradientCheck.Run(layer, (5, 3)),
            Throws.ArgumentException.With.Message.StartsWith(
            "Dense 'dense' is built for samples of shape (batch, 5, 4), and cannot take (batch, 5, 3)."));
    }

    [Test]
    [Category("Slow")]
    public void Layers_of_any_size_pass([Values(1, 5)] int units, [Values(1, 3)] int batch, [Values(1, 2, 6)] int steps)
    {
        foreach (Func<Layer> create in (Func<Layer>[])
        [
            () => new SLSTM(units), () => new Bidirectional(new SLSTM(units)), () =>
                new Dilated(new SLSTM(units, forgetGate: "exponential"), 2),
            () => new MLSTM(units), () => new Bidirectional(new MLSTM(2 * units, 2)), () => new S6(units), () =>
                new Dilated(new S6(units, 3), 2),
            () => new LayerNormLSTM(units + 1), () => new LayerNormGRU(units + 1, returnSequences: true), () =>
                new JordanRNN(units),
            () => new SimpleRNN(units, "relu"), () => new SimpleRNN(units, "exponential"), () => new IndRNN(units),
            () => new LSTM(units, "relu6", "hard_sigmoid"), () => new GRU(units, recurrentDropout: 0.5),
            () => new Dense(units, "sparsemax"), () => new Dense(units, "relu"),
        ])
        {
            for (int seed = 0; seed < 4; seed++)
            {
                AssertPasses(create, (steps, 3), seed * 31, batch);
            }
        }
    }

    private static string[] Wrong(GradientReport report) =>
        [.. report.Errors.Where(error => error.Error > report.Tolerance).Select(error => error.Name)];

    private static void AssertPasses(Func<Layer> create, Shape sample, int seed, int batch = 2)
    {
        GradientReport report = GradientCheck.Run(create(), sample, batch, seed: seed);
        Assert.That(report.Passed, $"seed {seed}: {report}");
    }
}
