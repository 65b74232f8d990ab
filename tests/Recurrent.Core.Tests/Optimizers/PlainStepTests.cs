using Recurrent.Optimizers;
using Recurrent.Parameters;

namespace Recurrent.Tests.Optimizers;

/// <summary>Algorithms, or options of them, that the reference values leave out, beside plain loops in double
/// precision.</summary>
public sealed class PlainStepTests
{
    private static readonly double[] Start = [0.5, -1.25, 2, 0.125, -0.75];

    [Test]
    public void Lamb_makes_each_step_as_long_as_its_parameter([Values(0, 0.1)] double decay)
    {
        (double[] w, double[] m, double[] v) = ([.. Start], new double[5], new double[5]);
        double[][] gradients = Gradients(6);
        for (int t = 1; t <= gradients.Length; t++)
        {
            var step = new double[5];
            for (int i = 0; i < 5; i++)
            {
                w[i] -= w[i] * decay * 0.05;
                m[i] += 0.2 * (gradients[t - 1][i] - m[i]);
                v[i] += 0.1 * ((gradients[t - 1][i] * gradients[t - 1][i]) - v[i]);
                step[i] = m[i] / (1 - Math.Pow(0.8, t)) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.9, t))) + 1e-3);
            }

            double ratio = Length(w) / Length(step);
            w = [.. w.Zip(step, (weight, s) => weight - (0.05 * ratio * s))];
        }

        Assert.That(Train(new Lamb(0.05, 0.8, 0.9, 1e-3, decay), gradients), Is.EqualTo(w).Within(EveryStepTests.Close));
    }

    [Test]
    public void Lamb_steps_from_weights_of_zero_as_Adam_does()
    {
        var weights = new Parameter("w", [3]);
        var lamb = new Lamb(0.1);
        lamb.Build([weights]);
        lamb.Apply([new DenseMatrix(3, 1, [1, -2, 0])]);
        Assert.That(weights.Values.ToArray(), Is.EqualTo((double[])[-0.1, 0.1, 0]).Within(1e-6));
    }

    [Test]
    public void Ftrl_takes_the_steps_of_its_formula_with_every_option([Values(0, -0.3, -0.5, -1)] double power)
    {
        const double Rate = 0.2;
        (double[] w, double[] a, double[] l) = ([.. Start], [0.3, 0.3, 0.3, 0.3, 0.3], new double[5]);
        double[][] gradients = Gradients(6);
        foreach (double[] gradient in gradients)
        {
            for (int i = 0; i < 5; i++)
            {
                double squares = a[i] + (gradient[i] * gradient[i]);
                double root = Math.Pow(squares, -power);
                l[i] += gradient[i] + (2 * 0.01 * w[i]) - ((root - Math.Pow(a[i], -power)) / Rate * w[i]);
                a[i] = squares;
                double pull = Math.Clamp(l[i], -0.02, 0.02) - l[i];
                w[i] = pull / ((root / Rate) + (2 * (0.03 + (0.5 / (2 * Rate)))));
            }
        }

        var ftrl = new Ftrl(Rate, power, 0.3, 0.02, 0.03, 0.01, 0.5);
        Assert.That(Train(ftrl, gradients), Is.EqualTo(w).Within(EveryStepTests.Close));
    }

    [Test]
    public void Ftrl_sets_weights_to_0_that_their_gradients_are_not_worth()
    {
        var weights = new Parameter("w", [2]);
        var ftrl = new Ftrl(0.1, l1RegularizationStrength: 1);
        ftrl.Build([weights]);
        weights.Values.Fill(1);
        ftrl.Apply([new DenseMatrix(2, 1, [(Real)0.01, 8])]);
        Assert.That(weights.Values[0], Is.Zero);
        Assert.That(weights.Values[1], Is.Not.Zero);
    }

    [Test]
    public void The_product_of_Nadam_s_momenta_follows_from_the_number_of_updates()
    {
        double[][] gradients = Gradients(40);
        var whole = new Parameter("w", [5]);
        var optimizer = new Nadam(0.01);
        optimizer.Build([whole]);
        foreach (double[] gradient in gradients)
        {
            optimizer.Apply([Matrix(gradient)]);
        }

        // Back by ten updates and forward by five, as a file may set it; then the last one again, over the slots as they are.
        Real[][] slots = [.. optimizer.Slots.Select(slot => slot.Values.Values.ToArray())];
        Real[] before = whole.Values.ToArray();
        optimizer.Apply([Matrix(gradients[0])]);
        Real[] expected = whole.Values.ToArray();
        optimizer.Iterations = 10;
        optimizer.Apply([Matrix(gradients[1])]);
        optimizer.Iterations = gradients.Length;
        before.CopyTo(whole.Values);
        foreach ((Slot slot, Real[] values) in optimizer.Slots.PairedWith(slots))
        {
            values.CopyTo(slot.Values.Values, 0);
        }

        optimizer.Apply([Matrix(gradients[0])]);
        Assert.That(whole.Values.ToArray(), Is.EqualTo(expected));
    }

    private static double[][] Gradients(int count)
    {
        var random = new System.Random(5);
        return [.. Enumerable.Range(0, count)
            .Select(_ => Enumerable.Range(0, 5).Select(_ => random.NextDouble() - 0.4).ToArray())];
    }

    private static double[] Train(Optimizer optimizer, double[][] gradients)
    {
        var weights = new Parameter("w", [5]);
        optimizer.Build([weights]);
        Matrix(Start).Values.CopyTo(weights.Values);
        foreach (double[] gradient in gradients)
        {
            optimizer.Apply([Matrix(gradient)]);
        }

        return [.. weights.Values.ToArray().Select(weight => (double)weight)];
    }

    private static DenseMatrix Matrix(double[] values) => new(values.Length, 1, [.. values.Select(value => (Real)value)]);

    private static double Length(double[] values) => Math.Sqrt(values.Sum(value => value * value));
}
