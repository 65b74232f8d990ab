using System.IO.Compression;
using System.Text;
using Recurrent.Callbacks;
using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Inspection;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;
using Recurrent.States;

namespace Recurrent.Tests.Serialization;

/// <summary>A file that is something else is told what it is, and how what it holds comes here.</summary>
[TestFixture]
public sealed class FileMessageTests
{
    private string folder = string.Empty;

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("recurrent-messages").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    private static IEnumerable<TestCaseData> Others()
    {
        yield return Other("This is an HDF5 file (.h5, .hdf5)", "The package Recurrent.Keras reads it: KerasFile.Load",
            [0x89, .. "HDF\r\n\u001a\n"u8, 0, 0, 0]);
        yield return Other("This is a model of Keras (.keras)", "The package Recurrent.Keras reads it: KerasFile.Load",
            Zip("metadata.json", "config.json", "model.weights.h5"));
        yield return Other("This is a model of PyTorch (.pt, .pth)", "model.LoadPyTorch",
            Zip("archive/data.pkl", "archive/data/0"));
        yield return Other("These are arrays of NumPy (.npz)", "numpy.load", Zip("arr_0.npy"));
        yield return Other("This is a zip archive", "Unpack it first", Zip("readme.txt"));
        yield return Other("This is a zip archive that is protected by a password", "Unpack it first",
            LockedZip.Of(Zip("config.json")));
        yield return Other("This is an array of NumPy (.npy)", "numpy.load", [0x93, .. "NUMPY"u8, 1, 0]);
        yield return Other("This is a pickle of Python", "model.LoadPyTorch", [0x80, 2, (byte)'c', 0x8a]);
        yield return Other("This is an ONNX file", "The package Recurrent.Onnx reads it",
            [0x08, 0x08, 0x12, 0x07, .. "pytorch"u8]);
        yield return Other("This is a SavedModel of TensorFlow", "keras.models.load_model", [0x08, 0x01, 0x12, 0xAB, 0x05]);
        yield return Other("This is a compressed file (gzip)", "Unpack it first", [0x1F, 0x8B, 8, 0]);
        yield return Other("The document is UTF-16 text", "UTF-8", Encoding.Unicode.GetPreamble()
            .Concat(Encoding.Unicode.GetBytes("{}")).ToArray());
        yield return Other("This looks like a table (CSV)", "CsvTable.Load", [.. "date,passengers\n1949-01,112\n"u8]);
        yield return Other("This looks like a table (CSV)", "CsvTable.Load", [.. "\u00ef\u00bb\u00bfa;b\n1;2\n"u8]);
        yield return Other("This is HTML or XML", "page", [.. "<!DOCTYPE html><html>"u8]);
    }

    [TestCaseSource(nameof(Others))]
    public void Files_of_others_are_recognised(string what, string advice, byte[] content)
    {
        string path = Path.Combine(folder, "model.json");
        File.WriteAllBytes(path, content);
        foreach (Action read in (Action[])
            [
                () => Sequential.Load(path), () => ModelState.Load(path), () => RecurrentStateFile.Load(path),
                () => new Sequential([new Dense(1, inputShape: 1)]).LoadWeights(path),
            ])
        {
            ModelFormatException refusal = Assert.Throws<ModelFormatException>(read)!;
            Assert.That(refusal.Message, Does.StartWith(what).And.Contain(advice));
            Assert.That(refusal.Message, Does.Not.Contain("…"), "it is whole");
        }
    }

    [TestCase("model.json")]
    [TestCase("models/model.keras")]
    [TestCase("C:\\models\\model.json")]
    [TestCase("./weights.h5")]
    public void A_path_is_no_JSON(string path) => Assert.That(
        () => Sequential.FromJson(path),
        Throws.TypeOf<ModelFormatException>().With.Message.EqualTo(
            $"this is the path of a file, and not JSON. Read the file: Model.FromJson(File.ReadAllText(\"{path}\")), or "
            + $"Model.Load(\"{path}\") for a model with its weights."));

