using Recurrent.Numerics;

namespace Recurrent.Tests.Numerics;

[TestFixture]
public sealed class VectorMathTests
{
    [Test]
    public void Results_do_not_depend_on_width_length_or_place()
    {
        System.Random random = new(1);
        Real[] x = [.. Enumerable.Range(0, 70).Select(_ => (Real)((random.NextDouble() - 0.5) * 30))];
        foreach (Action<Real[], Real[], int> function in new Action<Real[], Real[], int>[]
        {
            (from, to, width) => Map<ExpFunction>.Run(from, to, width),
            (from, to, width) => Map<SigmoidFunction>.Run(from, to, width),
            (from, to, width) => Map<LogSigmoidFunction>.Run(from, to, width),
            (from, to, width) => Map<TanhFunction>.Run(from, to, width),
        })
        {
            Real[] expected = new Real[x.Length];
            function(x, expected, Bits.Widths[0]);
            foreach (int width in Bits.Widths)
            {
                for (int first = 0; first < x.Length; first += 3)
                {
                    Real[] part = x[first..];
                    function(part, part, width);
                    Bits.AssertSame(part, expected.AsSpan(first), 4);
                }
            }
        }
    }

    [Test]
    public void The_ends_are_exact()
    {
        Real[] x = [Real.NaN, Real.PositiveInfinity, Real.NegativeInfinity, 0, (Real)(-0.0), Real.MaxValue,
            Real.MinValue, Real.Epsilon];
        Real[] y = new Real[x.Length];
        VectorMath.Tanh(x, y);
        Assert.That(y, Is.EqualTo(new Real[] { Real.NaN, 1, -1, 0, 0, 1, -1, Real.Epsilon }));
        Assert.That(Real.IsNegative(y[4]), "tanh(-0) is -0");
        VectorMath.Sigmoid(x, y);
        Assert.That(y, Is.EqualTo(new[] { Real.NaN, 1, 0, (Real)0.5, (Real)0.5, 1, 0, (Real)0.5 }));
        VectorMath.LogSigmoid(x, y);
        Real half = -(Real)Math.Log(2);
        Assert.That(y, Is.EqualTo(new[] { Real.NaN, 0, Real.NegativeInfinity, half, half, 0, Real.MinValue, half }));
        VectorMath.Exp(x, y);
        Assert.That(y, Is.EqualTo(new[] { Real.NaN, Real.PositiveInfinity, 0, 1, 1, Real.PositiveInfinity, 0, 1 }));
    }

    [Test]
    public void Arithmetic_is_element_by_element()
    {
        Real[] x = [1, 2, 3];
        Real[] y = [4, 5, 6];
        Real[] z = new Real[3];
        VectorMath.Multiply(x, y, z);
        Assert.That(z, Is.EqualTo(new Real[] { 4, 10, 18 }));
        VectorMath.AddProduct(x, y, z);
        Assert.That(z, Is.EqualTo(new Real[] { 8, 20, 36 }));
        VectorMath.Subtract(z, y, z);
        Assert.That(z, Is.EqualTo(new Real[] { 4, 15, 30 }));
        VectorMath.Add(x, z);
        Assert.That(z, Is.EqualTo(new Real[] { 5, 17, 33 }));
        VectorMath.AddScaled(2, x, z);
        Assert.That(z, Is.EqualTo(new Real[] { 7, 21, 39 }));
        VectorMath.Scale(3, z);
        Assert.That(z, Is.EqualTo(new Real[] { 21, 63, 117 }));
    }

    [Test]
    public void Columns_take_a_bias()
    {
        DenseMatrix c = new(2, 3, [0, 0, 1, 2, 3, 4]);
        VectorMath.AddColumnwise([10, 20], new ColumnBlock(c, 1, 2));
        Assert.That(c.Values, Is.EqualTo(new Real[] { 0, 0, 11, 22, 13, 24 }));
    }

    [Test]
    public void Softmax_is_stable_and_adds_up_to_one()
    {
        Real[] x = [1, 2, 3, 1000, 1001, 1002, -1000, -1000, -1000, 5, Real.NaN, 5];
        Real[] y = new Real[x.Length];
        Real[] log = new Real[x.Length];
        VectorMath.SoftmaxColumns(x, y, 3);
        VectorMath.LogSoftmaxColumns(x, log, 3);

        // e⁻², e⁻¹ and 1 over their sum 1.503215.
        Real[] expected = [(Real)0.09003057, (Real)0.24472847, (Real)0.66524096];
        Assert.That(y[..3], Is.EqualTo(expected).Within(1e-7));
        Assert.That(y[3..6], Is.EqualTo(y[..3]));
        Assert.That(y[6..9], Is.EqualTo(new[] { (Real)1 / 3, (Real)1 / 3, (Real)1 / 3 }).Within(1e-7));
        Assert.That(y[9..], Is.All.NaN);
        Assert.That(log[9..], Is.All.NaN);
        Assert.That(log[..3], Is.EqualTo(expected.Select(value => (Real)Math.Log(value))).Within(2e-7));
        Assert.That(log[3..6], Is.EqualTo(log[..3]));
    }

    [Test]
    public void Lengths_that_do_not_match_are_refused() =>
        Assert.Multiple(() =>
        {
            Assert.That(() => VectorMath.Tanh(new Real[3], new Real[2]), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => VectorMath.Add(new Real[3], new Real[4]), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => VectorMath.Multiply(new Real[3], new Real[2], new Real[3]), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => VectorMath.SoftmaxColumns(new Real[6], new Real[6], 4), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => VectorMath.AddColumnwise(new Real[3], new DenseMatrix(2, 2)),
                Throws.InstanceOf<ArgumentException>());
        });
}
