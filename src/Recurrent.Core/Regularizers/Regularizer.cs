using System.Diagnostics.CodeAnalysis;
using Recurrent.Registration;

namespace Recurrent.Regularizers;

/// <summary>A penalty on the values of a parameter or of a layer's output, with its gradient. It holds no state.</summary>
public abstract class Regularizer : IConfigurable
{
    /// <inheritdoc/>
    public abstract string ClassName { get; }

    /// <summary>Refuses parameters that the penalty is not made for, before training starts. Most take any shape.</summary>
    /// <param name="shape">The parameter's shape as Keras has it.</param>
    public virtual void CheckShape(ReadOnlySpan<int> shape)
    {
    }

    /// <summary>Whether the penalty of several columns is the sum of theirs, so that a batch can be cut; true by
    /// default.</summary>
    public virtual bool IsAdditive => true;

    /// <summary>The penalty.</summary>
    /// <param name="values">The values.</param>
    /// <param name="rows">Rows of the matrix whose columns lie one after the other in <paramref name="values"/>.</param>
    public abstract double Penalty(ReadOnlySpan<Real> values, int rows);

    /// <summary>Adds <paramref name="scale"/> times the penalty's gradient.</summary>
    /// <param name="values">The values.</param>
    /// <param name="gradient">Receives the gradient by addition.</param>
    /// <param name="rows">Rows of the matrix whose columns lie one after the other in <paramref name="values"/>.</param>
    /// <param name="scale">Factor: 1 for a weight; 1 / batch size for an activity.</param>
    public abstract void AddGradient(ReadOnlySpan<Real> values, Span<Real> gradient, int rows, Real scale);

    /// <inheritdoc/>
    public abstract Config GetConfig();

    /// <summary>The regularizer of a name, such as <c>"l2"</c>, with its default options.</summary>
    /// <param name="name">One of <see cref="RegularizerNames.Registry"/>'s names; null stays null, which is the default where it
    /// is optional.</param>
    /// <exception cref="ConfigException">The name is unknown; the message lists the valid names and the nearest one.</exception>
    [return: NotNullIfNotNull(nameof(name))]
    public static implicit operator Regularizer?(string? name) => name is null ? null : RegularizerNames.Registry.Create(name);
}
