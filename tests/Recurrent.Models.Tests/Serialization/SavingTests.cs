using Newtonsoft.Json.Linq;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Serialization;

namespace Recurrent.Tests.Serialization;

/// <summary>Model files: what comes back is the same model, to the bit.</summary>
public sealed class SavingTests
{
    private static Func<Optimizer>[] Optimizers =>
    [
        () => new Adam(0.01),
        () => new Adam(0.01, amsgrad: true, clipNorm: 0.5),
        () => new RMSprop(0.01, momentum: 0.5, centered: true),
        () => new SGD(new ExponentialDecay(0.1, 4, 0.8), momentum: 0.9, nesterov: true),
        () => new SGD(0.1),
    ];

    private string folder = string.Empty;

    private string File1 => Path.Combine(folder, "model.json");

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("recurrent-saving").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [TestCase(false)]
    [TestCase(true)]
    public void A_loaded_model_predicts_the_same_bits(bool plainNumbers)
    {
        Sequential model = Documents.TrainedModel(epochs: 2);

        model.Save(File1, plainNumbers: plainNumbers);
        Sequential loaded = Sequential.Load(File1);

        Assert.That(Documents.Bits(loaded), Is.EqualTo(Documents.Bits(model)));
        Assert.That(loaded.Predict(Documents.Inputs).Values, Is.EqualTo(model.Predict(Documents.Inputs).Values));
        Assert.That(loaded.ToJson(), Is.EqualTo(model.ToJson()));
        Assert.That(loaded.Name, Is.EqualTo(model.Name));
        Assert.That(loaded.Seed, Is.EqualTo(model.Seed));
        Assert.That(Documents.Text(loaded), Is.EqualTo(Documents.Text(model)));
    }

    [Test]
    public void A_missing_folder_is_named()
    {
        var model = new Sequential([new Dense(1, inputShape: 1)]);
        string folder = Path.Combine(Path.GetTempPath(), "recurrent-no-such-folder");
        Assert.That(
            () => model.Save(Path.Combine(folder, "model.json")),
            Throws.TypeOf<DirectoryNotFoundException>().With.Message.EqualTo(
                $"The folder '{folder}' does not exist. Create it before saving '{Path.Combine(folder, "model.json")}'."));
    }

    [Test]
    public void Training_goes_on_as_if_it_had_never_stopped([Values(0, 1, 2, 3, 4)] int optimizer)
    {
        Sequential straight = Documents.TrainedModel(epochs: 0 + 3, Optimizers[optimizer]());
        straight.Save(File1);
        Sequential resumed = Sequential.Load(File1);

        History expected = Documents.Train(straight, epochs: 3);
        History actual = Documents.Train(resumed, epochs: 3);

        Assert.That(Documents.Bits(resumed), Is.EqualTo(Documents.Bits(straight)));
        Assert.That(actual["loss"], Is.EqualTo(expected["loss"]));
        Assert.That(actual["mae"], Is.EqualTo(expected["mae"]));
        Assert.That(Documents.Text(resumed), Is.EqualTo(Documents.Text(straight)));
    }

    [TestCase(0.9)]
    [TestCase(0.77)]
    [TestCase(1.1)]
    public void A_rate_that_is_multiplied_each_epoch_goes_on_as_if_it_had_never_stopped(double factor)
    {
        for (int cut = 1; cut < 6; cut++)
        {
            Sequential straight = Documents.NewModel(new SGD(0.01));
            Sequential first = Documents.NewModel(new SGD(0.01));
            Run(straight, 6);
            Run(first, cut);
            Sequential resumed = Documents.Load(Documents.Text(first));
            Assert.That(resumed.Optimizer!.LearningRate, Is.EqualTo(first.Optimizer!.LearningRate));
            Run(resumed, 6 - cut);

            Assert.That(resumed.Optimizer!.LearningRate, Is.EqualTo(straight.Optimizer!.LearningRate));
            Assert.That(Documents.Bits(resumed), Is.EqualTo(Documents.Bits(straight)));
        }

        void Run(Sequential model, int epochs) => model.Fit(
            Documents.Inputs, Documents.Targets, epochs, batchSize: 5, verbose: Verbosity.Silent,
            callbacks: [new LearningRateScheduler((_, rate) => rate * factor)]);
    }

    [Test]
    public void Saving_is_no_part_of_training()
    {
        Sequential six = Documents.TrainedModel(epochs: 6);

        Sequential three = Documents.TrainedModel(epochs: 3);
        Sequential resumed = Documents.Load(Documents.Text(three));
        Documents.Train(resumed, epochs: 3);

        Assert.That(Documents.Bits(resumed), Is.EqualTo(Documents.Bits(six)));
    }

    [Test]
    public void Without_its_optimizer_a_model_starts_training_anew()
    {
        Sequential model = Documents.TrainedModel(epochs: 1);

        model.Save(File1, includeOptimizer: false);
        Sequential loaded = Sequential.Load(File1);

        Assert.That(Documents.Bits(loaded), Is.EqualTo(Documents.Bits(model)));
        Assert.That(loaded.Optimizer!.Iterations, Is.Zero);
        Assert.That(Documents.Parse(File.ReadAllText(File1))["training"]!.Type, Is.EqualTo(JTokenType.Null));
    }

    [Test]
    public void A_model_can_be_read_without_compiling_it()
    {
        Documents.TrainedModel(epochs: 1).Save(File1);

        Assert.That(Sequential.Load(File1, compile: false).IsCompiled, Is.False);
    }

