using Recurrent.Data;
using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>How intermittent demand is smoothed.</summary>
public enum CrostonVariant
{
    /// <summary>Size over interval (Croston, 1972).</summary>
    Croston,

    /// <summary>The same less its bias, times 1 − α/2 (Syntetos and Boylan, 2005).</summary>
    Sba,

    /// <summary>Size times probability, which falls while nothing is asked for (Teunter, Syntetos and Babai, 2011).</summary>
    Tsb,
}

/// <summary>
/// Forecasts of demand that is often zero: the sizes z of demands and the intervals p between them, or the probability of
/// one, are smoothed by themselves. The forecast of every step is z/p; with <see cref="CrostonVariant.Sba"/> (1 − α/2)·z/p;
/// with <see cref="CrostonVariant.Tsb"/> z times the probability.
/// </summary>
/// <remarks>
/// Distributions are those of a demand that comes with its probability, its size normal above zero around z, each step by itself.
/// </remarks>
public sealed class Croston : LocalForecaster
{
    /// <summary>Creates the method.</summary>
    /// <param name="variant">How it smooths.</param>
    /// <param name="alpha">α, how far a demand moves size and interval, above 0 and at most 1.</param>
    /// <param name="beta">How far a step moves the probability, for <see cref="CrostonVariant.Tsb"/>; null for α.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public Croston(CrostonVariant variant = CrostonVariant.Croston, double alpha = 0.1, double? beta = null)
        : base(null)
    {
        new OptionCheck(nameof(Croston))
            .Require(Enum.IsDefined(variant), "variant must be Croston, Sba or Tsb", nameof(variant))
            .Require(alpha is > 0 and <= 1, FormattableString.Invariant($"alpha must be above 0 and at most 1, but is {alpha}"),
                nameof(alpha))
            .Require(beta is null or (> 0 and <= 1),
                FormattableString.Invariant($"beta must be above 0 and at most 1, but is {beta}"), nameof(beta))
            .Require(beta is null || variant == CrostonVariant.Tsb, "beta belongs to the variant Tsb", nameof(beta))
            .ThrowIfAny();
        (Variant, Alpha, Beta) = (variant, alpha, beta);
    }

    /// <summary>How it smooths.</summary>
    public CrostonVariant Variant { get; }

    /// <summary>α, how far a demand moves size and interval.</summary>
    public double Alpha { get; }

    /// <summary>How far a step moves the probability; null for α.</summary>
    public double? Beta { get; }

    /// <inheritdoc/>
    public override string ClassName => nameof(Croston);

    /// <inheritdoc/>
    public override string Name => Variant switch
    {
        CrostonVariant.Sba => "SBA",
        CrostonVariant.Tsb => "TSB",
        _ => "Croston",
    };

    /// <inheritdoc/>
    public override Config GetConfig() => new()
    {
        { "variant", Variant.ToString() },
        { "alpha", Alpha },
        { "beta", Beta },
    };

    /// <inheritdoc/>
    public override LocalFit FitSeries(LocalTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        task.Require(Refuse);
        var fit = new CrostonFit(this, CrostonState.Before(task.Values));
        return fit.After(task.Values, true);
    }

    /// <inheritdoc/>
    protected internal override LocalFit ReadFit(ConfigReader state) => new CrostonFit(this, CrostonState.Read(state));

    /// <summary>Why a value is no demand; null where it is.</summary>
    internal static string? Refuse(double value) => value >= 0 ? null
        : "Demand is not negative. Correct the value, or take another method for this series.";

    internal static Croston FromConfig(ConfigReader reader)
    {
        string name = reader.OptionalString("variant") ?? reader.Owner;
        CrostonVariant variant = Enum.TryParse(name, true, out CrostonVariant known) && Enum.IsDefined(known) ? known
            : throw new ConfigException($"{reader.Owner}: variant is Croston, Sba or Tsb, not \"{name}\".")
            {
                Option = "variant",
            };
        return new(variant, reader.Double("alpha", 0.1), reader.OptionalDouble("beta"));
    }
}

