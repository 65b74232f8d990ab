using Recurrent.Inspection;
using Recurrent.Layers;
using Recurrent.Registration;
using Recurrent.Shapes;
using InputLayer = Recurrent.Layers.Input;

namespace Recurrent.Models;

/// <content>The model as a picture.</content>
public partial class Model
{
    /// <summary>Draws the model: a page with a box for each use of a layer and arrows between them. It needs nothing else and
    /// runs no code.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <example><code>model.Draw("model.html");</code></example>
    public void Draw(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FilePath.Write(path, DrawHtml());
    }

    /// <summary>The page that <see cref="Draw"/> writes.</summary>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    public string DrawHtml()
    {
        RequireBuilt();
        IReadOnlyList<Node> nodes =
            [.. Network.Inputs.Select(input => input.Node), .. GraphOrder.Between(Network.Inputs, Network.Outputs)];
        var places = new Dictionary<Node, int>(ReferenceEqualityComparer.Instance);
        var uses = new Dictionary<Layer, int>(ReferenceEqualityComparer.Instance);
        var boxes = new List<GraphBox>();
        foreach (Node node in nodes)
        {
            int use = uses[node.Layer] = uses.GetValueOrDefault(node.Layer) + 1;
            string name = ReadableText.Escape(node.Layer.Name ?? "input_layer", keepLines: false);
            string kind = node.Layer is InputLayer ? "input" : Network.Outputs.Any(output => ReferenceEquals(output.Node, node))
                ? "output" : "inner";
            boxes.Add(new(
                use > 1 ? FormattableString.Invariant($"{name} (use {use})") : name,
                ReadableText.Escape(node.Layer is Model ? $"{node.Layer.ClassName} "
                    + "model" : node.Layer.ClassName, keepLines: false),
                string.Join(", ", node.Outputs.Select(output => Describe(output.Shape)).Distinct()),
                use > 1 ? null : node.Layer.Parameters.Sum(parameter => (long)parameter.Values.Length),
                kind,
                [.. node.Inputs.Select(input => places[input.Node]).Distinct()]));
            places.Add(node, boxes.Count - 1);
        }

        return GraphPage.Write(ReadableText.Escape(Name, keepLines: false), ParameterCount, boxes);
    }

    private static string Describe(Shape shape) =>
        shape.Rank == 0 ? "one number"
            : string.Join(" × ", shape.Axes.Select(axis => axis is int known ? FormattableString.Invariant($"{known}") : "?"));
}
