namespace Recurrent.Forecasting;

/// <summary>
/// The Kalman filter of a seasonal ARIMA model, for series with or without gaps, with innovations of variance 1. Its state is
/// that of the ARMA model of the differences in Harvey's form, followed by the last d + m·D values: y_t = α_t[0] + Σ δ_j
/// y_{t−j}.
/// </summary>
/// <remarks>
/// The first d + m·D values are the state's start, known exactly; those that are missing are unknown numbers, estimated like
/// regressors (de Jong, 1991), so that the likelihood is the diffuse one without any large constant. Several columns (the
/// series, its regressors, the unknown starts) have one covariance.
/// </remarks>
internal sealed class ArimaKalman
{
    private const double Steady = 1e-11;

    private readonly ArmaPolynomials arma;
    private readonly double[] delta;
    private readonly int length;
    private readonly int size;
    private readonly double[] gain;
    private readonly double[] scratch;
    private readonly double[] weights;
    private readonly double[,] covariance;
    private readonly double[,] moved;
    private readonly double[,] predicted;
    private int sinceGap;
    private double variance;
    private bool steady;

    private ArimaKalman(ArmaPolynomials arma, double[] delta, double[,] covariance, double[][] means)
    {
        this.arma = arma;
        this.delta = delta;
        this.covariance = covariance;
        Means = means;
        length = arma.StateLength;
        size = length + delta.Length;
        gain = new double[size];
        scratch = new double[size];
        moved = new double[size, size];
        predicted = new double[size, size];
        weights = new double[length];
        weights[0] = 1;
        arma.Theta.CopyTo(weights, 1);
        sinceGap = delta.Length;
    }

    /// <summary>The predicted state of each column, before the next value is seen.</summary>
    internal double[][] Means { get; }

    /// <summary>The predicted state's covariance.</summary>
    internal double[,] Covariance => covariance;

    private int Active => sinceGap >= delta.Length ? length : size;

    /// <summary>Starts a filter after the first d + m·D values of each column; null where the model is not stationary.</summary>
    internal static ArimaKalman? Start(ArmaPolynomials arma, double[] delta, double[][] columns)
    {
        var moments = new ArmaCovariance(arma);
        if (!moments.TryUpdate())
        {
            return null;
        }

        int length = arma.StateLength;
        double[,] block = moments.Full();
        var covariance = new double[length + delta.Length, length + delta.Length];
        for (int i = 0; i < length; i++)
        {
            for (int j = 0; j < length; j++)
            {
                covariance[i, j] = block[i, j];
            }
        }

        var means = new double[columns.Length][];
        for (int c = 0; c < columns.Length; c++)
        {
            means[c] = new double[length + delta.Length];
            for (int j = 0; j < delta.Length; j++)
            {
                means[c][length + j] = columns[c][delta.Length - 1 - j];
            }
        }

        return new ArimaKalman(arma, delta, covariance, means);
    }

    /// <summary>A filter that goes on from a state.</summary>
    internal static ArimaKalman Resume(ArmaPolynomials arma, double[] delta, double[] mean, double[,] covariance)
    {
        var filter = new ArimaKalman(arma, delta, (double[,])covariance.Clone(), [(double[])mean.Clone()]);
        filter.sinceGap = 0;
        return filter;
    }

    /// <summary>What column c is expected to be next.</summary>
    internal double Expected(int c)
    {
        double[] mean = Means[c];
        double sum = mean[0];
        for (int j = 0; j < delta.Length; j++)
        {
            sum += delta[j] * mean[length + j];
        }

        return sum;
    }

    /// <summary>The variance of the next value.</summary>
    internal double NextVariance()
    {
        if (!steady)
        {
            Measure();
        }

        return variance;
    }

