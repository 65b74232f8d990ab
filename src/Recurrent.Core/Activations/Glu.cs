using Recurrent.Numerics;

namespace Recurrent.Activations;

/// <summary>
/// The gated linear unit: the first half of the feature axis, weighted by a gate from the second: <c>y = a ∘ σ(b)</c> for
/// <c>x = [a; b]</c>. Gradient: <c>da = σ(b) ∘ dy</c>, <c>db = a ∘ σ(b) ∘ (1 − σ(b)) ∘ dy</c>.
/// </summary>
/// <remarks>
/// It halves the features, so it stands in a layer of its own: <c>new Activation("glu")</c>, behind one with twice the units.
/// Dauphin, Fan, Auli and Grangier, "Language modeling with gated convolutional networks", ICML 2017; Keras's
/// keras.activations.glu along the last axis.
/// </remarks>
public sealed class Glu : ActivationFunction
{
    /// <summary>What it is called.</summary>
    internal const string Named = "glu";

    internal Glu()
    {
    }

    /// <inheritdoc/>
    public override string ClassName => Named;

    /// <inheritdoc/>
    public override bool NeedsInput => true;

    /// <inheritdoc/>
    public override int OutputRows(int rows) => rows % 2 == 0 ? rows / 2 : 0;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Real> x, Span<Real> y, int rows)
    {
        int half = rows / 2;
        for (int start = 0; start < x.Length; start += rows)
        {
            Span<Real> target = y.Slice(start / 2, half);
            VectorMath.Sigmoid(x.Slice(start + half, half), target);
            VectorMath.Multiply(x.Slice(start, half), target, target);
        }
    }

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, ReadOnlySpan<Real> dy, Span<Real> dx, int rows)
    {
        int half = rows / 2;
        for (int start = 0; start < x.Length; start += rows)
        {
            ReadOnlySpan<Real> gradient = dy.Slice(start / 2, half);
            Span<Real> da = dx.Slice(start, half);
            Span<Real> db = dx.Slice(start + half, half);
            VectorMath.Sigmoid(x.Slice(start + half, half), da);
            for (int i = 0; i < half; i++)
            {
                Real gate = da[i];
                da[i] = gate * gradient[i];
                db[i] = x[start + i] * gate * (1 - gate) * gradient[i];
            }
        }
    }
}
