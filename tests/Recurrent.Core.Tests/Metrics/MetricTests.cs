using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Registration;

namespace Recurrent.Tests.Metrics;

/// <summary>What metrics are called, stand for, and refuse.</summary>
public sealed class MetricTests
{
    public static IEnumerable<Metric> WithOptions =>
    [
        .. new Loss[]
        {
            new MeanSquaredError(),
            new MeanAbsoluteError(),
            new MeanAbsolutePercentageError(),
            new MeanSquaredLogarithmicError(),
            new Huber(0.5),
            new LogCosh(),
            new Quantile([0.1, 0.9]),
            new CosineSimilarity(),
            new Poisson(),
            new KLDivergence(),
            new Hinge(),
            new SquaredHinge(),
            new CategoricalHinge(),
            new BinaryCrossentropy(true, 0.1),
            new CategoricalCrossentropy(true, 0.1),
            new SparseCategoricalCrossentropy(true, 3),
            new BinaryFocalCrossentropy(true, 0.4, 1.5, true, 0.1),
            new CategoricalFocalCrossentropy([0.4, 0.2], 1.5, true, 0.1),
            new CategoricalGeneralizedCrossEntropy(0.7),
        }.Select(l => new LossMetric(l, "renamed")),
        new RootMeanSquaredError("a"),
        new R2Score(R2Aggregation.VarianceWeightedAverage, 2, "b"),
        new R2Score(R2Aggregation.None),
        new Accuracy("c"),
        new BinaryAccuracy(0.7, "d"),
        new CategoricalAccuracy("e"),
        new SparseCategoricalAccuracy("f"),
        new TopKCategoricalAccuracy(3, "g"),
        new SparseTopKCategoricalAccuracy(3, "h"),
        new Precision([0.2, 0.7], 2, 1, "i"),
        new Recall([0.2, 0.7], 2, 1, "j"),
        new Precision(topK: 2),
        new TruePositives([0.2], "k"),
        new FalsePositives([0.2], "l"),
        new TrueNegatives([0.2], "m"),
        new FalseNegatives([0.2], "n"),
        new AUC(20, AucCurve.PrecisionRecall, AucSummation.Majoring, true, name: "o"),
        new AUC(curve: AucCurve.PrecisionRecallGain, thresholds: [0.7, 0.2], multiLabel: true, numLabels: 2,
            labelWeights: [1, 0.5]),
        new F1Score(ScoreAverage.Weighted, 0.3, "p"),
        new FBetaScore(ScoreAverage.Macro, 2, 0.3, "q"),
        new SensitivityAtSpecificity(0.3, 20, 1, "r"),
        new SpecificityAtSensitivity(0.3, 20, 1, "s"),
        new PrecisionAtRecall(0.3, 20, 1, "t"),
        new RecallAtPrecision(0.3, 20, 1, "u"),
        new PearsonCorrelation("v"),
        new ConcordanceCorrelation("w"),
        new IoU(4, [1, 3], -1, false, false, "x"),
        new BinaryIoU([1], 0.3, "y"),
        new MeanIoU(4, 0, false, false, "z"),
        new OneHotIoU(4, [1, 3], 0, true, "aa"),
        new OneHotMeanIoU(4, 0, true, "bb"),
        new Mean("cc"),
        new Sum("dd"),
    ];

    [TestCaseSource(nameof(WithOptions))]
    public void A_config_round_trip_changes_nothing(Metric metric)
    {
        Metric again = MetricNames.Registry.Create(ComponentConfig.Of(metric));
        Assert.That(again, Is.TypeOf(metric.GetType()));
        Assert.That(again.GetConfig(), Is.EqualTo(metric.GetConfig()));
        Assert.That(metric.Fresh(), Is.TypeOf(metric.GetType()));
        Assert.That(metric.Fresh().GetConfig(), Is.EqualTo(metric.GetConfig()));
    }

    [Test]
    public void Every_registered_name_is_covered_by_the_round_trip() => Assert.That(
        MetricNames.Registry.Names.Select(ClassOf).Distinct(),
        Is.EquivalentTo(WithOptions.Select(m => m.ClassName).Distinct()));

    /// <summary>The class of a name, some of which need options.</summary>
    private static string ClassOf(string name)
    {
        IEnumerable<Config> needed =
        [
            [],
            .. new[] { "specificity", "sensitivity", "precision", "recall" }.Select(bound => new Config { { bound, 0.5 } }),
            new() { { "num_classes", 2 } },
            new() { { "num_classes", 2 }, { "target_class_ids", new[] { 1 } } },
        ];
        foreach (Config config in needed)
        {
            try
            {
                return MetricNames.Registry.Create(new ComponentConfig(name, config)).ClassName;
            }
            catch (ArgumentException)
            {
                // It needs other options.
            }
        }

        throw new AssertionException($"'{name}' needs options that this test does not know.");
    }

