using Recurrent.Numerics;

namespace Recurrent.Tests.Numerics;

/// <summary>That panels are laid out when they are first asked for, whoever asks.</summary>
[TestFixture]
public sealed class PackedMatrixTests
{
    private const int Callers = 6;

    [Test]
    public void Threads_that_ask_at_once_share_the_work_and_read_the_same_panels([Values] bool transposed)
    {
        System.Random random = new(5);
        PackedMatrix packed = new(331, 70);
        ColumnBlock b = Bits.RandomBlock(random, 70, 3);
        for (int repeat = 0; repeat < 40; repeat++)
        {
            DenseMatrix a = Bits.RandomMatrix(random, 331, 70);
            if (transposed)
            {
                packed.PackTransposed((DenseMatrix)a.Transpose());
            }
            else
            {
                packed.Pack(a);
            }

            DenseMatrix expected = new(331, 3);
            NaiveProduct.Multiply(a, b, 0, expected, 0, accumulate: false);
            DenseMatrix[] results = [.. Enumerable.Range(0, Callers).Select(_ => new DenseMatrix(331, 3))];
            Workers.Run(Callers, Callers, (packed, b, results),
                static (job, i) => Product.Set(job.packed, job.b, job.results[i]));
            foreach (DenseMatrix result in results)
            {
                Bits.AssertSame(result.Values, expected.Values, 70);
            }
        }
    }

    [Test]
    public unsafe void A_transposed_panel_has_every_value_in_its_place_and_writes_nowhere_else(
        [Values(1, 3, 4, 7, 8, 12, 13, 16, 48)] int rows, [Values(1, 3, 4, 6, 8, 17)] int depth)
    {
        const int height = 50;
        DenseMatrix source = Bits.RandomMatrix(new System.Random(7), depth + 2, rows);
        Real[] panel = new Real[height * depth];
        Array.Fill(panel, Real.NaN);
        fixed (Real* from = source.Values, to = panel)
        {
            Transposition.Run(from + 1, depth + 2, rows, depth, to, height);
        }

        for (int k = 0; k < depth; k++)
        {
            for (int row = 0; row < height; row++)
            {
                Assert.That(panel[(k * height) + row], Is.EqualTo(row < rows ? source[k + 1, row] : Real.NaN));
            }
        }
    }

