using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Serialization;

namespace Recurrent.Tests.Models;

/// <summary>A run that ends in the middle, and goes on from its backup in what could be another process.</summary>
[TestFixture]
public sealed class BackupTests
{
    private static readonly NDArray X = Waves(60, 5, 2, 0.37f);
    private static readonly NDArray Y = new([60, 1], [.. Enumerable.Range(0, 60).Select(i => MathF.Sin(i * 0.3f))]);

    private string root = null!;
    private string folder = null!;

    [SetUp]
    public void SetUp()
    {
        root = Directory.CreateTempSubdirectory("recurrent-backup-").FullName;
        folder = Directory.CreateDirectory(Path.Combine(root, "run")).FullName;
    }

    [TearDown]
    public void TearDown() => Directory.Delete(root, recursive: true);

    [Test]
    [Pairwise]
    public void A_run_that_broke_off_takes_the_steps_of_one_that_did_not(
        [Values("adam", "momentum", "averaged")] string optimizer, [Values(0, 1, 3)] int saveFreq,
        [Values(0, 1, 5, 7, 8, 16, 23)] int brokenAt, [Values(1, 3)] int threads)
    {
        (History expected, float[] weights, float[] slots) = Run(optimizer, saveFreq, null, 2, "whole");
        Assert.That(() => Run(optimizer, saveFreq, brokenAt, threads, "broken"), Throws.TypeOf<NotSupportedException>());
        (History resumed, float[] again, float[] slotsAgain) = Run(optimizer, saveFreq, null, 3 - (threads / 2), "broken");
        Assert.Multiple(() =>
        {
            Assert.That(again, Is.EqualTo(weights));
            Assert.That(slotsAgain, Is.EqualTo(slots));
            Assert.That(resumed.Metrics.Keys, Is.EqualTo(expected.Metrics.Keys));
            foreach ((string name, IReadOnlyList<double> values) in expected.Metrics)
            {
                Assert.That(resumed[name], Is.EqualTo(values), name);
            }

            Assert.That(resumed.StopReason, Is.EqualTo(expected.StopReason));
            Assert.That(File.ReadAllText(Path.Combine(folder, "broken.csv")),
                Is.EqualTo(File.ReadAllText(Path.Combine(folder, "whole.csv"))));
            Assert.That(Directory.Exists(Path.Combine(folder, "broken")), Is.False, "the backup is removed");
        });
    }

    [Test]
    public void A_stateful_model_and_pieces_of_sequences_go_on_with_their_states([Values(3, 9, 14)] int brokenAt)
    {
        NDArray y = Waves(20, 6, 1, 0.21f);
        NDArray x = Waves(20, 6, 2, 0.4f);
        float[] Train(string name, int? stop)
        {
            var model = new Sequential([
                new Input((6, 2), batchSize: 5), new GRU(4, returnSequences: true, stateful: true, recurrentDropout: 0.2),
                new Dense(1)], seed: 3);
            model.Compile("adam", "mse");
            List<Callback> callbacks = [new BackupAndRestore(Path.Combine(folder, name), saveFreq: 2)];
            if (stop is int at)
            {
                callbacks.Add(Breaking(at));
            }
            else
            {
                callbacks.Add(new LambdaCallback());
            }

            model.Fit(x, y, epochs: 5, batchSize: 5, truncatedSteps: 3, verbose: 0, callbacks: callbacks);
            return [.. model.GetWeights().SelectMany(weight => weight.Values)];
        }

        float[] whole = Train("whole", null);
        Assert.That(() => Train("broken", brokenAt), Throws.TypeOf<NotSupportedException>());
        Assert.That(Train("broken", null), Is.EqualTo(whole));
    }

