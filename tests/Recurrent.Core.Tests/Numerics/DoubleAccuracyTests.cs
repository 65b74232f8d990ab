#if FLOAT64
using Recurrent.Numerics;

namespace Recurrent.Tests.Numerics;

/// <summary>The error bounds of the float64 build, which the gradient checks rest on.</summary>
[TestFixture]
public sealed class DoubleAccuracyTests
{
    [Test]
    public void Functions_are_accurate_to_a_few_units_in_the_last_place([Values(1e-3, 1.0, 20.0, 700.0)] double range)
    {
        System.Random random = new(1);
        double[] x = [.. Enumerable.Range(0, 200_000).Select(_ => (random.NextDouble() - 0.5) * 2 * range)];
        double[] y = new double[x.Length];
        Assert.Multiple(() =>
        {
            VectorMath.Exp(x, y);
            Assert.That(WorstRelativeError(x, y, Math.Exp), Is.InRange(0, 3e-16));
            VectorMath.Sigmoid(x, y);
            Assert.That(WorstRelativeError(x, y, v => v >= 0 ? 1 / (1 + Math.Exp(-v)) : Math.Exp(v) / (1 + Math.Exp(v))),
                Is.InRange(0, 4e-16));
            VectorMath.LogSigmoid(x, y);
            Assert.That(WorstRelativeError(x, y, v => -StableMath.Softplus(-v)), Is.InRange(0, 8e-16));
            VectorMath.Tanh(x, y);
            Assert.That(WorstRelativeError(x, y, Math.Tanh), Is.InRange(0, 6e-16));
        });
    }

    private static double WorstRelativeError(double[] x, double[] y, Func<double, double> exact) =>
        x.Zip(y, (argument, value) => Math.Abs((value / exact(argument)) - 1))
            .Max(error => double.IsNaN(error) ? double.PositiveInfinity : error);
}
#endif
