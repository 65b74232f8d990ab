using Recurrent.Initializers;
using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>
/// Starts the forget gate's bias at 1 (Jozefowicz, Zaremba and Sutskever, "An empirical exploration of recurrent network
/// architectures", 2015) and the others as another initializer says.
/// </summary>
internal sealed class UnitForgetBias(Initializer others, int units, int forgetGate) : Initializer
{
    /// <inheritdoc/>
    public override string ClassName => others.ClassName;

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<int> shape, Span<Real> values, SeededRandom random)
    {
        int first = forgetGate * units;
        int after = first + units;
        if (first > 0)
        {
            others.Fill([first], values[..first], random);
        }

        values[first..after].Fill(1);
        others.Fill([values.Length - after], values[after..], new SeededRandom(random.NextBits()));
    }

    /// <inheritdoc/>
    public override Config GetConfig() => others.GetConfig();
}
