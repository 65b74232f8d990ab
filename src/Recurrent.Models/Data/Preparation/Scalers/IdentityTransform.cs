namespace Recurrent.Data;

/// <summary>Leaves values as they are.</summary>
public sealed class IdentityTransform : Scaler
{
    /// <inheritdoc/>
    public override double Transform(double value) => value;

    /// <inheritdoc/>
    public override double Inverse(double value) => value;
}
