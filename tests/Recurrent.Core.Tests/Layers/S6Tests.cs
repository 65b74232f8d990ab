using Recurrent.Layers;
using static Recurrent.Tests.Layers.Recurrences;

namespace Recurrent.Tests.Layers;

/// <summary>S6: numbers worked out by hand, the equations in plain loops, first values, and what is refused.</summary>
[TestFixture]
public sealed class S6Tests
{
    [Test]
    public void By_hand()
    {
        // One channel, one number: u = x, B = 1, C = 2, D = 3, A = −1, Δ = softplus(b_Δ) = ln 2 for b_Δ = 0, so a = ½.
        // x = 1: S = ln 2, y = 2·ln 2 + 3.    x = 0: S = ½·ln 2, y = ln 2.    x = 4: S = ¼·ln 2 + 4·ln 2, y = 8.5·ln 2 + 12.
        NDArray y = Run(
            new S6(1, 1, 1, projectInput: false, returnSequences: true),
            Series(1, 0, 4),
            [0, 0, 0],
            [0, 1, 2],
            [0],
            [0],
            [0],
            [3]);
        double step = Math.Log(2);
        Assert.That(y.Values, Is.EqualTo((Real[])[(Real)((2 * step) + 3), (Real)step, (Real)((8.5 * step) + 12)]).Within(1e-6));
    }

    [Test]
    public void A_long_step_forgets_and_a_short_one_lets_the_input_pass_by()
    {
        // Δ follows x's second feature: huge at the first step, nothing at the second. B = C = 1, D = 0.
        var x = new NDArray([1, 3, 2], [1, 4, 9, -40, 0, -40]);
        NDArray y = Run(
            new S6(1, 1, 1, returnSequences: true), x, [1, 0, 0, 0, 0, 10, 0, 0], [0, 0, 1, 1], [1], [0], [0], [0]);
        Assert.That(y.Values, Is.EqualTo((Real[])[40, 40, 40]).Within(1e-4));
    }

    [TestCase(3, 2, 1, true)]
    [TestCase(19, 16, 2, true)]
    [TestCase(3, 4, 2, false)]
    public void It_gives_what_plain_loops_over_the_papers_equations_give(int units, int size, int rank, bool project)
    {
        const int Steps = 45;
        const int Features = 3;
        int rows = (project ? units : 0) + rank + (2 * size);
        NDArray x = Numbers(2, Steps, Features);
        Real[][] weights =
        [
            Numbers(Features * rows).Values, Numbers(rows).Values, Numbers(rank * units).Values, Numbers(units).Values,
            Numbers(size * units).Values, Numbers(units).Values,
        ];
        NDArray y = Run(new S6(units, size, rank, project, returnSequences: true), x, weights);
        for (int sample = 0; sample < 2; sample++)
        {
            double[][] expected = NaiveRecurrences.S6(NaiveRecurrences.Rows(x, sample), weights, units, size, rank, project);
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
    public void Large_pre_activations_overflow_nothing(double size)
    {
        var layer = new S6(1, 2, returnSequences: true);
        SequenceBatch input = Batches.Of(Series(1, -1, 1, 1, -1, -1, 1));
        Build(layer, input, [1, (Real)size, 1, 1, 1, 1], new Real[6], [1], [0], [0, 1], [1]);
        Pass pass = layer.CreatePass(new(input.SampleShape, 1, Differentiable: true, InputGradient: true));
        layer.Prepare();
        pass.Begin(training: false, key: 1);
        Assert.That(layer.Forward(pass, input).Values.Values, Has.All.Matches<Real>(Real.IsFinite));
        var cotangent = new DenseMatrix(1, 7);
        Array.Fill(cotangent.Values, 1);
        Assert.That(layer.Backward(pass, cotangent)!.Values, Has.All.Matches<Real>(Real.IsFinite));
        Assert.That(pass.Gradients.SelectMany(g => g.Values), Has.All.Matches<Real>(Real.IsFinite));
    }

    [Test]
    public void It_begins_as_the_authors_code_does()
    {
        var layer = new S6(40, 3);
        layer.Build((5, 2), seed: 1);
        Assert.That(layer.DeltaRank, Is.EqualTo(3));
        Assert.That(
            layer.Parameters.Select(parameter => parameter.Name),
            Is.EqualTo((string[])["kernel", "bias", "delta_kernel", "delta_bias", "log_decay", "skip"]));
        Real[][] values = [.. layer.Parameters.Select(parameter => parameter.Values.ToArray())];
        Assert.That(layer.Parameters[4].Shape, Is.EqualTo((int[])[3, 40]));
        for (int n = 0; n < 3; n++)
        {
            Assert.That(values[4].AsSpan(n * 40, 40).ToArray(), Is.All.EqualTo(Math.Log(n + 1)).Within(1e-6));
        }

        double[] steps = [.. values[3].Select(bias => Math.Log(1 + Math.Exp(bias)))];
        Assert.That(steps, Has.All.InRange(0.000999, 0.1001));
        Assert.That(steps.Count(step => step < 0.01), Is.InRange(10, 30), "half of them, by the logarithm");
        Assert.That(values[2], Has.All.InRange(-1 / Math.Sqrt(3), 1 / Math.Sqrt(3)).And.Some.Not.Zero);
        Assert.That(values[5], Is.All.EqualTo(1));
        Assert.That(values[1], Is.All.Zero);
    }

    [Test]
    public void States_have_names_and_sizes()
    {
        Assert.That(new S6(6, 3).StateNames, Is.EqualTo((string[])["output", "state"]));
        Assert.That(new S6(6, 3).StateSizes, Is.EqualTo((int[])[6, 18]));
    }

    [Test]
    public void Options_that_cannot_be_are_refused()
    {
        Assert.That(
            () => new S6(0, 0, 0),
            Throws.ArgumentException.With.Message.EqualTo(
                "S6: units must be at least 1, but is 0; stateSize must be at least 1, but is 0."));
        Assert.That(
            () => new S6(2, -1, 0),
            Throws.ArgumentException.With.Message.EqualTo(
                "S6: stateSize must be at least 1, but is -1; deltaRank must be at least 1, but is 0."));
        Assert.That(
            () => new S6Cell(100_000, 100_000),
            Throws.ArgumentException.With.Message.EqualTo(
                "S6Cell: a state of 100000 numbers for each of 100000 units is larger than an array can be."));
        Assert.That(
            () => new S6(3, options: new() { RecurrentActivation = "tanh", RecurrentDropout = 0.5 }),
            Throws.ArgumentException.With.Message.EqualTo(
                "S6: recurrentActivation cannot be set, since there are no gates; recurrentDropout must be 0, since no gate " +
                "sees the state: there is nothing to drop. Use dropout."));
    }

    [Test]
    public void Channels_that_are_features_must_be_as_many()
    {
        Assert.That(
            () => new S6(4, projectInput: false, name: "space").Build((5, 3), seed: 1),
            Throws.TypeOf<ShapeException>().With.Message.EqualTo(
                "S6 'space' expects 4 features, one for each channel, since projectInput is false, but gets (batch, 5, 3).\n" +
                "Set projectInput: true, or units to the number of features."));
        Assert.That(
            () => new RNN(new S6Cell(4, projectInput: false)).ComputeOutputShape((5, 3)),
            Throws.TypeOf<ShapeException>().With.Message.StartWith("S6Cell expects 4 features"));
    }
}
