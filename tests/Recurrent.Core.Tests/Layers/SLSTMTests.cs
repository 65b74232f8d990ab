using Recurrent.Layers;
using static Recurrent.Tests.Layers.Recurrences;

namespace Recurrent.Tests.Layers;

/// <summary>SLSTM: numbers worked out by hand, the unstabilised equations, and what stabilising is for.</summary>
[TestFixture]
public sealed class SLSTMTests
{
    [Test]
    public void By_hand()
    {
        // One unit, W = 0 but W_z = 1, U = 0, b = (ĩ, f̃, z̃, õ) = (0, 0, 0, 0); act linear; forget gate σ(0) = ½, i = 1, o = ½.
        // x = 2: c_1 = 2, n_1 = 1, h_1 = ½·2 = 1.        x = 5: c_2 = ½·2 + 5 = 6, n_2 = ½ + 1 = 1.5, h_2 = ½·4 = 2.
        // x = −1: c_3 = 3 − 1 = 2, n_3 = 0.75 + 1 = 1.75, h_3 = ½·2/1.75 = 4/7.
        NDArray y = Run(
            new SLSTM(1, options: new() { Activation = "linear" }, returnSequences: true), Series(2, 5, -1), [0, 0, 1, 0],
                [0, 0, 0, 0], [0, 0, 0, 0]);
        Assert.That(y.Values, Is.EqualTo((Real[])[1, 2, (Real)(4.0 / 7)]).Within(1e-6));
    }

    [Test]
    public void With_closed_formulas_of_its_wiring()
    {
        // Exponential forget gate at 0 forgets nothing, linear act and output gate 1: h is the mean of what came, weighted by eⁱ.
        // ĩ = x, z = x: h_2 = (e¹·1 + e³·3)/(e¹ + e³).
        NDArray y = Run(
            new SLSTM(1, "exponential", options: new() { Activation = "linear", RecurrentActivation = "linear" },
                returnSequences: true), Series(1, 3), [1, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 1]);
        double expected = (Math.E + (3 * Math.Exp(3))) / (Math.E + Math.Exp(3));
        Assert.That(y.Values, Is.EqualTo((Real[])[1, (Real)expected]).Within(1e-6));
    }

    [Test]
    public void The_stabilised_form_gives_what_the_unstabilised_one_gives([Values("sigmoid", "exponential")] string forgetGate)
    {
        const int Units = 3;
        const int Steps = 6;
        const int Features = 2;
        NDArray x = Numbers(2, Steps, Features);
        Real[] w = Numbers(Features * 4 * Units).Values;
        Real[] u = [.. Numbers(Units * 4 * Units).Values.Reverse()];
        Real[] b = Numbers(4 * Units).Values;
        NDArray y = Run(new SLSTM(Units, forgetGate: forgetGate, returnSequences: true), x, w, u, b);
        for (int sample = 0; sample < 2; sample++)
        {
            double[] h = new double[Units];
            double[] c = new double[Units];
            double[] n = new double[Units];
            for (int t = 0; t < Steps; t++)
            {
                double[] a = new double[4 * Units];
                for (int row = 0; row < a.Length; row++)
                {
                    a[row] = b[row];
                    for (int k = 0; k < Features; k++)
                    {
                        a[row] += w[(k * a.Length) + row] * x[sample, t, k];
                    }

                    for (int k = 0; k < Units; k++)
                    {
                        a[row] += u[(k * a.Length) + row] * h[k];
                    }
                }

                for (int k = 0; k < Units; k++)
                {
                    double i = Math.Exp(a[k]);
                    double f = forgetGate == "sigmoid" ? Sigmoid(a[Units + k]) : Math.Exp(a[Units + k]);
                    c[k] = (f * c[k]) + (i * Math.Tanh(a[(2 * Units) + k]));
                    n[k] = (f * n[k]) + i;
                    h[k] = Sigmoid(a[(3 * Units) + k]) * c[k] / n[k];
                    Assert.That(y[sample, t, k], Is.EqualTo(h[k]).Within(1e-6), $"step {t}, unit {k}");
                }
            }
        }
    }

