using System.Diagnostics;
using System.Text;
using Recurrent.Activations;
using Recurrent.Callbacks;
using Recurrent.Keras;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Tests.Keras;

/// <summary>Files for Keras: what is read back, and what HDF5's own library says of them.</summary>
public sealed class WritingTests
{
    private string folder = string.Empty;

    private static IEnumerable<TestCaseData> Everything
    {
        get
        {
            yield return Named("stack", Trained(new LSTM(4, returnSequences: true), new Bidirectional(new GRU(3))));
            yield return Named("cells", Trained(new RNN(new StackedRNNCells(new LSTMCell(3), new LSTMCell(2), new GRUCell(2)))));
            yield return Named("convolutions",
                Trained(new Conv1D(4, 3), new BatchNormalization(), new SeparableConv1D(3, 2), new LSTM(2)));
            yield return Named("wrapper",
                Trained(new TimeDistributed(new Dense(3)), new LayerNormalization(), new PReLU(), new Flatten()));
            yield return Named("rows", Trained(new Reshape([6, 2, 1]), new ConvLSTM1D(2, 2), new Flatten()));
            yield return Named("rows, channels first", Trained(new Reshape([6, 1, 2]),
                new Bidirectional(new ConvLSTM1D(2, 2, dataFormat: "channels_first")), new Flatten()));
            yield return Named("spectral",
                Trained(new SpectralNormalization(new Dense(3)), new GroupNormalization(1), new SimpleRNN(2)));
            yield return Named("nested",
                Trained(new Sequential([new Dense(3), new Sequential([new LSTM(2)], "inner")], "outer")));
            yield return Named("heads", Attending(shared: false));
            yield return Named("heads with gates", Attending(shared: false, gates: true));
            yield return Named("shared layers", Attending(shared: true));

            static TestCaseData Named(string name, Model model) => new TestCaseData(model).SetArgDisplayNames(name);
        }
    }

    private static IEnumerable<TestCaseData> Strangers()
    {
        yield return new TestCaseData(new HardSigmoid(0.2), "hard_sigmoid").SetArgDisplayNames("HardSigmoid");
        yield return new TestCaseData(new Gelu(approximate: true), "gelu").SetArgDisplayNames("Gelu");
        yield return new TestCaseData(new Celu(0.5), "celu").SetArgDisplayNames("Celu");
    }

    [TestCaseSource(nameof(Strangers))]
    public void Options_of_activations_that_Keras_has_no_words_for_are_refused_before_anything_is_written(
        ActivationFunction activation, string name)
    {
        var model = new Sequential([new Input((3, 2)), new LSTM(2, recurrentActivation: activation)]);
        string path = Path.Combine(folder, "model.keras");
        Assert.That(() => KerasFile.Save(model, path),
            Throws.InvalidOperationException.With.Message.Contains($"'{name}' without options"));
        Assert.That(File.Exists(path), Is.False);
        Assert.DoesNotThrow(() => KerasFile.SaveWeights(model, Path.Combine(folder, "model.weights.h5")));
    }

    [Test]
    public void Activations_with_options_go_as_layers_and_come_back()
    {
        var model = new Sequential([new Input((3, 2)), new LSTM(2, activation: new LeakyRelu(0.3)), new Dense(2, new Elu(0.5))]);
        string path = Path.Combine(folder, "model.keras");
        KerasFile.Save(model, path);
        Model again = KerasFile.Load(path);
        var x = new NDArray([2, 3, 2], [.. Enumerable.Range(0, 12).Select(i => (i - 6) / 3f)]);
        Assert.That(again.Predict(x).Values, Is.EqualTo(model.Predict(x).Values));
    }

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("keras").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [TestCaseSource(nameof(Everything))]
    public void A_model_is_the_same_to_the_bit_when_it_is_read_back(Model model)
    {
        string path = Path.Combine(folder, "model.keras");
        KerasFile.Save(model, path);
        Model again = KerasFile.Load(path);
        AssertSame(again.GetWeights(), model.GetWeights());
        Assert.That(again.ToJson(), Is.EqualTo(model.ToJson()));
        Assert.That(again.Optimizer!.Iterations, Is.EqualTo(model.Optimizer!.Iterations));
        foreach ((Slot a, Slot b) in again.Optimizer.Slots.PairedWith(model.Optimizer.Slots))
        {
            Assert.That(a.Values.Values, Is.EqualTo(b.Values.Values));
        }
    }

    [TestCaseSource(nameof(Everything))]
    public void Weights_alone_are_read_into_another_model(Model model)
    {
        string path = Path.Combine(folder, "model.weights.h5");
        KerasFile.SaveWeights(model, path);
        Model other = Model.FromJson(model.ToJson());
        KerasFile.LoadWeights(other, path);
        AssertSame(other.GetWeights(), model.GetWeights());
    }

