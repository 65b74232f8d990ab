using System.Buffers;

namespace Recurrent.Data;

/// <summary>Targets with 0 in place of those that are missing, in a shape of their own.</summary>
internal sealed class KnownTargets(LazyArray targets, int[] shape) : LazyArray(shape)
{
    /// <inheritdoc/>
    internal override (double Least, double Most)? KnownRange => targets.KnownRange;

    /// <inheritdoc/>
    public override void Read(int sample, Span<Real> values)
    {
        targets.Read(sample, values);
        foreach (ref Real value in values)
        {
            value = Real.IsNaN(value) ? 0 : value;
        }
    }
}

/// <summary>1 for each step of targets, or for all of them together, and 0 where one is missing.</summary>
internal sealed class TargetWeights(LazyArray targets, int steps)
    : LazyArray(steps == 1 ? [targets.Count] : [targets.Count, steps])
{
    /// <inheritdoc/>
    public override void Read(int sample, Span<Real> values)
    {
        Real[] rented = ArrayPool<Real>.Shared.Rent(targets.SampleSize);
        Span<Real> own = rented.AsSpan(0, targets.SampleSize);
        targets.Read(sample, own);
        int size = own.Length / values.Length;
        for (int step = 0; step < values.Length; step++)
        {
            Real weight = 1;
            foreach (Real value in own.Slice(step * size, size))
            {
                weight = Real.IsNaN(value) ? 0 : weight;
            }

            values[step] = weight;
        }

        ArrayPool<Real>.Shared.Return(rented);
    }
}

/// <summary>For each window the row of its series.</summary>
internal sealed class StaticRows(Real[][] rows, WindowPlaces places, int features) : LazyArray(places.Count, features)
{
    /// <inheritdoc/>
    public override void Read(int sample, Span<Real> values) => rows[places[sample].Series].CopyTo(values);
}
