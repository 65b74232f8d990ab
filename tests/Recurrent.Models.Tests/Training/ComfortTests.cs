using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Metrics;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Models;

/// <summary>What saves a line: results that print, layers by name and place, one sample, one callback, a copy.</summary>
[TestFixture]
[SetCulture("de-DE")]
public sealed class ComfortTests
{
    private static readonly NDArray X = new([8, 4, 1], [.. Enumerable.Range(0, 32).Select(i => MathF.Sin(i))]);
    private static readonly NDArray Y = new([8, 1], [.. Enumerable.Range(0, 8).Select(i => MathF.Cos(i))]);

    [Test]
    public void One_sample_is_predicted_without_an_axis_of_samples()
    {
        Sequential model = Model();
        float[] expected = model.Predict(X).Values;
        Assert.Multiple(() =>
        {
            for (int i = 0; i < 8; i++)
            {
                Assert.That(model.PredictOne(new NDArray([4, 1], X.Values[(4 * i)..(4 * (i + 1))])).Values,
                    Is.EqualTo(expected[i..(i + 1)]));
                Assert.That(model.PredictOne(X.Values[(4 * i)..(4 * (i + 1))]).Shape, Is.EqualTo(new[] { 1 }),
                    "one feature needs no axis");
            }

            Assert.That(() => model.PredictOne(X), Throws.ArgumentException.With.Message.StartsWith(
                "Model 'sequential' takes samples of shape (4, 1), but this one has shape (8, 4, 1). That is a batch of "
                + "samples: use Predict."));
            Assert.That(() => model.PredictOne(new NDArray(5, 1)), Throws.ArgumentException.With.Message.StartsWith(
                "Model 'sequential' takes samples of shape (4, 1), but this one has shape (5, 1). Give one sample, without an "
                + "axis that counts samples."));
        });

        var steps = new Sequential([new Embedding(9, 2, inputShape: new Shape([(int?)null])), new GRU(3, returnSequences: true)]);
        Assert.That(steps.PredictOne(new float[] { 1, 2, 3, 4, 5 }).Shape, Is.EqualTo(new[] { 5, 3 }));
        var vectors = new Sequential([new Dense(2, inputShape: 3)]);
        Assert.That(vectors.PredictOne(new float[] { 1, 2, 3 }).Shape, Is.EqualTo(new[] { 2 }));
    }

