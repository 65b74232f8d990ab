using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Optimizers;

namespace Recurrent.Training;

/// <summary>What <c>Compile</c> was given.</summary>
/// <param name="Optimizer">The optimizer; it belongs to the model.</param>
/// <param name="Outputs">What is asked of each output of the model.</param>
internal sealed record CompileOptions(Optimizer Optimizer, IReadOnlyList<OutputOptions> Outputs);

/// <summary>What is asked of one output of a model.</summary>
/// <param name="Name">
/// Name of the output, which stands before those of its loss and metrics in logs; null where the model has one output.
/// </param>
/// <param name="Loss">The loss, or a choice among several; null where the output has none.</param>
/// <param name="LossWeight">How much the loss counts beside those of other outputs.</param>
/// <param name="Metrics">Metrics that ignore sample weights.</param>
/// <param name="WeightedMetrics">Metrics that take sample weights into account.</param>
internal sealed record OutputOptions(
    string? Name,
    LossChoice? Loss,
    double LossWeight,
    IReadOnlyList<MetricChoice> Metrics,
    IReadOnlyList<MetricChoice> WeightedMetrics)
{
    /// <summary>All its metrics by their names in logs.</summary>
    public IEnumerable<(string Name, MetricChoice Metric)> NamedMetrics =>
        Metrics.Concat(WeightedMetrics).Select(metric => (InLogs(metric.Name), metric));

    /// <summary>What a loss or metric of this output is called in logs.</summary>
    public string InLogs(string name) => Name is null ? name : $"{Name}_{name}";
}
