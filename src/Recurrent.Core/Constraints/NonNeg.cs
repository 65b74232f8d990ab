using System.Numerics.Tensors;
using Recurrent.Registration;

namespace Recurrent.Constraints;

/// <summary>Sets negative values to zero.</summary>
public sealed class NonNeg : Constraint
{
    /// <inheritdoc/>
    public override string ClassName => "NonNeg";

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<int> shape, Span<Real> values) => TensorPrimitives.Max(values, 0, values);

    /// <inheritdoc/>
    public override Config GetConfig() => [];
}
