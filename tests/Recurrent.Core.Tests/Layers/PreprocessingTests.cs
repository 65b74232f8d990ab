using Recurrent.Layers;
using Recurrent.Registration;

namespace Recurrent.Tests.Layers;

/// <summary>Normalization, Discretization and CategoryEncoding give Keras's numbers.</summary>
[TestFixture]
public sealed class PreprocessingTests
{
    private static readonly float[,] Steps = { { 0, 7, 4 }, { 2, 9, 6 }, { 0, 7, 4 }, { 2, 9, 6 } };

    [Test]
    public void Normalization_adapts_as_Keras_does()
    {
        FixtureCase fixture = KerasFixture.Load("preprocessing.json")["normalization_layer_adapt"];
        NDArray data = fixture.Array("data");
        var layer = new Normalization();
        layer.Adapt(data);
        AssertClose(layer.Call(data), fixture.Array("output"));
        var pieces = new Normalization();
        pieces.Adapt([data[..2], data[2..3], data[3..]]);
        layer.Build(3, seed: 0);
        pieces.Build(3, seed: 0);
        IReadOnlyList<NDArray> weights = layer.GetWeights();
        AssertClose(weights[0].Reshape(1, 3), fixture.Array("mean"));
        AssertClose(weights[1].Reshape(1, 3), fixture.Array("variance"));
        Assert.That(weights[2].ToScalar(), Is.EqualTo(18));
        AssertClose(pieces.GetWeights()[0], weights[0]);
        AssertClose(pieces.GetWeights()[1], weights[1]);
        AssertClose(layer.Call(data), fixture.Array("output"));
        layer.Adapt(data);
        AssertClose(layer.Call(data), fixture.Array("output"));
    }

    [Test]
    public void Normalization_of_axes_and_given_numbers()
    {
        var all = new Normalization(axes: null);
        all.Adapt(new[] { 1f, 2, 3, 4, 5 });
        AssertClose(all.Call(new[,] { { 1f }, { 2 }, { 3 } }), new[,] { { -1.4142135f }, { -0.70710677f }, { 0 } });
        var inverse = new Normalization(invert: true);
        inverse.Adapt(Steps);
        AssertClose(inverse.Call(new[,] { { 1f, 2, 3 } }), new[,] { { 2f, 10, 8 } });
        AssertClose(
            new Normalization(-1, new[] { 3f }, new[] { 2f }).Call(new[,] { { 1f }, { 2 }, { 3 } }),
            new[,] { { -1.4142135f }, { -0.70710677f }, { 0 } });
        var constant = new Normalization();
        constant.Adapt(new[,] { { 5f }, { 5 } });
        Assert.That(constant.Call(new[,] { { 5f } }).Values, Is.EqualTo((float[])[0]));
        var large = new Normalization();
        large.Adapt(new[,] { { 1e7f + 1 }, { 1e7f + 3 } });
        AssertClose(large.Call(new[,] { { 1e7f + 1 }, { 1e7f + 3 } }), new[,] { { -1f }, { 1 } });
    }

    [Test]
    public void Normalization_refuses_what_does_not_fit()
    {
        Refused(() => new Normalization(0, new[] { 1f }), "Normalization: axis must name each axis once, and not that of the "
            + "batch (0), but is "
            + "(0); mean and variance must be given together, or neither.");
        Refused(() => new Normalization(-1, new[] { 1f, 2 }, new[] { 1f }),
            "Normalization: mean and variance must have one shape, but have (2) and (1).");
        Refused(() => new Normalization(-1, new[] { 1f, 2 }, new[] { 1f, -1 }),
            "Normalization: variance must have finite numbers of at least 0.");
        Refused(() => new Normalization(-1, new[] { 1f, 2 }, new[] { 1f, 1 }).ComputeOutputShape((4, 3)),
            "Normalization expects input with (2) places along axis (-1), one for each mean, but gets (batch, 4, 3).\nGive "
            + "mean and "
            + "variance a number for each.");
        var adapted = new Normalization();
        adapted.Adapt(Steps);
        Refused(() => adapted.ComputeOutputShape((4, 2)),
            "Normalization expects input with (3) places along axis (-1), one for each mean, but gets (batch, 4, 2).\nCall "
            + "Adapt with data "
            + "of the shape that the model gets.");
        Refused(() => adapted.Adapt([Steps, new float[,] { { 1 } }]),
            "Normalization adapts to samples of shape (batch, 1), but those before had (3) places along its axis. Give it data "
            + "of one shape.");
        Refused(() => adapted.Adapt(new[] { 1f }),
            "Normalization adapts to samples, whose first axis counts them, but the data have shape (1). Use Reshape, for "
            + "instance "
            + "data.Reshape(-1, 1).");
        Refused(() => adapted.Adapt(Array.Empty<NDArray>()),
            "Normalization can find no mean without data. Give Adapt one sample at least. (Parameter 'batches')");
        Impossible(() => new Normalization(name: "norm").Call(Steps),
            "Normalization 'norm' has no mean and variance yet: call Adapt with data, or create it with them.");
        Impossible(() => new Normalization(-1, new[] { 1f }, new[] { 1f }).Adapt(Steps),
            "Normalization was created with a mean and a variance, so Adapt has nothing to find. Create it without.");
    }