    [TestCase(1000)]
    [TestCase(-1000)]
    [TestCase(1e8)]
    [TestCase(-1e8)]
    public void Large_pre_activations_overflow_nothing(double size)
    {
        foreach (string forgetGate in (string[])["sigmoid", "exponential"])
        {
            foreach (double forget in (double[])[size, -size, 0])
            {
                // The input gate at ±size in turn, the forget gate at ±size; the candidate is tanh(x).
                var layer = new SLSTM(2, forgetGate: forgetGate, returnSequences: true);
                SequenceBatch input = Batches.Of(Series(1, -1, 1, 1, -1, -1, 1));
                Build(layer, input, [(Real)size, (Real)(-size), 0, (Real)forget, 1, 1, 0, 0], new Real[16], new Real[8]);
                Pass pass = layer.CreatePass(new(input.SampleShape, 1, Differentiable: true, InputGradient: true));
                layer.Prepare();
                pass.Begin(training: false, key: 1);
                SequenceBatch output = layer.Forward(pass, input);
                Assert.That(output.Values.Values, Has.All.InRange(-0.5f * 0.762f, 0.5f * 0.762f));
                var cotangent = new DenseMatrix(2, 7);
                Array.Fill(cotangent.Values, 1);
                DenseMatrix gradient = layer.Backward(pass, cotangent)!;
                Assert.That(gradient.Values, Has.All.Matches<Real>(Real.IsFinite));
                Assert.That(pass.Gradients.SelectMany(g => g.Values), Has.All.Matches<Real>(Real.IsFinite));
                Assert.That(((RecurrentPass)pass).InitialStateGradients.SelectMany(g => g.Values),
                    Has.All.Matches<Real>(Real.IsFinite));
            }
        }
    }

    [Test]
    public void An_input_gate_closed_from_the_start_is_no_division_by_zero()
    {
        // n = f'·0 + i' with i' = e⁻²⁰⁰ would be zero in float; the first step is its own measure: h = ½·tanh 1.
        NDArray y = Run(new SLSTM(1), Series(1), [0, 0, 1, 0], [0, 0, 0, 0], [-200, 1, 0, 0]);
        Assert.That(y.Values[0], Is.EqualTo(0.5 * Math.Tanh(1)).Within(1e-6));
    }

    [Test]
    public void The_normalizer_stays_at_one_or_above()
    {
        var layer = new SLSTM(4, returnSequences: true);
        SequenceBatch input = Batches.Of(Numbers(3, 20, 2));
        layer.Build(input.SampleShape, seed: 3);
        var pass = (RecurrentPass)layer.CreatePass(new(input.SampleShape, 3, Differentiable: true, InputGradient: true));
        layer.Prepare();
        pass.Begin(training: false, key: 1);
        layer.Forward(pass, input);
        Assert.That(pass.FinalState(2).Values.ToArray(), Has.All.GreaterThanOrEqualTo((Real)1));
        Assert.That(layer.StateNames, Is.EqualTo((string[])["hidden", "cell", "normalizer", "stabilizer"]));
    }

    [Test]
    public void The_forget_gate_starts_open_where_asked()
    {
        foreach (bool open in (bool[])[true, false])
        {
            var layer = new SLSTM(2, options: new() { UnitForgetBias = open });
            layer.Build((3, 2), seed: 1);
            Real one = open ? 1 : 0;
            Assert.That(layer.Parameters[2].Values.ToArray(), Is.EqualTo((Real[])[0, 0, one, one, 0, 0, 0, 0]));
        }
    }

    [Test]
    public void Options_that_cannot_be_are_refused()
    {
        Assert.That(
            () => new SLSTM(0, forgetGate: "relu"),
            Throws.ArgumentException.With.Message.EqualTo(
                "SLSTM: units must be at least 1, but is 0; forgetGate must be 'sigmoid' or 'exponential', but is 'relu'."));
        Assert.That(
            () => new ZoneoutCell(new SLSTMCell(3)),
            Throws.ArgumentException.With.Message.EqualTo(
                "ZoneoutCell: the cell, normalizer and stabilizer of an SLSTMCell belong together, and zoneout keeps each "
                + "by itself."));
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    [Test]
    public void A_sample_that_has_not_begun_yet_gives_no_gradient()
    {
        SequenceBatch input = Batches.Of(Recurrences.Numbers(2, 3, 2));
        input.Mask = [false, true, true, true, true, true];
        var layer = new SLSTM(3);
        layer.Build(input.SampleShape, seed: 1);
        layer.Prepare();
        Pass pass = layer.CreatePass(new(input.SampleShape, 2, Differentiable: true, InputGradient: true));
        pass.Begin(training: false, key: 1);
        layer.Forward(pass, input);
        DenseMatrix gradient = layer.Backward(pass, new DenseMatrix(3, 2, [1, 2, 3, 4, 5, 6]))!;
        Assert.That(gradient.Values.AsSpan(0, 2).ToArray(), Is.All.Zero, "the masked step, whose normalizer is still zero");
        Assert.That(gradient.Values.AsSpan(2).ToArray(), Has.All.Not.NaN.And.All.Not.Zero);
        Assert.That(pass.Gradients.SelectMany(each => each.Values), Has.All.Not.NaN);
    }
}
