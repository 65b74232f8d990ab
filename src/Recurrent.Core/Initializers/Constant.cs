using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Initializers;

/// <summary>The same number everywhere.</summary>
public sealed class Constant : Initializer
{
    private readonly double value;

    /// <summary>Creates the initializer.</summary>
    /// <param name="value">The number; default 0.</param>
    /// <exception cref="ArgumentException">The number is not finite.</exception>
    public Constant(double value = 0)
    {
        new OptionCheck(ClassName).Finite("value", value).InRange("value", value).ThrowIfAny();
        this.value = value;
    }

    /// <inheritdoc/>
    public override string ClassName => "Constant";

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<int> shape, Span<Real> values, SeededRandom random) => values.Fill((Real)value);

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "value", value } };
}
