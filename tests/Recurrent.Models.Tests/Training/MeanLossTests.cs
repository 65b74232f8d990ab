using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Regularizers;

namespace Recurrent.Tests.Models;

/// <summary>A mean over data does not depend on how they were put into batches.</summary>
[TestFixture]
public sealed class MeanLossTests
{
    [Test]
    public void Samples_count_by_their_steps([Values(1, 2)] int batchSize)
    {
        Sequential model = Identity([null, 1]);
        NDArray[] x = [new([1, 1], [3]), new NDArray(9, 1)];
        NDArray[] y = [new([1, 1], [0]), new NDArray(9, 1)];
        IReadOnlyDictionary<string, double> found = model.Evaluate(x, y, batchSize);
        Assert.That(found["loss"], Is.EqualTo(0.9).Within(1e-7));
        Assert.That(found["mae"], Is.EqualTo(0.3).Within(1e-7));
        Assert.That(found["mse"], Is.EqualTo(0.9).Within(1e-7));

        model = Identity([null, 1], new SGD(0));
        var history = model.Fit(x, y, batchSize: batchSize, validationData: new(x, y), verbose: 0);
        Assert.That(history["loss"][0], Is.EqualTo(0.9).Within(1e-7));
        Assert.That(history["val_loss"][0], Is.EqualTo(0.9).Within(1e-7));
        Assert.That(history["val_mae"][0], Is.EqualTo(0.3).Within(1e-7));
    }

    [Test]
    public void No_batch_size_makes_a_difference(
        [Values("plain", "masked", "ragged")] string kind,
        [Values(Reduction.SumOverBatchSize, Reduction.MeanWithSampleWeight)] Reduction reduction,
        [Values("none", "samples", "steps")] string weighted,
        [Values] bool penalties)
    {
        const int Count = 11;
        int[] lengths = [.. Enumerable.Range(0, Count).Select(i => 1 + ((i * 5) % 7))];
        NDArray[] items = [.. lengths.Select((length, i) => Values(kind == "ragged" ? length : 7, i))];
        NDArray[] targets = [.. items.Select((item, i) => Values(item.Shape[0], i + 100))];
        NDArray[]? weights = weighted switch
        {
            "samples" => [.. items.Select((_, i) => new NDArray([], [(i % 4) * 0.5f]))],
            "steps" =>
            [.. items.Select((item, i) =>
                new NDArray([item.Shape[0]], [.. Enumerable.Range(0, item.Shape[0]).Select(t => (t + i) % 3 * 0.7f)]))],
            _ => null,
        };
        if (kind == "masked")
        {
            for (int i = 0; i < Count; i++)
            {
                items[i].Values.AsSpan(lengths[i]).Clear();
            }
        }

        int? steps = kind == "ragged" ? null : 7;
        var l2 = penalties ? new L2(0.1) : null;
        Layer gru = new GRU(3, returnSequences: true, kernelRegularizer: l2, activityRegularizer: l2, inputShape: (steps, 1));
        var model = new Sequential(
            kind == "masked" ? [new Masking(inputShape: (steps, 1)), new GRU(3, returnSequences: true, kernelRegularizer: l2),
                new Dense(1)] : [gru, new Dense(1)],
            seed: 3);
        model.Compile(new SGD(0), new MeanSquaredError(reduction), ["mae"], weightedMetrics: ["mape"]);
        IReadOnlyDictionary<string, double>[] found = [.. new[] { 1, 2, 3, 5, 10, 11 }.Select(batchSize => kind == "ragged"
            ? model.Evaluate(items, targets, batchSize, weights is null ? null : (RaggedSequences)weights)
            : model.Evaluate(Stack(items), Stack(targets), batchSize, weights is null ? null : Stack(weights)))];
        foreach (IReadOnlyDictionary<string, double> other in found)
        {
            Assert.That(other["loss"], Is.EqualTo(found[0]["loss"]).Within(1e-6));
            Assert.That(other["mae"], Is.EqualTo(found[0]["mae"]).Within(1e-6));
            Assert.That(other["mape"], Is.EqualTo(found[0]["mape"]).Within(1e-4));
        }

        // Training that changes nothing logs the same mean; activities are penalised as in a batch, so their share is left out.
        if (!penalties && kind != "ragged")
        {
            var history = model.Fit(Stack(items), Stack(targets), batchSize: 3, sampleWeight: weights is null ? null
                : Stack(weights), verbose: 0);
            Assert.That(history["loss"][0], Is.EqualTo(found[0]["loss"]).Within(1e-6));
        }
    }

