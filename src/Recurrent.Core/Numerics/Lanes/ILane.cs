namespace Recurrent.Numerics;

/// <summary>
/// Arithmetic on one register's worth of values, so that each kernel is written once for every register width.
/// </summary>
/// <typeparam name="TVector">
/// The register. The operations are static and take it bare, because the JIT keeps a bare vector in a register everywhere
/// and a vector wrapped in a struct only mostly.
/// </typeparam>
/// <remarks>
/// Every operation works element by element and rounds once, with one exception: <see cref="MultiplyAdd"/> rounds twice on
/// hardware without fused multiply-add. Results therefore do not depend on the width.
/// </remarks>
internal unsafe interface ILane<TVector>
    where TVector : unmanaged
{
    /// <summary>Values in a register.</summary>
    static abstract int Count { get; }

    /// <summary>Reads <see cref="Count"/> values.</summary>
    static abstract TVector Load(Real* source);

    /// <summary>Writes <see cref="Count"/> values.</summary>
    static abstract void Store(Real* target, TVector value);

    /// <summary>Reads the first <paramref name="count"/> values and not a byte more; the rest are zero.</summary>
    static abstract TVector LoadPart(Real* source, int count);

    /// <summary>Writes the first <paramref name="count"/> values and not a byte more.</summary>
    static abstract void StorePart(Real* target, TVector value, int count);

    /// <summary>The same value everywhere.</summary>
    static abstract TVector Broadcast(Real value);

    /// <summary>x + y.</summary>
    static abstract TVector Add(TVector x, TVector y);

    /// <summary>x - y.</summary>
    static abstract TVector Subtract(TVector x, TVector y);

    /// <summary>x·y.</summary>
    static abstract TVector Multiply(TVector x, TVector y);

    /// <summary>x/y.</summary>
    static abstract TVector Divide(TVector x, TVector y);

    /// <summary>x·y + z, rounded once where the hardware can.</summary>
    static abstract TVector MultiplyAdd(TVector x, TVector y, TVector z);

    /// <summary>The smaller of a number and <paramref name="x"/>; NaN if x is.</summary>
    static abstract TVector Min(TVector number, TVector x);

    /// <summary>The larger of a number and <paramref name="x"/>; NaN if x is.</summary>
    static abstract TVector Max(TVector number, TVector x);

    /// <summary>√x.</summary>
    static abstract TVector Sqrt(TVector x);

    /// <summary>-|x|.</summary>
    static abstract TVector NegativeAbs(TVector x);

    /// <summary>|x| with the sign of <paramref name="sign"/>.</summary>
    static abstract TVector CopySign(TVector x, TVector sign);

    /// <summary><paramref name="ifNegative"/> where x &lt; 0, <paramref name="otherwise"/> elsewhere.</summary>
    static abstract TVector SelectNegative(TVector x, TVector ifNegative, TVector otherwise);

    /// <summary>The number whose sign and exponent are the lowest bits of <paramref name="x"/>: the rest shifted out.</summary>
    static abstract TVector ShiftToExponent(TVector x);

    /// <summary>The largest of the values; those that are not numbers may count or not.</summary>
    static abstract Real Largest(TVector x);

    /// <summary>The sum of the values: the upper half is added to the lower one until one value is left.</summary>
    static abstract Real SumInHalves(TVector x);
}
