using Recurrent.Initializers;
using Recurrent.Random;

namespace Recurrent.Tests.Initializers;

public sealed class OrthogonalTests
{
    [TestCase(1, 1)]
    [TestCase(1, 5)]
    [TestCase(5, 1)]
    [TestCase(64, 64)]
    [TestCase(16, 51)]
    [TestCase(48, 16)]
    [TestCase(3, 4, 5)]
    public void Rows_or_columns_are_orthogonal(params int[] shape) =>
        AssertOrthogonal(Fill(new Orthogonal(gain: 0.7), shape), shape, gain: 0.7);

    [Test]
    public void No_direction_is_preferred()
    {
        // A 1 × 1 orthogonal matrix is a sign: both come up.
        Real[] signs = [.. Enumerable.Range(0, 100).Select(seed => Fill(new Orthogonal(), [1, 1], (ulong)seed)[0])];

        Assert.That(signs.Count(v => v > 0), Is.InRange(30, 70));
    }

    [Test]
    public void A_vector_is_refused() => Assert.That(
        () => Fill(new Orthogonal(), [5]),
        Throws.ArgumentException.With.Message.StartsWith(
            "Orthogonal fills parameters of two axes or more, but the parameter has the shape (5)."));

    internal static void AssertOrthogonal(Real[] values, int[] shape, double gain)
    {
        int columns = shape[^1];
        int rows = values.Length / columns;
        bool wide = rows < columns;
        int count = Math.Min(rows, columns);
        int length = Math.Max(rows, columns);
        double At(int vector, int i) => wide ? values[(vector * columns) + i] : values[(i * columns) + vector];
        for (int a = 0; a < count; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                double product = Enumerable.Range(0, length).Sum(i => At(a, i) * At(b, i));
                Assert.That(product, Is.EqualTo(a == b ? gain * gain : 0).Within(1e-6));
            }
        }
    }

    private static Real[] Fill(Orthogonal initializer, int[] shape, ulong seed = 0)
    {
        Real[] values = new Real[shape.Aggregate((a, b) => a * b)];
        initializer.Fill(shape, values, new SeededRandom(SeededRandom.Key(3, seed)));
        return values;
    }
}