    [Test]
    public void A_model_that_is_not_built_can_be_saved()
    {
        var model = new Sequential(seed: 3);
        model.Add(new LSTM(4, returnSequences: true));
        model.Add(new TimeDistributed(new Dense(1)));
        model.Compile("adam", "mse");

        Sequential loaded = Documents.Load(Documents.Text(model));

        Assert.That(loaded.IsBuilt, Is.False);
        model.Build((5, 2));
        loaded.Build((5, 2));
        Assert.That(Documents.Bits(loaded), Is.EqualTo(Documents.Bits(model)));
    }

    [Test]
    public void Frozen_layers_stay_frozen()
    {
        Sequential model = Documents.NewModel();
        model.Layers[0].Trainable = false;
        model.Compile("adam", "mse");
        Documents.Train(model, 1);

        Sequential loaded = Documents.Load(Documents.Text(model));
        Documents.Train(model, 1);
        Documents.Train(loaded, 1);

        Assert.That(loaded.Layers[0].Trainable, Is.False);
        Assert.That(Documents.Bits(loaded), Is.EqualTo(Documents.Bits(model)));
    }

    [Test]
    public void What_is_frozen_after_loading_is_trained_on_and_says_so_in_a_file()
    {
        Sequential model = Documents.Load(Documents.Text(Documents.TrainedModel(epochs: 1)));
        model.Predict(Documents.Inputs);
        model.Layers[0].Trainable = false;

        Sequential loaded = Documents.Load(Documents.Text(model));
        Documents.Train(model, 1);
        Documents.Train(loaded, 1);

        Assert.That(loaded.Layers[0].Trainable, Is.False);
        Assert.That(Documents.Bits(loaded), Is.EqualTo(Documents.Bits(model)));
    }

    [Test]
    public void The_format_comes_first_and_there_is_no_byte_order_mark()
    {
        Documents.NewModel().Save(File1);

        byte[] bytes = File.ReadAllBytes(File1);
        Assert.That(bytes.AsSpan().StartsWith("{\"format\":\"recurrent-model\",\"format_version\":1,"u8));
    }

    [Test]
    public void A_byte_order_mark_does_not_matter() =>
        Assert.DoesNotThrow(() => Documents.Load([0xEF, 0xBB, 0xBF, .. System.Text.Encoding.UTF8.GetBytes(Documents.SmallFile)]));

    [Test]
    public void Weights_bear_the_names_that_Keras_gives_them() => Assert.That(
        Documents.Parse(Documents.SmallFile).SelectTokens("weights[*].name").Select(name => (string)name!),
        Is.SupersetOf(new[] { "lstm/lstm_cell/kernel", "time_distributed/dense/bias", "gru/gru_cell/recurrent_kernel",
            "dense/kernel" }));

    [Test]
    public void Plain_numbers_come_back_to_the_bit()
    {
        var model = new Sequential();
        model.Add(new Dense(100, useBias: false, inputShape: 100));
        var values = new float[10_000];
        var random = new Recurrent.Random.SeededRandom(5);
        for (int i = 0; i < values.Length;)
        {
            float value = BitConverter.UInt32BitsToSingle((uint)random.NextBits());
            if (float.IsFinite(value))
            {
                values[i++] = value;
            }
        }

        model.SetWeights([new NDArray([100, 100], values)]);

        Assert.That(Documents.Bits(Documents.Load(Documents.Text(model, plainNumbers: true))), Is.EqualTo(values));
    }

    [Test]
    public void A_model_that_diverged_is_not_saved_over_one_that_did_not()
    {
        Sequential model = Documents.TrainedModel(epochs: 1);
        model.Save(File1);
        byte[] before = File.ReadAllBytes(File1);
        model.Layers[4].Parameters[0].Values[0] = float.NaN;

        var exception = Assert.Throws<InvalidOperationException>(() => model.Save(File1));

        Assert.That(exception.Message, Does.Contain("dense/kernel"));
        Assert.That(File.ReadAllBytes(File1), Is.EqualTo(before));
        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(1));
    }

    [Test]
    public void Saves_and_reads_at_once_never_meet_half_a_file()
    {
        Sequential model = Documents.TrainedModel(epochs: 1);
        model.Save(File1);

        Parallel.For(0, 40, i =>
        {
            if (i % 4 == 0)
            {
                model.Save(File1);
            }
            else
            {
                Assert.That(Documents.Bits(Sequential.Load(File1)), Is.EqualTo(Documents.Bits(model)));
            }
        });

        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(1));
    }

    [Test]
    public void An_architecture_is_not_a_model_file()
    {
        File.WriteAllText(File1, Documents.NewModel().ToJson());

        Assert.That(() => Sequential.Load(File1), Throws.TypeOf<ModelFormatException>().With.Message.Contains("FromJson"));
    }

    [Test]
    public void A_file_that_is_not_there_is_no_matter_of_format() =>
        Assert.Throws<FileNotFoundException>(() => Sequential.Load(Path.Combine(folder, "missing.json")));

    [Test]
    public void Numbers_of_64_bits_are_rounded()
    {
        JToken root = Documents.Parse(Documents.SmallFile);
        root["dtype"]!.Replace("float64");
        foreach (JToken array in root["weights"]!.Concat(root["training"]!["slots"]!))
        {
            byte[] narrow = Convert.FromBase64String((string)array["data"]!);
            byte[] wide = [.. narrow.Chunk(4).SelectMany(bytes => BitConverter.GetBytes((double)BitConverter.ToSingle(bytes)))];
            array["data"]!.Replace(Convert.ToBase64String(wide));
        }

        Assert.That(Documents.Bits(Documents.Load(root.ToString())),
            Is.EqualTo(Documents.Bits(Documents.Load(Documents.SmallFile))));
    }
}
