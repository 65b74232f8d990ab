using Recurrent.Numerics;

namespace Recurrent.Tests.Numerics;

/// <summary>The sweeps over time of LRU, RG-LRU, minGRU and minLSTM against their twins, at every width.</summary>
[TestFixture]
public sealed class ScanTwinTests
{
    private const int Batch = 3;
    private const int Steps = 4;
    private const int Columns = Batch * Steps;

#if FLOAT64
    private const double Tolerance = 1e-14;
#else
    private const double Tolerance = 4e-6;
#endif

    private static readonly int[] Units = [1, 3, 8, 17, 50];

    private delegate void Sweep(ColumnBlock[] blocks, Real[] vector, Real[] sums, int? width);

    [Test]
    public void Complex_forward([ValueSource(nameof(Units))] int units) => Check(
        units,
        [(2, Columns), (2, Columns), (2, Columns)],
        3,
        (x, f, _, width) => ComplexScan.Forward(f, x[0], x[1], x[2], Batch, width),
        (x, f, _) => NaiveComplexScan.Forward(f, x[0], x[1], x[2]));

    [Test]
    public void Complex_backward([ValueSource(nameof(Units))] int units) => Check(
        units,
        [(2, Columns), (2, Columns), (2, Columns), (2, Batch)],
        3,
        (x, f, sums, width) => ComplexScan.Backward(f, x[0], x[1], x[2], x[3], sums, width),
        (x, f, sums) => NaiveComplexScan.Backward(f, x[0], x[1], x[2], x[3], sums));

    [Test]
    public void Rglru_forward([ValueSource(nameof(Units))] int units, [Values(1, 3)] int threads) => Check(
        units,
        [(2, Columns), (1, Columns), (1, Columns), (1, Columns)],
        1,
        (x, f, _, width) => RGLRUGates.Forward(x[0], x[1], f, x[2], x[3], threads, width),
        (x, f, _) => NaiveRGLRUGates.Forward(x[0], x[1], f, x[2], x[3]));

    [Test]
    public void Rglru_backward([ValueSource(nameof(Units))] int units) => Check(
        units,
        [(2, Columns), (1, Columns), (1, Columns), (1, Columns), (1, Columns), (1, Columns)],
        1,
        (x, f, _, width) => RGLRUGates.Backward(x[0], x[1], f, x[2], x[3], x[4], x[5], 1, width),
        (x, f, _) => NaiveRGLRUGates.Backward(x[0], x[1], f, x[2], x[3], x[4], x[5]),
        gates: true);

    [Test]
    public void MinGRU_forward([ValueSource(nameof(Units))] int units) => Check(
        units,
        [(2, Columns), (1, Columns), (1, Columns)],
        0,
        (x, _, _, width) => MinScan.ForwardGRU(x[0], x[1], x[2], Batch, width),
        (x, _, _) => NaiveMinScan.ForwardGRU(x[0], x[1], x[2]));

    [Test]
    public void MinGRU_backward([ValueSource(nameof(Units))] int units, [Values] bool outputs) => Check(
        units,
        [(2, Columns), (1, Columns), (2, Columns), (1, Batch), (1, Columns - Batch)],
        0,
        (x, _, _, width) => MinScan.BackwardGRU(x[0], x[1], x[2], x[3], Given(x[4], outputs), width),
        (x, _, _) => NaiveMinScan.BackwardGRU(x[0], x[1], x[2], x[3], Given(x[4], outputs)));

    [Test]
    public void MinLSTM_forward([ValueSource(nameof(Units))] int units) => Check(
        units,
        [(3, Columns), (1, Columns), (1, Columns)],
        0,
        (x, _, _, width) => MinScan.ForwardLSTM(x[0], x[1], x[2], Batch, width),
        (x, _, _) => NaiveMinScan.ForwardLSTM(x[0], x[1], x[2]));

    [Test]
    public void MinLSTM_backward([ValueSource(nameof(Units))] int units, [Values] bool outputs) => Check(
        units,
        [(3, Columns), (1, Columns), (3, Columns), (1, Batch), (1, Columns - Batch)],
        0,
        (x, _, _, width) => MinScan.BackwardLSTM(x[0], x[1], x[2], x[3], Given(x[4], outputs), width),
        (x, _, _) => NaiveMinScan.BackwardLSTM(x[0], x[1], x[2], x[3], Given(x[4], outputs)));

