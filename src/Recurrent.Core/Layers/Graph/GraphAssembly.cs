using Recurrent.Parameters;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Makes the layers of a graph those of a model: each gets a name of its own and, where it has none yet, its
/// parameters.</summary>
/// <param name="model">Name of the model, for messages.</param>
/// <param name="inputs">The inputs.</param>
/// <param name="calls">The uses of layers, in order.</param>
internal sealed class GraphAssembly(string model, Symbols inputs, IReadOnlyList<Node> calls)
{
    /// <summary>The layers in order, each once, without inputs.</summary>
    public IReadOnlyList<Layer> Layers { get; } =
        [.. calls.Select(call => call.Layer).Distinct<Layer>(ReferenceEqualityComparer.Instance)];

    /// <summary>The layer that is being built, or that was built last; null before the first.</summary>
    public Layer? Current { get; private set; }

    /// <summary>Names the layers and builds those that are not built.</summary>
    /// <param name="seedOf">The seed of the layer of an index.</param>
    /// <param name="source">Gives parameters their first values; null leaves that to initializers.</param>
    /// <exception cref="ArgumentException">Two layers have the same name; nothing has been changed then.</exception>
    public void Assemble(Func<int, ulong> seedOf, IParameterSource? source)
    {
        Layer[] all = [.. inputs.Select(input => input.Layer), .. Layers];
        RequireOwnNames(all);
        var names = new FreeNames(all.Select(layer => layer.Name));
        Layer[] unnamed = [.. all.Where(layer => layer.Name is null)];
        var built = new List<Layer>();
        var own = new HashSet<Node>(calls, ReferenceEqualityComparer.Instance);
        try
        {
            foreach (Layer layer in unnamed)
            {
                layer.Name = names.Take(LayerNames.SnakeCase(layer.ClassName));
            }

            for (int i = 0; i < Layers.Count; i++)
            {
                Layer layer = Layers[i];
                if (layer.InputShape is null)
                {
                    // As in Keras, that which was written first builds it.
                    Node first = layer.Uses.FirstOrDefault(own.Contains)
                        ?? calls.First(call => ReferenceEquals(call.Layer, layer));
                    Current = layer;
                    built.Add(layer);
                    layer.Build([.. first.Inputs.Select(input => input.Shape)], seedOf(i), source);
                }
            }

            foreach (Node call in calls)
            {
                // A layer that was built for one use must fit the others.
                call.Layer.InferShapes([.. call.Inputs.Select(input => input.Shape)],
                    [.. call.Inputs.Select(input => input.Layer)]);
            }
        }
        catch
        {
            built.ForEach(layer => layer.Unbuild());
            Array.ForEach(unnamed, layer => layer.Name = null);
            throw;
        }
    }

    /// <summary>Shapes of the outputs for shapes of the inputs, before layers are built.</summary>
    /// <exception cref="ArgumentException">A layer cannot take what it would be given.</exception>
    public IReadOnlyList<Shape> InferShapes(IReadOnlyList<Shape> shapes, Symbols outputs)
    {
        var known = new Dictionary<Symbol, Shape>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < inputs.Count; i++)
        {
            known[inputs[i]] = shapes[i];
        }

        foreach (Node call in calls)
        {
            IReadOnlyList<Shape> given = call.Layer.InferShapes(
                [.. call.Inputs.Select(input => known[input])], [.. call.Inputs.Select(input => input.Layer)]);
            for (int i = 0; i < given.Count; i++)
            {
                known[call.Outputs[i]] = given[i];
            }
        }

        return [.. outputs.Select(output => known[output])];
    }

    private void RequireOwnNames(Layer[] all)
    {
        foreach (IGrouping<string, Layer> same in all.Where(layer => layer.Name is not null)
            .GroupBy(layer => layer.Name!, StringComparer.Ordinal))
        {
            if (same.Count() > 1)
            {
                throw new ArgumentException(
                    $"The name '{same.Key}' is taken: model '{model}' would have {same.Count()} layers of that name. Give each "
                    + "a name of its own: name: \"…\".");
            }
        }
    }
}
