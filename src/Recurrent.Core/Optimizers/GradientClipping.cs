using System.Numerics.Tensors;
using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>Makes gradients smaller that are too large, in one of three ways.</summary>
/// <remarks>
/// By norm, each gradient alone: <c>g · c / max(|g|, c)</c>. By global norm, all together:
/// <c>g · c / max(n, c)</c> with <c>n</c> the length of all gradients. By value: each entry into [−c, c].
/// Lengths are computed in double precision, so that large finite gradients have one. A gradient that is not finite stays so.
/// </remarks>
internal sealed class GradientClipping(double? norm, double? value, double? globalNorm)
{
    private static readonly Action<(double[] Lengths, IReadOnlyList<DenseMatrix> Gradients, Piece[] Pieces), int> MeasureJob =
        static (job, i) => job.Lengths[i] = Sums.Norm<Real>(job.Pieces[i].Of(job.Gradients));

    private static readonly Action<(GradientClipping Clipping, IReadOnlyList<DenseMatrix> Gradients, Piece[] Pieces),
        int> ClipJob =
        static (job, i) => job.Clipping.Clip(job.Pieces[i].Of(job.Gradients), job.Pieces[i].Array);

    private double[] pieceLengths = [];
    private double[] lengths = [];
    private double lengthOfAll;

    /// <summary>Greatest length of one gradient.</summary>
    public double? Norm { get; } = norm;

    /// <summary>Greatest size of an entry.</summary>
    public double? Value { get; } = value;

    /// <summary>Greatest length of all gradients together.</summary>
    public double? GlobalNorm { get; } = globalNorm;

    /// <summary>Requires numbers above 0, and at most one of them.</summary>
    /// <param name="check">The check to add to.</param>
    public OptionCheck Check(OptionCheck check)
    {
        int set = (Norm is null ? 0 : 1) + (Value is null ? 0 : 1) + (GlobalNorm is null ? 0 : 1);
        return Above(Above(Above(check, "clipNorm", Norm), "clipValue", Value), "globalClipNorm", GlobalNorm)
            .Require(set <= 1, "only one of clipNorm, clipValue and globalClipNorm can be set");
    }

    /// <summary>Clips gradients in place.</summary>
    /// <param name="gradients">The gradients.</param>
    /// <param name="pieces">How threads share them out.</param>
    /// <param name="maxDegree">Most threads to use.</param>
    public void Apply(IReadOnlyList<DenseMatrix> gradients, Piece[] pieces, int maxDegree)
    {
        if (Norm is null && Value is null && GlobalNorm is null)
        {
            return;
        }

        if (Value is null)
        {
            Measure(gradients, pieces, maxDegree);
        }

        Workers.Run(pieces.Length, maxDegree, (this, gradients, pieces), ClipJob);
    }

    /// <summary>Computes the lengths that the factors follow from.</summary>
    private void Measure(IReadOnlyList<DenseMatrix> gradients, Piece[] pieces, int maxDegree)
    {
        if (pieceLengths.Length != pieces.Length)
        {
            pieceLengths = new double[pieces.Length];
            lengths = new double[gradients.Count];
        }

        Workers.Run(pieces.Length, maxDegree, (pieceLengths, gradients, pieces), MeasureJob);
        for (int i = 0, piece = 0; i < lengths.Length; i++)
        {
            int first = piece;
            while (piece < pieces.Length && pieces[piece].Array == i)
            {
                piece++;
            }

            lengths[i] = Sums.Norm<double>(pieceLengths.AsSpan(first, piece - first));
        }

        lengthOfAll = Sums.Norm<double>(pieceLengths);
    }

    private void Clip(Span<Real> gradient, int index)
    {
        if (Norm is double most)
        {
            Shorten(gradient, lengths[index], most);
        }
        else if (GlobalNorm is double mostTogether)
        {
            // Where one entry is not finite, none of the others may pass for a gradient.
            Shorten(gradient, lengthOfAll + (lengthOfAll - lengthOfAll), mostTogether);
        }
        else
        {
            TensorPrimitives.Clamp(gradient, (Real)(-Value!.Value), (Real)Value.Value, gradient);
        }
    }

    private static void Shorten(Span<Real> gradient, double length, double most)
    {
        if (!(length <= most))
        {
            Wide.Scale(gradient, most / length);
        }
    }

    private static OptionCheck Above(OptionCheck check, string name, double? value) => check.Require(
        value is null || (double.IsFinite(value.Value) && value > 0),
        FormattableString.Invariant($"{name} must be a finite number above 0, but is {value}"),
        name);
}
