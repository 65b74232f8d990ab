using Recurrent.Optimizers;
using Recurrent.Parameters;

namespace Recurrent.Tests.Optimizers;

/// <summary>Finite gradients, however large or small, give finite steps of the right size.</summary>
public sealed class RangeTests
{
    [Test]
    public void Centred_RMSprop_bears_a_constant_gradient(
        [Values(5.37, 3.3, 0.1, 1000, 1e10, 1e19, -5.37)] double gradient, [Values(0, 0.9)] double momentum)
    {
        var optimizer = new RMSprop(learningRate: 1e-6, momentum: momentum, centered: true);
        Parameter weight = Train(optimizer, 1000, _ => gradient);
        Assert.That(weight.Values[0], Is.Not.NaN);
        Assert.That(Math.Sign(weight.Values[0]), Is.EqualTo(-Math.Sign(gradient)));
        Assert.That(optimizer.Slots.SelectMany(slot => slot.Values.Values), Is.All.Matches<Real>(Real.IsFinite));
    }

    [Test]
    public void Centred_RMSprop_takes_the_steps_of_double_precision()
    {
        var random = new System.Random(3);
        double[] gradients = [.. Enumerable.Range(0, 300).Select(_ => (double)(Real)(5 + (2 * random.NextDouble())))];
        Parameter weight = Train(new RMSprop(learningRate: 0.01, centered: true), gradients.Length, i => gradients[i]);
        (double w, double v, double a) = (0, 0, 0);
        foreach (double g in gradients)
        {
            v = (0.9 * v) + (0.1 * g * g);
            a = (0.9 * a) + (0.1 * g);
            w -= 0.01 * g / Math.Sqrt(v - (a * a) + 1e-7);
        }

        Assert.That(weight.Values[0], Is.EqualTo(w).Within(0.02).Percent);
    }

    [TestCase(1e20, 1e28)]
    [TestCase(3e38, 1)]
    [TestCase(1e19, 1e19)]
    public void A_gradient_is_clipped_by_its_norm_though_the_squares_are_no_numbers(double size, double other)
    {
        double length = Math.Sqrt((size * size) + (other * other));
        foreach (Optimizer optimizer in new[] { new SGD(1, clipNorm: 2), new SGD(1, globalClipNorm: 2) })
        {
            var weights = new Parameter("w", [2]);
            optimizer.Build([weights]);
            optimizer.Apply([new DenseMatrix(2, 1, [(Real)size, (Real)other])]);
            Assert.That(weights.Values[0], Is.EqualTo(-2 * size / length).Within(1e-5));
            Assert.That(weights.Values[1], Is.EqualTo(-2 * other / length).Within(1e-5));
        }
    }

