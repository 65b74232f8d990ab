using Recurrent.Metrics;

namespace Recurrent.Training;

/// <summary>What is gathered over the batches of a run: the loss, and the losses and metrics of every output.</summary>
internal sealed class Objective
{
    /// <summary>Name of the loss in logs.</summary>
    public const string LossName = "loss";

    private readonly Output[] outputs;
    private readonly Dictionary<string, double> logs = new(StringComparer.Ordinal);
    private readonly bool anyMetrics;
    private Real[] weights = [];
    private double lossSum;
    private double samples;

    private Objective(Output[] outputs)
    {
        this.outputs = outputs;
        anyMetrics = Array.Exists(outputs, output => output.All.Any());
    }

    /// <summary>What <see cref="Logs"/> has: <c>loss</c>, the losses of several outputs, and the name of every metric.</summary>
    public IReadOnlyList<string> Names =>
    [
        LossName,
        .. outputs.Where(output => output.HasOwnLoss).Select(output => output.LossName),
        .. outputs.SelectMany(output => output.All).Select(metric => metric.Name),
    ];

    /// <summary>Mean loss over the samples seen since <see cref="Reset"/>, penalties included.</summary>
    public double MeanLoss => lossSum / samples;

    /// <summary>Fresh metrics for a run: those of <see cref="CompileOptions"/>, resolved for the rows of outputs and targets.</summary>
    /// <param name="options">What the model was compiled for.</param>
    /// <param name="outputRows">Number of features of each output.</param>
    /// <param name="data">The data of the run.</param>
    /// <exception cref="ArgumentException">A metric cannot compare such outputs and targets.</exception>
    public static Objective For(CompileOptions options, IReadOnlyList<int> outputRows, TrainingData data)
    {
        return new([.. options.Outputs.Select((output, i) => new Output(
            output.InLogs(LossName),
            output.Name is not null && output.Loss is not null,
            [.. output.Metrics.Select(metric => Fresh(output, i, metric))],
            [.. output.WeightedMetrics.Select(metric => Fresh(output, i, metric))]))]);

        NamedMetric Fresh(OutputOptions output, int index, Metric metric)
        {
            int targetRows = data.Outputs[index]!.Targets.SampleShape.Features;
            Metric fresh = metric.Resolve(outputRows[index], targetRows).Fresh();
            fresh.CheckRows(targetRows, outputRows[index]);
            return new(output.InLogs(metric.Name), fresh);
        }
    }

    public void Reset()
    {
        lossSum = 0;
        samples = 0;
        foreach (Output output in outputs)
        {
            output.LossSum = 0;
            foreach (NamedMetric metric in output.All)
            {
                metric.Metric.Reset();
            }
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
        for (int i = 0; i < outputs.Length; i++)
        {
            if (outputs[i].HasOwnLoss)
            {
                outputs[i].LossSum += batch.LossOf(i) * batch.BatchSize * share;
            }
        }

        if (!anyMetrics)
        {
            return;
        }

        foreach (Shard shard in batch.Shards)
        {
            for (int i = 0; i < outputs.Length; i++)
            {
                OutputHead head = shard.Heads[i];
                if (outputs[i].Metrics.Length > 0)
                {
                    Update(outputs[i].Metrics, head, head.Output.Mask is null ? [] : head.MetricWeights(ref weights, false));
                }

                if (outputs[i].WeightedMetrics.Length > 0)
                {
                    Update(outputs[i].WeightedMetrics, head, head.MetricWeights(ref weights, true));
                }
            }
        }
    }

    /// <summary>Mean loss over the samples seen, and every metric. The dictionary is reused.</summary>
    public IReadOnlyDictionary<string, double> Logs()
    {
        logs[LossName] = MeanLoss;
        foreach (Output output in outputs)
        {
            if (output.HasOwnLoss)
            {
                logs[output.LossName] = output.LossSum / samples;
            }

            foreach (NamedMetric metric in output.All)
            {
                logs[metric.Name] = metric.Metric.Result;
            }
        }

        return logs;
    }

    private static void Update(NamedMetric[] metrics, OutputHead head, ReadOnlySpan<Real> weights)
    {
        DenseMatrix predictions = head.Output.Values;
        DenseMatrix targets = head.Targets!;
        foreach (NamedMetric metric in metrics)
        {
            metric.Metric.Update(targets.Values, targets.RowCount, predictions.Values, predictions.RowCount, weights);
        }
    }

    private sealed record NamedMetric(string Name, Metric Metric);

    /// <summary>What is gathered at one output.</summary>
    private sealed record Output(string LossName, bool HasOwnLoss, NamedMetric[] Metrics, NamedMetric[] WeightedMetrics)
    {
        /// <summary>The sum of its loss over samples.</summary>
        public double LossSum { get; set; }

        public IEnumerable<NamedMetric> All => Metrics.Concat(WeightedMetrics);
    }
}
