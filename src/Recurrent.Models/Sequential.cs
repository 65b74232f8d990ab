using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Random;
using Recurrent.Shapes;
using Recurrent.Training;

namespace Recurrent.Models;

/// <summary>A straight stack of layers, each of which takes what the one before it gives.</summary>
/// <remarks>
/// <para>The model is built, which means that its parameters exist, as soon as the input shape is known: from the
/// <c>inputShape</c> of the first layer, from an <see cref="Input"/>, from <see cref="Build(Shape)"/>, or from the first data it is trained on.</para>
/// <para>Any number of threads may call <c>Predict</c> and <c>Evaluate</c> at once, unless a layer is stateful.
/// Methods that change the model (<see cref="Add(Layer)"/>, <see cref="Compile"/>, <c>Fit</c>, <see cref="SetWeights"/>, …)
/// need it for themselves.</para>
/// </remarks>
public sealed partial class Sequential
{
    private readonly List<Layer> layers = [];
    private int maxDegreeOfParallelism = Environment.ProcessorCount;
    private BatchRunner? runner;

    /// <summary>Creates a model.</summary>
    /// <param name="layers">Layers to begin with, first to last; more can be added.</param>
    /// <param name="name">Name of the model; default <c>sequential</c>.</param>
    /// <param name="seed">
    /// Where every random draw of the model comes from: first weights, dropout, the order of samples. The same seed gives the
    /// same bits. Default 0.
    /// </param>
    /// <exception cref="ArgumentException">A layer cannot take what the one before it gives.</exception>
    public Sequential(IEnumerable<Layer>? layers = null, string name = "sequential", int seed = 0)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        Seed = seed;
        foreach (Layer layer in layers ?? [])
        {
            Add(layer);
        }
    }

    /// <summary>Name of the model.</summary>
    public string Name { get; }

    /// <summary>Where every random draw of the model comes from.</summary>
    public int Seed { get; }

    /// <summary>The layers, first to last, without the <see cref="Input"/>.</summary>
    public IReadOnlyList<Layer> Layers => layers;

    /// <summary>Shape of a sample of the input; null while it is not known.</summary>
    public Shape? InputShape { get; private set; }

    /// <summary>Shape of a sample of the output; null while the input shape is not known.</summary>
    public Shape? OutputShape => IsBuilt ? layers[^1].OutputShape : null;

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
    internal Input? Input { get; private set; }

    /// <summary>Adds a layer at the end. An <see cref="Input"/> may come first, to tell the input shape.</summary>
    /// <param name="layer">The layer; it belongs to this model from now on.</param>
    /// <exception cref="ArgumentException">
    /// The layer cannot take what the one before it gives, its name is taken, or it is in a model already.
    /// </exception>
    public void Add(Layer layer) => Add(layer, null);

    /// <summary>Adds a layer whose parameters get their first values from elsewhere.</summary>
    private void Add(Layer layer, IParameterSource? source)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (layer is Input input)
        {
            AddInput(input);
            return;
        }

        if (layer.InputShape is not null || layers.Contains(layer))
        {
            throw new ArgumentException($"{layer.Introduction} is in a model already. Create a layer of its own for each place.", nameof(layer));
        }

        if (layer.SequentialObstacle is { } obstacle)
        {
            throw new ArgumentException($"{layer.Introduction} cannot stand in a Sequential: {obstacle}.", nameof(layer));
        }

        if (layer.DeclaredInputShape is not null && (layers.Count > 0 || InputShape is not null) && !layer.DeclaredInputShape.Equals(CurrentShape()))
        {
            throw new ArgumentException(
                $"{layer.Introduction} declares inputShape {layer.DeclaredInputShape}, but {(layers.Count > 0 ? $"'{layers[^1].Name}' gives" : "the model's input is")} {CurrentShape()?.ToString() ?? "not known yet"}. Only the first layer declares an input shape.", nameof(layer));
        }

        string? givenName = layer.Name;
        layer.Name = NameFor(layer);
        Shape? before = layers.Count > 0 ? layers[^1].OutputShape : InputShape ?? layer.DeclaredInputShape;
        try
        {
            if (before is not null)
            {
                InferShape(layer, before, layers.Count > 0 ? layers[^1] : null);
                layer.Build(before, LayerSeed(layers.Count), source);
            }
        }
        catch (ArgumentException)
        {
            layer.Name = givenName;
            throw;
        }

        if (layers.Count == 0)
        {
            InputShape ??= layer.DeclaredInputShape;
        }

        layers.Add(layer);
        runner = null;
        states = null;
    }

    /// <summary>Removes the last layer.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public void Pop()
    {
        if (layers.Count == 0)
        {
            throw new InvalidOperationException($"Model '{Name}' has no layer to remove.");
        }

        Layer last = layers[^1];
        layers.RemoveAt(layers.Count - 1);
        if (layers.Count == 0 && Input is null && last.DeclaredInputShape is not null)
        {
            // It had told the model's input shape.
            InputShape = null;
        }

        runner = null;
        states = null;
    }

    /// <summary>Builds every layer for an input shape.</summary>
    /// <param name="inputShape">Shape of a sample, such as <c>(timesteps: 10, features: 1)</c>; time steps may be null.</param>
    /// <exception cref="InvalidOperationException">The model has no layers, or is built for another shape.</exception>
    /// <exception cref="ArgumentException">A layer cannot take what the one before it gives; nothing has been built then.</exception>
    public void Build(Shape inputShape) => Build(inputShape, null);

    /// <summary>Builds every layer with first values from elsewhere.</summary>
    private void Build(Shape inputShape, IParameterSource? source)
    {
        ArgumentNullException.ThrowIfNull(inputShape);
        if (IsBuilt)
        {
            if (!inputShape.Equals(InputShape))
            {
                throw new InvalidOperationException($"Model '{Name}' is built for input {InputShape} and cannot be built again for {inputShape}.");
            }

            return;
        }

        OutputShapeFor(inputShape);
        Shape shape = inputShape;
        try
        {
            for (int i = 0; i < layers.Count; i++)
            {
                layers[i].Build(shape, LayerSeed(i), source);
                shape = layers[i].OutputShape!;
            }
        }
        catch
        {
            layers.ForEach(layer => layer.Unbuild());
            throw;
        }

        InputShape = inputShape;
        runner = null;
    }

    /// <summary>Shape of a sample of the output for a shape of the input, without building anything.</summary>
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

    /// <summary>Shape of a layer's output. Where it does not take its input, the exception names the layer that gives it.</summary>
    private static Shape InferShape(Layer layer, Shape shape, Layer? producer)
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

    private void AddInput(Input input)
    {
        if (layers.Count > 0 || InputShape is not null)
        {
            throw new ArgumentException("An Input comes first, and only once.", nameof(input));
        }

        InputShape = input.DeclaredInputShape;
        Input = input;
    }

    private Shape? CurrentShape() => layers.Count > 0 ? layers[^1].OutputShape : InputShape;

    private ulong LayerSeed(int index) => SeededRandom.Key((ulong)Seed, (ulong)index);

    private string NameFor(Layer layer)
    {
        if (layer.Name is { } given)
        {
            return layers.TrueForAll(other => other.Name != given)
                ? given
                : throw new ArgumentException($"The name '{given}' is taken: '{Name}' has a layer of that name already. Give another name, or none, to get one that is free.", nameof(layer));
        }

        // As Keras: the class name in snake case, numbered from its second use on.
        string stem = LayerNames.SnakeCase(layer.ClassName);
        string name = stem;
        for (int i = 1; layers.Exists(other => other.Name == name); i++)
        {
            name = FormattableString.Invariant($"{stem}_{i}");
        }

        return name;
    }
}
