using Recurrent.Numerics;

namespace Recurrent.Tests.Numerics;

[TestFixture]
public sealed class ProductTests
{
    private static readonly (int Rows, int Depth, int Columns)[] Shapes =
    [
        (1, 1, 1), (1, 50, 9), (200, 1, 16), (3, 7, 5), (16, 16, 8), (17, 33, 7), (48, 20, 24), (49, 5, 6),
            (63, 12, 3), (64, 12, 11),
        (65, 300, 2), (80, 257, 17), (128, 3, 1), (200, 50, 16), (50, 200, 10), (33, 600, 12), (5, 9, 530), (112, 2, 13),
    ];

    [Test]
    public void A_product_equals_its_plain_loop_at_every_width(
        [ValueSource(nameof(Shapes))] (int Rows, int Depth, int Columns) shape,
        [ValueSource(typeof(Bits), nameof(Bits.Widths))] int width,
        [Values] bool accumulate,
        [Values] bool transposed)
    {
        System.Random random = new(shape.GetHashCode());
        DenseMatrix a = Bits.RandomMatrix(random, shape.Rows, shape.Depth);
        ColumnBlock b = Bits.RandomBlock(random, shape.Depth, shape.Columns);
        ColumnBlock c = Bits.RandomBlock(random, shape.Rows, shape.Columns);
        ColumnBlock expected = Bits.Copy(c);
        PackedMatrix packed = new(shape.Rows, shape.Depth, width);
        if (transposed)
        {
            packed.PackTransposed((DenseMatrix)a.Transpose());
        }
        else
        {
            packed.Pack(a);
        }

        NaiveProduct.Multiply(a, b, 0, expected, 0, accumulate);
        if (accumulate)
        {
            Product.Add(packed, b, c);
        }
        else
        {
            Product.Set(packed, b, c);
        }

        Bits.AssertSame(c.Values, expected.Values, shape.Depth);
    }

    [Test]
    public void A_product_that_starts_from_a_bias_adds_to_columns_that_hold_it(
        [ValueSource(nameof(Shapes))] (int Rows, int Depth, int Columns) shape,
        [ValueSource(typeof(Bits), nameof(Bits.Widths))] int width,
        [Values(1, 3)] int threads)
    {
        System.Random random = new(shape.GetHashCode());
        DenseMatrix a = Bits.RandomMatrix(random, shape.Rows, shape.Depth);
        ColumnBlock b = Bits.RandomBlock(random, shape.Depth, shape.Columns);
        ColumnBlock c = Bits.RandomBlock(random, shape.Rows, shape.Columns);
        ColumnBlock expected = Bits.Copy(c);
        Real[] bias = Bits.RandomMatrix(random, shape.Rows, 1).Values;
        PackedMatrix packed = new(shape.Rows, shape.Depth, width);
        packed.Pack(a);
        for (int column = 0; column < shape.Columns; column++)
        {
            bias.CopyTo(expected.Column(column));
        }

        NaiveProduct.Multiply(a, b, 0, expected, 0, accumulate: true);
        Product.SetBand(packed, b, 0, bias, c, 0, threads);
        Bits.AssertSame(c.Values, expected.Values, shape.Depth);

        Product.Set(packed, b, expected);
        Product.SetBand(packed, b, 0, [], c, 0, threads);
        Bits.AssertSame(c.Values, expected.Values, shape.Depth);
    }

    [Test]
    public void A_product_with_one_column_equals_its_plain_loop_for_any_number_of_panels(
        [ValueSource(typeof(Bits), nameof(Bits.Widths))] int width)
    {
        System.Random random = new(11);
        int height = Math.Max(width, 1);
        for (int rows = 1; rows <= 21 * height; rows += 1 + random.Next(height))
        {
            int depth = rows % 5 == 0 ? 300 : random.Next(1, 40);
            DenseMatrix a = Bits.RandomMatrix(random, rows, depth);
            ColumnBlock b = Bits.RandomBlock(random, depth, 1);
            ColumnBlock c = Bits.RandomBlock(random, rows, 1);
            ColumnBlock expected = Bits.Copy(c);
            PackedMatrix packed = new(rows, depth, width);
            packed.Pack(a);
            NaiveProduct.Multiply(a, b, 0, expected, 0, accumulate: rows % 2 == 0);
            if (rows % 2 == 0)
            {
                Product.Add(packed, b, c);
            }
            else
            {
                Product.Set(packed, b, c);
            }

            Bits.AssertSame(c.Values, expected.Values, depth);
        }
    }

