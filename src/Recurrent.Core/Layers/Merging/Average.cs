using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>Takes the mean of its inputs, entry by entry: <c>y = Σ x_i / n</c>; backward <c>dx_i = dy / n</c>.</summary>
/// <remarks>Several branches count alike. Shapes and masks as for every <see cref="ElementwiseMerge"/>. Keras's
/// keras.layers.Average.</remarks>
public sealed class Average : ElementwiseMerge
{
    /// <summary>Creates the layer.</summary>
    /// <param name="name">Name of the layer; null takes one from the model: <c>average</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    public Average(string? name = null, bool trainable = true)
        : base(name, trainable)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "Average";

    internal static Average Read(ConfigReader config) =>
        new(config.Name(), config.Trainable()) { ActivityRegularizer = config.ActivityRegularizer() };

    internal override void Combine(IReadOnlyList<DenseMatrix> inputs, Span<Real> output)
    {
        inputs[0].Values.CopyTo(output);
        for (int i = 1; i < inputs.Count; i++)
        {
            VectorMath.Add(inputs[i].Values, output);
        }

        VectorMath.Scale((Real)1 / inputs.Count, output);
    }

    internal override void CombineBack(
        IReadOnlyList<DenseMatrix> inputs, ReadOnlySpan<Real> output, int index, ReadOnlySpan<Real> dy, Span<Real> dx)
    {
        dy.CopyTo(dx);
        VectorMath.Scale((Real)1 / inputs.Count, dx);
    }
}
