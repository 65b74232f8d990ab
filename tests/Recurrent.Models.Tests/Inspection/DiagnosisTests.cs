using Recurrent.Inspection;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Random;

namespace Recurrent.Tests.Models;

/// <summary>Every finding: a case that has it, and one that has not.</summary>
public sealed partial class DiagnosisTests
{
    private const int Count = 240;
    private const int Steps = 12;

    [Test]
    public void A_healthy_model_has_no_findings()
    {
        (NDArray x, NDArray y) = Series(Count, Steps);
        Sequential model = Forecasting();
        float[] before = Bits(model);
        Diagnosis diagnosis = model.Diagnose(x, y);
        Assert.That(diagnosis.Findings, Is.Empty, diagnosis.ToString());
        Assert.That(diagnosis.IsHealthy);
        Assert.That(diagnosis.ToString(), Does.StartWith("Nothing was found"));
        Assert.That(diagnosis.GradientFlow!.Layers, Has.Count.EqualTo(1));
        Assert.That(Bits(model), Is.EqualTo(before));
        Assert.That((model.Optimizer!.IsBuilt, model.Warnings.Count), Is.EqualTo((false, 0)));
    }

    [TestCase(1, false)]
    [TestCase(500, true)]
    [TestCase(1e-4, true)]
    public void Inputs_far_from_scale(double scale, bool found)
    {
        (NDArray x, NDArray y) = Series(Count, Steps, features: 2);
        Assert.That(Forecasting(2).Diagnose(Scaled(x, scale), y).Has(FindingKind.UnscaledInputs), Is.EqualTo(found));
    }

    [Test]
    public void Features_of_unequal_scales()
    {
        (NDArray x, NDArray y) = Series(Count, Steps, features: 2);
        for (int i = 1; i < x.Size; i += 2)
        {
            x.Values[i] *= 0.002f;
        }

        Finding finding = Forecasting(2).Diagnose(x, y).Of(FindingKind.UnscaledInputs).Single();
        Assert.That(finding.Measure, Is.InRange(200, 1500));
        Assert.That(finding.Advice, Does.Contain("StandardScaler"));
    }

    [Test]
    public void A_layer_that_scales_for_itself_is_content_with_any_inputs()
    {
        (NDArray x, NDArray y) = Series(Count, Steps);
        var model = new Sequential([new BatchNormalization(inputShape: (Steps, 1)), new LSTM(8), new Dense(1)]);
        model.Compile("adam", "mse");
        Assert.That(model.Diagnose(Scaled(x, 1000), y).Has(FindingKind.UnscaledInputs), Is.False);
    }

    [Test]
    public void Inputs_that_never_change([Values] bool constant)
    {
        (NDArray x, NDArray y) = Series(Count, Steps, features: 3);
        for (int i = 1; constant && i < x.Size; i += 3)
        {
            x.Values[i] = 0.25f;
        }

        IReadOnlyList<Finding> findings = Forecasting(3).Diagnose(x, y).Of(FindingKind.ConstantInputs);
        Assert.That(findings.Select(finding => finding.Text),
            constant ? Has.One.EqualTo("Feature 1 of the inputs never changes: always 0.25.") : Is.Empty);
    }

    [Test]
    public void Inputs_that_know_the_target([Values] bool leaks, [Values(-3.5, 1)] double scale)
    {
        (NDArray x, NDArray y) = Series(Count, Steps, features: 2);
        var random = new System.Random(2);
        for (int i = 0; i < Count; i++)
        {
            double value = leaks ? (scale * y.Values[i]) + 0.5 : y.Values[i] + (0.3 * random.NextDouble());
            x.Values[(((i * Steps) + 7) * 2) + 1] = (float)value;
        }

        IReadOnlyList<Finding> findings = Forecasting(2).Diagnose(x, y).Of(FindingKind.LeakingInputs);
        Assert.That(findings.Select(finding => finding.Text),
            leaks ? Has.One.StartsWith("Feature 1 of the inputs at step 7 is the target, up to scale") : Is.Empty);
    }

    [Test]
    public void Inputs_that_know_the_target_of_their_step([Values] bool leaks)
    {
        (NDArray x, _) = Series(Count, Steps, features: 2);
        var y = new NDArray(Count, Steps, 1);
        var random = new System.Random(3);
        for (int i = 0; i < y.Size; i++)
        {
            y.Values[i] = leaks ? 2 * x.Values[i * 2] : (float)random.NextDouble();
        }

        var model = new Sequential([new LSTM(8, returnSequences: true, inputShape: (Steps, 2)), new Dense(1)]);
        model.Compile("adam", "mse");
        Assert.That(model.Diagnose(x, y).Has(FindingKind.LeakingInputs), Is.EqualTo(leaks));
    }

