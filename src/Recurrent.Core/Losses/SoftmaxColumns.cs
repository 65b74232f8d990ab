using Recurrent.Registration;

namespace Recurrent.Losses;

/// <summary>The crossentropy of one column against class probabilities, as Keras computes it.</summary>
/// <remarks>
/// From probabilities: <c>q = p / Σp</c> is clipped to [1e-7, 1 − 1e-7], the loss is <c>−Σ t log q</c>. With <c>gᵢ = −tᵢ /
/// qᵢ</c>, 0 where clipped, the gradient is <c>(gᵢ − Σ gⱼ qⱼ) / Σp</c>. From logits: the loss is <c>Σ tᵢ (log Σ e^z − zᵢ)</c>,
/// the gradient <c>softmax(z)ᵢ Σt − tᵢ</c>.
/// </remarks>
internal static class SoftmaxColumns
{
    private const Real Least = (Real)Loss.Epsilon;
    private const Real Most = (Real)(1 - Loss.Epsilon);

    /// <summary>Requires a label smoothing in [0, 1].</summary>
    /// <param name="loss">Class name of the loss.</param>
    /// <param name="labelSmoothing">The value.</param>
    public static void CheckSmoothing(string loss, double labelSmoothing) => new OptionCheck(loss)
        .Require(
            labelSmoothing is >= 0 and <= 1,
            FormattableString.Invariant($"{nameof(labelSmoothing)} must be at least 0 and at most 1, but is {labelSmoothing}"),
            nameof(labelSmoothing))
        .ThrowIfAny();

    /// <summary>The loss and the gradient of a column of probabilities.</summary>
    /// <typeparam name="TTarget">How the target is given.</typeparam>
    /// <param name="target">The target.</param>
    /// <param name="predictions">The probabilities, which need not add up to 1.</param>
    /// <param name="gradient">Receives the gradient; empty when not wanted.</param>
    public static Real FromProbabilities<TTarget>(TTarget target, ReadOnlySpan<Real> predictions, Span<Real> gradient)
        where TTarget : ITarget, allows ref struct
    {
        double total = 0;
        foreach (Real p in predictions)
        {
            total += p;
        }

        // Columns of zeros are no probabilities; their shares are taken as 0.
        Real sum = total == 0 ? 1 : (Real)total;
        double loss = 0;
        double pull = 0; // Σ gⱼ qⱼ
        for (int i = target.First; i < target.End; i++)
        {
            Real q = predictions[i] / sum;
            Real clipped = Math.Clamp(q, Least, Most);
            Real t = target.At(i);
            loss -= t * RealMath.Log(clipped);
            pull -= q < Least || q > Most ? 0 : t;
        }

        for (int i = 0; i < gradient.Length; i++)
        {
            Real q = predictions[i] / sum;
            Real slope = q < Least || q > Most ? 0 : -target.At(i) / q;
            gradient[i] = (slope - (Real)pull) / sum;
        }

        return (Real)loss;
    }

    /// <summary>The loss and the gradient of a column of logits.</summary>
    /// <typeparam name="TTarget">How the target is given.</typeparam>
    /// <param name="target">The target.</param>
    /// <param name="logits">The logits.</param>
    /// <param name="gradient">Receives the gradient; empty when not wanted.</param>
    public static Real FromLogits<TTarget>(TTarget target, ReadOnlySpan<Real> logits, Span<Real> gradient)
        where TTarget : ITarget, allows ref struct
    {
        Real most = logits[0];
        foreach (Real z in logits)
        {
            most = RealMath.Max(most, z);
        }

        double total = 0;
        foreach (Real z in logits)
        {
            total += RealMath.Exp(z - most);
        }

        Real logTotal = RealMath.Log((Real)total);
        double loss = 0;
        double mass = 0;
        for (int i = target.First; i < target.End; i++)
        {
            Real t = target.At(i);
            loss += t * (logTotal - ((double)logits[i] - most));
            mass += t;
        }

        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] = (RealMath.Exp(logits[i] - most) / (Real)total * (Real)mass) - target.At(i);
        }

        return (Real)loss;
    }
}

/// <summary>The target of one column as probabilities.</summary>
internal interface ITarget
{
    /// <summary>The first class that can have a probability other than 0.</summary>
    int First { get; }

    /// <summary>One more than the last class that can have a probability other than 0.</summary>
    int End { get; }

    /// <summary>The probability of a class.</summary>
    Real At(int index);
}
