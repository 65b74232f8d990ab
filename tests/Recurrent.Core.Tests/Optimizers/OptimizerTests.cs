using System.Numerics;
using Recurrent.Optimizers;
using Recurrent.Parameters;
using Recurrent.Registration;

namespace Recurrent.Tests.Optimizers;

/// <summary>What optimizers say, refuse and remember.</summary>
public sealed class OptimizerTests
{
    public static IEnumerable<Optimizer> WithOptions =>
    [
        new SGD(0.5, 0.9, true, 0.1, clipNorm: 2, name: "a"),
        new RMSprop(0.5, 0.8, 0.7, 1e-6, true, 0.1, clipValue: 2, name: "b"),
        new Adam(0.5, 0.8, 0.7, 1e-6, true, 0.1, globalClipNorm: 2, name: "c"),
        new AdamW(new CosineDecay(0.1, 10, 0.1, 0.2, 3, "d"), 0.8, 0.7, 1e-6, true, 0.1, clipNorm: 2, name: "e"),
        new AdamW(weightDecay: null),
        new Adafactor(0.5, -0.7, 1e-20, 1e-4, 0.9, false, 0.1, clipNorm: 2, name: "m"),
        new ScheduleFreeAdamW(0.5, 0.8, 0.7, 1e-6, 3, 0.1, clipNorm: 2, name: "n"),
        new Muon(0.5, 0.8, 0.7, 0.2, 1e-6, 0.1, clipNorm: 2, name: "o", excludeLayers: ["last", "first"],
            excludeEmbeddings: false, muonA: 3, muonB: -4, muonC: 2, adamLrRatio: 0.5, momentum: 0.9, nsSteps: 4,
            nesterov: false, rmsRate: null),
        new Muon(adamWeightDecay: null, weightDecay: null),
        new Adam(useEma: true, emaMomentum: 0.9, emaOverwriteFrequency: 5, gradientAccumulationSteps: 2),
        new AdamW().ExcludeFromWeightDecay("bias", "norm").SetLearningRateMultiplier("lstm", 0.1)
            .SetLearningRateMultiplier("dense/bias", 2),
        new Nadam(0.5, 0.8, 0.7, 1e-6, 0.1, clipNorm: 2, name: "f"),
        new Adamax(0.5, 0.8, 0.7, 1e-6, 0.1, clipNorm: 2, name: "g"),
        new Adagrad(0.5, 0.2, 1e-6, 0.1, clipNorm: 2, name: "h"),
        new Adadelta(0.5, 0.8, 1e-6, 0.1, clipNorm: 2, name: "i"),
        new Lion(0.5, 0.8, 0.7, 0.1, clipNorm: 2, name: "j"),
        new Ftrl(0.5, -0.4, 0.2, 0.01, 0.02, 0.03, 0.04, 0.1, clipNorm: 2, name: "k"),
        new Lamb(0.5, 0.8, 0.7, 1e-6, 0.1, clipNorm: 2, name: "l"),
    ];

    public static IEnumerable<Optimizer> OfEveryRule =>
    [
        new SGD(),
        new SGD(momentum: 0.9),
        new SGD(momentum: 0.9, nesterov: true),
        new RMSprop(),
        new RMSprop(momentum: 0.5),
        new RMSprop(centered: true),
        new RMSprop(momentum: 0.5, centered: true),
        new Adam(),
        new Adam(amsgrad: true),
        new AdamW(),
        new Nadam(),
        new Adamax(),
        new Adagrad(),
        new Adadelta(),
        new Lion(),
        new Ftrl(),
        new Ftrl(learningRatePower: -0.3, beta: 0.5, l2RegularizationStrength: 0.1),
        new Lamb(),
        new Adafactor(),
        new ScheduleFreeAdamW(),
        new Muon(),
        new Muon(nesterov: false, rmsRate: null),
    ];

    [TestCaseSource(nameof(WithOptions))]
    public void A_config_round_trip_changes_nothing(Optimizer optimizer)
    {
        Optimizer again = OptimizerNames.Registry.Create(ComponentConfig.Of(optimizer));
        Assert.That(again, Is.TypeOf(optimizer.GetType()));
        AssertSame(again.GetConfig(), optimizer.GetConfig());
    }

