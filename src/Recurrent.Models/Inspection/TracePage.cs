using System.Globalization;
using System.Text;
using Recurrent.Drawing;

namespace Recurrent.Inspection;

/// <summary>
/// Writes the page of a trace. For each layer, its gates and its states over the steps as curves, means over the units; then a
/// heat map for each gate and state and for the output, units down, steps across, with each value where the pointer is.
/// </summary>
internal static class TracePage
{
    private const int MostTicks = 6;
    private const int Digits = 4;

    // Up to so many units have a column each in the table behind a heat map.
    private const int MostColumns = 32;

    internal static string Write(ModelTrace trace, int sample)
    {
        int samples = trace.Layers.Count > 0 ? trace.Layers[0].States[0].Values.Shape[0] : 1;
        ArgumentOutOfRangeException.ThrowIfNegative(sample);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sample, samples);
        string title = string.Create(CultureInfo.InvariantCulture, $"Inside {trace.Model}, sample {sample}");
        var page = new Page(
            title,
            "Steps across, in the order of reading. Point at a chart or a map, or touch it, to read its values.");
        foreach (LayerTrace layer in trace.Layers)
        {
            Traced[] gates = [.. layer.Gates.Select(gate => new Traced(gate.Name, gate.Values, sample, IsGate(gate.Name)))];
            Traced[] states = [.. layer.States.Select(state => new Traced(state.Name, state.Values, sample, isGate: false)),
                new("layer output", layer.Output, sample, isGate: false)];
            page.Heading(layer.Layer, layer.Cell);
            Traced[] open = [.. gates.Where(gate => gate.Opens)];
            if (open.Length > 0)
            {
                page.Chart(Curves(layer, "Gates", "means over the units: 0 is closed, 1 is open", open) with { Limits = (0, 1) });
            }

            page.Chart(Curves(layer, "States", "means over the units", [.. states.SkipLast(1)]));
            page.Paragraph("The maps below have units down. Gates are blank where closed (0), red where open (1); other values "
                + "blue where negative, blank where zero, red where positive.", "key");
            foreach (Traced value in gates.Concat(states))
            {
                page.Map(Map(layer, value));
            }
        }