/// <summary>What is known of a demand after so many steps.</summary>
/// <param name="Size">Smoothed size of a demand; 0 before the first.</param>
/// <param name="Interval">Smoothed interval between demands, in steps.</param>
/// <param name="Probability">Smoothed probability of a demand.</param>
/// <param name="Since">Steps since the last demand.</param>
/// <param name="Deviation">Standard deviation of sizes around what was expected.</param>
/// <param name="Started">Whether there was a demand.</param>
internal readonly record struct CrostonState(
    double Size, double Interval, double Probability, double Since, double Deviation, bool Started)
{
    /// <summary>Before the first value: the probability that the whole series has, and the spread of its demands.</summary>
    internal static CrostonState Before(ReadOnlySpan<double> values)
    {
        int count = 0;
        double mean = 0, spread = 0;
        foreach (double value in values)
        {
            count += value > 0 ? 1 : 0;
            mean += value > 0 ? (value - mean) / count : 0;
        }

        foreach (double value in values)
        {
            spread += value > 0 && mean > 0 ? Math.Pow((value / mean) - 1, 2) / count : 0;
        }

        return new(0, 1, (double)count / values.Length, 0, mean * Math.Sqrt(spread), false);
    }

    /// <summary>What is known after one more value.</summary>
    internal CrostonState After(double value, double alpha, double beta)
    {
        double probability = Probability + (beta * ((value > 0 ? 1 : 0) - Probability));
        if (!(value > 0))
        {
            return this with { Probability = probability, Since = Since + 1 };
        }

        double interval = Since + 1;
        return this with
        {
            Size = Started ? Size + (alpha * (value - Size)) : value,
            Interval = Started ? Interval + (alpha * (interval - Interval)) : interval,
            Probability = probability,
            Since = 0,
            Started = true,
        };
    }

    internal static CrostonState Read(ConfigReader reader)
    {
        var state = new CrostonState(LocalFits.NotNegative(reader, "size"), reader.Double("interval"),
            reader.Double("probability"), LocalFits.NotNegative(reader, "since"), LocalFits.NotNegative(reader, "deviation"),
            reader.Bool("started", false));
        EtsModel.Require(reader, "interval", state.Interval >= 1);
        EtsModel.Require(reader, "probability", state.Probability is >= 0 and <= 1);
        return state;
    }
}

/// <summary>Smoothed demand of one series.</summary>
internal sealed class CrostonFit(Croston method, CrostonState state) : LocalFit
{
    private double[] fitted = [];
    private double[] residuals = [];

    public override ReadOnlySpan<double> Fitted => fitted;

    public override ReadOnlySpan<double> Residuals => residuals;

    public override Config State => new()
    {
        { "size", state.Size },
        { "interval", state.Interval },
        { "probability", state.Probability },
        { "since", state.Since },
        { "deviation", state.Deviation },
        { "started", state.Started },
    };

    private double Chance => !state.Started ? 0
        : method.Variant == CrostonVariant.Tsb ? state.Probability : Math.Min(1, 1 / state.Interval);

    private double Point => Expected(state);

    public override QuantileGrid Predict(int horizon, IReadOnlyList<double[]> regressors) =>
        QuantileGrid.From(Enumerable.Repeat(Point, horizon).ToArray(), (_, probability) => Quantile(probability));

    public override double[][] Simulate(int horizon, int count, ulong key, IReadOnlyList<double[]> regressors)
    {
        var paths = new double[count][];
        for (int i = 0; i < count; i++)
        {
            var random = new SeededRandom(SeededRandom.Key(key, (ulong)i));
            paths[i] = new double[horizon];
            for (int h = 0; h < horizon; h++)
            {
                paths[i][h] = Quantile(Math.Clamp(random.NextDouble(), 1e-12, 1 - 1e-12));
            }
        }

        return paths;
    }

    public override LocalFit Update(ReadOnlySpan<double> newer, IReadOnlyList<double[]> regressors)
    {
        ValueCheck.Require(newer, Refuse, ValueCheck.Given);
        return After(newer, false);
    }

    internal override string? Refuse(double value) => Croston.Refuse(value);

    public override string Describe() => FormattableString.Invariant(
        $"{method.Name}, demands of {state.Size:G4}, one in {(Chance > 0 ? 1 / Chance : double.PositiveInfinity):G3} steps");

    internal CrostonFit After(ReadOnlySpan<double> values, bool keep)
    {
        CrostonState after = state;
        var followed = new double[keep ? values.Length : 0];
        for (int t = 0; t < values.Length; t++)
        {
            if (keep)
            {
                followed[t] = Expected(after);
            }

            after = after.After(values[t], method.Alpha, method.Beta ?? method.Alpha);
        }

        return new(method, after) { fitted = followed, residuals = keep ? LocalFits.Residuals(values, followed) : [] };
    }

    private double Expected(in CrostonState at) => !at.Started ? 0 : method.Variant switch
    {
        CrostonVariant.Tsb => at.Size * at.Probability,
        CrostonVariant.Sba => (1 - (method.Alpha / 2)) * at.Size / at.Interval,
        _ => at.Size / at.Interval,
    };

    private double Quantile(double probability)
    {
        double none = 1 - Chance;
        if (probability <= none || Chance <= 0)
        {
            return 0;
        }

        double share = Math.Clamp((probability - none) / Chance, 1e-12, 1 - 1e-12);
        return Math.Max(0, EtsModel.Bounded(state.Size + (state.Deviation * Gaussian.Quantile(share))));
    }
}