    [Test]
    public void A_global_norm_is_over_all_gradients_however_large()
    {
        Parameter[] weights = [new("a", [3000]), new("b", [1])];
        var optimizer = new SGD(1, globalClipNorm: 1);
        optimizer.Build(weights);
        var first = new DenseMatrix(3000, 1);
        Array.Fill(first.Values, (Real)1e28);
        optimizer.Apply([first, new DenseMatrix(1, 1, [(Real)(-1e28)])]);
        double expected = 1 / Math.Sqrt(3001);
        Assert.That(weights[0].Values.ToArray(), Is.All.EqualTo(-expected).Within(1e-6));
        Assert.That(weights[1].Values[0], Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void Tiny_gradients_are_not_taken_for_none()
    {
        foreach (Optimizer optimizer in new[] { new SGD(1, clipNorm: 1e-30), new SGD(1, globalClipNorm: 1e-30) })
        {
            var weights = new Parameter("w", [2]);
            optimizer.Build([weights]);
            optimizer.Apply([new DenseMatrix(2, 1, [(Real)3e-25, (Real)(-4e-25)])]);
            Assert.That(weights.Values[0], Is.EqualTo(-0.6e-30).Within(1e-4).Percent);
            Assert.That(weights.Values[1], Is.EqualTo(0.8e-30).Within(1e-4).Percent);
        }
    }

    [Test]
    public void A_gradient_that_is_not_finite_is_not_hidden([Values(double.NaN, double.PositiveInfinity)] double value)
    {
        foreach (Optimizer optimizer in new Optimizer[]
        {
            new SGD(clipNorm: 1), new SGD(globalClipNorm: 1), new Adam(), new Adam(amsgrad: true), new AdamW(), new RMSprop(),
            new RMSprop(centered: true), new RMSprop(momentum: 0.9), new Nadam(), new Adamax(), new Adagrad(), new Adadelta(),
            new Lion(), new Ftrl(), new Lamb(), new Adafactor(), new ScheduleFreeAdamW(), new Muon(),
        })
        {
            Assert.That(Train(optimizer, 2, _ => value).Values[0], Is.NaN, optimizer.ClassName);
        }
    }

    [Test]
    public void Adaptive_steps_of_large_gradients_are_as_long_as_those_of_small_ones(
    [Values(1e20, 5e30, 3e38, -1e25)] double gradient)
    {
        foreach (Func<Optimizer> create in new Func<Optimizer>[]
        {
            () => new Adam(0.01), () => new Adam(0.01, amsgrad: true), () => new AdamW(0.01, weightDecay: 0), () =>
                new RMSprop(0.01),
            () => new RMSprop(0.01, momentum: 0.5), () => new RMSprop(0.01, rho: 0.99), () => new Nadam(0.01),
            () => new Adamax(0.01), () => new Lion(0.01), () => new Lamb(0.01), () => new Adafactor(0.01),
            () => new ScheduleFreeAdamW(0.01), () => new Muon(0.01),
        })
        {
            Optimizer optimizer = create();
            Parameter weight = Train(optimizer, 60, _ => gradient);
            Parameter expected = Train(create(), 60, _ => Math.Sign(gradient) * 1e4);
            Assert.That(weight.Values[0], Is.EqualTo(expected.Values[0]).Within(0.01).Percent, optimizer.ClassName);
            Assert.That(optimizer.Slots.SelectMany(slot => slot.Values.Values), Is.All.Matches<Real>(Real.IsFinite));
        }
    }

    [Test]
    public void After_a_large_gradient_small_ones_go_on()
    {
        foreach (Optimizer optimizer in new Optimizer[] { new Adam(0.01), new Adam(0.01, amsgrad: true), new RMSprop(0.01),
            new RMSprop(0.01, centered: true), new Nadam(0.01), new Adamax(0.01), new Adagrad(0.01), new Adadelta(0.01),
            new Lion(0.01), new Ftrl(0.01), new Lamb(0.01), new Adafactor(0.01), new ScheduleFreeAdamW(0.01), new Muon(0.01) })
        {
            Parameter weight = Train(optimizer, 400, i => i == 3 ? 1e30 : 0.5);
            Assert.That(Math.Abs(weight.Values[0]), Is.LessThan(20), optimizer.ClassName);
        }
    }

    [Test]
    public void Without_epsilon_a_weight_that_no_gradient_reaches_stays()
    {
        foreach (Optimizer optimizer in new Optimizer[] { new Adam(epsilon: 0), new Adam(epsilon: 0, amsgrad: true),
            new RMSprop(epsilon: 0), new RMSprop(epsilon: 0, centered: true), new Adafactor(epsilon1: 0),
            new ScheduleFreeAdamW(epsilon: 0), new Muon(epsilon: 0) })
        {
            Assert.That(Train(optimizer, 5, _ => 0).Values[0], Is.Zero, optimizer.ClassName);
        }
    }

    [Test]
    public void A_beta_close_to_one_gives_a_number()
    {
        Parameter weight = Train(new Adam(0.01, beta1: 0.99999999), 1, _ => 1);
        Assert.That(weight.Values[0], Is.EqualTo(-0.01).Within(1).Percent);
    }

    private static Parameter Train(Optimizer optimizer, int updates, Func<int, double> gradient)
    {
        var weight = new Parameter("w", [1]);
        optimizer.Build([weight]);
        for (int i = 0; i < updates; i++)
        {
            optimizer.Apply([new DenseMatrix(1, 1, [(Real)gradient(i)])]);
        }

        return weight;
    }
}