    [Test]
    public void A_cancelled_run_is_backed_up_where_it_stands_and_goes_on_in_the_same_model()
    {
        Sequential whole = Model("adam");
        whole.Fit(X, Y, epochs: 4, batchSize: 8, verbose: 0);
        Sequential model = Model("adam");
        using var stop = new CancellationTokenSource();
        int batches = 0;
        var backup = new BackupAndRestore(folder);
        Callback[] callbacks = [backup, new LambdaCallback(onBatchEnd: (_, _, _) =>
        {
            if (++batches == 11)
            {
                stop.Cancel();
            }
        })];
        History first = model.Fit(X, Y, epochs: 4, batchSize: 8, verbose: 0, callbacks: callbacks, cancellationToken: stop.Token);
        Assert.That(first.StopReason, Is.EqualTo("cancelled"));
        History second = model.Fit(X, Y, epochs: 4, batchSize: 8, verbose: 0, callbacks: callbacks);
        Assert.Multiple(() =>
        {
            Assert.That(backup.RestoredEpoch, Is.EqualTo(1));
            Assert.That(backup.RestoredBatch, Is.EqualTo(3));
            Assert.That(second.Epochs, Is.EqualTo(4));
            Assert.That(model.GetWeights().SelectMany(w => w.Values), Is.EqualTo(whole.GetWeights().SelectMany(w => w.Values)));
        });
    }

    [Test]
    public void A_rate_that_a_callback_has_changed_is_that_of_the_same_run()
    {
        Sequential whole = Model("adam");
        whole.Fit(X, Y, epochs: 4, batchSize: 8, verbose: 0, callbacks:
            [new LearningRateScheduler((_, rate) => rate / 2), new LambdaCallback()]);
        float[] expected = [.. whole.GetWeights().SelectMany(w => w.Values)];
        Sequential model = Model("adam");
        using var stop = new CancellationTokenSource();
        Callback[] callbacks = [new BackupAndRestore(folder), new LearningRateScheduler((_, rate) => rate / 2),
            new LambdaCallback(onEpochEnd: (_, epoch, _) =>
            {
                if (epoch == 1)
                {
                    stop.Cancel();
                }
            })];
        model.Fit(X, Y, epochs: 4, batchSize: 8, verbose: 0, callbacks: callbacks, cancellationToken: stop.Token);
        string settings = File.ReadAllText(Path.Combine(folder, "backup.json"));
        Assert.That(settings, Does.Contain("optimizer's learning_rate"));
        string copy = Path.Combine(folder, "copy");
        string[] files = Directory.GetFiles(folder);
        Directory.CreateDirectory(copy);
        foreach (string file in files)
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        // In the same process the rate is the one that the run had come to, in another one that of the beginning.
        foreach ((Sequential going, string from) in new[] { (model, folder), (Model("adam"), copy) })
        {
            var backup = new BackupAndRestore(from);
            History resumed = going.Fit(X, Y, epochs: 4, batchSize: 8, verbose: 0, callbacks:
                [backup, new LearningRateScheduler((_, rate) => rate / 2), new LambdaCallback()]);
            Assert.That((backup.RestoredEpoch, resumed.Epochs), Is.EqualTo((2, 4)));
            Assert.That(going.GetWeights().SelectMany(w => w.Values), Is.EqualTo(expected));
        }
    }

    [Test]
    public void A_backup_of_another_run_is_refused_and_nothing_is_changed()
    {
        Break(Model("adam"));
        (string What, Action<Sequential> Fit, string Message)[] others =
        [
            ("units", _ => Fit(Model("adam", units: 9)), "lstm/lstm_cell/kernel"),
            ("activation", _ => Fit(Model("adam", activation: "relu")), "other options"),
            ("optimizer", _ => Fit(Model("sgd")), "optimizer was Adam and is SGD"),
            ("rate", _ => Fit(Model("fast")), "optimizer's learning_rate was 0.001 and is 0.5"),
            ("loss", _ => Fit(Model("adam", loss: new Huber(2))), "loss was"),
            ("batch size", model => model.Fit(X, Y, epochs: 4, batchSize: 16, verbose: 0, callbacks: Callbacks()),
                "batchSize was 8"),
            ("samples", model => model.Fit(X[..50], Y[..50], epochs: 4, batchSize: 8, verbose: 0, callbacks: Callbacks()),
                "samples was 60 and is 50"),
            ("callbacks", model => model.Fit(
                X, Y, epochs: 4, batchSize: 8, verbose: 0, callbacks: [new BackupAndRestore(folder)]), "callbacks"),
        ];
        Assert.Multiple(() =>
        {
            foreach ((string what, Action<Sequential> fit, string message) in others)
            {
                Sequential model = Model("adam");
                float[] before = [.. model.GetWeights().SelectMany(w => w.Values)];
                Assert.That(() => fit(model), Throws.ArgumentException.With.Message.Contains("another run").And.Message
                    .Contains(message), what);
                Assert.That(model.GetWeights().SelectMany(w => w.Values), Is.EqualTo(before), what);
                Assert.That(File.Exists(Path.Combine(folder, "backup.json")), what);
            }
        });
        Assert.That(Fit(Model("adam")).Epochs, Is.EqualTo(4));
    }

