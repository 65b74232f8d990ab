using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="Dot"/> remembers: its inputs as matrices (kept axes × summed axis), sample by
/// sample.</summary>
internal sealed class DotPass : MergePass
{
    /// <summary>Keras's epsilon: what is shorter counts as so long.</summary>
    private const double Shortest = 1e-7;

    private readonly Side[] sides;
    private readonly int[] places;

    public DotPass(Dot layer, PassOptions options, int firstAxis, int secondAxis)
        : base(layer, options)
    {
        sides =
        [
            new(options.InputShapes[0], firstAxis, options.BatchSize, layer.Normalize, RoomForGradient(0)),
            new(options.InputShapes[1], secondAxis, options.BatchSize, layer.Normalize, RoomForGradient(1)),
        ];

        // Where an entry of the output is, sample by sample in row-major order.
        Shape shape = Output.SampleShape;
        places = [.. Enumerable.Range(0, options.BatchSize).SelectMany(
            sample =>
                Enumerable.Range(0, shape.Size).Select(entry => PlaceOf(entry, sample, shape.Features, options.BatchSize)))];
    }

    internal override void Backward(DenseMatrix outputGradient, Span<DenseMatrix?> inputGradients)
    {
        Side first = sides[0];
        Side second = sides[1];
        ReadOnlySpan<Real> dy = outputGradient.Values;
        int size = first.Kept * second.Kept;
        for (int sample = 0; sample < Options.BatchSize; sample++)
        {
            ReadOnlySpan<int> own = places.AsSpan(sample * size, size);
            first.StartBack();
            second.StartBack();
            for (int i = 0; i < first.Kept; i++)
            {
                for (int j = 0; j < second.Kept; j++)
                {
                    Real slope = dy[own[(i * second.Kept) + j]];
                    first.AddBack(i, slope, second.Vector(sample, j));
                    second.AddBack(j, slope, first.Vector(sample, i));
                }
            }

            first.FinishBack(sample);
            second.FinishBack(sample);
        }

        inputGradients[0] = first.Gradient;
        inputGradients[1] = second.Gradient;
    }

    private protected override void Combine(ReadOnlySpan<SequenceBatch> inputs)
    {
        sides[0].Gather(inputs[0].Values.Values);
        sides[1].Gather(inputs[1].Values.Values);
        Span<Real> y = Output.Values.Values;
        int next = 0;
        for (int sample = 0; sample < Options.BatchSize; sample++)
        {
            for (int i = 0; i < sides[0].Kept; i++)
            {
                for (int j = 0; j < sides[1].Kept; j++)
                {
                    ReadOnlySpan<Real> one = sides[0].Vector(sample, i);
                    ReadOnlySpan<Real> other = sides[1].Vector(sample, j);
                    Real sum = 0;
                    for (int k = 0; k < one.Length; k++)
                    {
                        sum += one[k] * other[k];
                    }

                    y[places[next++]] = sum;
                }
            }
        }
    }

    private protected override bool FillMask(ReadOnlySpan<SequenceBatch> inputs, bool[] mask) => false;

    /// <summary>Where the entry of a row-major sample is in the matrix of a batch.</summary>
    private static int PlaceOf(int entry, int sample, int features, int batch) =>
        ((((entry / features) * batch) + sample) * features) + (entry % features);

    /// <summary>One of the two inputs: vectors along the summed axis, one for each combination of the others.</summary>
    private sealed class Side
    {
        private readonly int summed;
        private readonly int[] places;
        private readonly Real[] vectors;
        private readonly Real[] inverseLengths;
        private readonly Real[] slopes;
        private readonly bool normalize;

        public Side(Shape shape, int axis, int batch, bool normalize, DenseMatrix? gradient)
        {
            this.normalize = normalize;
            Gradient = gradient;
            summed = shape[axis]!.Value;
            Kept = shape.Size / summed;
            int inner = shape.Axes.Skip(axis + 1).Aggregate(1, (product, length) => product * length!.Value);
            places = new int[shape.Size * batch];
            vectors = new Real[places.Length];
            slopes = new Real[shape.Size];
            inverseLengths = new Real[Kept * batch];
            for (int i = 0; i < places.Length; i++)
            {
                (int vector, int k) = Math.DivRem(i, summed);
                (int sample, int kept) = Math.DivRem(vector, Kept);
                int entry = ((((kept / inner) * summed) + k) * inner) + (kept % inner);
                places[i] = PlaceOf(entry, sample, shape.Features, batch);
            }
        }

        /// <summary>Number of vectors of a sample.</summary>
        public int Kept { get; }

        public DenseMatrix? Gradient { get; }

        public ReadOnlySpan<Real> Vector(int sample, int index) => vectors.AsSpan(((sample * Kept) + index) * summed, summed);

        public void Gather(ReadOnlySpan<Real> values)
        {
            for (int i = 0; i < places.Length; i++)
            {
                vectors[i] = values[places[i]];
            }

            for (int vector = 0; normalize && vector < inverseLengths.Length; vector++)
            {
                Span<Real> own = vectors.AsSpan(vector * summed, summed);
                Real squares = 0;
                foreach (Real value in own)
                {
                    squares += value * value;
                }

                inverseLengths[vector] = (Real)Math.Min(1 / Math.Sqrt(squares), 1 / Shortest);
                foreach (ref Real value in own)
                {
                    value *= inverseLengths[vector];
                }
            }
        }

        public void StartBack() => Array.Clear(slopes);

        public void AddBack(int index, Real slope, ReadOnlySpan<Real> other)
        {
            Span<Real> target = slopes.AsSpan(index * summed, summed);
            for (int k = 0; k < target.Length; k++)
            {
                target[k] += slope * other[k];
            }
        }

        public void FinishBack(int sample)
        {
            if (Gradient is null)
            {
                return;
            }

            Span<Real> target = Gradient.Values;
            for (int kept = 0; kept < Kept; kept++)
            {
                int first = ((sample * Kept) + kept) * summed;
                Span<Real> own = slopes.AsSpan(kept * summed, summed);
                if (normalize)
                {
                    BackThroughLength(own, vectors.AsSpan(first, summed), inverseLengths[(sample * Kept) + kept]);
                }

                for (int k = 0; k < summed; k++)
                {
                    target[places[first + k]] = own[k];
                }
            }
        }

        /// <summary>With u = x / |x|: <c>dx = (du − u·(uᵀdu)) / |x|</c>; where |x| counts as the shortest, <c>dx = du /
        /// |x|</c>.</summary>
        private static void BackThroughLength(Span<Real> du, ReadOnlySpan<Real> u, Real inverseLength)
        {
            Real along = 0;
            for (int k = 0; k < u.Length && inverseLength < (Real)(1 / Shortest); k++)
            {
                along += u[k] * du[k];
            }

            for (int k = 0; k < u.Length; k++)
            {
                du[k] = (du[k] - (u[k] * along)) * inverseLength;
            }
        }
    }
}
