using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>The metrics that can be named in code and in files.</summary>
public static class MetricNames
{
    /// <summary>Every metric by name.</summary>
    public static Registry<Metric> Registry { get; } = new("metric", []);
}
