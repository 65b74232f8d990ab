using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// How far a network that gives points only was off on windows it was not trained on: a size for each step ahead, a shape that
/// all steps share, and a factor for each target of each series.
/// </summary>
/// <remarks>
/// With e the errors in the units that windows are scaled to: <c>s_h² = mean e²</c> at step h (over neighbouring steps too), and
/// the quantile of level p lies at <c>point + f·s_h·Q(p)</c>, where Q holds the quantiles of <c>e / (f·s_h)</c>. With few errors
/// Q is the normal distribution's.
/// </remarks>
internal sealed class ResidualSpread
{
    private const int EnoughForShape = 200;
    private readonly double[] sizes;
    private readonly double[] shape;
    private readonly double[] factors;

    private ResidualSpread(double[] sizes, double[] shape, double[] factors) =>
        (this.sizes, this.shape, this.factors) = (sizes, shape, factors);

    /// <summary>Learns from errors.</summary>
    /// <param name="horizon">Number of steps.</param>
    /// <param name="groups">Number of targets in all series together.</param>
    /// <param name="errors">The errors, each with its group and step.</param>
    public static ResidualSpread Of(int horizon, int groups, IReadOnlyList<(int Group, int Step, float Error)> errors)
    {
        var squares = new double[horizon];
        var counts = new long[horizon];
        foreach ((_, int step, float error) in errors)
        {
            squares[step] += (double)error * error;
            counts[step]++;
        }

        double[] sizes = Smooth(squares, counts);
        double[] factors = Factors(groups, sizes, errors);
        double[] shape = [.. QuantileGrid.Levels.Select(Gaussian.Quantile)];
        if (errors.Count >= EnoughForShape)
        {
            double[] sorted = [.. errors.Select(error => error.Error / (sizes[error.Step] * factors[error.Group]))];
            Array.Sort(sorted);
            for (int i = 0; i < shape.Length; i++)
            {
                double level = QuantileGrid.Levels[i];

                // Beyond what so many errors can tell, the tail goes on as a normal one does.
                double edge = Math.Max(10.0 / sorted.Length, 0.005);
                double inside = Math.Clamp(level, edge, 1 - edge);
                double quantile = QuantileGrid.OfSorted(sorted, inside);
                shape[i] = inside == level ? quantile : quantile * Gaussian.Quantile(level) / Gaussian.Quantile(inside);
            }

            // The point forecast stays the median.
            double middle = shape[shape.Length / 2];
            for (int i = 0; i < shape.Length; i++)
            {
                shape[i] -= middle;
            }
        }

        return new(sizes, shape, factors);
    }

    /// <summary>The quantiles' distances from the point.</summary>
    /// <param name="group">Which target of which series.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="target">Receives one for each of <see cref="QuantileGrid.Levels"/>.</param>
    public void Fill(int group, int step, Span<double> target)
    {
        double size = sizes[Math.Min(step, sizes.Length - 1)] * factors[group];
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = size * shape[i];
        }
    }

    /// <summary>As plain data.</summary>
    public Config ToConfig()
    {
        var config = new Config();
        config.Add("sizes", StoredState.Pack(sizes));
        config.Add("shape", StoredState.Pack(shape));
        config.Add("factors", StoredState.Pack(factors));
        return config;
    }

    /// <summary>Reads what <see cref="ToConfig"/> wrote.</summary>
    public static ResidualSpread Read(ConfigReader config, int horizon, int groups)
    {
        double[] sizes = StoredState.Numbers(config, "sizes");
        double[] shape = StoredState.Numbers(config, "shape");
        double[] factors = StoredState.Numbers(config, "factors");
        return sizes.Length == horizon && shape.Length == QuantileGrid.Levels.Count && factors.Length == groups
            ? new(sizes, shape, factors)
            : throw new ConfigException("The spread of the errors does not fit the network.");
    }

    private static double[] Smooth(double[] squares, long[] counts)
    {
        var sizes = new double[squares.Length];
        double last = 1;
        for (int step = 0; step < sizes.Length; step++)
        {
            double sum = 0;
            long count = 0;
            int reach = Math.Min(2, step);
            for (int other = step - reach; other <= Math.Min(step + reach, sizes.Length - 1); other++)
            {
                sum += squares[other];
                count += counts[other];
            }

            last = count > 0 ? Math.Max(Math.Sqrt(sum / count), 1e-9) : last;
            sizes[step] = last;
        }

        return sizes;
    }

    /// <summary>How much larger the errors of each target are than those of all, drawn to 1 where there are few.</summary>
    private static double[] Factors(int groups, double[] sizes, IReadOnlyList<(int Group, int Step, float Error)> errors)
    {
        var ratios = new double[groups];
        var counts = new double[groups];
        foreach ((int group, int step, float error) in errors)
        {
            double ratio = error / sizes[step];
            ratios[group] += ratio * ratio;
            counts[group]++;
        }

        // Errors of one window go together: a window is worth about two of them.
        return [.. ratios.Select((sum, group) =>
        {
            double worth = counts[group] * Math.Min(1, 2.0 / sizes.Length);
            double mean = counts[group] > 0 ? sum / counts[group] : 1;
            return Math.Sqrt(((worth * mean) + 4) / (worth + 4));
        })];
    }
}
