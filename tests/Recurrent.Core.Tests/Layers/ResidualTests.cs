using Recurrent.Layers;
using Recurrent.Registration;
using Recurrent.Shapes;
using static Recurrent.Tests.Layers.Recurrences;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class ResidualTests
{
    [Test]
    public void By_hand()
    {
        // f: h_t = x_t + 0.5·h_{t−1} = 1, 2.5, 4.25; y = x + h.
        NDArray y = Run(new Residual(new SimpleRNN(1, "linear", returnSequences: true)), Series(1, 2, 3), [1], [(Real)0.5], [0]);
        Assert.That(y.Values, Is.EqualTo((Real[])[2, (Real)4.5, (Real)7.25]).Within(1e-6));
    }

    [Test]
    public void Shapes_that_disagree_are_named()
    {
        Fails(
            new Residual(new LSTM(32, returnSequences: true, name: "lstm_1"), "skip"),
            (10, 50),
            "Residual 'skip' expects input of the shape that the wrapped LSTM 'lstm_1' gives, (batch, 10, 32), but gets "
            + "(batch, 10, 50).\n" +
            "Give LSTM 'lstm_1' units: 50, or put a Dense layer with 32 units before it.");
        Fails(
            new Residual(new LSTM(50)),
            (10, 50),
            "Residual expects input of the shape that the wrapped LSTM 'lstm' gives, (batch, 50), but gets (batch, 10, 50).\n" +
            "Set returnSequences: true on LSTM 'lstm'.");
        Fails(
            new Residual(new Flatten()),
            (10, 50),
            "Residual expects input of the shape that the wrapped Flatten 'flatten' gives, (batch, 500), but gets (batch, "
            + "10, 50).\n" +
            "Wrap a layer that keeps the shape of its input, or use the Flatten without Residual.");
        static void Fails(Residual layer, Shape input, string message) =>
            Assert.That(() => layer.ComputeOutputShape(input), Throws.TypeOf<ShapeException>().With.Message.EqualTo(message));
    }

    [Test]
    public void Options_that_only_the_wrapper_can_have_are_refused()
    {
        Assert.That(
            () => new Residual(new LSTM(3, goBackwards: true, inputShape: (5, 3))),
            Throws.ArgumentException.With.Message.EqualTo(
                "Residual: give inputShape to Residual, not to the wrapped LSTM; the wrapped LSTM gives its steps from last to "
                + "first, which " +
                "cannot be added to the input's. Set goBackwards: false."));
        Assert.That(
            () => new Residual(new Bidirectional(new LSTM(3, returnSequences: true, goBackwards: true), "sum")),
            Throws.ArgumentException.With.Message.EqualTo(
                "Residual: the wrapped Bidirectional gives its steps from last to first, which cannot be added to the input's. "
                + "Set goBackwards: false."));
        Assert.That(
            () => LayerNames.Registry.Create(new ComponentConfig("Residual", [])),
            Throws.TypeOf<ConfigException>().With.Message.EqualTo("Residual needs the option 'layer', which is missing."));
    }

    [Test]
    public void The_mask_of_the_wrapped_layer_is_passed_on()
    {
        var layer = new Residual(new LSTM(1, returnSequences: true));
        SequenceBatch input = Batches.Of(Series(1, 2, 3));
        input.Mask = [true, false, true];
        layer.Build(input.SampleShape, seed: 1);
        Pass pass = layer.CreatePass(new(input.SampleShape, 1, false, false));
        layer.Prepare();
        pass.Begin(training: false, key: 1);
        Assert.That(layer.Forward(pass, input).Mask, Is.EqualTo(input.Mask));
    }

    [Test]
    public void It_is_stateful_where_the_wrapped_layer_is()
    {
        var stateful = new Residual(new LSTM(3, returnSequences: true, stateful: true));
        Assert.That(stateful.Stateful);
        Assert.That(stateful.StateNames, Is.EqualTo((string[])["hidden", "cell"]));
        var pointwise = new Residual(new Dense(3));
        Assert.That(pointwise.Stateful, Is.False);
        Assert.That(pointwise.StateSizes, Is.Empty);
        Assert.That(pointwise.StreamingObstacle, Is.Null);
        Assert.That(
            new Residual(new Dilated(new Bidirectional(new LSTM(3, returnSequences: true)), 2)).StreamingObstacle?.ToString(),
            Does.StartWith("Dilated 'dilated' inside cannot, because Bidirectional 'bidirectional' inside cannot, because one "
                + "of its layers reads"));
        Assert.That(new Residual(new Dilated(new LSTM(3), 2)).StreamingObstacle, Is.Null);
        Assert.That(new Residual(new Dilated(new LSTM(3, returnSequences: true), 2)).StateSizes, Is.EqualTo((int[])[6, 6]));
        Assert.That(() => pointwise.SetInitialState(null!, [new(3, 1)], 0), Throws.ArgumentNullException);
    }

    [Test]
    public void Inside_wrappers_dropout_drops_in_training_and_only_then()
    {
        foreach (Layer layer in (Layer[])
            [
                new Residual(new LSTM(3, dropout: 0.5, returnSequences: true)), new Dilated(new LSTM(3, dropout: 0.5), 2),
                new Bidirectional(new LSTM(3, dropout: 0.5)), new TimeDistributed(new Dropout(0.5)),
            ])
        {
            var x = new NDArray([1, 5, 3], [.. Enumerable.Range(1, 15).Select(i => (Real)Math.Sin(i))]);
            layer.Build(new(5, 3), seed: 1);
            layer.Prepare();
            Pass pass = layer.CreatePass(new(new(5, 3), 1, Differentiable: false, InputGradient: false));
            Real[] Run(bool training, ulong key)
            {
                pass.Begin(training, key);
                return layer.Forward(pass, SequenceBatch.FromArray(x)).ToArray().Values;
            }

            Real[] off = Run(false, 1);
            Assert.That(Run(false, 2), Is.EqualTo(off), layer.ClassName);
            Real[] on = Run(true, 1);
            Assert.That(on, Is.Not.EqualTo(off), layer.ClassName);
            Assert.That(Run(true, 2), Is.Not.EqualTo(on), layer.ClassName);
            Assert.That(Run(true, 1), Is.EqualTo(on), layer.ClassName);
        }
    }

    [Test]
    public void Of_a_convolution_the_filters_are_counted() => Assert.That(
        () => new Residual(new ConvLSTM1D(2, 3, padding: "same", returnSequences: true)).ComputeOutputShape((4, 5, 3)),
        Throws.InstanceOf<ShapeException>().With.Message.Contains(
        "Give ConvLSTM1D 'conv_lstm1d' filters: 3, or put a Dense layer with 2 units before it."));
}
