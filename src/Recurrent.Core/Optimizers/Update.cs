using System.Numerics;
using System.Runtime.InteropServices;

namespace Recurrent.Optimizers;

/// <summary>The weights and the gradient of one parameter, or of a piece of it, in one update.</summary>
public readonly ref struct Update
{
    private readonly Real decay;

    /// <summary>Gathers an update.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="gradient">Their gradient.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="decay">The weight decay; 0 for none.</param>
    /// <param name="multiplier">What the rate has been multiplied by for this parameter.</param>
    /// <param name="start">Where in the parameter the piece starts.</param>
    internal Update(
        Span<Real> weights, ReadOnlySpan<Real> gradient, Real rate, Real decay, Real multiplier, int start)
    {
        Start = start;
        Multiplier = multiplier;
        Weights = weights;
        Gradient = gradient;
        Rate = rate;
        this.decay = decay;
    }

    /// <summary>The weights.</summary>
    public Span<Real> Weights { get; }

    /// <summary>Their gradient.</summary>
    public ReadOnlySpan<Real> Gradient { get; }

    /// <summary>
    /// Where in the parameter, and so in its slots, the piece starts; 0 unless <see cref="Optimizer.WorksInPieces"/>.
    /// </summary>
    public int Start { get; }

    /// <summary>The learning rate, multiplied by <see cref="Multiplier"/>.</summary>
    public Real Rate { get; }

    /// <summary>How much of the learning rate this parameter gets: 1 unless it was set otherwise.</summary>
    public Real Multiplier { get; }

    /// <summary>Decays the weights, for an algorithm that does not sweep.</summary>
    internal void Decay()
    {
        if (decay != 0)
        {
            foreach (ref Real weight in Weights)
            {
                weight -= weight * decay * Rate;
            }
        }
    }

    /// <summary>
    /// Decays and updates the weights in one sweep over up to three slots. Vectors take the body, a padded vector the rest, so
    /// that every element goes through the same arithmetic.
    /// </summary>
    internal void Sweep<TRule>(TRule rule, DenseMatrix? first = null, DenseMatrix? second = null, DenseMatrix? third = null)
        where TRule : struct, IUpdateRule
    {
        int width = Vector<Real>.Count;
        int body = Weights.Length - (Weights.Length % width);
        Run(
            rule,
            Vectors(Weights[..body]),
            MemoryMarshal.Cast<Real, Vector<Real>>(Gradient[..body]),
            Vectors(Part(first, 0, body)),
            Vectors(Part(second, 0, body)),
            Vectors(Part(third, 0, body)));

        int rest = Weights.Length - body;
        if (rest > 0)
        {
            Span<Vector<Real>> padded = stackalloc Vector<Real>[5];
            Span<Real> values = MemoryMarshal.Cast<Vector<Real>, Real>(padded);
            padded.Clear();
            Weights[body..].CopyTo(values);
            Gradient[body..].CopyTo(values[width..]);
            Part(first, body, rest).CopyTo(values[(2 * width)..]);
            Part(second, body, rest).CopyTo(values[(3 * width)..]);
            Part(third, body, rest).CopyTo(values[(4 * width)..]);
            Run(rule, padded[..1], padded[1..2], padded[2..3], padded[3..4], padded[4..]);
            values[..rest].CopyTo(Weights[body..]);
            CopyBack(values.Slice(2 * width, rest), first, body);
            CopyBack(values.Slice(3 * width, rest), second, body);
            CopyBack(values.Slice(4 * width, rest), third, body);
        }
    }

    private static Span<Vector<Real>> Vectors(Span<Real> values) => MemoryMarshal.Cast<Real, Vector<Real>>(values);

    private Span<Real> Part(DenseMatrix? slot, int start, int length) =>
        slot is null ? [] : slot.Values.AsSpan(Start + start, length);

    private void CopyBack(Span<Real> values, DenseMatrix? slot, int start)
    {
        if (slot is not null)
        {
            values.CopyTo(slot.Values.AsSpan(Start + start));
        }
    }

    private void Run<TRule>(
        TRule rule,
        Span<Vector<Real>> weights,
        ReadOnlySpan<Vector<Real>> gradient,
        Span<Vector<Real>> first,
        Span<Vector<Real>> second,
        Span<Vector<Real>> third)
        where TRule : struct, IUpdateRule
    {
        bool decays = decay != 0;
        var decayed = new Vector<Real>(decay);
        var rate = new Vector<Real>(Rate);
        for (int i = 0; i < weights.Length; i++)
        {
            Vector<Real> weight = weights[i];
            Vector<Real> a = TRule.Slots > 0 ? first[i] : default;
            Vector<Real> b = TRule.Slots > 1 ? second[i] : default;
            Vector<Real> c = TRule.Slots > 2 ? third[i] : default;
            if (decays)
            {
                weight -= weight * decayed * rate;
            }

            weights[i] = rule.Step(weight, gradient[i], ref a, ref b, ref c);
            if (TRule.Slots > 0)
            {
                first[i] = a;
            }

            if (TRule.Slots > 1)
            {
                second[i] = b;
            }

            if (TRule.Slots > 2)
            {
                third[i] = c;
            }
        }
    }
}