    [TestCaseSource(nameof(WithOptions))]
    public void A_fresh_one_has_the_same_options_and_no_past(Optimizer optimizer)
    {
        optimizer = optimizer.Fresh();
        optimizer.Build([new Parameter("w", [2, 3])]);
        optimizer.Apply([new DenseMatrix(3, 2)]);
        Optimizer fresh = optimizer.Fresh();
        Assert.That(fresh, Is.TypeOf(optimizer.GetType()));
        AssertSame(fresh.GetConfig(), optimizer.GetConfig());
        Assert.That((fresh.IsBuilt, fresh.Iterations, fresh.Slots.Count), Is.EqualTo((false, 0, 0)));
    }

    [Test]
    public void Every_registered_name_is_covered_by_the_round_trip() => Assert.That(
        OptimizerNames.Registry.Names, Is.EquivalentTo(WithOptions.Select(o => o.ClassName).Distinct()));

    [TestCase("sgd", 0.01)]
    [TestCase("rmsprop", 0.001)]
    [TestCase("adam", 0.001)]
    [TestCase("AdamW", 0.001)]
    [TestCase("nadam", 0.001)]
    [TestCase("adamax", 0.001)]
    [TestCase("adagrad", 0.001)]
    [TestCase("adadelta", 0.001)]
    [TestCase("lion", 0.001)]
    [TestCase("ftrl", 0.001)]
    [TestCase("lamb", 0.001)]
    [TestCase("adafactor", 0.001)]
    [TestCase("muon", 0.001)]
    [TestCase("ScheduleFreeAdamW", 0.0025)]
    public void A_name_is_an_optimizer(string name, double rate) => Assert.That(((Optimizer)name).LearningRate, Is.EqualTo(rate));

    [Test]
    public void The_weight_decay_of_AdamW_is_Keras_s() => Assert.That(
        (((Optimizer)"adamw").WeightDecay, ((Optimizer)"muon").WeightDecay, ((Muon)(Optimizer)"muon").AdamWeightDecay),
        Is.EqualTo((0.004, 0.004, 0.004)));

    [TestCase(0.01)]
    [TestCase(0.1)]
    [TestCase(1.0 / 3)]
    [TestCase(5e-324)]
    [TestCase(1e39)]
    public void A_learning_rate_is_written_as_it_is(double rate) => Assert.That(
        new Adam(rate).GetConfig().Single(e => e.Key == "learning_rate").Value, Is.EqualTo(rate));

    [Test]
    public void A_learning_rate_can_be_set()
    {
        var adam = new Adam { LearningRate = 0.5 };
        Assert.That(adam.LearningRate, Is.EqualTo(0.5));
    }

    [Test]
    public void The_learning_rate_of_a_schedule_cannot_be_set() => Assert.That(
        () => new Adam(new CosineDecay(0.1, 10)) { LearningRate = 0.5 },
        Throws.InvalidOperationException.With.Message.EqualTo(
            "The learning rate of Adam follows its schedule, CosineDecay, and cannot be set. Give the optimizer a number to "
            + "set it later."));

    [Test]
    public void All_wrong_options_are_named_together() => Assert.That(
        () => new Adam(-1, 1, 2, double.NaN, weightDecay: -0.5, clipNorm: 0, clipValue: 1),
        Throws.ArgumentException.With.Message.EqualTo(
            "Adam: learningRate must be a finite number of at least 0, but is -1; weightDecay must be a finite number of at "
            + "least 0, but is -0.5; clipNorm must be a finite number above 0, but is 0; only one of clipNorm, clipValue and "
            + "globalClipNorm can be set; beta1 must be at least 0 and below 1, but is 1; beta2 must be at least 0 and below "
            + "1, but is 2; epsilon must be a finite number of at least 0, but is NaN."));

