using Recurrent.Random;

namespace Recurrent.Initializers;

/// <summary>Fills values with independent draws. All are made in double precision and rounded once.</summary>
internal static class Draw
{
    /// <summary>Draws from a normal distribution.</summary>
    /// <param name="values">Receives the draws.</param>
    /// <param name="mean">Mean.</param>
    /// <param name="stddev">Standard deviation.</param>
    /// <param name="random">Where random numbers come from.</param>
    public static void Normal(Span<Real> values, double mean, double stddev, SeededRandom random)
    {
        foreach (ref Real value in values)
        {
            value = (Real)(mean + (stddev * random.NextNormal()));
        }
    }

    /// <summary>Draws from a normal distribution cut at two standard deviations on either side.</summary>
    /// <param name="values">Receives the draws.</param>
    /// <param name="mean">Mean.</param>
    /// <param name="stddev">Standard deviation before the cut.</param>
    /// <param name="random">Where random numbers come from.</param>
    public static void TruncatedNormal(Span<Real> values, double mean, double stddev, SeededRandom random)
    {
        foreach (ref Real value in values)
        {
            double draw;
            do
            {
                draw = random.NextNormal();
            }
            while (Math.Abs(draw) > 2);

            value = (Real)(mean + (stddev * draw));
        }
    }

    /// <summary>Draws from a uniform distribution.</summary>
    /// <param name="values">Receives the draws.</param>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound.</param>
    /// <param name="random">Where random numbers come from.</param>
    public static void Uniform(Span<Real> values, double low, double high, SeededRandom random)
    {
        foreach (ref Real value in values)
        {
            value = (Real)random.NextUniform(low, high);
        }
    }
}
