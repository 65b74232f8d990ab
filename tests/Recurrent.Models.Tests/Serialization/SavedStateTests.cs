using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Serialization;
using Recurrent.Shapes;

namespace Recurrent.Tests.Serialization;

/// <summary>What is saved is read again and goes on as if it had never stopped, however the model came to be as it is; or is not
/// saved.</summary>
[TestFixture]
public sealed class SavedStateTests
{
    private static readonly Shape Steps = (timesteps: 5, features: 2);

    private static IEnumerable<TestCaseData> Changes()
    {
        yield return Change("a layer frozen after Fit", m => m.Layers[0].Trainable = false);
        yield return Change("all layers frozen after Fit", m => m.Layers.ToList().ForEach(layer => layer.Trainable = false));
        yield return Change("a parameter frozen after Fit", m => m.Layers[0].Parameters[2].Trainable = false);
        yield return Change("parameters of several layers frozen",
            m => m.Layers.ToList().ForEach(l => l.Parameters.Take(1).ToList().ForEach(p => p.Trainable = false)));
        yield return Change("a wrapper frozen", m => m.Layers[2].Trainable = false);
        yield return Change("the inside of a wrapper frozen", m => ((TimeDistributed)m.Layers[2]).Layer.Trainable = false);
        yield return Change("a frozen wrapper whose inside is trained", m =>
        {
            m.Layers[2].Trainable = false;
            ((TimeDistributed)m.Layers[2]).Layer.Trainable = true;
        });
        yield return Change("counted by hand", m => m.Optimizer!.Iterations = 5);
        yield return Change("counted back", m => m.Optimizer!.Iterations = 0);
        yield return Change("a huge rate", m => m.Optimizer!.LearningRate = 1e39, trains: false);
        yield return Change("the greatest rate", m => m.Optimizer!.LearningRate = double.MaxValue, trains: false);
        yield return Change("the least rate", m => m.Optimizer!.LearningRate = double.Epsilon);
        yield return Change("compiled anew with a part frozen", m =>
        {
            m.Layers[0].Trainable = false;
            m.Compile(new Adam(0.02), "mse", metrics: ["mae"]);
        });
        yield return Change("unfrozen after Fit", m =>
        {
            m.Layers[0].Trainable = false;
            m.Compile(new Adam(0.02), "mse", metrics: ["mae"]);
            Documents.Train(m, 1);
            m.Layers[0].Trainable = true;
        });
        yield return Change("unfrozen in part after Fit", m =>
        {
            m.Layers[0].Trainable = false;
            m.Compile(new RMSprop(0.02, momentum: 0.5), "mse", metrics: ["mae"]);
            Documents.Train(m, 1);
            m.Layers[0].Parameters[1].Trainable = true;
        });
        yield return Change("predicted before it was frozen", m =>
        {
            m.Compile(new Adam(0.02), "mse", metrics: ["mae"]);
            m.Predict(Documents.Inputs);
            m.Layers[0].Trainable = false;
        });
    }

    [TestCaseSource(nameof(Changes))]
    public void A_model_goes_on_from_its_file(Action<Sequential> change, bool trains)
    {
        foreach (int epochs in (int[])[0, 2])
        {
            Sequential model = Documents.NewModel();
            if (epochs > 0)
            {
                Documents.Train(model, epochs);
            }

            change(model);
            GoesOn(model, trains);
        }
    }

    [TestCaseSource(nameof(Changes))]
    public void A_checkpoint_is_written_and_read(Action<Sequential> change, bool trains)
    {
        Assume.That(trains);
        Sequential model = Documents.TrainedModel(1);
        change(model);
        string path = Path.Combine(Directory.CreateTempSubdirectory("recurrent-checkpoint").FullName, "m.json");
        model.Fit(Documents.Inputs, Documents.Targets, 1, verbose: Verbosity.Silent, callbacks: [new ModelCheckpoint(path)]);
        Assert.That(Documents.Bits(Sequential.Load(path)), Is.EqualTo(Documents.Bits(model)));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Test]
    public void What_a_file_says_of_trained_parameters_is_only_there_where_it_is_needed()
    {
        Assert.That(Documents.SmallFile, Does.Contain("\"format_version\":1").And.Not.Contain("\"trained\""));
        Sequential model = Documents.TrainedModel(1);
        model.Layers[0].Trainable = false;
        Assert.That(Documents.Text(model), Does.Contain("\"format_version\":2").And.Contain("\"trained\":true"));
        Assert.That(
            () => Documents.Load(Documents.Text(model)
                .Replace("\"format_version\":2", "\"format_version\":1", StringComparison.Ordinal)),
            Throws.TypeOf<ModelFormatException>());
    }

