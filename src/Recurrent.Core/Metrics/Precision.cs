using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>The share of the yes answers that are right, 0 where there are none.</summary>
public sealed class Precision : ThresholdMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="thresholds">The thresholds, each in [0, 1]; default 0.5 alone. With several, <see cref="Metric.Results"/> has
    /// one figure for each.</param>
    /// <param name="topK">
    /// How many of the greatest outputs of a column can be a yes (of equals the first), at least 1; null, the default, for all.
    /// Without thresholds each of them is a yes, however small it is.
    /// </param>
    /// <param name="classId">The only output that is looked at, from 0; null, the default, for all.</param>
    /// <param name="name">Name of the metric; default <c>precision</c>.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public Precision(IReadOnlyList<double>? thresholds = null, int? topK = null, int? classId = null, string? name = null)
        : base(name ?? "precision", thresholds, topK, classId) => Check();

    /// <inheritdoc/>
    public override string ClassName => "Precision";

    /// <summary>How many of the greatest outputs of a column can be a yes; null for all.</summary>
    public new int? TopK => base.TopK;

    /// <summary>The only output that is looked at; null for all.</summary>
    public new int? ClassId => base.ClassId;

    /// <inheritdoc/>
    public override Metric Fresh() => new Precision(Given, TopK, ClassId, Name);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("top_k", TopK);
        config.Add("class_id", ClassId);
        return config;
    }

    /// <inheritdoc/>
    protected override double At(int index) => Ratio(TruePositives[index], TruePositives[index] + FalsePositives[index]);
}