    [Test]
    public void A_file_of_Keras_is_written_as_Keras_wrote_it(
        [Values("bilstm_embedding", "conv_bn_gru", "gru_classifier", "simplernn")] string name)
    {
        string original = KerasFixture.PathOf($"saved/{name}.weights.h5");
        Model model = KerasFile.Load(KerasFixture.PathOf($"saved/{name}.keras"));
        string path = Path.Combine(folder, "model.weights.h5");
        KerasFile.SaveWeights(model, path);
        string expected = Structure(original);
        Assert.That(Structure(path), Is.EqualTo(expected));
        Assert.That(expected, Does.Contain("vars/0"));
    }

    [Test]
    public void Layers_of_sound_and_tags_are_not_those_of_Keras()
    {
        foreach ((Layer layer, string name) in new (Layer, string)[]
        {
            (new MFCC(2), "MFCC"), (new Deltas(3), "Deltas"), (new CRF(3), "CRF"),
            (new RNN(new ConvLSTM1DCell(2, 2)), "ConvLSTM1DCell"),
        })
        {
            Layer[] before = layer is RNN ? [new Reshape([6, 4, 1])] : [];
            var model = new Sequential([new Input((6, 4)), .. before, layer]);
            Assert.That(() => KerasFile.Save(model, Path.Combine(folder, "model.keras")),
                Throws.InvalidOperationException.With.Message.Contains($"which has no {name} ("));
        }
    }

