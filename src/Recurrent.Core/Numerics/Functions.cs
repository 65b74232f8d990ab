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
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