    [Test]
    public void Inputs_that_know_the_class([Values("label", "indicator", "none")] string what)
    {
        var random = new System.Random(4);
        var x = new NDArray(Count, 4);
        var y = new NDArray(Count, 1);
        for (int i = 0; i < Count; i++)
        {
            int label = random.Next(3);
            y.Values[i] = label;
            for (int f = 0; f < 4; f++)
            {
                x.Values[(i * 4) + f] = (float)((2 * random.NextDouble()) - 1 + (0.3 * label));
            }

            x.Values[(i * 4) + 2] = what switch
            {
                "label" => label,
                "indicator" => label == 1 ? 1 : -1,
                _ => x.Values[(i * 4) + 2],
            };
        }

        var model = new Sequential([new Dense(8, activation: "tanh", inputShape: new([4])), new Dense(3, activation: "softmax")]);
        model.Compile("adam", "sparse_categorical_crossentropy");
        Assert.That(model.Diagnose(x, y).Has(FindingKind.LeakingInputs), Is.EqualTo(what != "none"));
    }

    [Test]
    public void Units_that_are_dead([Values] bool dead)
    {
        (NDArray x, NDArray y) = Vectors();
        var model = new Sequential([new Dense(16, activation: "relu", inputShape: new([4]), name: "hidden"), new Dense(1)]);
        model.Compile("adam", "mse");
        if (dead)
        {
            NDArray[] weights = [.. model.GetWeights()];
            Array.Fill(weights[1].Values, -50, 4, 8);
            model.SetWeights(weights);
        }

        Finding? finding = model.Diagnose(x, y).Of(FindingKind.DeadUnits).SingleOrDefault();
        Assert.That(finding?.Text, dead
            ? Does.StartWith("8 of 16 units of Dense 'hidden' give 0 for every sample (relu)") : Is.Null);
    }

    [TestCase("tanh")]
    [TestCase("sigmoid")]
    public void Units_that_are_saturated(string activation)
    {
        (NDArray x, NDArray y) = Vectors();
        foreach (double scale in (double[])[1, 200])
        {
            var model = new Sequential([new Dense(16, activation: activation, inputShape: new([4])), new Dense(1)]);
            model.Compile("adam", "mse");
            NDArray[] weights = [.. model.GetWeights()];
            weights[0] = Scaled(weights[0], scale);
            model.SetWeights(weights);
            Assert.That(model.Diagnose(x, y).Has(FindingKind.SaturatedUnits), Is.EqualTo(scale > 1), $"{scale}");
        }
    }

    [Test]
    public void Gates_that_are_saturated([Values] bool gru)
    {
        (NDArray x, NDArray y) = Series(Count, Steps);
        Layer layer = gru ? new GRU(8, inputShape: (Steps, 1)) : new LSTM(8, inputShape: (Steps, 1));
        var model = new Sequential([layer, new Dense(1)]);
        model.Compile("adam", "mse");
        Assert.That(model.Diagnose(x, y).Has(FindingKind.SaturatedUnits), Is.False);
        Assert.That(model.Diagnose(Scaled(x, 1000), y).Has(FindingKind.SaturatedUnits), Is.True);
    }

    [Test]
    public void Gradients_that_vanish_or_explode()
    {
        (NDArray x, NDArray y) = Series(Count, 40);
        Diagnosis diagnosis = Scaled(0.1);
        Assert.That(diagnosis.Has(FindingKind.VanishingGradients), diagnosis.ToString());
        Assert.That(diagnosis.Has(FindingKind.ExplodingGradients), Is.False);
        Assert.That(diagnosis.ToHtml(), Does.Contain("Gradients through time").And.Contain("vanishing gradients"));
        diagnosis = Scaled(1.5);
        Assert.That(diagnosis.Has(FindingKind.ExplodingGradients), diagnosis.ToString());
        Assert.That(diagnosis.Has(FindingKind.VanishingGradients), Is.False);
        diagnosis = Scaled(1);
        Assert.That(diagnosis.Has(FindingKind.ExplodingGradients) || diagnosis.Has(FindingKind.VanishingGradients), Is.False);

        Diagnosis Scaled(double scale)
        {
            var model = new Sequential([new SimpleRNN(8, activation: "linear", inputShape: (40, 1)), new Dense(1)]);
            model.Compile("adam", "mse");
            NDArray[] weights = [.. model.GetWeights()];
            weights[1] = DiagnosisTests.Scaled(weights[1], scale);
            model.SetWeights(weights);
            return model.Diagnose(x, y);
        }
    }

