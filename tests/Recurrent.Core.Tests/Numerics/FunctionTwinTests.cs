using Recurrent.Numerics;

namespace Recurrent.Tests.Numerics;

/// <summary>The functions against their twins, bit for bit, at every width.</summary>
[TestFixture]
public sealed class FunctionTwinTests
{
    private const int Count = 400_000;

    // Beyond it the exponential is at its ends.
#if FLOAT64
    private const Real Range = 800;
#else
    private const Real Range = 120;
#endif

    private static readonly Real[] Arguments = [.. Patterns(), .. Line()];

    private delegate void Kernel(ReadOnlySpan<Real> x, Span<Real> y, int width);

    [Test]
    public void Exp([ValueSource(typeof(Bits), nameof(Bits.Widths))] int width) =>
    Check(Map<ExpFunction>.Run, NaiveFunctions.Exp, width);

    [Test]
    public void Sigmoid([ValueSource(typeof(Bits), nameof(Bits.Widths))] int width) =>
    Check(Map<SigmoidFunction>.Run, NaiveFunctions.Sigmoid, width);

    [Test]
    public void LogSigmoid([ValueSource(typeof(Bits), nameof(Bits.Widths))] int width) =>
    Check(Map<LogSigmoidFunction>.Run, NaiveFunctions.LogSigmoid, width);

    [Test]
    public void Tanh([ValueSource(typeof(Bits), nameof(Bits.Widths))] int width) =>
    Check(Map<TanhFunction>.Run, NaiveFunctions.Tanh, width);

    [Test]
    public void FlushTiny([ValueSource(typeof(Bits), nameof(Bits.Widths))] int width) =>
    Check(Map<FlushTinyFunction>.Run, NaiveFunctions.FlushTiny, width);

    private static void Check(Kernel kernel, Func<Real, Real> twin, int width)
    {
        Real[] actual = new Real[Arguments.Length];
        kernel(Arguments, actual, width);

        // Without fused multiply-add, too: the twin rounds where the hardware does.
        Bits.AssertSame(actual, [.. Arguments.Select(twin)], terms: 0);
    }

    /// <summary>Numbers of all magnitudes and both signs, and NaN: bit patterns a fixed distance apart.</summary>
    private static IEnumerable<Real> Patterns()
    {
        for (int i = 0; i < Count; i++)
        {
#if FLOAT64
            yield return BitConverter.UInt64BitsToDouble((ulong)i * (ulong.MaxValue / Count));
#else
            yield return BitConverter.UInt32BitsToSingle((uint)i * (uint.MaxValue / Count));
#endif
        }
    }

    /// <summary>Numbers where the functions change, the same distance apart.</summary>
    private static IEnumerable<Real> Line() => Enumerable.Range(0, Count).Select(i => Range * ((2 * ((Real)i / Count)) - 1));
}