    [TestCase(4097)]
    [TestCase(100_000)]
    public void Names_may_be_long(int length)
    {
        string name = new('n', length);
        var model = new Sequential([new LSTM(2, inputShape: Steps, name: name), new Dense(1)], name: name);
        model.Compile("adam", "mse");
        GoesOn(model, trains: true);
    }

    [TestCase("é")]
    [TestCase("𝄞")]
    [TestCase("\u00a0")]
    [TestCase("日本")]
    public void Names_may_differ_in_any_character(string end)
    {
        var model = new Sequential([new LSTM(2, inputShape: Steps, name: "a" + end), new Dense(1, name: "a�")], name: end + "m");
        model.Compile("adam", "mse");
        GoesOn(model, trains: true);
        Assert.That(Sequential.FromJson(model.ToJson()).Layers.Select(layer => layer.Name),
            Is.EqualTo(model.Layers.Select(layer => layer.Name)));
    }

    [TestCase("a\u001b[31m")]
    [TestCase("a\nb")]
    [TestCase("a\0")]
    [TestCase("a\u202eb")]
    public void Names_that_would_be_commands_are_not_saved(string name)
    {
        SavesNone(name);
    }

    [Test]
    public void Names_with_half_of_a_surrogate_pair_are_not_saved()
    {
        SavesNone("a" + (char)0xd800);
        SavesNone((char)0xdc00 + "a");
        SavesNone("𝄞" + (char)0xd834 + "a");
    }

