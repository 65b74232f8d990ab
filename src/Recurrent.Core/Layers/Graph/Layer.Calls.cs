using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <content>Layers in graphs.</content>
public abstract partial class Layer
{
    private readonly List<Node> uses = [];

    /// <summary>What the layer gives at its only use, for models that are part of another one: <c>new Model(model.Inputs,
    /// layer.Output)</c>.</summary>
    /// <exception cref="InvalidOperationException">The layer has not been used, or several times, or it gives several
    /// outputs.</exception>
    public virtual Symbol Output => uses.Count == 1 && uses[0].Outputs.Count == 1
        ? uses[0].Outputs[0]
        : throw new InvalidOperationException(uses.Count switch
        {
            0 => $"{Introduction} has not been used yet: call it on a symbol, or add it to a model that is built.",
            1 => $"{Introduction} gives {uses[0].Outputs.Count} outputs. Keep the symbols that its call has given.",
            _ => $"{Introduction} is used {uses.Count} times, and each time gives something else. Keep the symbol that the "
                + "call has given.",
        });

    /// <summary>The network of a model that stands as a layer in another one; null for what is not a model.</summary>
    internal virtual Network? Network => null;

    /// <summary>Whether it is a model, which may be part of others though it is built.</summary>
    internal virtual bool IsModel => false;

    /// <summary>Whether it carries states from batch to batch, or something inside a model does.</summary>
    internal virtual bool IsStateful => this is IHasStates { Stateful: true };

    /// <summary>The uses of the layer so far, in all graphs.</summary>
    internal IReadOnlyList<Node> Uses => uses;

    /// <summary>Uses the layer on what other layers give: one symbol, or several for layers that take several.</summary>
    /// <remarks>
    /// Shapes are checked here; parameters come to be when a model is made of the symbols. A layer that is called several times
    /// is shared: all its uses have the same parameters.
    /// </remarks>
    /// <param name="inputs">What the layer reads, in order.</param>
    /// <returns>What it gives.</returns>
    /// <exception cref="ArgumentException">The layer cannot take such inputs; the message says which it can, and who gives
    /// them.</exception>
    public Symbols Call(params Symbols inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var node = new Node(this, inputs);
        uses.Add(node);
        return Symbols.Create([.. node.Outputs]);
    }

    /// <summary>Notes a use that is part of a model.</summary>
    internal void AddUse(Node node) => uses.Add(node);

    /// <summary>Forgets a use that is no longer part of a model.</summary>
    internal void RemoveUse(Node node) => uses.Remove(node);

    /// <summary>Shapes of the outputs. Where the layer does not take an input, the exception names the layer that gives
    /// it.</summary>
    /// <param name="inputs">Shape of a sample of each input.</param>
    /// <param name="givers">The layers that give them.</param>
    /// <exception cref="ArgumentException">The layer cannot take such inputs, or was built for others.</exception>
    internal IReadOnlyList<Shape> InferShapes(IReadOnlyList<Shape> inputs, IReadOnlyList<Layer?> givers)
    {
        IReadOnlyList<Shape> outputs;
        try
        {
            outputs = ComputeOutputShapes(inputs, givers);
        }
        catch (ShapeException exception) when (givers.ElementAtOrDefault(IndexOf(inputs, exception.Got)) is { } giver
            and not Layers.Input)
        {
            throw exception.From(giver.Name ?? giver.Introduction, giver is RecurrentLayer { ReturnSequences: false }
                && exception.Got.Rank == 1
                ? $"Set returnSequences: true on '{giver.Name ?? giver.Introduction}'."
                : null);
        }

        if (!CanTake(inputs[0]))
        {
            throw new ArgumentException(
                $"{Introduction} is built for input of shape {InputShape} and cannot be shared with one of shape {inputs[0]}, "
                + "for which its weights would be others. Use a layer of its own there.");
        }

        return outputs;
    }

    /// <summary>Infers shapes, with the layers that give the inputs for messages.</summary>
    internal virtual IReadOnlyList<Shape> ComputeOutputShapes(IReadOnlyList<Shape> inputs, IReadOnlyList<Layer?> givers) =>
        ComputeOutputShapes(inputs);

    private static int IndexOf(IReadOnlyList<Shape> shapes, Shape shape)
    {
        int index = 0;
        while (index < shapes.Count && !ReferenceEquals(shapes[index], shape))
        {
            index++;
        }

        return index;
    }
}
