using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>A layer on the way of data through a model.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Input">Shape of a sample of its first input.</param>
/// <param name="Output">Shape of a sample of its first output.</param>
/// <param name="HasWiredStates">Whether it begins with states that other layers give.</param>
internal sealed record LayerShapes(Layer Layer, Shape Input, Shape Output, bool HasWiredStates);
