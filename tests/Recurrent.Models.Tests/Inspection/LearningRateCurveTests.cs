using Recurrent.Callbacks;
using Recurrent.Inspection;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Tests.Models;

/// <summary>Learning rates that are tried on a copy of the model.</summary>
public sealed class LearningRateCurveTests
{
    [TestCase("sgd")]
    [TestCase("adam")]
    public void The_suggestion_trains_and_the_model_stays_as_it_is(string name)
    {
        (NDArray x, NDArray y) = Data(200);
        Sequential model = Model((Optimizer)name);
        float[] before = Bits(model);
        LearningRateCurve curve = model.FindLearningRate(x, y, batchSize: 20);
        Assert.That(Bits(model), Is.EqualTo(before));
        Assert.That((model.Optimizer!.IsBuilt, model.Optimizer.Iterations), Is.EqualTo((false, 0)));
        Assert.That(curve.Rates, Is.Ordered);
        Assert.That(curve.Rates[0], Is.EqualTo(1e-7).Within(1e-12));
        Assert.That(curve.Losses, Has.Count.EqualTo(curve.Rates.Count).And.All.Matches<double>(double.IsFinite));
        Assert.That(curve.Suggestion, Is.InRange(1e-4, 2).And.LessThanOrEqualTo(curve.Lowest!.Value));

        double at = Loss(curve.Suggestion!.Value);
        Assert.That(at, Is.LessThan(Loss(1e-7)));
        Assert.That(at, Is.LessThan(0.5 * model.Evaluate(x, y)["loss"]));

        double Loss(double rate)
        {
            Sequential trained = Model((Optimizer)name);
            trained.Optimizer!.LearningRate = rate;
            trained.Fit(x, y, epochs: 5, batchSize: 20, verbose: 0);
            return trained.Evaluate(x, y)["loss"];
        }
    }

    [Test]
    public void A_loss_that_explodes_ends_the_trial()
    {
        (NDArray x, NDArray y) = Data(64);
        LearningRateCurve curve = Model(new SGD()).FindLearningRate(x, y, maxLearningRate: 1e10);
        Assert.That(curve.Rates[^1], Is.LessThan(1e9));
        Assert.That(curve.End, Does.StartWith("at a rate of "));
        Assert.That(curve.ToString(), Does.Contain("train with about"));
    }

    [Test]
    public void A_loss_that_never_falls_gets_no_suggestion()
    {
        (NDArray x, _) = Data(64);
        LearningRateCurve curve = Model(new SGD()).FindLearningRate(x, new NDArray(64, 1), maxLearningRate: 1e-6);
        Assert.That(curve.Suggestion is null || curve.SmoothedLosses[^1] < curve.SmoothedLosses[0]);
        var flat = new LearningRateCurve("m", "SGD", [.. Enumerable.Range(1, 50).Select(i => (1e-5 * i, 1.0, 1.0))], null);
        Assert.That(flat.Suggestion, Is.Null);
        Assert.That(flat.ToString(), Does.Contain("does not fall"));
        Assert.That(flat.ToHtml(), Does.Contain("does not fall"));
    }

    [Test]
    public void The_curve_is_a_page()
    {
        (NDArray x, NDArray y) = Data(64);
        LearningRateCurve curve = Model(new SGD()).FindLearningRate(x, y, steps: 40);
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".html");
        try
        {
            curve.Save(path);
            string page = File.ReadAllText(path);
            Assert.That(page, Does.Contain("<title>Learning rates of sequential</title>").And.Contain("log10 of the rate"));
            Assert.That(page, Does.Contain("suggestion"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void A_model_with_a_schedule_of_unequal_lengths_and_states_can_be_tried()
    {
        var model = new Sequential([new LSTM(3, stateful: true, inputShape: (4, 1)), new Dense(1)]);
        model.Compile(new Adam(new CosineDecay(0.1, 10)), "mse");
        Assert.That(model.FindLearningRate(new NDArray(10, 4, 1), new NDArray(10, 1), steps: 10, batchSize: 4).Rates,
            Has.Count.EqualTo(10));
        Assert.That(model.Optimizer!.Schedule, Is.TypeOf<CosineDecay>());
    }

    [Test]
    public void Wrong_options_are_named()
    {
        Sequential model = Model(new SGD());
        Assert.That(() => model.FindLearningRate(new NDArray(4, 3), new NDArray(4, 1), 1, 0.1, 5, 0), Throws.ArgumentException
            .With.Message.EqualTo("FindLearningRate: maxLearningRate must be a finite number above 1, but is 0.1; steps must be "
                + "a finite number of at least 10, but is 5; batchSize must be at least 1, but is 0."));
        Assert.That(() => model.FindLearningRate(new NDArray(4, 2), new NDArray(4, 1)), Throws.ArgumentException);
        Assert.That(() => new Sequential([new Dense(1)]).FindLearningRate(new NDArray(4, 2), new NDArray(4, 1)),
            Throws.InvalidOperationException.With.Message.Contains("not compiled"));
    }

    [Test]
    public void Two_schedules_of_one_kind_are_refused() => Assert.That(
        () => Model(new SGD()).Fit(new NDArray(4, 3), new NDArray(4, 1), verbose: 0, callbacks:
            [new LearningRateScheduler((_, rate) => rate), new LearningRateScheduler((_, rate) => rate)]),
        Throws.ArgumentException.With.Message.StartsWith("LearningRateScheduler is in the list twice"));

    private static Sequential Model(Optimizer optimizer)
    {
        var model = new Sequential([new Dense(8, activation: "tanh", inputShape: new([3])), new Dense(1)], seed: 1);
        model.Compile(optimizer, "mse");
        return model;
    }

    private static (NDArray X, NDArray Y) Data(int count)
    {
        var random = new System.Random(7);
        var x = new NDArray(count, 3);
        var y = new NDArray(count, 1);
        for (int i = 0; i < count; i++)
        {
            double sum = 0;
            for (int j = 0; j < 3; j++)
            {
                double value = (2 * random.NextDouble()) - 1;
                x.Values[(i * 3) + j] = (float)value;
                sum += (j + 1) * value;
            }

            y.Values[i] = (float)sum;
        }

        return (x, y);
    }

    private static float[] Bits(Model model) => [.. model.GetWeights().SelectMany(weights => weights.Values.ToArray())];
}
