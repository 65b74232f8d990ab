using Recurrent.Constraints;
using Recurrent.Optimizers;
using Recurrent.Parameters;
using Recurrent.Registration;

namespace Recurrent.Tests.Optimizers;

/// <summary>Options that every optimizer has: a mean of the weights, gradients that wait, rates and decays of single
/// layers.</summary>
public sealed class SharedOptionTests
{
    private static readonly string[] Paths = ["embedding/embeddings", "lstm/kernel", "lstm/bias", "lstm_1/bias"];

    [Test]
    public void The_mean_and_waiting_gradients_follow_Keras(
        [Values(1, 2, 3)] int steps, [Values(0, 1, 2)] int overwrite, [Values] bool constrained)
    {
        var optimizer = new SGD(
            0.1, weightDecay: 0.1, clipNorm: 0.7, useEma: true, emaMomentum: 0.8, emaOverwriteFrequency: overwrite == 0 ? null
            : overwrite, gradientAccumulationSteps: steps == 1 ? null : steps);
        var weights = new Parameter("w", [3], constraint: constrained ? new NonNeg() : null);
        ((Real[])[1, (Real)(-0.5), (Real)0.25]).CopyTo(weights.Values);
        optimizer.Build([weights]);

        double[] w = [1, -0.5, 0.25];
        var mean = new double[3];
        var waiting = new double[3];
        var random = new System.Random(4);
        for (int batch = 0; batch < 13; batch++)
        {
            double[] g = [.. Enumerable.Range(0, 3).Select(_ => (double)(Real)((2 * random.NextDouble()) - 1))];
            optimizer.Apply([Matrix(g)]);

            int updates = batch / steps;
            waiting = [.. waiting.Zip(g, (a, b) => a + b)];
            if ((batch + 1) % steps == 0)
            {
                double[] gradient = [.. waiting.Select(a => a / steps)];
                double length = Math.Sqrt(gradient.Sum(a => a * a));
                w = [.. w.Select((a, i) => (a * (1 - (0.1 * 0.1))) - (0.1 * gradient[i] * Math.Min(1, 0.7 / length)))];
                waiting = new double[3];
            }

            double momentum = updates == 0 ? 0 : 0.8;
            mean = [.. mean.Zip(w, (m, a) => (momentum * m) + ((1 - momentum) * a))];
            w = overwrite > 0 && (updates + 1) % overwrite == 0 ? [.. mean] : w;
            w = constrained ? [.. w.Select(a => Math.Max(a, 0))] : w;
            Assert.That(weights.Values.ToArray(), Is.EqualTo(w).Within(1e-6), $"batch {batch}");
            Assert.That(optimizer.Slots[0].Values.Values, Is.EqualTo(mean).Within(1e-6), $"batch {batch}");
            Assert.That((optimizer.Iterations, optimizer.Updates), Is.EqualTo((batch + 1L, (batch + 1L) / steps)));
        }

        optimizer.FinalizeVariableValues();
        Assert.That(weights.Values.ToArray(), Is.EqualTo(mean).Within(1e-6));
        optimizer.FinalizeVariableValues();
        Assert.That(weights.Values.ToArray(), Is.EqualTo(mean).Within(1e-6));
    }

    [TestCaseSource(typeof(OptimizerTests), nameof(OptimizerTests.OfEveryRule))]
    public void Batches_that_share_an_update_take_the_step_of_their_mean_gradient(Optimizer optimizer)
    {
        Optimizer sharing = With(optimizer, ("gradient_accumulation_steps", 4L));
        Optimizer plain = optimizer.Fresh();
        (Parameter a, Parameter b) = (Weights(), Weights());
        sharing.Build([a]);
        plain.Build([b]);
        var random = new System.Random(6);
        for (int update = 0; update < 5; update++)
        {
            var sum = new double[5];
            for (int part = 0; part < 4; part++)
            {
                // Powers of two, so that the mean is exact.
                double[] g = [.. sum.Select(_ => random.Next(-8, 8) / 8.0)];
                sum = [.. sum.Zip(g, (x, y) => x + y)];
                sharing.Apply([Matrix(g)], 2);
            }

            plain.Apply([Matrix([.. sum.Select(x => x / 4)])]);
            Assert.That(a.Values.ToArray(), Is.EqualTo(b.Values.ToArray()), $"update {update}");
        }
    }

