using Recurrent.Inspection;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Inspection;

[TestFixture]
public sealed class GradientFlowTests
{
    private const int Steps = 12;

    // h_t = x_t + u·h_{t−1} and a loss on the last output alone: ∂L/∂h_t = u^(T − t)·∂L/∂h_T.
    [TestCase(0.5)]
    [TestCase(1)]
    [TestCase(1.5)]
    public void A_linear_recurrence_shrinks_or_grows_by_its_weight(double weight)
    {
        Sequential model = Linear(weight, returnSequences: false);
        NDArray x = new float[3, Steps, 1];
        NDArray y = new float[,] { { 1 }, { -1 }, { 2 } };
        GradientFlow flow = model.GradientFlow(x, y);

        // The output is 0, so ∂L/∂h_T = −2·y / 3 for each sample, and its norm 2·√6 / 3.
        IReadOnlyList<double> norms = flow.Layers.Single().Norms;
        for (int t = 0; t < Steps; t++)
        {
            Assert.That(norms[t], Is.EqualTo(2 * Math.Sqrt(6) / 3 * Math.Pow(weight, Steps - 1 - t)).Within(1e-5).Percent);
        }

        Assert.That(flow.Layers[0].FirstOverLast, Is.EqualTo(Math.Pow(weight, Steps - 1)).Within(1e-5).Percent);
        Assert.That(flow.Loss, Is.EqualTo(2).Within(1e-6));
    }

    [Test]
    public void Each_step_counts_its_own_loss_and_all_later_ones()
    {
        Sequential model = Linear(0.5, returnSequences: true);
        NDArray y = new float[1, Steps, 1];
        y.Values.AsSpan().Fill(1);
        IReadOnlyList<double> norms = model.GradientFlow(new float[1, Steps, 1], y).Layers[0].Norms;

        // d_t = 2/T + d_{t+1}/2, since every output is 0 and every target 1.
        double expected = 0;
        for (int t = Steps - 1; t >= 0; t--)
        {
            expected = (2.0 / Steps) + (expected / 2);
            Assert.That(norms[t], Is.EqualTo(expected).Within(1e-5).Percent);
        }
    }

    [Test]
    public void Every_recurrent_layer_has_its_curve_and_nothing_is_updated()
    {
        var model = new Sequential([new LSTM(4, returnSequences: true, inputShape: (Steps, 1)), new GRU(3), new Dense(1)]);
        model.Compile("adam", "mse");
        Real[][] before = [.. model.GetWeights().Select(weights => weights.Values.ToArray())];
        GradientFlow flow = model.GradientFlow(new float[2, Steps, 1], new float[2, 1] { { 1 }, { 2 } });
        Assert.That(flow.Layers.Select(layer => layer.Layer), Is.EqualTo(new[] { "lstm", "gru" }));
        Assert.That(flow.Layers.All(layer => layer.Norms.All(norm => norm > 0)));
        Assert.That(model.GetWeights().Select(weights => weights.Values), Is.EqualTo(before));
        string page = flow.ToHtml();
        Assert.That(page.Split("data-role=\"line\"").Length - 1, Is.EqualTo(2));
        Assert.That(page, Does.Contain(">lstm</th>").And.Contain(">gru</th>").And.Contain("data-y=\"log\""));
    }

    [Test]
    public void A_gradient_that_arrives_nowhere_still_has_a_page()
    {
        Sequential model = Linear(0, returnSequences: false);
        GradientFlow flow = model.GradientFlow(new float[1, Steps, 1], new float[1, 1]);
        Assert.That(flow.Layers[0].Norms, Is.All.Zero);
        Assert.That(flow.ToHtml(), Does.Contain("<td>0</td><td>0</td><td>–</td>").And.Not.Contain("data-y=\"log\""));
    }

    [Test]
    public void It_needs_a_compiled_model() => Assert.That(
        () => new Sequential([new LSTM(2, inputShape: (Steps, 1))]).GradientFlow(new float[1, Steps, 1], new float[1, 2]),
        Throws.InvalidOperationException);

    private static Sequential Linear(double weight, bool returnSequences)
    {
        var model = new Sequential([new SimpleRNN(1, "linear", returnSequences: returnSequences, inputShape: (Steps, 1))]);
        model.Compile("sgd", "mse");
        model.SetWeights([new float[,] { { 1 } }, new double[,] { { weight } }, new float[] { 0 }]);
        return model;
    }

    [Test]
    public void The_gradient_reaches_layers_that_are_not_trained()
    {
        static IReadOnlyList<LayerGradientFlow> Flow(bool trainable)
        {
            var model = new Sequential([
                new LSTM(4, returnSequences: true, trainable: trainable, inputShape: (Steps, 1)),
                    new GRU(3, trainable: trainable), new Dense(1)]);
            model.Compile("adam", "mse");
            return model.GradientFlow(new float[2, Steps, 1], new float[2, 1] { { 1 }, { 2 } }).Layers;
        }

        Assert.That(Flow(false).Select(layer => layer.Norms), Is.EqualTo(Flow(true).Select(layer => layer.Norms)));
    }

    [Test]
    public void Of_a_dilated_layer_it_is_that_of_its_phases()
    {
        const int Rate = 2;
        const int Long = 6;
        var dilated = new Sequential([new Dilated(new LSTM(3, returnSequences: true), Rate, inputShape: (Long, 1)), new Dense(1)],
            seed: 3);
        var plain = new Sequential([new LSTM(3, returnSequences: true, inputShape: (Long / Rate, 1)), new Dense(1)], seed: 4);
        plain.SetWeights(dilated.GetWeights());
        var x = new NDArray(1, Long, 1);
        var phases = new NDArray(Rate, Long / Rate, 1);
        for (int t = 0; t < Long; t++)
        {
            x[0, t, 0] = phases[t % Rate, t / Rate, 0] = (float)Math.Sin(t + 1);
        }

        dilated.Compile("sgd", "mse");
        plain.Compile("sgd", "mse");
        LayerGradientFlow own = dilated.GradientFlow(x, new NDArray(1, Long, 1)).Layers.Single();
        Assert.That(own.Layer, Is.EqualTo("dilated/lstm"));
        Assert.That(own.Norms, Has.Count.EqualTo(Long));
        for (int phase = 0; phase < Rate; phase++)
        {
            LayerGradientFlow alone = plain.GradientFlow(phases.Slice(phase, 1), new NDArray(1, Long / Rate, 1)).Layers.Single();
            for (int t = 0; t < Long / Rate; t++)
            {
                // The mean is over as many times more steps.
                Assert.That(own.Norms[(t * Rate) + phase], Is.EqualTo(alone.Norms[t] / Rate).Within(1e-6).And.GreaterThan(0));
            }
        }
    }

    [Test]
    public void A_model_without_a_layer_to_show_has_a_page_all_the_same()
    {
        var model = new Sequential([new Flatten(inputShape: (Steps, 1)), new Dense(1)]);
        model.Compile("adam", "mse");
        GradientFlow flow = model.GradientFlow(new float[2, Steps, 1], new float[2, 1]);
        Assert.That(flow.Layers, Is.Empty);
        Assert.That(flow.ToHtml(), Does.Contain("Gradient flow through sequential"));
    }
}