    [Test]
    public void A_product_that_threads_share_has_the_bits_of_a_product_by_one(
        [Values("1024 256 1", "1000 300 1", "433 401 1", "300 64 40", "1024 64 64", "129 700 17")] string shape,
        [ValueSource(typeof(Bits), nameof(Bits.Widths))] int width,
        [Values(2, 3, 5, 64)] int threads,
        [Values] bool accumulate)
    {
        int[] sizes = [.. shape.Split(' ').Select(int.Parse)];
        (int rows, int depth, int columns) = (sizes[0], sizes[1], sizes[2]);
        System.Random random = new(rows);
        PackedMatrix packed = new(rows, depth, width);
        packed.Pack(Bits.RandomMatrix(random, rows, depth));
        ColumnBlock b = Bits.RandomBlock(random, depth + 3, columns);
        ColumnBlock c = Bits.RandomBlock(random, rows + 5, columns);
        ColumnBlock expected = Bits.Copy(c);
        if (accumulate)
        {
            Product.AddBand(packed, b, 2, expected, 4);
            Product.AddBand(packed, b, 2, c, 4, threads);
        }
        else
        {
            Product.SetBand(packed, b, 2, expected, 4);
            Product.SetBand(packed, b, 2, c, 4, threads);
        }

        Assert.That(c.Values.SequenceEqual(expected.Values));

        Real[] bias = Bits.RandomMatrix(random, rows, 1).Values;
        Product.SetBand(packed, b, 2, bias, expected, 4);
        Product.SetBand(packed, b, 2, bias, c, 4, threads);
        Assert.That(c.Values.SequenceEqual(expected.Values), "from a bias");
        Assert.That(c.Column(0)[4], Is.Not.EqualTo(bias[0]));
    }

    [Test]
    public void Random_shapes_agree_and_nothing_around_the_operands_is_touched(
        [ValueSource(typeof(Bits), nameof(Bits.Widths))] int width)
    {
        System.Random random = new(7);
        for (int trial = 0; trial < 150; trial++)
        {
            int rows = random.Next(1, 120);
            int depth = random.Next(1, 60);
            int columns = random.Next(1, 40);
            int above = random.Next(4);
            int below = random.Next(4);
            bool accumulate = trial % 2 == 0;

            // Bands of taller matrices; everything outside the bands is NaN and must neither be read nor written.
            DenseMatrix wholeA = Bits.RandomMatrix(random, rows + above + below, depth);
            DenseMatrix b = Poisoned(random, depth, columns, above, below);
            DenseMatrix c = Poisoned(random, rows, columns, below, above);
            DenseMatrix expected = (DenseMatrix)c.Clone();
            DenseMatrix a = (DenseMatrix)wholeA.SubMatrix(above, rows, 0, depth);
            PackedMatrix packed = new(rows, depth, width);
            packed.Pack(wholeA, above);

            NaiveProduct.Multiply(a, Inner(b), above, Inner(expected), below, accumulate);
            if (accumulate && trial % 3 == 0)
            {
                // A bias of what each column holds alone: as one column at a time.
                for (int column = 0; column < columns; column++)
                {
                    Real[] bias = [.. Inner(c).Column(column).Slice(below, rows)];
                    Product.SetBand(packed, Inner(b).Columns(column, 1), above, bias, Inner(c).Columns(column, 1), below);
                }
            }
            else if (accumulate)
            {
                Product.AddBand(packed, Inner(b), above, Inner(c), below);
            }
            else
            {
                Product.SetBand(packed, Inner(b), above, Inner(c), below);
            }

            Bits.AssertSame(c.Values, expected.Values, depth);
        }
    }

    [Test]
    public void A_transposed_band_is_the_band_of_the_transpose([ValueSource(typeof(Bits), nameof(Bits.Widths))] int width)
    {
        System.Random random = new(3);
        DenseMatrix source = Bits.RandomMatrix(random, 30, 21);
        ColumnBlock b = Bits.RandomBlock(random, 10, 6);
        PackedMatrix packed = new(21, 10, width);
        packed.PackTransposed(source, 20);
        ColumnBlock c = Bits.RandomBlock(random, 21, 6);
        ColumnBlock expected = Bits.Copy(c);

        Product.Set(packed, b, c);
        NaiveProduct.Multiply((DenseMatrix)source.SubMatrix(20, 10, 0, 21).Transpose(), b, 0, expected, 0, accumulate: false);

        Bits.AssertSame(c.Values, expected.Values, 10);
    }