    [Test]
    public void Discretization_puts_numbers_into_bins()
    {
        float[,] data = { { -1.5f, 1, 3.4f, 0.5f }, { 0, 3, 1.3f, 0 } };
        Assert.That(
            new Discretization([0, 1, 2]).Call(data).ToArray2D(),
            Is.EqualTo(new float[,] { { 0, 2, 3, 1 }, { 1, 3, 2, 1 } }));
        var adapted = new Discretization(numBins: 4, epsilon: 0.01);
        adapted.Adapt(data);
        Assert.That(adapted.Call(data).ToArray2D(), Is.EqualTo(new float[,] { { 0, 2, 3, 2 }, { 1, 3, 3, 1 } }));
        var two = new Discretization([0, 0.5, 1], outputMode: "one_hot");
        Assert.That(two.Call(new[] { 0.1f, 0.8f }).ToArray2D(), Is.EqualTo(new float[,] { { 0, 1, 0, 0 }, { 0, 0, 1, 0 } }));
        Assert.That(
            new Discretization([0, 0.5, 1],
                outputMode: "multi_hot").Call(new[, ,] { { { 0.15f, 0.75f }, { 0.85f, 0.45f } } }).ToArray3D(),
            Is.EqualTo(new float[,,] { { { 0, 1, 1, 0 }, { 0, 1, 1, 0 } } }));
        Assert.That(
            new Discretization([0, 0.5, 1], outputMode: "count").Call(new[,] { { 0.1f, 0.8f, 0.9f } }).ToArray2D(),
            Is.EqualTo(new float[,] { { 0, 1, 2, 0 } }));
    }

    /// <summary>
    /// Computed by the NumPy arithmetic that Keras documents: one summary, two that are merged, and one that keeps every value.
    /// </summary>
    [Test]
    public void Discretization_finds_the_boundaries_of_Keras()
    {
        NDArray data = new NDArray([500], [.. Enumerable.Range(0, 500).Select(i => (i * 37 % 500 / 100f) - 1)]);
        AssertBoundaries(new(numBins: 5), [data],
            [-0.010000839829444885, 0.9899991154670715, 1.9899994134902954, 2.989999771118164]);
        double[] seven =
            [-0.3100000321865082, 0.3899999260902405, 1.0899999141693115, 1.7899998426437378, 2.490000009536743,
                3.190000057220459];
        AssertBoundaries(new(numBins: 7, epsilon: 0.07), [data], seven);
        double[] four = [0.2834998369216919, 1.5221587419509888, 2.7542073726654053];
        AssertBoundaries(new(numBins: 4, epsilon: 0.03), [data[..123], data[123..]], four);
        AssertBoundaries(new(numBins: 5), [new[] { 0f, 1, 5 }], [0, 1]);
    }

    [Test]
    public void Discretization_keeps_what_it_has_found()
    {
        var layer = new Discretization(numBins: 5);
        layer.Adapt(Steps);
        var again = (Discretization)LayerNames.Registry.Create(ComponentConfig.Of(layer));
        Assert.That(again.BinBoundaries, Is.EqualTo(layer.BinBoundaries));
        again.Adapt(new[] { 1f, 2, 3, 4, 5, 6, 7, 8 });
        Assert.That(again.NumBins, Is.EqualTo(5));
        Refused(() => new Discretization(), "Discretization: give binBoundaries, or numBins for Adapt to find them.");
        Refused(() => new Discretization([1], 3, 0, "bins"),
            "Discretization: binBoundaries and numBins exclude each other: Adapt finds boundaries where they are not given; "
            + "epsilon must be "
            + "above 0 and at most 1, but is 0; outputMode must be 'int' or 'one_hot' or 'multi_hot' or 'count', but is 'bins'.");
        Refused(() => new Discretization([1, 0]),
            "Discretization: binBoundaries must be finite numbers in rising order, but 0 stands at 1.");
        Impossible(() => new Discretization([1]).Adapt(Steps),
            "Discretization was created with binBoundaries, so Adapt has nothing to find. Create it with numBins instead.");
        Impossible(() => new Discretization(numBins: 3, name: "bins").Call(Steps),
            "Discretization 'bins' has no bins yet: call Adapt with data, or create it with binBoundaries.");
        Refused(() => new Discretization(numBins: 3).Adapt(Array.Empty<NDArray>()),
            "Discretization can find no bins without data. Give Adapt one number at least. (Parameter 'batches')");
    }

