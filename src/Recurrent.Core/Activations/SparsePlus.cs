namespace Recurrent.Activations;

/// <summary>
/// The rectifier with a parabola at the bend: 0 up to −1, <c>(x + 1)²/4</c> up to 1, <c>x</c> above; derivative
/// <c>min(√y, 1)</c>.
/// </summary>
/// <remarks>
/// The integral of the sparse sigmoid. Blondel, Martins and Niculae, "Learning classifiers with Fenchel–Young losses", AISTATS
/// 2019.
/// </remarks>
public sealed class SparsePlus : ScalarActivation
{
    /// <inheritdoc/>
    public override string ClassName => "sparse_plus";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    protected override Real Value(Real x) => x <= -1 ? 0 : x < 1 ? (x + 1) * (x + 1) / 4 : x;

    /// <inheritdoc/>
    protected override Real Slope(Real at) => at < 1 ? RealMath.Sqrt(at) : 1;
}
