using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>From which score on a step is an anomaly, learned from scores of what is mostly ordinary.</summary>
public abstract class AnomalyThreshold : IConfigurable
{
    /// <summary>Fewest scores that a threshold can be learned from.</summary>
    private protected const int Fewest = 10;

    /// <summary>The thresholds by name.</summary>
    internal static Registry<AnomalyThreshold> Registry { get; } = new("threshold of anomalies",
    [
        new("QuantileThreshold|quantile", QuantileThreshold.Read),
        new("ExtremeValueThreshold|extreme", ExtremeValueThreshold.Read),
    ]);

    /// <inheritdoc/>
    public abstract string ClassName { get; }

    /// <inheritdoc/>
    public abstract Config GetConfig();

    /// <summary>Learns the threshold.</summary>
    /// <param name="scores">The scores; those that are NaN are left out.</param>
    /// <exception cref="ArgumentException">There are fewer than 10.</exception>
    public double Of(IEnumerable<double> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        double[] sorted = [.. scores.Where(double.IsFinite).Order()];
        return sorted.Length >= Fewest ? OfSorted(sorted) : throw new ArgumentException(FormattableString.Invariant(
            $"There are {sorted.Length} scores: a threshold needs at least {Fewest}. Give a longer series."), nameof(scores));
    }

    /// <summary>Learns the threshold of finite scores, the least first.</summary>
    protected abstract double OfSorted(double[] sorted);
}

/// <summary>A quantile of the scores: what so large a share of them stays below.</summary>
public sealed class QuantileThreshold : AnomalyThreshold
{
    private const double DefaultLevel = 0.99;

    /// <summary>Creates a threshold.</summary>
    /// <param name="level">The share of ordinary scores below it, above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is out of range.</exception>
    public QuantileThreshold(double level = DefaultLevel) => Level = level is > 0 and < 1 ? level
        : throw new ArgumentOutOfRangeException(nameof(level), level, "The level lies between 0 and 1.");

    /// <summary>The share of ordinary scores below it.</summary>
    public double Level { get; }

    /// <inheritdoc/>
    public override string ClassName => nameof(QuantileThreshold);

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "level", Level } };

    /// <summary>Makes one of its config.</summary>
    internal static QuantileThreshold Read(ConfigReader reader) => new(reader.Double("level", DefaultLevel));

    /// <inheritdoc/>
    protected override double OfSorted(double[] sorted) => QuantileGrid.OfSorted(sorted, Level);
}
