using Recurrent.Inspection;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Inspection;

[TestFixture]
public sealed class ModelTraceTests
{
    private static readonly NDArray X = new float[,,]
    {
        { { 0.5f, -1 }, { 1, 0.25f }, { -0.75f, 0.5f } },
        { { 0.1f, 0.2f }, { -0.3f, 0.4f }, { 0, 0 } },
    };

    [Test]
    public void The_gates_of_an_LSTM_make_its_states()
    {
        Sequential model = Model(new LSTM(4, returnSequences: true));
        LayerTrace trace = model.Trace(X)["lstm"];
        Assert.That(trace.Cell, Is.EqualTo("LSTMCell"));
        Assert.That(trace.Gates.Select(gate => gate.Name), Is.EqualTo(new[] { "input", "forget", "candidate", "output" }));
        Assert.That(trace["hidden"].Values, Is.EqualTo(model.Predict(X).Values));
        ForEach((sample, t, unit) =>
        {
            double before = t == 0 ? 0 : trace["cell"][sample, t - 1, unit];
            double cell = (trace["forget"][sample, t, unit] * before)
                + (trace["input"][sample, t, unit] * trace["candidate"][sample, t, unit]);
            Assert.That(trace["cell"][sample, t, unit], Is.EqualTo(cell).Within(1e-6));
            Assert.That(trace["hidden"][sample, t, unit], Is.EqualTo(trace["output"][sample, t, unit] * Math.Tanh(cell))
                .Within(1e-6));
        });
    }

    [TestCase(true)]
    [TestCase(false)]
    public void The_gates_of_a_GRU_make_its_state(bool resetAfter)
    {
        Sequential model = Model(new GRU(4, returnSequences: true, resetAfter: resetAfter));
        LayerTrace trace = model.Trace(X)["gru"];
        Assert.That(trace["hidden"].Values, Is.EqualTo(model.Predict(X).Values));
        ForEach((sample, t, unit) =>
        {
            double before = t == 0 ? 0 : trace["hidden"][sample, t - 1, unit];
            double update = trace["update"][sample, t, unit];
            Assert.That(trace["reset"][sample, t, unit], Is.InRange(0, 1));
            Assert.That(
                trace["hidden"][sample, t, unit],
                Is.EqualTo((update * before) + ((1 - update) * trace["candidate"][sample, t, unit])).Within(1e-6));
        });
    }

    [Test]
    public void The_gates_of_MLSTM_and_S6_make_their_states()
    {
        LayerTrace matrix = Model(new MLSTM(4, 2, 3)).Trace(X)["mlstm"];
        LayerTrace space = Model(new S6(4, 3)).Trace(X)["s6"];
        Assert.That(matrix.Gates.Select(gate => gate.Name), Is.EqualTo(new[] { "input", "forget", "output" }));
        Assert.That(matrix["input"].Shape, Is.EqualTo(new[] { 2, 3, 2 }));
        Assert.That(matrix["output"].Shape, Is.EqualTo(new[] { 2, 3, 4 }));
        Assert.That(matrix["memory"].Shape, Is.EqualTo(new[] { 2, 3, 12 }));
        Assert.That(matrix["input"].Values, Has.All.InRange(0, 1));
        Assert.That(matrix["memory"].Values, Has.All.Not.Zero);
        Assert.That(space["delta"].Shape, Is.EqualTo(new[] { 2, 3, 4 }));
        Assert.That(space["delta"].Values, Has.All.GreaterThan(0));
        Assert.That(space["state"].Values, Has.Some.Not.Zero);
    }

    [Test]
    public void The_gates_of_the_newer_cells_make_their_states()
    {
        LayerTrace update = Model(new MinGRU(4)).Trace(X)["min_gru"];
        LayerTrace scaled = Model(new MinLSTM(4)).Trace(X)["min_lstm"];
        LayerTrace minimal = Model(new MinimalGRU(4)).Trace(X)["minimal_gru"];
        LayerTrace stabilized = Model(new SLSTM(4)).Trace(X)["slstm"];
        ForEach((sample, t, unit) =>
        {
            Assert.That(At(update, "hidden"), Is.EqualTo(Mixed(update, At(update, "update"))).Within(1e-6));
            Assert.That(At(minimal, "hidden"), Is.EqualTo(Mixed(minimal, At(minimal, "forget"))).Within(1e-6));
            Assert.That(At(scaled, "input") + At(scaled, "forget"), Is.EqualTo(1).Within(1e-6));
            Assert.That(At(scaled, "hidden"), Is.EqualTo(Mixed(scaled, At(scaled, "input"))).Within(1e-6));
            double cell = (At(stabilized, "forget") * Before(stabilized, "cell"))
                + (At(stabilized, "input") * At(stabilized, "candidate"));
            double normalizer = (At(stabilized, "forget") * Before(stabilized, "normalizer")) + At(stabilized, "input");
            Assert.That(At(stabilized, "hidden"), Is.EqualTo(At(stabilized, "output") * cell / normalizer).Within(1e-5));

            double At(LayerTrace trace, string name) => trace[name][sample, t, unit];

            double Before(LayerTrace trace, string name) => t == 0 ? 0 : trace[name][sample, t - 1, unit];

            double Mixed(LayerTrace trace, double share) =>
                ((1 - share) * Before(trace, "hidden")) + (share * At(trace, "candidate"));
        });
    }

