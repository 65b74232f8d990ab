using Recurrent.Losses;
using Recurrent.Metrics;

namespace Recurrent.Training;

/// <summary>What a model was compiled for: its loss and the metrics that are gathered beside it.</summary>
internal sealed class Objective
{
    /// <summary>Name of the loss in logs.</summary>
    public const string LossName = "loss";

    private readonly Metric[] metrics;
    private readonly Metric[] weightedMetrics;
    private readonly Dictionary<string, double> logs = new(StringComparer.Ordinal);
    private Real[] weights = [];
    private double lossSum;
    private double samples;

    private Objective(Loss loss, Metric[] metrics, Metric[] weightedMetrics)
    {
        Loss = loss;
        this.metrics = metrics;
        this.weightedMetrics = weightedMetrics;
    }

    public Loss Loss { get; }

    /// <summary>What <see cref="Logs"/> has: <c>loss</c> and the name of every metric.</summary>
    public IReadOnlyList<string> Names =>
        [.. metrics.Concat(weightedMetrics).Select(metric => metric.Name).Prepend(LossName)];

    /// <summary>Mean loss over the samples seen since <see cref="Reset"/>, penalties included.</summary>
    public double MeanLoss => lossSum / samples;

    /// <summary>Fresh metrics for a run: those of <see cref="CompileOptions"/>, resolved for the rows of outputs and targets.</summary>
    /// <exception cref="ArgumentException">A metric cannot compare such outputs and targets.</exception>
    public static Objective For(CompileOptions options, int outputRows, int targetRows)
    {
        return new(options.Loss, [.. options.Metrics.Select(Fresh)], [.. options.WeightedMetrics.Select(Fresh)]);

        Metric Fresh(Metric metric)
        {
            Metric fresh = metric.Resolve(outputRows, targetRows).Fresh();
            fresh.CheckRows(targetRows, outputRows);
            return fresh;
        }
    }

    public void Reset()
    {
        lossSum = 0;
        samples = 0;
        foreach (Metric metric in metrics.Concat(weightedMetrics))
        {
            metric.Reset();
        }
    }

    /// <summary>Takes in a batch, shard by shard in their order.</summary>
    /// <param name="batch">The batch after its forward pass.</param>
    /// <param name="loss">Its loss, penalties included.</param>
    /// <param name="share">Share of the samples' steps that it holds, where it is a piece of a batch.</param>
    public void Update(ShardedBatch batch, double loss, double share = 1)
    {
        lossSum += loss * batch.BatchSize * share;
        samples += batch.BatchSize * share;
        if (metrics.Length + weightedMetrics.Length == 0)
        {
            return;
        }

        foreach (Shard shard in batch.Shards)
        {
            OutputHead head = shard.Heads[0];
            Update(metrics, head, head.Output.Mask is null ? [] : head.MetricWeights(ref weights, false));
            Update(weightedMetrics, head, head.MetricWeights(ref weights, true));
        }
    }

    /// <summary>Mean loss over the samples seen, and every metric. The dictionary is reused.</summary>
    public IReadOnlyDictionary<string, double> Logs()
    {
        logs[LossName] = MeanLoss;
        foreach (Metric metric in metrics)
        {
            logs[metric.Name] = metric.Result;
        }

        foreach (Metric metric in weightedMetrics)
        {
            logs[metric.Name] = metric.Result;
        }

        return logs;
    }

    private static void Update(Metric[] metrics, OutputHead head, ReadOnlySpan<Real> weights)
    {
        DenseMatrix predictions = head.Output.Values;
        DenseMatrix targets = head.Targets!;
        foreach (Metric metric in metrics)
        {
            metric.Update(targets.Values, targets.RowCount, predictions.Values, predictions.RowCount, weights);
        }
    }
}
