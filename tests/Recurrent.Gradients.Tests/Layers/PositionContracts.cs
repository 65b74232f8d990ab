using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class PositionalEncodingContract : LayerContract<PositionalEncodingContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("as it comes", () => new PositionalEncoding(), (4, 6), Weights: 0),
        new("of an odd width and another wavelength", () => new PositionalEncoding(maxWavelength: 50), (4, 3), Weights: 0),
    ];

    [Test]
    public void It_adds_sines_and_cosines_of_the_position()
    {
        var run = new LayerRun(new("", () => new PositionalEncoding(maxWavelength: 100), (3, 4), Weights: 0) { Batch = 1 });
        Real[] output = run.Forward().Values.Values;
        Real[] input = run.Input.Values.Values;
        for (int position = 0; position < 3; position++)
        {
            double[] expected = [Math.Sin(position), Math.Cos(position), Math.Sin(position / 10.0), Math.Cos(position / 10.0)];
            for (int row = 0; row < 4; row++)
            {
                Assert.That(output[(position * 4) + row] - input[(position * 4) + row], Is.EqualTo(expected[row]).Within(1e-12));
            }
        }
    }
}

[TestFixture]
public sealed class PositionalEmbeddingContract : LayerContract<PositionalEmbeddingContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("as long as the sequence", () => new PositionalEmbedding(4), (4, 3), Weights: 12),
        new("longer than the sequence", () => new PositionalEmbedding(6), (4, 3), Weights: 18),
    ];
}

[TestFixture]
public sealed class RotaryEmbeddingContract : LayerContract<RotaryEmbeddingContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("as it comes", () => new RotaryEmbedding(), (4, 6), Weights: 0),
        new("of another wavelength", () => new RotaryEmbedding(maxWavelength: 20), (5, 2), Weights: 0),
    ];

    [Test]
    public void Dot_products_depend_on_the_distance_alone()
    {
        var run = new LayerRun(new("", () => new RotaryEmbedding(), (6, 4), Weights: 0) { Batch = 1 });
        for (int step = 1; step < 6; step++)
        {
            run.Input.Step(0).Column(0).CopyTo(run.Input.Step(step).Column(0));
        }

        SequenceBatch output = run.Forward();
        double Product(int a, int b) =>
            output.Step(a).Column(0).ToArray().Zip(output.Step(b).Column(0).ToArray(), (x, y) => x * y).Sum();
        Assert.That(Product(4, 2), Is.EqualTo(Product(2, 0)).Within(1e-12));
        Assert.That(Product(5, 2), Is.EqualTo(Product(3, 0)).Within(1e-12));
        Assert.That(Product(3, 0), Is.Not.EqualTo(Product(2, 0)).Within(1e-6));
    }
}