    [Test]
    public void A_broken_backup_is_said_to_be_broken_and_the_one_before_it_serves()
    {
        Break(Model("adam"), doubleCheckpoint: true);
        string file = Path.Combine(folder, "backup.json");
        string text = File.ReadAllText(file);
        Assert.That(File.Exists(Path.Combine(folder, "backup-previous.json")));
        foreach (string broken in new[]
        {
            string.Empty, text[..(text.Length / 2)], "{}", text.Replace("\"epoch\":", "\"epoch\":-", StringComparison.Ordinal),
        })
        {
            File.WriteAllText(file, broken);
            Assert.That(Fit(Model("adam"), doubleCheckpoint: true).Epochs, Is.EqualTo(4));
            Break(Model("adam"), doubleCheckpoint: true);
            File.Delete(Path.Combine(folder, "backup-previous.json"));
            File.WriteAllText(file, broken);
            Assert.That(() => Fit(Model("adam")), Throws.TypeOf<ModelFormatException>().With.Message.Contains("backup.json"));
            Assert.That(File.ReadAllText(file), Is.EqualTo(broken));
            File.Delete(file);
            Break(Model("adam"), doubleCheckpoint: true);
        }
    }

    [Test]
    public void A_backup_of_an_earlier_format_is_refused_for_its_version()
    {
        Break(Model("adam"));
        string file = Path.Combine(folder, "backup.json");
        string text = File.ReadAllText(file);
        string old = text.Replace("\"format_version\":2", "\"format_version\":1", StringComparison.Ordinal);
        Assert.That(old, Is.Not.EqualTo(text));
        File.WriteAllText(file, old);
        Assert.That(() => Fit(Model("adam")), Throws.TypeOf<ModelFormatException>().With.Message.Contains(
            "the file is of version 1 of the format, an earlier library's, and this one reads version 2 and later.")
            .And.Message.Contains("Delete it to begin anew."));
        Assert.That(File.ReadAllText(file), Is.EqualTo(old));
    }

    [Test]
    public void Damaged_backups_give_one_kind_of_exception()
    {
        Break(Model("adam"));
        string file = Path.Combine(folder, "backup.json");
        byte[] whole = File.ReadAllBytes(file);
        var random = new System.Random(5);
        for (int i = 0; i < 300; i++)
        {
            byte[] bytes = [.. whole];
            for (int k = 0; k < 1 + (i % 4); k++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(32, 127);
            }

            Directory.CreateDirectory(folder);
            File.WriteAllBytes(file, bytes);
            try
            {
                Fit(Model("adam"));
            }
            catch (Exception exception) when (exception is ModelFormatException
                || (exception is ArgumentException && exception.Message.Contains("another run", StringComparison.Ordinal)))
            {
                // Says so.
            }
        }
    }

    [Test]
    public void What_cannot_be_backed_up_is_said_before_any_work()
    {
        var model = Model("adam");
        Assert.Multiple(() =>
        {
            Assert.That(() => model.Fit(X, Y, verbose: 0, callbacks:
                [new BackupAndRestore(folder), new BackupAndRestore(folder + "2")]),
                Throws.ArgumentException.With.Message.Contains("more than one"));
            Assert.That(() => new BackupAndRestore(" "), Throws.ArgumentException.With.Message.Contains("backupDir"));
            Assert.That(() => new BackupAndRestore(folder, saveFreq: 0), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => new BackupAndRestore(folder, saveFreq: "hour"),
                Throws.ArgumentException.With.Message.Contains("epoch"));
        });
        string file = Path.Combine(folder, "file");
        File.WriteAllText(file, "x");
        Assert.That(() => model.Fit(X, Y, verbose: 0, callbacks: new BackupAndRestore(file)),
            Throws.ArgumentException.With.Message.Contains("is a file"));
        var own = new Sequential([new Input(2), new Dense(1)]);
        own.Compile("sgd", "mse", metrics: [new Peculiar()]);
        NDArray x = new([4, 2], [1, 2, 3, 4, 5, 6, 7, 8]);
        NDArray y = new([4, 1], [1, 2, 3, 4]);
        Assert.That(() => own.Fit(x, y, verbose: 0, callbacks: new BackupAndRestore(folder, saveFreq: 1)),
            Throws.ArgumentException.With.Message.Contains("peculiar").And.Message.Contains("Gathered"));
        Assert.That(own.Fit(x, y, verbose: 0, callbacks: new BackupAndRestore(folder)).Epochs, Is.EqualTo(1));
    }

