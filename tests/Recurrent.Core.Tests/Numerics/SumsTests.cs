using Recurrent.Numerics;

namespace Recurrent.Tests.Numerics;

/// <summary>Run at every register width by the check: the twins below are the same at all of them.</summary>
[TestFixture]
public sealed class SumsTests
{
    private static int[] Lengths => [0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 100, 255, 2048, 2049];

    [TestCaseSource(nameof(Lengths))]
    public void Sums_have_the_bits_of_their_twin(int length)
    {
        Real[] x = Random(length, 1);
        Real[] y = Random(length, 2);
        double[] wide = [.. x.Select(value => (double)value)];
        Assert.Multiple(() =>
        {
            Assert.That(Sums.Of<Real>(x), Is.EqualTo(NaiveSums.Of(wide)));
            Assert.That(Sums.OfMagnitudes<Real>(x), Is.EqualTo(NaiveSums.Of([.. wide.Select(Math.Abs)])));
            Assert.That(Sums.OfSquares<Real>(x), Is.EqualTo(NaiveSums.Of([.. wide.Select(value => value * value)])));
            Assert.That(
                Sums.OfSquaredDeviations<Real>(x, 0.3),
                    Is.EqualTo(NaiveSums.Of([.. wide.Select(value => (value - 0.3) * (value - 0.3))])));
            Assert.That(Sums.OfProducts<Real>(x, y), Is.EqualTo(NaiveSums.Of([.. wide.Select((value, i) => value * y[i])])));
            Assert.That(Sums.OfSquares<double>(wide), Is.EqualTo(NaiveSums.Of([.. wide.Select(value => value * value)])));
            Assert.That(Sums.Norm<Real>(x), Is.EqualTo(Math.Sqrt(wide.Sum(value => value * value))).Within(1e-11).Percent);
        });
    }

    [TestCaseSource(nameof(Lengths))]
    public void Normalizing_has_the_bits_of_its_twin(int length)
    {
        Real[] x = Random(length, 3);
        Real[] hat = new Real[length];
        Real[] expected = new Real[length];
        if (length == 0)
        {
            return;
        }

        Real factor = Normalizer.Forward(x, hat, 1e-3);
        Assert.That(factor, Is.EqualTo(NaiveSums.Normalize(x, expected, 1e-3)));
        Assert.That(hat, Is.EqualTo(expected));
        Real[] gradient = Random(length, 4);
        Real[] expectedGradient = [.. gradient];
        Normalizer.Backward(gradient, hat, factor);
        NaiveSums.NormalizeBack(expectedGradient, hat, factor);
        Assert.That(gradient, Is.EqualTo(expectedGradient));
    }

    [Test]
    public void Large_values_have_a_mean_and_a_variance([Values(1e20, 1e30, 3e38)] double size, [Values(2, 4, 100)] int length)
    {
        Real[] x = [.. Enumerable.Range(0, length).Select(i => (Real)(i % 2 == 0 ? size : -size))];
        Real[] hat = new Real[length];
        Real factor = Normalizer.Forward(x, hat, 1e-3);
        Assert.That(hat, Is.EqualTo(x.Select(value => (Real)Math.Sign(value))).Within(1).Ulps);
        Assert.That(factor, Is.EqualTo(1 / size).Within(1e-5).Percent);
    }

    [Test]
    public void A_large_mean_costs_no_accuracy()
    {
        Real[] x = [1000001, 1000002, 1000003, 1000006];
        Real[] hat = new Real[4];
        Normalizer.Forward(x, hat, 0);
        double root = Math.Sqrt(3.5);
        Assert.That(hat, Is.EqualTo(new[] { -2 / root, -1 / root, 0, 3 / root }.Select(value => (Real)value)));
    }

    [Test]
    public void Values_that_are_all_the_same_give_zero([Values(0, 1, -3e38)] double value, [Values(0, 1e-3)] double epsilon)
    {
        Real[] hat = new Real[5];
        Normalizer.Forward([.. Enumerable.Repeat((Real)value, 5)], hat, epsilon);
        Assert.That(hat, Is.All.EqualTo(0));
    }

    [Test]
    public void Norms_do_not_leave_the_range()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Sums.Norm<float>([3e38f, -3e38f, 3e38f, 3e38f]), Is.EqualTo(6e38).Within(1e-5).Percent);
            Assert.That(Sums.Norm<float>([3e-40f, 4e-40f]), Is.EqualTo(5e-40).Within(1e-3).Percent);
            Assert.That(Sums.Norm<double>([3e200, -4e200]), Is.EqualTo(5e200).Within(1e-12).Percent);
            Assert.That(Sums.Norm<double>([3e-200, 4e-200]), Is.EqualTo(5e-200).Within(1e-12).Percent);
            Assert.That(Sums.Norm<double>([1.5e308, 5e-324]), Is.EqualTo(1.5e308));
            Assert.That(Sums.Norm<double>([5e-324, 0]), Is.EqualTo(5e-324));
            Assert.That(Sums.Norm<double>([0, 0]), Is.Zero);
            Assert.That(Sums.Norm<double>([]), Is.Zero);
            Assert.That(Sums.Norm<double>([1, double.NegativeInfinity]), Is.EqualTo(double.PositiveInfinity));
            Assert.That(Sums.Norm<double>([double.NaN, 1e200]), Is.NaN);
            Assert.That(Sums.Norm<float>([1, float.NaN]), Is.NaN);
        });
    }

    [Test]
    public void Scaling_rounds_once([Values(3, 8, 21)] int length)
    {
        Real[] x = Random(length, 5);
        Real[] expected = [.. x.Select(value => (Real)(value * 0.1))];
        double[] tenths = [.. Enumerable.Repeat(0.1, length)];
        Real[] copy = [.. x];
        Wide.Scale(x, 0.1);
        Wide.Scale(copy, tenths);
        Assert.That(x, Is.EqualTo(expected));
        Assert.That(copy, Is.EqualTo(expected));
    }

    [Test]
    public void Operands_of_unequal_length_are_refused() => Assert.That(
        () => Sums.OfProducts<Real>([1, 2], [1]), Throws.InstanceOf<ArgumentException>());

    private static Real[] Random(int length, int seed)
    {
        System.Random random = new(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (Real)((random.NextDouble() - 0.4) * 10))];
    }
}
