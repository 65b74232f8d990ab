using Recurrent.Numerics;

namespace Recurrent.Tests.Numerics;

[TestFixture]
public sealed class OuterProductTests
{
    private static readonly (int Rows, int Columns, int Depth)[] Shapes =
    [
        (1, 1, 1), (1, 50, 160), (200, 1, 160), (200, 50, 160), (3, 5, 2), (17, 9, 300), (48, 8, 128),
            (49, 16, 129), (64, 31, 40),
        (4, 4, 500), (40, 12, 257),
    ];

    [Test]
    public void An_outer_product_equals_its_plain_loop_at_every_width(
        [ValueSource(nameof(Shapes))] (int Rows, int Columns, int Depth) shape,
        [ValueSource(typeof(Bits), nameof(Bits.Widths))] int width)
    {
        System.Random random = new(shape.GetHashCode());
        ColumnBlock a = Bits.RandomBlock(random, shape.Rows, shape.Depth);
        ColumnBlock b = Bits.RandomBlock(random, shape.Columns, shape.Depth);
        DenseMatrix c = Bits.RandomMatrix(random, shape.Rows, shape.Columns);
        DenseMatrix expected = (DenseMatrix)c.Clone();

        Product.AddOuter(a, 0, shape.Rows, b, c, 0, width);
        NaiveProduct.AddOuter(a, 0, shape.Rows, b, expected, 0);

        Bits.AssertSame(c.Values, expected.Values, shape.Depth);
    }

    [Test]
    public void Two_outer_products_that_share_an_operand_have_the_bits_of_one_after_the_other(
        [Values("1 1 1 1", "200 1 50 160", "200 50 1 160", "512 16 128 300", "300 500 30 257", "64 520 600 40", "17 8 0 9",
            "5 0 3 140")] string shape,
        [ValueSource(typeof(Bits), nameof(Bits.Widths))] int width,
        [Values(0, 1, 140)] int zeros)
    {
        int[] sizes = [.. shape.Split(' ').Select(int.Parse)];
        System.Random random = new(shape.Length);
        ColumnBlock a = Bits.RandomBlock(random, sizes[0], sizes[3]);
        (ColumnBlock B, DenseMatrix C)[] pairs = [Pair(sizes[1]), Pair(sizes[2])];
        DenseMatrix[] expected = [.. pairs.Select(pair => (DenseMatrix)pair.C.Clone())];
        zeros = Math.Min(zeros, sizes[3]);
        pairs[1].B.Columns(0, zeros).Values.Clear();

        Product.AddOuter(a, pairs[0].B, pairs[0].C, pairs[1].B, pairs[1].C, zeros, width);
        for (int i = 0; i < 2; i++)
        {
            NaiveProduct.AddOuter(a, 0, sizes[0], pairs[i].B, expected[i], 0);
            Bits.AssertSame(pairs[i].C.Values, expected[i].Values, sizes[3]);
        }

        (ColumnBlock B, DenseMatrix C) Pair(int columns) =>
            (Bits.RandomBlock(random, columns, sizes[3]), Bits.RandomMatrix(random, sizes[0], columns));
    }

    [Test]
    public void An_outer_product_of_bands_equals_that_of_copies([Values(1, 3, 40)] int rows, [Values(1, 9)] int columns)
    {
        System.Random random = new(rows + columns);
        ColumnBlock a = Bits.RandomBlock(random, 50, 130);
        ColumnBlock b = Bits.RandomBlock(random, 20, 130);
        DenseMatrix c = Bits.RandomMatrix(random, 60, 30);
        var expected = (DenseMatrix)c.SubMatrix(8, rows, 15, columns);
        DenseMatrix before = (DenseMatrix)c.Clone();
        NaiveProduct.AddOuter(Band(a, 6, rows), 0, rows, Band(b, 11, columns), expected, 0);

        Product.AddOuter(a, 6, rows, b, 11, new ColumnBlock(c, 15, columns), 8);
        Bits.AssertSame(((DenseMatrix)c.SubMatrix(8, rows, 15, columns)).Values, expected.Values, 130);
        before.SetSubMatrix(8, 15, c.SubMatrix(8, rows, 15, columns));
        Assert.That(c, Is.EqualTo(before), "nothing else is written to");
        Assert.That(
            () => Product.AddOuter(a, 0, 4, b, 18, new ColumnBlock(c, 0, 9), 0),
                Throws.InstanceOf<ArgumentOutOfRangeException>());

        static ColumnBlock Band(ColumnBlock block, int first, int count)
        {
            DenseMatrix band = new(count, block.ColumnCount);
            for (int column = 0; column < block.ColumnCount; column++)
            {
                block.Column(column).Slice(first, count).CopyTo(new ColumnBlock(band, column, 1).Values);
            }

            return band;
        }
    }

