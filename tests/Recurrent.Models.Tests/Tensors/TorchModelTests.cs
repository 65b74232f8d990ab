using System.Globalization;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;
using Recurrent.Tensors;

namespace Recurrent.Tests.Tensors;

/// <summary>Models of PyTorch: what its own files give here, and what it makes of what is written here.</summary>
[TestFixture]
public sealed class TorchModelTests
{
    private string folder = string.Empty;

    private static IEnumerable<string> Files => Directory.GetFiles(TorchFixture.PathOf(string.Empty))
        .Select(path => Path.GetFileName(path))
        .Where(IsModel)
        .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Names => Files.Select(Name).Distinct(StringComparer.Ordinal)
        .Where(name => name is not ("parallel" or "checkpoint" or "views"));

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("recurrent-torch").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void All_files_are_read() => Assert.That(Files.Count(), Is.EqualTo(24));

    [TestCaseSource(nameof(Files))]
    public void Outputs_are_those_of_PyTorch(string file)
    {
        Model model = TorchFixture.Create(Name(file));
        IReadOnlyList<TorchMatch> matches = model.LoadPyTorch(TorchFixture.PathOf(file));
        FixtureNode expected = TorchFixture.Expected(Name(file));
        NDArray y = model.Predict(expected.Array("input"));
        Assert.That(y.Shape, Is.EqualTo(expected.Array("output").Shape));
        Assert.That(y.Values, Is.EqualTo(expected.Array("output").Values).Within(1e-6), string.Join("\n", matches));
    }

    [TestCaseSource(nameof(Names))]
    public void Weights_come_back_to_the_bit(string name)
    {
        Model model = TorchFixture.Create(name);
        foreach (string end in (string[])["safetensors", "pt"])
        {
            string path = Path.Combine(folder, $"{name}.{end}");
            IReadOnlyList<TorchMatch> written = model.SavePyTorch(path);
            Model again = TorchFixture.Create(name);
            again.SetWeights([.. again.GetWeights().Select(weight => new NDArray([.. weight.Shape]))]);
            Assert.That(again.LoadPyTorch(path), Is.EqualTo(written));
            foreach ((NDArray a, NDArray b) in again.GetWeights().PairedWith(model.GetWeights()))
            {
                Assert.That(a.Values, Is.EqualTo(b.Values));
            }
        }
    }

    [Test]
    public void Layers_go_where_a_map_says()
    {
        Sequential model = TorchFixture.Row(new LSTM(4, returnSequences: true, name: "a"), new LSTM(4, name: "b"),
            new Dense(2, name: "c"));
        var map = new Dictionary<string, string> { ["a"] = "rnn", ["b"] = "rnn[1]", ["c"] = "fc" };
        IReadOnlyList<TorchMatch> matches = model.LoadPyTorch(TorchFixture.PathOf("lstm_two_layers.pt"), map);
        Assert.That(matches.Select(match => match.ToString()),
            Is.EqualTo((string[])["a = rnn[0] (LSTM)", "b = rnn[1] (LSTM)", "c = fc (Linear)"]));
        string path = Path.Combine(folder, "again.safetensors");
        model.SavePyTorch(path, map);
        using TensorFile again = TensorFile.Open(path);
        using TensorFile original = TensorFile.Open(TorchFixture.PathOf("lstm_two_layers.pt"));
        Assert.That(again.Tensors.Select(tensor => tensor.Name), Is.EqualTo(original.Tensors.Select(tensor => tensor.Name)));
        Assert.That(
            TorchFixture.Create("cells").LoadPyTorch(TorchFixture.PathOf("cells.pt")).Select(match => match.Module),
            Is.EqualTo((string[])["first[cell]", "second[cell]"]));
        Assert.That(again.Read("rnn.weight_hh_l1").Values, Is.EqualTo(original.Read("rnn.weight_hh_l1").Values));

        string file = TorchFixture.PathOf("lstm_two_layers.pt");
        ModelFormatException wrong = Assert.Throws<ModelFormatException>(
            () => model.LoadPyTorch(file, new Dictionary<string, string> { ["c"] = "rnn" }))!;
        Assert.That(wrong.Message, Does.Contain("layer 'c' is a Linear of rnn.weight (2, 4), rnn.bias (2), but the file has "
            + "rnn.weight_ih_l0 (16, 3)"));
        Assert.That(
            () => model.LoadPyTorch(file, new Dictionary<string, string> { ["lstm"] = "rnn" }),
            Throws.ArgumentException.With.Message.Contains("no layer with weights is called so").And.Message.Contains("a, b, c"));
        Assert.That(
            () => model.SavePyTorch(path, new Dictionary<string, string> { ["a"] = "rnn", ["b"] = "rnn" }),
            Throws.ArgumentException.With.Message.Contains("'rnn.weight_ih_l0'"));
    }

