using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using static Recurrent.Tests.RandomArrays;

namespace Recurrent.Tests.Callbacks;

/// <summary>Callbacks of <c>Evaluate</c> and <c>Predict</c>, and those of validation within <c>Fit</c>.</summary>
[TestFixture]
public sealed class EvaluationCallbackTests
{
    [Test]
    public void Evaluate_tells_of_each_batch_with_the_logs_so_far()
    {
        Sequential model = Build();
        NDArray x = Noise(10, 3, 2);
        NDArray y = Noise(10, 1);
        List<string> told = [];
        List<double> losses = [];
        IReadOnlyDictionary<string, double>? last = null;
        var callback = new LambdaCallback(
            onTestBegin: run => told.Add($"begin {run.Epochs} {run.Steps} {run.Samples}"),
            onTestBatchBegin: (_, batch) => told.Add($"b{batch}"),
            onTestBatchEnd: (_, batch, logs) =>
            {
                told.Add($"e{batch}");
                losses.Add(logs["loss"]);
            },
            onTestEnd: (_, logs) => last = logs);
        Scores scores = model.Evaluate(x, y, batchSize: 4, callbacks: [callback]);
        Assert.That(told, Is.EqualTo(new[] { "begin 0 3 10", "b0", "e0", "b1", "e1", "b2", "e2" }));
        Assert.Multiple(() =>
        {
            Assert.That(losses[0], Is.EqualTo(model.Evaluate(Part(x, 4), Part(y, 4))["loss"]).Within(1e-6));
            Assert.That(losses[2], Is.EqualTo(scores["loss"]));
            Assert.That(last!["mae"], Is.EqualTo(scores["mae"]));
            Assert.That(scores["loss"], Is.EqualTo(model.Evaluate(x, y, batchSize: 4)["loss"]), "nobody who looks on changes it");
        });
    }

    [Test]
    public void Fit_tells_of_the_batches_of_its_validation()
    {
        Sequential model = Build();
        List<string> told = [];
        Dictionary<string, double> ends = [];
        model.Fit(Noise(12, 3, 2), Noise(12, 1), epochs: 2, batchSize: 4, validationSplit: 0.5, validationBatchSize: 3,
            verbose: 0, callbacks: [new LambdaCallback(
                onTestBatchBegin: (run, batch) => told.Add($"{run.Epochs}:{batch}"),
                onTestEnd: (_, logs) => ends["val_loss"] = logs["loss"],
                onEpochEnd: (_, _, logs) => Assert.That(logs["val_loss"], Is.EqualTo(ends["val_loss"])))]);
        Assert.That(told, Is.EqualTo(new[] { "2:0", "2:1", "2:0", "2:1" }));
    }

    [Test]
    public void Predict_tells_of_each_batch_with_its_outputs()
    {
        Sequential model = Build();
        NDArray x = Noise(10, 3, 2);
        List<float> seen = [];
        List<string> told = [];
        NDArray expected = model.Predict(x);
        NDArray predicted = model.Predict(x, batchSize: 4, callbacks: [new LambdaCallback(
            onPredictBegin: run => told.Add($"begin {run.Steps}"),
            onPredictBatchBegin: (_, batch) => told.Add($"b{batch}"),
            onPredictBatchEnd: (_, batch, outputs) => seen.AddRange(outputs[0].Array!.Values),
            onPredictEnd: _ => told.Add("end"))]);
        Assert.Multiple(() =>
        {
            Assert.That(told, Is.EqualTo(new[] { "begin 3", "b0", "b1", "b2", "end" }));
            Assert.That(predicted.Values, Is.EqualTo(expected.Values));
            Assert.That(seen, Is.EqualTo(expected.Values));
        });
    }

    [Test]
    public void Sequences_of_unequal_length_come_with_their_own_steps()
    {
        var model = new Sequential([new GRU(3, returnSequences: true, inputShape: (null, 2)), new Dense(1)], seed: 2);
        var x = new RaggedSequences([Noise(5, 2), Noise(2, 2), Noise(4, 2)]);
        List<int> steps = [];
        RaggedSequences given = model.Predict(x, batchSize: 1, callbacks: [new LambdaCallback(
            onPredictBatchEnd: (_, _, outputs) => steps.AddRange(outputs[0].Sequences!.Select(one => one.Shape[0])))]);
        Assert.That(steps.Order(), Is.EqualTo(new[] { 2, 4, 5 }));
        Assert.That(given.Select(one => one.Shape[0]), Is.EqualTo(new[] { 5, 2, 4 }));
    }

