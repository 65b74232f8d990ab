using System.Text;
using Newtonsoft.Json.Linq;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;

namespace Recurrent.Tests.Serialization;

/// <summary>Weights alone, by the paths of their parameters.</summary>
[TestFixture]
public sealed class WeightFileTests
{
    [TestCase(false)]
    [TestCase(true)]
    public void Weights_come_back_to_the_bit(bool plainNumbers)
    {
        Sequential trained = Documents.TrainedModel(1);
        string path = Path.Combine(Directory.CreateTempSubdirectory("recurrent-weights").FullName, "w.json");
        trained.SaveWeights(path, plainNumbers);
        Sequential fresh = Documents.NewModel();
        NDArray before = fresh.Predict(Documents.Inputs);

        fresh.LoadWeights(path);

        Assert.That(Documents.Bits(fresh), Is.EqualTo(Documents.Bits(trained)));
        Assert.That(fresh.Predict(Documents.Inputs).Values,
            Is.EqualTo(trained.Predict(Documents.Inputs).Values).And.Not.EqualTo(before.Values));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Test]
    public void What_the_lines_of_Python_write_is_read()
    {
        // As json.dump does: spaces, floats as doubles, and paths with the name of the model in front.
        var model = new Sequential([new Dense(2, inputShape: 1)], name: "m");
        const string File = """
            {"format": "recurrent-weights", "format_version": 1, "weights": [
            {"name": "m/dense/bias", "shape": [2], "data": [0.10000000149011612, -0.0]},
            {"name": "m/dense/kernel", "shape": [1, 2], "data": [1e-45, 3.4028234663852886e+38]}]}
            """;
        model.LoadWeights(Stream(File));
        Assert.That(Documents.Bits(model), Is.EqualTo(new[] { float.Epsilon, float.MaxValue, 0.1f, -0f }));
        model.LoadWeights(Stream(File.Replace("m/", string.Empty, StringComparison.Ordinal)));
    }

    [Test]
    public void What_differs_is_named_and_nothing_changes()
    {
        Sequential model = Documents.NewModel();
        float[] before = Documents.Bits(model);
        JToken file = Documents.Parse(Text(Documents.TrainedModel(1)));

        Refuses(root => root["weights"]![0]!["name"] = "lstm_7/lstm_cell/kernel", "weights",
            "'lstm/lstm_cell/kernel' of shape (2, 12)", "'lstm_7/lstm_cell/kernel'", "inOrder: true");
        Refuses(root => root["weights"]![3]!.Remove(), "weights", "time_distributed/dense/kernel");
        Refuses(root => ((JArray)root["weights"]!).Add(Documents.Parse("""{"name": "more", "shape": [1], "data": [1]}""")),
            "weights[10].name", "the model has no parameter 'more'");
        Refuses(root => root["weights"]![0]!["shape"] = Documents.Parse("[12, 2]"), "weights[0].shape",
            "'lstm/lstm_cell/kernel' has the shape (12, 2), but", "(2, 12)");
        Refuses(root => root["weights"]![1]!["name"] = "lstm/lstm_cell/kernel", "weights[1].name", "appears twice");
        Refuses(root => root["format"] = "x", "format", "not 'recurrent-weights'");
        Refuses(root => root["format_version"] = 2, "format_version", "newer library");
        Refuses(root => root["weights"]![0]!["trained"] = true, "weights[0].trained", "no such key");
        Assert.That(Documents.Bits(model), Is.EqualTo(before));

        void Refuses(Action<JToken> change, string path, params string[] said)
        {
            JToken other = file.DeepClone();
            change(other);
            ModelFormatException refusal =
                Assert.Throws<ModelFormatException>(() => model.LoadWeights(Stream(other.ToString())))!;
            Assert.That(refusal.Path, Is.EqualTo(path), refusal.Message);
            foreach (string text in said)
            {
                Assert.That(refusal.Message, Does.Contain(text));
            }
        }
    }

    [Test]
    public void Names_may_differ_where_the_order_counts()
    {
        Sequential trained = Documents.TrainedModel(1);
        string renamed = Text(trained).Replace("\"lstm/", "\"lstm_4/", StringComparison.Ordinal)
            .Replace("\"dense/", "\"dense_9/", StringComparison.Ordinal);
        Sequential fresh = Documents.NewModel();

        Assert.Throws<ModelFormatException>(() => fresh.LoadWeights(Stream(renamed)));
        fresh.LoadWeights(Stream(renamed), inOrder: true);

        Assert.That(Documents.Bits(fresh), Is.EqualTo(Documents.Bits(trained)));
    }

    [Test]
    public void Only_a_built_model_has_weights()
    {
        var model = new Sequential([new Dense(1)]);
        Assert.That(() => model.SaveWeights(Stream(string.Empty)), Throws.InvalidOperationException);
        Assert.That(() => model.LoadWeights(Stream("{}")), Throws.InvalidOperationException);
        var nan = new Sequential([new Dense(1, inputShape: 1)]);
        nan.Layers[0].Parameters[0].Values[0] = float.NaN;
        Assert.That(() => Text(nan), Throws.InvalidOperationException);
    }

    private static string Text(Sequential model)
    {
        using var stream = new MemoryStream();
        model.SaveWeights(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));
}