/// <summary>What adaptive steps have in common.</summary>
internal static class Adaptive
{
    // Its square, and a mean of such squares, is a number.
#if FLOAT64
    private const Real MostSize = 1.3e154;
#else
    private const Real MostSize = 1.8e19f;
#endif

    /// <summary>A gradient whose square is a number: entries beyond 1.8e19 count as 1.8e19. One that is not finite becomes
    /// NaN.</summary>
    /// <remarks>
    /// An adaptive step follows from the ratio of a gradient to its own past size, so the step stays what it would be if squares
    /// could be as large as they like, as long as all of the past is as large.
    /// </remarks>
    public static Vector<Real> Squarable(Vector<Real> gradient) =>
        Vector.MinNative(new(MostSize), Vector.MaxNative(new(-MostSize), gradient)) + (gradient - gradient);

    /// <summary>The greatest sum of squares.</summary>
    public const double MostSquares = (double)MostSize * MostSize;

    /// <summary>A gradient whose square is a number, as for vectors.</summary>
    public static double Squarable(Real gradient) => Math.Clamp(gradient, -MostSize, MostSize) + (gradient - gradient);

    /// <summary>The sum of sums of squares, at most the square of what <see cref="Squarable"/> lets through.</summary>
    public static Vector<Real> Sum(Vector<Real> squares, Vector<Real> square)
    {
        var half = new Vector<Real>((Real)0.5);
        Vector<Real> sum = (squares * half) + (square * half);
        sum = Vector.MinNative(new(MostSize * MostSize / 2), sum) + (sum - sum);
        return sum + sum;
    }

    /// <summary>The size with the sign of each number, and 0 for 0. For what is not finite it is NaN.</summary>
    public static Vector<Real> Signed(Vector<Real> size, Vector<Real> number) => (number - number) + Vector.ConditionalSelect(
        Vector.Equals(number, Vector<Real>.Zero), Vector<Real>.Zero, Vector.CopySign(size, number));

    /// <summary>x/divisor, and 0 where the divisor is 0: a weight that no gradient has reached, and an epsilon of 0.</summary>
    public static Vector<Real> Divide(Vector<Real> x, Vector<Real> divisor) =>
        Vector.ConditionalSelect(Vector.Equals(divisor, Vector<Real>.Zero), Vector<Real>.Zero, x / divisor);
}

/// <summary>The step of an algorithm for a vector of weights.</summary>
internal interface IUpdateRule
{
    /// <summary>How many slots it uses.</summary>
    static abstract int Slots { get; }

    /// <summary>The new weights; the slots are written to.</summary>
    Vector<Real> Step(
        Vector<Real> weight, Vector<Real> gradient, ref Vector<Real> first, ref Vector<Real> second, ref Vector<Real> third);
}
