using Recurrent.Shapes;

namespace Recurrent.Onnx.Export;

/// <summary>What goes from layer to layer: values, which of them hold data, and the shape of a sample.</summary>
/// <param name="Value">(batch, …, features), as Keras has it.</param>
/// <param name="Shape">Shape of a sample; axes may be unknown.</param>
/// <param name="Mask">Booleans (batch, …) without the last axis, true where there are data; null where there are
/// everywhere.</param>
internal readonly record struct Signal(Tensor Value, Shape Shape, Tensor? Mask = null)
{
    /// <summary>Number of axes with that of the batch.</summary>
    public int Rank => Shape.Rank + 1;

    /// <summary>The mask with an axis of features, to go with the values.</summary>
    public Tensor? MaskOfValues => Mask?.Unsqueeze(-1);
}
