using Recurrent.Random;

namespace Recurrent.Forecasting;

/// <summary>
/// A seasonal ARIMA model with its coefficients and its state after the last value: it forecasts, simulates, and takes in what
/// follows. Nothing changes it.
/// </summary>
internal sealed class ArimaModel
{
    private readonly ArmaPolynomials arma;
    private readonly double[] delta;

    internal ArimaModel(ArimaParameters parameters, ArimaState state)
    {
        Parameters = parameters;
        State = state;
        arma = new ArmaPolynomials(parameters.Order);
        arma.Set(parameters.Coefficients);
        delta = Differencing.Polynomial(parameters.Order);
    }

    /// <summary>What was estimated.</summary>
    internal ArimaParameters Parameters { get; }

    /// <summary>What is remembered of the past.</summary>
    internal ArimaState State { get; }

    /// <summary>Means and standard deviations of the steps that follow.</summary>
    /// <param name="horizon">Number of steps.</param>
    /// <param name="regressors">For each regressor its values over them.</param>
    /// <exception cref="ArgumentException">Regressors are missing or too short.</exception>
    internal (double[] Mean, double[] Sigma) Predict(int horizon, IReadOnlyList<double[]> regressors)
    {
        Parameters.Check(regressors, horizon);
        ArimaKalman filter = Filter();
        var mean = new double[horizon];
        var sigma = new double[horizon];
        for (int k = 0; k < horizon; k++)
        {
            double variance = Math.Max(0, filter.NextVariance() * Parameters.Variance);
            mean[k] = Unscaled(filter.Expected(0) + Parameters.Regression(State.Count + k, regressors, k));
            sigma[k] = Unscaled(Math.Sqrt(variance));
            filter.Skip();
        }

        return (mean, sigma);
    }

    /// <summary>Paths that the series might take, steps depending on one another as the model has it.</summary>
    internal double[][] Simulate(int horizon, int count, ulong key, IReadOnlyList<double[]> regressors)
    {
        Parameters.Check(regressors, horizon);
        double sigma = Math.Sqrt(Parameters.Variance);
        double[,] root = SemiDefinite.Root(State.Covariance);
        var paths = new double[count][];
        for (int i = 0; i < count; i++)
        {
            var random = new SeededRandom(SeededRandom.Key(key, (ulong)i));
            paths[i] = Path(horizon, root, sigma, ref random, regressors);
        }

        return paths;
    }

    /// <summary>The model after more values, NaN where one is missing.</summary>
    internal ArimaModel Update(ReadOnlySpan<double> newer, IReadOnlyList<double[]> regressors)
    {
        Parameters.Check(regressors, newer.Length);
        ArimaKalman filter = Filter();
        for (int t = 0; t < newer.Length; t++)
        {
            if (double.IsNaN(newer[t]))
            {
                filter.Skip();
                continue;
            }

            double value = Math.ScaleB(newer[t], -Parameters.Exponent);
            if (!filter.Observe([value - Parameters.Regression(State.Count + t, regressors, t)]))
            {
                // A variance of 0 has nothing to learn: the value is taken as it is.
                filter.Skip();
            }
        }

        return new(Parameters, new(filter.Means[0], filter.Covariance, State.Count + newer.Length));
    }

    /// <summary>Filters a series from its beginning: the model's state at its end, and what it would have forecast one step
    /// before;
    /// NaN where it had nothing to go by.</summary>
    internal static (ArimaModel Model, double[] Fitted) Through(
        ArimaParameters parameters, ArimaProblem problem, double[] regression)
    {
        ArimaOrder order = parameters.Order;
        double[,] startCovariance = new double[0, 0];
        if (problem.UnknownStarts > 0)
        {
            var likelihood = new GappedLikelihood(problem, order);
            _ = likelihood.Deviance(parameters.Coefficients);
            regression = likelihood.StartsAndRegression;
            startCovariance = likelihood.StartCovariance();
        }

        var arma = new ArmaPolynomials(order);
        arma.Set(parameters.Coefficients);
        double[] delta = Differencing.Polynomial(order);
        double[][] levels = problem.Levels;
        int count = levels[0].Length;
        var fitted = new double[count];
        Array.Fill(fitted, double.NaN);
        ArimaKalman filter = ArimaKalman.Start(arma, delta, levels)
            ?? throw new ArgumentException("The coefficients are not those of a stationary model.", nameof(parameters));
        Span<double> values = stackalloc double[levels.Length];
        for (int t = delta.Length; t < count; t++)
        {
            double expected = filter.Expected(0);
            for (int c = 1; c < levels.Length; c++)
            {
                expected += regression[c - 1] * (levels[c][t] - filter.Expected(c));
            }

            fitted[t] = Math.ScaleB(expected, parameters.Exponent);
            if (double.IsNaN(levels[0][t]))
            {
                filter.Skip();
                continue;
            }

            for (int c = 0; c < levels.Length; c++)
            {
                values[c] = levels[c][t];
            }

            if (!filter.Observe(values))
            {
                filter.Skip();
            }
        }

        double[,] covariance = (double[,])filter.Covariance.Clone();
        double[] mean = filter.Means[0];
        for (int c = 1; c < levels.Length; c++)
        {
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] -= regression[c - 1] * filter.Means[c][i];
            }
        }

        AddStarts(covariance, filter.Means, startCovariance);

        return (new(parameters, new(mean, covariance, count)), fitted);
    }

    // What is not known of the starts is not known of the state either.
    private static void AddStarts(double[,] covariance, double[][] means, double[,] starts)
    {
        int unknown = starts.GetLength(0);
        for (int a = 0; a < unknown; a++)
        {
            for (int b = 0; b < unknown; b++)
            {
                for (int i = 0; i < covariance.GetLength(0); i++)
                {
                    for (int j = 0; j < covariance.GetLength(0); j++)
                    {
                        covariance[i, j] += means[a + 1][i] * starts[a, b] * means[b + 1][j];
                    }
                }
            }
        }
    }

    private double[] Path(
        int horizon, double[,] root, double sigma, ref SeededRandom random, IReadOnlyList<double[]> regressors)
    {
        int length = arma.StateLength;
        double[] state = (double[])State.Mean.Clone();
        for (int j = 0; j < root.GetLength(1); j++)
        {
            double draw = sigma * random.NextNormal();
            for (int i = 0; i < state.Length; i++)
            {
                state[i] += root[i, j] * draw;
            }
        }

        var path = new double[horizon];
        for (int k = 0; k < horizon; k++)
        {
            double first = state[0];
            double value = first;
            for (int j = 0; j < delta.Length; j++)
            {
                value += delta[j] * state[length + j];
            }

            path[k] = Unscaled(value + Parameters.Regression(State.Count + k, regressors, k));
            double innovation = sigma * random.NextNormal();
            for (int i = 0; i < length; i++)
            {
                state[i] = (i + 1 < length ? state[i + 1] : 0) + (i < arma.Phi.Length ? arma.Phi[i] * first : 0)
                    + (innovation * (i == 0 ? 1 : i <= arma.Theta.Length ? arma.Theta[i - 1] : 0));
            }

            for (int j = state.Length - 1; j > length; j--)
            {
                state[j] = state[j - 1];
            }

            if (state.Length > length)
            {
                state[length] = value;
            }
        }

        return path;
    }

    private ArimaKalman Filter() => ArimaKalman.Resume(arma, delta, State.Mean, State.Covariance);

    private double Unscaled(double value) =>
        Math.Clamp(Math.ScaleB(value, Parameters.Exponent), double.MinValue, double.MaxValue);
}
