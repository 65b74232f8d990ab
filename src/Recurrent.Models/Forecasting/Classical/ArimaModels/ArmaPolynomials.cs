namespace Recurrent.Forecasting;

/// <summary>
/// The polynomials of a seasonal ARMA model multiplied out, φ(B) Φ(Bᵐ) = 1 − φ*₁B − … and θ(B) Θ(Bᵐ) = 1 + θ*₁B + …, from
/// coefficients in the order φ, θ, Φ, Θ. One object is written anew for each trial of an estimation.
/// </summary>
internal sealed class ArmaPolynomials
{
    private readonly ArimaOrder order;

    internal ArmaPolynomials(ArimaOrder order)
    {
        this.order = order;
        Phi = new double[order.AutoregressiveLags];
        Theta = new double[order.MovingAverageLags];
        PhiLags = LagsOf(order.P, order.SeasonalP, order.Season);
        ThetaLags = LagsOf(order.Q, order.SeasonalQ, order.Season);
    }

    /// <summary>φ*; that of lag 1 stands first.</summary>
    internal double[] Phi { get; }

    /// <summary>θ*; that of lag 1 stands first.</summary>
    internal double[] Theta { get; }

    /// <summary>The lags where φ* may differ from 0.</summary>
    internal int[] PhiLags { get; }

    /// <summary>The lags where θ* may differ from 0.</summary>
    internal int[] ThetaLags { get; }

    /// <summary>Length of the state in Harvey's form, max(p*, q* + 1).</summary>
    internal int StateLength => Math.Max(Phi.Length, Theta.Length + 1);

    /// <summary>Multiplies out.</summary>
    /// <param name="coefficients">φ, θ, Φ, Θ.</param>
    internal void Set(ReadOnlySpan<double> coefficients)
    {
        ReadOnlySpan<double> phi = coefficients[..order.P];
        ReadOnlySpan<double> theta = coefficients.Slice(order.P, order.Q);
        ReadOnlySpan<double> seasonalPhi = coefficients.Slice(order.P + order.Q, order.SeasonalP);
        Multiply(phi, seasonalPhi, -1, Phi);
        Multiply(theta, coefficients[(order.P + order.Q + order.SeasonalP)..], 1, Theta);
    }

    // (1 + s·Σ a_i Bⁱ)(1 + s·Σ b_j Bᵐʲ) = 1 + s·Σ c_k Bᵏ.
    private void Multiply(ReadOnlySpan<double> plain, ReadOnlySpan<double> seasonal, int sign, double[] product)
    {
        Array.Clear(product);
        plain.CopyTo(product);
        for (int j = 0; j < seasonal.Length; j++)
        {
            int lag = (j + 1) * order.Season;
            product[lag - 1] += seasonal[j];
            for (int i = 0; i < plain.Length; i++)
            {
                product[lag + i] += sign * seasonal[j] * plain[i];
            }
        }
    }

    private static int[] LagsOf(int plain, int seasonal, int season)
    {
        var lags = new SortedSet<int>();
        for (int j = 0; j <= seasonal; j++)
        {
            for (int i = 0; i <= plain; i++)
            {
                lags.Add((j * season) + i);
            }
        }

        lags.Remove(0);
        return [.. lags];
    }
}