    [Test]
    public void A_block_of_a_matrix_is_packed_as_a_matrix_of_its_own([Values(1, 5, 40)] int rows, [Values] bool transposed)
    {
        System.Random random = new(9);
        DenseMatrix source = Bits.RandomMatrix(random, 60, 50);
        var block = (DenseMatrix)source.SubMatrix(11, rows, 7, 33);
        DenseMatrix operand = transposed ? (DenseMatrix)block.Transpose() : block;
        ColumnBlock b = Bits.RandomBlock(random, operand.ColumnCount, 3);
        PackedMatrix packed = PackedMatrix.OfOnePass(operand.RowCount, operand.ColumnCount);
        MatrixView view = new(source, 11, rows, 7, 33);
        if (transposed)
        {
            packed.PackTransposed(view);
        }
        else
        {
            packed.Pack(view);
        }

        DenseMatrix expected = new(operand.RowCount, 3);
        NaiveProduct.Multiply(operand, b, 0, expected, 0, accumulate: false);
        DenseMatrix actual = new(operand.RowCount, 3);
        Product.Set(packed, b, actual);
        Bits.AssertSame(actual.Values, expected.Values, operand.ColumnCount);
        Assert.That(() => packed.Pack(new MatrixView(source, 0, 60, 0, 50)), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new MatrixView(source, 60, 1, 0, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new MatrixView(source, 0, 1, 48, 2, columnStep: 2), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Products_of_columns_that_stand_apart_are_those_of_matrices_of_their_own([Values(1, 5, 40)] int rows,
        [Values(1, 3)] int step)
    {
        System.Random random = new(8);
        DenseMatrix a = Bits.RandomMatrix(random, rows, 12);
        DenseMatrix source = Bits.RandomMatrix(random, 20, 40);
        MatrixView b = new(source, 4, 12, 2, 9, step);
        var own = new DenseMatrix(12, 9);
        for (int column = 0; column < 9; column++)
        {
            b.Column(column).CopyTo(own.Values.AsSpan(column * 12));
        }

        PackedMatrix packed = PackedMatrix.OfOnePass(rows, 12);
        packed.Pack((MatrixView)a);
        DenseMatrix expected = new(rows, 9);
        NaiveProduct.Multiply(a, own, 0, expected, 0, accumulate: false);
        DenseMatrix target = new(rows + 3, 9 * step);
        MatrixView c = new(target, 2, rows, 0, 9, step);
        Product.Set(packed, b, c);
        AssertColumns(c, expected, 12);
        NaiveProduct.Multiply(a, own, 0, expected, 0, accumulate: true);
        Product.Add(packed, b, c);
        AssertColumns(c, expected, 24);

        DenseMatrix outer = new(rows, 12);
        DenseMatrix expectedOuter = new(rows, 12);
        NaiveProduct.AddOuter(expected, 0, rows, own, expectedOuter, 0);
        Product.AddOuter(c, b, (MatrixView)outer);
        Bits.AssertSame(outer.Values, expectedOuter.Values, 9);
    }

    private static void AssertColumns(MatrixView actual, DenseMatrix expected, int depth)
    {
        for (int column = 0; column < actual.ColumnCount; column++)
        {
            Bits.AssertSame(actual.Column(column), expected.Values.AsSpan(column * expected.RowCount, expected.RowCount), depth);
        }
    }

    [Test]
    public void Every_thread_reads_the_newest_source_of_a_small_operand([Values(2, 8, 12)] int threads)
    {
        System.Random random = new(7);
        PackedMatrix packed = new(33, 17);
        ColumnBlock b = Bits.RandomBlock(random, 17, 3);
        for (int repeat = 0; repeat < 20; repeat++)
        {
            DenseMatrix a = Bits.RandomMatrix(random, 33, 17);
            packed.Pack(a);
            DenseMatrix expected = new(33, 3);
            NaiveProduct.Multiply(a, b, 0, expected, 0, accumulate: false);
            DenseMatrix[] results = [.. Enumerable.Range(0, threads).Select(_ => new DenseMatrix(33, 3))];
            using var together = new Barrier(threads);

            // Nobody is done before all have come, so every part has a thread of its own.
            Workers.Run(threads, threads, (packed, b, results, together), static (job, i) =>
            {
                job.together.SignalAndWait();
                Product.Set(job.packed, job.b, job.results[i]);
            });
            foreach (DenseMatrix result in results)
            {
                Bits.AssertSame(result.Values, expected.Values, 17);
            }
        }
    }

    [Test]
    public void Each_source_replaces_the_one_before_whether_or_not_that_was_used()
    {
        System.Random random = new(6);
        DenseMatrix first = Bits.RandomMatrix(random, 37, 9);
        DenseMatrix second = Bits.RandomMatrix(random, 37, 9);
        ColumnBlock b = Bits.RandomBlock(random, 9, 2);
        PackedMatrix packed = new(37, 9);
        foreach (DenseMatrix[] sources in (DenseMatrix[][])[[first], [second], [first, second]])
        {
            Array.ForEach(sources, packed.Pack);
            DenseMatrix result = new(37, 2);
            DenseMatrix expected = new(37, 2);
            Product.Set(packed, b, result);
            NaiveProduct.Multiply(sources[^1], b, 0, expected, 0, accumulate: false);
            Bits.AssertSame(result.Values, expected.Values, 9);
        }
    }

    [Test]
    public void A_source_that_no_product_asks_for_costs_no_memory()
    {
        DenseMatrix source = new(400, 400);
        PackedMatrix packed = new(400, 400);
        packed.Pack(source);
        Assert.That(Allocation.LeastOf(() => packed.Pack(source)), Is.Zero);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Product.Set(packed, new DenseMatrix(400, 1), new DenseMatrix(400, 1));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.GreaterThan(400 * 400 * sizeof(Real)));
    }
}
