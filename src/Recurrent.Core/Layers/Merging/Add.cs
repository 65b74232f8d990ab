using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>Adds its inputs entry by entry: <c>y = Σ x_i</c>; backward <c>dx_i = dy</c>.</summary>
/// <remarks>A residual branch is <c>new Add().Call(x, f)</c>. Shapes and masks as for every <see cref="ElementwiseMerge"/>.
/// Keras's keras.layers.Add.</remarks>
public sealed class Add : ElementwiseMerge
{
    /// <summary>Creates the layer.</summary>
    /// <param name="name">Name of the layer; null takes one from the model: <c>add</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    public Add(string? name = null, bool trainable = true)
        : base(name, trainable)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "Add";

    internal static Add Read(ConfigReader config) =>
        new(config.Name(), config.Trainable()) { ActivityRegularizer = config.ActivityRegularizer() };

    internal override bool HandsGradientOn => true;

    internal override void Combine(IReadOnlyList<DenseMatrix> inputs, Span<Real> output)
    {
        if (inputs.Count == 1)
        {
            inputs[0].Values.CopyTo(output);
            return;
        }

        VectorMath.Add(inputs[0].Values, inputs[1].Values, output);
        for (int i = 2; i < inputs.Count; i++)
        {
            VectorMath.Add(inputs[i].Values, output);
        }
    }

    internal override void CombineBack(
        IReadOnlyList<DenseMatrix> inputs, ReadOnlySpan<Real> output, int index, ReadOnlySpan<Real> dy, Span<Real> dx)
    {
        dy.CopyTo(dx);
    }
}
