using Recurrent.Losses;

namespace Recurrent.Tests.Losses;

/// <summary>Losses of large values, where the result is a number although steps on the obvious way to it are not.</summary>
public sealed class LossRangeTests
{
    [Test]
    public void The_cosine_does_not_depend_on_lengths([Values(1e-20, 1e10, 1e20, 1e30, 1e38)] double size,
        [Values(1e-3, 1, 1e25)] double other)
    {
        Real[] y = [(Real)(1 * other), (Real)(2 * other), (Real)(-2 * other)];
        Real[] p = [(Real)(2 * size), (Real)(1 * size), (Real)(2 * size)];
        (Real value, Real[] gradient) = Evaluate(new CosineSimilarity(), y, p);
        double length = Math.Max(3 * size, 1e-7);
        Assert.That(value, Is.Zero.Within(1e-6));
        double[] expected = [-1 / 3.0 / length, -2 / 3.0 / length, 2 / 3.0 / length];
        for (int i = 0; i < 3; i++)
        {
            Assert.That(gradient[i], Is.EqualTo(expected[i]).Within(Math.Max(1e-5 * Math.Abs(expected[i]), 1e-44)));
        }

        Assert.That(Evaluate(new CosineSimilarity(), p, p).Value, size > 1e-7 ? Is.EqualTo(-1).Within(1e-6) : Is.InRange(-1, 0));
    }

    [Test]
    public void Means_are_numbers_where_a_single_term_is_none()
    {
        // One error of 2.5e19, whose square is above the largest float, in 16: the mean is not.
        var y = new Real[16];
        Real[] p = [(Real)2.5e19, .. new Real[15]];
        Assert.Multiple(() =>
        {
            Assert.That(Evaluate(new MeanSquaredError(), y, p).Value, Is.EqualTo(6.25e38 / 16).Within(1e-4).Percent);
            Assert.That(Evaluate(new Huber(1e20), y, p).Value, Is.EqualTo(6.25e38 / 32).Within(1e-4).Percent);
            Assert.That(Evaluate(new SquaredHinge(), [-1, .. Ones(15)], [p[0], .. Ones(15)]).Value, Is.EqualTo(6.25e38 / 16)
                .Within(1e-4).Percent);
        });

        // Errors of 6e38 in a mean with others.
        Real[] high = [(Real)3e38, 0, 0, 0];
        Real[] low = [(Real)(-3e38), 0, 0, 0];
        Assert.Multiple(() =>
        {
            foreach (Loss loss in new Loss[] { new MeanAbsoluteError(), new Huber(), new LogCosh() })
            {
                (Real value, Real[] gradient) = Evaluate(loss, high, low);
                Assert.That(value, Is.EqualTo(1.5e38).Within(1e-4).Percent, loss.ClassName);
                Assert.That(gradient, Is.EqualTo(new Real[] { (Real)(-0.25), 0, 0, 0 }).Within(1e-6), loss.ClassName);
            }

            Assert.That(Evaluate(new Quantile(0.5), high, low).Value, Is.EqualTo(0.75e38).Within(1e-4).Percent);
            Assert.That(Evaluate(new MeanAbsolutePercentageError(), high, low).Value, Is.EqualTo(50).Within(1e-4).Percent);
        });
    }

    [Test]
    public void As_metrics_losses_beyond_the_floats_are_numbers([Values(1e20, 1e30, 3e38)] double size)
    {
        Real[] y = [(Real)size, 0];
        Real[] p = [(Real)(-size), 0];
        Assert.Multiple(() =>
        {
            Assert.That(Metric(new MeanSquaredError()), Is.EqualTo(2 * size * size).Within(1e-4).Percent);
            Assert.That(Metric(new Huber(size)), Is.EqualTo(0.75 * size * size).Within(1e-4).Percent);
            Assert.That(Metric(new MeanAbsoluteError()), Is.EqualTo(size).Within(1e-4).Percent);
            Assert.That(Metric(new MeanAbsolutePercentageError()), Is.EqualTo(100).Within(1e-4).Percent);
        });

        double Metric(Loss loss)
        {
            var metric = new Recurrent.Metrics.LossMetric(loss);
            metric.Update(y, 2, p, 2, []);
            return metric.Result;
        }
    }

    [Test]
    public void Logits_may_be_as_far_apart_as_they_like()
    {
        Real[] logits = [(Real)3e38, (Real)(-3e38), 0];
        (Real value, Real[] gradient) = Evaluate(new CategoricalCrossentropy(fromLogits: true), [1, 0, 0], logits);
        Assert.That(value, Is.Zero);
        Assert.That(gradient, Is.All.Zero);
        (value, gradient) = Evaluate(new CategoricalCrossentropy(fromLogits: true), [0, 0, 1], logits);
        Assert.That(value, Is.EqualTo(3e38).Within(1e-4).Percent);
        Assert.That(gradient, Is.EqualTo(new Real[] { 1, 0, -1 }));
        (value, gradient) = Evaluate(new BinaryCrossentropy(fromLogits: true), [1, 0, 1], [(Real)3e38, (Real)(-3e38), 0]);
        Assert.That(value, Is.EqualTo(Math.Log(2) / 3).Within(1e-6));
        Assert.That(gradient, Is.EqualTo(new Real[] { 0, 0, (Real)(-0.5 / 3) }).Within(1e-6));
    }

    [Test]
    public void Probabilities_that_are_all_zero_give_a_number()
    {
        (Real value, Real[] gradient) = Evaluate(new CategoricalCrossentropy(), [0, 1], [0, 0]);
        Assert.That(value, Is.EqualTo(-Math.Log(1e-7)).Within(1e-4));
        Assert.That(gradient, Is.All.Zero);
    }

    private static Real[] Ones(int count) => [.. Enumerable.Repeat((Real)1, count)];

    private static (Real Value, Real[] Gradient) Evaluate(Loss loss, Real[] y, Real[] p)
    {
        var value = new Real[1];
        var gradient = new Real[p.Length];
        loss.Evaluate(y, p, p.Length, value, gradient);
        return (value[0], gradient);
    }
}
