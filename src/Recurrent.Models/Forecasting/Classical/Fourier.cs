using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>Sines and cosines of a long season as regressors: sin 2πkt/m and cos 2πkt/m, k = 1, 2, …</summary>
public static class Fourier
{
    private const int Most = 200;

    /// <summary>The regressors.</summary>
    /// <param name="period">Length of the season in steps, which need not be whole: 365.25 for days in a year.</param>
    /// <param name="harmonics">How many pairs, at most half the period, and 200.</param>
    /// <param name="count">Number of steps.</param>
    /// <param name="start">The first step; that after a series of n values is n.</param>
    /// <returns>For each k its sine and its cosine over the steps; the sine that is 0 everywhere, where k is half the period,
    /// is left out.</returns>
    /// <exception cref="ArgumentException">An argument is out of range.</exception>
    public static double[][] Harmonics(double period, int harmonics, int count, int start = 0)
    {
        Check(nameof(Fourier), period, harmonics);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var columns = new List<double[]>();
        for (int k = 1; k <= harmonics; k++)
        {
            var sine = new double[count];
            var cosine = new double[count];
            for (int t = 0; t < count; t++)
            {
                double turns = k * ((start + t) / period);
                (sine[t], cosine[t]) = Math.SinCos(2 * Math.PI * (turns - Math.Floor(turns)));
            }

            if (2 * k != period)
            {
                columns.Add(sine);
            }

            columns.Add(cosine);
        }

        return [.. columns];
    }

    /// <summary>Refuses periods that harmonics cannot be taken of.</summary>
    internal static void Check(string owner, double? period, int harmonics) => new OptionCheck(owner)
        .Require(
            harmonics is >= 0 and <= Most,
            FormattableString.Invariant($"harmonics must lie between 0 and {Most}, but are {harmonics}"),
            "harmonics")
        .Require(
            harmonics == 0 || (period is >= 2 and < 1e9 && 2 * harmonics <= period),
            FormattableString.Invariant($"{harmonics} harmonics need a period of at least {2 * harmonics} steps, but it is ")
                + (period is { } given ? FormattableString.Invariant($"{given}") : "not given"),
            "period")
        .ThrowIfAny();
}
