using System.Text.Json;
using Recurrent.Callbacks;
using Recurrent.Keras;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Tests.Keras;

/// <summary>Files that Keras has written predict what Keras predicts, and train on from where Keras has stopped.</summary>
public sealed class SavedModelTests
{
    public static IEnumerable<string> Files => Directory
        .GetFiles(Path.GetDirectoryName(KerasFixture.PathOf("saved/simplernn.keras"))!)
        .Select(path => Path.GetFileName(path))
        .Where(name => name.EndsWith(".keras", StringComparison.Ordinal) || name.EndsWith(".h5", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    // The file with the largest model says of the optimizer that it is left out.
    private static IEnumerable<string> WithOptimizer => Models.Where(name => name != "lstm3x50_regressor.keras");

    private static IEnumerable<string> Models => Files.Where(name => !name.EndsWith(".weights.h5", StringComparison.Ordinal));

    [Test]
    public void Fourteen_files_are_read() => Assert.That(Files.Count(), Is.EqualTo(14));

    [TestCaseSource(nameof(Files))]
    public void Predictions_are_those_of_Keras(string file)
    {
        FixtureNode expected = Expected(file);
        Model model = Load(file);
        Assert.That(
            model.Predict(expected.Array("input")).Values, Is.EqualTo(expected.Array("output").Values).Within(1e-5));
        foreach ((NDArray weight, NamedArray named) in model.GetWeights().PairedWith(expected.NamedArrays("weights")))
        {
            // Nine digits tell every float from every other.
            Assert.That(weight.Shape, Is.EqualTo(named.Value.Shape));
            Assert.That(weight.Values, Is.EqualTo(named.Value.Values), named.Name);
        }
    }

    [TestCaseSource(nameof(WithOptimizer))]
    public void The_state_of_the_optimizer_is_that_of_Keras(string file)
    {
        Optimizer optimizer = Load(file).Optimizer!;
        NamedArray[] variables = [.. Expected(file).NamedArrays("optimizer_variables")];
        Assert.That(optimizer.Iterations, Is.EqualTo((long)variables[0].Value.Values[0]));
        Assert.That(optimizer.LearningRate, Is.EqualTo(variables[1].Value.Values[0]).Within(1e-9));
        NamedArray[] slots = [.. variables.Skip(2).Where(variable => variable.Value.Shape.Count > 0)];
        Assert.That(optimizer.Slots, Has.Count.EqualTo(slots.Length));
        foreach ((Slot slot, NamedArray expected) in optimizer.Slots.PairedWith(slots))
        {
            Assert.That(slot.Values.Values, Is.EqualTo(expected.Value.Values), expected.Name);
        }
    }

    [TestCaseSource(nameof(Models))]
    public void A_model_trains_on_from_a_file_as_from_another(string file)
    {
        // What a .keras file and our own JSON keep is the same: the steps that follow have the same bits.
        FixtureNode expected = Expected(file);
        Model model = Load(file);
        using var copy = new MemoryStream();
        model.Save(copy);
        copy.Position = 0;
        Model again = Model.Load(copy);
        NDArray x = expected.Array("input");
        NDArray y = model.Predict(x);
        if (model.Compiled!.Outputs[0].Loss?.Name == "sparse_categorical_crossentropy")
        {
            y = new NDArray([y.Shape[0]], new float[y.Shape[0]]);
        }

        model.Fit(x, y, epochs: 2, verbose: Verbosity.Silent);
        again.Fit(x, y, epochs: 2, verbose: Verbosity.Silent);
        Assert.That(model.GetWeights().SelectMany(w => w.Values), Is.EqualTo(again.GetWeights().SelectMany(w => w.Values)));
    }

    [Test]
    public void Convolutional_LSTMs_whose_channels_come_first_are_those_of_Keras()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(KerasFixture.PathOf("keras3/conv_lstm.json")));
        var expected = new FixtureNode(document.RootElement);
        Model whole = KerasFile.Load(KerasFixture.PathOf("keras3/conv_lstm.keras"));
        Model weights = Model.FromJson(expected.Text("model_json"));
        KerasFile.LoadWeights(weights, KerasFixture.PathOf("keras3/conv_lstm.weights.h5"));
        foreach (Model model in (Model[])[whole, weights])
        {
            Assert.That(model.Predict(expected.Array("x")).Values, Is.EqualTo(expected.Array("prediction").Values).Within(1e-5));
        }
    }

    [Test]
    public void Gates_of_attention_are_read_from_where_Keras_keeps_them()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(KerasFixture.PathOf("keras3/gated_attention.json")));
        var expected = new FixtureNode(document.RootElement.Clone());
        Model model = KerasFile.Load(KerasFixture.PathOf("keras3/gated_attention.keras"));
        Assert.That(model.Predict(expected.Array("x")).Values, Is.EqualTo(expected.Array("y").Values).Within(1e-5));
        Assert.That(WeightGroup.Of(model).Where(group => group.Name == "gate").Select(group => group.Path), Is.EqualTo((string[])
            ["layers/multi_head_attention_1/_gate_dense", "layers/grouped_query_attention/_gate_dense"]));
    }

    private static Model Load(string file)
    {
        string path = KerasFixture.PathOf($"saved/{file}");
        if (!file.EndsWith(".weights.h5", StringComparison.Ordinal))
        {
            return KerasFile.Load(path);
        }

        Model model = Model.FromJson(File.ReadAllText(KerasFixture.PathOf($"saved/{Name(file)}.model.json")));
        KerasFile.LoadWeights(model, path);
        return model;
    }

    private static string Name(string file) => file[..file.IndexOf('.', StringComparison.Ordinal)];

    private static FixtureNode Expected(string file)
    {
        using JsonDocument document =
            JsonDocument.Parse(File.ReadAllBytes(KerasFixture.PathOf($"saved/{Name(file)}.expected.json")));
        return new(document.RootElement.Clone());
    }
}