    [TestCaseSource(typeof(OptimizerTests), nameof(OptimizerTests.OfEveryRule))]
    public void Every_optimizer_keeps_a_mean_and_goes_on_with_the_same_bits(Optimizer optimizer)
    {
        optimizer = With(optimizer, ("use_ema", true), ("ema_momentum", 0.5), ("ema_overwrite_frequency", 3L),
            ("gradient_accumulation_steps", 3L));
        Real[] Train(int stopAt)
        {
            Optimizer current = optimizer.Fresh();
            Parameter weights = Weights();
            current.Build([weights]);
            for (int i = 0; i < 14; i++)
            {
                if (i == stopAt)
                {
                    Optimizer again = OptimizerNames.Registry.Create(ComponentConfig.Of(current));
                    Parameter copy = Weights();
                    again.Build([copy]);
                    again.Iterations = current.Iterations;
                    weights.Values.CopyTo(copy.Values);
                    foreach ((Slot from, Slot to) in current.Slots.PairedWith(again.Slots))
                    {
                        Assert.That((to.Name, to.ParameterIndex), Is.EqualTo((from.Name, from.ParameterIndex)));
                        from.Values.Values.CopyTo(to.Values.Values, 0);
                    }

                    (current, weights) = (again, copy);
                }

                current.Apply([Matrix([0.1 * i, -0.2, 0.3, Math.Sin(i), 0])]);
            }

            return [.. weights.Values, .. current.Slots.SelectMany(slot => slot.Values.Values)];
        }

        Real[] whole = Train(-1);
        foreach (int stop in (int[])[1, 4, 6, 9, 13])
        {
            Assert.That(Train(stop), Is.EqualTo(whole), $"stopped at {stop}");
        }
    }

    [Test]
    public void The_mean_of_large_gradients_is_a_number()
    {
        var sgd = new SGD(1e-38, gradientAccumulationSteps: 4);
        Parameter weights = Weights();
        sgd.Build([weights]);
        for (int i = 0; i < 4; i++)
        {
            sgd.Apply([Matrix([3e38, -3e38, 0, 0, 0])]);
        }

        Assert.That(weights.Values.ToArray(), Is.EqualTo((double[])[-2, 3.5, 0.5, 0.25, 0]).Within(1e-5));
    }

    [Test]
    public void A_gradient_that_is_not_finite_is_seen_when_it_comes()
    {
        var sgd = new SGD(gradientAccumulationSteps: 3);
        sgd.Build([Weights()]);
        Assert.That(sgd.TryApply([Matrix([1, 1, 1, 1, 1])], 1));
        Assert.That(sgd.TryApply([Matrix([1, double.NaN, 1, 1, 1])], 1), Is.False);
    }

    [Test]
    public void Weights_and_their_mean_change_places_and_back()
    {
        var sgd = new SGD(0.1, useEma: true);
        Parameter weights = Weights();
        sgd.Build([weights]);
        sgd.ShowAverages(true);
        Assert.That(sgd.AveragesShown, Is.False, "there is no mean yet");
        sgd.Apply([Matrix([1, 1, 1, 1, 1])]);
        sgd.Apply([Matrix([1, 1, 1, 1, 1])]);
        (Real[] w, Real[] mean) = (weights.Values.ToArray(), sgd.Slots[0].Values.Values.ToArray());
        Assert.That(w, Is.Not.EqualTo(mean));
        sgd.ShowAverages(true);
        sgd.ShowAverages(true);
        Assert.That((weights.Values.ToArray(), sgd.Slots[0].Values.Values.ToArray()), Is.EqualTo((mean, w)));
        sgd.ShowAverages(false);
        Assert.That((weights.Values.ToArray(), sgd.Slots[0].Values.Values.ToArray()), Is.EqualTo((w, mean)));
        sgd.ShowAverages(true);
        sgd.FinalizeVariableValues();
        Assert.That((weights.Values.ToArray(), sgd.Slots[0].Values.Values.ToArray()), Is.EqualTo((mean, mean)));
    }

