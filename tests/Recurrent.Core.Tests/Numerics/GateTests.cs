using Recurrent.Numerics;

namespace Recurrent.Tests.Numerics;

/// <summary>The fused sweeps against their twins, and every width against every other.</summary>
[TestFixture]
public sealed class GateTests
{
#if FLOAT64
    private const double Tolerance = 1e-15;
#else
    private const double Tolerance = 1e-6;
#endif

    private static readonly int[] Units = [1, 2, 3, 4, 7, 8, 9, 16, 17, 31, 50, 64];

    private delegate void Sweep(ColumnBlock[] blocks, int? width);

    [Test]
    public void Lstm_forward([ValueSource(nameof(Units))] int units, [Values] bool keepTanh) =>
        Check(
            units,
            [4, 1, 1, 1, 1],
            (x, width) => LSTMGates.Forward(x[0], x[1], x[2], keepTanh ? x[3] : (ColumnBlock?)null, x[4], width),
            x => NaiveLSTMGates.Forward(x[0], x[1], x[2], keepTanh ? x[3] : (ColumnBlock?)null, x[4]));

    [Test]
    public void Lstm_backward([ValueSource(nameof(Units))] int units) =>
        Check(
            units,
            [4, 1, 1, 1, 1],
            (x, width) => LSTMGates.Backward(x[0], x[1], x[2], x[3], x[4], width),
            x => NaiveLSTMGates.Backward(x[0], x[1], x[2], x[3], x[4]));

    [Test]
    public void Gru_forward([ValueSource(nameof(Units))] int units) =>
        Check(
            units,
            [3, 3, 1, 1],
            (x, width) => GRUGates.Forward(x[0], x[1], x[2], x[3], width),
            x => NaiveGRUGates.Forward(x[0], x[1], x[2], x[3]));

    [Test]
    public void Gru_backward([ValueSource(nameof(Units))] int units) =>
        Check(
            units,
            [3, 3, 1, 1, 1],
            (x, width) => GRUGates.Backward(x[0], x[1], x[2], x[3], x[4], width),
            x => NaiveGRUGates.Backward(x[0], x[1], x[2], x[3], x[4]));

    [Test]
    public void Gru_forward_reset([ValueSource(nameof(Units))] int units) =>
        Check(
            units,
            [3, 1, 1],
            (x, width) => GRUGates.ForwardReset(x[0], x[1], x[2], width),
            x => NaiveGRUGates.ForwardReset(x[0], x[1], x[2]));

    [Test]
    public void Gru_forward_candidate([ValueSource(nameof(Units))] int units) =>
        Check(
            units,
            [3, 1, 1],
            (x, width) => GRUGates.ForwardCandidate(x[0], x[1], x[2], width),
            x => NaiveGRUGates.ForwardCandidate(x[0], x[1], x[2]));

    [Test]
    public void Gru_backward_candidate([ValueSource(nameof(Units))] int units) =>
        Check(
            units,
            [3, 1, 1, 1],
            (x, width) => GRUGates.BackwardCandidate(x[0], x[1], x[2], x[3], width),
            x => NaiveGRUGates.BackwardCandidate(x[0], x[1], x[2], x[3]));

    [Test]
    public void Gru_backward_reset([ValueSource(nameof(Units))] int units) =>
        Check(
            units,
            [3, 1, 1, 1],
            (x, width) => GRUGates.BackwardReset(x[0], x[1], x[2], x[3], width),
            x => NaiveGRUGates.BackwardReset(x[0], x[1], x[2], x[3]));

    [Test]
    public void The_cell_state_may_be_updated_in_place([ValueSource(nameof(Units))] int units)
    {
        System.Random random = new(units);
        ColumnBlock z = Bits.RandomBlock(random, 4 * units, 5);
        ColumnBlock before = Bits.RandomBlock(random, units, 5);
        ColumnBlock after = Bits.Copy(before);
        ColumnBlock h = Bits.RandomBlock(random, units, 5);
        ColumnBlock sameZ = Bits.Copy(z);
        ColumnBlock sameC = Bits.Copy(before);
        ColumnBlock sameH = Bits.Copy(h);

        LSTMGates.Forward(z, before, after, null, h);
        LSTMGates.Forward(sameZ, sameC, sameC, null, sameH);

        Assert.That(sameC.Values.ToArray(), Is.EqualTo(after.Values.ToArray()));
        Assert.That(sameH.Values.ToArray(), Is.EqualTo(h.Values.ToArray()));
    }

    [Test]
    public void NaN_in_one_unit_stays_in_that_unit_and_saturated_gates_stay_finite()
    {
        DenseMatrix z = new(12, 1, [1000, 0, Real.NaN, 1000, 0, 0, -1000, 0, 0, 1000, 0, 0]);
        DenseMatrix c = new(3, 1, [2, 2, 2]);
        DenseMatrix h = new(3, 1);
        LSTMGates.Forward(z, c, c, null, h);
        Assert.That(c.Values, Is.EqualTo(new Real[] { 1, 1, Real.NaN }));
        Assert.That(h.Values[2], Is.NaN);
        Assert.That(h.Values[0], Is.EqualTo(Math.Tanh(1)).Within(1e-6));
    }

    private static void Check(int units, int[] heights, Sweep kernel, Action<ColumnBlock[]> twin)
    {
        System.Random random = new(units);
        ColumnBlock[] start = [.. heights.Select(height => Bits.RandomBlock(random, height * units, 6))];
        foreach (ref Real value in start[0].Values)
        {
            value *= 6;
        }

        ColumnBlock[] expected = [.. start.Select(Bits.Copy)];
        twin(expected);
        ColumnBlock[]? first = null;
        foreach (int? width in Bits.Widths.Select(width => (int?)width).Append(null))
        {
            DenseMatrix[] matrices = [.. start.Select(Framed)];
            ColumnBlock[] actual = [.. matrices.Select(matrix => new ColumnBlock(matrix, 1, 6))];
            kernel(actual, width);
            for (int i = 0; i < actual.Length; i++)
            {
                // Gate gradients grow with the gates, which are 6 here where real ones are below 1.
                Bits.AssertClose(actual[i].Values, expected[i].Values, Tolerance * 10);
                Bits.AssertSame(actual[i].Values, (first ?? actual)[i].Values, 100);
                Bits.AssertUntouchedAround(matrices[i]);
            }

            first ??= actual;
        }
    }

    private static DenseMatrix Framed(ColumnBlock block)
    {
        DenseMatrix matrix = new(block.Rows, block.ColumnCount + 2);
        matrix.Values.AsSpan().Fill(Real.NaN);
        block.Values.CopyTo(matrix.Values.AsSpan(block.Rows));
        return matrix;
    }
}