    [Test]
    public void A_folder_is_no_file()
    {
        string inside = Directory.CreateDirectory(Path.Combine(folder, "inside")).FullName;
        Sequential model = Documents.NewModel();
        ModelTrace trace = model.Trace(Documents.Inputs);
        var chart = new ForecastChart("title").AddTruth(new TimeSeries("x", [1, 2, 3]));
        foreach (string path in (string[])[inside, inside + Path.DirectorySeparatorChar, Path.Combine(folder, "none") + "/"])
        {
            foreach (Action use in (Action[])
                [
                    () => Model.Load(path), () => Sequential.Load(path), () => model.Save(path), () => model.SaveWeights(path),
                    () => model.LoadWeights(path), () => model.ZeroState(1).Save(path), () => ModelState.Load(path),
                    () => RecurrentStateFile.Load(path), () => model.Draw(path), () => trace.Save(path), () => chart.Save(path),
                    () => CsvTable.Load(path),
                    () => model.Fit(
                        Documents.Inputs, Documents.Targets, callbacks: [new CSVLogger(path)], verbose: Verbosity.Silent),
                ])
            {
                Assert.That(use, Throws.InstanceOf<IOException>().With.Message.EqualTo(
                    $"'{path}' is a folder. Give the name of a file in it."));
            }
        }
    }

    [Test]
    public void A_folder_that_is_missing_is_named()
    {
        string missing = Path.Combine(folder, "missing");
        string path = Path.Combine(missing, "page.html");
        Sequential model = Documents.NewModel();
        ModelTrace trace = model.Trace(Documents.Inputs);
        var chart = new ForecastChart("title").AddTruth(new TimeSeries("x", [1, 2, 3]));
        foreach (Action use in (Action[])
            [() => model.Draw(path), () => trace.Save(path), () => chart.Save(path), () => model.SaveWeights(path + ".json")])
        {
            Assert.That(use, Throws.InstanceOf<DirectoryNotFoundException>().With.Message.StartWith(
                $"The folder '{missing}' does not exist. Create it before saving '"));
        }
    }

    [Test]
    public void The_librarys_own_files_say_what_reads_them()
    {
        var model = new Sequential([new LSTM(1, inputShape: (timesteps: 2, features: 1))]);
        string file = Documents.Text(model);
        string session = Text(model.OpenSession().Save);
        string weights = Text(stream => model.SaveWeights(stream));

        Assert.That(Refused(() => Sequential.FromJson(file)), Does.Contain("Model.Load"));
        Assert.That(Refused(() => Sequential.FromJson(session)), Does.Contain("ModelState.Load"));
        Assert.That(Refused(() => Sequential.FromJson(weights)), Does.Contain("LoadWeights"));
        Assert.That(Refused(() => Documents.Load(session)), Does.Contain("ResumeSession"));
        Assert.That(Refused(() => Documents.Load(weights)), Does.Contain("LoadWeights"));
        Assert.That(Refused(() => Documents.Load(model.ToJson())), Does.Contain("Model.FromJson"));
        Assert.That(Refused(() => model.ResumeSession(Stream(file))), Does.Contain("Model.Load"));
        Assert.That(Refused(() => model.LoadWeights(Stream(file))), Does.Contain("Model.Load"));
        Assert.That(Refused(() => model.LoadWeights(Stream(model.ToJson()))), Does.Contain("Model.FromJson"));
        Assert.That(Refused(() => ModelState.Load(Stream(weights))), Does.Contain("LoadWeights"));
    }

