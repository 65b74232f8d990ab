using Recurrent.Models;

namespace Recurrent.Tests.Serialization;

/// <summary>Layers with options that few use, in models that Keras has written: what they predict, their gradients, and files of
/// one's own.</summary>
public sealed class KerasLayerTests
{
    private static readonly KerasFixture Fixture = KerasFixture.Load("keras3/layers.json");

    public static IEnumerable<FixtureCase> Cases => Fixture.Cases;

    [Test]
    public void Every_case_of_the_file_is_run() => Assert.That(Cases.Count(), Is.EqualTo(45));

    [TestCaseSource(nameof(Cases))]
    public void A_model_gives_what_it_gives_in_Keras(FixtureCase test)
    {
        Model model = Of(test);
        Assert.That(model.Predict(test.Array("x")).Shape, Is.EqualTo(test.Array("prediction").Shape));
        Assert.That(model.Predict(test.Array("x")).Values, Is.EqualTo(test.Array("prediction").Values).Within(1e-5));
    }

    [TestCaseSource(nameof(Cases))]
    public void Its_gradients_are_Keras_s(FixtureCase test)
    {
        Model model = Of(test);
        NDArray[] gradients = [.. model.ComputeGradients(test.Array("x"), test.Array("y"))];
        IReadOnlyList<NDArray> expected = test.Arrays("gradients");
        Assert.That(gradients, Has.Length.EqualTo(expected.Count));
        for (int i = 0; i < gradients.Length; i++)
        {
            Assert.That(gradients[i].Values, Is.EqualTo(expected[i].Values).Within(1e-5), $"parameter {i}");
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Its_file_holds_all_of_it(FixtureCase test)
    {
        Model model = Of(test);
        using var file = new MemoryStream();
        model.Save(file);
        file.Position = 0;
        Model again = Model.Load(file);
        Assert.That(again.Predict(test.Array("x")).Values, Is.EqualTo(model.Predict(test.Array("x")).Values));
        Assert.That(again.ToJson(), Is.EqualTo(model.ToJson()));
    }

    private static Model Of(FixtureCase test)
    {
        Model model = Model.FromJson(test.Text("model_json"));
        model.SetWeights([.. test.Arrays("weights")]);
        return model;
    }
}
