using Recurrent.Layers;
using Recurrent.Registration;
using static Recurrent.Tests.Layers.Recurrences;

namespace Recurrent.Tests.Layers;

/// <summary>Dilated: numbers by hand, and against the wrapped layer run on each phase by itself.</summary>
[TestFixture]
public sealed class DilatedTests
{
    private const int Batch = 2;
    private const int Features = 3;

    [Test]
    public void By_hand()
    {
        // h_t = x_t + 0.5·h_{t−2}: 1, 2, 3 + 0.5, 4 + 1, 5 + 1.75.
        NDArray y = Run(
            new Dilated(new SimpleRNN(1, "linear", returnSequences: true), 2), Series(1, 2, 3, 4, 5), [1], [(Real)0.5], [0]);
        Assert.That(y.Values, Is.EqualTo((Real[])[1, 2, (Real)3.5, 5, (Real)6.75]).Within(1e-6));
    }

    [TestCase(2, 5, 6.75)]
    [TestCase(3, 5, 6)]
    [TestCase(2, 4, 5)]
    [TestCase(7, 5, 5)]
    public void The_last_output_is_that_of_the_last_step(int rate, int steps, double last)
    {
        // As above; with rate 3 the last step, 5, follows 2: 5 + 0.5·2.
        NDArray y = Run(
            new Dilated(new SimpleRNN(1, "linear"), rate),
            Series([.. Enumerable.Range(1, steps).Select(v => (Real)v)]),
            [1],
            [(Real)0.5],
            [0]);
        Assert.That(y.Values, Is.EqualTo((Real[])[(Real)last]).Within(1e-6));
    }

    [Test]
    public void Every_phase_is_a_sequence_of_its_own([Values(1, 2, 3, 4, 8)] int rate, [Values(4, 6, 7)] int steps,
        [Values] bool masked, [Values] bool bothWays)
    {
        NDArray x = Numbers(Batch, steps, Features);
        SequenceBatch input = Batches.Of(x);
        input.Mask = masked ? [.. Enumerable.Range(0, Batch * steps).Select(i => i % 3 != 1)] : null;
        Dilated dilated = bothWays ? new(Pair(), rate) : new(new LSTM(4, returnSequences: true), rate);
        SequenceBatch whole = Forward(dilated, input);
        Assert.That(whole.Mask, Is.EqualTo(input.Mask));
        for (int phase = 0; phase < Math.Min(rate, steps); phase++)
        {
            int[] times = [.. Enumerable.Range(0, steps).Where(t => t % rate == phase)];
            var part = new SequenceBatch((times.Length, Features), Batch);
            bool[] mask = new bool[times.Length * Batch];
            for (int i = 0; i < times.Length; i++)
            {
                input.Step(times[i]).Values.CopyTo(part.Step(i).Values);
                input.Mask?.AsSpan(times[i] * Batch, Batch).CopyTo(mask.AsSpan(i * Batch));
            }

            part.Mask = masked ? mask : null;
            SequenceBatch expected = Forward(bothWays ? Pair() : new LSTM(4, returnSequences: true), part);
            for (int i = 0; i < times.Length; i++)
            {
                Assert.That(whole.Step(times[i]).Values.ToArray(), Is.EqualTo(expected.Step(i).Values.ToArray()),
                    $"step {times[i]}");
            }
        }

        static Bidirectional Pair() => new(new LSTM(4, returnSequences: true), "sum");
    }

    [Test]
    public void Behind_padding_the_last_output_is_that_of_the_last_step_that_holds_data([Values(1, 2, 3, 9)] int rate,
        [Values] bool holed)
    {
        const int Steps = 7;
        int[] lengths = [7, 6, 5, 4, 1, 0];
        NDArray x = Numbers(lengths.Length, Steps, Features);
        bool Holds(int sample, int t) => t < lengths[sample] && !(holed && t == 2);
        SequenceBatch input = Batches.Of(x);
        input.Mask = [.. Enumerable.Range(0, Steps * lengths.Length).Select(i => Holds(i % lengths.Length, i / lengths.Length))];
        NDArray together = Forward(new Dilated(new LSTM(4), rate), input).ToArray();
        NDArray steps = Forward(new Dilated(new LSTM(4, returnSequences: true), rate), input).ToArray();
        for (int sample = 0; sample < lengths.Length; sample++)
        {
            int last = Enumerable.Range(0, Steps).LastOrDefault(t => Holds(sample, t), -1);
            for (int unit = 0; unit < 4; unit++)
            {
                Assert.That(together[sample, unit], Is.EqualTo(last < 0 ? 0 : steps[sample, last, unit]), $"sample {sample}");
            }
        }
    }

    [Test]
    public void Where_masked_steps_give_zero_so_does_a_masked_last_step([Values(2, 3)] int rate)
    {
        SequenceBatch input = Batches.Of(Numbers(Batch, 5, Features));
        input.Mask = [.. Enumerable.Range(0, 5 * Batch).Select(i => i != 8)];
        NDArray y = Forward(new Dilated(new LSTM(4, zeroOutputForMask: true), rate), input).ToArray();
        Assert.That(y.Values.AsSpan(0, 4).ToArray(), Is.All.Zero, "the last step of the first sample is masked");
        Assert.That(y.Values.AsSpan(4, 4).ToArray(), Is.All.Not.Zero);
    }

