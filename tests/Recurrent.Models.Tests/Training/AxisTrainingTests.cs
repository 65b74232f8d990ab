using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Models;
using Recurrent.Random;

namespace Recurrent.Tests.Models;

/// <summary>Losses and metrics along the steps, or along the samples, in the training engine.</summary>
[TestFixture]
public sealed class AxisTrainingTests
{
    private const int Samples = 70;
    private const int Steps = 6;
    private const int Outputs = 3;

    private static IEnumerable<Loss> Losses =>
    [
        new CosineSimilarity(axis: 1), new BinaryCrossentropy(true, axis: 1), new CategoricalCrossentropy(true, axis: 1),
        new BinaryFocalCrossentropy(fromLogits: true, axis: -2), new CategoricalFocalCrossentropy(fromLogits: true, axis: 1),
        new SparseCategoricalCrossentropy(true, axis: 1), new CosineSimilarity(axis: 0),
    ];

    [Test]
    public void Fit_gives_the_same_bits_on_any_number_of_threads_and_learns([ValueSource(nameof(Losses))] Loss loss)
    {
        (Sequential one, History first) = Train(loss, 1);
        (Sequential many, History second) = Train(loss, 8);
        Assert.That(many.GetWeights().SelectMany(w => w.Values), Is.EqualTo(one.GetWeights().SelectMany(w => w.Values)));
        Assert.That(second["loss"], Is.EqualTo(first["loss"]));
        Assert.That(first["loss"][^1], Is.LessThan(first["loss"][0]));
    }

    [Test]
    public void Loss_and_metrics_are_those_of_the_predictions([Values(1, 8)] int threads)
    {
        var model = Model(threads);
        model.Compile("sgd", new CosineSimilarity(axis: 1), metrics:
        [
            new PearsonCorrelation(axis: 1), new PearsonCorrelation("over_samples", axis: 0), new CosineSimilarity(axis: -2),
            "mse",
        ]);
        NDArray y = Numbers(2, Samples, Steps, Outputs);
        NDArray p = model.Predict(Numbers(1, Samples, Steps, 2));
        IReadOnlyDictionary<string, double> scores = model.Evaluate(Numbers(1, Samples, Steps, 2), y, batchSize: Samples);
        Assert.Multiple(() =>
        {
            Assert.That(scores["loss"], Is.EqualTo(-Of(new CosineSimilarity(axis: 1), y, p)).Within(1e-5));
            Assert.That(scores["cosine_similarity"], Is.EqualTo(Of(new CosineSimilarity(axis: 1), y, p)).Within(1e-5));
            Assert.That(scores["pearson_correlation"], Is.EqualTo(Of(new PearsonCorrelation(axis: 1), y, p)).Within(1e-5));
            Assert.That(scores["over_samples"], Is.EqualTo(Of(new PearsonCorrelation(axis: 0), y, p)).Within(1e-5));
            Assert.That(scores["mse"], Is.EqualTo(Of(new MeanSquaredError(), y, p)).Within(1e-5));
        });
    }

    [Test]
    public void Classes_along_the_steps_have_labels_without_that_axis()
    {
        var model = Model(2);
        var loss = new SparseCategoricalCrossentropy(fromLogits: true, axis: 1);
        model.Compile("sgd", loss, metrics: [new MeanIoU(Steps, sparseYPred: false, axis: 1)]);
        NDArray x = Numbers(1, Samples, Steps, 2);
        NDArray p = model.Predict(x);
        NDArray y = Labels();
        IReadOnlyDictionary<string, double> scores = model.Evaluate(x, y, batchSize: Samples);
        Assert.That(scores["loss"], Is.EqualTo(Of(loss, y, p)).Within(1e-5));
        Assert.That(
            scores["mean_io_u"], Is.EqualTo(Of(new MeanIoU(Steps, sparseYPred: false, axis: 1), y, p)).Within(1e-5));
        Assert.That(
            () => model.Fit(x, Numbers(3, Samples, Steps, Outputs), epochs: 1),
            Throws.ArgumentException.With.Message.StartsWith(
                "sparse_categorical_crossentropy expects targets of shape (batch, 3)"));
    }

