using Recurrent.Losses;
using Recurrent.Registration;

namespace Recurrent.Tests.Losses;

/// <summary>What losses say, refuse and remember.</summary>
public sealed class LossTests
{
    public static IEnumerable<Loss> WithOptions =>
    [
        new MeanSquaredError(Reduction.Sum, "a"),
        new MeanAbsoluteError(Reduction.Sum, "b"),
        new MeanAbsolutePercentageError(Reduction.MeanWithSampleWeight, "c"),
        new MeanSquaredLogarithmicError(Reduction.Sum, "d"),
        new Huber(0.5, Reduction.Sum, "e"),
        new LogCosh(Reduction.Sum, "f"),
        new Quantile([0.1, 0.5, 0.9], Reduction.Sum, "g"),
        new CosineSimilarity(Reduction.Sum, "h"),
        new Poisson(Reduction.Sum, "i"),
        new KLDivergence(Reduction.Sum, "j"),
        new Hinge(Reduction.Sum, "k"),
        new SquaredHinge(Reduction.Sum, "l"),
        new CategoricalHinge(Reduction.Sum, "m"),
        new BinaryCrossentropy(true, 0.1, Reduction.Sum, "n"),
        new CategoricalCrossentropy(true, 0.1, Reduction.Sum, "o"),
        new SparseCategoricalCrossentropy(true, -1, Reduction.Sum, "p"),
        new BinaryFocalCrossentropy(true, 0.4, 1.5, true, 0.1, Reduction.Sum, "r"),
        new CategoricalFocalCrossentropy([0.4, 0.2, 0.3], 1.5, true, 0.1, Reduction.Sum, "s"),
        new CategoricalGeneralizedCrossEntropy(0.7, Reduction.Sum, "t"),
        new Dice([1, -1], Reduction.Sum, "u"),
        new Tversky(0.7, 0.2, [0], Reduction.Sum, "v"),
        new Circle(40, 0.3, false, Reduction.Sum, "w"),
        new CTC(Reduction.Sum, "x"),
        new CTC(Reduction.Sum, "x", blank: 3),
        new CRFLoss(Reduction.Sum, "B"),
        new GaussianNLL(0.01, Reduction.Sum, "y"),
        new StudentTNLL(0.01, Reduction.Sum, "z"),
        new NegativeBinomialNLL(0.01, Reduction.Sum, "A"),
    ];

    [TestCaseSource(nameof(WithOptions))]
    public void A_config_round_trip_changes_nothing(Loss loss)
    {
        Loss again = LossNames.Registry.Create(ComponentConfig.Of(loss));
        Assert.That(again, Is.TypeOf(loss.GetType()));
        Assert.That(again.GetConfig(), Is.EqualTo(loss.GetConfig()));
        Assert.That(again.Name, Is.EqualTo(loss.Name));
        Assert.That(again.Reduction, Is.EqualTo(loss.Reduction));
    }

    [Test]
    public void Every_registered_name_makes_a_loss_that_the_round_trip_covers() => Assert.That(
        LossNames.Registry.Names.Select(n => LossNames.Registry.Create(n).ClassName).Distinct(),
        Is.EquivalentTo(WithOptions.Select(l => l.ClassName).Distinct()));

    [TestCase("mse", "MeanSquaredError")]
    [TestCase("MSE", "MeanSquaredError")]
    [TestCase("mean_squared_error", "MeanSquaredError")]
    [TestCase("mae", "MeanAbsoluteError")]
    [TestCase("mape", "MeanAbsolutePercentageError")]
    [TestCase("msle", "MeanSquaredLogarithmicError")]
    [TestCase("kld", "KLDivergence")]
    [TestCase("bce", "BinaryCrossentropy")]
    [TestCase("huber", "Huber")]
    [TestCase("logcosh", "LogCosh")]
    [TestCase("pinball", "Quantile")]
    public void A_name_is_a_loss(string name, string className) => Assert.That(((Loss)name).ClassName, Is.EqualTo(className));

    [Test]
    public void A_misspelt_name_is_answered_with_the_nearest_one() => Assert.That(
        () => (Loss)"mean_square_error",
        Throws.TypeOf<ConfigException>().With.Message.StartWith(
        "Unknown loss 'mean_square_error'. Did you mean 'mean_squared_error'? Valid names: BinaryCrossentropy, "));

