using Recurrent.Numerics;

namespace Recurrent.Tests.Numerics;

/// <summary>Linear recurrences over many steps at once: against the plain loop, step by step, on any number of threads.</summary>
[TestFixture]
public sealed class LinearScanTests
{
    private static readonly int[] Sizes = [1, 3, 8, 17, 50, 333];

    private static readonly int[] Lengths = [1, 2, 7, 400];

    [Test]
    public void Forward_is_the_plain_loop_at_every_width(
        [ValueSource(nameof(Sizes))] int size, [ValueSource(nameof(Lengths))] int steps)
    {
        Numbers given = new(size, steps);
        Real[] expected = new Real[size * steps];
        Real[] expectedCarry = [.. given.Carry];
        NaiveLinearScan.Forward(given.A, given.B, expectedCarry, expected);
        foreach (int? width in Bits.Widths.Select(width => (int?)width).Append(null))
        {
            Real[] h = new Real[size * steps];
            Real[] carry = [.. given.Carry];
            LinearScan.Forward(given.A, given.B, carry, h, width: width);
            Bits.AssertSame(h, expected, steps);
            Bits.AssertSame(carry, expectedCarry, steps);
        }
    }

    [Test]
    public void Backward_is_the_plain_loop_at_every_width(
        [ValueSource(nameof(Sizes))] int size, [ValueSource(nameof(Lengths))] int steps)
    {
        Numbers given = new(size, steps);
        Real[] expected = [.. given.Dh];
        Real[] expectedDa = new Real[size * steps];
        Real[] expectedCarry = [.. given.Carry];
        NaiveLinearScan.Backward(given.A, given.B, expected, expectedDa, expectedCarry);
        foreach (int? width in Bits.Widths.Select(width => (int?)width).Append(null))
        {
            Real[] dh = [.. given.Dh];
            Real[] da = new Real[size * steps];
            Real[] carry = [.. given.Carry];
            LinearScan.Backward(given.A, given.B, dh, da, carry, width: width);
            Bits.AssertSame(dh, expected, steps);
            Bits.AssertSame(da, expectedDa, steps);
            Bits.AssertSame(carry, expectedCarry, steps);
        }
    }

    [Test]
    public void The_bits_are_those_of_one_step_at_a_time_and_of_one_thread([Values(2, 3, 7)] int threads)
    {
        const int Size = 1000;
        const int Steps = 300;
        Numbers given = new(Size, Steps);
        Real[] single = new Real[Size * Steps];
        Real[] carry = [.. given.Carry];
        for (int t = 0; t < Steps; t++)
        {
            Range step = (t * Size)..((t + 1) * Size);
            LinearScan.Forward(given.A.AsSpan(step), given.B.AsSpan(step), carry, single.AsSpan(step));
        }

        Real[] h = new Real[Size * Steps];
        Real[] last = [.. given.Carry];
        LinearScan.Forward(given.A, given.B, last, h, threads);
        Assert.That(h, Is.EqualTo(single));
        Assert.That(last, Is.EqualTo(carry));

        (Real[] Dh, Real[] Da, Real[] Carry) one = Back(1);
        (Real[] Dh, Real[] Da, Real[] Carry) many = Back(threads);
        Assert.That(many.Dh, Is.EqualTo(one.Dh));
        Assert.That(many.Da, Is.EqualTo(one.Da));
        Assert.That(many.Carry, Is.EqualTo(one.Carry));

        (Real[] Dh, Real[] Da, Real[] Carry) Back(int count)
        {
            Real[] dh = [.. given.Dh];
            Real[] da = new Real[Size * Steps];
            Real[] back = [.. given.Carry];
            LinearScan.Backward(given.A, given.B, dh, da, back, count);
            return (dh, da, back);
        }
    }

    [Test]
    public void The_gradients_are_slopes()
    {
        // L = Σ w∘h over all steps; h is linear in b and in the start, and a polynomial of a.
        const int Size = 3;
        const int Steps = 5;
        Numbers given = new(Size, Steps);
        Real[] h = new Real[Size * Steps];
        Real[] last = [.. given.Carry];
        LinearScan.Forward(given.A, given.B, last, h);
        Real[] before = [.. given.Carry, .. h[..^Size]];
        Real[] dh = [.. given.Dh];
        Real[] da = new Real[h.Length];
        Real[] back = new Real[Size];
        LinearScan.Backward(given.A, before, dh, da, back);
        for (int i = 0; i < h.Length; i++)
        {
            Assert.That(da[i], Is.EqualTo(Slope(given, given.A, i)).Within(1e-4), $"a[{i}]");
            Assert.That(dh[i], Is.EqualTo(Slope(given, given.B, i)).Within(1e-4), $"b[{i}]");
        }

        for (int i = 0; i < Size; i++)
        {
            Assert.That(back[i], Is.EqualTo(Slope(given, given.Carry, i)).Within(1e-4), $"start[{i}]");
        }
    }

    [Test]
    public void What_is_given_may_be_written_over()
    {
        Numbers given = new(20, 6);
        Real[] h = new Real[120];
        LinearScan.Forward(given.A, given.B, [.. given.Carry], h);
        Real[] inPlace = [.. given.B];
        LinearScan.Forward(given.A, inPlace, [.. given.Carry], inPlace);
        Assert.That(inPlace, Is.EqualTo(h));
    }

    [Test]
    public void Lengths_that_are_no_steps_are_refused()
    {
        Assert.That(() => LinearScan.Forward(new Real[7], new Real[7], new Real[3], new Real[7]),
            Throws.InstanceOf<ArgumentException>());
        Assert.That(() => LinearScan.Forward(new Real[6], new Real[5], new Real[3], new Real[6]),
            Throws.InstanceOf<ArgumentException>());
        Assert.That(() => LinearScan.Forward(new Real[6], new Real[6], [], new Real[6]), Throws.InstanceOf<ArgumentException>());
    }

    private static double Slope(Numbers given, Real[] of, int i)
    {
        const double Step = 1.0 / 64;
        Real kept = of[i];
        of[i] = (Real)(kept + Step);
        double above = Loss(given);
        of[i] = (Real)(kept - Step);
        double below = Loss(given);
        of[i] = kept;
        return (above - below) / (2 * Step);
    }

    private static double Loss(Numbers given)
    {
        double sum = 0;
        for (int k = 0; k < given.Carry.Length; k++)
        {
            double h = given.Carry[k];
            for (int i = k; i < given.A.Length; i += given.Carry.Length)
            {
                h = (given.A[i] * h) + given.B[i];
                sum += given.Dh[i] * h;
            }
        }

        return sum;
    }

    private sealed class Numbers
    {
        public Numbers(int size, int steps)
        {
            System.Random random = new(size + (1000 * steps));
            Real[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (Real)((random.NextDouble() * 2) - 1))];
            A = Draw(size * steps);
            B = Draw(size * steps);
            Dh = Draw(size * steps);
            Carry = Draw(size);
        }

        public Real[] A { get; }

        public Real[] B { get; }

        public Real[] Dh { get; }

        public Real[] Carry { get; }
    }
}
