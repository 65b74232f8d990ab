using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>A function of one variable as a type, so that a loop over a span inlines it.</summary>
internal interface IFunction
{
    /// <summary>The function, element by element.</summary>
    static abstract TVector Of<TLane, TVector>(TVector x)
        where TLane : ILane<TVector>
        where TVector : unmanaged;
}

/// <summary>eˣ.</summary>
internal readonly struct ExpFunction : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TLane, TVector>(TVector x)
        where TLane : ILane<TVector>
        where TVector : unmanaged => LaneMath<TLane, TVector>.Exp(x);
}

/// <summary>1/(1 + e⁻ˣ).</summary>
internal readonly struct SigmoidFunction : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TLane, TVector>(TVector x)
        where TLane : ILane<TVector>
        where TVector : unmanaged => LaneMath<TLane, TVector>.Sigmoid(x);
}

/// <summary>log 1/(1 + e⁻ˣ).</summary>
internal readonly struct LogSigmoidFunction : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TLane, TVector>(TVector x)
        where TLane : ILane<TVector>
        where TVector : unmanaged => LaneMath<TLane, TVector>.LogSigmoid(x);
}

/// <summary>tanh x.</summary>
internal readonly struct TanhFunction : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TLane, TVector>(TVector x)
        where TLane : ILane<TVector>
        where TVector : unmanaged => LaneMath<TLane, TVector>.Tanh(x);
}

/// <summary>0 where |x| is too small to matter, else x.</summary>
internal readonly struct FlushTinyFunction : IFunction
{
    /// <summary>2⁻⁸⁰; in double 2⁻⁹⁰⁰.</summary>
#if FLOAT64
    public const Real Tiny = 1.1830521861667747e-271;
#else
    public const Real Tiny = 8.271806e-25f;
#endif

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TLane, TVector>(TVector x)
        where TLane : ILane<TVector>
        where TVector : unmanaged
    {
        // |x| - bound. Where x is not a number neither is this, and x stays.
        TVector above = TLane.Subtract(TLane.Broadcast(-Tiny), TLane.NegativeAbs(x));
        return TLane.SelectNegative(above, TLane.Broadcast(0), x);
    }
}

/// <summary>Applies a function to every element of a span.</summary>
internal static unsafe class Map<TFunction>
    where TFunction : IFunction
{
    /// <summary>y = f(x) with registers of a given width.</summary>
    public static void Run(ReadOnlySpan<Real> x, Span<Real> y, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        fixed (Real* source = x, target = y)
        {
            Widths.Dispatch(new Job(source, target, x.Length), width);
        }
    }

    private readonly struct Job(Real* x, Real* y, int length) : IWidthJob
    {
        // By itself, as the sweeps are (ColumnSweep).
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<TLane, TVector>()
            where TLane : ILane<TVector>
            where TVector : unmanaged
        {
            Real* from = x;
            Real* to = y;
            int left = length;
            for (; left >= TLane.Count; left -= TLane.Count)
            {
                TLane.Store(to, TFunction.Of<TLane, TVector>(TLane.Load(from)));
                from += TLane.Count;
                to += TLane.Count;
            }

            if (left > 0)
            {
                TLane.StorePart(to, TFunction.Of<TLane, TVector>(TLane.LoadPart(from, left)), left);
            }
        }
    }
}
