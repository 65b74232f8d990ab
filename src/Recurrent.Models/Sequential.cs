using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Random;
using Recurrent.Shapes;

namespace Recurrent.Models;

/// <summary>A straight stack of layers, each of which takes what the one before it gives.</summary>
/// <remarks>
/// The model is built, which means that its parameters exist, as soon as the input shape is known: from the
/// <c>inputShape</c> of the first layer, from an <see cref="Input"/>, from <see cref="Build(Shape)"/>, or from the first data it is trained on.
/// </remarks>
public sealed partial class Sequential : Model
{
    /// <summary>Creates a model.</summary>
    /// <param name="layers">Layers to begin with, first to last; more can be added.</param>
    /// <param name="name">Name of the model; default <c>sequential</c>.</param>
    /// <param name="seed">
    /// Where every random draw of the model comes from: first weights, dropout, the order of samples. The same seed gives the
    /// same bits. Default 0.
    /// </param>
    /// <exception cref="ArgumentException">A layer cannot take what the one before it gives.</exception>
    public Sequential(IEnumerable<Layer>? layers = null, string name = "sequential", int seed = 0)
        : base(name, seed)
    {
        foreach (Layer layer in layers ?? [])
        {
            Add(layer);
        }
    }

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

        if (layer.InputShape is not null || Layers.Contains(layer))
        {
            throw new ArgumentException($"{layer.Introduction} is in a model already. Create a layer of its own for each place.", nameof(layer));
        }

        if (layer.SequentialObstacle is { } obstacle)
        {
            throw new ArgumentException($"{layer.Introduction} cannot stand in a Sequential: {obstacle}.", nameof(layer));
        }

        if (layer.DeclaredInputShape is not null && (Layers.Count > 0 || InputShape is not null) && !layer.DeclaredInputShape.Equals(CurrentShape()))
        {
            throw new ArgumentException(
                $"{layer.Introduction} declares inputShape {layer.DeclaredInputShape}, but {(Layers.Count > 0 ? $"'{Last.Name}' gives" : "the model's input is")} {CurrentShape()?.ToString() ?? "not known yet"}. Only the first layer declares an input shape.", nameof(layer));
        }

        string? givenName = layer.Name;
        layer.Name = NameFor(layer);
        Shape? before = Layers.Count > 0 ? Last.OutputShape : InputShape ?? layer.DeclaredInputShape;
        try
        {
            if (before is not null)
            {
                layer.InferShapes([before], [Layers.Count > 0 ? Last : null]);
                layer.Build(before, LayerSeed(Layers.Count), source);
            }
        }
        catch (ArgumentException)
        {
            layer.Name = givenName;
            throw;
        }

        if (Layers.Count == 0)
        {
            InputShape ??= layer.DeclaredInputShape;
        }

        Append(layer);
    }

    /// <summary>Removes the last layer.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public void Pop()
    {
        if (Layers.Count == 0)
        {
            throw new InvalidOperationException($"Model '{Name}' has no layer to remove.");
        }

        Layer last = Last;
        RemoveLast();
        if (Layers.Count == 0 && Input is null && last.DeclaredInputShape is not null)
        {
            // It had told the model's input shape.
            InputShape = null;
        }
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
            for (int i = 0; i < Layers.Count; i++)
            {
                Layers[i].Build(shape, LayerSeed(i), source);
                shape = Layers[i].OutputShape!;
            }
        }
        catch
        {
            foreach (Layer layer in Layers)
            {
                layer.Unbuild();
            }

            throw;
        }

        InputShape = inputShape;
        LayersChanged();
    }

    /// <inheritdoc/>
    internal override void EnsureBuilt(Shape sampleShape)
    {
        if (!IsBuilt)
        {
            Build(sampleShape);
        }
    }

    private void AddInput(Input input)
    {
        if (Layers.Count > 0 || InputShape is not null)
        {
            throw new ArgumentException("An Input comes first, and only once.", nameof(input));
        }

        InputShape = input.DeclaredInputShape;
        Input = input;
    }

    private Shape? CurrentShape() => Layers.Count > 0 ? Last.OutputShape : InputShape;

    private ulong LayerSeed(int index) => SeededRandom.Key((ulong)Seed, (ulong)index);

    private string NameFor(Layer layer)
    {
        if (layer.Name is { } given)
        {
            return Layers.All(other => other.Name != given)
                ? given
                : throw new ArgumentException($"The name '{given}' is taken: '{Name}' has a layer of that name already. Give another name, or none, to get one that is free.", nameof(layer));
        }

        return new FreeNames(Layers.Select(other => other.Name)).Take(LayerNames.SnakeCase(layer.ClassName));
    }
}
