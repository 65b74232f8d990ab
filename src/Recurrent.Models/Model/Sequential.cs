using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Random;
using Recurrent.Shapes;

namespace Recurrent.Models;

/// <summary>A straight stack of layers, each of which takes what the one before it gives.</summary>
/// <remarks>
/// The model is built, which means that its parameters exist, as soon as the input shape is known: from the
/// <c>inputShape</c> of the first layer, from an <see cref="Input"/>, from <see cref="Build(Shape)"/>, or from the first data it
/// is trained on.
/// </remarks>
public sealed partial class Sequential : Model
{
    // Shape of a sample of the input as far as it is known.
    private Shape? known;
    private Input? implicitInput;
    private ulong? drawnFrom;

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

    /// <summary>A model whose layers are not built, and whose shape is not told, before it is part of another model that
    /// is.</summary>
    internal Sequential(string name, Input? input, IEnumerable<Layer> layers, bool trainable)
        : base(name, seed: 0)
    {
        Trainable = trainable;
        Input = input;
        foreach (Layer layer in layers)
        {
            Add(layer);
        }
    }

    /// <inheritdoc/>
    public override string ClassName => "Sequential";

    /// <summary>Shape of a sample of the input; null while it is not known.</summary>
    public override Shape? InputShape => known;

    /// <summary>Whether the input shape is known and the parameters exist.</summary>
    public override bool IsBuilt => known is not null && Layers.Count > 0;

    /// <summary>Adds a layer at the end. An <see cref="Input"/> may come first, to tell the input shape.</summary>
    /// <param name="layer">The layer; it belongs to this model from now on.</param>
    /// <exception cref="ArgumentException">
    /// The layer cannot take what the one before it gives, its name is taken, or it is in the model already.
    /// </exception>
    public void Add(Layer layer)
    {
        using ParameterGate.Use use = Gate.Change(nameof(Add));
        Add(layer, null);
    }

    /// <summary>Adds a layer whose parameters get their first values from elsewhere.</summary>
    internal void Add(Layer layer, IParameterSource? source)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (layer is Input input)
        {
            AddInput(input);
            return;
        }

        if (Layers.Contains(layer))
        {
            throw new ArgumentException($"{layer.Introduction} is in a model already. Create a layer of its own for each place.",
                nameof(layer));
        }

        if (ReferenceEquals(layer, this) || (layer as Model)?.Holds(this) == true)
        {
            throw new ArgumentException($"{layer.Introduction} cannot be a layer of itself.", nameof(layer));
        }

        if (layer.SequentialObstacle is { } obstacle)
        {
            throw new ArgumentException($"{layer.Introduction} cannot stand in a Sequential: "
                + $"{obstacle}.{(layer is RecurrentLayer ? " PredictWithState gives the states of all layers." : string.Empty)}",
                nameof(layer));
        }

        if (layer.DeclaredInputShape is not null && (Layers.Count > 0 || known is not null)
            && !layer.DeclaredInputShape.Equals(CurrentShape()))
        {
            throw new ArgumentException(
                $"{layer.Introduction} declares inputShape {layer.DeclaredInputShape}, but "
                + $"{(Layers.Count > 0 ? $"'{Last.Name}' gives" : "the model's input is")} "
                + $"{CurrentShape()?.ToString() ?? "not known yet"}. Only the first layer declares an input shape.",
                nameof(layer));
        }

        StringPlacement.RequireNumbers(layer);
        if (Layers.Count > 0 || Input is not null)
        {
            bool areStrings = Layers.Count == 0 && Input?.DataType == Recurrent.Layers.Input.Strings;
            StringPlacement.Require(layer, 0, areStrings, Layers.Count > 0 ? Last.Name! : Input!.Name ?? Input.ClassName);
        }

        string? givenName = layer.Name;
        layer.Name = NameFor(layer);
        Shape? before = Layers.Count > 0
            ? Last.OutputShape
            : known ?? layer.DeclaredInputShape ?? layer.InputShape ?? layer.NaturalInputShape;
        try
        {
            Network.RequireTable(layer, Layers.Count > 0 ? Last : null);
            if (before is not null)
            {
                layer.InferShapes([before], [Layers.Count > 0 ? Last : null]);
                if (layer.InputShape is null)
                {
                    layer.Build(before, LayerSeed(Layers.Count), source);
                }
            }
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            layer.Name = givenName;
            throw;
        }

        if (Layers.Count == 0)
        {
            known ??= layer.DeclaredInputShape ?? layer.InputShape ?? layer.NaturalInputShape;
        }

