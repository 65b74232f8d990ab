using System.Text.Json;
using Recurrent.Activations;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;

namespace Recurrent.Tests.Serialization;

/// <summary>Models of TensorFlow.js: those that it has written, and what it makes of those written here.</summary>
[TestFixture]
public sealed class TensorFlowJsTests
{
    private static readonly string[] Names =
        ["row", "row_uint8", "row_uint16", "row_float16", "graph", "graph_uint8", "graph_uint16", "graph_float16"];

    private string folder = string.Empty;

    private static IEnumerable<TestCaseData> Written
    {
        get
        {
            yield return Named("row", new Sequential(
            [
                new Input((6, 3)), new LSTM(4, returnSequences: true), new Bidirectional(new GRU(3, returnSequences: true,
                    resetAfter: false)), new TimeDistributed(new Dense(3, activation: "relu")), new BatchNormalization(),
                new LayerNormalization(), new LeakyReLU(0.1), new PReLU(sharedAxes: [1]), new Conv1D(4, 3, padding: "same"),
                new MaxPooling1D(2), new RNN(new StackedRNNCells(new LSTMCell(3), new SimpleRNNCell(2))), new Dense(2),
            ]), "2x6x3");
            yield return Named("hard", new Sequential([new Input((4, 2)),
                new LSTM(3, recurrentActivation: new HardSigmoid(0.2)), new Dense(1, activation: "sigmoid")]), "3x4x2");
            yield return Named("nested", new Sequential([new Input((4, 2)),
                new Sequential([new Dense(3, name: "d"), new SimpleRNN(2, returnSequences: true)], "inner"), new Flatten(),
                new Dense(1)]), "1x4x2");
            yield return Named("graph", Graph(), "2x5x2");

            static TestCaseData Named(string name, Model model, string shape) =>
                new TestCaseData(model, shape).SetArgDisplayNames(name);
        }
    }

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("recurrent-tfjs").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [TestCaseSource(nameof(Names))]
    public void Outputs_are_those_of_TensorFlow_js(string name)
    {
        Model model = TensorFlowJsFile.Load(PathOf($"{name}.json"));
        NDArray expected = new FixtureNode(Json(File.ReadAllText(PathOf("expected.json")))).Array(name);
        NDArray y = model.Predict(Saw(name.StartsWith("row", StringComparison.Ordinal) ? [2, 6, 2] : [2, 4, 3]));
        Assert.That(y.Shape, Is.EqualTo(expected.Shape));
        Assert.That(y.Values, Is.EqualTo(expected.Values).Within(1e-5));
    }

    [TestCaseSource(nameof(Written))]
    public void What_is_written_comes_back_and_TensorFlow_js_gives_the_same(Model model, string shape)
    {
        var random = new System.Random(3);
        model.SetWeights([.. model.GetWeights().Select(weight => new NDArray(weight.Shape,
            [.. weight.Values.Select(_ => (float)random.NextDouble() * 0.8f - (weight.Shape.Count > 1 ? 0.4f : -0.1f))]))]);
        string path = Path.Combine(folder, "model.json");
        TensorFlowJsFile.Save(model, path);
        Model again = TensorFlowJsFile.Load(path);
        Assert.That(again.GetWeights().SelectMany(weight => weight.Values),
            Is.EqualTo(model.GetWeights().SelectMany(weight => weight.Values)));
        NDArray x = Saw([.. shape.Split('x').Select(axis => int.Parse(axis, System.Globalization.CultureInfo.InvariantCulture))]);
        NDArray y = model.Predict(x);
        Assert.That(again.Predict(x).Values, Is.EqualTo(y.Values));
        JsonElement theirs = Json(Node("run", path, shape));
        Assert.That(theirs.GetProperty("data").EnumerateArray().Select(value => value.GetSingle()),
            Is.EqualTo(y.Values).Within(1e-5));
    }