    [Test]
    public void A_factor_of_the_loss_that_is_none_is_refused_by_name([Values(0.0, -2.0, 1e300)] double factor) => Assert.That(
        () => OptimizerNames.Registry.Create(new ComponentConfig("Adam", new Config { { "loss_scale_factor", factor } })),
        Throws.ArgumentException.With.Message.Contains("lossScaleFactor must be a finite number above 0"));

    [Test]
    public void An_optimizer_belongs_to_one_model()
    {
        var adam = new Adam();
        Parameter[] own = [new("kernel", [2, 3])];
        adam.Build(own);
        Assert.That(() => adam.Build([own[0]]), Throws.Nothing);
        Assert.That(
            () => adam.Build([new("kernel", [2, 3])]),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "This Adam already trains other parameters, and remembers what it has seen of them. An optimizer belongs to "
                + "one model and its trainable parameters: create a new one, or use Fresh()."));
    }

    [Test]
    public void An_optimizer_that_is_not_built_says_so() => Assert.That(
        () => new Adam().Apply([]),
        Throws.InvalidOperationException.With.Message.EqualTo(
        "Adam is not built: call Build with the parameters to train before Apply."));

    [Test]
    public void A_gradient_of_another_shape_is_named()
    {
        var adam = new Adam();
        adam.Build([new("kernel", [2, 3])]);
        Assert.That(
            () => adam.Apply([new DenseMatrix(2, 3)]),
            Throws.ArgumentException.With.Message.StartWith(
                "Adam: the gradient of parameter 0, 'kernel', is 2 × 3, but the parameter is 3 × 2."));
    }

    [TestCaseSource(nameof(OfEveryRule))]
    public void An_element_is_updated_alike_wherever_it_stands(Optimizer optimizer)
    {
        // The same weight and gradient at every place of sizes around the width of a vector.
        for (int size = 1; size <= (2 * Vector<Real>.Count) + 1; size++)
        {
            Optimizer fresh = optimizer.Fresh();
            var parameter = new Parameter("w", [size]);
            parameter.Values.Fill(0.7f);
            fresh.Build([parameter]);
            for (int step = 1; step <= 3; step++)
            {
                fresh.Apply([DenseMatrix.Create(size, 1, 0.3f * step)]);
                Assert.That(parameter.Values.ToArray(), Is.All.EqualTo(parameter.Values[0]));
                Assert.That(parameter.Values[0], Is.LessThan(0.7f));
                Assert.That(fresh.Slots.Where(slot => !slot.IsUnused), Is.All.Matches<Slot>(
                    s => s!.Values.Values.All(v => v == s.Values.Values[0] && v != 0)));
            }
        }
    }

    [TestCaseSource(nameof(OfEveryRule))]
    public void A_steady_update_allocates_nothing(Optimizer optimizer)
    {
        optimizer = optimizer.Fresh();
        optimizer.Build([new("kernel", [20, 30]), new("bias", [30])]);
        DenseMatrix[] gradients = [DenseMatrix.Create(30, 20, 0.1f), DenseMatrix.Create(30, 1, 0.1f)];
        for (int i = 0; i < 100; i++)
        {
            optimizer.Apply(gradients);
        }

        Assert.That(Allocation.LeastOf(() => optimizer.Apply(gradients)), Is.Zero);
    }

    [Test]
    public void A_gradient_that_is_not_finite_is_not_hidden_by_clipping([Values] bool together)
    {
        var sgd = together ? new SGD(globalClipNorm: 1) : new SGD(clipNorm: 1);
        var parameter = new Parameter("w", [2]);
        sgd.Build([parameter]);
        sgd.Apply([DenseMatrix.OfArray(new Real[,] { { 1 }, { Real.NaN } })]);
        Assert.That(parameter.Values.ToArray(), Has.Some.NaN);
    }

    private static void AssertSame(Config actual, Config expected) => Assert.That(
        actual.Select(e => (e.Key, e.Value is ComponentConfig c ? string.Join(", ", c.Config) : e.Value)),
        Is.EqualTo(expected.Select(e => (e.Key, e.Value is ComponentConfig c ? string.Join(", ", c.Config) : e.Value))));
}
