using System.Diagnostics.CodeAnalysis;
using Recurrent.Registration;

namespace Recurrent.Constraints;

/// <summary>Projects a parameter onto the values it is allowed to have, after each update. It holds no state.</summary>
public abstract class Constraint : IConfigurable
{
    /// <inheritdoc/>
    public abstract string ClassName { get; }

    /// <summary>Refuses parameters that the constraint is not made for, before training starts. Most take any shape.</summary>
    /// <param name="shape">The parameter's shape as Keras has it.</param>
    public virtual void CheckShape(ReadOnlySpan<int> shape)
    {
    }

    /// <summary>Projects in place.</summary>
    /// <param name="shape">The parameter's shape as Keras has it, for instance (features, units): norms run along its
    /// axes.</param>
    /// <param name="values">The values in row-major order of <paramref name="shape"/>.</param>
    public abstract void Apply(ReadOnlySpan<int> shape, Span<Real> values);

    /// <inheritdoc/>
    public abstract Config GetConfig();

    /// <summary>The constraint of a name, such as <c>"max_norm"</c>, with its default options.</summary>
    /// <param name="name">One of <see cref="ConstraintNames.Registry"/>'s names; null stays null, which is the default where it
    /// is optional.</param>
    /// <exception cref="ConfigException">The name is unknown; the message lists the valid names and the nearest one.</exception>
    [return: NotNullIfNotNull(nameof(name))]
    public static implicit operator Constraint?(string? name) => name is null ? null : ConstraintNames.Registry.Create(name);
}