    [Test]
    public void A_column_does_not_depend_on_the_columns_beside_it([ValueSource(typeof(Bits), nameof(Bits.Widths))] int width)
    {
        System.Random random = new(5);
        DenseMatrix b = Bits.RandomMatrix(random, 270, 37);
        DenseMatrix together = new(53, 37);
        DenseMatrix alone = new(53, 37);
        PackedMatrix packed = new(53, 270, width);
        packed.Pack(Bits.RandomMatrix(random, 53, 270));

        Product.Set(packed, b, together);
        for (int column = 0; column < 37; column++)
        {
            Product.Set(packed, new ColumnBlock(b, column, 1), new ColumnBlock(alone, column, 1));
        }

        Assert.That(alone.Values, Is.EqualTo(together.Values));
    }

    [Test]
    public void Every_width_gives_the_same_bits()
    {
        Assume.That(Bits.Fused);
        System.Random random = new(6);
        DenseMatrix a = Bits.RandomMatrix(random, 77, 300);
        DenseMatrix b = Bits.RandomMatrix(random, 300, 19);
        Real[]? first = null;
        foreach (int width in Bits.Widths)
        {
            DenseMatrix c = new(77, 19);
            PackedMatrix packed = new(77, 300, width);
            packed.Pack(a);
            Product.Set(packed, b, c);
            first ??= c.Values;
            Assert.That(c.Values, Is.EqualTo(first), $"width {width}");
        }
    }

    [Test]
    public void Zeros_are_not_skipped([ValueSource(typeof(Bits), nameof(Bits.Widths))] int width)
    {
        PackedMatrix zeros = new(5, 3, width);
        zeros.Pack(new DenseMatrix(5, 3));
        DenseMatrix b = new(3, 4, [0, Real.NaN, 0, 1, 1, Real.PositiveInfinity, Real.NegativeInfinity, 0, 0, 1, 1, 1]);
        DenseMatrix c = new(5, 4);

        Product.Set(zeros, b, c);

        Assert.That(c.Values[..15], Is.All.NaN);
        Assert.That(c.Values[15..], Is.All.EqualTo((Real)0));
    }

    [Test]
    public void Set_does_not_read_the_result()
    {
        DenseMatrix c = new(7, 2, Enumerable.Repeat(Real.NaN, 14).ToArray());
        PackedMatrix packed = new(7, 3);
        packed.Pack(new DenseMatrix(7, 3));
        Product.Set(packed, new DenseMatrix(3, 2), c);
        Assert.That(c.Values, Is.All.EqualTo((Real)0));
    }

    [Test]
    public void An_empty_block_is_no_work()
    {
        PackedMatrix packed = new(7, 3);
        DenseMatrix b = new(3, 2);
        DenseMatrix c = new(7, 2);
        Assert.That(() => Product.Set(packed, new ColumnBlock(b, 2, 0), new ColumnBlock(c, 2, 0)), Throws.Nothing);
    }

    [Test]
    public void Shapes_that_do_not_match_are_refused()
    {
        PackedMatrix packed = new(7, 3);
        DenseMatrix b = new(3, 2);
        DenseMatrix c = new(7, 2);
        Assert.Multiple(() =>
        {
            Assert.That(() => packed.Pack(new DenseMatrix(7, 4)), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => packed.Pack(new DenseMatrix(8, 3)), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => packed.Pack(new DenseMatrix(8, 3), 2), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => packed.PackTransposed(new DenseMatrix(7, 3)), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Product.Set(packed, new DenseMatrix(4, 2), c), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Product.Set(packed, b, new DenseMatrix(6, 2)), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Product.Set(packed, b, new DenseMatrix(7, 3)), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Product.SetBand(packed, b, 1, c, 0), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Product.SetBand(packed, b, 0, new Real[packed.Rows + 1], c, 0),
                Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Product.SetBand(packed, b, 0, c, 1), Throws.InstanceOf<ArgumentException>());
        });
    }

    private static ColumnBlock Inner(DenseMatrix matrix) => new(matrix, 1, matrix.ColumnCount - 2);

    /// <summary>A random matrix in a frame of NaN: one column on each side, some rows above and below.</summary>
    private static DenseMatrix Poisoned(System.Random random, int rows, int columns, int above, int below)
    {
        DenseMatrix matrix = new(rows + above + below, columns + 2);
        matrix.Values.AsSpan().Fill(Real.NaN);
        for (int column = 1; column <= columns; column++)
        {
            for (int row = above; row < above + rows; row++)
            {
                matrix[row, column] = (Real)random.NextDouble();
            }
        }

        return matrix;
    }
}
