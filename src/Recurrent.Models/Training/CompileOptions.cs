using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Optimizers;

namespace Recurrent.Training;

/// <summary>What <c>Compile</c> was given.</summary>
/// <param name="Optimizer">The optimizer; it belongs to the model.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Metrics">Metrics that ignore sample weights.</param>
/// <param name="WeightedMetrics">Metrics that take sample weights into account.</param>
internal sealed record CompileOptions(
    Optimizer Optimizer, Loss Loss, IReadOnlyList<Metric> Metrics, IReadOnlyList<Metric> WeightedMetrics);