    [Test]
    public void CategoryEncoding_encodes_as_Keras_does()
    {
        int[,] ids = { { 3, 2, 0, 1 }, { 1, 2, 3, 1 } };
        Assert.That(
            new CategoryEncoding(6).Call(ids).ToArray2D(),
            Is.EqualTo(new float[,] { { 1, 1, 1, 1, 0, 0 }, { 0, 1, 1, 1, 0, 0 } }));
        Assert.That(
            new CategoryEncoding(6, "count").Call(ids).ToArray2D(),
                Is.EqualTo(new float[,] { { 1, 1, 1, 1, 0, 0 }, { 0, 2, 1, 1, 0, 0 } }));
        Assert.That(
            new CategoryEncoding(4, "one_hot").Call(new[] { 3, 0 }).ToArray2D(),
                Is.EqualTo(new float[,] { { 0, 0, 0, 1 }, { 1, 0, 0, 0 } }));
        Assert.That(new CategoryEncoding(4, "one_hot").Call(ids).Shape, Is.EqualTo((int[])[2, 4, 4]));
        Assert.That(
            new CategoryEncoding(6, "count").Call(new[] { 1, 2, 3, 1 }).ToArray1D(),
            Is.EqualTo((float[])[0, 2, 1, 1, 0, 0]));
        Assert.That(
            new CategoryEncoding(6, "count").Call(
                new int[,] { { 0, 1 }, { 0, 0 }, { 1, 2 }, { 3, 1 } },
                new[,] { { 0.1f, 0.2f }, { 0.1f, 0.1f }, { 0.2f, 0.3f }, { 0.4f, 0.2f } }).ToArray2D(),
            Is.EqualTo(new[,]
            {
                { 0.1f, 0.2f, 0, 0, 0, 0 }, { 0.2f, 0, 0, 0, 0, 0 }, { 0, 0.2f, 0.3f, 0, 0, 0 }, { 0, 0.2f, 0, 0.4f, 0, 0 },
            }));
        Refused(() => new CategoryEncoding(0, "hot"),
            "CategoryEncoding: numTokens must be at least 1, but is 0; outputMode must be 'multi_hot' or 'one_hot' or 'count', "
            + "but is 'hot'.");
        Refused(() => new CategoryEncoding(4).Call(ids, (NDArray)ids),
            "CategoryEncoding has the outputMode 'multi_hot', which no weights go with. Set outputMode: \"count\", or call it "
            + "with ids alone.");
        Refused(() => new CategoryEncoding(3).Call(ids),
            "CategoryEncoding expects whole ids from 0 to 2 (numTokens: 3), but gets 3 in row 0 at step 0. Set numTokens above "
            + "the largest "
            + "id, or give tokens that are not known an id of their own. (Parameter 'input')");
        Refused(() => new CategoryEncoding(4, "count").Call(ids, new[,] { { 1f }, { 1 } }),
            "CategoryEncoding expects a weight for each id, of shape (batch, 4), but gets (batch, 1).\nGive ids and weights "
            + "the same shape.");
    }

    private static void AssertBoundaries(Discretization layer, NDArray[] batches, double[] expected)
    {
        layer.Adapt(batches);
        Assert.That(layer.BinBoundaries, Is.EqualTo(expected).Within(1e-5));
    }

    private static void AssertClose(NDArray actual, NDArray expected)
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape));
        Assert.That(actual.Values, Is.EqualTo(expected.Values).Within(1e-5f));
    }

    private static void Refused(Action act, string message) =>
        Assert.That(act, Throws.InstanceOf<ArgumentException>().With.Message.EqualTo(message));

    private static void Impossible(Action act, string message) =>
        Assert.That(act, Throws.InvalidOperationException.With.Message.EqualTo(message));
}
