using Recurrent.Layers;
using Recurrent.Shapes;
using Recurrent.Training;

namespace Recurrent.Models;

/// <summary>
/// Layers that are compiled, trained, evaluated and asked for predictions together. <see cref="Sequential"/> is the model whose layers
/// stand in a row.
/// </summary>
/// <remarks>
/// Any number of threads may call <c>Predict</c> and <c>Evaluate</c> at once, unless a layer is stateful.
/// Methods that change the model (<see cref="Compile"/>, <c>Fit</c>, <see cref="SetWeights"/>, …) need it for themselves.
/// </remarks>
public partial class Model
{
    private readonly List<Layer> layers = [];
    private Network? network;
    private int maxDegreeOfParallelism = Environment.ProcessorCount;
    private BatchRunner? runner;

    private protected Model(string name, int seed)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        Seed = seed;
    }

    /// <summary>Name of the model.</summary>
    public string Name { get; }

    /// <summary>Where every random draw of the model comes from.</summary>
    public int Seed { get; }

    /// <summary>The layers, first to last, without the <see cref="Input"/>.</summary>
    public IReadOnlyList<Layer> Layers => layers;

    /// <summary>Shape of a sample of the input; null while it is not known.</summary>
    public Shape? InputShape { get; private protected set; }

    /// <summary>Shape of a sample of the output; null while the input shape is not known.</summary>
    public Shape? OutputShape => IsBuilt ? Last.OutputShape : null;

    /// <summary>Whether the input shape is known and the parameters exist.</summary>
    public bool IsBuilt => InputShape is not null && layers.Count > 0;

    /// <summary>
    /// Most threads that one call may use; default: the number of processors. Results have the same bits for any value.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaxDegreeOfParallelism
    {
        get => maxDegreeOfParallelism;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxDegreeOfParallelism));
            maxDegreeOfParallelism = value;
        }
    }

    /// <summary>The input layer that was added, or null where the shape came from elsewhere.</summary>
    internal Input? Input { get; private protected set; }

    /// <summary>The layer that reads the input.</summary>
    internal Layer First => layers[0];

    /// <summary>The layer that gives the output.</summary>
    internal Layer Last => layers[^1];

    /// <summary>What runs. It is made anew when layers change.</summary>
    internal Network Network => network ??= CreateNetwork();

    /// <summary>Shape of a sample of the output for a shape of the input, without building anything.</summary>
    /// <exception cref="InvalidOperationException">The model has no layers.</exception>
    /// <exception cref="ArgumentException">A layer cannot take what the one before it gives.</exception>
    internal Shape OutputShapeFor(Shape inputShape)
    {
        if (layers.Count == 0)
        {
            throw new InvalidOperationException($"Model '{Name}' has no layers. Add some first.");
        }

        return IsBuilt
            ? Network.InferShapes([inputShape])[Network.OutputPlaces[0]]
            : Network.Line(new Input(inputShape), layers).Outputs[0].Shape;
    }

    /// <summary>Makes sure that the parameters exist, for samples of a shape where no other was told.</summary>
    internal virtual void EnsureBuilt(Shape sampleShape) => RequireBuilt();

    /// <summary>Adds a layer at the end.</summary>
    private protected void Append(Layer layer)
    {
        layers.Add(layer);
        LayersChanged();
    }

    /// <summary>Removes the last layer.</summary>
    private protected void RemoveLast()
    {
        layers.RemoveAt(layers.Count - 1);
        LayersChanged();
    }

    /// <summary>Forgets what was made for the layers as they were.</summary>
    private protected void LayersChanged()
    {
        network = null;
        runner = null;
        states = null;
    }

    /// <summary>Makes the network of a model that is built.</summary>
    private protected virtual Network CreateNetwork() => Network.Line(Input ?? new Input(InputShape!), layers);
}