        Append(layer);
    }

    /// <summary>Removes the last layer.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public void Pop()
    {
        using ParameterGate.Use use = Gate.Change(nameof(Pop));
        if (Layers.Count == 0)
        {
            throw new InvalidOperationException($"Model '{Name}' has no layer to remove.");
        }

        Layer last = Last;
        RemoveLast();
        if (Layers.Count == 0 && Input is null
            && (last.DeclaredInputShape is not null || last.NaturalInputShape is not null || last is Model))
        {
            // It had told the model's input shape.
            known = null;
        }
    }

    /// <summary>Builds every layer for an input shape.</summary>
    /// <param name="inputShape">Shape of a sample, such as <c>(timesteps: 10, features: 1)</c>; time steps may be null.</param>
    /// <exception cref="InvalidOperationException">The model has no layers, or is built for another shape.</exception>
    /// <exception cref="ArgumentException">A layer cannot take what the one before it gives; nothing has been built
    /// then.</exception>
    public void Build(Shape inputShape)
    {
        using ParameterGate.Use use = Gate.Change(nameof(Build));
        Build(inputShape, (IParameterSource?)null);
    }

    /// <summary>Builds every layer with first values from elsewhere.</summary>
    internal void Build(Shape inputShape, IParameterSource? source)
    {
        ArgumentNullException.ThrowIfNull(inputShape);
        if (IsBuilt)
        {
            if (!inputShape.Equals(InputShape))
            {
                throw new InvalidOperationException(
                    $"Model '{Name}' is built for input {InputShape} and cannot be built again for {inputShape}.");
            }

            return;
        }

        OutputShapesFor([inputShape]);
        Shape shape = inputShape;
        var built = new List<Layer>();
        try
        {
            for (int i = 0; i < Layers.Count; i++)
            {
                if (Layers[i].InputShape is null)
                {
                    built.Add(Layers[i]);
                    Layers[i].Build(shape, LayerSeed(i), source);
                }

                shape = Layers[i].ComputeOutputShape(shape);
            }
        }
        catch
        {
            built.ForEach(layer => layer.Unbuild());
            throw;
        }

        known = inputShape;
        LayersChanged();
    }

    internal override void EnsureBuilt(IReadOnlyList<Shape> samples)
    {
        if (!IsBuilt)
        {
            Build(samples[0], (IParameterSource?)null);
        }
    }

    internal override IReadOnlyList<Shape> OutputShapesFor(IReadOnlyList<Shape> inputs) =>
        Layers.Count == 0 ? throw new InvalidOperationException($"Model '{Name}' has no layers. Add some first.")
        : IsBuilt ? base.OutputShapesFor(inputs)
        : inputs.Count != 1 ? throw WrongInputs("takes one input", inputs)
        : [Network.Chain(NewInput(inputs[0]), Layers)[^1].Outputs[0].Shape];

    /// <summary>As a layer of another model, the model is built with that model's seed.</summary>
    internal override void Build(IReadOnlyList<Shape> inputs, ulong seed, IParameterSource? source)
    {
        if (inputs.Count != 1)
        {
            throw WrongInputs("takes one input", inputs);
        }

        drawnFrom = seed;
        Build(Input?.DeclaredInputShape ?? inputs[0], source);
    }

    internal override void Unbuild()
    {
        // Only a build that has failed is taken back, and then nothing is left of it.
    }

    private protected override Network CreateNetwork()
    {
        implicitInput = Input ?? implicitInput ?? Recurrent.Layers.Input.For(known!, Layers[0]);
        Network line = Network.Line(implicitInput, Layers);
        foreach (Node call in line.Calls)
        {
            call.Layer.AddUse(call);
        }

        return line;
    }

    private void AddInput(Input input)
    {
        if (Layers.Count > 0 || known is not null)
        {
            throw new ArgumentException("An Input comes first, and only once.", nameof(input));
        }

        known = input.DeclaredInputShape;
        Input = input;
    }

    private Input NewInput(Shape shape) => Input?.WithShape(shape) ?? Recurrent.Layers.Input.For(shape, Layers[0]);

    private Shape? CurrentShape() => Layers.Count > 0 ? Last.OutputShape : known;

    private ulong LayerSeed(int index) => SeededRandom.Key(drawnFrom ?? (ulong)Seed, (ulong)index);

    private string NameFor(Layer layer)
    {
        if (layer.Name is { } given)
        {
            return Layers.All(other => other.Name != given)
                ? given
                : throw new ArgumentException($"The name '{given}' is taken: '{Name}' has a layer of that name already. Give "
                    + "another name, or none, to get one that is free.", nameof(layer));
        }

        return new FreeNames(Layers.Select(other => other.Name)).Take(LayerNames.SnakeCase(layer.ClassName));
    }
}