    [TestCase(1, 1, "BinaryCrossentropy")]
    [TestCase(3, 1, "SparseCategoricalCrossentropy")]
    [TestCase(3, 3, "CategoricalCrossentropy")]
    public void The_crossentropy_is_chosen_by_outputs_and_targets(int predictionRows, int targetRows, string expected) =>
        Assert.That(
        new Crossentropy().For(predictionRows, targetRows).ClassName, Is.EqualTo(expected));

    [Test]
    public void What_is_chosen_has_the_options_of_the_choice()
    {
        Loss chosen = new Crossentropy(Reduction.Sum, "q").For(3, 1);
        Assert.That((chosen.Reduction, chosen.Name), Is.EqualTo((Reduction.Sum, "q")));
    }

    [Test]
    public void A_choice_is_read_as_it_was_written()
    {
        var loss = new Crossentropy(Reduction.Sum, "q");
        LossChoice again = LossNames.Choices.Create(ComponentConfig.Of(loss));
        Assert.That(again, Is.TypeOf<Crossentropy>());
        Assert.That(again.GetConfig(), Is.EqualTo(loss.GetConfig()));
    }

    [TestCase("ce", "Crossentropy", null)]
    [TestCase("crossentropy", "Crossentropy", null)]
    [TestCase("mse", "MeanSquaredError", typeof(MeanSquaredError))]
    public void A_model_is_compiled_with_a_loss_or_a_choice(string name, string className, Type? made)
    {
        LossChoice choice = name;
        Assert.That((choice.ClassName, choice.Loss?.GetType()), Is.EqualTo((className, made)));
        Assert.That(choice.Loss, Is.Null.Or.SameAs(choice.For(3, 3)));
        Assert.That(((LossChoice)new Poisson()).Name, Is.EqualTo("poisson"));
        Assert.That(((LossChoice?)(Loss?)null, (LossChoice?)(string?)null), Is.EqualTo(((LossChoice?)null, (LossChoice?)null)));
    }

    [Test]
    public void A_choice_is_not_a_loss_by_itself() => Assert.That(
        () => (Loss)"ce",
        Throws.TypeOf<ConfigException>().With.Message.EqualTo(
            "'ce' stands for the crossentropy that fits outputs and targets, which is chosen where a model is compiled with the "
            + "name. Here, say which: binary_crossentropy, categorical_crossentropy or sparse_categorical_crossentropy."));

    [Test]
    public void Every_name_can_be_compiled_with() =>
        Assert.That(LossNames.Choices.Names, Is.EquivalentTo(LossNames.Registry.Names.Concat(["Crossentropy", "ce"])));

    [Test]
    public void No_reduction_is_refused([Values("none", null)] string? reduction) => Assert.That(
        () => LossNames.Registry.Create(new ComponentConfig("mse", new Config { { "reduction", reduction } })),
        Throws.TypeOf<ConfigException>().With.Message.EqualTo(
            $"mse: reduction = {(reduction is null ? "null" : "'none'")} is not supported, because training needs one number. "
            + "Use 'sum_over_batch_size', 'sum' or 'mean_with_sample_weight'."));

    [Test]
    public void An_unknown_reduction_is_refused() => Assert.That(
        () => LossNames.Registry.Create(new ComponentConfig("mse", new Config { { "reduction", "max" } })),
        Throws.TypeOf<ConfigException>().With.Message.EqualTo(
            "mse: reduction = 'max' is unknown. Valid names: mean, mean_with_sample_weight, sum, sum_over_batch_size."));

    [Test]
    public void A_class_that_does_not_exist_is_named() => Assert.That(
        () => new SparseCategoricalCrossentropy().CheckTargets([0, 1, 5], 1, 5),
        Throws.ArgumentException.With.Message.EqualTo(
            "SparseCategoricalCrossentropy: row 2 of the targets holds class 5, but the model has 5 outputs, for the classes 0 "
            + "to 4. Mend the label, or give the last layer one unit for each class."));

    [Test]
    public void A_class_that_is_no_whole_number_is_named() => Assert.That(
        () => new SparseCategoricalCrossentropy().CheckTargets([0, 0.5f], 1, 5),
        Throws.ArgumentException.With.Message.EqualTo(
            "SparseCategoricalCrossentropy: row 1 of the targets holds 0.5. Its targets are class indices, whole numbers from "
            + "0 to 4; for probabilities use CategoricalCrossentropy."));

