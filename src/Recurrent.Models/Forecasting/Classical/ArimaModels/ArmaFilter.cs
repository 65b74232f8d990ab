using System.Numerics;

namespace Recurrent.Forecasting;

/// <summary>
/// Innovations of complete series under a stationary ARMA model, exactly, in O(n · lags): the Kalman filter whose covariance is
/// carried as its increment of rank one (Morf, Sidhu and Kailath, 1974: the recursions of Chandrasekhar), until it is steady.
/// From there on innovations are plain differences of lagged values (Mélard, 1984).
/// </summary>
/// <remarks>
/// With F = Z P Zᵀ, K = T P Zᵀ and P_{t+1} − P_t = M L Lᵀ, u = L[0]:
/// F⁺ = F + M u², K⁺ = K + M u T L, L⁺ = T L − K⁺ u / F⁺, M⁺ = M F⁺ / F; at first L = K, M = −1/F.
/// All columns (the series, and regressors of which the innovations are needed too) go through the same filter.
/// </remarks>
internal sealed class ArmaFilter
{
    private const double Steady = 1e-10;

    private readonly ArmaPolynomials arma;
    private readonly ArmaCovariance covariance;
    private readonly double[][] columns;
    private readonly double[] gain;
    private readonly double[] direction;
    private readonly double[] phi;
    private readonly int padded;
    private readonly double[][] predictions;

