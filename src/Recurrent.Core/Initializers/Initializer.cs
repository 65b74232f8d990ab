using System.Diagnostics.CodeAnalysis;
using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Initializers;

/// <summary>Chooses the first values of a parameter. It holds no state: the same seed gives the same values.</summary>
public abstract class Initializer : IConfigurable
{
    /// <inheritdoc/>
    public abstract string ClassName { get; }

    /// <summary>Seed of this initializer's own draws; null (the default) takes the seed from the layer and the model.</summary>
    public int? Seed { get; protected init; }

    /// <summary>Fills a parameter.</summary>
    /// <param name="shape">The parameter's shape as Keras has it, for instance (features, units): fans are computed from
    /// it.</param>
    /// <param name="values">Receives the values in row-major order of <paramref name="shape"/>.</param>
    /// <param name="random">Where random numbers come from.</param>
    public abstract void Fill(ReadOnlySpan<int> shape, Span<Real> values, SeededRandom random);

    /// <inheritdoc/>
    public abstract Config GetConfig();

    /// <summary>The initializer of a name, such as <c>"glorot_uniform"</c>, with its default options.</summary>
    /// <param name="name">One of <see cref="InitializerNames.Registry"/>'s names; null stays null, which is the default where it
    /// is optional.</param>
    /// <exception cref="ConfigException">The name is unknown; the message lists the valid names and the nearest one.</exception>
    [return: NotNullIfNotNull(nameof(name))]
    public static implicit operator Initializer?(string? name) => name is null ? null : InitializerNames.Registry.Create(name);
}