        return page.ToString();
    }

    // A candidate, and what a Jordan network hides, are values that gates let through.
    private static bool IsGate(string name) => !name.StartsWith("candidate", StringComparison.Ordinal)
        && !name.StartsWith("hidden", StringComparison.Ordinal);

    private static ChartFigure Curves(LayerTrace layer, string caption, string note, IReadOnlyList<Traced> values)
    {
        int steps = values.Max(value => value.Steps);
        return new ChartFigure(caption,
            $"{caption} of {layer.Layer}, {note}: " + string.Join("; ", values.Select(value =>
                $"{value.Name} from {Figures.Digits(value.Mean(0), 3)} at the first step to "
                + $"{Figures.Digits(value.Mean(value.Steps - 1), 3)} at the last")),
            ChartAxis.Step, "step", ChartFigure.Numbers(1, steps),
            [.. values.Select(value => new ChartColumn(value.Name, ChartRole.Line,
                [.. Enumerable.Range(0, steps).Select(value.Mean)], Digits))])
        {
            Note = note,
            Height = 240,
            Tools = steps > 40,
        };
    }

    private static string Map(LayerTrace layer, Traced value)
    {
        double[] rows = value.Rows();
        double least = rows.Min();
        double most = rows.Max();
        double high = value.Opens ? 1 : Math.Max(1, Math.Max(-least, most));
        double low = value.Opens ? 0 : -high;
        string size = $"{Figures.Count(value.Units, "unit")}, {Figures.Count(value.Steps, "step")}";
        string range = $"from {Figures.Decimals(least, "0.###")} to {Figures.Decimals(most, "0.###")}";
        string description = $"{value.Name} of {layer.Layer}: {size}; {range}, mean {Figures.Decimals(rows.Average(), "0.###")}";
        string colours = $"<i class=\"{(value.Opens ? "gate" : "signed")}\"></i>";
        string scale = $"{Figures.Decimals(low, "0.###")}{colours}{Figures.Decimals(high, "0.###")}";
        CultureInfo culture = CultureInfo.InvariantCulture;
        string name = SvgWriter.Escape(value.Name);
        var text = new StringBuilder("<figure class=\"heat\"");
        text.Append(culture, $" data-name=\"{name}\">\n<figcaption><b>{name}</b> ")
            .Append(culture, $"{size}; {range} <span class=\"scale\" aria-hidden=\"true\">{scale}</span></figcaption>\n")
            .Append(HeatMap.Image(rows, value.Steps, low, high, description)).Append('\n');
        AppendSteps(text, value.Steps);
        text.Append("<output></output>\n");
        AppendTable(text, value);
        return text.Append("</figure>\n").ToString();
    }

    private static void AppendSteps(StringBuilder text, int steps)
    {
        text.Append("<div class=\"steps\" aria-hidden=\"true\">");
        foreach (ChartTick tick in NumberTicks.Between(1, Math.Max(1, steps), MostTicks).Where(tick => tick.Value % 1 == 0))
        {
            string last = tick.Value > 0.97 * steps && steps > 1 ? " class=\"last\"" : string.Empty;
            double place = last.Length > 0 ? 100 : 100 * (tick.Value - 0.5) / steps;
            text.Append(CultureInfo.InvariantCulture, $"<span{last} style=\"left:{place:0.##}%\">{tick.Label}</span>");
        }

        text.Append("</div>\n");
    }

    /// <summary>The values as a table: of few units each one, of many the least, mean and greatest at each step.</summary>
    private static void AppendTable(StringBuilder text, Traced value)
    {
        bool all = value.Units <= MostColumns;
        string[] headings = all
            ? [.. Enumerable.Range(1, value.Units).Select(unit => FormattableString.Invariant($"unit {unit}"))]
            : ["least", "mean", "greatest"];
        text.Append(CultureInfo.InvariantCulture, $"<details><summary>Table ({Figures.Count(value.Steps, "row")})</summary>\n")
            .Append("<div class=\"scroll\" tabindex=\"0\">\n<table class=\"data\">\n<thead><tr><th scope=\"col\">step</th>")
            .AppendJoin(string.Empty, headings.Select(heading => $"<th scope=\"col\">{heading}</th>"))
            .Append("</tr></thead>\n<tbody>\n");
        for (int t = 0; t < value.Steps; t++)
        {
            double[] column = [.. Enumerable.Range(0, value.Units).Select(unit => value[t, unit])];
            double[] cells = all ? column : [column.Min(), column.Average(), column.Max()];
            text.Append(CultureInfo.InvariantCulture, $"<tr><td>{t + 1}")
                .AppendJoin(string.Empty, cells.Select(cell => $"<td>{Figures.Digits(cell, Digits)}")).Append('\n');
        }

        text.Append("</tbody>\n</table>\n</div>\n</details>\n");
    }

    /// <summary>What one gate or state did on one sample.</summary>
    private sealed class Traced
    {
        private readonly NDArray values;
        private readonly int sample;

        internal Traced(string name, NDArray values, int sample, bool isGate)
        {
            Name = name;
            this.values = values;
            this.sample = sample;
            double[] rows = Rows();

            // Gates are compared on 0 … 1, squashed states on −1 … 1, others on their own scale.
            Opens = isGate && rows.Min() >= 0 && rows.Max() <= 1;
        }

        internal string Name { get; }

        internal bool Opens { get; }

        internal int Steps => values.Shape[1];

        internal int Units => values.Shape[2];

        internal double this[int step, int unit] => values[sample, step, unit];

        internal double Mean(int step) =>
            step < Steps ? Enumerable.Range(0, Units).Average(unit => this[step, unit]) : double.NaN;

        /// <summary>The values, unit by unit.</summary>
        internal double[] Rows() => [.. from unit in Enumerable.Range(0, Units)
            from step in Enumerable.Range(0, Steps) select this[step, unit]];
    }
}