    [Test]
    public void The_gates_of_the_kin_of_the_LSTM_make_its_states()
    {
        LayerTrace peephole = Model(new PeepholeLSTM(4)).Trace(X)["peephole_lstm"];
        LayerTrace coupled = Model(new CoupledLSTM(4)).Trace(X)["coupled_lstm"];
        LayerTrace normalized = Model(new LayerNormLSTM(4)).Trace(X)["layer_norm_lstm"];
        LayerTrace projected = Model(new ProjectedLSTM(4, 2)).Trace(X)["projected_lstm"];
        Assert.That(projected["hidden"].Shape, Is.EqualTo(new[] { 2, 3, 2 }));
        ForEach((sample, t, unit) =>
        {
            foreach (LayerTrace trace in (LayerTrace[])[peephole, normalized, projected])
            {
                double cell = (At(trace, "forget") * Before(trace, "cell")) + (At(trace, "input") * At(trace, "candidate"));
                Assert.That(At(trace, "cell"), Is.EqualTo(cell).Within(1e-6), trace.Cell);
            }

            Assert.That(At(peephole, "hidden"), Is.EqualTo(At(peephole, "output") * Math.Tanh(At(peephole, "cell")))
                .Within(1e-6));
            double mixed = (At(coupled, "forget") * Before(coupled, "cell"))
                + ((1 - At(coupled, "forget")) * At(coupled, "candidate"));
            Assert.That(At(coupled, "cell"), Is.EqualTo(mixed).Within(1e-6));
            Assert.That(At(coupled, "hidden"), Is.EqualTo(At(coupled, "output") * Math.Tanh(mixed)).Within(1e-6));

            double At(LayerTrace trace, string name) => trace[name][sample, t, unit];

            double Before(LayerTrace trace, string name) => t == 0 ? 0 : trace[name][sample, t - 1, unit];
        });
    }

    [Test]
    public void The_gates_of_the_kin_of_the_GRU_make_its_state()
    {
        LayerTrace normalized = Model(new LayerNormGRU(4)).Trace(X)["layer_norm_gru"];
        LayerTrace ugrnn = Model(new UGRNN(4)).Trace(X)["ugrnn"];
        ForEach((sample, t, unit) =>
        {
            foreach (LayerTrace trace in (LayerTrace[])[normalized, ugrnn])
            {
                double before = t == 0 ? 0 : trace["hidden"][sample, t - 1, unit];
                double update = trace["update"][sample, t, unit];
                Assert.That(
                    trace["hidden"][sample, t, unit],
                    Is.EqualTo((update * before) + ((1 - update) * trace["candidate"][sample, t, unit])).Within(1e-6),
                    trace.Cell);
            }
        });
    }

    [Test]
    public void Cells_inside_cells_show_their_gates()
    {
        LayerTrace zoneout = Model(new RNN(new ZoneoutCell(new LSTMCell(4), 0.25, 0.5))).Trace(X)["rnn"];
        LayerTrace stack = Model(new RNN(new StackedRNNCells(new LSTMCell(4), new ZoneoutCell(new GRUCell(4), 0))))
            .Trace(X)["rnn"];
        Assert.That(zoneout.Gates.Select(gate => gate.Name), Is.EqualTo(new[] { "input", "forget", "candidate", "output" }));
        Assert.That(
            stack.Gates.Select(gate => gate.Name),
            Is.EqualTo(new[] { "input_0", "forget_0", "candidate_0", "output_0", "update_1", "reset_1", "candidate_1" }));
        ForEach((sample, t, unit) =>
        {
            double before = Before(zoneout, "cell");
            double computed = (At(zoneout, "forget") * before) + (At(zoneout, "input") * At(zoneout, "candidate"));
            Assert.That(At(zoneout, "cell"), Is.EqualTo((0.5 * before) + (0.5 * computed)).Within(1e-6));
            double cell = (At(stack, "forget_0") * Before(stack, "cell_0")) + (At(stack, "input_0") * At(stack, "candidate_0"));
            Assert.That(At(stack, "cell_0"), Is.EqualTo(cell).Within(1e-6));
            double hidden = (At(stack, "update_1") * Before(stack, "hidden_1"))
                + ((1 - At(stack, "update_1")) * At(stack, "candidate_1"));
            Assert.That(At(stack, "hidden_1"), Is.EqualTo(hidden).Within(1e-6));

            double At(LayerTrace trace, string name) => trace[name][sample, t, unit];

            double Before(LayerTrace trace, string name) => t == 0 ? 0 : trace[name][sample, t - 1, unit];
        });
    }

