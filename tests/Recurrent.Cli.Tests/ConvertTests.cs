using System.Text.Json;
using Recurrent.Keras;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Tensors;
using Recurrent.Text;

namespace Recurrent.Cli.Tests;

/// <summary>Models from one kind of file to another, and what the program says of them.</summary>
[TestFixture]
public sealed class ConvertTests
{
    private string folder = string.Empty;

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("recurrent-convert").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void A_model_of_Keras_goes_everywhere_and_comes_back_to_the_bit()
    {
        string source = Fixture("keras/saved/simplernn.keras");
        float[] weights = Weights(KerasFile.Load(source));
        string ours = Convert(source, "model.json");
        Assert.That(Weights(Model.Load(ours)), Is.EqualTo(weights));
        Assert.That(Model.Load(ours).Optimizer!.Iterations, Is.EqualTo(KerasFile.Load(source).Optimizer!.Iterations));
        string again = Convert(ours, "again.keras");
        Assert.That(Weights(KerasFile.Load(again)), Is.EqualTo(weights));
        string architecture = Convert(source, "architecture.txt", "--to", "architecture");
        foreach (string name in (string[])["w.weights.h5", "w.weights.json", "w.safetensors", "w.pt"])
        {
            string alone = Convert(again, name);
            string whole = Convert(alone, $"{name}.json", "--model", architecture);
            Assert.That(Weights(Model.Load(whole)), Is.EqualTo(weights), name);
        }
    }

