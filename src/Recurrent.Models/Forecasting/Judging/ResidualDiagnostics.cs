using System.Globalization;
namespace Recurrent.Forecasting;

/// <summary>Whether the errors of a fit are what they should be: around 0, and nothing to be learned from the ones
/// before.</summary>
/// <param name="Count">Number of errors.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">Their root mean square.</param>
/// <param name="Autocorrelations">Their autocorrelations at lags 0, 1, 2, …; that at lag 0 is 1. None where there are too few
/// errors.</param>
/// <param name="LjungBox">Whether autocorrelations are more than chance; null where there are too few errors.</param>
/// <param name="JarqueBera">Whether they are other than normal; null where there are too few errors.</param>
public sealed record ResidualDiagnostics(int Count, double Mean, double Deviation, IReadOnlyList<double> Autocorrelations,
    TestResult? LjungBox, TestResult? JarqueBera)
{
    private const int MostLags = 24;
    private const int LeastErrors = 8;
    private const double Significance = 0.05;

    /// <summary>In a sentence.</summary>
    public string Verdict => LjungBox is null ? "There are too few errors to say whether something is left in them."
        : LjungBox.PValue < Significance
            ? string.Create(CultureInfo.InvariantCulture,
            $"The errors depend on those before (Ljung–Box p = {LjungBox.PValue:0.000}): something ")
                + "is left to be learned, and intervals may be too narrow."
            : FormattableString.Invariant($"No dependence is left in the errors (Ljung–Box p = {LjungBox.PValue:0.00}).");

    /// <summary>The diagnostics of a fit.</summary>
    /// <param name="fit">The fit, made here and not read from a file.</param>
    /// <param name="season">Season in steps; 1 where there is none.</param>
    /// <exception cref="ArgumentException">The fit knows no errors.</exception>
    public static ResidualDiagnostics Of(LocalFit fit, int season = 1)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Of(fit.Residuals, season);
    }

    /// <summary>The diagnostics of errors.</summary>
    /// <param name="residuals">The errors, oldest first; those that are not known, NaN, are passed over.</param>
    /// <param name="season">Season in steps; 1 where there is none.</param>
    /// <exception cref="ArgumentException">No error is known.</exception>
    public static ResidualDiagnostics Of(ReadOnlySpan<double> residuals, int season = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(season);
        double[] known = [.. residuals.ToArray().Where(double.IsFinite)];
        if (known.Length == 0)
        {
            throw new ArgumentException(
                "No errors are known: a fit that was read from a file, or that has been updated, keeps none. Fit it here.",
                nameof(residuals));
        }

        double deviation = ForecastMetrics.Rmse(known, new double[known.Length]);
        bool enough = known.Length >= LeastErrors && deviation > 0 && known.Any(error => error != known[0]);
        int lags = Math.Min(MostLags, known.Length / 4);
        return new(known.Length, known.Sum(error => error / known.Length), deviation,
            enough ? Autocorrelation.Of(known, lags) : [],
            enough ? Autocorrelation.LjungBox(known, season: season) : null,
            enough ? Autocorrelation.JarqueBera(known) : null);
    }
}