    [TestCase(1e-2, null)]
    [TestCase(1e-3, null)]
    [TestCase(1e-8, FindingKind.LearningRateTooLow)]
    [TestCase(0, FindingKind.LearningRateTooLow)]
    [TestCase(30, FindingKind.LearningRateTooHigh)]
    public void The_learning_rate_of_Adam(double rate, FindingKind? expected) => AssertRate(new Adam(rate), expected);

    [TestCase(1e-2, null)]
    [TestCase(1e-7, FindingKind.LearningRateTooLow)]
    [TestCase(20, FindingKind.LearningRateTooHigh)]
    [TestCase(1e10, FindingKind.LearningRateTooHigh)]
    public void The_learning_rate_of_SGD(double rate, FindingKind? expected) => AssertRate(new SGD(rate), expected);

    // Noise can hardly be learnt, at no rate, and a rate that explodes on it is too high all the same.
    [TestCase(1e-3, false)]
    [TestCase(0.05, false)]
    [TestCase(10, true)]
    public void A_rate_that_explodes_is_too_high_for_data_that_are_hard_too(double rate, bool expected)
    {
        var random = new SeededRandom(8);
        NDArray x = Fill(new NDArray(300, 6, 2), () => random.NextNormal());
        NDArray y = Fill(new NDArray(300, 1), () => random.NextNormal());
        var model = new Sequential([new LSTM(8, inputShape: (6, 2)), new Dense(1)], seed: 2);
        model.Compile(new Adam(rate), "mse");
        Assert.That(model.Diagnose(x, y).Has(FindingKind.LearningRateTooHigh), Is.EqualTo(expected));
    }

    [Test]
    public void A_model_that_has_learned_is_not_said_to_learn_too_slowly()
    {
        (NDArray x, NDArray y) = Vectors();
        var model = new Sequential([new Dense(8, activation: "tanh", inputShape: new([4])), new Dense(1)]);
        model.Compile(new Adam(0.01), "mse");
        model.Fit(x, y, epochs: 200, verbose: 0);
        Diagnosis diagnosis = model.Diagnose(x, y);
        Assert.That(diagnosis.Has(FindingKind.LearningRateTooLow) || diagnosis.Has(FindingKind.LearningRateTooHigh), Is.False,
            diagnosis.ToString());
    }

    [Test]
    public void Windows_that_leak_into_validation([Values("shuffled", "behind", "gap", "other")] string split)
    {
        (NDArray x, NDArray y) = Series(Count, Steps);
        int[] training;
        int[] validation;
        if (split == "shuffled")
        {
            training = [.. Enumerable.Range(0, Count).Where(i => i % 5 != 0)];
            validation = [.. Enumerable.Range(0, Count).Where(i => i % 5 == 0)];
        }
        else
        {
            training = [.. Enumerable.Range(0, 180)];
            validation = [.. Enumerable.Range(split == "gap" ? 180 + Steps : 180, 40)];
        }

        (NDArray other, NDArray targets) = Series(40, Steps, seed: 77);
        ValidationData judged = split == "other" ? new(other, targets) : new(Rows(x, validation), Rows(y, validation));
        Diagnosis diagnosis = Forecasting().Diagnose(Rows(x, training), Rows(y, training), validationData: judged);
        Finding? finding = diagnosis.Of(FindingKind.LeakingWindows).SingleOrDefault();
        Assert.That(finding?.Measure, split switch
        {
            "shuffled" => Is.EqualTo(1),
            "behind" => Is.InRange(0.1, 0.4),
            _ => Is.Null,
        });
    }

    [Test]
    public void A_split_by_share_is_looked_at_too()
    {
        (NDArray x, NDArray y) = Series(Count, Steps);
        Assert.That(Forecasting().Diagnose(x, y, validationSplit: 0.2).Has(FindingKind.LeakingWindows));
        int[] apart = [.. Enumerable.Range(0, Count / Steps).Select(i => i * Steps)];
        Assert.That(Forecasting().Diagnose(Rows(x, apart), Rows(y, apart), validationSplit: 0.2).Has(FindingKind.LeakingWindows),
            Is.False);
    }

    [Test]
    public void Steps_of_a_few_kinds_are_the_same_by_chance()
    {
        var random = new System.Random(6);
        var x = new NDArray(400, 6, 1);
        for (int i = 0; i < x.Size; i++)
        {
            x.Values[i] = random.Next(2);
        }

        var y = new NDArray(400, 1);
        Assert.That(Forecasting(1, 6).Diagnose(x, y, validationSplit: 0.5).Has(FindingKind.LeakingWindows), Is.False);
    }