    [Test]
    public void Models_of_TensorFlow_js_go_both_ways()
    {
        string ours = Convert(Fixture("tfjs/row.json"), "row.json");
        string again = Convert(ours, "model.json", "--to", "tfjs");
        Assert.That(Weights(TensorFlowJsFile.Load(again)), Is.EqualTo(Weights(TensorFlowJsFile.Load(Fixture("tfjs/row.json")))));
        (int code, string output, string error) = CommandTests.Run("inspect", again);
        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.Match("Kind +layers model of TensorFlow.js").And.Match("lstm_LSTM1 +LSTM"));
        Assert.That(() => Model.Load(again), Throws.TypeOf<Serialization.ModelFormatException>()
            .With.Message.EqualTo("this is a model of TensorFlow.js. Read it with TensorFlowJsFile.Load."));
    }

    [Test]
    public void ONNX_goes_both_ways()
    {
        string onnx = Convert(Fixture("keras/saved/simplernn.keras"), "model.onnx");
        (int code, string output, string error) = CommandTests.Run("inspect", onnx);
        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.Match("Kind +ONNX").And.Match("Operators +").And.Contain("SimpleRNN"));
        string again = Convert(onnx, "again.json");
        Assert.That(Weights(Model.Load(again)).Order(), Is.EqualTo(Weights(KerasFile.Load(Fixture("keras/saved/simplernn.keras")))
            .Order()).Within(1e-6));
    }

    [Test]
    public void Whole_models_in_HDF5_are_read()
    {
        string source = Fixture("keras/saved/gru_classifier.h5");
        Assert.That(Weights(Model.Load(Convert(source, "x.json"))), Is.EqualTo(Weights(KerasFile.Load(source))));
    }

    [Test]
    public void Weights_of_PyTorch_go_where_they_are_told()
    {
        string source = Fixture("pytorch/saved/lstm_two_layers.pt");
        var model = new Sequential([new Input((5, 3)), new LSTM(4, returnSequences: true), new LSTM(4), new Dense(2)]);
        string architecture = Path.Combine(folder, "a.json");
        File.WriteAllText(architecture, model.ToJson());
        model.LoadPyTorch(source);
        (int code, string output, string error) = CommandTests.Run("convert", source, Path.Combine(folder, "x.json"), "--model",
            architecture, "--map", "lstm=rnn", "lstm_1=rnn[1]");
        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.Contain("lstm_1 = rnn[1] (LSTM)").And.Contain("dense = fc (Linear)"));
        Assert.That(Weights(Model.Load(Path.Combine(folder, "x.json"))), Is.EqualTo(Weights(model)));

        string torch = Convert(Path.Combine(folder, "x.json"), "y.safetensors", "--map", "lstm=rnn", "lstm_1=rnn[1]", "dense=fc");
        using TensorFile written = TensorFile.Open(torch);
        Assert.That(written.Tensors[4].Name, Is.EqualTo("rnn.weight_ih_l1"));
        using TensorFile named = TensorFile.Open(Convert(Path.Combine(folder, "x.json"), "z.safetensors", "--names", "pytorch"));
        Assert.That(named.Tensors[4].Name, Is.EqualTo("lstm_1.weight_ih_l0"));
    }

    [Test]
    public void Tensors_go_from_file_to_file_without_a_model()
    {
        string target = Convert(Fixture("pytorch/saved/lstm_two_layers.pt"), "x.safetensors");
        using TensorFile a = TensorFile.Open(Fixture("pytorch/saved/lstm_two_layers.safetensors"));
        using TensorFile b = TensorFile.Open(target);
        Assert.That(b.Tensors.Select(tensor => tensor.Name), Is.EqualTo(a.Tensors.Select(tensor => tensor.Name)));
        Assert.That(b.Tensors.SelectMany(tensor => b.Read(tensor.Name).Values),
            Is.EqualTo(a.Tensors.SelectMany(tensor => a.Read(tensor.Name).Values)));
    }

    [Test]
    public void What_cannot_be_done_says_why()
    {
        string weights = Fixture("keras/saved/simplernn.weights.h5");
        Assert.That(CommandTests.Run("convert", weights, Path.Combine(folder, "x.json")),
            Is.EqualTo((2, string.Empty, $"'{weights}' holds weights of Keras, without a model (HDF5). Say which model they are "
                + "of: --model FILE, a model or its architecture (model.to_json() in Keras, model.ToJson() here).\n"
                + "Try: recurrent convert --help\n")));
        (int code, _, string error) = CommandTests.Run("convert", weights, Path.Combine(folder, "x.what"));
        Assert.That((code, error), Is.EqualTo((2, error)));
        Assert.That(error, Does.Contain("its name does not say").And.Contain(".safetensors"));
        Assert.That(CommandTests.Run("convert", CommandTests.Data("air_passengers"), Path.Combine(folder, "x.json")).Error,
            Does.Contain("looks like a table of series").And.Contain("recurrent inspect").And.Not.Contain("CsvTable"));
        Assert.That(CommandTests.Run("convert", Path.Combine(folder, "none.keras"), Path.Combine(folder, "x.json")).Code,
            Is.EqualTo(1));
        (code, _, error) = CommandTests.Run("inspect", Fixture("pytorch/saved/script.pt"));
        Assert.That((code, error), Is.EqualTo((1, error)));
        Assert.That(error, Does.Contain("TorchScript"));
        Assert.That(Directory.GetFiles(folder), Is.Empty);
    }

    [Test]
    public void What_is_no_model_but_another_file_of_this_library_is_called_by_its_name()
    {
        string path = Path.Combine(folder, "tokens.json");
        CharacterTokenizer.Learn(["abc"]).Save(path);
        Assert.That(CommandTests.Run("inspect", path).Error, Does.Contain($"'{path}' is a tokenizer, and neither a model nor "
            + "weights alone. In a program: read it with TextTokenizer.Load."));
    }

    [Test]
    public void Inspect_says_what_a_model_is_made_of()
    {
        (int code, string output, string error) = CommandTests.Run("inspect", Fixture("keras/saved/bilstm_embedding.keras"));
        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.Match("Kind +model of Keras 3").And.Match("bidirectional +Bidirectional +\\(batch, ")
            .And.Match("Optimizer +\\w+").And.Match("Read by +KerasFile.Load").And.Match("Needs \\(MB\\)"));
        JsonElement json = CommandTests.Json("inspect", Fixture("keras/saved/bilstm_embedding.h5"), "--json");
        Assert.That(json.GetProperty("layers").EnumerateArray().Sum(layer => layer.GetProperty("parameters").GetInt64()),
            Is.EqualTo(json.GetProperty("parameters").GetInt64()).And.GreaterThan(0));
        Assert.That(json.GetProperty("layers")[0].GetProperty("weights")[0].GetString(),
            Does.StartWith("embedding/embeddings ("));
    }

    [TestCase("pytorch/saved/checkpoint.pt", "rnn.weight_ih_l0 +float32 +\\(16, 3\\) +48", "epoch +3")]
    [TestCase("pytorch/saved/views.legacy.pth", "fc.weight +float32 +\\(2, 4\\) +8", "PyTorch file of before 1.6")]
    [TestCase("pytorch/saved/widths.safetensors", "bfloat16 +bfloat16 +\\(2, 3\\) +6", "about +numbers of every width")]
    [TestCase("keras/saved/simplernn.weights.h5", "weights of Keras, without a model", "--model ARCHITECTURE")]
    [TestCase("keras/saved/simplernn.model.json", "architecture without weights", "weights: recurrent convert")]
    public void Inspect_says_what_is_in_a_file(string file, string first, string second)
    {
        (int code, string output, string error) = CommandTests.Run("inspect", Fixture(file));
        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.Match(first).And.Match(second));
        Assert.That(CommandTests.Json("inspect", Fixture(file), "--json").GetProperty("kind").GetString(), Is.Not.Empty);
    }

    private static string Fixture(string path) => Path.Combine(AppContext.BaseDirectory, "fixtures", path);

    private static float[] Weights(Model model) => [.. model.GetWeights().SelectMany(weight => weight.Values)];

    private string Convert(string from, string to, params string[] more)
    {
        string target = Path.Combine(folder, to);
        (int code, _, string error) = CommandTests.Run(["convert", from, target, .. more]);
        Assert.That(code, Is.Zero, error);
        return target;
    }
}
