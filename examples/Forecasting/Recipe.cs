using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Examples.Forecasting;

/// <summary>
/// What the network sees, and what it is asked for. It is not asked for the series but for what is left once the seasonal naive
/// forecast has been subtracted: growth, and how it changes.
/// </summary>
/// <remarks>
/// With z the transformed and standardised training part, m the season and e the last step of a window, step t of the window
/// shows <c>z_t − z_e</c>, the seasonal difference <c>z_t − z_{t−m}</c> and the phase of the season as sine and cosine; the
/// targets are <c>z_{e+k} − z_{e+k−m⌈k/m⌉}</c> for k = 1 … horizon. Every scale is that of the training part.
/// </remarks>
internal sealed class Recipe
{
    private readonly ForecastingTask task;
    private readonly Scaler transform;
    private readonly StandardScaler level;
    private readonly double differenceScale;
    private readonly double targetScale;
    private readonly double[] z;

    internal Recipe(ForecastingTask task)
    {
        this.task = task;
        transform = task.Transform;
        double[] transformed = transform.Transform(task.Training.Values);
        level = new StandardScaler(transformed);
        z = level.Transform(transformed);
        differenceScale =
            new StandardScaler([.. Enumerable.Range(task.Season, z.Length - task.Season).Select(Difference)]).StandardDeviation;
        targetScale = new StandardScaler([.. Ends.SelectMany(Residuals)]).StandardDeviation;
    }

    /// <summary>Numbers at each step of a window.</summary>
    internal int Features => task.Season > 1 ? 4 : 2;

    /// <summary>The last steps of all windows whose targets lie in the training part.</summary>
    private IEnumerable<int> Ends
    {
        get
        {
            int first = task.Season + task.Lookback - 1;
            return Enumerable.Range(first, z.Length - task.Horizon - first);
        }
    }

    /// <summary>Every window of the training part, oldest first, with its targets.</summary>
    internal (NDArray X, NDArray Y) Windows()
    {
        int[] ends = [.. Ends];
        var y = new NDArray(ends.Length, task.Horizon);
        for (int i = 0; i < ends.Length; i++)
        {
            double[] residuals = Residuals(ends[i]);
            for (int k = 0; k < residuals.Length; k++)
            {
                y[i, k] = (float)(residuals[k] / targetScale);
            }
        }

        return (Inputs(ends), y);
    }

    /// <summary>The window that ends with the training part.</summary>
    internal NDArray LastWindow() => Inputs([z.Length - 1]);

    /// <summary>What the network says for the last window, as values of the series.</summary>
    internal double[] Forecast(ReadOnlySpan<float> outputs)
    {
        double[] naive = new SeasonalNaive(task.Season).Forecast(z, task.Horizon);
        var forecast = new double[task.Horizon];
        for (int k = 0; k < forecast.Length; k++)
        {
            forecast[k] = transform.Inverse(level.Inverse(naive[k] + (outputs[k] * targetScale)));
        }

        return forecast;
    }

    private NDArray Inputs(int[] ends)
    {
        var x = new NDArray(ends.Length, task.Lookback, Features);
        for (int i = 0; i < ends.Length; i++)
        {
            for (int step = 0; step < task.Lookback; step++)
            {
                int t = ends[i] - task.Lookback + 1 + step;
                x[i, step, 0] = (float)(z[t] - z[ends[i]]);
                x[i, step, 1] = (float)(Difference(t) / differenceScale);
                if (task.Season > 1)
                {
                    (double sine, double cosine) = Math.SinCos(2 * Math.PI * t / task.Season);
                    x[i, step, 2] = (float)sine;
                    x[i, step, 3] = (float)cosine;
                }
            }
        }

        return x;
    }

    private double Difference(int t) => z[t] - z[t - task.Season];

    /// <summary>What comes after a window, less the seasonal naive forecast made at its end.</summary>
    private double[] Residuals(int end)
    {
        double[] naive = new SeasonalNaive(task.Season).Forecast(z.AsSpan(0, end + 1), task.Horizon);
        return [.. naive.Select((value, k) => z[end + 1 + k] - value)];
    }
}