    [TestCaseSource(typeof(OptimizerTests), nameof(OptimizerTests.OfEveryRule))]
    public void A_multiplier_is_another_rate_for_one_layer(Optimizer optimizer)
    {
        Optimizer multiplied = With(optimizer, ("weight_decay", 0.1)).SetLearningRateMultiplier("lstm", 0.25);
        Optimizer slow = With(optimizer, ("weight_decay", 0.1), ("learning_rate", optimizer.LearningRate * 0.25));
        Optimizer plain = With(optimizer, ("weight_decay", 0.1));
        Real[][] a = Train(multiplied);
        Real[][] b = Train(slow);
        Real[][] c = Train(plain);
        for (int i = 0; i < Paths.Length; i++)
        {
            Real[] expected = Paths[i].StartsWith("lstm/", StringComparison.Ordinal) ? b[i] : c[i];
            Assert.That(a[i], Is.EqualTo(expected).Within(1e-7), Paths[i]);
        }
    }

    [Test]
    public void The_multiplier_that_was_set_last_counts_and_none_leaves_a_layer_as_it_is()
    {
        Real[][] start = Train(new SGD(0));
        Optimizer optimizer = new SGD(0.1).SetLearningRateMultiplier(".*", 0).SetLearningRateMultiplier("lstm/bias", 1);
        Real[][] trained = Train(optimizer);
        Assert.That((trained[0], trained[1], trained[3]), Is.EqualTo((start[0], start[1], start[3])));
        Assert.That(trained[2], Is.Not.EqualTo(start[2]));
    }

    [Test]
    public void Decay_leaves_out_what_is_excluded()
    {
        Parameter[] parameters = [.. Paths.Select(_ => Weights())];
        Optimizer adamw = new AdamW(0.1, weightDecay: 0.5).ExcludeFromWeightDecay([parameters[0]], ["bias"]);
        adamw.Build(parameters, Paths);
        adamw.Apply([.. parameters.Select(_ => Matrix(new double[5]))]);
        Real[] start = Weights().Values.ToArray();
        Assert.That(parameters[1].Values.ToArray(), Is.EqualTo(start.Select(w => w * 0.95)).Within(1e-6));
        foreach (int i in (int[])[0, 2, 3])
        {
            Assert.That(parameters[i].Values.ToArray(), Is.EqualTo(start), Paths[i]);
        }

        // A file says the same, by the path.
        Optimizer again = OptimizerNames.Registry.Create(ComponentConfig.Of(adamw));
        Parameter[] others = [.. Paths.Select(_ => Weights())];
        again.Build(others, Paths);
        again.Apply([.. others.Select(_ => Matrix(new double[5]))]);
        Assert.That(others.Select(p => p.Values.ToArray()), Is.EqualTo(parameters.Select(p => p.Values.ToArray())));
    }

    [Test]
    public void Patterns_that_no_parameter_has_are_known()
    {
        Optimizer sgd = new SGD().ExcludeFromWeightDecay("bias", "norm").SetLearningRateMultiplier("lst", 0.1);
        sgd.Build([.. Paths.Select(_ => Weights())], Paths);
        Assert.That(sgd.PatternsWithoutParameter, Is.EqualTo((string[])["norm", "lst"]));
        Assert.That(sgd.Fresh().GetConfig().Select(e => e.Key), Is.EqualTo(sgd.GetConfig().Select(e => e.Key)));
    }