    private static void SavesNone(string name)
    {
        var models = new[]
        {
            new Sequential([new Dense(1, inputShape: 2, name: name)]), new Sequential([new Dense(1, inputShape: 2)], name: name),
        };
        foreach (Sequential model in models)
        {
            using var stream = new MemoryStream();
            InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() => model.Save(stream))!;
            Assert.That(refused.Message,
                Does.Contain("is not saved, since no reader could take the file").And.Match("U\\+|half of a surrogate"));
            Assert.That(refused.Message, Does.Not.Match("[\u0000-\u001f\u202e]"));
            Assert.That(stream.Length, Is.Zero);
            Assert.That(model.Summary(), Does.Not.Match("[\u0000-\u0009\u000b-\u001f\u202e\ud800]"));
        }
    }

    [TestCase(10, true)]
    [TestCase(30, true)]
    [TestCase(60, true)]
    [TestCase(61, false)]
    [TestCase(300, false)]
    public void Wrappers_may_be_deep_and_are_refused_where_they_are_too_deep(int depth, bool fits)
    {
        Layer layer = new Dense(2);
        for (int i = 0; i < depth; i++)
        {
            layer = i == depth - 1 ? new Residual(layer, inputShape: 2) : new Residual(layer);
        }

        var model = new Sequential([layer]);
        if (fits)
        {
            Assert.That(Documents.Text(Documents.Load(Documents.Text(model))), Is.EqualTo(Documents.Text(model)));
        }
        else
        {
            Assert.That(() => Documents.Text(model),
                Throws.InvalidOperationException.With.Message.Contains("nested deeper than 128 levels"));
        }
    }

    [TestCase(9)]
    [TestCase(20)]
    public void Weights_may_have_many_axes(int rank)
    {
        var model =
            new Sequential(
            [new LayerNormalization(axis: [.. Enumerable.Range(1, rank)],
                inputShape: new Shape([.. Enumerable.Repeat((int?)2, rank)]))]);
        Assert.That(model.GetWeights()[0].Rank, Is.EqualTo(rank));
        Assert.That(Documents.Text(Documents.Load(Documents.Text(model))), Is.EqualTo(Documents.Text(model)));
    }

    [Test]
    public void What_a_file_may_not_say_is_not_saved()
    {
        Sequential counted = Documents.NewModel();
        counted.Optimizer!.Iterations = long.MaxValue;
        Assert.That(() => Documents.Text(counted), Throws.InvalidOperationException.With.Message.Contains("training.iterations"));

        Sequential negative = Documents.TrainedModel(1);
        negative.Optimizer!.Slots.First(slot => slot.Name == "velocity").Values[0, 0] = -1;
        Assert.That(() => Documents.Text(negative),
            Throws.InvalidOperationException.With.Message.Contains("lstm/lstm_cell/kernel/velocity"));
        using var without = new MemoryStream();
        negative.Save(without, includeOptimizer: false);

        Sequential nan = Documents.TrainedModel(1);
        nan.Optimizer!.Slots[0].Values[0, 0] = float.NaN;
        Assert.That(() => Documents.Text(nan),
            Throws.InvalidOperationException.With.Message.Contains("lstm/lstm_cell/kernel/momentum"));
    }

    [TestCase("training.iterations", "9223372036854775807", "training.iterations")]
    [TestCase("training.epochs", "9223372036854775807", "training.epochs")]
    [TestCase("training.steps", "9223372036854775807", "training.steps")]
    [TestCase("training.slots[1].data", null, "training.slots[1].data")]
    public void What_would_go_wrong_later_is_refused_now(string path, string? value, string place)
    {
        Assert.That(Documents.Parse(Documents.SmallFile).SelectToken("training.slots[1].name")!.ToString(),
            Does.EndWith("velocity"));
        byte[] negative = Convert.FromBase64String(Documents.Parse(Documents.SmallFile)
            .SelectToken("training.slots[1].data")!.ToString());
        BitConverter.TryWriteBytes(negative.AsSpan(4), -1e-10f);
        string text = Documents.With(Documents.SmallFile, path, value is null ? Convert.ToBase64String(negative)
            : Documents.Parse(value));
        Assert.That(Assert.Throws<ModelFormatException>(() => Documents.Load(text))!.Path, Is.EqualTo(place));
    }

    [Test]
    public void First_values_that_are_not_finite_are_refused()
    {
        foreach (string initializer in (string[])
            [
                """{"class_name": "Constant", "config": {"value": 1e39}}""",
                """{"class_name": "RandomNormal", "config": {"mean": 0, "stddev": 1e300}}""",
                """{"class_name": "RandomUniform", "config": {"minval": -1e300, "maxval": 1e300}}""",
                """{"class_name": "VarianceScaling", "config": {"scale": 1e200}}""",
                """{"class_name": "Orthogonal", "config": {"gain": 1e39}}""",
                """{"class_name": "Identity", "config": {"gain": 1e39}}""",
            ])
        {
            string text = $$$"""
                {"layers": [{"class_name": "InputLayer", "config": {"batch_shape": [null, 3]} },
                {"class_name": "Dense", "config": {"units": 3, "kernel_initializer": {{{initializer}}} } }]}
                """;
            ModelFormatException refused = Assert.Throws<ModelFormatException>(() => Sequential.FromJson(text), initializer)!;
            Assert.That(refused.Path, Does.StartWith("layers[1]"), refused.Message);
        }
    }

    private static TestCaseData Change(string name, Action<Sequential> change, bool trains = true) =>
        new TestCaseData(change, trains).SetArgDisplayNames(name);

    private static void GoesOn(Sequential model, bool trains)
    {
        string text = Documents.Text(model);
        Sequential loaded = Documents.Load(text);
        NDArray x = Documents.Inputs;
        Assert.That(Documents.Text(loaded), Is.EqualTo(text), "it is saved again alike");
        Assert.That(loaded.ToJson(), Is.EqualTo(model.ToJson()));
        Assert.That(Documents.Bits(loaded), Is.EqualTo(Documents.Bits(model)));
        Assert.That(loaded.Predict(x).Values, Is.EqualTo(model.Predict(x).Values));
        Assert.That(Flags(loaded), Is.EqualTo(Flags(model)));
        Assert.That(loaded.Optimizer!.LearningRate, Is.EqualTo(model.Optimizer!.LearningRate));
        Assert.That(loaded.Optimizer!.Iterations, Is.EqualTo(model.Optimizer!.Iterations));
        if (!trains)
        {
            return;
        }

        Assert.That(Outcome(loaded), Is.EqualTo(Outcome(model)), "it is trained on alike");
        Assert.That(Documents.Bits(loaded), Is.EqualTo(Documents.Bits(model)));
        Assert.That(Documents.Text(loaded), Is.EqualTo(Documents.Text(model)));
    }

    /// <summary>The loss of further training, or why there is none: both go on, or neither does.</summary>
    private static string Outcome(Sequential model)
    {
        try
        {
            return string.Join(' ', Documents.Train(model, 2)["loss"]);
        }
        catch (InvalidOperationException exception)
        {
            return exception.Message;
        }
    }

    private static string Flags(Sequential model) =>
        string.Concat(model.Layers.SelectMany(layer => layer.Parameters).Select(parameter => parameter.Trainable ? '1' : '0'));

    [TestCase(1 << 15, true)]
    [TestCase(174_762, true)]
    [TestCase(174_763, false)]
    [TestCase(200_000, false)]
    public void A_text_is_written_where_it_can_be_read_even_if_every_letter_is_escaped(int letters, bool fits)
    {
        var model = new Sequential(name: new string('"', letters));
        model.Add(new Dense(1, inputShape: 2));
        using var stream = new MemoryStream();
        if (!fits)
        {
            Assert.That(() => model.Save(stream), Throws.InvalidOperationException.With.Message.Contains("the text is too long"));
            return;
        }

        model.Save(stream);
        stream.Position = 0;
        Assert.That(Sequential.Load(stream).Name, Is.EqualTo(model.Name));
    }
}