    /// <summary>Its output is V·h: the first row of V, and no bias yet.</summary>
    [Test]
    public void The_hidden_values_of_a_Jordan_network_are_shown_though_they_are_no_state()
    {
        Sequential model = Model(new JordanRNN(4, 2));
        LayerTrace trace = model.Trace(X)["jordan_rnn"];
        NDArray outputKernel = model.GetWeights()[3];
        Assert.That(outputKernel.Shape, Is.EqualTo(new[] { 4, 2 }));
        for (int t = 0; t < 3; t++)
        {
            double y = Enumerable.Range(0, 4).Sum(unit => outputKernel[unit, 0] * trace["hidden"][1, t, unit]);
            Assert.That(trace["output"][1, t, 0], Is.EqualTo(y).Within(1e-6));
        }
    }

    [Test]
    public void What_a_layer_hands_on_is_shown_beside_its_states()
    {
        var masked = new Sequential([new Masking(inputShape: (3, 2)), new LSTM(4, returnSequences: true, zeroOutputForMask: true),
            new GRU(4)], seed: 1);
        ModelTrace trace = masked.Trace(X);
        Assert.That(trace["gru"].Output.Shape, Is.EqualTo(new[] { 2, 1, 4 }));
        Assert.That(trace["gru"].Output.Values, Is.EqualTo(masked.Predict(X).Values));
        Assert.That(trace["lstm"].Output.Shape, Is.EqualTo(new[] { 2, 3, 4 }));
        for (int unit = 0; unit < 4; unit++)
        {
            Assert.That(trace["lstm"].Output[1, 2, unit], Is.Zero, "the step is masked");
            Assert.That(trace["lstm"]["hidden"][1, 2, unit], Is.Not.Zero);
            Assert.That(trace["lstm"].Output[1, 1, unit], Is.EqualTo(trace["lstm"]["hidden"][1, 1, unit]));
        }
    }

    [TestCase(2)]
    [TestCase(3)]
    [TestCase(5)]
    public void Dilated_layers_that_read_both_ways_are_shown_in_their_order_of_reading(int rate)
    {
        var model = new Sequential([new Dilated(new Bidirectional(new GRU(4, returnSequences: true)), rate, inputShape: (3, 2))],
            seed: 1);
        ModelTrace trace = model.Trace(X);
        LayerTrace backward = trace["dilated/bidirectional/backward_gru"];
        NDArray y = model.Predict(X);
        model.Compile("sgd", "mse");
        ForEach((sample, t, unit) =>
        {
            double before = t < rate ? 0 : backward["hidden"][sample, t - rate, unit];
            double update = backward["update"][sample, t, unit];
            double hidden = (update * before) + ((1 - update) * backward["candidate"][sample, t, unit]);
            Assert.That(backward["hidden"][sample, t, unit], Is.EqualTo(hidden).Within(1e-6));
            Assert.That(backward.Output[sample, t, unit], Is.EqualTo(y[sample, 2 - t, 4 + unit]));
            Assert.That(trace["dilated/bidirectional/forward_gru"].Output[sample, t, unit], Is.EqualTo(y[sample, t, unit]));
        });
        Assert.That(model.GradientFlow(X, new NDArray(2, 3, 8)).Layers.Select(layer => layer.Norms.Count),
            Is.EqualTo(new[] { 3, 3 }));
    }

    [Test]
    public void Of_a_dilated_layer_the_output_of_its_last_step_is_shown()
    {
        var model = new Sequential([new Masking(inputShape: (3, 2)), new Dilated(new LSTM(4), 2)], seed: 1);
        Assert.That(model.Trace(X)["dilated/lstm"].Output.Values, Is.EqualTo(model.Predict(X).Values));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(5)]
    public void A_dilated_layer_is_shown_by_the_steps_of_the_sequence(int rate)
    {
        var model = new Sequential([new Dilated(new LSTM(4, returnSequences: true), rate, inputShape: (3, 2))]);
        LayerTrace trace = model.Trace(X)["dilated/lstm"];
        Assert.That(trace["hidden"].Values, Is.EqualTo(model.Predict(X).Values));
        ForEach((sample, t, unit) =>
        {
            double before = t < rate ? 0 : trace["cell"][sample, t - rate, unit];
            double cell = (trace["forget"][sample, t, unit] * before)
                + (trace["input"][sample, t, unit] * trace["candidate"][sample, t, unit]);
            Assert.That(trace["cell"][sample, t, unit], Is.EqualTo(cell).Within(1e-6));
        });
    }

