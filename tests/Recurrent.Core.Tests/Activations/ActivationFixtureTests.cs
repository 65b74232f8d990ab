using System.Text.Json;
using Recurrent.Activations;

namespace Recurrent.Tests.Activations;

/// <summary>Every activation against the numbers of Keras: values, and the gradient for a given gradient of the output.</summary>
public sealed class ActivationFixtureTests
{
    private static IEnumerable<FixtureCase> Cases =>
        KerasFixture.Load("activations.json").Cases.Where(c => LayerOf(c).GetProperty("class_name").GetString() == "Activation");

    [TestCaseSource(nameof(Cases))]
    public void Value_and_gradient_are_those_of_Keras(FixtureCase reference)
    {
        ActivationFunction activation = LayerOf(reference).GetProperty("config").GetProperty("activation").GetString()!;
        NDArray x = reference.Array("input");
        NDArray cotangent = reference.Node("vjp").Array("cotangent");
        int rows = x.Shape[^1];
        Real[] y = new Real[x.Size];
        Real[] dx = new Real[x.Size];

        activation.Forward(x.Values, y, rows);
        activation.Backward(activation.NeedsInput ? x.Values : [], y, cotangent.Values, dx, rows);

        AssertClose(y, reference.Array("output").Values);
        AssertClose(dx, reference.Node("vjp").Array("input_gradient").Values);
    }

    [Test]
    public void The_file_has_the_cases_that_this_test_is_for() => Assert.That(Cases.Count(), Is.EqualTo(19));

    private static JsonElement LayerOf(FixtureCase reference) =>
        reference.Json.GetProperty("model_json").GetProperty("config").GetProperty("layers")[1];

    private static void AssertClose(Real[] actual, Real[] expected)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.That(actual[i], Is.EqualTo(expected[i]).Within(1e-5 * Math.Max(1, Math.Abs(expected[i]))), $"entry {i}");
        }
    }
}
