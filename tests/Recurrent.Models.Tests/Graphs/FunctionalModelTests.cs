using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Random;

namespace Recurrent.Tests.Models;

[TestFixture]
public sealed class FunctionalModelTests
{
    private const int Samples = 20;

    [Test]
    public void A_line_of_calls_is_a_Sequential_to_the_bit()
    {
        var x = new Input((5, 3));
        Symbol h = new LSTM(4, returnSequences: true, dropout: 0.2).Call(x);
        h = new Dropout(0.3).Call(h);
        Symbol y = new Dense(2).Call(new GRU(3).Call(h));
        var functional = new Model(x, y, seed: 3);
        var line = new Sequential(
            [new LSTM(4, returnSequences: true, dropout: 0.2, inputShape: (5, 3)), new Dropout(0.3), new GRU(3), new Dense(2)],
                seed: 3);
        Assert.That(functional.Layers.Select(layer => layer.Name), Is.EqualTo(line.Layers.Select(layer => layer.Name)));
        NDArray data = Random(1, Samples, 5, 3);
        NDArray targets = Random(2, Samples, 2);
        foreach (Model model in (Model[])[functional, line])
        {
            model.Compile("adam", "mse", ["mae"]);
        }

        History expected = line.Fit(data, targets, epochs: 3, batchSize: 7, verbose: Verbosity.Silent);
        History history = functional.Fit(data, targets, epochs: 3, batchSize: 7, verbose: Verbosity.Silent);
        Assert.That(history.Metrics, Is.EqualTo(expected.Metrics));
        Assert.That(Bits(functional), Is.EqualTo(Bits(line)));
        Assert.That(functional.Predict(data).Values, Is.EqualTo(line.Predict(data).Values));
    }

    [TestCase(2)]
    [TestCase(8)]
    public void Graphs_give_the_same_bits_on_any_number_of_threads(int threads)
    {
        Model one = TwoInTwoOut();
        Model many = TwoInTwoOut();
        one.MaxDegreeOfParallelism = 1;
        many.MaxDegreeOfParallelism = threads;
        ModelData x = new() { ["static"] = Random(2, 70, 3), ["series"] = Random(1, 70, 6, 2) };
        ModelData y = (NDArray[])[Random(3, 70, 1), Random(4, 70, 2)];
        History expected = one.Fit(x, y, epochs: 2, verbose: Verbosity.Silent);
        History history = many.Fit(x, y, epochs: 2, verbose: Verbosity.Silent);
        Assert.That(history.Metrics, Is.EqualTo(expected.Metrics));
        Assert.That(Bits(many), Is.EqualTo(Bits(one)));
        Assert.That(many.PredictAll(x)[1].Values, Is.EqualTo(one.PredictAll(x)[1].Values));
    }

    [Test]
    public void Logs_have_the_losses_and_metrics_of_each_output_under_Keras_s_names()
    {
        Model model = TwoInTwoOut();
        History history = model.Fit(
            [Random(1, Samples, 6, 2), Random(2, Samples, 3)],
                new() { ["price"] = Random(3, Samples, 1), ["kind"] = Random(4, Samples, 2) },
            verbose: Verbosity.Silent);
        Assert.That(history.Metrics.Keys, Is.EquivalentTo((string[])["loss", "price_loss", "kind_loss", "price_mae"]));
        Assert.That(history["loss"][0], Is.EqualTo(history["price_loss"][0] + (0.5 * history["kind_loss"][0])).Within(1e-9));
        IReadOnlyDictionary<string, double> evaluated = model.Evaluate(
            [Random(1, Samples, 6, 2), Random(2, Samples, 3)], [Random(3, Samples, 1), Random(4, Samples, 2)]);
        Assert.That(evaluated.Keys, Is.EquivalentTo(history.Metrics.Keys));
    }

    [Test]
    public void A_layer_called_twice_has_one_set_of_parameters_whose_gradient_is_the_sum()
    {
        var shared = new Dense(3, name: "shared");
        var a = new Input(4, name: "a");
        var b = new Input(4, name: "b");
        var model = new Model([a, b], new Subtract().Call(shared.Call(a), shared.Call(b)));
        Assert.That(model.GetWeights(), Has.Count.EqualTo(2));
        NDArray x = Random(1, 6, 4);
        Assert.That(model.Predict([x, x]).Values, Is.All.Zero);
        model.Compile("sgd", "mse");
        NDArray y = Random(2, 6, 3);
        IReadOnlyList<NDArray> gradients = model.ComputeGradients([x, Random(3, 6, 4)], y);
        Assert.That(gradients[0].Values, Is.All.Not.Zero);
        Assert.That(gradients[1].Values, Is.All.EqualTo(0).Within(1e-6), "the bias comes and goes");
    }

