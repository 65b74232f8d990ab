using Recurrent.Data;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>Every step will be as all values were in the mean. Errors have the standard deviation <c>s√(1 + 1/n)</c>.</summary>
public sealed class MeanForecast : LocalForecaster
{
    /// <summary>Creates the method.</summary>
    public MeanForecast()
        : base(null)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(MeanForecast);

    /// <inheritdoc/>
    public override string Name => "Mean";

    /// <inheritdoc/>
    public override Config GetConfig() => [];

    /// <inheritdoc/>
    public override LocalFit FitSeries(LocalTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return LevelFit.Of(task.Values, task.Values.Length, true);
    }

    /// <inheritdoc/>
    protected internal override LocalFit ReadFit(ConfigReader state) => LevelFit.Read(state);
}

/// <summary>
/// Every step will be as the last values were in the mean. Errors add up as those of an autoregression over the window with equal
/// weights: <c>σ√(1 + Σ ψ_j²)</c>.
/// </summary>
public sealed class MovingAverage : LocalForecaster
{
    /// <summary>Creates the method.</summary>
    /// <param name="window">How many values are averaged; null for a season, and 5 where there is none.</param>
    /// <param name="season">Length of a season in steps; null to take that of the series' frequency.</param>
    /// <exception cref="ArgumentOutOfRangeException">A window has at least 1 value.</exception>
    public MovingAverage(int? window = null, int? season = null)
        : base(season) =>
        Window = window is not < 1 ? window
            : throw new ArgumentOutOfRangeException(nameof(window), window, "A window has at least 1 value.");

    /// <summary>How many values are averaged; null for a season, and 5 where there is none.</summary>
    public int? Window { get; }

    /// <inheritdoc/>
    public override string ClassName => nameof(MovingAverage);

    /// <inheritdoc/>
    public override string Name => "Moving average";

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("window", Window);
        return config;
    }

    /// <inheritdoc/>
    public override LocalFit FitSeries(LocalTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        int window = Window ?? (task.Season > 1 ? task.Season : Math.Min(5, task.Values.Length));
        return task.Values.Length >= window ? LevelFit.Of(task.Values, window, false)
            : throw new ArgumentException(FormattableString.Invariant(
                $"A window of {window} values needs as many, but there are {task.Values.Length}. Take a smaller window."));
    }

    /// <inheritdoc/>
    protected internal override LocalFit ReadFit(ConfigReader state) => LevelFit.Read(state);
}

/// <summary>The mean of all values, or of the last of them.</summary>
internal sealed class LevelFit : LocalFit
{
    private readonly double[] window;
    private readonly double mean;
    private readonly long count;
    private readonly double sigma;
    private readonly double[] fitted;
    private readonly double[] residuals;

    private LevelFit(double[] window, double mean, long count, double sigma, double[] fitted, double[] residuals)
    {
        this.window = window;
        this.mean = mean;
        this.count = count;
        this.sigma = sigma;
        this.fitted = fitted;
        this.residuals = residuals;
    }

    public override ReadOnlySpan<double> Fitted => fitted;

    public override ReadOnlySpan<double> Residuals => residuals;

    // A window of no values: all count.
    public override Config State => new()
    {
        { "window", StoredState.Pack(window) },
        { "mean", mean },
        { "count", count },
        { "sigma", sigma },
    };

    internal static LevelFit Of(ReadOnlySpan<double> values, int width, bool all)
    {
        var fitted = new double[values.Length];
        double running = 0;
        for (int t = 0; t < fitted.Length; t++)
        {
            fitted[t] = t < (all ? 1 : width) ? double.NaN : all ? running : Mean(values[(t - width)..t]);
            running = After(running, values[t], t + 1);
        }

        double mean = Mean(values[^width..]), sigma = 0;
        int n = values.Length;
        if (all && n > 1)
        {
            var flat = new double[n];
            Array.Fill(flat, mean);
            sigma = ForecastMetrics.Rmse(values, flat) * Math.Sqrt(n / (n - 1.0));
        }
        else if (!all && n > width)
        {
            sigma = ForecastMetrics.Rmse(values[width..], fitted.AsSpan(width));
        }

        return new(all ? [] : values[^width..].ToArray(), mean, n, EtsModel.Bounded(sigma), fitted,
            LocalFits.Residuals(values, fitted));
    }

    internal static LevelFit Read(ConfigReader reader)
    {
        double[] window = StoredState.Numbers(reader, "window");
        double mean = reader.Double("mean");
        return new(window, window.Length > 0 ? Mean(window) : mean, LocalFits.Counted(reader, "count"),
            LocalFits.NotNegative(reader, "sigma"), [], []);
    }

    public override QuantileGrid Predict(int horizon, IReadOnlyList<double[]> regressors)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(horizon);
        var effects = new double[horizon];
        double sum = 0, recent = 0;
        int width = window.Length;
        var spread = new double[horizon];
        for (int h = 0; h < horizon; h++)
        {
            if (width == 0)
            {
                spread[h] = sigma * Math.Sqrt(1 + (1.0 / count));
                continue;
            }

            // What an error now does h steps on: the mean of what it did to the last steps.
            effects[h] = h == 0 ? 1 : recent / width;
            recent += effects[h] - (h >= width ? effects[h - width] : 0);
            sum += effects[h] * effects[h];
            spread[h] = sigma * Math.Sqrt(sum);
        }

        return QuantileGrid.From(Enumerable.Repeat(mean, horizon).ToArray(),
            (h, probability) => EtsModel.Bounded(mean + (spread[h] * Gaussian.Quantile(probability))));
    }

    public override LocalFit Update(ReadOnlySpan<double> newer, IReadOnlyList<double[]> regressors)
    {
        if (window.Length > 0)
        {
            double[] all = [.. window, .. newer];
            double[] last = all[^window.Length..];
            return new LevelFit(last, Mean(last), count + newer.Length, sigma, [], []);
        }

        double after = mean;
        for (int t = 0; t < newer.Length; t++)
        {
            after = After(after, newer[t], count + t + 1);
        }

        return new LevelFit([], after, count + newer.Length, sigma, [], []);
    }

    public override string Describe() => window.Length > 0
        ? FormattableString.Invariant($"Mean of the last {window.Length} values, {mean:G4}")
        : FormattableString.Invariant($"Mean of all values, {mean:G4}");

    /// <summary>A mean after one more value, of so many in all.</summary>
    private static double After(double mean, double value, long count) => mean + ((value / count) - (mean / count));

    private static double Mean(ReadOnlySpan<double> values)
    {
        // In units of the largest, so that no sum overflows.
        int exponent = Magnitude.Exponent(values);
        double sum = 0;
        foreach (double value in values)
        {
            sum += Math.ScaleB(value, -exponent);
        }

        return EtsModel.Bounded(Math.ScaleB(sum / values.Length, exponent));
    }
}
