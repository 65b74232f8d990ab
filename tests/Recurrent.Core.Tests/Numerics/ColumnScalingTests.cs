using Recurrent.Numerics;

namespace Recurrent.Tests.Numerics;

/// <summary>What follows a normalisation, against plain loops.</summary>
[TestFixture]
public sealed class ColumnScalingTests
{
    private const int Columns = 5;

    private static int[] Heights => [1, 3, 4, 7, 8, 15, 16, 17, 33, 64];

    [TestCaseSource(nameof(Heights))]
    public void Forward_has_the_bits_of_its_twin(int rows)
    {
        System.Random random = new(rows);
        ColumnBlock x = Bits.RandomBlock(random, rows, Columns);
        Real[] gamma = Bits.RandomMatrix(random, rows, 1).Values;
        Real[] beta = Bits.RandomMatrix(random, rows, 1).Values;
        foreach ((Real[] factors, Real[] shifts) in ((Real[], Real[])[])[(gamma, beta), ([], beta), (gamma, []), ([], [])])
        {
            ColumnBlock expected = Bits.Copy(x);
            NaiveColumnScaling.Forward(x, factors, shifts, expected);
            foreach (int width in Bits.Widths)
            {
                DenseMatrix matrix = new(rows, Columns + 2);
                matrix.Values.AsSpan().Fill(Real.NaN);
                ColumnBlock actual = new(matrix, 1, Columns);
                ColumnScaling.Forward(x, factors, shifts, actual, width);
                Assert.That(actual.Values.ToArray(), Is.EqualTo(expected.Values.ToArray()));
                Bits.AssertUntouchedAround(matrix);
            }
        }
    }

    [TestCaseSource(nameof(Heights))]
    public void Backward_has_the_bits_of_its_twin(int rows)
    {
        System.Random random = new(rows);
        ColumnBlock x = Bits.RandomBlock(random, rows, Columns);
        ColumnBlock gradient = Bits.RandomBlock(random, rows, Columns);
        Real[] gamma = Bits.RandomMatrix(random, rows, 1).Values;
        Real[] sums = Bits.RandomMatrix(random, rows, 1).Values;
        ColumnBlock expected = Bits.Copy(gradient);
        Real[] expectedSums = [.. sums];
        NaiveColumnScaling.Backward(expected, x, gamma, expectedSums);
        foreach (int width in Bits.Widths)
        {
            ColumnBlock actual = Bits.Copy(gradient);
            Real[] actualSums = [.. sums];
            ColumnScaling.Backward(actual, x, gamma, actualSums, width);
            Assert.That(actual.Values.ToArray(), Is.EqualTo(expected.Values.ToArray()));
            Assert.That(actualSums, Is.EqualTo(expectedSums));
        }
    }
}