    [Test]
    public void A_callback_ends_an_evaluation_or_a_prediction()
    {
        Sequential model = Build();
        NDArray x = Noise(10, 3, 2);
        int batches = 0;
        model.Evaluate(x, Noise(10, 1), batchSize: 2, callbacks: [new LambdaCallback(onTestBatchEnd: (run, batch, _) =>
        {
            batches++;
            if (batch == 1)
            {
                run.Stop("enough");
            }
        })]);
        Assert.That(batches, Is.EqualTo(2));
        NDArray source = model.Predict(BatchSource.From([new Batch(x), new Batch(x), new Batch(x)]), callbacks:
            [new LambdaCallback(onPredictBatchEnd: (run, batch, _) =>
            {
                if (batch == 1)
                {
                    run.Stop("enough");
                }
            })]);
        Assert.That(source.Shape[0], Is.EqualTo(20));
        static void StopAtSecond(TrainingRun run, int batch)
        {
            if (batch == 1)
            {
                run.Stop("enough");
            }
        }

        Callback stopping = new LambdaCallback(onPredictBatchEnd: (run, batch, _) => StopAtSecond(run, batch));
        Assert.That(model.Predict(x, batchSize: 2, callbacks: [stopping]).Values,
            Is.EqualTo(model.Predict(x).Values[..4]), "what has been predicted, and nothing else");
        var ragged = new Sequential([new GRU(2, inputShape: (null, 2)), new Dense(1)], seed: 2);
        var sequences = new RaggedSequences([Noise(5, 2), Noise(2, 2), Noise(4, 2)]);
        Assert.That(ragged.Predict(sequences, batchSize: 1, callbacks: [stopping]), Has.Count.EqualTo(2));
    }

    [Test]
    public void Ends_are_told_where_an_evaluation_fails_and_steps_cut_it_short()
    {
        Sequential model = Build();
        bool ended = false;
        var callback = new LambdaCallback(
            onTestBatchEnd: (_, batch, _) => throw new InvalidOperationException("broken"),
            onTestEnd: (_, logs) => ended = logs.Count == 0);
        Assert.That(() => model.Evaluate(Noise(4, 3, 2), Noise(4, 1), callbacks: [callback]),
            Throws.InvalidOperationException.With.Message.EqualTo("broken"));
        Assert.That(ended);
        Assert.That(model.Evaluate(Noise(4, 3, 2), Noise(4, 1), batchSize: 1, steps: 2)["loss"],
            Is.EqualTo(model.Evaluate(Part(Noise(4, 3, 2), 2), Part(Noise(4, 1), 2))["loss"]).Within(1e-6));
        Assert.That(() => model.Evaluate(Noise(4, 3, 2), Noise(4, 1), callbacks: [null!]),
            Throws.ArgumentException.With.Message.Contains("callbacks[0] is null"));
        Assert.That(() => model.Evaluate(Noise(4, 3, 2), Noise(4, 1), steps: 0), Throws.ArgumentException);
    }

    [Test]
    public void Averaged_weights_take_the_place_of_the_others_for_a_prediction_or_evaluation()
    {
        Sequential model = Build(new SGD(0.1, useEma: true, emaMomentum: 0.5));
        NDArray x = Noise(16, 3, 2);
        NDArray y = Noise(16, 1);
        for (int i = 0; i < 3; i++)
        {
            model.TrainOnBatch(x, y);
        }

        NDArray own = model.Predict(x);
        NDArray mean = model.Predict(x, callbacks: [new SwapEMAWeights()]);
        double score = model.Evaluate(x, y, callbacks: [new SwapEMAWeights()])["loss"];
        Assert.That(mean.Values, Is.Not.EqualTo(own.Values));
        Assert.That(model.Predict(x).Values, Is.EqualTo(own.Values), "they are back in their places");
        Assert.That(() => Build().Evaluate(x, y, callbacks: [new SwapEMAWeights()]), Throws.ArgumentException
            .With.Message.Contains("Adam keeps none here. Compile with new Adam(useEma: true)."));
        Assert.That(() => new Sequential([new Dense(1, inputShape: 2)]).Predict(Noise(2, 2), callbacks: [new SwapEMAWeights()]),
            Throws.ArgumentException.With.Message.Contains("'sequential' has none"));
        model.Optimizer!.FinalizeVariableValues();
        Assert.That(model.Predict(x).Values, Is.EqualTo(mean.Values));
        Assert.That(model.Evaluate(x, y)["loss"], Is.EqualTo(score));
    }

    private static Sequential Build(Optimizer? optimizer = null)
    {
        var model = new Sequential([new LSTM(3, inputShape: (3, 2)), new Dense(1)], seed: 1);
        model.Compile(optimizer ?? "adam", "mse", metrics: ["mae"]);
        return model;
    }

    private static NDArray Part(NDArray array, int count) => new(
        [count, .. array.Shape.Skip(1)], array.Values[..(count * array.Size / array.Shape[0])]);
}
