#if !FLOAT64
using Recurrent.Numerics;

namespace Recurrent.Tests.Numerics;

/// <summary>The error bounds that the documentation of <see cref="VectorMath"/> states, over the floats themselves.</summary>
[TestFixture]
public sealed class AccuracyTests
{
    private const double ExpBound = 1.1;
    private const double SigmoidBound = 2.5;
    private const double TanhBound = 2.6;
    private const double LogSigmoidBound = 3;
    private const uint Stride = 61;
    private const int Chunk = 4096;

    // The smallest float whose sigmoid is not flushed to zero has a result just above this.
    private const double SmallestSigmoid = 2.5e-38;

    private delegate void Function(ReadOnlySpan<float> x, Span<float> y);

    [Test]
    public void Exp_every_61st_float() => Sweep(VectorMath.Exp, Math.Exp, ExpBound, 0, Stride);

    [Test]
    public void Sigmoid_every_61st_float() => Sweep(VectorMath.Sigmoid, Logistic, SigmoidBound, SmallestSigmoid, Stride);

    [Test]
    public void LogSigmoid_every_61st_float() => Sweep(VectorMath.LogSigmoid, LogLogistic, LogSigmoidBound, 0, Stride);

    [Test]
    public void Tanh_every_61st_float() => Sweep(VectorMath.Tanh, Math.Tanh, TanhBound, 0, Stride);

    [Test]
    [Explicit("All floats, some minutes.")]
    public void Exp_every_float() => Sweep(VectorMath.Exp, Math.Exp, ExpBound, 0, 1);

    [Test]
    [Explicit("All floats, some minutes.")]
    public void Sigmoid_every_float() => Sweep(VectorMath.Sigmoid, Logistic, SigmoidBound, SmallestSigmoid, 1);

    [Test]
    [Explicit("All floats, some minutes.")]
    public void LogSigmoid_every_float() => Sweep(VectorMath.LogSigmoid, LogLogistic, LogSigmoidBound, 0, 1);

    [Test]
    [Explicit("All floats, some minutes.")]
    public void Tanh_every_float() => Sweep(VectorMath.Tanh, Math.Tanh, TanhBound, 0, 1);

    /// <summary>Both half-lines, outward from zero: error in units in the last place, and how far the results ever go
    /// back.</summary>
    private static void Sweep(Function function, Func<double, double> exact, double bound, double flushedBelow, uint stride)
    {
        float[] x = new float[Chunk];
        float[] y = new float[Chunk];
        double worst = 0;
        float worstAt = 0;
        double worstStepBack = 0;
        foreach (uint sign in new[] { 0u, 0x8000_0000u })
        {
            double before = double.NaN;
            for (ulong start = 0; start <= 0x7f80_0000; start += (ulong)stride * Chunk)
            {
                for (int i = 0; i < Chunk; i++)
                {
                    uint bits = (uint)Math.Min(start + ((ulong)stride * (uint)i), 0x7f80_0000);
                    x[i] = BitConverter.UInt32BitsToSingle(bits | sign);
                }

                function(x, y);
                for (int i = 0; i < Chunk; i++)
                {
                    double expected = exact(x[i]);
                    double error = ErrorInUlp(y[i], expected, flushedBelow);
                    if (!(error <= worst))
                    {
                        worst = error;
                        worstAt = x[i];
                    }

                    double stepBack = sign == 0 ? before - y[i] : y[i] - before;
                    if (stepBack > 0)
                    {
                        worstStepBack = Math.Max(worstStepBack, stepBack / Ulp(expected));
                    }

                    before = y[i];
                }
            }
        }

        TestContext.Out.WriteLine($"worst {worst:F3} ulp at {worstAt:R}; largest step back {worstStepBack:F2} ulp");
        Assert.That(worst, Is.InRange(0, bound), $"at {worstAt:R}");
        Assert.That(worstStepBack, Is.InRange(0, 2), "not monotone");
    }

    private static double ErrorInUlp(float actual, double expected, double flushedBelow)
    {
        float rounded = (float)expected;
        if (actual.Equals(rounded) || (actual == 0 && expected < flushedBelow && expected >= 0))
        {
            return actual.Equals(rounded) && float.IsFinite(rounded) ? Math.Abs(actual - expected) / Ulp(expected) : 0;
        }

        return float.IsFinite(actual) && float.IsFinite(rounded)
            ? Math.Abs(actual - expected) / Ulp(expected)
            : double.PositiveInfinity;
    }

    private static double Ulp(double value)
    {
        int exponent = Math.Max(value == 0 ? -126 : Math.ILogB(value), -126);
        return Math.ScaleB(1, exponent - 23);
    }

    private static double LogLogistic(double x) => -StableMath.Softplus(-x);

    private static double Logistic(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));
}
#endif