    [Test]
    public void Wrong_options_are_refused_by_name()
    {
        Refuses(() => new Adam(gradientAccumulationSteps: 1),
            "Adam: gradientAccumulationSteps must be at least 2, or null for none, but is 1.");
        Refuses(() => new SGD(useEma: true, emaMomentum: 1.5), "SGD: emaMomentum must be at least 0 and at most 1, but is 1.5.");
        Refuses(() => new SGD(useEma: true, emaMomentum: double.NaN),
            "SGD: emaMomentum must be at least 0 and at most 1, but is NaN.");
        Refuses(() => new Lion(useEma: true, emaOverwriteFrequency: 0),
            "Lion: emaOverwriteFrequency must be at least 1, but is 0.");
        Refuses(() => new Lion(emaOverwriteFrequency: 3), "Lion: emaOverwriteFrequency needs useEma: true.");
        Refuses(() => new Lion(emaMomentum: 0.9), "Lion: emaMomentum needs useEma: true.");
        Refuses(() => new Adam().SetLearningRateMultiplier("lstm", -1),
            "Adam.SetLearningRateMultiplier: multiplier must be a finite number of at least 0, but is -1.");
        Refuses(() => new Adam().SetLearningRateMultiplier("a", 1).SetLearningRateMultiplier("a", 2),
            "Adam.SetLearningRateMultiplier: 'a' has a multiplier already, and can have one only.");
        Assert.That(() => new Adam().ExcludeFromWeightDecay("("), Throws.ArgumentException.With.Message.StartsWith(
            "Adam.ExcludeFromWeightDecay: '(' is not a regular expression that can be used: "));
        Refuses(() => new Adam().ExcludeFromWeightDecay(""), "Adam.ExcludeFromWeightDecay: a pattern is empty.");
        var built = new Adam();
        built.Build([Weights()]);
        Assert.That(() => built.SetLearningRateMultiplier("a", 1), Throws.InvalidOperationException);
        Assert.That(() => built.ExcludeFromWeightDecay("a"), Throws.InvalidOperationException);

        static void Refuses(Func<Optimizer> create, string message) =>
            Assert.That(() => create(), Throws.ArgumentException.With.Message.EqualTo(message));
    }

    [Test]
    public void What_a_file_may_ask_for_is_limited()
    {
        Refuses("exclude_from_weight_decay", new string[1001],
            "Adam: exclude_from_weight_decay has 1001 entries, and 1000 is the most.");
        Refuses("exclude_from_weight_decay", [new string('a', 1001)],
            "Adam.ExcludeFromWeightDecay: a pattern has 1001 characters, and 1000 is the most.");
        Refuses("exclude_from_weight_decay", ["("], "Adam.ExcludeFromWeightDecay: '(' is not a regular expression");
        Refuses("multiplied_learning_rates", ["lstm"], "Adam: multiplied_learning_rates has 1 entries and learning_rate_multi");
        Refuses("exclude_from_weight_decay", ["((((a{99}){99}){99}){99})*b"], "Adam.ExcludeFromWeightDecay: '((((a{99}){99})");

        static void Refuses(string key, string[] value, string message) => Assert.That(
            () => OptimizerNames.Registry.Create(
                new ComponentConfig("Adam", new Config { { key, value.Select(v => v ?? "a") } })),
            Throws.InstanceOf<ArgumentException>().Or.InstanceOf<ConfigException>().With.Message.StartsWith(message));
    }

    internal static Optimizer With(Optimizer optimizer, params (string Key, object Value)[] options)
    {
        var config = new Config();
        foreach ((string key, object? value) in optimizer.GetConfig())
        {
            (string _, object Value) changed = options.FirstOrDefault(option => option.Key == key);
            config.Add(key, changed.Value ?? value);
        }

        return OptimizerNames.Registry.Create(new ComponentConfig(optimizer.ClassName, config));
    }

    private static Real[][] Train(Optimizer optimizer)
    {
        Parameter[] parameters = [.. Paths.Select(_ => Weights())];
        optimizer.Build(parameters, Paths);
        for (int i = 0; i < 4; i++)
        {
            optimizer.Apply([.. parameters.Select((_, p) => Matrix([0.3, -0.1, p, i, -1]))], 2);
        }

        return [.. parameters.Select(p => p.Values.ToArray())];
    }

    private static Parameter Weights()
    {
        var weights = new Parameter("w", [5]);
        ((Real[])[1, (Real)0.5, (Real)0.5, (Real)0.25, 0]).CopyTo(weights.Values);
        return weights;
    }

    private static DenseMatrix Matrix(double[] values) => new(values.Length, 1, [.. values.Select(value => (Real)value)]);
}
