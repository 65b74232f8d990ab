using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Initializers;

/// <summary>All zeros.</summary>
public sealed class Zeros : Initializer
{
    /// <inheritdoc/>
    public override string ClassName => "Zeros";

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<int> shape, Span<Real> values, SeededRandom random) => values.Clear();

    /// <inheritdoc/>
    public override Config GetConfig() => [];
}