    /// <summary>Creates a filter for columns of one length.</summary>
    internal ArmaFilter(ArmaPolynomials arma, double[][] columns)
    {
        this.arma = arma;
        this.columns = columns;
        covariance = new ArmaCovariance(arma);
        int state = arma.StateLength;

        // Arrays end in zeros, so that sweeps may go on to whole vectors.
        padded = (state + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;
        gain = new double[padded + 1];
        direction = new double[padded + 1];
        phi = new double[padded + 1];
        Innovations = new double[columns.Length][];
        predictions = new double[columns.Length][];
        for (int c = 0; c < columns.Length; c++)
        {
            Innovations[c] = new double[columns[c].Length];
            predictions[c] = new double[columns[c].Length + padded + 1];
        }
    }

    /// <summary>The innovations of each column over the square root of their variance.</summary>
    internal double[][] Innovations { get; }

    /// <summary>Σ log F, with innovations of variance 1 in the limit.</summary>
    internal double LogDeterminant { get; private set; }

    /// <summary>Filters all columns with the innovations before the first value of whole memory taken as 0: the conditional
    /// sum of squares. Those of values without whole memory are 0 too.</summary>
    /// <param name="memory">How many values the autoregression looks back on.</param>
    internal void RunConditional(int memory)
    {
        LogDeterminant = 0;
        for (int c = 0; c < columns.Length; c++)
        {
            Array.Clear(predictions[c]);
            for (int t = 0; t < Math.Min(memory, columns[c].Length); t++)
            {
                Innovations[c][t] = 0;
                foreach (int lag in arma.PhiLags)
                {
                    predictions[c][t + lag] += arma.Phi[lag - 1] * columns[c][t];
                }
            }

            RunSteady(columns[c], Innovations[c], predictions[c], Math.Min(memory, columns[c].Length));
        }
    }

    /// <summary>Filters all columns; false where the model is not stationary or numbers run out of range.</summary>
    internal bool TryRun()
    {
        int count = columns[0].Length;
        int state = arma.StateLength;
        LogDeterminant = 0;
        int start = 0;
        foreach (double[] prediction in predictions)
        {
            Array.Clear(prediction);
        }

        if (state > 1 || arma.Phi.Length > 0)
        {
            if (!covariance.TryUpdate())
            {
                return false;
            }

            start = RunUnsteady(count);
        }

        if (start < 0)
        {
            return false;
        }

        for (int c = 0; c < columns.Length; c++)
        {
            RunSteady(columns[c], Innovations[c], predictions[c], start);
        }

        return true;
    }

    // What a value at t adds to the predictions of later steps stands at predictions[t + 1 + i]: the state of Harvey's form.
    private int RunUnsteady(int count)
    {
        int state = arma.StateLength;
        double f = covariance.Gamma[0];
        arma.Phi.CopyTo(phi, 0);
        for (int i = 0; i < state; i++)
        {
            gain[i] = (i + 1 < state ? covariance.First[i + 1] : 0) + (phi[i] * f);
            direction[i] = gain[i];
        }

        double weight = -1 / f;
        double determinant = 1;
        for (int t = 0; t < count; t++)
        {
            if (!(f > 0))
            {
                return -1;
            }

            Step(t, f);
            determinant *= f;
            if (determinant is > 1e100 or < 1e-100)
            {
                LogDeterminant += Math.Log(determinant);
                determinant = 1;
            }

            double u = direction[0];
            double added = weight * u * u;
            double next = f + added;
            if (!(next > 0))
            {
                return -1;
            }

            double change = MoveGain(u, weight * u, u / next);
            weight *= next / f;
            f = next;
            if (change < Steady && IsSteady(f))
            {
                LogDeterminant += Math.Log(determinant);
                return t + 1;
            }
        }

        LogDeterminant += Math.Log(determinant);
        return count;
    }

    // K⁺ = K + M u T L, L⁺ = T L − K⁺ u / F⁺; tells the largest change of K.
    private double MoveGain(double u, double share, double back)
    {
        Vector<double> largest = Vector<double>.Zero;
        for (int i = 0; i < padded; i += Vector<double>.Count)
        {
            Vector<double> moved = new Vector<double>(direction, i + 1) + (new Vector<double>(phi, i) * u);
            Vector<double> step = moved * share;
            Vector<double> after = new Vector<double>(gain, i) + step;
            largest = Vector.Max(largest, Vector.Abs(step));
            after.CopyTo(gain, i);
            (moved - (after * back)).CopyTo(direction, i);
        }

        double change = 0;
        for (int i = 0; i < Vector<double>.Count; i++)
        {
            change = Math.Max(change, largest[i]);
        }

        return change;
    }

    private bool IsSteady(double f)
    {
        if (Math.Abs(f - 1) > Steady)
        {
            return false;
        }

        for (int i = 0; i < arma.StateLength; i++)
        {
            double limit = (i < arma.Phi.Length ? arma.Phi[i] : 0) + (i < arma.Theta.Length ? arma.Theta[i] : 0);
            if (Math.Abs(gain[i] - limit) > Steady)
            {
                return false;
            }
        }

        return true;
    }

    private void Step(int t, double f)
    {
        double scale = 1 / Math.Sqrt(f);
        for (int c = 0; c < columns.Length; c++)
        {
            double[] prediction = predictions[c];
            Span<double> ahead = prediction.AsSpan(t);
            double expected = ahead[0];
            double innovation = columns[c][t] - expected;
            Innovations[c][t] = innovation * scale;
            double share = innovation / f;
            foreach (int lag in arma.PhiLags)
            {
                ahead[lag] += phi[lag - 1] * expected;
            }

            for (int i = 0; i < padded; i += Vector<double>.Count)
            {
                (new Vector<double>(prediction, t + 1 + i) + (new Vector<double>(gain, i) * share)).CopyTo(prediction, t + 1 + i);
            }
        }
    }

    private void RunSteady(double[] column, double[] innovations, double[] predictions, int start)
    {
        ReadOnlySpan<int> phiLags = arma.PhiLags;
        ReadOnlySpan<int> thetaLags = arma.ThetaLags;
        ReadOnlySpan<double> phi = arma.Phi;
        ReadOnlySpan<double> theta = arma.Theta;
        for (int t = start; t < column.Length; t++)
        {
            Span<double> ahead = predictions.AsSpan(t);
            double value = column[t];
            double innovation = value - ahead[0];
            innovations[t] = innovation;
            foreach (int lag in phiLags)
            {
                ahead[lag] += phi[lag - 1] * value;
            }

            foreach (int lag in thetaLags)
            {
                ahead[lag] += theta[lag - 1] * innovation;
            }
        }
    }
}
