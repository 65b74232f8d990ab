using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// Several exponential smoothing models of one series, weighted by exp(−ΔAICc/2) (Kolassa, "Combining exponential smoothing
/// forecasts using Akaike weights", 2011).
/// </summary>
internal sealed class EtsAverage : LocalFit
{
    // Models that are less likely by this factor would change nothing.
    private const double LeastWeight = 1e-3;

    private readonly IReadOnlyList<EtsModel> models;
    private readonly double[] weights;
    private readonly double[] fitted;
    private readonly double[] residuals;

    private EtsAverage(IReadOnlyList<EtsModel> models, double[] weights, bool isFitted)
    {
        this.models = models;
        this.weights = weights;
        fitted = isFitted ? Mean(model => model.Fitted.ToArray()) : [];
        residuals = isFitted ? Mean(model => model.Residuals.ToArray()) : [];
    }

    public override ReadOnlySpan<double> Fitted => fitted;

    public override ReadOnlySpan<double> Residuals => residuals;

    public override Config State => new()
    {
        { "models", models.Select(model => (object)model.State).ToArray() },
        { "weights", StoredState.Pack(weights) },
    };

    /// <summary>The average of models, or the only one that counts.</summary>
    internal static LocalFit Of(IReadOnlyList<EtsModel> models)
    {
        double least = models.Min(model => model.Aicc);
        if (double.IsInfinity(least))
        {
            return models[0];
        }

        double[] all = [.. models.Select(model => Math.Exp(-0.5 * (model.Aicc - least)))];
        EtsModel[] kept = [.. models.Where((_, i) => all[i] >= LeastWeight)];
        double[] weights = [.. all.Where(weight => weight >= LeastWeight)];
        double sum = weights.Sum();
        return kept.Length == 1 ? kept[0]
            : new EtsAverage(kept, Array.ConvertAll(weights, weight => weight / sum), true);
    }

    /// <summary>Reads a model, or an average of them.</summary>
    /// <exception cref="ConfigException">It is something else.</exception>
    internal static LocalFit Read(ConfigReader reader)
    {
        if (!reader.Has("models"))
        {
            return EtsModel.Read(reader);
        }

        double[] weights = StoredState.Numbers(reader, "weights", 2);
        EtsModel[] models =
        [
            .. (reader.Raw("models") as IReadOnlyList<object?> ?? []).Select((entry, i) =>
            {
                EtsModel.Require(reader, "models", entry is Config);
                var inner = new ConfigReader(reader.Owner, (Config)entry!);
                EtsModel model = EtsModel.Read(inner);
                inner.RefuseUnreadKeys();
                return model;
            }),
        ];
        EtsModel.Require(reader, "weights", weights.Length == models.Length && Array.TrueForAll(weights, weight => weight > 0)
            && Math.Abs(weights.Sum() - 1) < 1e-6);
        return new EtsAverage(models, weights, false);
    }

    public override QuantileGrid Predict(int horizon, IReadOnlyList<double[]> regressors)
    {
        QuantileGrid[] grids = [.. models.Select(model => model.Predict(horizon, regressors))];
        var point = new double[horizon];
        var quantiles = new double[horizon * QuantileGrid.Levels.Count];
        for (int i = 0; i < grids.Length; i++)
        {
            Add(point, grids[i].Point, weights[i]);
            Add(quantiles, grids[i].Quantiles, weights[i]);
        }

        return QuantileGrid.Of(point, quantiles);
    }

    /// <summary>Each path is one model's, drawn by the weights.</summary>
    public override double[][] Simulate(int horizon, int count, ulong key, IReadOnlyList<double[]> regressors)
    {
        var paths = new double[count][];
        var random = new SeededRandom(SeededRandom.Key(key, (ulong)models.Count));
        double[][][] all =
            [.. models.Select((model, i) => model.Simulate(horizon, count, SeededRandom.Key(key, (ulong)i), regressors))];
        for (int k = 0; k < count; k++)
        {
            double place = random.NextDouble();
            int chosen = 0;
            while (chosen < models.Count - 1 && place >= weights[chosen])
            {
                place -= weights[chosen++];
            }

            paths[k] = all[chosen][k];
        }

        return paths;
    }

    public override LocalFit Update(ReadOnlySpan<double> newer, IReadOnlyList<double[]> regressors)
    {
        double[] values = newer.ToArray();
        return new EtsAverage([.. models.Select(model => model.Update(values, regressors))], weights, true);
    }

    public override string Describe() => "Average of " + string.Join(", ", models
        .Select((model, i) => (Text: FormattableString.Invariant($"{model.Form} {weights[i]:P0}"), Weight: weights[i]))
        .OrderByDescending(one => one.Weight).Take(4).Select(one => one.Text)) + (models.Count > 4 ? ", …" : "");

    private double[] Mean(Func<EtsModel, double[]> part)
    {
        var mean = new double[part(models[0]).Length];
        for (int i = 0; i < models.Count; i++)
        {
            Add(mean, part(models[i]), weights[i]);
        }

        return mean;
    }

    private static void Add(Span<double> sum, ReadOnlySpan<double> numbers, double weight)
    {
        for (int t = 0; t < sum.Length; t++)
        {
            sum[t] += weight * numbers[t];
        }
    }
}
