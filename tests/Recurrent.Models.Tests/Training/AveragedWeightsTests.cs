using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Tests.Models;

/// <summary>Training with a mean of the weights, gradients that wait, and rates of single layers.</summary>
public sealed class AveragedWeightsTests
{
    private static readonly NDArray X = Data(32, 5, 2);
    private static readonly NDArray Y = Data(32, 1);

    public static IEnumerable<Optimizer> Optimizers =>
    [
        new Adam(useEma: true, emaMomentum: 0.9, gradientAccumulationSteps: 3),
        new SGD(0.05, momentum: 0.9, useEma: true, emaOverwriteFrequency: 2),
        new AdamW(gradientAccumulationSteps: 5).ExcludeFromWeightDecay("bias").SetLearningRateMultiplier("lstm", 0.5),
        new Nadam(useEma: true, gradientAccumulationSteps: 2),
        new Adadelta(useEma: true),
        new Adafactor(useEma: true, gradientAccumulationSteps: 3),
        new Muon(useEma: true),
        new Muon(excludeLayers: ["lstm"]),
        new ScheduleFreeAdamW(gradientAccumulationSteps: 3),
    ];

    [TestCaseSource(nameof(Optimizers))]
    public void A_model_from_a_file_takes_the_very_steps_that_the_saved_one_takes(Optimizer optimizer)
    {
        Sequential model = Model(optimizer.Fresh());
        for (int batch = 0; batch < 7; batch++)
        {
            Train(model, batch);
        }

        using var file = new MemoryStream();
        model.Save(file);
        file.Position = 0;
        Model again = Recurrent.Models.Model.Load(file);
        for (int batch = 7; batch < 16; batch++)
        {
            Train(model, batch);
            Train(again, batch);
            Assert.That(Bits(again), Is.EqualTo(Bits(model)), $"batch {batch}");
        }

        Assert.That(again.Optimizer!.Slots.Select(slot => slot.Values.Values),
            Is.EqualTo(model.Optimizer!.Slots.Select(slot => slot.Values.Values)));
    }

    [Test]
    public void Fit_ends_with_the_mean_of_the_weights()
    {
        Sequential model = Model(new SGD(0.1, useEma: true, emaMomentum: 0.5));
        var mean = new float[Bits(model).Length];
        int batches = 0;
        model.Fit(X, Y, epochs: 3, batchSize: 8, verbose: 0, callbacks: new LambdaCallback(onBatchEnd: (_, _, _) =>
        {
            double keep = batches++ == 0 ? 0 : 0.5;
            float[] weights = Bits(model);
            mean = [.. mean.Zip(weights, (m, w) => (float)((keep * m) + ((1 - keep) * w)))];
        }));
        Assert.That(Bits(model), Is.EqualTo(mean).Within(1e-6));
    }

    [Test]
    public void The_mean_is_evaluated_and_training_goes_on_as_without()
    {
        Sequential plain = Model(new SGD(0.2, useEma: true, emaMomentum: 0.9));
        Sequential swapped = Model(new SGD(0.2, useEma: true, emaMomentum: 0.9));
        History a = plain.Fit(X, Y, epochs: 3, batchSize: 8, validationSplit: 0.25, verbose: 0);
        var expected = new List<double>();
        History b = swapped.Fit(X, Y, epochs: 3, batchSize: 8, validationSplit: 0.25, verbose: 0, callbacks:
        [
            new SwapEMAWeights(),
            new LambdaCallback(onEpochEnd: (run, _, _) =>
            {
                float[] own = Bits(swapped);
                run.Optimizer.ShowAverages(true);
                expected.Add(swapped.Evaluate(Rows(X, 24, 32), Rows(Y, 24, 32), 8)["loss"]);
                run.Optimizer.ShowAverages(false);
                Assert.That(Bits(swapped), Is.EqualTo(own));
            }),
        ]);
        Assert.That(b["loss"], Is.EqualTo(a["loss"]));
        Assert.That(b["val_loss"], Is.EqualTo(expected));
        Assert.That(b["val_loss"], Is.Not.EqualTo(a["val_loss"]));
        Assert.That(Bits(swapped), Is.EqualTo(Bits(plain)));
    }

    [Test]
    public void The_mean_stays_for_callbacks_at_the_end_of_an_epoch_where_asked([Values] bool stopEarly)
    {
        Sequential plain = Model(new SGD(0.2, useEma: true, emaMomentum: 0.9));
        Sequential swapped = Model(new SGD(0.2, useEma: true, emaMomentum: 0.9));
        var ofEpochs = new List<(float[] Weights, float[] Mean)>();
        int epochs = stopEarly ? 2 : 3;
        plain.Fit(X, Y, epochs: epochs, batchSize: 8, verbose: 0, callbacks: new LambdaCallback(onEpochEnd: (run, _, _) =>
            ofEpochs.Add((Bits(plain), [.. run.Optimizer.Slots.SelectMany(slot => slot.Values.Values)]))));
        swapped.Fit(X, Y, epochs: 3, batchSize: 8, verbose: 0, callbacks:
        [
            new SwapEMAWeights(swapOnEpoch: true),
            new LambdaCallback(onEpochEnd: (run, epoch, _) =>
            {
                Assert.That(Bits(swapped), Is.EqualTo(ofEpochs[epoch].Mean));
                if (stopEarly && epoch == 1)
                {
                    run.Stop("enough");
                }
            }),
        ]);
        Assert.That(Bits(swapped), Is.EqualTo(Bits(plain)));
        Assert.That(Bits(swapped), Is.EqualTo(ofEpochs[^1].Mean));
    }

