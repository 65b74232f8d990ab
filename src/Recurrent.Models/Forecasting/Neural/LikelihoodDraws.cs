using Recurrent.Losses;
using Recurrent.Random;

namespace Recurrent.Forecasting;

/// <summary>Draws from the distribution that a network has given the parameters of.</summary>
internal sealed class LikelihoodDraws
{
    // Far outside of what a network was trained on a path would run away for good.
    private const double Farthest = 1e6;
    private readonly Loss loss;
    private readonly double[] scores;

    /// <summary>Draws from the distribution of a loss.</summary>
    /// <param name="loss">A likelihood, or quantiles.</param>
    /// <param name="levels">The levels of quantiles.</param>
    public LikelihoodDraws(Loss loss, IReadOnlyList<double> levels) =>
        (this.loss, scores) = (loss, [.. levels.Select(Gaussian.Quantile)]);

    /// <summary>A draw.</summary>
    /// <param name="outputs">What the network gave.</param>
    /// <param name="random">Where it comes from.</param>
    public double Next(ReadOnlySpan<Real> outputs, ref SeededRandom random)
    {
        Span<double> given = stackalloc double[outputs.Length];
        for (int i = 0; i < given.Length; i++)
        {
            given[i] = outputs[i];
        }

        if (loss is not LikelihoodLoss likelihood)
        {
            return Between(given, random.NextNormal());
        }

        Span<double> p = stackalloc double[given.Length];
        likelihood.Parameters(given, p);
        return loss switch
        {
            GaussianNLL => Math.Clamp(p[0] + (p[1] * random.NextNormal()), -Farthest, Farthest),
            StudentTNLL => Math.Clamp(
                p[0] + (p[1] * random.NextNormal() / Math.Sqrt(Gamma(p[2] / 2, ref random) / (p[2] / 2))), -Farthest, Farthest),
            _ => Poisson(Math.Min(p[0] * p[1] * Gamma(1 / p[1], ref random), 1e15), ref random),
        };
    }

    /// <summary>A number whose quantiles are those given, and between and beyond them as a normal distribution's.</summary>
    private double Between(Span<double> quantiles, double score)
    {
        quantiles.Sort();
        if (quantiles.Length == 1)
        {
            return quantiles[0];
        }

        int upper = 1;
        while (upper < scores.Length - 1 && scores[upper] < score)
        {
            upper++;
        }

        double share = (score - scores[upper - 1]) / (scores[upper] - scores[upper - 1]);
        return quantiles[upper - 1] + (share * (quantiles[upper] - quantiles[upper - 1]));
    }

    /// <summary>A draw from the gamma distribution of scale 1 (Marsaglia and Tsang, 2000).</summary>
    private static double Gamma(double shape, ref SeededRandom random)
    {
        if (shape < 1)
        {
            double boost = Math.Pow(1 - random.NextDouble(), 1 / shape);
            return Gamma(shape + 1, ref random) * boost;
        }

        double d = shape - (1.0 / 3);
        double c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = random.NextNormal();
            double v = 1 + (c * x);
            if (v <= 0)
            {
                continue;
            }

            v = v * v * v;
            double u = 1 - random.NextDouble();
            if (Math.Log(u) < (0.5 * x * x) + (d * (1 - v + Math.Log(v))))
            {
                return d * v;
            }
        }
    }

    /// <summary>A draw from the Poisson distribution: by products of uniform numbers where the mean is small, else a sum of two
    /// parts at a gamma-distributed place (Ahrens and Dieter, 1974), and beyond all counting a normal one.</summary>
    private static double Poisson(double mean, ref SeededRandom random)
    {
        double sum = 0;
        while (mean > 30)
        {
            if (mean > 1e5)
            {
                return sum + Math.Max(0, Math.Round(mean + (Math.Sqrt(mean) * random.NextNormal())));
            }

            double part = Math.Floor(mean * 7 / 8);
            double place = Gamma(part, ref random);
            if (place > mean)
            {
                // The part'th event comes too late: those before it lie evenly up to it.
                double share = mean / place;
                for (int i = 1; i < part; i++)
                {
                    sum += random.NextDouble() < share ? 1 : 0;
                }

                return sum;
            }

            sum += part;
            mean -= place;
        }

        double product = 1 - random.NextDouble();
        double bound = Math.Exp(-mean);
        while (product > bound)
        {
            sum++;
            product *= 1 - random.NextDouble();
        }

        return sum;
    }
}
