using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>
/// The wiring alone: with linear activations a cell is a polynomial that can be written down, so that a wrong sign, gate or step
/// cannot hide behind a saturated gate.
/// </summary>
[TestFixture]
public sealed class LinearModeTests
{
    // h_t = 2·x_t + 3·h_{t−1} + 5, so h_3 = 2·x_3 + 6·x_2 + 18·x_1 + 5·(1 + 3 + 9) + 27·h_0.
    [Test]
    public void SimpleRNN_adds_up_powers_of_its_recurrent_kernel() => Assert.That(
        Run(new SimpleRNNCell(1, "linear"), [[2], [3], [5]], [7, 11, 13], [1]),
        Is.EqualTo(new double[] { (2 * 13) + (6 * 11) + (18 * 7) + 65 + 27 }));

    // Gates i, f, c, o with kernels 2, 3, 5, 7, recurrent kernels 0, 1, −1, 2 and biases 1, 0, −1, 2; x = 1, 2; h_0 = 3, c_0 = 4.
    // t = 1: i = 2 + 1 = 3; f = 3 + 3 = 6; g = 5 − 3 − 1 = 1; o = 7 + 6 + 2 = 15; c = 6·4 + 3·1 = 27; h = 15·27 = 405.
    // t = 2: i = 4 + 1 = 5; f = 6 + 405 = 411; g = 10 − 405 − 1 = −396; o = 14 + 810 + 2 = 826;
    //        c = 411·27 + 5·(−396) = 9117; h = 826·9117 = 7530642.
    [Test]
    public void LSTM_multiplies_its_gates() => Assert.That(
        Run(new LSTMCell(1, "linear", "linear"), [[2, 3, 5, 7], [0, 1, -1, 2], [1, 0, -1, 2]], [1, 2], [3, 4]),
        Is.EqualTo(new double[] { 7530642, 9117 }));

