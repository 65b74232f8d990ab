namespace Recurrent.Numerics;

/// <summary>
/// A recurrence that is linear in what it carries, over many steps at once: <c>h_t = a_t∘h_{t−1} + b_t</c>, for a flat vector of
/// carried numbers of any meaning (units × samples, or channels × states × samples).
/// </summary>
/// <remarks>
/// <code>
/// forward    h_t = a_t∘h_{t−1} + b_t
/// backward   dh_t += a_{t+1}∘dh_{t+1}     db_t = dh_t     da_t = dh_t∘h_{t−1}
/// </code>
/// Numbers do not touch each other, so threads take some of them each through all steps: each number is computed by the same
/// operations in the same order as step by step, with the same bits on any number of threads and in any cut of the sequence.
/// </remarks>
internal static unsafe class LinearScan
{
    /// <summary>Fewer multiply-adds than this on each thread would not repay waking it.</summary>
    private const int LeastForThread = 1 << 15;

    /// <summary>Numbers of a thread: enough that two threads rarely write to one cache line.</summary>
    private const int LeastNumbers = 64;

    /// <summary>All steps forward.</summary>
    /// <param name="a">Factors, one step after the other.</param>
    /// <param name="b">What is added; as long as <paramref name="a"/>.</param>
    /// <param name="carry">In: h before the first step. Out: h after the last. Its length is that of a step.</param>
    /// <param name="h">Out: h after each step; as long as <paramref name="a"/>, and may be the memory of it or of
    /// <paramref name="b"/>.</param>
    /// <param name="threads">How many threads may share in it, the caller's included. Default 1.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    public static void Forward(
        ReadOnlySpan<Real> a, ReadOnlySpan<Real> b, Span<Real> carry, Span<Real> h, int threads = 1, int? width = null)
    {
        int steps = Steps(a.Length, carry.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Length, a.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(h.Length, a.Length);
        fixed (Real* pa = a, pb = b, pc = carry, ph = h)
        {
            Run(new ForwardPart(pa, pb, pc, ph, new(carry.Length, steps, Pieces(carry.Length, steps, threads), width)), threads);
        }
    }

    /// <summary>All steps backward.</summary>
    /// <param name="a">Factors, as <see cref="Forward"/> was given them.</param>
    /// <param name="before">h before each step: before the first, then what <see cref="Forward"/> gave but the last.</param>
    /// <param name="dh">In: gradients of h after each step, from outside. Out: all of them, which are those of b.</param>
    /// <param name="da">Out: gradients of the factors; may be the memory of <paramref name="a"/> or
    /// <paramref name="before"/>.</param>
    /// <param name="carry">
    /// In: gradient of h after the last step, from later ones. Out: of h before the first. Numbers below 2⁻⁸⁰ end as zero.
    /// </param>
    /// <param name="threads">How many threads may share in it, the caller's included. Default 1.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    public static void Backward(
        ReadOnlySpan<Real> a,
        ReadOnlySpan<Real> before,
        Span<Real> dh,
        Span<Real> da,
        Span<Real> carry,
        int threads = 1,
        int? width = null)
    {
        int steps = Steps(a.Length, carry.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(before.Length, a.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(dh.Length, a.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(da.Length, a.Length);
        fixed (Real* pa = a, pb = before, slope = dh, pda = da, pc = carry)
        {
            Run(
                new BackwardPart(pa, pb, slope, pda, pc, new(carry.Length, steps, Pieces(carry.Length, steps, threads), width)),
                threads);
        }
    }

    private static int Steps(int length, int size)
    {
        ArgumentOutOfRangeException.ThrowIfZero(size, "carry");
        ArgumentOutOfRangeException.ThrowIfNotEqual(length % size, 0, "a");
        return length / size;
    }

    private static int Pieces(int size, int steps, int threads) =>
        threads == 1 ? 1 : (int)Math.Clamp(Math.Min((long)size * steps / LeastForThread, size / LeastNumbers), 1, threads);

    private static void Run<TPart>(TPart part, int threads)
        where TPart : struct, IPart
    {
        if (part.Cut.Pieces == 1)
        {
            part.Run(0);
        }
        else
        {
            Workers.Run(part.Cut.Pieces, threads, part, static (own, piece) => own.Run(piece));
        }
    }

    private interface IPart
    {
        Cut Cut { get; }

        void Run(int piece);
    }

    /// <summary>Which numbers belong to a piece: whole cache lines, as many for each as can be.</summary>
    private readonly record struct Cut(int Size, int Steps, int Pieces, int? Width)
    {
        private const int Line = 16;

        public int Start(int piece) => Math.Min(Size, (int)((long)((Size + Line - 1) / Line) * piece / Pieces) * Line);

        public void Sweep<TStep>(TStep step, int piece, bool backward)
            where TStep : struct, IScanStep
        {
            int units = Start(piece + 1) - Start(piece);
            Widths.Dispatch(
                new ScanSweep<TStep>(step, new(units, Size, 1, 1, Steps), backward), Width ?? Widths.ForMemory(units));
        }
    }

    private readonly struct ForwardPart(Real* a, Real* b, Real* carry, Real* h, Cut cut) : IPart
    {
        public Cut Cut => cut;

        public void Run(int piece)
        {
            int first = cut.Start(piece);
            cut.Sweep(new LinearScanForward(a + first, b + first, carry + first, h + first), piece, backward: false);
        }
    }

    private readonly struct BackwardPart(Real* a, Real* before, Real* dh, Real* da, Real* carry, Cut cut) : IPart
    {
        public Cut Cut => cut;

        public void Run(int piece)
        {
            int first = cut.Start(piece);
            cut.Sweep(
                new LinearScanBackward(a + first, before + first, dh + first, da + first, carry + first), piece, backward: true);
        }
    }
}
