using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>A method fitted to one variable of one series. Nothing changes it: any number of threads may ask it.</summary>
public abstract class LocalFit
{
    /// <summary>Forecasts the steps that follow.</summary>
    /// <param name="horizon">Number of steps, at least 1.</param>
    /// <param name="regressors">For each covariate that is known ahead its values over the steps; empty where there are
    /// none.</param>
    public abstract QuantileGrid Predict(int horizon, IReadOnlyList<double[]> regressors);

    /// <summary>Draws paths that the series might take.</summary>
    /// <remarks>
    /// A method that does not simulate takes each step's distribution, and lets a path's place in it wander from step to step as
    /// errors of forecasts do: a Gaussian autoregression of coefficient 0.8, the same for all methods.
    /// </remarks>
    /// <param name="horizon">Number of steps.</param>
    /// <param name="count">Number of paths.</param>
    /// <param name="key">What the draws follow from; see <see cref="SeededRandom.Key"/>.</param>
    /// <param name="regressors">For each covariate that is known ahead its values; empty where there are none.</param>
    public virtual double[][] Simulate(int horizon, int count, ulong key, IReadOnlyList<double[]> regressors) =>
        Paths.Wander(Predict(horizon, regressors), count, key);

    /// <summary>Takes in values that follow: parameters stay, state is carried on.</summary>
    /// <param name="newer">The values, oldest first, all finite.</param>
    /// <param name="regressors">For each covariate its values beside them; empty where there are none.</param>
    /// <returns>The fit with the later state; this one stays as it is.</returns>
    public abstract LocalFit Update(ReadOnlySpan<double> newer, IReadOnlyList<double[]> regressors);

    /// <summary>Why a newer value cannot be taken in, and what to do; null where it can.</summary>
    internal virtual string? Refuse(double value) => null;

    /// <summary>
    /// What the method would have forecast for each value one step before, as far as it was fitted here; NaN where it had
    /// nothing to go by. Empty once a fit is read from a file, or for methods that know none.
    /// </summary>
    public virtual ReadOnlySpan<double> Fitted => [];

    /// <summary>What the values were beyond <see cref="Fitted"/>.</summary>
    public virtual ReadOnlySpan<double> Residuals => [];

    /// <summary>The fit as plain data, which <see cref="LocalForecaster.ReadFit"/> makes it of again.</summary>
    public abstract Config State { get; }

    /// <summary>The fit in a line: <c>ETS(M,Ad,M), AICc 1234.5</c>.</summary>
    public abstract string Describe();
}

/// <summary>Paths drawn from distributions.</summary>
internal static class Paths
{
    private const double Persistence = 0.8;

    /// <summary>Paths whose places in the distributions are a Gaussian autoregression.</summary>
    internal static double[][] Wander(QuantileGrid grid, int count, ulong key)
    {
        var paths = new double[count][];
        for (int i = 0; i < count; i++)
        {
            var random = new SeededRandom(SeededRandom.Key(key, (ulong)i));
            var path = new double[grid.Horizon];
            double score = random.NextNormal();
            for (int step = 0; step < path.Length; step++)
            {
                score = step == 0 ? score
                    : (Persistence * score) + (Math.Sqrt(1 - (Persistence * Persistence)) * random.NextNormal());
                path[step] = grid.Quantile(step, Math.Clamp(Gaussian.Cdf(score), 1e-9, 1 - 1e-9));
            }

            paths[i] = path;
        }

        return paths;
    }

    /// <summary>Paths with the distributions of a grid and the order among one another that given paths have at each step: what
    /// depends on what stays so (Clark and others, "The Schaake shuffle", 2004).</summary>
    internal static double[][] Reorder(QuantileGrid grid, double[][] paths)
    {
        var result = paths.Select(path => new double[path.Length]).ToArray();
        var values = new double[paths.Length];
        for (int step = 0; step < grid.Horizon; step++)
        {
            int[] order = [.. Enumerable.Range(0, paths.Length)];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = paths[i][step];
            }

            Array.Sort((double[])values.Clone(), order);
            for (int rank = 0; rank < order.Length; rank++)
            {
                result[order[rank]][step] = grid.Quantile(step, (rank + 0.5) / order.Length);
            }
        }

        return result;
    }
}