    [Test]
    public void A_layer_that_Keras_has_not_is_named()
    {
        Model model = Trained(new PeepholeLSTM(3));
        Assert.That(
            () => KerasFile.Save(model, Path.Combine(folder, "model.keras")),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "Model 'sequential' is not written for Keras, which has no PeepholeLSTM (PeepholeLSTM 'peephole_lstm'). Save it "
                + "with model.Save(\"model.json\"), which this library reads."));
        Assert.That(Directory.GetFiles(folder), Is.Empty);
    }

    [Test]
    public void A_name_that_Keras_would_not_read_is_refused()
    {
        Model model = Trained(new LSTM(2));
        Assert.That(() => KerasFile.Save(model, Path.Combine(folder, "model.h5")), Throws.ArgumentException
            .With.Message.Contains("Keras reads such a file only where its name ends in '.keras'"));
        Assert.That(() => KerasFile.SaveWeights(model, Path.Combine(folder, "model.h5")), Throws.ArgumentException
            .With.Message.Contains("'.weights.h5'"));
    }

    [Test]
    public void A_model_without_an_optimizer_is_written_without_one()
    {
        Model model = Trained(new LSTM(2));
        string path = Path.Combine(folder, "model.keras");
        KerasFile.Save(model, path, includeOptimizer: false);
        Assert.That(KerasFile.Load(path).Optimizer!.Iterations, Is.Zero);
        AssertSame(KerasFile.Load(path, compile: false).GetWeights(), model.GetWeights());
    }

    public static IEnumerable<Optimizer> Optimizers =>
    [
        new Adam(useEma: true, gradientAccumulationSteps: 3), new RMSprop(momentum: 0.5, centered: true, useEma: true),
        new SGD(momentum: 0.9, gradientAccumulationSteps: 5), new Nadam(useEma: true), new Adafactor(),
        new Adafactor(useEma: true, gradientAccumulationSteps: 3), new Muon(gradientAccumulationSteps: 3),
        new ScheduleFreeAdamW(useEma: true), new Ftrl(), new Lamb(), new Adadelta(useEma: true), new Lion(),
    ];

    [TestCaseSource(nameof(Optimizers))]
    public void The_state_of_every_optimizer_is_the_same_to_the_bit(Optimizer optimizer)
    {
        var model = new Sequential([new Conv1D(3, 2, inputShape: (6, 2)), new LSTM(3), new Dense(1)], seed: 2);
        model.Compile(optimizer.Fresh(), "mse");
        var random = new System.Random(1);
        (NDArray x, NDArray y) = (Values(random, 8, 6, 2), Values(random, 8, 1));
        for (int i = 0; i < 4; i++)
        {
            model.TrainOnBatch(x, y);
        }

        string path = Path.Combine(folder, "model.keras");
        KerasFile.Save(model, path);
        Model again = KerasFile.Load(path);
        Assert.That(again.Optimizer!.Slots.Select(slot => (slot.Name, slot.ParameterIndex)),
            Is.EqualTo(model.Optimizer!.Slots.Select(slot => (slot.Name, slot.ParameterIndex))));
        for (int i = 0; i < 5; i++)
        {
            Assert.That(again.Optimizer.Slots.Select(slot => slot.Values.Values),
                Is.EqualTo(model.Optimizer.Slots.Select(slot => slot.Values.Values)), $"{i}");
            AssertSame(again.GetWeights(), model.GetWeights());
            model.TrainOnBatch(x, y);
            again.TrainOnBatch(x, y);
        }
    }

    [Test]
    public void What_Keras_files_cannot_say_of_an_optimizer_is_refused()
    {
        foreach ((Optimizer optimizer, string what) in new (Optimizer, string)[]
        {
            (new Adam().SetLearningRateMultiplier("lstm", 0.1), "learning rates of single layers"),
            (new AdamW().ExcludeFromWeightDecay("bias"), "a list of what weight decay leaves alone"),
        })
        {
            Model model = Trained(new LSTM(2));
            model.Compile(optimizer, "mse");
            Assert.That(() => KerasFile.Save(model, Path.Combine(folder, "model.keras")),
                Throws.InvalidOperationException.With.Message.Contains($"cannot say of an optimizer that it has {what}."));
            Assert.That(Directory.GetFiles(folder), Is.Empty);
            KerasFile.SaveWeights(model, Path.Combine(folder, "model.weights.h5"));
            File.Delete(Path.Combine(folder, "model.weights.h5"));
        }
    }

    private static Model Trained(params Layer[] layers)
    {
        var model = new Sequential(seed: 3);
        model.Add(new Input((6, 2)));
        foreach (Layer layer in layers)
        {
            model.Add(layer);
        }

        model.Add(new Dense(1));
        model.Compile("nadam", "mse");
        Fit(model);
        return model;
    }

    private static Model Attending(bool shared, bool gates = false)
    {
        var input = new Input((6, 4));
        var dense = new Dense(4);
        Symbol h = dense.Call(input);
        h = shared ? dense.Call(h) : new MultiHeadAttention(2, 3, useGate: gates).Call(h, h);
        h = new GroupedQueryAttention(3, 4, 2, useGate: gates).Call(h, h);
        var model = new Model(input, new Dense(1).Call(new GlobalAveragePooling1D().Call(h)), seed: 4);
        model.Compile(new Adam(new CosineDecay(0.01, 10)), "mse");
        Fit(model);
        return model;
    }

    private static void Fit(Model model)
    {
        var random = new System.Random(1);
        int features = model.InputShape!.Features;
        NDArray x = Values(random, 8, 6, features);
        NDArray y = model.Predict(x);
        model.Fit(x, new NDArray(y.Shape, Values(random, y.Size).Values), epochs: 2, batchSize: 4, verbose: Verbosity.Silent);
    }

    private static NDArray Values(System.Random random, params int[] shape)
    {
        var array = new NDArray(shape);
        for (int i = 0; i < array.Size; i++)
        {
            array.Values[i] = (float)random.NextDouble() - 0.5f;
        }

        return array;
    }

    private static void AssertSame(IReadOnlyList<NDArray> actual, IReadOnlyList<NDArray> expected)
    {
        Assert.That(actual, Has.Count.EqualTo(expected.Count));
        foreach ((NDArray a, NDArray e) in actual.PairedWith(expected))
        {
            Assert.That(a.Shape, Is.EqualTo(e.Shape));
            Assert.That(a.Values, Is.EqualTo(e.Values));
        }
    }

    /// <summary>Every group, array and attribute of a file with its bytes, as HDF5's own library sees it through h5py.</summary>
    private static string Structure(string path)
    {
        const string Script = """
            import h5py, sys
            def show(name, item):
                names = {k: str(v) for k, v in item.attrs.items()}
                if isinstance(item, h5py.Dataset):
                    # The product of Nadam's momenta is one of doubles here: five digits of it are the same.
                    value = item[()].tobytes().hex() if item.shape else "%.5g" % item[()]
                    print(name, names, item.shape, item.dtype, value)
                else:
                    print(name, names)
            with h5py.File(sys.argv[1], "r") as file:
                file.visititems(show)
            """;
        foreach (string python in (string[])["/usr/bin/python3", "python3"])
        {
            try
            {
                var start = new ProcessStartInfo(python, ["-c", Script, path])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                    StandardOutputEncoding = Encoding.UTF8,
                };
                using Process process = Process.Start(start)!;
                Task<string> error = process.StandardError.ReadToEndAsync();
                string output = process.StandardOutput.ReadToEnd();
                process.WaitForExit();
                if (process.ExitCode == 0)
                {
                    return output;
                }

                if (!error.Result.Contains("No module named 'h5py'", StringComparison.Ordinal))
                {
                    Assert.Fail(error.Result);
                }
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // Not there: try the next one.
            }
        }

        Assert.Ignore("This needs python3 with h5py (Debian's python3-h5py).");
        return string.Empty;
    }
}
