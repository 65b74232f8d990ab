using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>Scales and shifts every column of a block, and the way back: what follows a normalisation.</summary>
/// <remarks>Products are rounded before they are added, and columns are added up in their order, so the bits are those of the
/// twin.</remarks>
internal static unsafe class ColumnScaling
{
    /// <summary>y = γ∘x + β for every column x.</summary>
    /// <param name="x">The columns.</param>
    /// <param name="gamma">γ; empty for 1.</param>
    /// <param name="beta">β; empty for 0.</param>
    /// <param name="y">Receives the results; may be x.</param>
    public static void Forward(ColumnBlock x, ReadOnlySpan<Real> gamma, ReadOnlySpan<Real> beta, ColumnBlock y) =>
        Forward(x, gamma, beta, y, Widths.For(x.Rows));

    /// <summary>The same with registers of a given width.</summary>
    internal static void Forward(ColumnBlock x, ReadOnlySpan<Real> gamma, ReadOnlySpan<Real> beta, ColumnBlock y, int width)
    {
        Require(x, y, gamma.Length);
        Require(x, y, beta.Length);
        fixed (Real* from = x.Values, to = y.Values, factor = gamma, shift = beta)
        {
            Widths.Dispatch(new ForwardJob(from, factor, shift, to, x.Rows, x.ColumnCount), width);
        }
    }

    /// <summary>dγ += Σ g∘x over the columns, then g = γ∘g.</summary>
    /// <param name="gradient">g.</param>
    /// <param name="x">The columns that were scaled.</param>
    /// <param name="gamma">γ.</param>
    /// <param name="sums">dγ.</param>
    public static void Backward(ColumnBlock gradient, ColumnBlock x, ReadOnlySpan<Real> gamma, Span<Real> sums) =>
        Backward(gradient, x, gamma, sums, Widths.For(x.Rows));

    /// <summary>The same with registers of a given width.</summary>
    internal static void Backward(ColumnBlock gradient, ColumnBlock x, ReadOnlySpan<Real> gamma, Span<Real> sums, int width)
    {
        Require(x, gradient, x.Rows);
        ArgumentOutOfRangeException.ThrowIfNotEqual(gamma.Length, x.Rows, nameof(gamma));
        ArgumentOutOfRangeException.ThrowIfNotEqual(sums.Length, x.Rows, nameof(sums));
        fixed (Real* g = gradient.Values, values = x.Values, factor = gamma, target = sums)
        {
            Widths.Dispatch(new BackwardJob(g, values, factor, target, x.Rows, x.ColumnCount), width);
        }
    }

    private static void Require(ColumnBlock x, ColumnBlock y, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Rows, x.Rows, nameof(y));
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.ColumnCount, x.ColumnCount, nameof(y));
        ArgumentOutOfRangeException.ThrowIfNotEqual(length, length == 0 ? 0 : x.Rows, nameof(x));
    }

    private readonly struct ForwardJob(Real* x, Real* gamma, Real* beta, Real* y, int rows, int columns) : IWidthJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<TLane, TVector>()
            where TLane : ILane<TVector>
            where TVector : unmanaged
        {
            int row = 0;
            for (; row <= rows - TLane.Count; row += TLane.Count)
            {
                Run<TLane, TVector, Whole>(row, TLane.Count);
            }

            if (row < rows)
            {
                Run<TLane, TVector, Part>(row, rows - row);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Run<TLane, TVector, TAccess>(int row, int count)
            where TLane : ILane<TVector>
            where TVector : unmanaged
            where TAccess : IAccess
        {
            TVector factor = gamma is null ? TLane.Broadcast(1) : TAccess.Load<TLane, TVector>(gamma + row, count);
            TVector shift = beta is null ? default : TAccess.Load<TLane, TVector>(beta + row, count);
            Real* from = x + row;
            Real* to = y + row;
            for (int column = 0; column < columns; column++)
            {
                TVector value = TLane.Multiply(TAccess.Load<TLane, TVector>(from, count), factor);
                TAccess.Store<TLane, TVector>(to, beta is null ? value : TLane.Add(value, shift), count);
                from += rows;
                to += rows;
            }
        }
    }

    private readonly struct BackwardJob(Real* gradient, Real* x, Real* gamma, Real* sums, int rows, int columns) : IWidthJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<TLane, TVector>()
            where TLane : ILane<TVector>
            where TVector : unmanaged
        {
            int row = 0;
            for (; row <= rows - TLane.Count; row += TLane.Count)
            {
                Run<TLane, TVector, Whole>(row, TLane.Count);
            }

            if (row < rows)
            {
                Run<TLane, TVector, Part>(row, rows - row);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Run<TLane, TVector, TAccess>(int row, int count)
            where TLane : ILane<TVector>
            where TVector : unmanaged
            where TAccess : IAccess
        {
            TVector factor = TAccess.Load<TLane, TVector>(gamma + row, count);
            TVector sum = TAccess.Load<TLane, TVector>(sums + row, count);
            Real* g = gradient + row;
            Real* values = x + row;
            for (int column = 0; column < columns; column++)
            {
                TVector slope = TAccess.Load<TLane, TVector>(g, count);
                sum = TLane.Add(sum, TLane.Multiply(slope, TAccess.Load<TLane, TVector>(values, count)));
                TAccess.Store<TLane, TVector>(g, TLane.Multiply(slope, factor), count);
                g += rows;
                values += rows;
            }

            TAccess.Store<TLane, TVector>(sums + row, sum, count);
        }
    }
}
