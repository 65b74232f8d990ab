using Recurrent.Layers;
using static Recurrent.Tests.Layers.Recurrences;

namespace Recurrent.Tests.Layers;

/// <summary>MLSTM: numbers worked out by hand, the unstabilised equations in plain loops, and what stabilising is for.</summary>
[TestFixture]
public sealed class MLSTMTests
{
    [Test]
    public void By_hand()
    {
        // One unit and key: q = k = x, v = x, o = σ(0) = ½, i = e⁰ = 1, f = e^{log ½} = ½ (exponential gate).
        // x = 2: C = 4, n = 2, h = ½·4·2/max(2·2, 1) = 1.
        // x = 1: C = ½·4 + 1 = 3, n = ½·2 + 1 = 2, h = ½·3·1/max(2, 1) = 0.75.
        // x = ¼: C = 1.5 + 1/16, n = 1 + ¼, h = ½·1.5625·¼/max(0.3125, 1) = 0.1953125.
        Real half = (Real)Math.Log(0.5);
        NDArray y = Run(
            new MLSTM(1, forgetGate: "exponential", returnSequences: true),
            Series(2, 1, (Real)0.25),
            [1, 1, 1, 0, 0, 0],
            [0, 0, 0, 0, half, 0]);
        Assert.That(y.Values, Is.EqualTo((Real[])[1, (Real)0.75, (Real)0.1953125]).Within(1e-6));
    }

    [Test]
    public void What_was_written_under_a_key_is_read_with_it()
    {
        // Two orthogonal keys of norm √2·√keyDim; queries equal to them. The input gate is far open, nothing is forgotten, o = 1.
        // Features: key (2), query (2), value (2).
        var layer = new MLSTM(
            2, forgetGate: "exponential", options: new() { RecurrentActivation = "linear" }, returnSequences: true);
        var x = new NDArray([1, 4, 6],
        [
            1, 0, 1, 0, 5, -3,
            0, 1, 0, 1, 2, 7,
            0, 0, 1, 0, 0, 0,
            0, 0, 0, 1, 0, 0,
        ]);
        var kernel = new Real[6 * 10];
        for (int i = 0; i < 2; i++)
        {
            kernel[((2 + i) * 10) + i] = 1;
            kernel[(i * 10) + 2 + i] = 1;
            kernel[((4 + i) * 10) + 4 + i] = 1;
        }

        NDArray y = Run(layer, x, kernel, [0, 0, 0, 0, 0, 0, 3, 0, 1, 1]);
        Real[] expected = [5, -3, 2, 7, 5, -3, 2, 7];
        Assert.That(y.Values, Is.EqualTo(expected).Within(1e-5));
    }