    [Test]
    public void Pieces_of_padding_alone_neither_count_nor_update([Values(1, 2, 3, 4, 5)] int length)
    {
        // All sequences end after four steps of twelve, so that two thirds of the pieces are padding.
        const int Steps = 12;
        NDArray x = new(3, Steps, 1);
        NDArray y = new(3, Steps, 1);
        NDArray xs = new(3, 4, 1);
        NDArray ys = new(3, 4, 1);
        for (int i = 0; i < 12; i++)
        {
            xs[i / 4, i % 4, 0] = x[i / 4, i % 4, 0] = MathF.Sin(i + 1);
            ys[i / 4, i % 4, 0] = y[i / 4, i % 4, 0] = MathF.Cos(i);
        }

        Sequential padded = Masked(Steps);
        Sequential shorter = Masked(4);
        var first = padded.Fit(x, y, epochs: 3, truncatedSteps: length, verbose: 0);
        var second = shorter.Fit(xs, ys, epochs: 3, truncatedSteps: length, verbose: 0);
        Assert.That(padded.Optimizer!.Iterations, Is.EqualTo(shorter.Optimizer!.Iterations));
        Assert.That(first["loss"], Is.EqualTo(second["loss"]).Within(1e-6));
        Assert.That(first["mae"], Is.EqualTo(second["mae"]).Within(1e-6));
        foreach ((NDArray one, NDArray other) in padded.GetWeights().PairedWith(shorter.GetWeights()))
        {
            Assert.That(one.Values, Is.EqualTo(other.Values).Within(1e-5));
        }

        static Sequential Masked(int steps)
        {
            var model = new Sequential([new Masking(inputShape: (steps, 1)), new LSTM(3, returnSequences: true), new Dense(1)],
                seed: 5);
            model.Compile(new Adam(0.01), "mse", ["mae"]);
            return model;
        }
    }

    [Test]
    public void A_batch_of_padding_alone_is_no_update()
    {
        var model = new Sequential([new Masking(inputShape: (3, 1)), new GRU(2, returnSequences: true), new Dense(1)], seed: 5);
        model.Compile(new Adam(0.01), "mse");
        NDArray x = new(4, 3, 1);
        x.Values.AsSpan(0, 6).Fill(1);
        model.Fit(x, new NDArray(4, 3, 1), epochs: 2, batchSize: 2, shuffle: false, verbose: 0);
        Assert.That(model.Optimizer!.Iterations, Is.EqualTo(2));
    }

    private static NDArray Values(int steps, int seed) =>
        new([steps, 1], [.. Enumerable.Range(0, steps).Select(t => MathF.Sin((seed * 13) + t) + 1.5f)]);

    private static NDArray Stack(NDArray[] items) =>
        new([items.Length, .. items[0].Shape], [.. items.SelectMany(item => item.Values)]);

    /// <summary>A model that gives its input.</summary>
    private static Sequential Identity(int?[] shape, Optimizer? optimizer = null)
    {
        var model = new Sequential([new Dense(1, useBias: false, inputShape: new(shape))]);
        model.Compile(optimizer ?? "sgd", "mse", ["mae", "mse"]);
        model.SetWeights([new NDArray([1, 1], [1])]);
        return model;
    }
}
