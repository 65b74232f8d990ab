using Recurrent.Losses;
using Recurrent.Numerics;
using Recurrent.Shapes;

namespace Recurrent.Tests.Losses;

/// <summary>The loss of a CRF against differences and against all sequences of tags, and what else is read from its
/// scores.</summary>
public sealed class CRFLossGradientTests
{
    [Test]
    public void It_matches_differences([Values(2, 3)] int tags, [Values(1, 4)] int steps, [Values] bool masked,
        [Values] bool weighted)
    {
        const int Samples = 3;
        double[] scores = Numbers(1, Samples * steps * tags * tags);
        double[] targets = [.. Enumerable.Range(0, Samples * steps).Select(i => (double)(i * 7 % 5 % tags))];
        bool[] counts = masked ? [.. Enumerable.Range(0, Samples * steps).Select(i => i % 5 != 1)] : [];
        double[] weights = weighted ? [0.5, 2, 1] : [];
        double[] gradient = new double[scores.Length];
        Array.Fill(gradient, double.NaN);
        Evaluate(targets, scores, (steps, tags * tags), Samples, counts, weights, gradient);
        for (int i = 0; i < scores.Length; i++)
        {
            double difference = FivePoint.Derivative(move =>
            {
                double[] moved = [.. scores];
                moved[i] += move;
                return Evaluate(targets, moved, (steps, tags * tags), Samples, counts, weights, []);
            });
            Assert.That(gradient[i], Is.EqualTo(difference).Within(1e-7 * Math.Max(1, Math.Abs(difference))), $"entry {i}");
        }
    }

    [Test]
    public void It_is_minus_the_logarithm_of_a_share_of_all_sequences([Values(2, 3, 4)] int tags, [Values(1, 2, 5)] int steps)
    {
        double[] scores = Numbers(2, steps * tags * tags);
        List<int[]> all = [.. All(tags, steps)];
        double z = all.Sum(path => Math.Exp(Score(scores, path, tags)));
        double losses = 0;
        foreach (int[] path in all)
        {
            double expected = Math.Log(z) - Score(scores, path, tags);
            double loss = Evaluate([.. path.Select(tag => (double)tag)], scores, (steps, tags * tags), 1, [], [], []);
            Assert.That(loss, Is.EqualTo(expected).Within(1e-12));
            losses += Math.Exp(-loss);
        }

        Assert.That(losses, Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void Marginals_are_sums_over_all_sequences([Values(2, 3)] int tags, [Values(1, 5)] int steps)
    {
        double[] scores = Numbers(3, steps * tags * tags);
        var chain = new LinearChain(scores, [.. Enumerable.Range(0, steps)], tags);
        double[] alpha = new double[steps * tags];
        double[] marginals = new double[steps * tags];
        double logZ = chain.Forward(alpha);
        chain.Marginals(alpha, logZ, new double[2 * tags], marginals);
        for (int t = 0; t < steps; t++)
        {
            for (int j = 0; j < tags; j++)
            {
                double expected = All(tags, steps).Where(path => path[t] == j).Sum(path => Math.Exp(Score(scores, path,
                    tags) - logZ));
                Assert.That(marginals[(t * tags) + j], Is.EqualTo(expected).Within(1e-12));
            }
        }
    }

    [Test]
    public void The_best_paths_are_the_best_of_all([Values(2, 3)] int tags, [Values(1, 2, 5)] int steps,
        [Values(1, 2, 7)] int count, [Values] bool constrained)
    {
        double[] scores = Numbers(4, steps * tags * tags);
        bool[] allowed = constrained ? [.. Enumerable.Range(0, tags * tags).Select(i => i != 1)] : [];
        bool[] starts = constrained ? [.. Enumerable.Range(0, tags).Select(i => i != 1)] : [];
        bool[] ends = constrained ? [.. Enumerable.Range(0, tags).Select(i => steps == 1 || i != 0)] : [];
        int[][] expected = [.. All(tags, steps)
            .Where(path => !constrained || (starts[path[0]] && ends[path[^1]]
                && Enumerable.Range(1, steps - 1).All(t => allowed[(path[t - 1] * tags) + path[t]])))
            .OrderByDescending(path => Score(scores, path, tags)).Take(count)];
        var paths = new BestPaths(tags, count);

        // Twice: what is left from before must not matter.
        for (int run = 0; run < 2; run++)
        {
            paths.Find(new(scores, [.. Enumerable.Range(0, steps)], tags), allowed, starts, ends);
            Assert.That(paths.Found, Is.EqualTo(expected.Length));
            for (int i = 0; i < expected.Length; i++)
            {
                int[] path = new int[steps];
                paths.Write(i, path);
                Assert.That(path, Is.EqualTo(expected[i]));
                Assert.That(paths.ScoreOf(i), Is.EqualTo(Score(scores, path, tags)).Within(1e-12));
            }
        }
    }

    [Test]
    public void A_long_sequence_neither_overflows_nor_vanishes()
    {
        double[] scores = [.. Numbers(5, 2000 * 9).Select(x => 40 * x)];
        double[] gradient = new double[scores.Length];
        double[] targets = [.. Enumerable.Range(0, 2000).Select(i => (double)(i % 3))];
        Assert.That(Evaluate(targets, scores, (2000, 9), 1, [], [], gradient), Is.GreaterThan(0).And.LessThan(1e6));
        Assert.That(gradient, Has.All.Matches<double>(double.IsFinite));
    }

    [Test]
    public void A_sample_that_is_hidden_altogether_has_no_loss()
    {
        double[] gradient = new double[2 * 2 * 4];
        bool[] counts = [true, false, true, false];
        double[] scores = Numbers(6, 16);
        double loss = Evaluate([0, 1, 1, 0], scores, (2, 4), 2, counts, [], gradient);
        Assert.That(loss, Is.EqualTo(Evaluate([0, 1], [.. scores[..4], .. scores[8..12]], (2, 4), 1, [], [], [])).Within(1e-12));
        Assert.That(gradient[4..8], Is.All.Zero);
    }

    private static double Score(double[] scores, int[] path, int tags) => path
        .Select((tag, t) => scores[(t * tags * tags) + ((t == 0 ? 0 : path[t - 1]) * tags) + tag]).Sum();

    private static IEnumerable<int[]> All(int tags, int steps) => Enumerable.Range(0, (int)Math.Pow(tags, steps))
        .Select(index => Enumerable.Range(0, steps).Select(t => index / (int)Math.Pow(tags, t) % tags).ToArray());

    private static double Evaluate(double[] targets, double[] scores, Shape shape, int samples, bool[] counts, double[] weights,
        double[] gradient)
    {
        var loss = new CRFLoss();
        double[] scratch = new double[loss.ScratchLength(samples, shape.Steps, shape.Features, 1)];
        Array.Fill(scratch, double.NaN);
        return loss.Evaluate(
            new LossBatch
            {
                Targets = targets,
                TargetRows = 1,
                Predictions = scores,
                SampleShape = shape,
                Samples = samples,
                Counts = counts,
                Weights = weights,
                Scratch = scratch,
            }, gradient);
    }

    /// <summary>Numbers between −2 and 2 that look random.</summary>
    private static double[] Numbers(int seed, int count) =>
        [.. Enumerable.Range(0, count).Select(i => 2 * (Math.Sin((seed * 12.9898) + (i * 78.233)) * 43758.5453 % 1))];
}
