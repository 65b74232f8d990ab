using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// A threshold that an ordinary score passes with a small probability q, also where none has yet: excesses over a high quantile t
/// follow a generalised Pareto distribution with shape ξ and scale σ, so that
/// z = t + σ/ξ · ((q·n / n_t)^(−ξ) − 1), with n scores of which n_t lie above t; for ξ → 0, z = t − σ ln(q·n / n_t).
/// </summary>
/// <remarks>
/// Peaks over threshold (Pickands 1975), for streams Siffer et al. (2017). ξ and σ by probability-weighted moments (Hosking and
/// Wallis 1987), which need few peaks; ξ is kept below 1/2, where their variance is finite.
/// </remarks>
public sealed class ExtremeValueThreshold : AnomalyThreshold
{
    // Below so many peaks the quantile itself is the better guess.
    private const int FewestPeaks = 8;
    private const double NearZero = 1e-6;
    private const double MostShape = 0.5;
    private const double DefaultRisk = 1e-3;
    private const double DefaultStart = 0.9;

    /// <summary>Creates a threshold.</summary>
    /// <param name="risk">q, the probability that an ordinary score passes it.</param>
    /// <param name="start">Where peaks begin: the share of scores that are none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range; the risk must be below 1 − start.</exception>
    public ExtremeValueThreshold(double risk = DefaultRisk, double start = DefaultStart)
    {
        Start = start is > 0 and < 1 ? start
            : throw new ArgumentOutOfRangeException(nameof(start), start, "The share lies between 0 and 1.");
        Risk = risk > 0 && risk < 1 - start ? risk : throw new ArgumentOutOfRangeException(nameof(risk), risk,
            FormattableString.Invariant($"The risk lies between 0 and {1 - start}, which is the share of peaks."));
    }

    /// <summary>The probability that an ordinary score passes the threshold.</summary>
    public double Risk { get; }

    /// <summary>The share of scores that are no peaks.</summary>
    public double Start { get; }

    /// <summary>Shape ξ and scale σ of a generalised Pareto distribution of excesses, by probability-weighted moments.</summary>
    /// <param name="excesses">The excesses, all at least 0, the least first; at least 2.</param>
    internal static (double Shape, double Scale) Fit(ReadOnlySpan<double> excesses)
    {
        double mean = 0;
        double weighted = 0;
        int count = excesses.Length;
        for (int i = 0; i < count; i++)
        {
            // 1 − p of Hosking and Wallis's plotting positions p = (i − 0.35) / n, counted from 1.
            mean += excesses[i] / count;
            weighted += excesses[i] * (1 - ((i + 0.65) / count)) / count;
        }

        double spread = mean - (2 * weighted);
        if (!(spread > 0))
        {
            return (0, mean);
        }

        double shape = Math.Min(MostShape, 2 - (mean / spread));
        return (shape, mean * (1 - shape));
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(ExtremeValueThreshold);

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "risk", Risk }, { "start", Start } };

    /// <summary>Makes one of its config.</summary>
    internal static ExtremeValueThreshold Read(ConfigReader reader) =>
        new(reader.Double("risk", DefaultRisk), reader.Double("start", DefaultStart));

    /// <inheritdoc/>
    protected override double OfSorted(double[] sorted)
    {
        double peak = QuantileGrid.OfSorted(sorted, Start);
        double[] excesses = [.. sorted.Where(score => score > peak).Select(score => score - peak)];
        if (excesses.Length < FewestPeaks)
        {
            return Math.Max(peak, QuantileGrid.OfSorted(sorted, 1 - Risk));
        }

        (double shape, double scale) = Fit(excesses);
        double ratio = Risk * sorted.Length / excesses.Length;
        return Math.Abs(shape) < NearZero ? peak - (scale * Math.Log(ratio))
            : peak + (scale / shape * (Math.Pow(ratio, -shape) - 1));
    }
}