    [Test]
    public void Classes_out_of_balance([Values("binary_crossentropy", "sparse_categorical_crossentropy",
        "categorical_crossentropy")] string loss, [Values(0.5, 0.95)] double share)
    {
        (NDArray x, _) = Vectors();
        bool binary = loss == "binary_crossentropy";
        bool oneHot = loss == "categorical_crossentropy";
        var y = new NDArray(Count, oneHot ? 2 : 1);
        for (int i = 0; i < Count; i++)
        {
            int label = i % 20 < share * 20 ? 0 : 1;
            y.Values[oneHot ? (2 * i) + label : i] = oneHot ? 1 : label;
        }

        var model = new Sequential([new Dense(4, activation: "tanh", inputShape: new([4])),
            new Dense(binary ? 1 : 2, activation: binary ? "sigmoid" : "softmax")]);
        model.Compile("adam", loss);
        Finding? finding = model.Diagnose(x, y).Of(FindingKind.ClassImbalance).SingleOrDefault();
        Assert.That(finding?.Measure, share > 0.5 ? Is.EqualTo(19) : Is.Null);
        Assert.That(finding?.Advice, share > 0.5 ? Does.Contain("classWeight: { [0] = 0.526, [1] = 10 }") : Is.Null);
    }

    [Test]
    public void What_training_warns_of_is_found_too()
    {
        (NDArray x, _) = Vectors();
        var model = new Sequential([new Dense(1, inputShape: new([4]))]);
        model.Compile("adam", "binary_crossentropy");
        Assert.That(model.Diagnose(x, new NDArray(Count, 1)).Of(FindingKind.Misfit).Single().Text, Does.Contain("probabilities"));
    }

    [Test]
    public void Weights_that_are_no_numbers_are_found_first()
    {
        (NDArray x, NDArray y) = Vectors();
        var model = new Sequential([new Dense(1, inputShape: new([4]), name: "only")]);
        model.Compile("adam", "mse");
        model.Layers[0].Parameters[0].Values[0] = float.NaN;
        Assert.That(model.Diagnose(x, y).Findings.Single().Kind, Is.EqualTo(FindingKind.NotFinite));
    }

    [Test]
    public void Models_of_several_inputs_ids_and_sequences_of_unequal_length_can_be_diagnosed()
    {
        var ids = new Input(new([6]), name: "ids");
        var place = new Input(3, name: "place");
        Symbol h = new GRU(4).Call(new Embedding(20, 4, maskZero: true).Call(ids));
        var model = new Model(inputs: [ids, place], outputs: new Dense(1).Call(new Concatenate().Call(h, place)));
        model.Compile("adam", "mse");
        var random = new System.Random(9);
        NDArray x = Fill(new NDArray(50, 6), () => random.Next(20));
        NDArray other = Fill(new NDArray(50, 3), () => 1000 * random.NextDouble());
        NDArray y = Fill(new NDArray(50, 1), random.NextDouble);
        Diagnosis diagnosis = model.Diagnose((NDArray[])[x, other], y, validationSplit: 0.2);
        Assert.That(diagnosis.Of(FindingKind.UnscaledInputs).Select(finding => finding.Where),
            Is.EqualTo((string[])["input 'place'"]));

        var ragged = new Sequential([new LSTM(4, inputShape: (null, 2)), new Dense(1)]);
        ragged.Compile("adam", "mse");
        RaggedSequences sequences = new([.. Enumerable.Range(0, 50).Select(i =>
            Fill(new NDArray(3 + (i % 5), 2), () => random.NextDouble() - 0.5))]);
        Assert.That(ragged.Diagnose(sequences, y).Has(FindingKind.UnscaledInputs), Is.False);
    }

    [Test]
    public void Wrong_options_are_named() => Assert.That(
        () => Forecasting().Diagnose(new NDArray(4, Steps, 1), new NDArray(4, 1), validationSplit: 1, batchSize: 0),
        Throws.ArgumentException.With.Message.EqualTo(
            "Diagnose: validationSplit must be at least 0 and below 1, but is 1; batchSize must be at least 1, but is 0."));

    private static void AssertRate(Optimizer optimizer, FindingKind? expected)
    {
        (NDArray x, NDArray y) = Vectors();
        var model = new Sequential([new Dense(8, activation: "tanh", inputShape: new([4])), new Dense(1)], seed: 2);
        model.Compile(optimizer, "mse");
        Diagnosis diagnosis = model.Diagnose(x, y);
        Assert.That(diagnosis.Findings.Select(finding => (FindingKind?)finding.Kind)
            .Where(kind => kind is FindingKind.LearningRateTooHigh or FindingKind.LearningRateTooLow),
            expected is null ? Is.Empty : Is.EqualTo((FindingKind?[])[expected]), diagnosis.ToString());
    }

    private static Sequential Forecasting(int features = 1, int steps = Steps)
    {
        var model = new Sequential([new LSTM(8, inputShape: (steps, features)), new Dense(1)], seed: 1);
        model.Compile(new Adam(0.01), "mse");
        return model;
    }
}
