using System.Globalization;
using System.Text;
using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Models;

/// <summary>Lays out the table of a model's layers: the one that Keras prints.</summary>
internal sealed class ModelSummary
{
    // Wide enough that most models give the same table, and narrow enough for 80 columns; long names make it wider.
    private static readonly int[] LeastWidths = [31, 22, 13];
    private static readonly int[] LeastWidthsOfGraph = [19, 17, 10, 17];
    private static readonly string[] Units = ["B", "KB", "MB", "GB", "TB"];

    private readonly Model model;

    public ModelSummary(Model model) => this.model = model;

    /// <summary>The whole summary; lines end with a line feed.</summary>
    public override string ToString()
    {
        List<string[]> rows = model.Connections is { } graph
            ? [["Layer (type)", "Output Shape", "Param #", "Connected to"], .. graph.Layers.Select(layer => Row(layer, graph))]
            : [["Layer (type)", "Output Shape", "Param #"], .. model.Layers.Select(Row)];
        int[] least = rows[0].Length > LeastWidths.Length ? LeastWidthsOfGraph : LeastWidths;
        int[] widths =
            [.. least.Select(
                (width, column) => Math.Max(width, rows.Max(row => row[column].Split('\n').Max(line => line.Length))))];
        var text = new StringBuilder();
        text.Append("Model: \"").Append(ReadableText.Escape(model.Name, keepLines: false)).Append("\"\n");
        Rule(text, widths, '┏', '━', '┳', '┓');
        Cells(text, widths, rows[0], '┃');
        if (rows.Count == 1)
        {
            Rule(text, widths, '┗', '━', '┻', '┛');
        }
        else
        {
            Rule(text, widths, '┡', '━', '╇', '┩');
        }

        for (int i = 1; i < rows.Count; i++)
        {
            Cells(text, widths, rows[i], '│');
            bool last = i == rows.Count - 1;
            Rule(text, widths, last ? '└' : '├', '─', last ? '┴' : '┼', last ? '┘' : '┤');
        }

        Parameter[] parameters = [.. model.AllParameters];
        Total(text, "Total params", parameters);
        Total(text, "Trainable params", parameters.Where(parameter => parameter.Trainable));
        Total(text, "Non-trainable params", parameters.Where(parameter => !parameter.Trainable));
        if (!model.IsBuilt)
        {
            text.Append(model.Layers.Count == 0
                ? " The model has no layers yet.\n"
                : " The model is not built: its input shape is not known. Give the first layer an inputShape, call Build, or "
                    + "call Fit.\n");
        }

        return text.ToString();
    }

    /// <summary>A layer of a graph, with what its uses read: <c>lstm[0][1]</c> is the second output of the first use.</summary>
    private static string[] Row(Layer layer, GraphDescription graph)
    {
        string[] row = Row(layer);
        bool fits = row[0].Length <= LeastWidthsOfGraph[0];
        IReadOnlyList<Shape> shapes = graph.ShapesOf(layer);
        return
        [
            fits ? row[0] : ReadableText.Escape($"{layer.Name}\n({layer.ClassName})", keepLines: true),
            shapes.Count == 1 ? Describe(shapes[0]) : $"[{string.Join(",\n", shapes.Select(Describe))}]",
            layer is Input ? "0" : row[2],
            layer is Input ? "-" : string.Join(",\n", graph.CallsOf(layer).SelectMany(call => call.Inputs).Select(
                place => ReadableText.Escape(FormattableString.Invariant($"{place.Layer}[{place.Call}][{place.Output}]"),
                    keepLines: false))),
        ];
    }

    private static string[] Row(Layer layer) =>
    [
        ReadableText.Escape($"{layer.Name} ({layer.ClassName})", keepLines: false),
        layer.OutputShape is Shape shape ? Describe(shape) : "?",
        layer.OutputShape is null ? "0 (unbuilt)" : Count(layer.Parameters),
    ];

    // Keras's way to write a shape, in which the batch axis is None like any other that is not known.
    private static string Describe(Shape shape)
    {
        IEnumerable<string> axes = shape.Axes.Select(axis => axis?.ToString(CultureInfo.InvariantCulture) ?? "None")
            .Prepend("None");
        return shape.Rank == 0 ? "(None,)" : $"({string.Join(", ", axes)})";
    }

    private static string Count(IEnumerable<Parameter> parameters) =>
        parameters.Sum(parameter => (long)parameter.Values.Length).ToString("N0", CultureInfo.InvariantCulture);

    private static void Total(StringBuilder text, string title, IEnumerable<Parameter> parameters)
    {
        // As in model.json, a weight takes four bytes.
        double size = 4.0 * parameters.Sum(parameter => (long)parameter.Values.Length);
        int unit = 0;
        while (size >= 1024 && unit < Units.Length - 1)
        {
            size /= 1024;
            unit++;
        }

        text.Append(CultureInfo.InvariantCulture, $" {title}: {Count(parameters)} ({size:F2} {Units[unit]})\n");
    }

    private static void Rule(StringBuilder text, int[] widths, char left, char line, char cross, char right)
    {
        for (int i = 0; i < widths.Length; i++)
        {
            text.Append(i == 0 ? left : cross).Append(line, widths[i] + 2);
        }

        text.Append(right).Append('\n');
    }

    private static void Cells(StringBuilder text, int[] widths, string[] cells, char border)
    {
        string[][] lines = Array.ConvertAll(cells, cell => cell.Split('\n'));
        for (int line = 0; line < lines.Max(cell => cell.Length); line++)
        {
            for (int column = 0; column < cells.Length; column++)
            {
                string cell = lines[column].ElementAtOrDefault(line) ?? string.Empty;
                text.Append(border).Append(' ').Append(column == 2 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))
                    .Append(' ');
            }

            text.Append(border).Append('\n');
        }
    }
}
