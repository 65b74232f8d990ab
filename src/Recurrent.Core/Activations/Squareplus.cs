using Recurrent.Registration;

namespace Recurrent.Activations;

/// <summary>A smooth rectifier without exponentials: <c>(x + √(x² + b)) / 2</c>; derivative <c>y² / (y² + b/4)</c>.</summary>
/// <remarks>Barron, "Squareplus: a softplus-like algebraic rectifier", 2021.</remarks>
public sealed class Squareplus : ScalarActivation
{
    private readonly double b;

    /// <summary>Creates the activation.</summary>
    /// <param name="b">Smoothness, above 0; default 4.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message names them all.</exception>
    public Squareplus(double b = 4)
    {
        new OptionCheck(ClassName).Above("b", b, 0).ThrowIfAny();
        this.b = b;
    }

    /// <inheritdoc/>
    public override string ClassName => "squareplus";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    public override Config GetConfig() => Changed(("b", b, 4.0));

    /// <inheritdoc/>
    protected override Real Value(Real x)
    {
        double root = double.Hypot(x, Math.Sqrt(b));

        // Below 0 the sum would cancel; the product of the two roots of y² − x y − b/4 is −b/4.
        return (Real)(x < 0 ? b / (2 * (root - x)) : (x + root) / 2);
    }

    /// <inheritdoc/>
    protected override Real Slope(Real at) => (Real)(1 / (1 + (b / (4.0 * at * at))));
}