    [Test]
    public void An_archive_behind_a_password_is_told_as_one()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.pt");
        File.WriteAllBytes(path, LockedZip.Of(File.ReadAllBytes(TorchFixture.PathOf("lstm_two_layers.pt"))));
        try
        {
            Assert.That(() => TorchFixture.Row(new LSTM(4), new Dense(2)).LoadPyTorch(path), Throws.TypeOf<ModelFormatException>()
                .With.Message.Contains("This is a zip archive that is protected by a password. Unpack it first."));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void What_does_not_fit_is_named_and_changes_nothing()
    {
        string path = TorchFixture.PathOf("lstm_two_layers.pt");
        Sequential model = TorchFixture.Row(new LSTM(4), new Dense(2));
        Assert.That(() => model.LoadPyTorch(path), Throws.TypeOf<ModelFormatException>().With.Message.Contains(
            "the model has no layer for rnn.weight_ih_l1, rnn.weight_hh_l1, rnn.bias_ih_l1, rnn.bias_hh_l1. Where they are not "
            + "wanted: allowUnused: true."));
        Assert.That(model.LoadPyTorch(path, allowUnused: true), Has.Count.EqualTo(2));
        Sequential wider = TorchFixture.Row(new LSTM(5), new Dense(2));
        NDArray before = wider.GetWeights()[0];
        Assert.That(() => wider.LoadPyTorch(path), Throws.TypeOf<ModelFormatException>().With.Message.Contains(
            "the file has no module for layer 'lstm', a LSTM of weight_ih_l0 (20, 3), weight_hh_l0 (20, 5), bias_ih_l0 (20)")
            .And.Message.Contains("Not taken: rnn.weight_ih_l0 (16, 3)"));
        Assert.That(wider.GetWeights()[0].Values, Is.EqualTo(before.Values));
    }

    private static IEnumerable<TestCaseData> WithoutEqual()
    {
        yield return Case(new GRU(4, resetAfter: false, name: "own"), "resetAfter: true");
        yield return Case(new LSTM(4, activation: "relu", name: "own"), "the activations of PyTorch's LSTM and GRU are tanh and");
        yield return Case(new SimpleRNN(4, activation: "elu", name: "own"), "PyTorch's RNN has the activation tanh or relu");
        yield return Case(new PeepholeLSTM(4, name: "own"), "a PeepholeLSTMCell is no module of torch.nn");
        yield return Case(new BatchNormalization(scale: false, name: "own"), "this learns beta alone. Set both scale and center");
        yield return Case(new LayerNormalization(rmsScaling: true, name: "own"), "rmsScaling, which divides by the standard");
        yield return Case(new CRF(["A", "B"], name: "own"), "a CRF is no module of torch.nn. Its tensors go to and from");
        yield return Case(new Bidirectional(new LSTM(4), backwardLayer: new GRU(4, goBackwards: true), name: "own"),
            "both directions of a module of PyTorch are of one cell");

        static TestCaseData Case(Layer layer, string reason) => new TestCaseData(layer, reason)
            .SetArgDisplayNames($"{layer.ClassName}: {reason}");
    }

    [TestCaseSource(nameof(WithoutEqual))]
    public void What_PyTorch_has_not_is_refused_by_name(Layer layer, string reason)
    {
        ArgumentNullException.ThrowIfNull(layer);
        Refused(TorchFixture.Row(layer), $"{layer.ClassName} 'own' has no equal in PyTorch: ", reason);
    }

    [Test]
    public void Attention_that_PyTorch_has_not_is_refused_by_name()
    {
        var steps = new Input((5, 4));
        Refused(new Model([steps], [.. new MultiHeadAttention(2, 2, useGate: true, name: "own").Call([steps, steps])]),
            "MultiHeadAttention 'own' has no equal in PyTorch: ", "a gate over what attention gives is none of PyTorch's");
        var table = new Input((3, 5, 4));
        Refused(new Model([table], [.. new MultiHeadAttention(2, 2, attentionAxes: [2], name: "own").Call([table, table])]),
            "MultiHeadAttention 'own' has no equal in PyTorch: ",
            "attention over inputs of more axes than steps and features is none of PyTorch's");
    }

    private void Refused(Model model, string start, string reason)
    {
        string path = Path.Combine(folder, "x.pt");
        Assert.That(() => model.SavePyTorch(path),
            Throws.TypeOf<TorchObstacleException>().With.Message.StartsWith(start).And.Message.Contains(reason));
        Assert.That(File.Exists(path), Is.False);
    }

    [Test]
    public void Another_epsilon_is_told()
    {
        string path = Path.Combine(folder, "x.pt");
        IReadOnlyList<TorchMatch> matches = TorchFixture.Row(new BatchNormalization(), new LayerNormalization(epsilon: 1e-5))
            .SavePyTorch(path);
        Assert.That(matches[0].Note, Is.EqualTo("epsilon is 0.001 here, and 1E-05 in PyTorch unless it is given as eps"));
        Assert.That(matches[1].Note, Is.Null);
        using TensorFile file = TensorFile.Open(path);
        Assert.That(file.Tensors.Single(tensor => tensor.Name.EndsWith("num_batches_tracked", StringComparison.Ordinal)).DataType,
            Is.EqualTo("int64"));
    }

    [Test]
    public void PyTorch_gives_the_same_with_what_is_written_here()
    {
        var outputs = new Dictionary<string, float[]>();
        var random = new System.Random(7);
        foreach (string name in Names)
        {
            Model model = TorchFixture.Create(name);
            IReadOnlyList<TorchMatch> matches = model.LoadPyTorch(TorchFixture.PathOf($"{name}.pt"));
            model.SetWeights([.. model.GetWeights().Select(weight => new NDArray(weight.Shape,
                [.. weight.Values.Select(value => value + (float)random.NextDouble() * 0.1f)]))]);
            outputs.Add(name, model.Predict(TorchFixture.Expected(name).Array("input")).Values);
            _ = model.SavePyTorch(
                Path.Combine(folder, $"{name}.pt"), matches.ToDictionary(match => match.Layer, match => match.Module));
        }

        // The script that made the files makes PyTorch's modules anew, gives them the weights written here, and says what they
        // compute.
        string script = File.ReadAllText(TorchFixture.PathOf("make_saved.py"));
        string printed = Python.Run("torch", "python3-torch", script, folder);
        var theirs = printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .ToDictionary(words => words[0], words => words[1..].Select(word => float.Parse(word, CultureInfo.InvariantCulture)));
        Assert.That(theirs.Keys, Is.EquivalentTo(outputs.Keys));
        foreach ((string name, float[] ours) in outputs)
        {
            Assert.That(theirs[name], Is.EqualTo(ours).Within(1e-6), name);
        }
    }

    private static bool IsModel(string file) => Path.GetExtension(file) is ".pt" or ".pth" or ".safetensors"
        && Name(file) is not ("widths" or "whole_module" or "sparse" or "script");

    private static string Name(string file) => file[..file.IndexOf('.', StringComparison.Ordinal)];
}
