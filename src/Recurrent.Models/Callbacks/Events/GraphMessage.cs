using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Callbacks;

/// <summary>A model's graph as TensorBoard's GraphDef: a node for each input and each use of a layer.</summary>
internal static class GraphMessage
{
    private const int Producer = 22;
    private const int FloatType = 1;

    /// <summary>Writes the message.</summary>
    public static byte[] Write(Network network)
    {
        var graph = new ProtoWriter();
        var givers = new string[network.Values];
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < network.Inputs.Count; i++)
        {
            string name = givers[i] = Free(network.Inputs[i].Layer.Name ?? "input", taken);
            Shape shape = network.Inputs[i].Shape;
            graph.Inside(1, node => Node(node, name, "Input", [], [shape]));
        }

        foreach (NetworkNode use in network.Nodes)
        {
            string name = Free(use.Name, taken);
            for (int i = 0; i < use.OutputShapes.Count; i++)
            {
                givers[use.FirstOutput + i] = i == 0 ? name : FormattableString.Invariant($"{name}:{i}");
            }

            string[] reads = [.. use.Reads.Select(place => givers[place])];
            graph.Inside(1, node => Node(node, name, use.Layer.ClassName, reads, use.OutputShapes));
        }

        return graph.Inside(4, versions => versions.Int(1, Producer)).Message.ToArray();
    }

    /// <summary>A name that no node has yet, of the characters that names of nodes may have.</summary>
    private static string Free(string name, HashSet<string> taken)
    {
        string plain = new([.. name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '/' or '-'
            ? letter : '_')]);
        plain = plain.Length > 0 && (char.IsAsciiLetterOrDigit(plain[0]) || plain[0] == '.') ? plain : "n" + plain;
        string free = plain;
        for (int again = 1; !taken.Add(free); again++)
        {
            free = FormattableString.Invariant($"{plain}_{again}");
        }

        return free;
    }

    private static void Node(ProtoWriter node, string name, string kind, string[] reads, IReadOnlyList<Shape> shapes)
    {
        node.Text(1, name).Text(2, kind);
        foreach (string read in reads)
        {
            node.Text(3, read);
        }

        node.Inside(5, entry => entry.Text(1, "dtype").Inside(2, value => value.Int(6, FloatType)));
        node.Inside(5, entry => entry.Text(1, "_output_shapes").Inside(2, value => value.Inside(1, list =>
        {
            foreach (Shape shape in shapes)
            {
                list.Inside(7, sizes =>
                {
                    // The axis of samples is not known.
                    foreach (int? axis in shape.Axes.Prepend(null))
                    {
                        sizes.Inside(2, size => size.Int(1, axis ?? -1));
                    }
                });
            }
        })));
    }
}
