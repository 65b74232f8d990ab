using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>
/// How a kernel touches memory: whole registers, or the first few values of the last register of a column. As a type, so
/// that one body makes a loop without tests and its remainder.
/// </summary>
internal unsafe interface IAccess
{
    /// <summary>Reads a register.</summary>
    static abstract TVector Load<TLane, TVector>(Real* source, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged;

    /// <summary>Writes a register.</summary>
    static abstract void Store<TLane, TVector>(Real* target, TVector value, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged;
}

/// <summary>Whole registers; the count is not looked at.</summary>
internal readonly unsafe struct Whole : IAccess
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TLane, TVector>(Real* source, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged => TLane.Load(source);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TLane, TVector>(Real* target, TVector value, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged => TLane.Store(target, value);
}

/// <summary>The first <c>count</c> values.</summary>
internal readonly unsafe struct Part : IAccess
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TLane, TVector>(Real* source, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged => TLane.LoadPart(source, count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TLane, TVector>(Real* target, TVector value, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged => TLane.StorePart(target, value, count);
}
