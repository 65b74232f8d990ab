using System.Numerics.Tensors;

namespace Recurrent.Data;

/// <summary>
/// Steps of every window over one or several long arrays, cut out when they are read: the arrays are held once, however many
/// windows overlap.
/// </summary>
internal sealed class CutArray : LazyArray
{
    private readonly Real[][] sources;
    private readonly WindowPlaces places;
    private readonly int features;
    private readonly int steps;
    private readonly int offset;
    private readonly int rate;

    /// <summary>Cuts windows.</summary>
    /// <param name="sources">The arrays, each (time, features).</param>
    /// <param name="places">Where windows begin.</param>
    /// <param name="step">Shape of one step; its product is the number of features.</param>
    /// <param name="steps">Number of steps; null for one, without an axis of its own.</param>
    /// <param name="offset">Where the first of them stands, counted from the beginning of the window.</param>
    /// <param name="rate">From one to the next; negative where they run backwards.</param>
    internal CutArray(Real[][] sources, WindowPlaces places, int[] step, int? steps, int offset = 0, int rate = 1)
        : base(steps is int axis ? [places.Count, axis, .. step] : [places.Count, .. step])
    {
        this.sources = sources;
        this.places = places;
        this.steps = steps ?? 1;
        this.offset = offset;
        this.rate = rate;
        features = step.Aggregate(1, (product, length) => product * length);
        if (Array.TrueForAll(sources, source => TensorPrimitives.IsFiniteAll<Real>(source)))
        {
            Real[][] filled = [.. sources.Where(source => source.Length > 0)];
            KnownRange = filled.Length == 0
                ? null
                : (filled.Min(source => (double)TensorPrimitives.Min<Real>(source)),
                    filled.Max(source => (double)TensorPrimitives.Max<Real>(source)));
        }
    }

    /// <inheritdoc/>
    internal override (double Least, double Most)? KnownRange { get; }

    /// <inheritdoc/>
    public override void Read(int sample, Span<Real> values)
    {
        (int source, int start) = places[sample];
        ReadOnlySpan<Real> whole = sources[source];
        int first = start + offset;
        if (rate == 1)
        {
            whole.Slice(first * features, steps * features).CopyTo(values);
            return;
        }

        for (int step = 0; step < steps; step++)
        {
            whole.Slice((first + (step * rate)) * features, features).CopyTo(values[(step * features)..]);
        }
    }
}