    [Test]
    public void Sequences_of_unequal_length_have_the_figures_they_have_by_themselves()
    {
        var model = new Sequential([new LSTM(4, returnSequences: true, inputShape: (null, 2)), new Dense(Outputs)]);
        model.Compile("sgd", new CosineSimilarity(axis: 1), metrics: [new PearsonCorrelation(axis: 1)]);
        NDArray[] x = [.. Enumerable.Range(0, 9).Select(i => Numbers(i, 3 + (i % 4), 2))];
        NDArray[] y = [.. x.Select((item, i) => Numbers(20 + i, item.Shape[0], Outputs))];
        IReadOnlyDictionary<string, double>[] each =
            [.. x.Select((item, i) => model.Evaluate(new RaggedSequences([item]), new RaggedSequences([y[i]])))];
        IReadOnlyDictionary<string, double> all = model.Evaluate(new RaggedSequences(x), new RaggedSequences(y), batchSize: 9);
        foreach (string name in all.Keys)
        {
            Assert.That(all[name], Is.EqualTo(each.Average(scores => scores[name])).Within(1e-5), name);
        }
    }

    [Test]
    public void A_weight_of_a_sample_is_that_of_all_its_lanes()
    {
        var model = Model(2);
        model.Compile("sgd", new CosineSimilarity(axis: 1), weightedMetrics: [new PearsonCorrelation(axis: 1)]);
        NDArray x = Numbers(1, Samples, Steps, 2);
        NDArray y = Numbers(2, Samples, Steps, Outputs);
        NDArray weights = Enumerable.Range(0, Samples).Select(i => 0.5f + (i % 3)).ToArray();
        NDArray p = model.Predict(x);
        IReadOnlyDictionary<string, double> scores = model.Evaluate(x, y, batchSize: Samples, sampleWeight: weights);
        var metric = new PearsonCorrelation(axis: 1);
        metric.Update(y, p, weights);
        Assert.That(scores["pearson_correlation"], Is.EqualTo(metric.Result).Within(1e-5));

        double sum = Enumerable.Range(0, Samples)
            .Sum(i => weights.Values[i] * -Of(new CosineSimilarity(axis: 1), y[i..(i + 1)], p[i..(i + 1)]));
        Assert.That(scores["loss"], Is.EqualTo(sum / Samples).Within(1e-5));
    }

    [Test]
    public void What_cannot_be_is_said_before_any_work()
    {
        var model = Model(1);
        NDArray x = Numbers(1, Samples, Steps, 2);
        NDArray y = Numbers(2, Samples, Steps, Outputs);
        model.Compile("sgd", new CosineSimilarity(axis: 3));
        Refused("CosineSimilarity: axis 3 does not exist, because the output has 3 axes, samples included: -3 to 2.");
        model.Compile("sgd", "mse", metrics: [new PearsonCorrelation(axis: 5)]);
        Refused(
            "PearsonCorrelation 'pearson_correlation': axis 5 does not exist, because the output has 3 axes, samples included: "
            + "-3 to 2.");
        model.Compile("sgd", "mse", metrics: [new SparseCategoricalCrossentropy(axis: 1)]);
        Refused(
            "SparseCategoricalCrossentropy 'sparse_categorical_crossentropy' needs targets of 1 rows for 6 outputs, but they "
            + "have 6.");
        model.Compile("sgd", "mse", weightedMetrics: [new PearsonCorrelation(axis: 1)]);
        Assert.That(
            () => model.Fit(x, y, epochs: 1, sampleWeight: new NDArray(Samples, Steps)),
            Throws.ArgumentException.With.Message.EqualTo(
                "PearsonCorrelation 'pearson_correlation': what it finds along axis 1 belongs to a whole sample, so it takes no "
                + "weights of steps. Give it as one of the metrics, not the weighted ones."));

        void Refused(string message) =>
            Assert.That(() => model.Fit(x, y, epochs: 1), Throws.ArgumentException.With.Message.EqualTo(message));
    }