    [Test]
    public void Inside_TimeDistributed_each_step_is_a_sequence()
    {
        var model = new Sequential([new TimeDistributed(new LSTM(4, returnSequences: true), inputShape: (2, 3, 2))]);
        var x = new NDArray(2, 2, 3, 2);
        X.Values.CopyTo(x.Values, 0);
        X.Values.AsSpan().CopyTo(x.Values.AsSpan(X.Size));
        x[1, 0, 0, 0] = 2;
        LayerTrace trace = model.Trace(x)["time_distributed/lstm"];
        NDArray output = model.Predict(x);
        for (int sample = 0; sample < 2; sample++)
        {
            for (int step = 0; step < 2; step++)
            {
                Assert.That(
                    trace["hidden"].Slice((step * 2) + sample, 1).Values,
                        Is.EqualTo(output.Values.AsSpan(((sample * 2) + step) * 12, 12).ToArray()));
            }
        }
    }

    [Test]
    public void A_convolution_has_its_places_in_the_trace()
    {
        var model = new Sequential([new ConvLSTM1D(2, 3, inputShape: (3, 4, 1))]);
        var x = new NDArray(1, 3, 4, 1);
        x[0, 1, 2, 0] = 1;
        LayerTrace trace = model.Trace(x)["conv_lstm1d"];
        Assert.That(trace["forget"].Shape, Is.EqualTo(new[] { 1, 3, 4 }));
        Assert.That(trace["hidden"].Values.AsSpan(8).ToArray(), Is.EqualTo(model.Predict(x).Values));
        Assert.That(trace.Output.Shape, Is.EqualTo(new[] { 1, 1, 4 }));
        Assert.That(trace.Output.Values, Is.EqualTo(model.Predict(x).Values));
    }

    [Test]
    public void A_masked_step_keeps_its_state()
    {
        var model = new Sequential([new Masking(0, inputShape: (3, 2)), new SimpleRNN(4)]);
        LayerTrace trace = model.Trace(X)["simple_rnn"];
        Assert.That(trace.Gates, Is.Empty);
        for (int unit = 0; unit < 4; unit++)
        {
            Assert.That(trace["hidden"][1, 2, unit], Is.EqualTo(trace["hidden"][1, 1, unit]));
            Assert.That(trace["hidden"][0, 2, unit], Is.Not.EqualTo(trace["hidden"][0, 1, unit]));
        }
    }

    [Test]
    public void A_model_has_a_trace_of_every_recurrent_layer()
    {
        var model = new Sequential(
            [new LSTM(4, returnSequences: true, inputShape: (3, 2)), new Dense(3), new RNN(new GRUCell(2)), new Dense(1)]);
        ModelTrace trace = model.Trace(X);
        Assert.That(trace.Layers.Select(layer => layer.Layer), Is.EqualTo(new[] { "lstm", "rnn" }));
        Assert.That(trace["rnn"]["update"].Shape, Is.EqualTo(new[] { 2, 3, 2 }));
    }

    [Test]
    public void What_is_not_there_is_told()
    {
        ModelTrace trace = Model(new LSTM(4)).Trace(X);
        Assert.That(() => trace["gru"], Throws.TypeOf<KeyNotFoundException>().With.Message.EqualTo("Model 'sequential' has no "
            + "recurrent layer 'gru'. It has lstm."));
        Assert.That(
            () => trace["lstm"]["reset"],
            Throws.TypeOf<KeyNotFoundException>().With.Message.EqualTo(
            "Layer 'lstm' has no 'reset'. It has input, forget, candidate, output, hidden, cell."));
        Assert.That(() => trace.ToHtml(sample: 2), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Sequential().Trace(X), Throws.InvalidOperationException);
    }

    [Test]
    public void The_page_shows_every_gate_and_state()
    {
        string page = Model(new LSTM(4, name: "a<b")).Trace(X).ToHtml(sample: 1);
        Assert.That(page.Split("<img ").Length - 1, Is.EqualTo(7), "four gates, two states and the output");
        Assert.That(page, Does.Contain("a&lt;b").And.Not.Contain("a<b"));
        Assert.That(page, Does.Contain("<b>forget</b> 4 units, 3 steps"));
    }

    private static Sequential Model(Layer layer)
    {
        var model = new Sequential([layer], seed: 3);
        model.Build((3, 2));
        return model;
    }

    private static void ForEach(Action<int, int, int> check)
    {
        for (int i = 0; i < 2 * 3 * 4; i++)
        {
            check(i / 12, i / 4 % 3, i % 4);
        }
    }
}
