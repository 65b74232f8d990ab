using Recurrent.Layers;
using Recurrent.Losses;
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
    private double penaltySum;

    // Whether at some output columns did not count: then a loss counts by its columns, and not by samples.
    private bool uneven;

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

    /// <summary>
    /// Mean loss over what has been seen since <see cref="Reset"/>, penalties included: over samples or, where masks or lengths
    /// leave columns out, over the columns that count, so that it does not depend on how samples were put into batches.
    /// </summary>
    public double MeanLoss
    {
        get
        {
            if (!uneven)
            {
                return samples == 0 ? 0 : lossSum / samples;
            }

            double sum = penaltySum / samples;
            foreach (Output output in outputs)
            {
                sum += output.LossWeight * output.MeanOfColumns;
            }

            return sum;
        }
    }

    /// <summary>
    /// Fresh metrics for a run: those of <see cref="CompileOptions"/>, chosen for the rows of outputs and targets.
    /// </summary>
    /// <param name="options">What the model was compiled for.</param>
    /// <param name="data">The data of the run.</param>
    /// <exception cref="ArgumentException">A metric cannot compare such outputs and targets.</exception>
    public static Objective For(CompileOptions options, TrainingData data)
    {
        return new([.. options.Outputs.Select((output, i) => new Output(
            output.InLogs(LossName),
            output.Name is not null && output.Loss is not null,
            // Of a whole batch: it counts as its samples.
            data.Outputs[i]?.Loss is BatchLoss ? Reduction.Sum : data.Outputs[i]?.Loss.Reduction,
            data.Outputs[i] is { Targets.IsRagged: false } own ? own.Targets.SampleShape.Steps : 1,
            output.LossWeight,
            [.. output.Metrics.Select(metric => Fresh(output, i, metric, false))],
            [.. output.WeightedMetrics.Select(metric => Fresh(output, i, metric, true))])
        {
            Reading = data.Outputs[i]?.Reading,
        })]);

        NamedMetric Fresh(OutputOptions output, int index, MetricChoice metric, bool weighted)
        {
            OutputData own = data.Outputs[index]!;
            if (own.Loss is CTC)
            {
                throw new ArgumentException(
                    $"The metric '{metric.Name}' compares targets and outputs column by column, but the targets of CTC are "
                    + "labels of whole sequences. Compile the model without metrics for this output.");
            }

            int targetRows = own.Targets.SampleShape.Features;
            Metric fresh = metric.For(own.Rows, targetRows);
            if (fresh.Axis != -1 && fresh.Axis != own.Shape.Rank)
            {
                if (own.Reading is not null)
                {
                    throw new ArgumentException(
                        $"The metric '{metric.Name}' looks along axis {fresh.Axis}, but what is compared here are tags, step by "
                        + "step. Leave its axis at -1.");
                }

                return new(output.InLogs(metric.Name), fresh, AxisMetric.For(fresh, own, weighted));
            }

            fresh.CheckRows(targetRows, own.Rows);
            return new(output.InLogs(metric.Name), fresh, null);
        }
    }

    public void Reset()
    {
        lossSum = 0;
        samples = 0;
        penaltySum = 0;
        uneven = false;
        foreach (Output output in outputs)
        {
            output.LossSum = 0;
            output.ColumnLossSum = 0;
            output.Columns = 0;
            foreach (NamedMetric metric in output.All)
            {
                metric.Metric.Reset();
            }
        }
    }

    /// <summary>Name of a metric that cannot say what it has gathered; null where all can.</summary>
    public string? Unsaved => outputs.SelectMany(output => output.All)
        .FirstOrDefault(metric => metric.Metric.SaveState() is null)?.Name;

    /// <summary>All that has been gathered, as numbers; null where a metric cannot say.</summary>
    public double[]? SaveState()
    {
        if (Unsaved is not null)
        {
            return null;
        }

        var state = new List<double> { lossSum, samples, penaltySum, uneven ? 1 : 0 };
        foreach (Output output in outputs)
        {
            state.AddRange([output.LossSum, output.ColumnLossSum, output.Columns]);
            foreach (double[] metric in output.All.Select(metric => metric.Metric.SaveState()!))
            {
                state.Add(metric.Length);
                state.AddRange(metric);
            }
        }

        return [.. state];
    }

    /// <summary>Goes on from what <see cref="SaveState"/> gave.</summary>
    /// <exception cref="ArgumentException">It is not of such outputs and metrics.</exception>
    public void RestoreState(ReadOnlySpan<double> state)
    {
        var rest = new StateNumbers(state);
        (lossSum, samples, penaltySum, uneven) = (rest.Next(), rest.Next(), rest.Next(), rest.Next() != 0);
        foreach (Output output in outputs)
        {
            (output.LossSum, output.ColumnLossSum, output.Columns) = (rest.Next(), rest.Next(), rest.Next());
            foreach (NamedMetric metric in output.All)
            {
                metric.Metric.RestoreState(rest.Take(rest.Next()));
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
        double size = batch.BatchSize * share;
        samples += size;
        double penalty = loss - batch.Loss + batch.ActivityPenalty;
        penaltySum += penalty * size;
        for (int i = 0; i < outputs.Length; i++)
        {
            Output output = outputs[i];
            if (output.Reduction is not { } reduction)
            {
                continue;
            }

            // One loss alone comes summed up with the penalties on activities.
            double own = outputs.Length == 1 ? batch.Loss - batch.ActivityPenalty : batch.LossOf(i);
            double columns = ColumnsOf(batch, i, reduction, size);
            output.ColumnLossSum += own * columns;
            output.Columns += columns;
            uneven |= columns != size;
            if (output.HasOwnLoss)
            {
                output.LossSum += batch.LossOf(i) * batch.BatchSize * share;
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
                    Update(outputs[i], outputs[i].Metrics, head,
                        head.Output.Mask is null ? [] : head.MetricWeights(ref weights, false));
                }

                if (outputs[i].WeightedMetrics.Length > 0)
                {
                    Update(outputs[i], outputs[i].WeightedMetrics, head, head.MetricWeights(ref weights, true));
                }
            }
        }

        for (int i = 0; i < outputs.Length; i++)
        {
            UpdateAlong(outputs[i].Metrics, batch, i, weighted: false);
            UpdateAlong(outputs[i].WeightedMetrics, batch, i, weighted: true);
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
                logs[output.LossName] = uneven ? output.MeanOfColumns : output.LossSum / samples;
            }

            foreach (NamedMetric metric in output.All)
            {
                logs[metric.Name] = metric.Metric.Result;
            }
        }

        return logs;
    }

    /// <summary>By what the loss of a batch counts in the mean: what its own mean was taken over, in samples.</summary>
    private double ColumnsOf(ShardedBatch batch, int output, Reduction reduction, double size)
    {
        double columns = reduction switch
        {
            Reduction.Sum => -1,
            Reduction.MeanWithSampleWeight => batch.WeightSumOf(output),
            _ => batch.CountedColumnsOf(output),
        };

        // Where all columns count, the very number of samples, whatever the rounding of shares of them.
        double each = outputs[output].ColumnsPerSample;
        return columns < 0 || Math.Abs(columns - (size * each)) <= 1e-9 * columns ? size : columns / each;
    }

    private static void UpdateAlong(NamedMetric[] metrics, ShardedBatch batch, int output, bool weighted)
    {
        foreach (NamedMetric metric in metrics)
        {
            metric.Along?.Update(batch.Shards, output, batch.BatchSize, weighted);
        }
    }

    private static void Update(Output output, NamedMetric[] metrics, OutputHead head, ReadOnlySpan<Real> weights)
    {
        DenseMatrix predictions = head.Read(output.Reading);
        DenseMatrix targets = head.Targets!;
        foreach (NamedMetric metric in metrics)
        {
            if (metric.Along is null)
            {
                metric.Metric.Update(targets.Values, targets.RowCount, predictions.Values, predictions.RowCount, weights);
            }
        }
    }

    /// <summary>A metric by the name it has in logs; along another axis where there is one.</summary>
    private sealed record NamedMetric(string Name, Metric Metric, AxisMetric? Along);

    /// <summary>What is gathered at one output.</summary>
    private sealed record Output(
        string LossName, bool HasOwnLoss, Reduction? Reduction, double ColumnsPerSample, double LossWeight, NamedMetric[] Metrics,
            NamedMetric[] WeightedMetrics)
    {
        /// <summary>How it is read outside the model; null as the numbers that it is.</summary>
        public OutputReading? Reading { get; init; }

        /// <summary>The sum of its loss over samples.</summary>
        public double LossSum { get; set; }

        /// <summary>The sum of its loss over columns that count.</summary>
        public double ColumnLossSum { get; set; }

        /// <summary>The columns that counted, in samples.</summary>
        public double Columns { get; set; }

        /// <summary>The mean of its loss over columns that count.</summary>
        public double MeanOfColumns => Columns == 0 ? 0 : ColumnLossSum / Columns;

        public IEnumerable<NamedMetric> All => Metrics.Concat(WeightedMetrics);
    }

    /// <summary>Numbers that are read one after the other.</summary>
    private ref struct StateNumbers(ReadOnlySpan<double> numbers)
    {
        private ReadOnlySpan<double> rest = numbers;

        public double Next() => Take(1)[0];

        public ReadOnlySpan<double> Take(double count)
        {
            if (!(count >= 0 && count <= rest.Length))
            {
                throw new ArgumentException("The sums of an epoch are not those of these outputs and metrics.");
            }

            ReadOnlySpan<double> taken = rest[..(int)count];
            rest = rest[(int)count..];
            return taken;
        }
    }
}