    [Test]
    public void A_rate_of_one_changes_nothing()
    {
        SequenceBatch input = Batches.Of(Numbers(Batch, 5, Features));
        Assert.That(
            Forward(new Dilated(new LSTM(4), 1), input).Values.Values, Is.EqualTo(Forward(new LSTM(4), input).Values.Values));
    }

    [Test]
    public void What_makes_no_sense_is_refused()
    {
        Refused(
            () => new Dilated(new LSTM(3, goBackwards: true, inputShape: (5, 3)), 0),
            "Dilated: rate must be at least 1, but is 0; give inputShape to Dilated, not to the wrapped LSTM; " +
            "the wrapped LSTM cannot go backwards, since its phases would not end together.");
        Refused(
            () => new Dilated(new Bidirectional(new LSTM(3, returnSequences: true, stateful: true)), 2),
            "Dilated: the wrapped Bidirectional can have neither stateful nor returnState: of two layers that read in opposite "
            + "directions no state can be gone on from.");
        Refused(
            () => new Dilated(new ConvLSTM1D(3, 2), 2, "wide"),
                "Dilated 'wide': the wrapped ConvLSTM1D takes steps that are not vectors.");
        Refused(
            () => new Dilated(new Bidirectional(new LSTM(3)), 2),
            "Dilated: the two layers of the wrapped Bidirectional end in different phases. Set returnSequences: true on them.");
        Refused(
            () => new Dilated(new Bidirectional(new LSTM(3, returnSequences: true), mergeMode: null), 2),
            "Dilated: the wrapped Bidirectional must give one output: with mergeMode: null it gives two outputs, and one is "
            + "passed on. " +
            "Choose 'concat', 'sum', 'mul' or 'ave', or call the layer itself, layer.Call(x), for both.");
        Refused(
            () => LayerNames.Registry.Create(new ComponentConfig("Dilated", new() { { "layer", new Flatten() }, { "rate", 2 } })),
            "Dilated: layer must be a recurrent layer, but is Flatten.");
        Refused(
            () => LayerNames.Registry.Create(new ComponentConfig("Dilated", new() { { "layer", new LSTM(2) } })),
            "Dilated needs the option 'rate', which is missing.");
        Refused(
            () => LayerNames.Registry.Create(new ComponentConfig("Dilated", new() { { "rate", 2 } })),
            "Dilated needs the option 'layer', which is missing.");
        static void Refused(Func<object> create, string message) =>
            Assert.That(() => create(), Throws.InstanceOf<ArgumentException>().With.Message.EqualTo(message));
    }

    [Test]
    public void Its_parts_have_names()
    {
        var layer = new Dilated(new LSTM(2), 4, "far");
        layer.Build((5, 3), seed: 1);
        Assert.That(layer.ParameterPaths.First(), Is.EqualTo("far/lstm/lstm_cell/kernel"));
        Assert.That(layer.StreamingObstacle, Is.Null);
        Assert.That(layer.StateNames.Zip(layer.StateSizes), Is.EqualTo(new[] { ("hidden", 8), ("cell", 8), ("last_output", 2) }));
        var both = new Dilated(new Bidirectional(new LSTM(2, returnSequences: true)), 4);
        Assert.That(both.StreamingObstacle?.ToString(), Is.EqualTo(
            "Bidirectional 'bidirectional' inside cannot, because one of its layers reads the sequence from its end"));
        Assert.That(both.StateSizes, Is.Empty);
        Assert.That(
            () => new Dilated(new LSTM(2), int.MaxValue, "far").StateSizes,
            Throws.TypeOf<NotSupportedException>().With.Message.EqualTo(
                "Dilated 'far' carries the states of rate (2147483647) steps, which for 2 units is more than an array can "
                + "hold. Use a smaller rate."));
    }

    private static SequenceBatch Forward(Layer layer, SequenceBatch input)
    {
        layer.Build(input.SampleShape, seed: 5);
        Pass pass = layer.CreatePass(new(input.SampleShape, input.BatchSize, Differentiable: false, InputGradient: false));
        layer.Prepare();
        pass.Begin(training: false, key: 1);
        return layer.Forward(pass, input);
    }

    [TestCase(5)]
    [TestCase(7)]
    [TestCase(int.MaxValue)]
    public void A_rate_beyond_the_steps_is_a_recurrence_without_a_past_and_costs_no_more(int rate)
    {
        var layer = new Dilated(new LSTM(2, returnSequences: true), rate);
        layer.Build(new(5, 2), seed: 1);
        layer.Prepare();
        var x = new NDArray([3, 5, 2], [.. Enumerable.Range(0, 30).Select(i => (Real)Math.Sin(i))]);
        Pass pass = layer.CreatePass(new PassOptions(new(5, 2), 3, Differentiable: true, InputGradient: true));
        pass.Begin(training: false, 0);
        NDArray together = layer.Forward(pass, SequenceBatch.FromArray(x)).ToArray();

        // Each step by itself begins at zero.
        NDArray alone = ((LSTM)layer.Layer).Call(new NDArray([15, 1, 2], x.Values)).Output;
        Assert.That(together.Values, Is.EqualTo(alone.Values));
    }
}