    [TestCase(3, 1, null, "sigmoid")]
    [TestCase(4, 2, 3, "sigmoid")]
    [TestCase(6, 3, 1, "exponential")]
    [TestCase(34, 2, 9, "exponential")]
    public void The_stabilised_form_gives_what_plain_loops_over_the_papers_equations_give(
        int units, int heads, int? keyDim, string forgetGate)
    {
        const int Steps = 45;
        const int Features = 3;
        int keys = keyDim ?? units / heads;
        NDArray x = Numbers(2, Steps, Features);
        int rows = (2 * heads * keys) + (2 * units) + (2 * heads);
        Real[] w = Numbers(Features * rows).Values;
        Real[] b = [.. Numbers(rows).Values.Select(value => value / 2)];
        NDArray y = Run(new MLSTM(units, heads, keyDim, forgetGate, returnSequences: true), x, w, b);
        for (int sample = 0; sample < 2; sample++)
        {
            double[][] expected = NaiveRecurrences.MLSTM(
                NaiveRecurrences.Rows(x, sample), w, b, units, heads, keys, forgetGate == "sigmoid");
            for (int t = 0; t < Steps; t++)
            {
                for (int k = 0; k < units; k++)
                {
                    double tolerance = 1e-5 * Math.Max(1, Math.Abs(expected[t][k]));
                    Assert.That(y[sample, t, k], Is.EqualTo(expected[t][k]).Within(tolerance), $"step {t}, unit {k}");
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
                // The input gate at ±size in turn, the forget gate at ±size; q, k and v are x.
                var layer = new MLSTM(1, forgetGate: forgetGate, returnSequences: true);
                SequenceBatch input = Batches.Of(Series(1, -1, 1, 1, -1, -1, 1));
                Build(layer, input, [1, 1, 1, (Real)size, (Real)forget, 0], new Real[6]);
                Pass pass = layer.CreatePass(new(input.SampleShape, 1, Differentiable: true, InputGradient: true));
                layer.Prepare();
                pass.Begin(training: false, key: 1);
                SequenceBatch output = layer.Forward(pass, input);
                Assert.That(output.Values.Values, Has.All.InRange(-0.5001f, 0.5001f));
                var cotangent = new DenseMatrix(1, 7);
                Array.Fill(cotangent.Values, 1);
                DenseMatrix gradient = layer.Backward(pass, cotangent)!;
                Assert.That(gradient.Values, Has.All.Matches<Real>(Real.IsFinite));
                Assert.That(pass.Gradients.SelectMany(g => g.Values), Has.All.Matches<Real>(Real.IsFinite));
                Assert.That(
                    ((RecurrentPass)pass).InitialStateGradients.SelectMany(g => g.Values), Has.All.Matches<Real>(Real.IsFinite));
            }
        }
    }

    [Test]
    public void A_query_of_zero_reads_zero()
    {
        NDArray y = Run(new MLSTM(2, returnSequences: true), Numbers(1, 4, 2), new Real[20], [0, 0, 1, 1, 2, 2, 90, 5, 0, 0]);
        Assert.That(y.Values, Is.All.Zero);
    }

    [Test]
    public void Forget_gates_start_spaced()
    {
        static Real[] Bias(MLSTM layer)
        {
            layer.Build((3, 2), seed: 1);
            int first = (2 * layer.NumHeads * layer.KeyDim) + layer.Units + layer.NumHeads;
            return layer.Parameters[1].Values.Slice(first, layer.NumHeads).ToArray();
        }

        Assert.That(Bias(new MLSTM(3)), Is.EqualTo((Real[])[3]));
        Assert.That(Bias(new MLSTM(8, 4)), Is.EqualTo((Real[])[3, 4, 5, 6]));
        Assert.That(Bias(new MLSTM(8, 4, forgetGate: "exponential")), Is.EqualTo(new Real[4]));
        Assert.That(Bias(new MLSTM(6, 3, forgetBias: (1, -1))), Is.EqualTo((Real[])[1, 0, -1]));
        var ones = new MLSTM(2, options: new() { BiasInitializer = "ones" });
        ones.Build((3, 2), seed: 1);
        Assert.That(ones.Parameters[1].Values.ToArray(), Is.EqualTo((Real[])[1, 1, 1, 1, 1, 1, 1, 3, 1, 1]));
    }

    [Test]
    public void States_have_names_and_sizes()
    {
        var layer = new MLSTM(6, 3, 5);
        Assert.That(layer.StateNames, Is.EqualTo((string[])["hidden", "memory", "normalizer", "stabilizer"]));
        Assert.That(layer.StateSizes, Is.EqualTo((int[])[6, 30, 15, 3]));
    }

    [Test]
    public void Options_that_cannot_be_are_refused()
    {
        Assert.That(
            () => new MLSTM(0, 0, 0, "relu"),
            Throws.ArgumentException.With.Message.EqualTo(
                "MLSTM: units must be at least 1, but is 0; numHeads must be at least 1, but is 0; " +
                "keyDim must be at least 1, but is 0; forgetGate must be 'sigmoid' or 'exponential', but is 'relu'."));
        Assert.That(
            () => new MLSTM(50, 4),
            Throws.ArgumentException.With.Message.EqualTo(
                "MLSTM: numHeads must divide the units, but is 4 for 50 units. Give 48 or 52 units, or other heads."));
        Assert.That(
            () => new MLSTM(2, forgetBias: (double.NaN, double.PositiveInfinity)),
            Throws.ArgumentException.With.Message.EqualTo(
                "MLSTM: forgetBias must be a finite number, but is NaN; forgetBias must be a finite number, but is Infinity."));
        Assert.That(
            () => new MLSTMCell(100_000, 1, 100_000),
            Throws.ArgumentException.With.Message.EqualTo(
                "MLSTMCell: a memory of 100000 units times a keyDim of 100000 is larger than an array can be."));
        Assert.That(
            () => new MLSTM(3, options: new() { RecurrentDropout = 0.5, RecurrentInitializer = "zeros", UnitForgetBias = true }),
            Throws.ArgumentException.With.Message.EqualTo(
                "MLSTM: unitForgetBias cannot be set, since there is no gate that it would start at 1; " +
                "recurrentDropout must be 0, since no gate sees the state: there is nothing to drop. Use dropout; " +
                "recurrentInitializer, " +
                "recurrentRegularizer and recurrentConstraint cannot be set, since there is no recurrent kernel."));
        Assert.That(
            () => new ZoneoutCell(new MLSTMCell(3)),
            Throws.ArgumentException.With.Message.EqualTo(
                "ZoneoutCell: the memory, normalizer and stabilizer of an MLSTMCell belong together, and zoneout keeps each by " +
                "itself."));
    }
}
