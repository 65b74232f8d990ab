using System.Runtime.InteropServices;
using Recurrent.Shapes;

namespace Recurrent.Losses;

/// <summary>A loss of columns taken along another axis than the features: along the steps, or along the samples of a
/// batch.</summary>
/// <remarks>
/// Each lane along the axis has the loss that a column of the same entries has. What a mask or padding hides is not in its lane,
/// and a lane of which nothing is left does not count.
/// </remarks>
internal sealed class AxisLoss : BatchLoss
{
    private readonly Loss loss;
    private readonly int axis;

    /// <summary>Takes a loss along its axis.</summary>
    /// <param name="loss">The loss of a column.</param>
    /// <param name="output">Shape of a sample of the output; its first axis is unknown where sequences are of unequal
    /// length.</param>
    /// <exception cref="ArgumentException">There is no such axis, or the loss cannot be taken along it.</exception>
    public AxisLoss(Loss loss, Shape output)
        : base(loss.Reduction, loss.Name)
    {
        this.loss = loss;
        int rank = output.Rank + 1;
        if (loss.ColumnAxis < -rank || loss.ColumnAxis >= rank)
        {
            throw new ArgumentException(
                $"{loss.ClassName}: axis {loss.ColumnAxis} does not exist, because the output has {rank} axes, samples included: "
                + $"{-rank} to {rank - 1}.");
        }

        axis = AxisLanes.Index(loss.ColumnAxis, rank);
        bool ragged = output.Rank > 1 && output[0] is null;
        if (ragged && axis == 0)
        {
            throw new ArgumentException(
                $"{loss.ClassName}: axis 0 looks at samples step by step, but sequences of unequal length have no steps "
                + "in common.");
        }

        if (loss.TakesLabels && (axis == 0 || (ragged && axis == 1)))
        {
            throw new ArgumentException(axis == 0
                ? $"{loss.ClassName}: axis 0 is that of the samples, so no sample would have a label. The classes must lie along "
                    + "another axis."
                : $"{loss.ClassName}: axis {loss.ColumnAxis} would make each step a class, but the sequences are of unequal "
                    + "length.");
        }

        Lane = axis == 0 ? null : output[axis - 1];
        if (Lane is int length)
        {
            loss.TargetRows(length);
        }
    }

    /// <inheritdoc/>
    public override string ClassName => loss.ClassName;

    /// <inheritdoc/>
    public override int MetricSign => loss.MetricSign;

    /// <inheritdoc/>
    public override bool TakesSampleWeights => axis != 0;

    /// <summary>Number of entries along the axis; null where it is that of the samples, or unknown.</summary>
    private int? Lane { get; }

    /// <inheritdoc/>
    public override Shape TargetShape(Shape output, IReadOnlyList<int> given)
    {
        if (!loss.TakesLabels)
        {
            return output;
        }

        int?[] axes = [.. output.Axes.Where((_, i) => i != axis - 1)];
        return axis == output.Rank ? output.WithFeatures(1) : new(axes);
    }

    /// <inheritdoc/>
    public override void CheckTargets(ReadOnlySpan<Real> targets, int targetRows, int predictionRows)
    {
        // How many there are along the axis of samples is not the same in every batch.
        int lane = Lane ?? 2;
        loss.CheckTargets(targets, loss.TakesLabels ? 1 : lane, lane);
    }

    /// <inheritdoc/>
    public override int ScratchLength(int samples, int steps, int rows, int targetRows) =>
        3 * Math.Max(samples, Math.Max(steps, rows));

    /// <inheritdoc/>
    public override double Evaluate(LossBatch batch, Span<Real> gradient)
    {
        AxisLanes lanes = AxisLanes.OfColumns(batch.SampleShape, batch.Samples, axis);
        double scale = ScaleOf(batch, lanes);
        Span<Real> room = MemoryMarshal.Cast<double, Real>(batch.Scratch);
        Span<Real> targets = room[..lanes.Length];
        Span<Real> predictions = room.Slice(lanes.Length, lanes.Length);
        Span<Real> slopes = gradient.IsEmpty ? [] : room.Slice(2 * lanes.Length, lanes.Length);
        gradient.Clear();
        double sum = 0;
        for (int lane = 0; lane < lanes.Count; lane++)
        {
            int start = lanes.Start(lane);
            double weight = scale * Weight(batch, lanes, start);
            if (weight == 0 || !Counts(batch, lanes, lane))
            {
                continue;
            }

            int count = 0;
            for (int i = 0; i < lanes.Length; i++)
            {
                int entry = start + (i * lanes.Stride);
                if (batch.IsCounted(entry / batch.Rows))
                {
                    targets[count] = loss.TakesLabels ? 0 : batch.Targets[entry];
                    predictions[count++] = batch.Predictions[entry];
                }
            }

            if (count < lanes.Length && loss.NeedsWholeColumns)
            {
                throw new ArgumentException(
                    $"{loss.ClassName}: along axis {loss.ColumnAxis} each place is a class, but a mask or padding hides some of "
                    + $"them from sample {batch.IndexOf(lanes.SampleOf(start))}. Leave out the mask, or put the classes on the "
                    + "last axis.");
            }

            Real value = 0;
            loss.Evaluate(
                loss.TakesLabels ? batch.Targets.Slice(lane, 1) : targets[..count],
                predictions[..count],
                count,
                new Span<Real>(ref value),
                slopes.IsEmpty ? [] : slopes[..count]);
            sum += weight * value;
            for (int i = 0, next = 0; i < lanes.Length && !gradient.IsEmpty; i++)
            {
                int entry = start + (i * lanes.Stride);
                if (batch.IsCounted(entry / batch.Rows))
                {
                    gradient[entry] = (Real)(weight * slopes[next++]);
                }
            }
        }

        return sum;
    }

    /// <inheritdoc/>
    public override Registration.Config GetConfig() => loss.GetConfig();

    private double ScaleOf(LossBatch batch, AxisLanes lanes)
    {
        long counted = 0;
        double weightSum = 0;
        for (int lane = 0; lane < lanes.Count; lane++)
        {
            bool counts = Counts(batch, lanes, lane);
            counted += counts ? 1 : 0;
            weightSum += counts ? Weight(batch, lanes, lanes.Start(lane)) : 0;
        }

        return LossReduction.ColumnScale(Reduction, counted, weightSum);
    }

    private double Weight(LossBatch batch, AxisLanes lanes, int start) => axis == 0 ? 1 : batch.Weight(lanes.SampleOf(start));

    private bool Counts(LossBatch batch, AxisLanes lanes, int lane)
    {
        if (loss.IgnoresTargets && loss.Ignores(batch.Targets.Slice(lane, 1)))
        {
            return false;
        }

        for (int i = 0; i < lanes.Length; i++)
        {
            if (batch.IsCounted((lanes.Start(lane) + (i * lanes.Stride)) / batch.Rows))
            {
                return true;
            }
        }

        return false;
    }
}
