namespace Recurrent.Numerics;

/// <summary>Memory that starts on a cache line and does not move, so that no load of a full register straddles two
/// lines.</summary>
internal sealed unsafe class AlignedBuffer
{
    private const int Line = 64;

    // The pinned heap keeps the array where it is; the field keeps it alive as long as the buffer.
    private readonly Real[] storage;

    /// <summary>Makes a buffer of zeros.</summary>
    /// <param name="length">Number of values.</param>
    public AlignedBuffer(int length)
    {
        storage = GC.AllocateArray<Real>(length + (Line / sizeof(Real)), pinned: true);
        Length = length;
        fixed (Real* first = storage)
        {
            Start = (Real*)(((nuint)first + Line - 1) & ~(nuint)(Line - 1));
        }
    }

    /// <summary>The first value. Whoever holds it keeps the buffer alive.</summary>
    public Real* Start { get; }

    /// <summary>Number of values.</summary>
    public int Length { get; }

    /// <summary>Keeps the array alive up to here.</summary>
    public void KeepAlive() => GC.KeepAlive(storage);
}
