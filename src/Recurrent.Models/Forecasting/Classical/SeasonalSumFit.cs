using Recurrent.Data;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// One or several long seasons that repeat their last cycle, and a fit of what is left without them: y = Σ season + rest.
/// </summary>
internal sealed class SeasonalSumFit : LocalFit
{
    private readonly double[][] rings;
    private readonly long time;
    private readonly LocalFit rest;
    private readonly double[] fitted;
    private readonly double[] residuals;

    /// <param name="rings">A cycle of each season, beginning with the step after the series that it was found in.</param>
    /// <param name="time">How many steps have passed since.</param>
    /// <param name="rest">The fit of the rest.</param>
    /// <param name="fitted">What was forecast for each value.</param>
    /// <param name="residuals">The values less that.</param>
    private SeasonalSumFit(double[][] rings, long time, LocalFit rest, double[] fitted, double[] residuals)
    {
        this.rings = rings;
        this.time = time;
        this.rest = rest;
        this.fitted = fitted;
        this.residuals = residuals;
    }

    public override ReadOnlySpan<double> Fitted => fitted;

    public override ReadOnlySpan<double> Residuals => residuals;

    public override Config State => new()
    {
        { "cycles", rings.Select(ring => StoredState.Pack(ring)).ToArray() },
        { "time", time },
        { "rest", rest.State },
    };

    /// <summary>Whether a series has several seasons that it holds more than twice, or one that is too long to be
    /// smoothed.</summary>
    internal static bool Needed(LocalTask task) =>
        Known(task) is { Length: > 0 } known && (known.Length > 1 || known[0] > EtsModel.LongestSeason);

    /// <summary>The seasons that a series holds more than twice.</summary>
    internal static int[] Known(LocalTask task)
    {
        int count = task.Values.Length;
        return [.. task.Seasons.Append(task.Season).Where(season => season > 1 && count > 2L * season).Distinct().Order()];
    }

    /// <summary>The sum of the seasons of a decomposition and a fit of what they leave.</summary>
    internal static SeasonalSumFit Of(Decomposition parts, ReadOnlySpan<double> values, LocalFit rest)
    {
        double[] fitted = rest.Fitted.ToArray();
        for (int t = 0; t < fitted.Length; t++)
        {
            fitted[t] += parts.Seasonal[t];
        }

        double[][] rings = [.. parts.Seasonals.Select((part, i) => part[^parts.Seasons[i]..])];
        return new(rings, 0, rest, fitted, fitted.Length == values.Length ? LocalFits.Residuals(values, fitted) : []);
    }

    /// <summary>Reads such a sum, or what would be its rest where there are no seasons.</summary>
    /// <exception cref="ConfigException">It is something else.</exception>
    internal static LocalFit Read(ConfigReader reader, Func<ConfigReader, LocalFit> readRest)
    {
        if (!reader.Has("cycles"))
        {
            return readRest(reader);
        }

        double[][] rings =
        [
            .. (reader.Raw("cycles") as IReadOnlyList<object?> ?? []).Select(entry =>
                StoredState.Numbers(new ConfigReader(reader.Owner, new Config { { "cycle", entry } }), "cycle", 1)),
        ];
        double time = reader.Double("time");
        EtsModel.Require(reader, "time", time is >= 0 and <= 1e15);
        EtsModel.Require(reader, "cycles", rings.Length > 0);
        EtsModel.Require(reader, "rest", reader.Raw("rest") is Config);
        var inner = new ConfigReader(reader.Owner, (Config)reader.Raw("rest")!);
        LocalFit rest = readRest(inner);
        inner.RefuseUnreadKeys();
        return new SeasonalSumFit(rings, (long)time, rest, [], []);
    }

    public override QuantileGrid Predict(int horizon, IReadOnlyList<double[]> regressors) =>
        rest.Predict(horizon, regressors).Map((h, value) => value + Season(h));

    public override double[][] Simulate(int horizon, int count, ulong key, IReadOnlyList<double[]> regressors)
    {
        double[][] paths = rest.Simulate(horizon, count, key, regressors);
        foreach (double[] path in paths)
        {
            for (int h = 0; h < path.Length; h++)
            {
                path[h] += Season(h);
            }
        }

        return paths;
    }

    public override LocalFit Update(ReadOnlySpan<double> newer, IReadOnlyList<double[]> regressors)
    {
        double[] adjusted = newer.ToArray();
        for (int t = 0; t < adjusted.Length; t++)
        {
            adjusted[t] -= Season(t);
        }

        return new SeasonalSumFit(rings, time + newer.Length, rest.Update(adjusted, regressors), [], []);
    }

    public override string Describe() =>
        $"{rest.Describe()}, seasons of {string.Join(" and ", rings.Select(ring => ring.Length))} steps taken out";

    private double Season(int ahead)
    {
        double sum = 0;
        foreach (double[] ring in rings)
        {
            sum += ring[(int)((time + ahead) % ring.Length)];
        }

        return sum;
    }
}
