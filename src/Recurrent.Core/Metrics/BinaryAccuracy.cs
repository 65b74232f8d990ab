using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>The share of outputs that are on the right side of a threshold: above it for a target of 1, not above it for
/// 0.</summary>
public sealed class BinaryAccuracy : MeanMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="threshold">The threshold; default 0.5.</param>
    /// <param name="name">Name of the metric; default <c>binary_accuracy</c>.</param>
    /// <exception cref="ArgumentException">The threshold is not finite.</exception>
    public BinaryAccuracy(double threshold = 0.5, string? name = null)
        : base(name ?? "binary_accuracy")
    {
        new OptionCheck(ClassName).Finite(nameof(threshold), threshold).ThrowIfAny();
        Threshold = threshold;
    }

    /// <inheritdoc/>
    public override string ClassName => "BinaryAccuracy";

    /// <summary>The threshold.</summary>
    public double Threshold { get; }

    /// <inheritdoc/>
    internal override bool WeighsEntries => true;

    /// <inheritdoc/>
    public override Metric Fresh() => new BinaryAccuracy(Threshold, Name);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("threshold", Threshold);
        return config;
    }

    /// <inheritdoc/>
    protected override double Value(ReadOnlySpan<Real> target, ReadOnlySpan<Real> prediction)
    {
        int hits = 0;
        for (int i = 0; i < prediction.Length; i++)
        {
            Real answer = prediction[i] > (Real)Threshold ? 1 : 0;
            hits += answer == target[i] ? 1 : 0;
        }

        return (double)hits / prediction.Length;
    }
}
