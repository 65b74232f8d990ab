using Recurrent.Initializers;
using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>
/// Starts the forget gate's bias at 1 (Jozefowicz, Zaremba and Sutskever, "An empirical exploration of recurrent network
/// architectures", 2015) and the others as another initializer says.
/// </summary>
internal sealed class UnitForgetBias(Initializer others, int units) : Initializer
{
    /// <inheritdoc/>
    public override string ClassName => others.ClassName;

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<int> shape, Span<Real> values, SeededRandom random)
    {
        others.Fill([units], values[..units], random);
        values.Slice(units, units).Fill(1);
        others.Fill([2 * units], values[(2 * units)..], new SeededRandom(random.NextBits()));
    }

    /// <inheritdoc/>
    public override Config GetConfig() => others.GetConfig();
}
