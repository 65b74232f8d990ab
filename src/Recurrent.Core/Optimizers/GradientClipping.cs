using System.Numerics.Tensors;
using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>Makes gradients smaller that are too large, in one of three ways.</summary>
/// <remarks>
/// By norm, each gradient alone: <c>g · c / max(|g|, c)</c>. By global norm, all together:
/// <c>g · c · min(1 / n, 1 / c)</c> with <c>n</c> the length of all gradients. By value: each entry into [−c, c].
/// A gradient that is not finite stays so.
/// </remarks>
internal sealed class GradientClipping(double? norm, double? value, double? globalNorm)
{
    private const int Chunk = 4096;

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
    public void Apply(IReadOnlyList<DenseMatrix> gradients)
    {
        if (Norm is double most)
        {
            for (int i = 0; i < gradients.Count; i++)
            {
                Span<Real> gradient = gradients[i].Values;
                Real length = (Real)Math.Sqrt(SumOfSquares(gradient));
                TensorPrimitives.Multiply(gradient, (Real)most, gradient);
                TensorPrimitives.Divide(gradient, RealMath.Max(length, (Real)most), gradient);
            }
        }
        else if (GlobalNorm is double mostTogether)
        {
            double sum = 0;
            for (int i = 0; i < gradients.Count; i++)
            {
                sum += SumOfSquares(gradients[i].Values);
            }

            Real length = (Real)Math.Sqrt(sum);
            Real scale = ((Real)mostTogether * RealMath.Min(1 / length, 1 / (Real)mostTogether)) + (length - length);
            for (int i = 0; i < gradients.Count; i++)
            {
                TensorPrimitives.Multiply(gradients[i].Values, scale, gradients[i].Values);
            }
        }
        else if (Value is double bound)
        {
            for (int i = 0; i < gradients.Count; i++)
            {
                Span<Real> gradient = gradients[i].Values;
                TensorPrimitives.Clamp(gradient, (Real)(-bound), (Real)bound, gradient);
            }
        }
    }

    private static OptionCheck Above(OptionCheck check, string name, double? value) => check.Require(
        value is null || (double.IsFinite(value.Value) && value > 0),
        FormattableString.Invariant($"{name} must be a finite number above 0, but is {value}"));

    // Chunks are summed in Real, their sums in double.
    private static double SumOfSquares(ReadOnlySpan<Real> values)
    {
        double sum = 0;
        for (int start = 0; start < values.Length; start += Chunk)
        {
            sum += TensorPrimitives.SumOfSquares(values.Slice(start, Math.Min(Chunk, values.Length - start)));
        }

        return sum;
    }
}