    [TestCase("x.keras", "Keras's own zip format")]
    [TestCase("x.KERAS", "Keras's own zip format")]
    [TestCase("x.weights.h5", "HDF5")]
    [TestCase("x.hdf5", "HDF5")]
    [TestCase("x.onnx", "ONNX")]
    [TestCase("x.pt", "PyTorch")]
    [TestCase("x.safetensors", "safetensors")]
    [TestCase("x.npz", "NumPy")]
    public void Nothing_is_written_under_the_name_of_another_format(string name, string format)
    {
        var model = new Sequential([new LSTM(1, inputShape: (timesteps: 2, features: 1))]);
        var encoder = new LSTM(1, returnState: true);
        encoder.Build((timesteps: 2, features: 1), 0);
        string path = Path.Combine(folder, name);
        foreach (Action write in (Action[])
            [
                () => model.Save(path), () => model.OpenSession().Save(path), () => model.ZeroState(1).Save(path),
                .. name == "x.safetensors" ? [] : (Action[])[() => model.SaveWeights(path)],
                () => encoder.Call(new NDArray(1, 2, 1)).State.Save(path), () => _ = new ModelCheckpoint(path),
            ])
        {
            ArgumentException refusal = Assert.Throws<ArgumentException>(write)!;
            Assert.That(refusal.Message, Does.Contain(format).And.Contain($"'{Path.ChangeExtension(name, ".json")}'"));
        }

        Assert.That(Directory.GetFiles(folder), Is.Empty);
    }

    [TestCase("", "The document is empty. Was it cut off while it was written or copied?")]
    [TestCase("\u0001\u0002\0\u0004 and so on", "This is a binary file of no kind that is known here, and not JSON. Give a "
        + "file that Save or Keras's to_json has written.")]
    public void What_is_no_document_at_all_is_said_so(string content, string message)
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{TestContext.CurrentContext.Test.ID}.json");
        File.WriteAllText(path, content);
        Assert.That(() => Sequential.Load(path), Throws.InstanceOf<ModelFormatException>().With.Message.Contains(message));
        File.Delete(path);
    }

    [TestCase("Conv2D", "layer", "Keras has it, but this library has not. Valid names: ")]
    [TestCase("maxpooling2d", "layer", "Keras has it, but this library has not. Valid names: ")]
    [TestCase("LSTMM", "layer", "Did you mean 'LSTM'? Valid names: ")]
    [TestCase("Frobnicate", "layer", "Valid names: ")]
    [TestCase("x", "layer", "Valid names: ")]
    public void A_layer_that_is_not_here_is_said_so(string name, string kind, string advice)
    {
        string text = $$"""{"layers": [{"class_name": "{{name}}", "config": {} }]}""";
        Assert.That(Refused(() => Sequential.FromJson(text)), Does.Contain($"Unknown {kind} '{name}'. {advice}"));
    }

    [TestCase("LossScaleOptimizer", "mse",
        "Unknown optimizer 'LossScaleOptimizer'. Keras has it, but this library has not. Valid names: ")]
    [TestCase("adam", "msee", "Unknown loss 'msee'. Did you mean 'mse'? Valid names: ")]
    public void Optimizers_and_losses_that_are_not_here_are_said_so(string optimizer, string loss, string message)
    {
        Assert.That(() => new Sequential([new Dense(1)]).Compile(optimizer, loss),
            Throws.InstanceOf<ArgumentException>().With.Message.StartsWith(message));
    }

    [TestCase("keras_versio")]
    [TestCase("foo")]
    [TestCase("batch_input_shape")]
    public void Nothing_is_guessed_that_is_not_near(string key)
    {
        string message =
            Refused(() => Sequential.FromJson(Documents.WithKey(Documents.NewModel().ToJson(), string.Empty, key, 1)));
        Assert.That(message, Does.StartWith($"{key}: there is no such key here. Valid keys: "));
    }

    private static TestCaseData Other(string what, string advice, byte[] content) =>
        new TestCaseData(what, advice, content).SetArgDisplayNames(what + " " + content.Length);

    private static byte[] Zip(params string[] names)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string name in names)
            {
                using Stream entry = archive.CreateEntry(name).Open();
                entry.Write("{}"u8);
            }
        }

        return stream.ToArray();
    }

    private static string Refused(Action read) => Assert.Throws<ModelFormatException>(read)!.Message;

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

    private static string Text(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