    [Test]
    public void A_model_is_a_layer_of_another_model_and_of_a_Sequential()
    {
        var inner = new Sequential([new Dense(3, "tanh", inputShape: 4), new Dense(2)], name: "inner", seed: 5);
        var x = new Input(4);
        var outer = new Model(x, new Dense(1).Call(inner.Call(x)), seed: 6);
        var line = new Sequential([inner, new Dense(1)], seed: 6);
        Assert.That(outer.Layers.Select(layer => layer.Name), Is.EqualTo((string[])["inner", "dense"]));
        Assert.That(outer.NamedParameters.Select(pair => pair.Path), Is.EqualTo(
            (string[])["inner/dense/kernel", "inner/dense/bias", "inner/dense_1/kernel", "inner/dense_1/bias",
                "dense/kernel", "dense/bias"]));
        NDArray data = Random(1, Samples, 4);
        line.SetWeights(outer.GetWeights());
        Assert.That(line.Predict(data).Values, Is.EqualTo(outer.Predict(data).Values));
        outer.Compile("adam", "mse");
        NDArray before = inner.Predict(data);
        outer.Fit(data, Random(2, Samples, 1), verbose: Verbosity.Silent);
        Assert.That(inner.Predict(data).Values, Is.Not.EqualTo(before.Values), "the weights are the same ones");
    }

    [Test]
    public void Part_of_a_model_is_frozen_and_trained_on_with_another_end()
    {
        var source = new Sequential([new LSTM(4, inputShape: (5, 2)), new Dense(3, name: "features"), new Dense(1)]);
        var part = new Model(source.Inputs, source.GetLayer("features").Output);
        NDArray data = Random(1, Samples, 5, 2);
        part.Trainable = false;
        Symbol y = new Dense(2, name: "new_end").Call(part.Output);
        var model = new Model(part.Inputs, y);
        model.Compile("adam", "mse");
        NDArray features = part.Predict(data);
        float[] frozen = Bits(part);
        model.Fit(data, Random(2, Samples, 2), epochs: 2, verbose: Verbosity.Silent);
        Assert.That(Bits(part), Is.EqualTo(frozen));
        Assert.That(part.Predict(data).Values, Is.EqualTo(features.Values));
        Assert.That(model.ComputeGradients(data, Random(2, Samples, 2)), Has.Count.EqualTo(2), "of the new end alone");
    }

    [Test]
    public void States_go_from_encoder_to_decoder()
    {
        var source = new Input((4, 2), name: "source");
        var target = new Input((null, 3), name: "target");
        var (_, h, c) = new LSTM(5, returnState: true, name: "encoder").Call(source);
        var decoder = new LSTM(5, returnSequences: true, name: "decoder");
        Symbol y = new Dense(1).Call(decoder.Call(target, initialState: [h, c]));
        var model = new Model([source, target], y, seed: 1);
        NDArray x = Random(1, 3, 4, 2);
        NDArray read = Random(2, 3, 6, 3);
        NDArray output = model.Predict([x, read]);
        Assert.That(output.Shape, Is.EqualTo((int[])[3, 6, 1]));

        RecurrentState state = ((LSTM)model.GetLayer("encoder")).Call(x).State;
        NDArray decoded = ((LSTM)model.GetLayer("decoder")).Call(read, state).Output;
        var end = new Sequential([new Dense(1, inputShape: (null, 5))]);
        end.SetWeights([.. model.GetWeights().TakeLast(2)]);
        Assert.That(end.Predict(decoded).Values, Is.EqualTo(output.Values));
    }

    internal static NDArray Random(ulong seed, params int[] shape)
    {
        var array = new NDArray(shape);
        var random = new SeededRandom(seed);
        foreach (ref float value in array.Values.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        return array;
    }

    internal static float[] Bits(Model model) => [.. model.GetWeights().SelectMany(weight => weight.Values)];

    /// <summary>A sequence and a vector in; two outputs, one of which reads what the other does too.</summary>
    private static Model TwoInTwoOut()
    {
        var series = new Input((6, 2), name: "series");
        var vector = new Input(3, name: "static");
        Symbol h = new LSTM(4, recurrentDropout: 0.1).Call(series);
        Symbol both = new Concatenate().Call(h, new Dense(4, "relu").Call(vector));
        Symbol price = new Dense(1, name: "price").Call(both);
        Symbol kind = new Dense(2, "tanh", name: "kind").Call(new Add().Call(h, new Dense(4).Call(both)));
        var model = new Model([series, vector], [price, kind], seed: 4);
        model.Compile(
            "adam", new() { ["price"] = "mse", ["kind"] = "mae" }, metrics: new() { ["price"] = "mae" }, lossWeights: [1, 0.5]);
        return model;
    }
}
