using System.Globalization;
using Recurrent.Drawing;

namespace Recurrent.Inspection;

/// <summary>
/// Writes the page of a trace. For each layer, its gates and its states over the steps as curves, means over the units; then a
/// heat map for each gate and state and for the output, units down, steps across, with each value where the pointer is.
/// </summary>
internal static class TracePage
{
    private const int Digits = 4;

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
        double high = value.Opens ? 1 : Math.Max(1, Math.Max(-rows.Min(), rows.Max()));
        return new HeatFigure(value.Name, layer.Layer, "unit", rows, value.Steps) { Low = value.Opens ? 0 : -high, High = high }
            .ToHtml();
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
