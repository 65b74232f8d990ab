using Recurrent.Models;

namespace Recurrent.Tests.Serialization;

/// <summary>A model that Keras has written: what it predicts there, its gradients, and files of one's own.</summary>
internal static class KerasModelCase
{
    internal static Model Of(FixtureCase test)
    {
        Model model = Model.FromJson(test.Text("model_json"));
        model.SetWeights([.. test.Arrays("weights")]);
        return model;
    }

    internal static void HasThePrediction(FixtureCase test, ModelData x)
    {
        NDArray prediction = Of(test).Predict(x);
        Assert.That(prediction.Shape, Is.EqualTo(test.Array("prediction").Shape));
        Assert.That(prediction.Values, Is.EqualTo(test.Array("prediction").Values).Within(1e-5));
    }

    internal static void HasTheGradients(FixtureCase test, ModelData x)
    {
        IReadOnlyList<NDArray> gradients = Of(test).ComputeGradients(x, test.Array("y"));
        IReadOnlyList<NDArray> expected = test.Arrays("gradients");
        Assert.That(gradients, Has.Count.EqualTo(expected.Count));
        for (int i = 0; i < gradients.Count; i++)
        {
            Assert.That(gradients[i].Values, Is.EqualTo(expected[i].Values).Within(1e-5), $"parameter {i}");
        }
    }

    internal static void IsWhollyInItsFile(FixtureCase test, ModelData x)
    {
        Model model = Of(test);
        using var file = new MemoryStream();
        model.Save(file);
        file.Position = 0;
        Model again = Model.Load(file);
        Assert.That(again.Predict(x).Values, Is.EqualTo(model.Predict(x).Values));
        Assert.That(again.ToJson(), Is.EqualTo(model.ToJson()));
    }
}