    [Test]
    public void Layers_by_name_and_place_with_weights_of_their_own()
    {
        Sequential model = Model();
        Assert.Multiple(() =>
        {
            Assert.That(model.GetLayer("gru"), Is.SameAs(model.Layers[0]));
            Assert.That(model.GetLayer(0), Is.SameAs(model.Layers[0]));
            Assert.That(model.GetLayer(^1), Is.SameAs(model.Layers[1]));
            Assert.That(() => model.GetLayer(2), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
                "Model 'sequential' has 2 layers, so there is no layer 2."));
            Assert.That(
                () => model.GetLayer(-1),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
                "There is no layer -1 of model 'sequential'. From the end, places are counted with ^: GetLayer(^1)."));
            Assert.That(() => model.GetLayer("gruu"), Throws.TypeOf<KeyNotFoundException>().With.Message.Contains("gru"));
        });

        IReadOnlyList<NDArray> weights = model.GetLayer("dense").GetWeights();
        Assert.That(weights.Select(weight => weight.Shape), Is.EqualTo(new[] { new[] { 3, 1 }, new[] { 1 } }));
        Assert.That(weights[0].Values, Is.EqualTo(model.GetWeights()[^2].Values));
        model.GetLayer("dense").SetWeights([new NDArray(3, 1), new NDArray([1], [7])]);
        Assert.That(model.Predict(X).Values, Is.All.EqualTo(7), "packed copies are made anew");
        Assert.Multiple(() =>
        {
            Layer dense = model.GetLayer("dense");
            Assert.That(() => dense.SetWeights([weights[0]]),
                Throws.ArgumentException.With.Message.StartsWith("Dense 'dense' has 2 parameters, but 1 arrays were given."));
            Assert.That(() => dense.SetWeights([weights[0], new NDArray(2, 1)]),
                Throws.ArgumentException.With.Message.StartsWith(
                "Parameter 1, 'bias' of Dense 'dense', has shape (1), but the array given has shape (2, 1)."));
            Assert.That(() => dense.SetWeights([weights[0], new NDArray([1], [float.NaN])]),
                Throws.ArgumentException.With.Message.StartsWith("weights[1] holds NaN at index (0)."));
            Assert.That(model.Predict(X).Values, Is.All.EqualTo(7), "nothing has changed");
            Assert.That(() => new Dense(2).GetWeights(),
                Throws.InvalidOperationException.With.Message.StartsWith(
                "Dense has no parameters yet: its input shape is not known."));
        });
    }

    [Test]
    public void A_copy_goes_on_by_itself()
    {
        Sequential model = Model();
        model.Fit(X, Y, epochs: 2, verbose: 0);
        Sequential copy = model.Clone();
        float[] before = model.Predict(X).Values;
        Assert.That(copy.Predict(X).Values, Is.EqualTo(before));
        model.Fit(X, Y, epochs: 2, verbose: 0);
        Assert.That(copy.Predict(X).Values, Is.EqualTo(before));
        copy.Fit(X, Y, epochs: 2, verbose: 0);
        Assert.That(copy.Predict(X).Values, Is.EqualTo(model.Predict(X).Values), "it trains on as the model would have");

        // A copy that is made in a callback predicts while the model is trained.
        var served = new List<float[]>();
        model.Fit(X, Y, epochs: 2, verbose: 0, callbacks: new LambdaCallback(onEpochEnd: (run, epoch, logs) =>
        {
            Recurrent.Models.Model serving = run.Model.Clone();
            var thread = new Thread(() => served.Add(serving.Predict(X).Values));
            thread.Start();
            thread.Join();
        }));
        Assert.That(served[1], Is.EqualTo(model.Predict(X).Values));
        Assert.That(new Sequential([new Dense(1)]).Clone().IsBuilt, Is.False);
    }

    [Test]
    public void One_batch_is_tested_and_one_metric_and_one_callback_need_no_list()
    {
        var model = new Sequential([new GRU(3, inputShape: (4, 1)), new Dense(1)]);
        model.Compile("adam", "mse", metrics: "mae");
        Assert.That(model.TestOnBatch(X, Y)["mae"], Is.EqualTo(model.Evaluate(X, Y)["mae"]).Within(1e-7));
        Assert.That(model.Optimizer!.Iterations, Is.Zero);
        int epochs = 0;
        model.Fit(X, Y, epochs: 3, verbose: 0, callbacks: new LambdaCallback(onEpochEnd: (run, epoch, logs) => epochs++));
        Assert.That(epochs, Is.EqualTo(3));
        model.Compile("adam", loss: ["mse"], metrics: new MeanMetricStub());
        Assert.That(model.Evaluate(X, Y).Keys, Is.EqualTo(new[] { "loss", "stub" }));
    }

    [Test]
    public void Validation_data_come_as_pairs_and_threes()
    {
        Sequential model = Model();
        NDArray weights = new([8], [.. Enumerable.Repeat(2f, 8)]);
        model.Compile(new SGD(0), "mse");
        double once = Loss((X, Y));
        Assert.Multiple(() =>
        {
            Assert.That(Loss(Tuple.Create(X, Y)), Is.EqualTo(once), "as F# writes it");
            Assert.That(Loss((X, Y, weights)), Is.EqualTo(2 * once).Within(1e-6));
            Assert.That(Loss(Tuple.Create(X, Y, weights)), Is.EqualTo(2 * once).Within(1e-6));
        });

        double Loss(ValidationData data) => model.Fit(X, Y, validationData: data, verbose: 0)["val_loss"][0];
    }

    [Test]
    public void Results_print_what_they_hold()
    {
        Sequential model = Model();
        Assert.Multiple(() =>
        {
            Assert.That(model.ToString(), Is.EqualTo("Sequential 'sequential' (batch, 4, 1) → (batch, 1): GRU 'gru', Dense "
                + "'dense'; 58 weights, compiled with adam and mean_squared_error"));
            Assert.That(new Sequential().ToString(), Is.EqualTo("Sequential 'sequential': no layers; not built, not compiled"));
            Assert.That(new Sequential([new Dense(2)]).ToString(),
                Is.EqualTo("Sequential 'sequential': Dense 'dense'; not built, not compiled"));
            Assert.That(new Sequential(Enumerable.Range(0, 20).Select(i => new Dense(2, inputShape: i == 0 ? 2 : null)),
                name: "deep").ToString(),
                Is.EqualTo("Sequential 'deep' (batch, 2) → (batch, 2): 20 layers; 120 weights, not compiled"));
        });

        model.Compile(new SGD(0), "mse", ["mae"]);
        Scores scores = model.Evaluate(X, new NDArray(8, 1));
        Assert.That(scores.ToString(), Does.Match(@"^loss: \d\.\d{4} - mae: \d\.\d{4}$"));
        Assert.That(scores.Loss, Is.EqualTo(scores["loss"]));
        Assert.That(() => scores["auc"],
            Throws.TypeOf<KeyNotFoundException>().With.Message.EqualTo("There is no score 'auc'. There are loss, mae."));
        Assert.That(model.TrainOnBatch(X, Y).ToString(), Does.StartWith("loss: "));

        var history = new History(["loss", "val_loss"]);
        Assert.That(history.ToString(), Is.EqualTo("0 epochs"));
        Add(0.5, 0.6);
        Assert.That(history.ToString(), Is.EqualTo("1 epoch: loss 0.5000, val_loss 0.6000"));
        Add(0.25, 0.4);
        Add(0.125, 0.45);
        Assert.That(history.ToString(),
            Is.EqualTo("3 epochs: loss 0.5000 → 0.1250, val_loss 0.6000 → 0.4500 (least 0.4000 in epoch 2)"));
        Assert.That(model.Fit(X, Y, verbose: 0).Warnings, Is.Empty);
        Assert.That(
            model.Fit(X, Y, epochs: 9, verbose: 0,
                callbacks: new LambdaCallback(onEpochEnd: (run, epoch, logs) => run.Stop("enough"))).ToString(),
            Does.Match(@"^1 epoch: loss \d\.\d{4}, mae \d\.\d{4}; stopped: enough$"));

        void Add(double loss, double validation) =>
            history.Add(new Dictionary<string, double> { ["loss"] = loss, ["val_loss"] = validation });
    }

    [Test]
    public void A_callback_that_writes_makes_its_folder()
    {
        string folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, Guid.NewGuid().ToString("N"));
        try
        {
            Model().Fit(X, Y, verbose: 0, callbacks: [new CSVLogger(Path.Combine(folder, "a", "log.csv")),
                new ModelCheckpoint(Path.Combine(folder, "b", "m.json"))]);
            Assert.That(File.Exists(Path.Combine(folder, "a", "log.csv")) && File.Exists(Path.Combine(folder, "b", "m.json")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Sequential Model()
    {
        var model = new Sequential([new GRU(3, inputShape: (4, 1)), new Dense(1)], seed: 3);
        model.Compile("adam", "mse");
        return model;
    }

    private sealed class MeanMetricStub() : MeanMetric("stub")
    {
        public override string ClassName => "Stub";

        public override Metric Fresh() => new MeanMetricStub();

        protected override double Value(ReadOnlySpan<float> target, ReadOnlySpan<float> prediction) => 1;
    }
}
