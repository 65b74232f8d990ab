using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Registration;
using static Recurrent.Tests.RandomArrays;

namespace Recurrent.Tests.Training;

/// <summary>Keras's <c>loss_scale_factor</c>: the loss is multiplied, the gradients are divided.</summary>
[TestFixture]
public sealed class LossScaleTests
{
    [TestCase("plain")]
    [TestCase("dice")]
    [TestCase("penalties")]
    [TestCase("outputs")]
    [TestCase("norm")]
    [TestCase("pieces")]
    public void A_power_of_two_changes_no_bit_of_training(string kind) =>
        Assert.That(Train(kind, 1024), Is.EqualTo(Train(kind, null)));

    [Test]
    public void Another_factor_changes_last_bits_alone()
    {
        (float[] one, double loss) = Train("penalties", null);
        (float[] scaled, double other) = Train("penalties", 3);
        Assert.That(scaled, Is.EqualTo(one).Within(1e-5));
        Assert.That(other, Is.EqualTo(loss).Within(1e-5), "the loss that is reported is not scaled");
    }

    [Test]
    public void Gradients_that_would_vanish_are_kept()
    {
        // Between the layers the gradient is −2e-26 · 1e-26, below the least float; that of the first kernel is 1e20 times as
        // much.
        static double Moved(double? factor)
        {
            var model = new Sequential([new Dense(1, useBias: false, inputShape: 1), new Dense(1, useBias: false)], seed: 1);
            model.SetWeights([new NDArray([1, 1], [1e-20f]), new NDArray([1, 1], [1e-26f])]);
            model.Compile(new SGD(1e12, lossScaleFactor: factor), "mse");
            model.TrainOnBatch(new NDArray([1, 1], [1e20f]), new NDArray([1, 1], [2e-26f]));
            return model.GetWeights()[0].Values[0];
        }

        Assert.That(Moved(null), Is.EqualTo(1e-20).Within(0.01).Percent);
        Assert.That(Moved(Math.Pow(2, 60)), Is.EqualTo(3e-20).Within(0.01).Percent);
    }

    [Test]
    public void Apply_divides_what_it_is_given_as_in_Keras()
    {
        var parameter = new Sequential([new Dense(1, useBias: false, kernelInitializer: "ones", inputShape: 1)]);
        var optimizer = new SGD(1, lossScaleFactor: 4, clipValue: 0.5);
        optimizer.Build(parameter.Layers[0].Parameters);
        optimizer.Apply([new DenseMatrix(1, 1, [1f])]);
        Assert.That(parameter.GetWeights()[0].Values[0], Is.EqualTo(0.75f), "divided before it is clipped");
    }

    [Test]
    public void It_stands_in_configs_and_files() => Assert.Multiple(() =>
    {
        foreach (string name in OptimizerNames.Registry.Names)
        {
            Optimizer plain = OptimizerNames.Registry.Create(name);
            var config = new Config();
            foreach ((string key, object? value) in plain.GetConfig())
            {
                Assert.That(key != "loss_scale_factor" || value is null, name);
                config.Add(key, key == "loss_scale_factor" ? 8.0 : value);
            }

            Optimizer read = OptimizerNames.Registry.Create(new ComponentConfig(plain.ClassName, config)).Fresh();
            Assert.That(read.LossScaleFactor, Is.EqualTo(8), name);
            Assert.That(read.GetConfig().Single(pair => pair.Key == "loss_scale_factor").Value, Is.EqualTo(8), name);
        }

        foreach (double bad in (double[])[0, -1, double.NaN, double.PositiveInfinity, 1e-60, 1e60])
        {
            Assert.That(() => new Adam(lossScaleFactor: bad), Throws.ArgumentException.With.Message.Contains("lossScaleFactor"));
        }
    });

    private static (float[] Weights, double Loss) Train(string kind, double? factor)
    {
        NDArray x = Noise(40, 4, 3);
        ModelData y = kind switch
        {
            "outputs" => new NDArray[] { Noise(40, 1), Noise(40, 4, 2) },
            "dice" => new NDArray([40, 1], [.. Noise(40, 1).Values.Select(Math.Abs)]),
            "pieces" => Noise(40, 4, 1),
            _ => Noise(40, 1),
        };
        Model model = Build(kind, new Adam(0.01, lossScaleFactor: factor, clipNorm: 0.5, gradientAccumulationSteps: 2));
        double loss = model.Fit(x, y, epochs: 3, batchSize: 20, verbose: 0, truncatedSteps: kind == "pieces" ? 2 : null)
            ["loss"][^1];
        return ([.. model.GetWeights().SelectMany(weights => weights.Values)], loss);
    }

    private static Model Build(string kind, Optimizer optimizer)
    {
        Model model;
        if (kind == "outputs")
        {
            var input = new Input((4, 3));
            Symbol hidden = new LSTM(4, returnSequences: true).Call(input);
            model = new Model(input, [new Dense(1).Call(new GRU(3).Call(hidden)), new Dense(2).Call(hidden)], seed: 3);
            model.Compile(optimizer, "mse", lossWeights: [0.5, 2.5]);
            return model;
        }

        model = new Sequential(
        [
            new LSTM(4, returnSequences: kind == "pieces", activityRegularizer: kind == "penalties" ? "l2" : null,
                kernelRegularizer: kind == "penalties" ? "l1" : null, inputShape: (4, 3)),
            .. kind == "norm" ? (Layer[])[new BatchNormalization()] : [],
            new Dense(1, activation: kind == "dice" ? "sigmoid" : null),
        ], seed: 3);
        model.Compile(optimizer, kind == "dice" ? "dice" : "mse");
        return model;
    }
}