    [Test]
    public void MinGRU_gates([ValueSource(nameof(Units))] int units)
    {
        Check(units, [(2, Columns)], 0,
            (x, _, _, width) => MinGates.ForwardGRU(x[0], units, width), (x, _, _) => NaiveMinGates.ForwardGRU(x[0], units));
        Check(units, [(2, Columns), (2, Columns)], 0,
            (x, _, _, width) => MinGates.BackwardGRU(x[0], x[1], units, width),
            (x, _, _) => NaiveMinGates.BackwardGRU(x[0], x[1], units));
    }

    [Test]
    public void MinLSTM_gates([ValueSource(nameof(Units))] int units)
    {
        Check(units, [(3, Columns)], 0,
            (x, _, _, width) => MinGates.ForwardLSTM(x[0], units, width), (x, _, _) => NaiveMinGates.ForwardLSTM(x[0], units));
        Check(units, [(3, Columns), (3, Columns), (3, Columns)], 0,
            (x, _, _, width) => MinGates.BackwardLSTM(x[0], x[1], x[2], units, width),
            (x, _, _) => NaiveMinGates.BackwardLSTM(x[0], x[1], x[2], units));
    }

    [Test]
    public void The_scale_of_an_input_keeps_its_digits_where_the_decay_is_small()
    {
        // s·r = 1e-6·½: 1 − a² = 1 − exp(−1e-6) = 1e-6 to six digits; 1 − a·a would keep one digit of it in single precision.
        DenseMatrix z = new(2, 1, [0, 100]);
        DenseMatrix x = new(1, 1, [1]);
        DenseMatrix a = new(1, 1);
        DenseMatrix b = new(1, 1);
        RGLRUGates.Forward(z, x, [(Real)1e-6], a, b);
        Assert.That((double)b.Values[0], Is.EqualTo(Math.Sqrt(1e-6 - (0.5 * 1e-12))).Within(1e-9));
    }

    [Test]
    public void A_gate_that_is_closed_gives_no_infinite_gradient()
    {
        // r = 0: nothing decays, and the root's slope would be infinite.
        DenseMatrix z = new(2, 1, [0, (Real)0.5]);
        DenseMatrix a = new(1, 1, [1]);
        DenseMatrix dx = new(1, 1);
        RGLRUGates.Backward(z, new DenseMatrix(1, 1, [1]), [2], a, new DenseMatrix(1, 1, [1]), new DenseMatrix(1, 1, [1]), dx);
        Assert.That(z.Values, Has.All.InRange(-10000, 10000));
        Assert.That(a.Values[0], Is.Zero);
        Assert.That(dx.Values[0], Is.Zero);
    }

    private static ColumnBlock? Given(ColumnBlock block, bool given) => given ? block : default(ColumnBlock?);

    /// <summary>Blocks of so many times the units rows and so many columns, between columns of NaN; a vector of factors and
    /// sums.</summary>
    private static void Check(
        int units,
        (int Height, int Columns)[] shapes,
        int vectors,
        Sweep kernel,
        Action<ColumnBlock[], Real[], Real[]> twin,
        bool gates = false)
    {
        System.Random random = new(units);
        ColumnBlock[] start = [.. shapes.Select(shape => Bits.RandomBlock(random, shape.Height * units, shape.Columns))];
        if (gates)
        {
            // Gates and factors lie between 0 and 1.
            foreach (ColumnBlock block in (ColumnBlock[])[start[0], start[2]])
            {
                foreach (ref Real value in block.Values)
                {
                    value = ((Real)0.45 * value) + (Real)0.5;
                }
            }
        }

        Real[] vector = [.. Enumerable.Range(0, vectors * units).Select(_ => (Real)random.NextDouble())];
        ColumnBlock[] expected = [.. start.Select(Bits.Copy)];
        Real[] expectedSums = new Real[vector.Length];
        twin(expected, vector, expectedSums);
        foreach (int? width in Bits.Widths.Select(width => (int?)width).Append(null))
        {
            ColumnBlock[] actual = [.. start.Select(Bits.Copy)];
            Real[] sums = new Real[vector.Length];
            kernel(actual, vector, sums, width);
            Assert.That(sums, Is.EqualTo(expectedSums).Within(4 * Tolerance));
            for (int i = 0; i < actual.Length; i++)
            {
                Assert.That(actual[i].Values.ToArray(), Is.EqualTo(expected[i].Values.ToArray()).Within(Tolerance), $"block {i}");
            }
        }
    }
}
