using Recurrent.Initializers;
using Recurrent.Random;

namespace Recurrent.Tests.Initializers;

/// <summary>Every initializer against what Keras says of its own: exact values, or limits and moments of what is drawn.</summary>
public sealed class InitializerFixtureTests
{
    private static IEnumerable<FixtureCase> Cases =>
        KerasFixture.Load("initializers.json").Cases.Where(c => c.Has("initializer"));

    private static IEnumerable<FixtureCase> ExactCases => Cases.Where(c => c.Has("exact"));

    private static IEnumerable<FixtureCase> RandomCases => Cases.Where(c => c.Has("observed"));

    private static IEnumerable<FixtureCase> OrthogonalCases => Cases.Where(c => c.Has("gram_max_error"));

    private static IEnumerable<FixtureCase> LayerWeights =>
        KerasFixture.Load("initializers.json").Cases.Where(c => c.Has("layer"));

    [TestCaseSource(nameof(ExactCases))]
    public void Values_are_those_of_Keras(FixtureCase reference)
    {
        // Keras leaves the gain out of the config of this one.
        Initializer initializer = reference.Name == "identity"
            ? new Identity(0.5)
            : InitializerNames.Registry.Create(reference.Component("initializer"));

        Real[] values = Fill(initializer, reference.Ints("shape"));

        Assert.That(values, Is.EqualTo(reference.Array("exact").Values));
    }

    [TestCaseSource(nameof(RandomCases))]
    public void Draws_have_the_distribution_of_Keras(FixtureCase reference)
    {
        Initializer initializer = InitializerNames.Registry.Create(reference.Component("initializer"));
        FixtureNode observed = reference.Node("observed");
        int[] shape = reference.Ints("shape");
        int fills = observed.Int("count") / shape.Aggregate((a, b) => a * b);
        double[] draws = [.. Enumerable.Range(0, fills).SelectMany(i => Fill(initializer, shape, (ulong)i))
            .Select(v => (double)v)];

        double mean = draws.Average();
        double deviation = Math.Sqrt(draws.Average(v => (v - mean) * (v - mean)));

        FixtureNode expected = reference.Has("expected") ? reference.Node("expected") : reference;
        double expectedMean = expected.Has("mean") ? expected.Double("mean") : expected.Has("min")
            ? (expected.Double("min") + expected.Double("max")) / 2
            : 0;
        double expectedDeviation = expected.Has("stddev") ? expected.Double("stddev") : expected.Has("min")
            ? (expected.Double("max") - expected.Double("min")) / Math.Sqrt(12)
            : expected.Double("limit") / Math.Sqrt(3);
        double tolerance = 5 / Math.Sqrt(draws.Length);
        Assert.Multiple(() =>
        {
            Assert.That(mean, Is.EqualTo(expectedMean).Within(tolerance * expectedDeviation));
            Assert.That(deviation, Is.EqualTo(expectedDeviation).Within(tolerance * expectedDeviation));
            Assert.That(draws.Max(Math.Abs), Is.InRange(0, Bound(expected) * (1 + 1e-6)));
        });
    }

    [TestCaseSource(nameof(OrthogonalCases))]
    public void Rows_or_columns_are_orthogonal(FixtureCase reference)
    {
        int[] shape = reference.Ints("shape");
        Real[] values = Fill(InitializerNames.Registry.Create(reference.Component("initializer")), shape);

        OrthogonalTests.AssertOrthogonal(values, shape, gain: 1.5);
    }

    [TestCaseSource(nameof(LayerWeights))]
    public void Configs_of_layer_weights_are_read_and_written_as_Keras_has_them(FixtureCase reference)
    {
        foreach (FixtureNode weight in reference.Nodes("weights").Where(w => w.Has("initializer")))
        {
            Initializer initializer = InitializerNames.Registry.Create(weight.Component("initializer"));

            Assert.That(initializer.ClassName, Is.EqualTo(weight.Component("initializer").ClassName));
            Assert.That(initializer.GetConfig(), Is.EqualTo(weight.Component("initializer").Config));
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Configs_are_written_as_Keras_writes_them(FixtureCase reference)
    {
        Initializer initializer = InitializerNames.Registry.Create(reference.Component("initializer"));

        Assert.That(initializer.ClassName, Is.EqualTo(reference.Component("initializer").ClassName));
        Assert.That(initializer.GetConfig(), Is.EqualTo(reference.Component("initializer").Config));
    }

    private static double Bound(FixtureNode expected) => expected.Has("limit") ? expected.Double("limit")
        : expected.Has("truncated_normal_sigma") ? 2 * expected.Double("truncated_normal_sigma")
        : expected.Has("truncation") ? 2 * expected.Double("sigma")
        : expected.Has("min") ? Math.Max(Math.Abs(expected.Double("min")), expected.Double("max"))
        : double.PositiveInfinity;

    private static Real[] Fill(Initializer initializer, int[] shape, ulong seed = 0)
    {
        Real[] values = new Real[shape.Aggregate((a, b) => a * b)];
        initializer.Fill(shape, values, new SeededRandom(SeededRandom.Key(17, seed)));
        return values;
    }
}