    [TestCase("mean_iou", "mean_iou needs the option 'num_classes', which is missing.")]
    [TestCase("SensitivityAtSpecificity", "SensitivityAtSpecificity needs the option 'specificity', which is missing.")]
    public void A_name_that_needs_options_is_refused(string name, string message) => Assert.That(
        () => (Metric)name, Throws.TypeOf<ConfigException>().With.Message.EqualTo(message));

    [TestCase("mae")]
    [TestCase("MAE")]
    [TestCase("mean_absolute_error")]
    [TestCase("acc")]
    [TestCase("accuracy")]
    [TestCase("huber")]
    [TestCase("rmse")]
    public void A_metric_appears_under_the_name_it_was_asked_for_by(string name) =>
        Assert.That(((MetricChoice)name).Name, Is.EqualTo(name));

    [TestCase("accuracy", 1, 1, "BinaryAccuracy")]
    [TestCase("Accuracy", 3, 1, "SparseCategoricalAccuracy")]
    [TestCase("acc", 3, 3, "CategoricalAccuracy")]
    [TestCase("crossentropy", 1, 1, "BinaryCrossentropy")]
    [TestCase("ce", 3, 1, "SparseCategoricalCrossentropy")]
    [TestCase("ce", 3, 3, "CategoricalCrossentropy")]
    [TestCase("mae", 3, 3, "MeanAbsoluteError")]
    public void A_name_stands_for_what_fits(string name, int predictionRows, int targetRows, string expected)
    {
        Metric metric = ((MetricChoice)name).For(predictionRows, targetRows);
        Assert.That(metric.ClassName, Is.EqualTo(expected));
        Assert.That(metric.Name, Is.EqualTo(name));
    }

    [TestCase("accuracy")]
    [TestCase("acc")]
    [TestCase("ce")]
    [TestCase("crossentropy")]
    public void What_stands_for_several_is_no_metric_by_itself(string name) => Assert.That(
        () => (Metric)name,
        Throws.TypeOf<ConfigException>().With.Message.EqualTo(
            $"'{name}' stands for the metric that fits outputs and targets, which is chosen where a model is compiled with the "
            + "name. Here, say which, as new BinaryAccuracy() or \"categorical_accuracy\" does."));

    [Test]
    public void In_files_a_choice_is_told_from_the_class()
    {
        Assert.That(MetricNames.Choices.Create("accuracy").Metric, Is.Null);
        Assert.That(
            MetricNames.Choices.Create(new ComponentConfig("Accuracy", new Config { { "name", "accuracy" } })).Metric,
            Is.TypeOf<Accuracy>());
        MetricChoice named = MetricNames.Choices.Create(new ComponentConfig("acc", new Config { { "name", "x" } }));
        Assert.That((named.Metric, named.Name, named.For(1, 1).Name), Is.EqualTo(((Metric?)null, "x", "x")));
        Assert.That(MetricNames.Choices.Create(ComponentConfig.Of(named)).GetConfig(), Is.EqualTo(named.GetConfig()));
        Assert.That(
            MetricNames.Choices.Names, Is.EquivalentTo(MetricNames.Registry.Names.Concat(["acc", "ce", "crossentropy"])));
    }

    [Test]
    public void A_metric_is_a_choice_with_nothing_left_to_choose()
    {
        var metric = new Precision(name: "p");
        metric.Update([1], 1, [1], 1, []);
        MetricChoice choice = metric;
        Assert.That((choice.Metric, choice.Name, choice.ClassName), Is.EqualTo(((Metric?)metric, "p", "Precision")));
        Assert.That(choice.For(3, 3).Result, Is.NaN, "it has seen nothing");
        Assert.That(((MetricChoice)new Huber(0.5)).Metric, Is.TypeOf<LossMetric>());
        Assert.That(((MetricChoice)(LossChoice)new Huber(0.5)).Metric, Is.TypeOf<LossMetric>());
        Assert.That(((MetricChoice)new Crossentropy(name: "q")).For(1, 1).Name, Is.EqualTo("q"));
    }

    [Test]
    public void A_loss_is_a_metric()
    {
        IReadOnlyList<Metric> metrics = ["mae", new Huber(0.5), new CosineSimilarity()];
        metrics[2].Update([1, 1], 2, [2, 2], 2, []);
        Assert.That(metrics[2].Result, Is.EqualTo(1).Within(1e-6));
    }

