using System.Globalization;
using System.Runtime.CompilerServices;
using Recurrent.Callbacks;
using Recurrent.Data;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Models;

/// <summary>Data that come in batches: the same steps as with arrays, and clear words where they fail.</summary>
[TestFixture]
public sealed class SourceTests
{
    private static readonly NDArray X = new([22, 2], [.. Enumerable.Range(0, 44).Select(i => MathF.Sin(i))]);
    private static readonly NDArray Y = new([22, 1], [.. Enumerable.Range(0, 22).Select(i => MathF.Cos(i))]);

    private string folder = null!;

    [SetUp]
    public void SetUp() => folder = Directory.CreateTempSubdirectory("recurrent-source-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Batches_train_as_arrays_that_are_not_shuffled([Values("list", "pairs", "async", "csv", "prepared")] string kind)
    {
        Sequential whole = Model();
        History expected = whole.Fit(X, Y, epochs: 3, batchSize: 5, shuffle: false, validationData: (X, Y), verbose: 0);
        Sequential model = Model();
        History history = kind switch
        {
            "list" => model.Fit(Cut().ToList(), epochs: 3, validationData: (X, Y), verbose: 0),
            "pairs" => model.Fit(Cut().Select(batch => (X: Array(batch.X), Y: Array(batch.Y!))), epochs: 3,
                validationBatches: BatchSource.From(Cut()), verbose: 0),
            "async" => model.Fit(Arriving(), epochs: 3, validationData: (X, Y), verbose: 0),
            "csv" => model.Fit(RowSource.FromCsv(Csv()).Batches(["a", "b"], ["y"], batchSize: 5), epochs: 3,
                validationData: (X, Y), verbose: 0),
            _ => model.Fit(BatchSource.From(Cut()).Select(batch => batch with { }, degree: 3), epochs: 3,
                validationData: (X, Y), verbose: 0),
        };
        Assert.Multiple(() =>
        {
            Assert.That(Weights(model), Is.EqualTo(Weights(whole)));
            Assert.That(history["loss"], Is.EqualTo(expected["loss"]));
            Assert.That(history["val_mae"], Is.EqualTo(expected["val_mae"]).Within(1e-6));
        });
    }

    [Test]
    public void Evaluating_and_predicting_over_batches_are_those_of_arrays()
    {
        Sequential model = Model();
        RowBatches rows = RowSource.FromCsv(Csv()).Batches(["a", "b"], ["y"], batchSize: 5);
        Assert.Multiple(() =>
        {
            Assert.That(model.Evaluate(rows)["loss"], Is.EqualTo(model.Evaluate(X, Y)["loss"]).Within(1e-7));
            Assert.That(model.Evaluate(Cut(), steps: 2)["mae"], Is.EqualTo(model.Evaluate(X[..10], Y[..10])["mae"]).Within(1e-7));
            Assert.That(model.Predict((BatchSource)rows).Values, Is.EqualTo(model.Predict(X).Values));
            Assert.That(model.PredictBatches(rows).Select(batch => batch.Shape[0]), Is.EqualTo(new[] { 5, 5, 5, 5, 2 }));
        });
    }

    [Test]
    public void Epochs_of_steps_go_on_where_the_last_one_ended()
    {
        Sequential whole = Model();
        whole.Fit(X, Y, epochs: 2, batchSize: 5, shuffle: false, verbose: 0);
        Sequential model = Model();

        // Two passes of 5 batches; 10 steps in epochs of 1.
        History history = model.Fit(Cut(), epochs: 10, stepsPerEpoch: 1, verbose: 0);
        Assert.That(history.Epochs, Is.EqualTo(10));
        Assert.That(Weights(model), Is.EqualTo(Weights(whole)));

        Sequential repeated = Model();
        repeated.Fit(BatchSource.From(Cut()).Repeat(), epochs: 1, stepsPerEpoch: 10, verbose: 0);
        Assert.That(Weights(repeated), Is.EqualTo(Weights(whole)));
    }

    [Test]
    public void Rows_are_shuffled_in_windows_by_seed_and_pass()
    {
        RowSource rows = RowSource.FromCsv(Csv());
        float[] Order(int window, int seed, long pass, long skip = 0) =>
            [.. rows.Batches(["i"], batchSize: 3, shuffleWindow: window, seed: seed).Read(pass, skip)
                .SelectMany(batch => batch.X.Values)];
        float[] first = Order(8, 1, 0);
        Assert.Multiple(() =>
        {
            Assert.That(first, Is.Not.EqualTo(first.Order()));
            Assert.That(first.Order(), Is.EqualTo(Enumerable.Range(0, 22)));
            Assert.That(first[..8].Order(), Is.EqualTo(Enumerable.Range(0, 8)), "windows stay apart");
            Assert.That(Order(8, 1, 0), Is.EqualTo(first));
            Assert.That(Order(8, 1, 1), Is.Not.EqualTo(first));
            Assert.That(Order(8, 2, 0), Is.Not.EqualTo(first));
            Assert.That(Order(100, 2, 0).Order(), Is.EqualTo(Enumerable.Range(0, 22)));
            for (int skip = 0; skip <= 8; skip++)
            {
                foreach (int window in new[] { 0, 1, 4, 8, 22, 50 })
                {
                    float[] all = Order(window, 3, 2);
                    Assert.That(Order(window, 3, 2, skip), Is.EqualTo(all[Math.Min(22, 3 * skip)..]), $"{window} {skip}");
                }
            }
        });
    }

    [Test]
    public void Samples_of_several_rows_are_windows_with_targets_ahead([Values(0, 1, 3)] int ahead, [Values(0, 7)] int window)
    {
        RowBatches batches = RowSource.FromCsv(Csv()).Batches(["i", "a"], ["i"], batchSize: 4, timesteps: 5, ahead: ahead,
            weight: "i", shuffleWindow: window);
        RowBatch[] all = [.. batches.Read()];
        Assert.Multiple(() =>
        {
            Assert.That(all.Sum(batch => batch.X.Shape[0]), Is.EqualTo(22 - 4 - ahead));
            Assert.That(all[0].X.Shape, Is.EqualTo(new[] { 4, 5, 2 }));
            foreach (RowBatch batch in all)
            {
                for (int i = 0; i < batch.X.Shape[0]; i++)
                {
                    float start = batch.X[i, 0, 0];
                    Assert.That(Enumerable.Range(0, 5).Select(t => batch.X[i, t, 0]), Is.EqualTo(
                        Enumerable.Range(0, 5).Select(t => start + t)));
                    Assert.That(batch.Y![i, 0], Is.EqualTo(start + 4 + ahead));
                    Assert.That(batch.SampleWeight!.Values[i], Is.EqualTo(start + 4 + ahead));
                }
            }

            Assert.That(batches.Read(0, 2).SelectMany(batch => batch.Y!.Values),
                Is.EqualTo(all.Skip(2).SelectMany(batch => batch.Y!.Values)));
        });
    }

    [Test]
    public void A_source_that_throws_ends_training_with_the_batch_and_what_was_learned_before()
    {
        Sequential whole = Model();
        whole.Fit(Cut().Take(3), epochs: 1, verbose: 0);
        Sequential model = Model();
        var failure = new IOException("the line is cut");
        var found = Assert.Throws<BatchException>(() => model.Fit(Failing(3, failure), epochs: 2, verbose: 0))!;
        Assert.Multiple(() =>
        {
            Assert.That(found.InnerException, Is.SameAs(failure));
            Assert.That(found.Message, Does.Contain("Batch 4 of epoch 1").And.Contain("the line is cut"));
            Assert.That((found.Batch, found.Epoch), Is.EqualTo((3L, (int?)0)));
            Assert.That(Weights(model), Is.EqualTo(Weights(whole)));
        });
    }

    [Test]
    public void Sources_that_end_early_are_named()
    {
        Assert.Multiple(() =>
        {
            Assert.That(() => Model().Fit(Cut(), epochs: 1, stepsPerEpoch: 9, verbose: 0),
                Throws.TypeOf<BatchException>().With.Message.Contains("Batch 6 of epoch 1").And.Message
                    .Contains("stepsPerEpoch: 9"));
            Assert.That(() => Model().Fit(Once(), epochs: 2, verbose: 0),
                Throws.TypeOf<BatchException>().With.Message.Contains("epoch 2").And.Message.Contains("once"));
            int pass = 0;
            Assert.That(() => Model().Fit(BatchSource.From(_ => Cut().Take(pass++ == 0 ? 5 : 3)), epochs: 3, verbose: 0),
                Throws.TypeOf<BatchException>().With.Message.Contains("Batch 4 of epoch 2").And.Message.Contains("gave 5"));
            Assert.That(() => Model().Fit(Array<Batch>(), verbose: 0),
                Throws.TypeOf<BatchException>().With.Message.Contains("no batches"));
            Assert.That(() => Model().Evaluate(Array<Batch>()), Throws.TypeOf<BatchException>());
        });
        Assert.That(Model().Fit(Once(), epochs: 1, verbose: 0).Epochs, Is.EqualTo(1));
    }

    [Test]
    public void Batches_that_change_in_the_middle_are_named()
    {
        (Batch Batch, string Message)[] others =
        [
            (new(new NDArray([4, 3]), new NDArray([4, 1])), "features"),
            (new(new NDArray([4, 2]), new NDArray([3, 1])), "4 inputs but 3 targets"),
            (new(new NDArray([4, 2]), new NDArray([4, 2])), "targets of shape"),
            (new(new NDArray([4, 2])), "no targets"),
            (new(new NDArray([1, 2], [float.NaN, 0]), new NDArray([1, 1])), "NaN"),
        ];
        Assert.Multiple(() =>
        {
            foreach ((Batch batch, string message) in others)
            {
                Assert.That(() => Model().Fit(Cut().Take(2).Append(batch).Concat(Cut()), epochs: 1, verbose: 0),
                    Throws.ArgumentException.With.Message.Contains("Batch 3 of epoch 1").And.Message.Contains(message), message);
                Assert.That(() => Model().Evaluate(Cut().Take(1).Append(batch)),
                    Throws.ArgumentException.With.Message.Contains("Batch 2").And.Message.Contains(message), message);
            }
        });
    }

    [Test]
    public void A_run_over_a_source_that_failed_goes_on_at_the_batch_it_failed_at(
        [Values(0, 2)] int steps, [Values(2, 5, 8, 11)] int failsAt, [Values] bool csv)
    {
        int epochs = steps == 0 ? 3 : 7;
        BatchSource Source(int fails)
        {
            int given = 0;
            BatchSource source = csv
                ? RowSource.FromCsv(Csv()).Batches(["a", "b"], ["y"], batchSize: 5, shuffleWindow: 9, seed: 4)
                : BatchSource.From(Cut());
            return new Counting(steps == 0 ? source : source.Repeat(), () => given++ == fails);
        }

        Sequential whole = Model();
        History expected = whole.Fit(Source(-1), epochs, steps == 0 ? null : steps, verbose: 0);
        string backup = Path.Combine(folder, "backup");
        Assert.That(() => Model().Fit(Source(failsAt), epochs, steps == 0 ? null : steps, verbose: 0,
            callbacks: [new BackupAndRestore(backup)]), Throws.TypeOf<BatchException>());
        Sequential model = Model();
        var restored = new BackupAndRestore(backup);
        History history = model.Fit(Source(-1), epochs, steps == 0 ? null : steps, verbose: 0, callbacks: [restored]);
        int perEpoch = steps == 0 ? 5 : steps;
        Assert.Multiple(() =>
        {
            Assert.That(Weights(model), Is.EqualTo(Weights(whole)));
            Assert.That(history["loss"], Is.EqualTo(expected["loss"]));
            Assert.That((restored.RestoredEpoch * perEpoch) + restored.RestoredBatch, Is.EqualTo(failsAt));
        });
    }

    [Test]
    public void Cells_that_are_no_numbers_are_named_by_line_and_column()
    {
        string file = Path.Combine(folder, "bad.csv");
        (string Text, string Message)[] bad =
        [
            ("a,y\n1,2\n3,x\n", "line 3: column 'y' holds 'x'"),
            ("a,y\n1,2\n3,\n", "line 3: column 'y' has no value"),
            ("a,y\n1,2\n3\n", "line 3: the row ends after 1 of 2 cells"),
            ("a,y\n1,2\n1e300,4\n", "line 3: column 'a' holds a number that is not finite"),
            ("a,y\n1,2\n\"3,4\n", "line"),
        ];
        Assert.Multiple(() =>
        {
            foreach ((string text, string message) in bad)
            {
                File.WriteAllText(file, text);
                Assert.That(() => RowSource.FromCsv(file).Batches(["a"], ["y"]).Read().Count(),
                    Throws.InstanceOf<TableException>().With.Message.Contains(message), text);
            }

            File.WriteAllText(file, "a;y\n1,5;2\n");
            Assert.That(RowSource.FromCsv(file, new() { DecimalMark = ',' }).Batches(["a"]).Read().Single().X.Values,
                Is.EqualTo(new[] { 1.5f }));
            Assert.That(() => RowSource.FromCsv(file).Batches(["A"]),
                Throws.ArgumentException.With.Message.Contains("has no column 'A'"));
            Assert.That(() => RowSource.FromCsv(file).Batches([]), Throws.ArgumentException);
            Assert.That(() => RowSource.FromCsv(Path.Combine(folder, "none.csv")), Throws.TypeOf<FileNotFoundException>());
        });
        File.WriteAllText(file, "1,2\n3,4\n");
        Assert.That(RowSource.FromCsv(file).Batches(["column 2"]).Read().Single().X.Values, Is.EqualTo(new[] { 2f, 4f }));
    }

    [Test]
    public void Reading_ahead_ends_with_the_run_and_disposes_of_its_source()
    {
        var source = new Tracked();
        Sequential model = Model();
        model.Fit(source, epochs: 2, stepsPerEpoch: 3, verbose: 0);
        Assert.That(source.Open, Is.Zero);
        Assert.That(source.Given, Is.LessThanOrEqualTo(6 + 3));
        using var stop = new CancellationTokenSource();
        History history = model.Fit(source, epochs: 100, stepsPerEpoch: 3, verbose: 0, cancellationToken: stop.Token,
            callbacks: [new LambdaCallback(onEpochEnd: (_, _, _) => stop.Cancel())]);
        Assert.That(history.StopReason, Is.EqualTo("cancelled"));
        Assert.That(source.Open, Is.Zero);
    }

    private static T[] Array<T>() => [];

    private static NDArray Array(ModelData data) => data.Array!;

    private static IEnumerable<Batch> Cut()
    {
        for (int start = 0; start < 22; start += 5)
        {
            int end = Math.Min(22, start + 5);
            yield return (X[start..end], Y[start..end]);
        }
    }

    private static IEnumerable<Batch> Once()
    {
        IEnumerator<Batch> one = Cut().GetEnumerator();
        return Rest();

        IEnumerable<Batch> Rest()
        {
            while (one.MoveNext())
            {
                yield return one.Current;
            }
        }
    }

    private static IEnumerable<Batch> Failing(int good, Exception failure)
    {
        foreach (Batch batch in Cut().Take(good))
        {
            yield return batch;
        }

        throw failure;
    }

    private static async IAsyncEnumerable<Batch> Arriving([EnumeratorCancellation] CancellationToken stop = default)
    {
        foreach (Batch batch in Cut())
        {
            await Task.Delay(1, stop);
            yield return batch;
        }
    }

    private string Csv()
    {
        string file = Path.Combine(folder, "rows.csv");
        File.WriteAllLines(file, Enumerable.Range(0, 22).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"{i},{X[i, 0]:R},{X[i, 1]:R},{Y[i, 0]:R}")).Prepend("i,a,b,y"));
        return file;
    }

    private static float[] Weights(Sequential model) => [.. model.GetWeights().SelectMany(weight => weight.Values)];

    private static Sequential Model()
    {
        var model = new Sequential([new Dense(3, activation: "tanh", inputShape: 2), new Dropout(0.2), new Dense(1)], seed: 1);
        model.Compile("adam", "mse", metrics: "mae");
        return model;
    }

    private sealed class Counting(BatchSource source, Func<bool> fails) : BatchSource
    {
        public override IEnumerable<Batch> Read(long pass, long skip)
        {
            foreach (Batch batch in source.Read(pass, skip))
            {
                yield return fails() ? throw new IOException("cut off") : batch;
            }
        }
    }

    private sealed class Tracked : BatchSource
    {
        public int Open { get; private set; }

        public int Given { get; private set; }

        public override IEnumerable<Batch> Read(long pass, long skip)
        {
            Open++;
            try
            {
                while (true)
                {
                    Given++;
                    yield return (X, Y);
                }
            }
            finally
            {
                Open--;
            }
        }
    }
}
