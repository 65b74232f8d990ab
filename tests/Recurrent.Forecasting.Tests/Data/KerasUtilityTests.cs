using Recurrent.Data;

namespace Recurrent.Tests.Data;

/// <summary>Windows, one-hot vectors and unit vectors are those of Keras.</summary>
[TestFixture]
public sealed class KerasUtilityTests
{
    private static IEnumerable<FixtureCase> Of(string function) =>
        KerasFixture.Load("preprocessing.json").Cases.Where(c => c.String("function") == function);

    private static IEnumerable<FixtureCase> Datasets => Of("timeseries_dataset_from_array");

    private static IEnumerable<FixtureCase> Generators => Of("TimeseriesGenerator");

    private static IEnumerable<FixtureCase> Categories => Of("to_categorical");

    private static IEnumerable<FixtureCase> UnitVectors => Of("normalize");

    [TestCaseSource(nameof(Datasets))]
    public void Windows_over_an_array_are_those_of_a_dataset(FixtureCase expected)
    {
        FixtureNode options = expected.Node("kwargs");
        Windows windows = Windows.FromArray(
            expected.Array("data"),
            expected.Has("targets") ? expected.Array("targets") : null,
            options.Int("sequence_length"),
            Option(options, "sequence_stride", 1),
            Option(options, "sampling_rate", 1),
            Option(options, "start_index", 0),
            options.Has("end_index") ? options.Int("end_index") : null);
        CheckBatches(windows.Batches(options.Int("batch_size")), expected);
    }

    [TestCaseSource(nameof(Generators))]
    public void Windows_before_targets_are_those_of_a_generator(FixtureCase expected)
    {
        FixtureNode options = expected.Node("kwargs");
        Windows windows = Windows.BeforeTargets(
            expected.Array("data"),
            expected.Array("targets"),
            options.Int("length"),
            Option(options, "sampling_rate", 1),
            Option(options, "stride", 1),
            Option(options, "start_index", 0),
            options.Has("end_index") ? options.Int("end_index") : null,
            options.Has("reverse") && options.Bool("reverse"));
        CheckBatches(windows.Batches(options.Int("batch_size")), expected);
    }

    [TestCaseSource(nameof(Categories))]
    public void One_hot_vectors(FixtureCase expected)
    {
        FixtureNode options = expected.Node("kwargs");
        NDArray made = ToCategorical.Create(
            expected.Array("x"), options.Has("num_classes") ? options.Int("num_classes") : null);
        Check(made, expected.Array("output"), 0);
    }

    [TestCaseSource(nameof(UnitVectors))]
    public void Unit_vectors(FixtureCase expected)
    {
        FixtureNode options = expected.Node("kwargs");
        NDArray made = Normalize.Create(expected.Array("x"), Option(options, "axis", -1), Option(options, "order", 2));
        Check(made, expected.Array("output"), 1e-6);
    }

    [Test]
    public void Wrong_classes_are_named()
    {
        Assert.Multiple(() =>
        {
            Assert.That(
                () => ToCategorical.Create(new[] { 0, 3 }, 3), Throws.ArgumentException.With.Message.Contains("3 at index (1)"));
            Assert.That(() => ToCategorical.Create(new[] { 0.5 }), Throws.ArgumentException);
            Assert.That(() => ToCategorical.Create(new[] { double.NaN }), Throws.ArgumentException);
            Assert.That(() => ToCategorical.Create(new NDArray(0)), Throws.ArgumentException);
            Assert.That(() => Normalize.Create(new NDArray(2, 3), 2), Throws.ArgumentException.With.Message.Contains("axis"));
        });
    }

    private static int Option(FixtureNode options, string name, int otherwise) =>
        options.Has(name) ? options.Int(name) : otherwise;

    private static void CheckBatches(IEnumerable<WindowBatch> batches, FixtureCase expected)
    {
        WindowBatch[] made = [.. batches];
        IReadOnlyList<FixtureNode> wanted = expected.Nodes("batches");
        Assert.That(made, Has.Length.EqualTo(wanted.Count));
        for (int i = 0; i < made.Length; i++)
        {
            Check(made[i].X, wanted[i].Array("inputs"), 0);
            Assert.That(made[i].Y is not null, Is.EqualTo(wanted[i].Has("targets")));
            if (made[i].Y is { } y)
            {
                Check(y, wanted[i].Array("targets"), 0);
            }
        }
    }

    private static void Check(NDArray made, NDArray expected, double tolerance)
    {
        Assert.That(made.Shape, Is.EqualTo(expected.Shape));
        Assert.That(made.Values, Is.EqualTo(expected.Values).Within((Real)tolerance));
    }
}