    [Test]
    public void Classes_along_masked_steps_are_refused_and_nothing_is_lost()
    {
        var model = new Sequential(
            [new Masking(inputShape: (Steps, 2)), new LSTM(4, returnSequences: true), new Dense(Outputs)]);
        model.Compile("sgd", new SparseCategoricalCrossentropy(fromLogits: true, axis: 1));
        NDArray x = Numbers(1, Samples, Steps, 2);
        x[2, 4, 0] = x[2, 4, 1] = 0;
        float[] before = [.. model.GetWeights().SelectMany(w => w.Values)];
        Assert.That(
            () => model.Fit(x, Labels(), epochs: 1, shuffle: false, verbose: Verbosity.Silent),
            Throws.ArgumentException.With.Message.EqualTo(
                "SparseCategoricalCrossentropy: along axis 1 each place is a class, but a mask or padding hides some of them "
                + "from sample 2. Leave out the mask, or put the classes on the last axis."));
        Assert.That(model.GetWeights().SelectMany(w => w.Values), Is.EqualTo(before));
    }

    [Test]
    public void A_model_with_such_a_loss_is_saved_and_loaded()
    {
        var model = Model(1);
        model.Compile("sgd", new CosineSimilarity(axis: 1), metrics: [new PearsonCorrelation(axis: 1)]);
        NDArray x = Numbers(1, Samples, Steps, 2);
        NDArray y = Numbers(2, Samples, Steps, Outputs);
        using var file = new MemoryStream();
        model.Save(file);
        file.Position = 0;
        Model again = Recurrent.Models.Model.Load(file);
        Assert.That(again.Evaluate(x, y)["loss"], Is.EqualTo(model.Evaluate(x, y)["loss"]));
        Assert.That(again.Evaluate(x, y)["pearson_correlation"], Is.EqualTo(model.Evaluate(x, y)["pearson_correlation"]));
    }

    private static double Of(Metric metric, NDArray y, NDArray p)
    {
        metric.Update(y, p);
        return metric.Result;
    }

    private static (Sequential Model, History History) Train(Loss loss, int threads)
    {
        Sequential model = Model(threads);
        model.Compile("adam", loss);
        NDArray y = loss switch
        {
            SparseCategoricalCrossentropy => Labels(),
            CosineSimilarity => Numbers(2, Samples, Steps, Outputs),
            _ => OneHot(),
        };
        return (model, model.Fit(Numbers(1, Samples, Steps, 2), y, epochs: 5, batchSize: 32, verbose: Verbosity.Silent));
    }

    private static Sequential Model(int threads)
    {
        Layer[] layers = [new LSTM(4, returnSequences: true, inputShape: (Steps, 2)), new Dense(Outputs)];
        return new(layers) { MaxDegreeOfParallelism = threads };
    }

    private static NDArray Labels() =>
        new([Samples, Outputs], [.. Enumerable.Range(0, Samples * Outputs).Select(i => (float)(i * 7 % Steps))]);

    private static NDArray OneHot()
    {
        var y = new NDArray(Samples, Steps, Outputs);
        NDArray labels = Labels();
        for (int i = 0; i < labels.Size; i++)
        {
            y[i / Outputs, (int)labels.Values[i], i % Outputs] = 1;
        }

        return y;
    }

    private static NDArray Numbers(int seed, params int[] shape)
    {
        var random = new SeededRandom((ulong)seed);
        var numbers = new NDArray(shape);
        foreach (ref float value in numbers.Values.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        return numbers;
    }
}
