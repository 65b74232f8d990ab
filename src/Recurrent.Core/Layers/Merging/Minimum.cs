using System.Numerics.Tensors;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>Takes the smallest of its inputs, entry by entry: <c>y = min x_i</c>; backward dy goes to the input it came
/// from.</summary>
/// <remarks>Where two are equal, as one input after the other is compared, each of them gets half of the gradient. Shapes and
/// masks as for every <see cref="ElementwiseMerge"/>: a step that a mask hides does not count beside inputs that hold data there;
/// where all hide it, the first stands. Keras's keras.layers.Minimum.</remarks>
public sealed class Minimum : ElementwiseMerge
{
    /// <summary>Creates the layer.</summary>
    /// <param name="name">Name of the layer; null takes one from the model: <c>minimum</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    public Minimum(string? name = null, bool trainable = true)
        : base(name, trainable)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "Minimum";

    internal static Minimum Read(ConfigReader config) =>
        new(config.Name(), config.Trainable()) { ActivityRegularizer = config.ActivityRegularizer() };

    internal override Real? Neutral => Real.PositiveInfinity;

    internal override void Combine(IReadOnlyList<DenseMatrix> inputs, Span<Real> output)
    {
        inputs[0].Values.CopyTo(output);
        for (int i = 1; i < inputs.Count; i++)
        {
            TensorPrimitives.Min(output, inputs[i].Values, output);
        }
    }

    internal override void CombineBack(
        IReadOnlyList<DenseMatrix> inputs, ReadOnlySpan<Real> output, int index, ReadOnlySpan<Real> dy, Span<Real> dx)
    {
        Extreme.CombineBack(inputs, index, dy, dx, sign: -1);
    }
}
