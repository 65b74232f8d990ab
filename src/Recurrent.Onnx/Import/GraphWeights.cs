using System.Globalization;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Onnx.Format;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Onnx.Import;

/// <summary>The numbers of a graph as the first values of a model's parameters. A parameter gets memory only where the graph has
/// just as many numbers for it: what an input says of its features is only its word.</summary>
internal sealed class GraphWeights : IParameterSource
{
    private readonly Model model;
    private readonly Dictionary<Layer, (NodeProto Node, NDArray[] Arrays)> known = new(ReferenceEqualityComparer.Instance);
    private readonly SizeBudget budget;
    private readonly Func<NodeProto, string, Exception?, ModelFormatException> fail;
    private readonly HashSet<float[]> given = new(ReferenceEqualityComparer.Instance);
    private Layer? current;
    private int next;

    /// <summary>Takes what nodes have for layers.</summary>
    /// <param name="model">The model, which is built with this.</param>
    /// <param name="weights">The numbers of the parameters of layers, in their order, and the nodes that have them.</param>
    /// <param name="budget">What layers without numbers may ask for.</param>
    /// <param name="fail">Says what is wrong with a node.</param>
    public GraphWeights(Model model, IEnumerable<(NodeProto Node, Layer Layer, NDArray[] Weights)> weights, SizeBudget budget,
        Func<NodeProto, string, Exception?, ModelFormatException> fail)
    {
        this.model = model;
        this.budget = budget;
        this.fail = fail;
        foreach ((NodeProto node, Layer layer, NDArray[] arrays) in weights)
        {
            known[layer] = (node, arrays);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ModelFormatException">The graph has other numbers for the parameter.</exception>
    public bool TryFill(Parameter parameter)
    {
        Layer layer = model.BuiltLast!;

        // One array of a graph may be those of many layers.
        budget.Take($"The parameter '{parameter.Name}' of {layer.Introduction}", parameter.Size);
        if (!known.TryGetValue(layer, out (NodeProto Node, NDArray[] Arrays) own))
        {
            return false;
        }

        next = ReferenceEquals(layer, current) ? next + 1 : 0;
        current = layer;
        NDArray? array = next < own.Arrays.Length ? own.Arrays[next] : null;
        if (array?.Shape.SequenceEqual(parameter.Shape) != true)
        {
            string there = array is null ? string.Create(CultureInfo.InvariantCulture, $"there are {own.Arrays.Length} arrays")
                : $"its numbers have the shape {NDArray.Describe(array.Shape)}";
            throw fail(own.Node, $"No layer can be made of it: parameter {next}, '{parameter.Name}' of {layer.Introduction}, has "
                + $"the shape {NDArray.Describe(parameter.Shape)}, but {there}", null);
        }

        try
        {
            array.RequireFinite(parameter.Name);
        }
        catch (ArgumentException exception)
        {
            throw fail(own.Node, $"No layer can be made of it: {exception.Message}", exception);
        }

        // What several layers have the same numbers of is one array here, which only one of them can have.
        parameter.Take(given.Add(array.Values) ? array.Values : [.. array.Values]);
        return true;
    }
}