    [TestCase(1e25f)]
    [TestCase(1f)]
    [TestCase(1e-25f)]
    public void The_rmse_of_any_magnitude_is_in_the_unit_of_the_targets(float unit)
    {
        Metric metric = new RootMeanSquaredError().Fresh();
        metric.Update([0, 0], 1, [3 * unit, 4 * unit], 1, []);
        Assert.That(metric.Result, Is.EqualTo(Math.Sqrt(12.5) * unit).Within(1e-5).Percent);
    }

    [Test]
    public void R2_sees_a_spread_far_below_the_level()
    {
        Metric metric = new R2Score().Fresh();
        Real[] targets = [.. Enumerable.Range(0, 1000).Select(i => (Real)(1e7 + (i % 2)))];
        metric.Update(targets, 1, [.. targets.Select((y, i) => i % 10 == 0 ? y + 1 : y)], 1, []);

        // Targets are half of each of two neighbours: their spread is 1000 / 4, and 100 residuals are 1.
        Assert.That(metric.Result, Is.EqualTo(1 - (100 / 250.0)).Within(1e-9));
    }

    [Test]
    public void A_column_of_weight_zero_is_not_looked_at()
    {
        Metric mae = "mae";
        mae.Update([1, 2], 1, [Real.NaN, 4], 1, [0, 1]);
        Assert.That(mae.Result, Is.EqualTo(2));
    }

    [Test]
    public void The_ignored_class_does_not_count()
    {
        Metric metric = new SparseCategoricalCrossentropy(ignoreClass: -1);
        metric.Update([0, -1], 1, [0.5f, 0.5f, 0.9f, 0.1f], 2, []);
        Assert.That(metric.Result, Is.EqualTo(Math.Log(2)).Within(1e-6));
    }

    [TestCaseSource(nameof(WithOptions))]
    public void Nothing_seen_is_not_a_number(Metric metric) => Assert.That(metric.Fresh().Result, Is.NaN);

    [Test]
    public void Targets_of_other_rows_are_refused() => Assert.That(
        () => ((Metric)"mae").Update([1, 2], 1, [1, 2, 3, 4], 2, []),
        Throws.ArgumentException.With.Message.EqualTo(
            "MeanAbsoluteError 'mae' needs targets of 2 rows for 2 outputs, but they have 1."));

    [Test]
    public void One_hot_targets_for_integer_labels_are_refused() => Assert.That(
        () => new SparseCategoricalAccuracy().Update([0, 1], 2, [0, 1], 2, []),
        Throws.ArgumentException.With.Message.EqualTo(
            "SparseCategoricalAccuracy 'sparse_categorical_accuracy' needs one class index in each row of the targets, but a "
            + "row has 2 entries."));

    [Test]
    public void Class_indices_for_one_hot_targets_are_refused() => Assert.That(
        () => new CategoricalAccuracy().Update([1], 1, [0, 1], 2, []),
        Throws.ArgumentException.With.Message.EqualTo(
            "CategoricalAccuracy 'categorical_accuracy' needs one target for each output, but the targets have 1 and the model "
            + "has 2 outputs."));

    [Test]
    public void Spans_that_do_not_fit_together_are_refused() => Assert.That(
        () => ((Metric)"mae").Update([1, 2], 1, [1, 2], 1, [1]),
        Throws.ArgumentException.With.Message.EqualTo(
            "MeanAbsoluteError: 2 targets in rows of 1, 2 predictions in rows of 1 and 1 weights do not fit together."));

    [Test]
    public void A_misspelt_name_is_answered_with_the_nearest_one() => Assert.That(
        () => (Metric)"acuracy",
        Throws.TypeOf<ConfigException>().With.Message.StartWith(
        "Unknown metric 'acuracy'. Did you mean 'Accuracy'? Valid names: "));

    [Test]
    public void Thresholds_out_of_range_are_named_together() => Assert.That(
        () => new Precision([-0.1, 0.5, 2]),
        Throws.ArgumentException.With.Message.EqualTo(
            "Precision: thresholds[0] must be at least 0 and at most 1, but is -0.1; thresholds[2] must be at least 0 and at "
            + "most 1, but is 2."));

    [Test]
    public void A_steady_update_allocates_nothing(
    [Values("mae", "rmse", "categorical_accuracy", "auc", "r2_score", "f1_score", "pearson_correlation", "binary_iou", "mean",
        "sum")] string name)
    {
        Metric metric = name;
        Real[] y = [0, 1, 1, 0];
        Real[] p = [0.2f, 0.8f, 0.6f, 0.4f];
        for (int i = 0; i < 100; i++)
        {
            metric.Update(y, 2, p, 2, []);
        }

        Assert.That(Allocation.LeastOf(() => metric.Update(y, 2, p, 2, [])), Is.Zero);
    }
}