    // The cells with tanh and sigmoid run in one sweep of their own; one activation that is another must be enough to leave it.
    // All kernels are 0, so the gates are the activated biases. LSTM: i = f = o = σ(0) = 1/2, g = 2: c = 1/2·4 + 1/2·2 = 3, h =
    // 3/2. i = 1, f = 2, g = tanh 0 = 0, o = 3: c = 2·4 = 8, h = 3·tanh 8.
    // GRU: z = 1/2, ĥ = 2: h = (4 + 2)/2. z = 1/4, ĥ = 0: h = 4/4.
    [Test]
    public void One_activation_that_is_not_the_default_counts([Values] bool resetAfter)
    {
        Real[] none = [0, 0, 0];
        Real[] other = resetAfter ? none : [];
        double[] tanh = Run(new LSTMCell(1, "tanh", "linear"), [[0, 0, 0, 0], [0, 0, 0, 0], [1, 2, 0, 3]], [7], [5, 4]);
        Assert.That(Run(new LSTMCell(1, "linear"), [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 2, 0]], [7], [5, 4]),
            Is.EqualTo(new double[] { 1.5, 3 }));
        Assert.That(tanh, Is.EqualTo(new double[] { 3 * Math.Tanh(8), 8 }).Within(1e-12));
        Assert.That(Run(new GRUCell(1, "linear", resetAfter: resetAfter), [none, none, [0, 0, 2, .. other]], [7], [4]),
            Is.EqualTo(new double[] { 3 }));
        Assert.That(Run(new GRUCell(1, "tanh", "linear", resetAfter: resetAfter), [none, none, [0.25, 0, 0, .. other]], [7], [4]),
            Is.EqualTo(new double[] { 1 }));
    }

    // Gates z, r, h with kernels 2, 3, 5, recurrent kernels 1, −1, 2, biases 0, 1, 0 and, of the recurrent product, 1, 0, 3; x =
    // 2; h_0 = 4. z = 4 + 4 + 1 = 9; r = 6 + 1 − 4 = 3; ĥ = 10 + 3·(8 + 3) = 43; h = 9·4 + (1 − 9)·43 = −308.
    [Test]
    public void GRU_with_the_reset_after_the_product() => Assert.That(
        Run(new GRUCell(1, "linear", "linear"), [[2, 3, 5], [1, -1, 2], [0, 1, 0, 1, 0, 3]], [2], [4]),
        Is.EqualTo(new double[] { -308 }));

    // The same without the second bias. z = 4 + 4 = 8; r = 6 + 1 − 4 = 3; ĥ = 10 + 2·(3·4) = 34; h = 8·4 + (1 − 8)·34 = −206.
    [Test]
    public void GRU_with_the_reset_before_the_product() => Assert.That(
        Run(new GRUCell(1, "linear", "linear", resetAfter: false), [[2, 3, 5], [1, -1, 2], [0, 1, 0]], [2], [4]),
        Is.EqualTo(new double[] { -206 }));

    // h = 2·x + 3·h', then k = h + k'/2: two steps of x = 1, 2 from h = 1, k = 4.
    // t = 1: h = 2 + 3 = 5; k = 5 + 2 = 7. t = 2: h = 4 + 15 = 19; k = 19 + 3.5 = 22.5.
    [Test]
    public void Stacked_cells_feed_each_other_at_each_step() => Assert.That(
        Run(
            new StackedRNNCells([new SimpleRNNCell(1, "linear"), new SimpleRNNCell(1, "linear", useBias: false)]),
            [[2], [3], [0], [1], [0.5]],
            [1, 2],
            [1, 4]),
        Is.EqualTo(new double[] { 19, 22.5 }));

    // Outside training h = rate·h' + (1 − rate)·(2·x + 3·h'), rate 1/4, from h = 4.
    // t = 1, x = 2: 1 + 3/4·(4 + 12) = 13. t = 2, x = 0: 13/4 + 3/4·39 = 32.5.
    [Test]
    public void Zoneout_outside_training_is_its_expectation() => Assert.That(
        Run(new ZoneoutCell(new SimpleRNNCell(1, "linear", useBias: false), 0.25), [[2], [3]], [2, 0], [4]),
        Is.EqualTo(new double[] { 32.5 }));

    [Test]
    public void Zoneout_in_training_keeps_or_replaces_each_unit_whole()
    {
        const int Units = 1000;
        var cell = new ZoneoutCell(new SimpleRNNCell(Units, "linear", useBias: false, recurrentInitializer: "zeros"), 0.25);
        Real[] kernel = [.. Enumerable.Repeat((Real)1, Units)];
        double[] state = Run(cell, [kernel, new Real[Units * Units]], [3, 3, 3], [.. Enumerable.Repeat(5.0, Units)],
            training: true);

        // Computed states are 3: a unit still holds 5 if it was kept three times, which is likely for 1000 / 64 of them.
        Assert.That(state.Distinct().Order(), Is.EqualTo(new double[] { 3, 5 }));
        Assert.That(state.Count(value => value == 5), Is.InRange(4, 40));
    }

    /// <summary>The states of a cell after some steps of one feature, for given weights and initial states.</summary>
    private static double[] Run(RecurrentCell cell, Real[][] weights, double[] x, double[] states, bool training = false)
    {
        var layer = new RNN(cell) { Name = "rnn" };
        Shape sample = (x.Length, 1);
        layer.Build(sample, seed: 1);
        Assert.That(weights, Has.Length.EqualTo(layer.Parameters.Count));
        foreach ((Parameter parameter, Real[] values) in layer.Parameters.Zip(weights))
        {
            Assert.That(values, Has.Length.EqualTo(parameter.Size), parameter.Name);
            values.CopyTo(parameter.Values);
            parameter.MarkChanged();
        }

        var pass = (RecurrentPass)layer.CreatePass(new(sample, BatchSize: 1, Differentiable: false, InputGradient: false));
        layer.Prepare();
        pass.Begin(training, key: 3);
        int next = 0;
        foreach (DenseMatrix state in pass.InitialStates)
        {
            for (int row = 0; row < state.RowCount; row++)
            {
                state[row, 0] = (Real)states[next++];
            }
        }

        layer.Forward(pass, new SequenceBatch(sample, 1, new DenseMatrix(1, x.Length, [.. x.Select(value => (Real)value)])));
        return [.. Enumerable.Range(0, pass.InitialStates.Count).SelectMany(i => pass.FinalState(i).Values.ToArray())
            .Select(value => (double)value)];
    }
}