    [Test]
    public void Two_outer_products_refuse_shapes_that_do_not_fit()
    {
        DenseMatrix a = new(4, 5), b = new(3, 5), c = new(4, 3);
        Assert.Multiple(() =>
        {
            Assert.That(() => Product.AddOuter(a, b, c, new DenseMatrix(3, 6), c, 0), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Product.AddOuter(a, b, c, b, new DenseMatrix(5, 3), 0), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Product.AddOuter(a, b, c, b, new DenseMatrix(4, 2), 0), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Product.AddOuter(a, b, new DenseMatrix(4, 4), b, c, 0), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Product.AddOuter(a, b, c, b, c, 6), Throws.InstanceOf<ArgumentException>());
        });
    }

    [Test]
    public void Bands_leave_the_other_rows_alone([ValueSource(typeof(Bits), nameof(Bits.Widths))] int width)
    {
        System.Random random = new(9);
        for (int trial = 0; trial < 100; trial++)
        {
            int rows = random.Next(1, 60);
            int columns = random.Next(1, 30);
            int depth = random.Next(1, 150);
            int above = random.Next(5);
            int aboveC = random.Next(5);
            DenseMatrix a = Bits.RandomMatrix(random, rows + above + 2, depth);
            DenseMatrix b = Bits.RandomMatrix(random, columns, depth);
            DenseMatrix c = Bits.RandomMatrix(random, rows + aboveC + 3, columns);
            DenseMatrix expected = (DenseMatrix)c.Clone();
            for (int column = 0; column < depth; column++)
            {
                a.Values.AsSpan(column * a.RowCount, above).Fill(Real.NaN);
                a.Values.AsSpan((column * a.RowCount) + above + rows, 2).Fill(Real.NaN);
            }

            Product.AddOuter(a, above, rows, b, c, aboveC, width);
            NaiveProduct.AddOuter(a, above, rows, b, expected, aboveC);

            Bits.AssertSame(c.Values, expected.Values, depth);
        }
    }

    [Test]
    public void Two_halves_of_the_columns_one_after_the_other_are_the_whole()
    {
        System.Random random = new(2);
        DenseMatrix a = Bits.RandomMatrix(random, 37, 300);
        DenseMatrix b = Bits.RandomMatrix(random, 11, 300);
        DenseMatrix whole = new(37, 11);
        DenseMatrix halves = new(37, 11);

        Product.AddOuter(a, b, whole);
        Product.AddOuter(new ColumnBlock(a, 0, 77), new ColumnBlock(b, 0, 77), halves);
        Product.AddOuter(new ColumnBlock(a, 77, 223), new ColumnBlock(b, 77, 223), halves);

        Assert.That(halves.Values, Is.EqualTo(whole.Values));
    }

    [Test]
    public void NaN_and_infinity_come_through()
    {
        DenseMatrix a = new(2, 2, [0, Real.PositiveInfinity, 1, 1]);
        DenseMatrix b = new(2, 2, [Real.NaN, 0, 1, 1]);
        DenseMatrix c = new(2, 2);
        Product.AddOuter(a, b, c);
        Assert.That(c.Values, Is.EqualTo(new[] { Real.NaN, Real.NaN, 1, Real.NaN }));
    }

    [Test]
    public void Row_sums_equal_their_plain_loop_at_every_width([Values(1, 5, 7, 16, 33, 70, 200)] int rows,
        [Values(1, 3, 4, 6, 9, 17)] int columns)
    {
        System.Random random = new(rows + columns);
        ColumnBlock a = Bits.RandomBlock(random, rows, columns);
        Real[] start = Bits.RandomMatrix(random, rows + 2, 1).Values;
        start[0] = start[^1] = Real.NaN;
        Real[] expected = [.. start];
        NaiveProduct.AddRowSums(a, expected.AsSpan(1, rows));
        foreach (int width in Bits.Widths)
        {
            Real[] sums = [.. start];
            Product.AddRowSums(a, sums.AsSpan(1, rows), width);
            Bits.AssertSame(sums, expected, terms: 0);
        }

        // The width that is taken by itself.
        Real[] chosen = [.. start];
        Product.AddRowSums(a, chosen.AsSpan(1, rows));
        Bits.AssertSame(chosen, expected, terms: 0);
    }

    [Test]
    public void Shapes_that_do_not_match_are_refused()
    {
        DenseMatrix a = new(4, 6);
        DenseMatrix b = new(3, 6);
        DenseMatrix c = new(4, 3);
        Assert.Multiple(() =>
        {
            Assert.That(() => Product.AddOuter(a, new DenseMatrix(3, 5), c), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Product.AddOuter(a, b, new DenseMatrix(5, 3)), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Product.AddOuter(a, b, new DenseMatrix(4, 2)), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Product.AddOuter(a, 1, 4, b, c, 0), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Product.AddOuter(a, 0, 4, b, c, 1), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Product.AddRowSums(a, new Real[3]), Throws.InstanceOf<ArgumentException>());
        });
    }
}
