using System.Globalization;
using Newtonsoft.Json.Linq;
using Recurrent.Models;

namespace Recurrent.Tests.Serialization;

/// <summary>
/// Functional models that Keras wrote, with masks, models inside models and inside wrappers, and layers of several models:
/// they are read, predict what they do in Keras, and are written again key by key, as are files of them.
/// </summary>
public sealed class KerasGraphTests
{
    private static IEnumerable<FixtureCase> Cases => KerasFixture.Load("graphs.json").Cases;

    private static IEnumerable<FixtureCase> Archives => Cases.Where(fixture => fixture.Has("archive_json"));

    [Test]
    public void There_are_cases() => Assert.That(Cases.Count(), Is.GreaterThan(20));

    [TestCaseSource(nameof(Cases))]
    public void What_Keras_wrote_is_written_again(FixtureCase fixture)
    {
        Model model = Model.FromJson(fixture.Text("model_json"));

        JToken written = Documents.Parse(model.ToJson());
        JToken keras = Documents.Parse(fixture.Text("model_json"));

        // What a model is compiled for is written in other words than those that Keras was given.
        Assert.That(written["compile_config"]!.HasValues, Is.EqualTo(keras["compile_config"]!.HasValues));
        keras["compile_config"]!.Replace(new JObject());
        written["compile_config"]!.Replace(new JObject());
        Assert.That(Difference(written, keras, string.Empty), Is.Null);
    }

    [TestCaseSource(nameof(Cases))]
    public void It_predicts_what_Keras_predicts(FixtureCase fixture)
    {
        if (!fixture.Has("weights"))
        {
            Assert.Pass("The file has no numbers for this one.");
        }

        Model model = Load(fixture, "model_json");
        IReadOnlyList<NDArray> outputs = Predict(model, fixture);

        foreach ((NDArray output, NDArray expected) in outputs.PairedWith(fixture.Arrays("outputs")))
        {
            Assert.That(output.Shape, Is.EqualTo(expected.Shape));
            Assert.That(output.Values, Is.EqualTo(expected.Values).Within(1e-5f));
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void It_is_saved_and_loaded_to_the_bit(FixtureCase fixture)
    {
        Model model = fixture.Has("weights") ? Load(fixture, "model_json") : Model.FromJson(fixture.Text("model_json"));
        string text = Documents.Text(model);

        Model again = Documents.LoadModel(text);

        Assert.That(again.ToJson(), Is.EqualTo(model.ToJson()));
        Assert.That(Documents.Text(again), Is.EqualTo(text));
        Assert.That(Documents.Bits(again), Is.EqualTo(Documents.Bits(model)));
        if (fixture.Has("inputs"))
        {
            Assert.That(Predicted(again, fixture), Is.EqualTo(Predicted(model, fixture)));
        }
    }

    /// <summary>
    /// Keras's files number what is shared, but of a layer that stands in two models inside it says so at the second place
    /// only, and makes two
    /// layers of it.
    /// </summary>
    [TestCaseSource(nameof(Archives))]
    public void What_is_shared_in_a_file_of_Keras_is_shared(FixtureCase fixture)
    {
        Model model = Model.FromJson(fixture.Text("archive_json"));
        int expected = fixture.NamedArrays("weights").Count + (fixture.Name == "a_layer_of_two_models" ? 1 : 0);

        Assert.That(model.GetWeights(), Has.Count.EqualTo(expected));
    }

    private static Model Load(FixtureCase fixture, string key)
    {
        Model model = Model.FromJson(fixture.Text(key));
        NDArray[] weights = [.. fixture.NamedArrays("weights").Select(weight => weight.Value)];
        if (model.GetWeights().Count == weights.Length)
        {
            model.SetWeights(weights);
            return model;
        }

        // What to_json writes of a layer that several models share is two layers, which get the same weights here.
        var byName = fixture.NamedArrays("weights").ToDictionary(
            weight => weight.Name, weight => weight.Value, StringComparer.Ordinal);
        model.SetWeights([.. model.NamedParameters.Select(named =>
            byName.Where(pair => named.Path.EndsWith(pair.Key, StringComparison.Ordinal)).MaxBy(pair => pair.Key.Length).Value)]);
        return model;
    }

    private static float[] Predicted(Model model, FixtureCase fixture) =>
        [.. Predict(model, fixture).SelectMany(output => output.Values)];

    private static IReadOnlyList<NDArray> Predict(Model model, FixtureCase fixture)
    {
        NDArray[] inputs = [.. fixture.Arrays("inputs")];
        return inputs.Length == 1 ? model.PredictAll(inputs[0]) : model.PredictAll(inputs);
    }

    private static string? First(IEnumerable<string?> found) => found.FirstOrDefault(each => each is not null);

    /// <summary>Where two documents differ first, in words; null where they are the same.</summary>
    private static string? Difference(JToken written, JToken keras, string path)
    {
        switch (keras)
        {
            case JObject expected when written is JObject actual:
                string[] keys = [.. expected.Properties().Select(property => property.Name)];
                string[] own = [.. actual.Properties().Select(property => property.Name)];
                return keys.SequenceEqual(own)
                    ? First(keys.Select(key => Difference(actual[key]!, expected[key]!, $"{path}.{key}")))
                    : $"{path}: the keys are {string.Join(", ", own)}; Keras has {string.Join(", ", keys)}";
            case JArray expected when written is JArray actual:
                return expected.Count == actual.Count
                    ? First(expected.Select((item, i) => Difference(actual[i], item, $"{path}[{i}]")))
                    : $"{path}: {actual.Count} items; Keras has {expected.Count}: {expected}";
            default:
                return JToken.DeepEquals(written, keras)
                    ? null
                    : string.Create(CultureInfo.InvariantCulture, $"{path}: {written}; Keras has {keras}");
        }
    }
}