    private static NDArray Waves(int samples, int steps, int features, float rate) => new([samples, steps, features],
        [.. Enumerable.Range(0, samples * steps * features).Select(i => MathF.Sin(i * rate))]);

    private static Sequential Model(string optimizer, int units = 6, string activation = "tanh", Loss? loss = null)
    {
        var model = new Sequential([
            new LSTM(units, activation: activation, inputShape: (5, 2)), new Dropout(0.3), new BatchNormalization(),
            new Dense(1)], seed: 11);
        Optimizer chosen = optimizer switch
        {
            "averaged" => new RMSprop(useEma: true, emaMomentum: 0.8, emaOverwriteFrequency: 5, gradientAccumulationSteps: 3),
            "momentum" => new SGD(0.05, momentum: 0.9, nesterov: true),
            "fast" => new Adam(0.5),
            _ => (Optimizer)optimizer!,
        };
        model.Compile(chosen, loss ?? "mse", metrics: ["mae", new R2Score(), new AUC(numThresholds: 10)]);
        return model;
    }

    private static LambdaCallback Breaking(int? at)
    {
        int batches = 0;
        return new LambdaCallback(onBatchEnd: (_, _, _) =>
        {
            if (batches++ == at)
            {
                throw new NotSupportedException("killed");
            }
        });
    }

    private Callback[] Callbacks(int? at = null, bool doubleCheckpoint = false) =>
        [new BackupAndRestore(folder, doubleCheckpoint: doubleCheckpoint), Breaking(at)];

    private History Fit(Sequential model, bool doubleCheckpoint = false) =>
        model.Fit(X, Y, epochs: 4, batchSize: 8, verbose: 0, callbacks: Callbacks(null, doubleCheckpoint));

    private void Break(Sequential model, bool doubleCheckpoint = false) => Assert.That(
        () => model.Fit(X, Y, epochs: 4, batchSize: 8, verbose: 0, callbacks: Callbacks(27, doubleCheckpoint)),
        Throws.TypeOf<NotSupportedException>());

    private (History History, float[] Weights, float[] Slots) Run(
        string optimizer, int saveFreq, int? brokenAt, int threads, string name)
    {
        Sequential model = Model(optimizer);
        model.MaxDegreeOfParallelism = threads;
        string backup = Path.Combine(folder, name);
        History history = model.Fit(X, Y, epochs: 6, batchSize: 8, validationSplit: 0.2, verbose: 0, callbacks:
        [
            saveFreq == 0 ? new BackupAndRestore(backup) : new BackupAndRestore(backup, saveFreq),
            new EarlyStopping(patience: 3, restoreBestWeights: true),
            new ReduceLROnPlateau("loss", factor: 0.5, patience: 1, minDelta: 0.05),
            new ModelCheckpoint(Path.Combine(folder, name + "-best.json"), saveBestOnly: true),
            new CSVLogger(Path.Combine(folder, name + ".csv")),
            .. optimizer == "averaged" ? [new SwapEMAWeights(swapOnEpoch: true)] : Array.Empty<Callback>(),
            Breaking(brokenAt),
        ]);
        return (history, [.. model.GetWeights().SelectMany(weight => weight.Values)],
            [.. model.Optimizer!.Slots.SelectMany(slot => slot.Values.Values)]);
    }

    private sealed class Peculiar() : Metric("peculiar")
    {
        public override string ClassName => "Peculiar";

        public override Metric Fresh() => new Peculiar();

        protected override double Compute() => 1;

        protected override void Clear()
        {
        }

        protected override void Add(ReadOnlySpan<float> targets, int targetRows, ReadOnlySpan<float> predictions, int rows,
            ReadOnlySpan<float> weights)
        {
        }
    }
}
