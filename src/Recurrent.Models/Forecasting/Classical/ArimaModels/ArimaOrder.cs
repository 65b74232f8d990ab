namespace Recurrent.Forecasting;

/// <summary>
/// The orders of a seasonal ARIMA model, (p,d,q)(P,D,Q)m:
/// φ(B) Φ(Bᵐ) (1 − B)ᵈ (1 − Bᵐ)ᴰ η_t = θ(B) Θ(Bᵐ) ε_t, with φ(B) = 1 − φ₁B − …, θ(B) = 1 + θ₁B + …
/// </summary>
public sealed record ArimaOrder
{
    // A state of this many numbers takes about 30 MB; no series is told more by its past.
    private const int LargestState = 2000;

    /// <summary>Creates the orders.</summary>
    /// <param name="p">Autoregressive terms.</param>
    /// <param name="d">Differences from one step to the next.</param>
    /// <param name="q">Moving-average terms.</param>
    /// <param name="seasonalP">Seasonal autoregressive terms.</param>
    /// <param name="seasonalD">Differences from one season to the next.</param>
    /// <param name="seasonalQ">Seasonal moving-average terms.</param>
    /// <param name="season">Length of a season in steps; 1 where there is none.</param>
    /// <exception cref="ArgumentOutOfRangeException">An order is negative, d or D is above 3, or the orders together reach back
    /// more than 2000 steps.</exception>
    /// <exception cref="ArgumentException">There are seasonal orders but no season.</exception>
    public ArimaOrder(int p, int d, int q, int seasonalP = 0, int seasonalD = 0, int seasonalQ = 0, int season = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(p);
        ArgumentOutOfRangeException.ThrowIfNegative(q);
        ArgumentOutOfRangeException.ThrowIfNegative(seasonalP);
        ArgumentOutOfRangeException.ThrowIfNegative(seasonalQ);
        CheckDifferences(d, nameof(d));
        CheckDifferences(seasonalD, nameof(seasonalD));
        ArgumentOutOfRangeException.ThrowIfLessThan(season, 1);
        if (season == 1 && seasonalP + seasonalD + seasonalQ > 0)
        {
            throw new ArgumentException(
                "Seasonal orders need a season of at least 2 steps, but the season is 1.", nameof(season));
        }

        long reach = Math.Max(p + ((long)season * seasonalP), q + ((long)season * seasonalQ)) + d + ((long)season * seasonalD);
        if (reach > LargestState)
        {
            throw new ArgumentOutOfRangeException(nameof(season), season, FormattableString.Invariant(
                $"The orders reach back {reach} steps; at most {LargestState} are possible. Use harmonics for long seasons."));
        }

        (P, D, Q, SeasonalP, SeasonalD, SeasonalQ, Season) = (p, d, q, seasonalP, seasonalD, seasonalQ, season);
    }

    /// <summary>Autoregressive terms.</summary>
    public int P { get; }

    /// <summary>Differences from one step to the next.</summary>
    public int D { get; }

    /// <summary>Moving-average terms.</summary>
    public int Q { get; }

    /// <summary>Seasonal autoregressive terms.</summary>
    public int SeasonalP { get; }

    /// <summary>Differences from one season to the next.</summary>
    public int SeasonalD { get; }

    /// <summary>Seasonal moving-average terms.</summary>
    public int SeasonalQ { get; }

    /// <summary>Length of a season in steps.</summary>
    public int Season { get; }

    /// <summary>How many values are lost by taking differences, d + m·D.</summary>
    internal int Lost => D + (Season * SeasonalD);

    /// <summary>Lags of the autoregressive polynomial multiplied out, p + m·P.</summary>
    internal int AutoregressiveLags => P + (Season * SeasonalP);

    /// <summary>Lags of the moving-average polynomial multiplied out, q + m·Q.</summary>
    internal int MovingAverageLags => Q + (Season * SeasonalQ);

    /// <summary>How many coefficients φ, θ, Φ, Θ there are.</summary>
    internal int Coefficients => P + Q + SeasonalP + SeasonalQ;

    /// <summary>As it is written: ARIMA(1,0,1)(0,1,1)[12].</summary>
    public override string ToString()
    {
        string plain = FormattableString.Invariant($"ARIMA({P},{D},{Q})");
        return SeasonalP + SeasonalD + SeasonalQ == 0
            ? plain
            : plain + FormattableString.Invariant($"({SeasonalP},{SeasonalD},{SeasonalQ})[{Season}]");
    }

    private static void CheckDifferences(int differences, string name)
    {
        if (differences is < 0 or > 3)
        {
            throw new ArgumentOutOfRangeException(name, differences, "From 0 to 3 differences are possible.");
        }
    }
}
