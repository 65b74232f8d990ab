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

    /// <summary>Shape of a sample of the output for a shape of the input, without building anything.</summary>
    /// <exception cref="InvalidOperationException">The model has no layers.</exception>
    /// <exception cref="ArgumentException">A layer cannot take what the one before it gives.</exception>
    internal Shape OutputShapeFor(Shape inputShape)
    {
        if (layers.Count == 0)
        {
            throw new InvalidOperationException($"Model '{Name}' has no layers. Add some first.");
        }

        Shape shape = inputShape;
        for (int i = 0; i < layers.Count; i++)
        {
            shape = InferShape(layers[i], shape, i > 0 ? layers[i - 1] : null);
        }

        return shape;
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
        runner = null;
        states = null;
    }

    /// <summary>Shape of a layer's output. Where it does not take its input, the exception names the layer that gives it.</summary>
    private protected static Shape InferShape(Layer layer, Shape shape, Layer? producer)
    {
        try
        {
            return layer.ComputeOutputShape(shape);
        }
        catch (ShapeException exception) when (producer is not null)
        {
            throw exception.From(producer.Name!, producer is RecurrentLayer { ReturnSequences: false } && shape.Rank == 1
                ? $"Set returnSequences: true on '{producer.Name}'."
                : null);
        }
    }
}
