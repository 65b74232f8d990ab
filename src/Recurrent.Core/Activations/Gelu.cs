using MathNet.Numerics;
using Recurrent.Registration;

namespace Recurrent.Activations;

/// <summary>
/// The Gaussian error linear unit <c>x · Φ(x)</c> with Φ the normal distribution function; derivative <c>Φ(x) + x φ(x)</c>.
/// </summary>
/// <remarks>
/// The approximate form is <c>x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³)))</c>.
/// Hendrycks and Gimpel, "Gaussian error linear units", 2016.
/// </remarks>
public sealed class Gelu : ScalarActivation
{
    private const double Cubic = 0.044715;

    private static readonly double RootTwoOverPi = Math.Sqrt(2 / Math.PI);

    private readonly bool approximate;

    /// <summary>Creates the activation.</summary>
    /// <param name="approximate">Whether to use the form with tanh; default false, the exact one.</param>
    public Gelu(bool approximate = false) => this.approximate = approximate;

    /// <inheritdoc/>
    public override string ClassName => "gelu";

    /// <inheritdoc/>
    public override bool NeedsInput => true;

    /// <inheritdoc/>
    public override Config GetConfig() => Changed(("approximate", approximate, false));

    /// <inheritdoc/>
    protected override Real Value(Real x) => (Real)(approximate ? 0.5 * x * (1 + Math.Tanh(Inner(x))) : x * Distribution(x));

    /// <inheritdoc/>
    protected override Real Slope(Real at)
    {
        if (!approximate)
        {
            return (Real)(Distribution(at) + (at * Math.Exp(-0.5 * at * at) / Math.Sqrt(2 * Math.PI)));
        }

        double tanh = Math.Tanh(Inner(at));
        if (Math.Abs(tanh) == 1)
        {
            return tanh > 0 ? 1 : 0;
        }

        double inner = RootTwoOverPi * (1 + (3 * Cubic * at * at));
        return (Real)(0.5 * (1 + tanh + (at * (1 - (tanh * tanh)) * inner)));
    }

    private static double Distribution(double x) => 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2));

    private static double Inner(double x) => RootTwoOverPi * (x + (Cubic * x * x * x));
}
