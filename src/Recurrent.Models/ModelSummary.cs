using System.Globalization;
using System.Text;
using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Serialization;
using Recurrent.Shapes;

namespace Recurrent.Models;

/// <summary>Lays out the table of a model's layers: the one that Keras prints.</summary>
internal sealed class ModelSummary
{
    // Wide enough that most models give the same table, and narrow enough for 80 columns; long names make it wider.
    private static readonly int[] LeastWidths = [31, 22, 13];
    private static readonly string[] Units = ["B", "KB", "MB", "GB", "TB"];

    private readonly Model model;

    public ModelSummary(Model model) => this.model = model;

    /// <summary>The whole summary; lines end with a line feed.</summary>
    public override string ToString()
    {
        List<string[]> rows = [["Layer (type)", "Output Shape", "Param #"], .. model.Layers.Select(Row)];
        int[] widths = [.. LeastWidths.Select((least, column) => Math.Max(least, rows.Max(row => row[column].Length)))];
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
                : " The model is not built: its input shape is not known. Give the first layer an inputShape, call Build, or call Fit.\n");
        }

        return text.ToString();
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
        IEnumerable<string> axes = shape.Axes.Select(axis => axis?.ToString(CultureInfo.InvariantCulture) ?? "None").Prepend("None");
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
        text.Append(border).Append(' ').Append(cells[0].PadRight(widths[0])).Append(' ');
        text.Append(border).Append(' ').Append(cells[1].PadRight(widths[1])).Append(' ');
        text.Append(border).Append(' ').Append(cells[2].PadLeft(widths[2])).Append(' ');
        text.Append(border).Append('\n');
    }
}
