using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>The sweeps between the products of attention: the softmax of each column of scores, and the way back.</summary>
/// <remarks>
/// A column is in the first-level cache from its product to the next one, so each step over it is a sweep of its own. Its sum
/// has 16 partial sums, value i in partial sum i mod 16, which are added up in halves, as in <see cref="Sums"/>: the bits
/// depend neither on the width of the registers nor on zeros that stand before or behind the values.
/// </remarks>
internal static unsafe class SoftmaxSweeps
{
    /// <summary>p = e^(f·(s − max s)) / Σ e^(f·(s − max s)), in place.</summary>
    /// <param name="scores">s, and then p: one column for each query; −∞ where a query may not look.</param>
    /// <param name="factor">f, above 0.</param>
    /// <param name="largest">Receives max s of each column.</param>
    /// <param name="inverses">Receives 1/Σ of each column.</param>
    /// <param name="nothing">p of a column of −∞ alone.</param>
    public static void Forward(ColumnBlock scores, Real factor, Span<Real> largest, Span<Real> inverses, Real nothing) =>
        Forward(scores, factor, largest, inverses, nothing, Widths.For(scores.Rows));

    /// <summary>The same with registers of a given width.</summary>
    internal static void Forward(
        ColumnBlock scores, Real factor, Span<Real> largest, Span<Real> inverses, Real nothing, int width)
    {
        RequireColumns(scores, largest, inverses);
        fixed (Real* s = scores.Values, max = largest, inverse = inverses)
        {
            Widths.Dispatch(new ForwardJob(s, factor, scores.Rows, scores.ColumnCount, max, inverse, nothing), width);
        }
    }

    /// <summary>p of the same scores once more, bit for bit.</summary>
    /// <param name="scores">s, and then p.</param>
    /// <param name="factor">f.</param>
    /// <param name="largest">What <see cref="Forward(ColumnBlock, Real, Span{Real}, Span{Real}, Real)"/> gave.</param>
    /// <param name="inverses">The same.</param>
    /// <param name="nothing">p of a column of −∞ alone.</param>
    public static void Again(ColumnBlock scores, Real factor, Span<Real> largest, Span<Real> inverses, Real nothing) =>
        Again(scores, factor, largest, inverses, nothing, Widths.For(scores.Rows));

    /// <summary>The same with registers of a given width.</summary>
    internal static void Again(ColumnBlock scores, Real factor, Span<Real> largest, Span<Real> inverses, Real nothing, int width)
    {
        RequireColumns(scores, largest, inverses);
        fixed (Real* s = scores.Values, max = largest, inverse = inverses)
        {
            Widths.Dispatch(new AgainJob(s, factor, scores.Rows, scores.ColumnCount, max, inverse, nothing), width);
        }
    }

    /// <summary>ds = f·p∘(dp − Σ p∘dp), in place of dp; 0 for a column that has looked at nothing.</summary>
    /// <param name="weights">p.</param>
    /// <param name="slopes">dp, and then ds.</param>
    /// <param name="largest">What <see cref="Forward(ColumnBlock, Real, Span{Real}, Span{Real}, Real)"/> gave.</param>
    /// <param name="factor">f.</param>
    public static void Backward(ColumnBlock weights, ColumnBlock slopes, Span<Real> largest, Real factor) =>
        Backward(weights, slopes, largest, factor, Widths.For(weights.Rows));

    /// <summary>The same with registers of a given width.</summary>
    internal static void Backward(ColumnBlock weights, ColumnBlock slopes, Span<Real> largest, Real factor, int width)
    {
        RequireColumns(weights, largest, largest);
        ArgumentOutOfRangeException.ThrowIfNotEqual(slopes.Rows, weights.Rows, nameof(slopes));
        ArgumentOutOfRangeException.ThrowIfNotEqual(slopes.ColumnCount, weights.ColumnCount, nameof(slopes));
        fixed (Real* p = weights.Values, dp = slopes.Values, max = largest)
        {
            Widths.Dispatch(new BackwardJob(p, dp, weights.Rows, weights.ColumnCount, max, factor), width);
        }
    }

    /// <summary>e^(f·(x − max)), and 0 where that would be a denormal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Exp<TLane, TVector>(TVector x, TVector max, TVector factor)
        where TLane : ILane<TVector>
        where TVector : unmanaged => LaneMath<TLane, TVector>.ExpOfNegative(TLane.Multiply(TLane.Subtract(x, max), factor));