    [Test]
    public void One_hot_targets_for_integer_labels_are_refused() => Assert.That(
        () => new SparseCategoricalCrossentropy().CheckTargets([0, 1, 0], 3, 3),
        Throws.ArgumentException.With.Message.EqualTo(
            "SparseCategoricalCrossentropy expects one class index in each row of the targets, but a row has 3 entries. For "
            + "one-hot targets use CategoricalCrossentropy."));

    [Test]
    public void The_ignored_class_may_lie_outside_the_classes() => Assert.That(
        () => new SparseCategoricalCrossentropy(ignoreClass: -1).CheckTargets([0, -1, 4], 1, 5), Throws.Nothing);

    [Test]
    public void A_target_that_is_no_probability_is_named() => Assert.That(
        () => new BinaryCrossentropy().CheckTargets([0, 1, 2, 0], 2, 2),
        Throws.ArgumentException.With.Message.EqualTo(
            "BinaryCrossentropy: row 1 of the targets holds 2. Its targets are probabilities, from 0 to 1."));

    [Test]
    public void One_output_for_several_classes_is_refused() => Assert.That(
        () => new CategoricalCrossentropy().CheckTargets([0, 1], 1, 1),
        Throws.ArgumentException.With.Message.EqualTo(
            "CategoricalCrossentropy needs one output for each class, but the model has 1 output. For a yes or no use "
            + "BinaryCrossentropy."));

    [Test]
    public void A_label_that_is_no_side_is_named() => Assert.That(
        () => new Hinge().CheckTargets([-1, 1, 3], 1, 1),
        Throws.ArgumentException.With.Message.EqualTo(
        "Hinge: row 2 of the targets holds 3. Its labels are -1 and 1, or 0 and 1."));

    [Test]
    public void A_gap_in_the_targets_is_named() => Assert.That(
        () => new MeanSquaredError().CheckTargets([1, Real.NaN], 1, 1),
        Throws.ArgumentException.With.Message.EqualTo(
            "MeanSquaredError: row 1 of the targets holds NaN. Targets must be finite numbers: leave such samples out, or fill "
            + "the gaps."));

    [Test]
    public void All_wrong_quantiles_are_named_together() => Assert.That(
        () => new Quantile([0.5, 0.1, 1]),
        Throws.ArgumentException.With.Message.EqualTo(
            "Quantile: quantiles must ascend, but quantiles[1] does not; quantiles[2] must be above 0 and below 1, but is 1."));

    [Test]
    public void Outputs_that_do_not_divide_into_quantiles_are_refused() => Assert.That(
        () => new Quantile([0.1, 0.9]).TargetRows(3),
        Throws.ArgumentException.With.Message.EqualTo(
            "Quantile with 2 quantiles needs 2 outputs for each target, but the model has 3 outputs. Give the last layer a "
            + "multiple of 2 units."));

    [Test]
    public void A_wrong_delta_is_refused() => Assert.That(
        () => new Huber(0),
            Throws.ArgumentException.With.Message.EqualTo("Huber: delta must be a finite number above 0, but is 0."));

    [Test]
    public void Quantiles_are_blocks_of_rows()
    {
        // Two targets (1, 2), quantiles 0.1 and 0.9, predictions 0 everywhere but 3 for the upper quantile of the second:
        // 0.1·1 + 0.1·2 + 0.9·1 + 0.1·1 = 1.3 over four rows.
        var losses = new Real[1];
        var gradient = new Real[4];
        new Quantile([0.1, 0.9]).Evaluate([1, 2], [0, 0, 0, 3], 4, losses, gradient);
        Assert.That(losses[0], Is.EqualTo(1.3 / 4).Within(1e-6));
        Assert.That(gradient, Is.EqualTo(new Real[] { -0.025f, -0.025f, -0.225f, 0.025f }).Within(1e-6));
    }

    public static IEnumerable<Loss> OfColumns => WithOptions.Where(loss => loss is not BatchLoss);

    [TestCaseSource(nameof(OfColumns))]
    public void What_is_not_a_number_shows_and_does_not_throw(Loss loss)
    {
        var losses = new Real[1];
        int rows = loss is LikelihoodLoss likelihood ? likelihood.ParameterNames.Count : 3;
        var gradient = new Real[rows];
        Real[] target = [.. Enumerable.Repeat<Real>(1, loss.TargetRows(rows))];
        loss.Evaluate(target, [.. Enumerable.Repeat(Real.NaN, rows)], rows, losses, gradient);
        Assert.That(losses[0], Is.NaN);
    }
}
