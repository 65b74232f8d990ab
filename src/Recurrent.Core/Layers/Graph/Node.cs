using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>One use of a layer: what it is called with, and what it gives.</summary>
internal sealed class Node
{
    /// <summary>Infers the shapes of what the layer gives.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inputs">What it is called with.</param>
    /// <exception cref="ArgumentException">The layer cannot take such inputs; where it is the shape of one, the message names the
    /// layer that gives it.</exception>
    public Node(Layer layer, IReadOnlyList<Symbol> inputs)
    {
        Layer = layer;
        Inputs = inputs;
        StringPlacement.RequireNumbers(layer);
        for (int i = 0; i < inputs.Count; i++)
        {
            StringPlacement.Require(layer, i, inputs[i]);
        }

        IReadOnlyList<Shape> shapes = layer.InferShapes([.. inputs.Select(input => input.Shape)],
            [.. inputs.Select(input => input.Layer)]);
        Outputs = [.. shapes.Select((shape, i) => new Symbol(this, i, shape))];
    }

    /// <summary>The beginning of a graph.</summary>
    /// <param name="input">The input layer.</param>
    /// <param name="shape">Shape of a sample.</param>
    public Node(Input input, Shape shape)
    {
        Layer = input;
        Inputs = [];
        Outputs = [new Symbol(this, 0, shape)];
    }

    /// <summary>The layer.</summary>
    public Layer Layer { get; }

    /// <summary>How the file that it was read from writes it; null where it was read from none.</summary>
    public CallWords? Words { get; set; }

    /// <summary>What it is called with.</summary>
    public IReadOnlyList<Symbol> Inputs { get; }

    /// <summary>The same in Keras's order: what stands by position, then what stands by name, in the order of the
    /// names.</summary>
    public IReadOnlyList<Symbol> InputsInOrder
    {
        get
        {
            CallForm form = Layer.CallForm;
            int positional = form.PositionalOf(Inputs.Count, Words);
            return positional + 1 >= Inputs.Count
                ? Inputs
                : [.. Inputs.Take(positional), .. Enumerable.Range(positional, Inputs.Count - positional)
                    .OrderBy(form.NameOf, StringComparer.Ordinal).Select(i => Inputs[i])];
        }
    }

    /// <summary>What it gives.</summary>
    public IReadOnlyList<Symbol> Outputs { get; }
}