    private static void RequireColumns(ColumnBlock block, Span<Real> largest, Span<Real> inverses)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(largest.Length, block.ColumnCount, nameof(largest));
        ArgumentOutOfRangeException.ThrowIfNotEqual(inverses.Length, block.ColumnCount, nameof(inverses));
    }

    private readonly struct ForwardJob(
        Real* scores, Real factor, int rows, int columns, Real* largest, Real* inverses, Real nothing) : IWidthJob
    {
        // By itself, as the sweeps of gates are (ColumnSweep).
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<TLane, TVector>()
            where TLane : ILane<TVector>
            where TVector : unmanaged
        {
            Real* x = scores;
            int height = rows;
            int whole = height - (height % TLane.Count);
            TVector f = TLane.Broadcast(factor);
            Real* lanes = stackalloc Real[PartialSums<TLane, TVector>.Lanes];
            for (int column = 0; column < columns; column++)
            {
                Real max = Largest<TLane, TVector>(x, height);
                largest[column] = max;
                if (Real.IsNegativeInfinity(max))
                {
                    inverses[column] = 0;
                    new Span<Real>(x, height).Fill(nothing);
                    x += height;
                    continue;
                }

                TVector shift = TLane.Broadcast(max);
                TVector sum = PartialSums<TLane, TVector>.Start(lanes);
                int i = 0;
                for (; i < whole; i += TLane.Count)
                {
                    TVector e = Exp<TLane, TVector>(TLane.Load(x + i), shift, f);
                    TLane.Store(x + i, e);
                    sum = PartialSums<TLane, TVector>.Add(lanes, i, sum, e);
                }

                if (i < height)
                {
                    int rest = height - i;
                    TLane.StorePart(x + i, Exp<TLane, TVector>(TLane.LoadPart(x + i, rest), shift, f), rest);
                    sum = PartialSums<TLane, TVector>.Add(lanes, i, sum, TLane.LoadPart(x + i, rest));
                }

                Real inverse = 1 / PartialSums<TLane, TVector>.Total(lanes, sum);
                inverses[column] = inverse;
                Scale<TLane, TVector>(x, height, inverse);
                x += height;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Scale<TLane, TVector>(Real* x, int height, Real inverse)
            where TLane : ILane<TVector>
            where TVector : unmanaged
        {
            TVector f = TLane.Broadcast(inverse);
            int i = 0;
            for (; i <= height - TLane.Count; i += TLane.Count)
            {
                TLane.Store(x + i, TLane.Multiply(TLane.Load(x + i), f));
            }

            if (i < height)
            {
                TLane.StorePart(x + i, TLane.Multiply(TLane.LoadPart(x + i, height - i), f), height - i);
            }
        }

        /// <summary>The largest value of a column; one that is not a number may go unseen among others, but not alone.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Real Largest<TLane, TVector>(Real* x, int height)
            where TLane : ILane<TVector>
            where TVector : unmanaged
        {
            TVector most = TLane.Broadcast(Real.NegativeInfinity);
            int i = 0;
            for (; i <= height - TLane.Count; i += TLane.Count)
            {
                most = TLane.Max(most, TLane.Load(x + i));
            }

            Real max = TLane.Largest(most);
            for (; i < height; i++)
            {
                max = x[i] > max ? x[i] : max;
            }

            return Real.IsNegativeInfinity(max) ? LargestOrNaN(x, height) : max;
        }

        private static Real LargestOrNaN(Real* x, int height)
        {
            for (int i = 0; i < height; i++)
            {
                if (Real.IsNaN(x[i]))
                {
                    return Real.NaN;
                }
            }

            return Real.NegativeInfinity;
        }
    }

    private readonly struct AgainJob(
        Real* scores, Real factor, int rows, int columns, Real* largest, Real* inverses, Real nothing) : IWidthJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<TLane, TVector>()
            where TLane : ILane<TVector>
            where TVector : unmanaged
        {
            Real* x = scores;
            int height = rows;
            int whole = height - (height % TLane.Count);
            TVector f = TLane.Broadcast(factor);
            for (int column = 0; column < columns; column++)
            {
                if (Real.IsNegativeInfinity(largest[column]))
                {
                    new Span<Real>(x, height).Fill(nothing);
                    x += height;
                    continue;
                }

                TVector shift = TLane.Broadcast(largest[column]);
                TVector inverse = TLane.Broadcast(inverses[column]);
                int i = 0;
                for (; i < whole; i += TLane.Count)
                {
                    TVector e = Exp<TLane, TVector>(TLane.Load(x + i), shift, f);
                    TLane.Store(x + i, TLane.Multiply(e, inverse));
                }

                if (i < height)
                {
                    TVector e = Exp<TLane, TVector>(TLane.LoadPart(x + i, height - i), shift, f);
                    TLane.StorePart(x + i, TLane.Multiply(e, inverse), height - i);
                }

                x += height;
            }
        }
    }

    private readonly struct BackwardJob(
        Real* weights, Real* slopes, int rows, int columns, Real* largest, Real factor) : IWidthJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<TLane, TVector>()
            where TLane : ILane<TVector>
            where TVector : unmanaged
        {
            Real* p = weights;
            Real* dp = slopes;
            int height = rows;
            int whole = height - (height % TLane.Count);
            TVector f = TLane.Broadcast(factor);
            Real* lanes = stackalloc Real[PartialSums<TLane, TVector>.Lanes];
            for (int column = 0; column < columns; column++)
            {
                if (Real.IsNegativeInfinity(largest[column]))
                {
                    // The weights are what they are, whatever the scores.
                    new Span<Real>(dp, height).Clear();
                    p += height;
                    dp += height;
                    continue;
                }

                TVector sum = PartialSums<TLane, TVector>.Start(lanes);
                int i = 0;
                for (; i < whole; i += TLane.Count)
                {
                    sum = PartialSums<TLane, TVector>.Add(lanes, i, sum, TLane.Multiply(TLane.Load(p + i), TLane.Load(dp + i)));
                }

                int rest = height - i;
                if (rest > 0)
                {
                    TVector last = TLane.Multiply(TLane.LoadPart(p + i, rest), TLane.LoadPart(dp + i, rest));
                    sum = PartialSums<TLane, TVector>.Add(lanes, i, sum, last);
                }

                TVector mean = TLane.Broadcast(PartialSums<TLane, TVector>.Total(lanes, sum));
                for (i = 0; i < whole; i += TLane.Count)
                {
                    TVector slope = TLane.Subtract(TLane.Load(dp + i), mean);
                    TLane.Store(dp + i, TLane.Multiply(TLane.Multiply(slope, TLane.Load(p + i)), f));
                }

                if (rest > 0)
                {
                    TVector slope = TLane.Subtract(TLane.LoadPart(dp + i, rest), mean);
                    TLane.StorePart(dp + i, TLane.Multiply(TLane.Multiply(slope, TLane.LoadPart(p + i, rest)), f), rest);
                }

                p += height;
                dp += height;
            }
        }
    }
}
