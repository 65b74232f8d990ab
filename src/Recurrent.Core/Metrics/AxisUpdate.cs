using System.Buffers;
using Recurrent.Shapes;

namespace Recurrent.Metrics;

/// <summary>Hands a metric what stands along its axis of a batch, lane by lane, each as the column that it knows.</summary>
internal static class AxisUpdate
{
    /// <summary>Takes in a batch that is laid out row by row.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="predictions">The predictions.</param>
    /// <param name="sampleWeight">The weights, or null.</param>
    /// <exception cref="ArgumentException">Their shapes do not fit together.</exception>
    public static void Add(Metric metric, NDArray targets, NDArray predictions, NDArray? sampleWeight)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(predictions);

        // Mostly the predictions have the axis; where only the targets are one-hot, they do.
        NDArray whole = targets.Size > predictions.Size ? targets : predictions;
        int[] shape = whole.Rank > 1 ? [.. whole.Shape] : [whole.Size, 1];
        int axis = IndexOf(metric, shape.Length);
        AxisLanes lanes = AxisLanes.OfArray(shape, axis);
        int[] left = [.. shape.Where((_, i) => i != axis)];
        if (!Fits(targets, shape, left) || !Fits(predictions, shape, left))
        {
            throw new ArgumentException(
                $"{metric.ClassName} '{metric.Name}' compares targets with predictions of the same shape, or of one without axis "
                + $"{metric.Axis}, but the targets have shape {NDArray.Describe(targets.Shape)} and the predictions "
                + $"{NDArray.Describe(predictions.Shape)}.");
        }

        if (sampleWeight is null)
        {
            Add(metric, lanes, targets.Values, predictions.Values, Math.Max(1, lanes.Length), [], []);
            return;
        }

        var weights = new ArrayWeights(metric, sampleWeight, shape, axis);
        if (weights.OfEntries() is Real[] each)
        {
            metric.Update(targets.Values, shape[^1], predictions.Values, shape[^1], each);
        }
        else
        {
            Add(metric, lanes, targets.Values, predictions.Values, Math.Max(1, lanes.Length), [], weights.OfLanes(left));
        }
    }

    /// <summary>Takes in a batch.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="lanes">The lanes along its axis.</param>
    /// <param name="targets">Targets, or one for each lane.</param>
    /// <param name="predictions">Predictions, or one for each lane.</param>
    /// <param name="rows">Entries of a column.</param>
    /// <param name="counts">For each column whether it counts; empty where all do.</param>
    /// <param name="weights">Weight of each sample, or of each lane; empty where all count once.</param>
    public static void Add(
        Metric metric,
        AxisLanes lanes,
        ReadOnlySpan<Real> targets,
        ReadOnlySpan<Real> predictions,
        int rows,
        ReadOnlySpan<bool> counts,
        ReadOnlySpan<Real> weights)
    {
        Real[] room = ArrayPool<Real>.Shared.Rent(2 * Math.Max(1, lanes.Length));
        for (int lane = 0; lane < lanes.Count; lane++)
        {
            int start = lanes.Start(lane);
            ReadOnlySpan<Real> y = Take(lanes, lane, targets, rows, counts, room.AsSpan(0, lanes.Length));
            ReadOnlySpan<Real> p = Take(lanes, lane, predictions, rows, counts, room.AsSpan(lanes.Length, lanes.Length));
            if (y.Length > 0 && p.Length > 0)
            {
                int seen = Math.Max(y.Length, p.Length);
                if (seen < lanes.Length && targets.Length != predictions.Length)
                {
                    throw new ArgumentException(
                        $"{metric.ClassName} '{metric.Name}': along axis {metric.Axis} each place is a class, but a mask or "
                        + "padding hides some of them. Leave out the mask, or put the classes on the last axis.");
                }

                Real weight = weights.IsEmpty ? 1 : weights[weights.Length == lanes.Count ? lane : lanes.SampleOf(start)];
                metric.Update(y, y.Length, p, p.Length, weights.IsEmpty ? [] : new ReadOnlySpan<Real>(ref weight));
            }
        }

        ArrayPool<Real>.Shared.Return(room);
    }

    /// <summary>Which axis a metric looks along, counted from the front.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="rank">Number of axes, samples included.</param>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public static int IndexOf(Metric metric, int rank) => metric.Axis >= -rank && metric.Axis < rank
        ? AxisLanes.Index(metric.Axis, rank)
        : throw new ArgumentException(
            $"{metric.ClassName} '{metric.Name}': axis {metric.Axis} does not exist, because the output has {rank} axes, samples "
            + $"included: {-rank} to {rank - 1}.");

    /// <summary>What counts of a lane, or the one entry that stands for it.</summary>
    private static ReadOnlySpan<Real> Take(
        AxisLanes lanes, int lane, ReadOnlySpan<Real> values, int rows, ReadOnlySpan<bool> counts, Span<Real> room)
    {
        if (values.Length != lanes.Count * lanes.Length)
        {
            return values.Slice(lane, 1);
        }

        int count = 0;
        for (int i = 0; i < lanes.Length; i++)
        {
            int entry = lanes.Start(lane) + (i * lanes.Stride);
            if (counts.IsEmpty || counts[entry / rows])
            {
                room[count++] = values[entry];
            }
        }

        return room[..count];
    }

    /// <summary>Whether an array has one of two shapes; axes of length 1 at the end are no difference.</summary>
    private static bool Fits(NDArray array, int[] whole, int[] left) => Same(array.Shape, whole) || Same(array.Shape, left);

    private static bool Same(IReadOnlyList<int> a, int[] b)
    {
        bool equal = true;
        for (int i = 0; i < Math.Max(a.Count, b.Length); i++)
        {
            equal &= (i < a.Count ? a[i] : 1) == (i < b.Length ? b[i] : 1);
        }

        return equal;
    }
}
