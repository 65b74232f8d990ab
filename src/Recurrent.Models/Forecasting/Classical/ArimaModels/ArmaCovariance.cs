namespace Recurrent.Forecasting;

/// <summary>
/// Second moments of a stationary ARMA process with innovations of variance 1: autocovariances γ, weights ψ, and the covariance
/// of its state in Harvey's form, α_t[i] = Σ_{k&gt;i} φ_k y_{t+i−k} + Σ_{k≥i} θ_k ε_{t+i−k} with α_t[0] = y_t.
/// </summary>
internal sealed class ArmaCovariance
{
    private readonly ArmaPolynomials arma;
    private readonly double[][] predictors; // Row k: the best linear predictor from k + 1 values of the AR process.
    private readonly double[] autoregression; // Autocovariances of 1/φ(B).
    private readonly double[] squares; // Σ θ_i θ_{i+h}.

    internal ArmaCovariance(ArmaPolynomials arma)
    {
        this.arma = arma;
        int p = arma.Phi.Length;
        int q = arma.Theta.Length;
        predictors = new double[p][];
        for (int k = 0; k < p; k++)
        {
            predictors[k] = new double[k + 1];
        }

        autoregression = new double[Math.Max(p, q) + q + 1];
        squares = new double[q + 1];
        Gamma = new double[Math.Max(p, q) + 1];
        Psi = new double[q + 1];
        First = new double[arma.StateLength];
    }

    /// <summary>γ(0), γ(1), …</summary>
    internal double[] Gamma { get; }

    /// <summary>ψ(0) = 1, ψ(1), …: y_t = Σ ψ(k) ε_{t−k}.</summary>
    internal double[] Psi { get; }

    /// <summary>Covariance of the state with its first element, which is y.</summary>
    internal double[] First { get; }

    /// <summary>Computes them; false where the autoregression is not stationary.</summary>
    internal bool TryUpdate()
    {
        if (!UpdateAutoregression())
        {
            return false;
        }

        UpdateMoments();
        ReadOnlySpan<double> phi = arma.Phi;
        ReadOnlySpan<double> theta = arma.Theta;
        Array.Clear(First);
        foreach (int lag in arma.PhiLags)
        {
            for (int i = 0; i < lag; i++)
            {
                First[i] += phi[lag - 1] * Gamma[lag - i];
            }
        }

        // y is uncorrelated with innovations after it: cov(ε_{t−k}, y_t) = ψ(k).
        foreach (int lag in arma.ThetaLags)
        {
            for (int i = 0; i <= lag; i++)
            {
                First[i] += theta[lag - 1] * Psi[lag - i];
            }
        }

        First[0] = Gamma[0];
        return double.IsFinite(Gamma[0]);
    }

    /// <summary>The whole covariance of the state, P with P = T P Tᵀ + R Rᵀ.</summary>
    internal double[,] Full()
    {
        int length = First.Length;
        var full = new double[length, length];
        for (int i = length - 1; i >= 0; i--)
        {
            for (int j = i; j >= 0; j--)
            {
                double phiI = At(arma.Phi, i);
                double phiJ = At(arma.Phi, j);
                double value = (phiI * phiJ * Gamma[0]) + (Weight(i) * Weight(j));
                value += phiI * (j + 1 < length ? First[j + 1] : 0);
                value += phiJ * (i + 1 < length ? First[i + 1] : 0);
                value += i + 1 < length ? full[i + 1, j + 1] : 0;
                full[i, j] = value;
                full[j, i] = value;
            }
        }

        for (int i = 0; i < length; i++)
        {
            full[i, 0] = First[i];
            full[0, i] = First[i];
        }

        return full;
    }

    /// <summary>R of the state: 1, θ₁, …</summary>
    internal double Weight(int i) => i == 0 ? 1 : At(arma.Theta, i - 1);

    private static double At(double[] values, int i) => i < values.Length ? values[i] : 0;

    // Levinson's recursion downwards gives all shorter predictors, and upwards the autocovariances.
    private bool UpdateAutoregression()
    {
        int p = arma.Phi.Length;
        double variance = 1;
        if (p > 0)
        {
            arma.Phi.CopyTo(predictors[p - 1], 0);
        }

        for (int k = p - 1; k >= 0; k--)
        {
            double[] row = predictors[k];
            double partial = row[k];
            double rest = 1 - (partial * partial);
            if (!(rest > 0))
            {
                return false;
            }

            variance /= rest;
            for (int i = 0; i < k; i++)
            {
                predictors[k - 1][i] = (row[i] + (partial * row[k - 1 - i])) / rest;
            }
        }

        autoregression[0] = variance;
        for (int h = 1; h < autoregression.Length; h++)
        {
            double[]? row = p == 0 ? null : predictors[Math.Min(h, p) - 1];
            double sum = 0;
            if (h <= p)
            {
                // Row h − 1 predicts y_t from h values: γ(h) = Σ row[i] γ(h − 1 − i), the last of them γ(0).
                for (int i = 0; i < h; i++)
                {
                    sum += row![i] * autoregression[h - 1 - i];
                }
            }
            else
            {
                foreach (int lag in arma.PhiLags)
                {
                    sum += arma.Phi[lag - 1] * autoregression[h - lag];
                }
            }

            autoregression[h] = sum;
        }

        return true;
    }

    private void UpdateMoments()
    {
        ReadOnlySpan<double> theta = arma.Theta;
        int q = theta.Length;
        if (q == 0)
        {
            autoregression.AsSpan(0, Gamma.Length).CopyTo(Gamma);
            Psi[0] = 1;
            return;
        }

        Array.Clear(squares);
        squares[0] = 1;
        foreach (int i in arma.ThetaLags)
        {
            squares[i] += theta[i - 1];
            foreach (int j in arma.ThetaLags)
            {
                if (j >= i)
                {
                    squares[j - i] += theta[i - 1] * theta[j - 1];
                }
            }
        }

        for (int h = 0; h < Gamma.Length; h++)
        {
            double sum = squares[0] * autoregression[h];
            for (int k = 1; k <= q; k++)
            {
                if (squares[k] != 0)
                {
                    sum += squares[k] * (autoregression[h + k] + autoregression[Math.Abs(h - k)]);
                }
            }

            Gamma[h] = sum;
        }

        Psi[0] = 1;
        for (int k = 1; k <= q; k++)
        {
            double sum = theta[k - 1];
            foreach (int lag in arma.PhiLags)
            {
                if (lag > k)
                {
                    break;
                }

                sum += arma.Phi[lag - 1] * Psi[k - lag];
            }

            Psi[k] = sum;
        }
    }
}
