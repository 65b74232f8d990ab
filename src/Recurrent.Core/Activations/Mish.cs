namespace Recurrent.Activations;

/// <summary>The function <c>x · tanh(log(1 + exp(x)))</c>.</summary>
/// <remarks>Misra, "Mish: a self regularized non-monotonic activation function", BMVC 2020.</remarks>
public sealed class Mish : ScalarActivation
{
    // Above this the function is the identity to the last bit of a double.
    private const int Linear = 20;

    /// <inheritdoc/>
    public override string ClassName => "mish";

    /// <inheritdoc/>
    public override bool NeedsInput => true;

    /// <inheritdoc/>
    protected override Real Value(Real x)
    {
        if (x > Linear)
        {
            return x;
        }

        // With e = exp(x) and n = e (e + 2): tanh(log(1 + e)) = ((1 + e)² − 1) / ((1 + e)² + 1) = n / (n + 2).
        Real e = RealMath.Exp(x);
        Real n = e * (e + 2);
        return x * (n / (n + 2));
    }

    /// <inheritdoc/>
    protected override Real Slope(Real at)
    {
        if (at > Linear)
        {
            return 1;
        }

        // d tanh(log(1 + e))/dx = (1 − t²) e / (1 + e), where 1 − t² = 4 (1 + e)² / (n + 2)².
        Real e = RealMath.Exp(at);
        Real n = e * (e + 2);
        return (n / (n + 2)) + (at * (4 * e * (1 + e) / ((n + 2) * (n + 2))));
    }
}