    [Test]
    public void To_swap_needs_a_mean()
    {
        Sequential model = Model(new Adam());
        float[] before = Bits(model);
        Assert.That(() => model.Fit(X, Y, callbacks: new SwapEMAWeights(), verbose: 0),
            Throws.ArgumentException.With.Message.Contains("new Adam(useEma: true)"));
        Assert.That(Bits(model), Is.EqualTo(before));
    }

    [Test]
    public void Where_training_diverges_the_weights_are_not_set_to_a_mean()
    {
        Sequential model = Model(new SGD(1e30, useEma: true));
        History history = model.Fit(X, Y, epochs: 2, batchSize: 8, verbose: 0);
        Assert.That(history.StopReason, Does.Contain("diverged"));
        Assert.That(Bits(model), Is.All.Matches<float>(float.IsFinite));
        Assert.That(Bits(model), Is.EqualTo(Bits(Model(new SGD()))), "the first update already went wrong");
    }

    [TestCase(3, false)]
    [TestCase(4, true)]
    [TestCase(5, true)]
    public void After_divergence_weights_mean_and_waiting_gradients_are_those_of_one_moment(int steps, bool schedule)
    {
        LearningRateSchedule rate = schedule ? new ExponentialDecay(0.05, 1, 0.9) : 0.05;
        Sequential Model()
        {
            var made = new Sequential([new Dense(3, inputShape: new([2])), new Dense(1)], seed: 1);
            made.Compile(new SGD(rate, momentum: 0.9, useEma: true, gradientAccumulationSteps: steps), "mse");
            return made;
        }

        NDArray x = Data(32, 2);
        x.Values[50] = 3e38f;
        Sequential model = Model();
        History history = model.Fit(x, Y, epochs: 1, batchSize: 4, shuffle: false, verbose: 0);
        Assert.That(history.StopReason, Does.Contain("diverged in batch 7 of epoch 1"));

        Sequential twin = Model();
        for (int batch = 0; batch < model.Optimizer!.Iterations; batch++)
        {
            twin.TrainOnBatch(Rows(x, 4 * batch, (4 * batch) + 4), Rows(Y, 4 * batch, (4 * batch) + 4));
        }

        twin.Optimizer!.Build(model.Optimizer.IsBuilt ? [.. twin.Layers.SelectMany(layer => layer.Parameters)] : []);
        Assert.That(Bits(model), Is.EqualTo(Bits(twin)));
        Assert.That(model.Optimizer.Slots.Select(slot => slot.Values.Values),
            Is.EqualTo(twin.Optimizer.Slots.Select(slot => slot.Values.Values)));
        using var file = new MemoryStream();
        model.Save(file);
        Assert.That(model.Fit(Data(32, 2), Y, verbose: 0).StopReason, Is.Null);
    }

    [Test]
    public void A_name_that_no_layer_has_is_warned_of()
    {
        Sequential model = Model(new Adam().SetLearningRateMultiplier("lstn", 0.1));
        History history = model.Fit(X, Y, verbose: 0);
        Assert.That(history.Warnings, Has.Some.Contains("'lstn'").And.Contains("lstm/lstm_cell/kernel"));
        Assert.That(Model(new Adam().SetLearningRateMultiplier("lstm", 0.1)).Fit(X, Y, verbose: 0).Warnings, Is.Empty);
    }

    [Test]
    public void A_clone_trains_on_as_its_original_does()
    {
        Sequential model = Model(new Adam(useEma: true, gradientAccumulationSteps: 3));
        for (int batch = 0; batch < 4; batch++)
        {
            Train(model, batch);
        }

        Model clone = model.Clone();
        for (int batch = 4; batch < 9; batch++)
        {
            Train(model, batch);
            Train(clone, batch);
        }

        Assert.That(Bits(clone), Is.EqualTo(Bits(model)));
    }

    private static void Train(Model model, int batch) =>
        model.TrainOnBatch(Rows(X, 4 * (batch % 8), (4 * (batch % 8)) + 4), Rows(Y, 4 * (batch % 8), (4 * (batch % 8)) + 4));

    private static Sequential Model(Optimizer optimizer)
    {
        var model = new Sequential([new LSTM(4, name: "lstm", inputShape: (5, 2)), new Dense(1, name: "dense")], seed: 3);
        model.Compile(optimizer, "mse");
        return model;
    }

    private static float[] Bits(Model model) => [.. model.GetWeights().SelectMany(weights => weights.Values.ToArray())];

    private static NDArray Rows(NDArray array, int from, int to)
    {
        int size = array.Values.Length / array.Shape[0];
        return new NDArray([to - from, .. array.Shape.Skip(1)], array.Values.ToArray()[(from * size)..(to * size)]);
    }

    private static NDArray Data(params int[] shape)
    {
        var random = new System.Random(shape.Length);
        var values = new float[shape.Aggregate(1, (a, b) => a * b)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)((2 * random.NextDouble()) - 1);
        }

        return new NDArray(shape, values);
    }
}
