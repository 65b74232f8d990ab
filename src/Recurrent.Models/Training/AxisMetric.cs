using Recurrent.Metrics;
using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>A metric that looks along the steps of an output, or along the samples: it is given whole batches.</summary>
internal sealed class AxisMetric
{
    private readonly WholeBatch whole = new();
    private readonly Metric metric;
    private readonly int axis;

    private AxisMetric(Metric metric, int axis) => (this.metric, this.axis) = (metric, axis);

    /// <summary>Checks, before any work, that a metric can look along its axis of an output.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="output">The output and its targets.</param>
    /// <param name="weighted">Whether weights of samples count in it.</param>
    /// <exception cref="ArgumentException">It cannot; the message says what to change.</exception>
    public static AxisMetric For(Metric metric, OutputData output, bool weighted)
    {
        string who = $"{metric.ClassName} '{metric.Name}'";
        Shape shape = output.Shape;
        int axis = AxisUpdate.IndexOf(metric, shape.Rank + 1);
        if (output.Targets.IsRagged && axis == 0)
        {
            throw new ArgumentException(
                $"{who}: axis 0 looks at samples step by step, but sequences of unequal length have no steps in common.");
        }

        if (weighted && output.Weights is { } weights && (axis == 0 || weights.IsRagged || weights.SampleShape.Steps > 1))
        {
            (string whose, string what) = axis == 0 ? ("no one sample", "samples") : ("a whole sample", "steps");
            throw new ArgumentException(
                $"{who}: what it finds along axis {metric.Axis} belongs to {whose}, so it takes no weights of {what}. "
                + "Give it as one of the metrics, not the weighted ones.");
        }

        // Targets are of the output's shape, or class indices of a shape that lacks the axis.
        Shape targets = output.Targets.SampleShape;
        bool labels = axis > 0 && targets.Equals(new Shape([.. shape.Axes.Where((_, i) => i != axis - 1)]));
        if (!labels && targets.Features != shape.Features)
        {
            throw new ArgumentException(
                $"{who}: axis {metric.Axis} needs targets of the output's shape {shape}, or without that axis, but they are "
                + $"{targets}.");
        }

        if (axis > 0 && shape[axis - 1] is int length)
        {
            metric.CheckRows(labels ? 1 : length, length);
        }

        return new(metric, axis);
    }

    /// <summary>Takes in a batch.</summary>
    /// <param name="shards">Its shards after their forward pass.</param>
    /// <param name="output">Which output it is.</param>
    /// <param name="samples">Number of samples of the batch.</param>
    /// <param name="weighted">Whether weights of samples count.</param>
    public void Update(ReadOnlySpan<Shard> shards, int output, int samples, bool weighted)
    {
        whole.Gather(shards, output, samples, weighted && axis != 0, ofLoss: false);
        AxisLanes lanes = AxisLanes.OfColumns(whole.Shape, samples, axis);
        AxisUpdate.Add(metric, lanes, whole.Targets, whole.Predictions, whole.Rows, whole.Counts, whole.Weights);
    }
}
