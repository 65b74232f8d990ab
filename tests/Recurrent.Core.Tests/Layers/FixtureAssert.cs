using Recurrent.Parameters;

namespace Recurrent.Tests.Layers;

/// <summary>What tests against Keras's numbers share: weights from a case, and numbers that are near enough.</summary>
internal static class FixtureAssert
{
    /// <summary>Gives a layer, or several, the weights of a case, in their order.</summary>
    public static void LoadWeights(IEnumerable<Parameter> parameters, FixtureCase fixture)
    {
        foreach ((Parameter parameter, NamedArray weight) in parameters.PairedWith(fixture.NamedArrays("weights")))
        {
            Assert.That(parameter.Shape, Is.EqualTo(weight.Value.Shape), weight.Name);
            weight.Value.Values.CopyTo(parameter.Values);
            parameter.MarkChanged();
        }
    }

    /// <summary>Holds numbers to those of Keras, relative to their size where they are above 1.</summary>
    public static void AssertClose(NDArray actual, NDArray expected, string what, double tolerance = 1e-5)
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape), what);
        AssertClose(actual.Values, expected, what, tolerance);
    }

    /// <summary>The same for numbers without a shape.</summary>
    public static void AssertClose(ReadOnlySpan<Real> actual, NDArray expected, string what, double tolerance = 1e-5)
    {
        Assert.That(actual.Length, Is.EqualTo(expected.Size), what);
        for (int i = 0; i < expected.Size; i++)
        {
            double bound = tolerance * Math.Max(1, Math.Abs(expected.Values[i]));
            Assert.That(actual[i], Is.EqualTo(expected.Values[i]).Within(bound), $"{what}[{i}]");
        }
    }
}
