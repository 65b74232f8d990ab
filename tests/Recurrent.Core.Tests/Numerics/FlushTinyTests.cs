using Recurrent.Layers;
using Recurrent.Numerics;

namespace Recurrent.Tests.Numerics;

[TestFixture]
public sealed class FlushTinyTests
{
    [Test]
    public void Tiny_values_become_zero_and_nothing_else_changes([Values(1, 7, 8, 33)] int length)
    {
        double tiny = Math.Pow(2, typeof(Real) == typeof(double) ? -901 : -81);
        Real[] kept = [0, 1, -1, (Real)(2.5 * tiny), (Real)(-2.5 * tiny), Real.NaN, Real.PositiveInfinity, Real.NegativeInfinity];
        Real[] flushed = [(Real)tiny, (Real)(-tiny), Real.Epsilon, -Real.Epsilon];
        for (int offset = 0; offset < length; offset++)
        {
            foreach (Real value in kept.Concat(flushed))
            {
                var values = new Real[length];
                Array.Fill(values, 3);
                values[offset] = value;
                VectorMath.FlushTiny(values);
                Assert.That(values[offset], Is.EqualTo(flushed.Contains(value) ? 0 : value));
                Assert.That(values.Where((_, i) => i != offset), Is.All.EqualTo(3));
            }
        }
    }

    [Test]
    public void A_gradient_that_vanishes_ends_and_leaves_no_denormal_numbers()
    {
        // Every step back halves the gradient at least: after 600 steps it would have passed through the denormal numbers.
        var layer = new SimpleRNN(2, "linear", recurrentInitializer: "zeros", inputShape: (600, 1));
        layer.Build((600, 1), seed: 1);
        layer.Parameters[1].Value[0, 0] = 0.5f;
        layer.Parameters[1].Value[1, 1] = 0.25f;
        layer.Parameters[1].MarkChanged();
        layer.Prepare();
        Pass pass = layer.CreatePass(new((600, 1), 1, Differentiable: true, InputGradient: true));
        pass.Begin(training: false, key: 1);
        layer.Forward(pass, new SequenceBatch((600, 1), 1));
        DenseMatrix gradient = layer.Backward(pass, new DenseMatrix(2, 1, [1, 1]))!;

        Assert.That(gradient.Values, Has.None.Matches<Real>(value => value != 0 && !Real.IsNormal(value)));
        Assert.That(gradient.Values[599], Is.Not.Zero);
        Assert.That(gradient.Values[540], Is.Not.Zero);
        if (typeof(Real) == typeof(float))
        {
            Assert.That(gradient.Values[500], Is.Zero);
        }
    }
}