    [Test]
    public void Large_weights_are_cut_into_shards()
    {
        var model = new Sequential([new Input(600), new Dense(2000)]);
        string path = Path.Combine(folder, "model.json");
        TensorFlowJsFile.Save(model, path);
        Assert.That(Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal),
            Is.EqualTo((string[])["group1-shard1of2.bin", "group1-shard2of2.bin", "model.json"]));
        Assert.That(new FileInfo(Path.Combine(folder, "group1-shard1of2.bin")).Length, Is.EqualTo(4 << 20));
        Assert.That(TensorFlowJsFile.Load(path).GetWeights()[0].Values, Is.EqualTo(model.GetWeights()[0].Values));
    }

    [Test]
    public void What_TensorFlow_js_has_not_is_named_and_nothing_is_written()
    {
        string path = Path.Combine(folder, "model.json");
        foreach ((Layer layer, string message) in ((Layer, string)[])
            [
                (new GRU(2), "Train it with resetAfter: false"), (new PeepholeLSTM(2), "has no layer PeepholeLSTM"),
                (new Dense(2, activation: "hard_sigmoid"), "is 0.2x + 0.5"), (new Conv1D(2, 2, groups: 2), "no option groups"),
                (new Conv1D(2, 2, padding: "causal"), "padding: causal"),
                (new Dense(2, activation: "sparsemax"), "no activation sparsemax"),
            ])
        {
            var model = new Sequential([new Input((4, 2)), layer]);
            Assert.That(() => TensorFlowJsFile.Save(model, path),
                Throws.TypeOf<NotSupportedException>().With.Message.Contains(message));
        }

        Assert.That(Directory.GetFiles(folder), Is.Empty);
    }

    [TestCase("\"format\":\"layers-model\"", "\"format\":\"graph-model\"", "operations and no layers")]
    [TestCase("row-shard1.bin", "../row-shard1.bin", "no name of a file beside the model")]
    [TestCase("\"shape\":[2,12]", "\"shape\":[4,6]", "has the shape (4, 6)")]
    [TestCase("\"shape\":[2,12]", "\"shape\":[2,13]", "reaches beyond")]
    [TestCase("\"name\":\"dense_Dense2/bias\"", "\"name\":\"what/bias\"", "no layer for 'what/bias'")]
    [TestCase("\"dtype\":\"float32\"}]}]}", "\"dtype\":\"complex64\"}]}]}", "'complex64' are not read here")]
    public void A_document_that_lies_is_refused(string from, string to, string message)
    {
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(PathOf("row.json"))!, "row-*"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        string text = File.ReadAllText(PathOf("row.json"));
        Assert.That(text, Does.Contain(from));
        string path = Path.Combine(folder, "model.json");
        int place = to.Contains("complex", StringComparison.Ordinal) ? text.LastIndexOf(from, StringComparison.Ordinal)
            : text.IndexOf(from, StringComparison.Ordinal);
        File.WriteAllText(path, text[..place] + to + text[(place + from.Length)..]);
        Assert.That(() => TensorFlowJsFile.Load(path), Throws.TypeOf<ModelFormatException>().With.Message.Contains(message));
    }

    private static Model Graph()
    {
        var x = new Input((5, 2), name: "x");
        var shared = new Dense(2, name: "shared");
        Symbol a = shared.Call(x);
        Symbol b = shared.Call(new Dense(2).Call(a));
        Symbols states = new LSTM(3, returnState: true).Call(a);
        Symbol z = new LSTM(3).Call([b, states[1], states[2]])[0];
        Symbol joined = new Sequential([new Input(3), new Dense(4, name: "inside")], "head").Call(z);
        return new Model(x, new Add().Call([joined, new Dense(4).Call(new GlobalMaxPooling1D().Call(b))]));
    }

    /// <summary>The numbers that the script makes, too.</summary>
    private static NDArray Saw(int[] shape)
    {
        var array = new NDArray(shape);
        for (int i = 0; i < array.Size; i++)
        {
            array.Values[i] = (float)(i * 8 % 21 / 10.0 - 1);
        }

        return array;
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "fixtures", "tfjs", file);

    private static JsonElement Json(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>Runs the script of the tests in Node; where there is none, or not TensorFlow.js, the test is skipped.</summary>
    private static string Node(params string[] arguments)
    {
        string root = Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));
        string? modules = ((string?[])[Environment.GetEnvironmentVariable("RECURRENT_TEST_NODE_MODULES"),
            Path.Combine(root, "artifacts", "node", "node_modules")])
            .FirstOrDefault(one => one is not null && Directory.Exists(Path.Combine(one, "@tensorflow", "tfjs")));
        if (modules is null)
        {
            Assert.Ignore("This needs Node with @tensorflow/tfjs: npm install --prefix artifacts/node @tensorflow/tfjs@4.22.0");
        }

        (int code, string output, string error) = Python.Start("node", [PathOf("models.js"), modules!, .. arguments]);
        if (code < 0)
        {
            Assert.Ignore("This needs Node (https://nodejs.org).");
        }

        Assert.That(code, Is.Zero, error);
        return output;
    }
}