    /// <summary>Takes in the values of a step, and moves on; false where numbers run out of range.</summary>
    /// <param name="values">One for each column.</param>
    internal bool Observe(ReadOnlySpan<double> values)
    {
        if (!steady)
        {
            Measure();
        }

        if (!(variance > 0) || !double.IsFinite(variance))
        {
            return false;
        }

        int active = Active;
        for (int c = 0; c < Means.Length; c++)
        {
            double share = (values[c] - Expected(c)) / variance;
            double[] mean = Means[c];
            for (int i = 0; i < active; i++)
            {
                mean[i] += gain[i] * share;
            }

            // The newest lag is the value itself, seen without error.
            Move(mean, values[c]);
        }

        if (!steady)
        {
            for (int i = 0; i < active; i++)
            {
                double share = gain[i] / variance;
                for (int j = 0; j <= i; j++)
                {
                    predicted[i, j] = covariance[i, j];
                    covariance[i, j] -= share * gain[j];
                    covariance[j, i] = covariance[i, j];
                }
            }

            Move(observed: true);
        }

        return true;
    }

    /// <summary>Moves on past a step whose value is missing, or not yet known.</summary>
    internal void Skip()
    {
        for (int c = 0; c < Means.Length; c++)
        {
            Move(Means[c], Expected(c));
        }

        steady = false;
        Move(observed: false);
    }

    // P Zᵀ and Z P Zᵀ.
    private void Measure()
    {
        int active = Active;
        for (int i = 0; i < active; i++)
        {
            double sum = covariance[i, 0];
            for (int j = 0; length + j < active; j++)
            {
                sum += covariance[i, length + j] * delta[j];
            }

            gain[i] = sum;
        }

        double total = gain[0];
        for (int j = 0; length + j < active; j++)
        {
            total += delta[j] * gain[length + j];
        }

        variance = total;
    }

    private void Move(double[] mean, double value)
    {
        double first = mean[0];
        for (int i = 0; i < length; i++)
        {
            mean[i] = (i + 1 < length ? mean[i + 1] : 0) + (i < arma.Phi.Length ? arma.Phi[i] * first : 0);
        }

        for (int j = size - 1; j > length; j--)
        {
            mean[j] = mean[j - 1];
        }

        if (size > length)
        {
            mean[length] = value;
        }
    }

    // P ← T P Tᵀ + R Rᵀ. While the last values are known their rows are 0 and are left alone.
    private void Move(bool observed)
    {
        int before = Active;
        sinceGap = observed ? Math.Min(sinceGap + 1, delta.Length) : 0;
        int active = observed && before == length ? length : size;
        for (int j = 0; j < active; j++)
        {
            MoveRow(j, active);
        }

        double change = 0;
        for (int i = 0; i < active; i++)
        {
            for (int k = 0; k < active; k++)
            {
                scratch[k] = moved[i, k];
            }

            for (int j = 0; j <= i; j++)
            {
                double value = Moved(scratch, j, active) + (i < length && j < length ? weights[i] * weights[j] : 0);
                change = Math.Max(change, Math.Abs(value - predicted[i, j]));
                covariance[i, j] = value;
                covariance[j, i] = value;
            }
        }

        if (observed && Active == length)
        {
            ForgetLags(before);
        }

        // The gain of a steady covariance is that of the next step too.
        if (observed && before == length && change < Steady)
        {
            Measure();
            steady = true;
        }
    }

    // All last values have been seen: what rounding left of their variance goes.
    private void ForgetLags(int before)
    {
        if (before == length)
        {
            return;
        }

        for (int i = length; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                covariance[i, j] = 0;
                covariance[j, i] = 0;
            }
        }
    }

    private void MoveRow(int column, int active)
    {
        for (int k = 0; k < active; k++)
        {
            scratch[k] = covariance[k, column];
        }

        for (int i = 0; i < active; i++)
        {
            moved[i, column] = Moved(scratch, i, active);
        }
    }

    // Element i of T x.
    private double Moved(double[] x, int i, int active)
    {
        if (i < length)
        {
            return (i + 1 < length ? x[i + 1] : 0) + (i < arma.Phi.Length ? arma.Phi[i] * x[0] : 0);
        }

        if (i > length)
        {
            return x[i - 1];
        }

        double sum = x[0];
        for (int j = 0; length + j < active; j++)
        {
            sum += delta[j] * x[length + j];
        }

        return sum;
    }
}
