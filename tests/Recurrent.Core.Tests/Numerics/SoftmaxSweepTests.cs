using Recurrent.Numerics;

namespace Recurrent.Tests.Numerics;

/// <summary>The sweeps of attention against their twins, and every register width against every other.</summary>
[TestFixture]
public sealed class SoftmaxSweepTests
{
    private const int Columns = 5;

#if FLOAT64
    private const double Tolerance = 1e-14;
#else
    private const double Tolerance = 2e-6;
#endif

    private static int[] Heights => [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 20, 31, 33, 48, 64, 65, 100, 130];

    [TestCaseSource(nameof(Heights))]
    public void Forward_and_again_are_their_twins(int rows)
    {
        ColumnBlock start = Scores(rows);
        foreach (Real factor in (Real[])[1, (Real)0.3])
        {
            ColumnBlock expected = Bits.Copy(start);
            Real[] expectedLargest = new Real[Columns];
            NaiveSoftmaxSweeps.Forward(expected, factor, expectedLargest, new Real[Columns], nothing: (Real)0.25);
            foreach (int width in Bits.Widths)
            {
                (DenseMatrix matrix, ColumnBlock p) = Framed(start);
                Real[] largest = new Real[Columns];
                Real[] inverses = new Real[Columns];
                SoftmaxSweeps.Forward(p, factor, largest, inverses, (Real)0.25, width);
                Bits.AssertClose(p.Values, expected.Values, Tolerance);
                Bits.AssertUntouchedAround(matrix);
                Assert.That(largest, Is.EqualTo(expectedLargest));
                (matrix, ColumnBlock again) = Framed(start);
                SoftmaxSweeps.Again(again, factor, largest, inverses, (Real)0.25, width);
                Assert.That(again.Values.ToArray(), Is.EqualTo(p.Values.ToArray()));
                Bits.AssertUntouchedAround(matrix);
                ColumnBlock widest = Bits.Copy(start);
                SoftmaxSweeps.Forward(widest, factor, largest, inverses, (Real)0.25);
                Bits.AssertSame(p.Values, widest.Values, 100);
            }
        }
    }

    [TestCaseSource(nameof(Heights))]
    public void Backward_is_its_twin(int rows)
    {
        System.Random random = new(rows);
        ColumnBlock p = Scores(rows);
        Real[] largest = new Real[Columns];
        SoftmaxSweeps.Forward(p, 1, largest, new Real[Columns], nothing: (Real)0.25);
        ColumnBlock start = Bits.RandomBlock(random, rows, Columns);
        ColumnBlock expected = Bits.Copy(start);
        NaiveSoftmaxSweeps.Backward(p, expected, largest, (Real)0.7);
        ColumnBlock widest = Bits.Copy(start);
        SoftmaxSweeps.Backward(p, widest, largest, (Real)0.7);
        foreach (int width in Bits.Widths)
        {
            (DenseMatrix matrix, ColumnBlock slopes) = Framed(start);
            SoftmaxSweeps.Backward(p, slopes, largest, (Real)0.7, width);
            Bits.AssertClose(slopes.Values, expected.Values, Tolerance);
            Bits.AssertSame(slopes.Values, widest.Values, 100);
            Bits.AssertUntouchedAround(matrix);
        }
    }

    [Test]
    public void Values_behind_hidden_ones_have_the_bits_that_they_have_alone([Values(1, 3, 16, 21)] int hidden)
    {
        ColumnBlock alone = Bits.RandomBlock(new System.Random(3), 37, 2);
        ColumnBlock behind = Bits.RandomBlock(new System.Random(4), 37 + hidden, 2);
        for (int column = 0; column < 2; column++)
        {
            behind.Column(column)[..hidden].Fill(Real.NegativeInfinity);
            alone.Column(column).CopyTo(behind.Column(column)[hidden..]);
        }

        Real[] largest = new Real[2];
        Real[] inverses = new Real[2];
        Real[] inversesAlone = new Real[2];
        SoftmaxSweeps.Forward(behind, 1, largest, inverses, 0);
        SoftmaxSweeps.Forward(alone, 1, largest, inversesAlone, 0);
        Assert.That(inverses, Is.EqualTo(inversesAlone));
        for (int column = 0; column < 2; column++)
        {
            Assert.That(behind.Column(column)[hidden..].ToArray(), Is.EqualTo(alone.Column(column).ToArray()));
        }
    }

    [Test]
    public void What_is_not_a_number_spoils_its_column_and_no_other([Values(1, 4, 33)] int rows, [Values] bool hidesTheRest)
    {
        ColumnBlock p = Scores(rows);
        ColumnBlock expected = Bits.Copy(p);
        SoftmaxSweeps.Forward(expected, 1, new Real[Columns], new Real[Columns], 0);
        if (hidesTheRest)
        {
            p.Column(1).Fill(Real.NegativeInfinity);
        }

        p.Column(1)[rows / 2] = Real.NaN;
        SoftmaxSweeps.Forward(p, 1, new Real[Columns], new Real[Columns], 0);
        for (int column = 0; column < Columns; column++)
        {
            Assert.That(
                p.Column(column).ToArray(),
                column == 1 ? Is.All.NaN : Is.EqualTo(expected.Column(column).ToArray()));
        }
    }

    /// <summary>Scores of some size; some are hidden, in one column all of them.</summary>
    private static ColumnBlock Scores(int rows)
    {
        System.Random random = new(rows);
        ColumnBlock block = Bits.RandomBlock(random, rows, Columns);
        for (int column = 0; column < Columns; column++)
        {
            foreach (ref Real score in block.Column(column))
            {
                score = column == 3 || (column == 4 && random.Next(3) == 0) ? Real.NegativeInfinity : score * 20;
            }
        }

        return block;
    }

    private static (DenseMatrix Matrix, ColumnBlock Block) Framed(ColumnBlock block)
    {
        DenseMatrix matrix = new(block.Rows, block.ColumnCount + 2);
        matrix.Values.AsSpan().Fill(Real.NaN);
        ColumnBlock framed = new(matrix, 1, block.ColumnCount);
        block.Values.CopyTo(framed.Values);
        return (matrix, framed);
    }
}
