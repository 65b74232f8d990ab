using System.Globalization;
using System.Text;
using Recurrent.Drawing;

namespace Recurrent.Inspection;

/// <summary>Writes the page of a trace: a heat map for each gate and state and for the output, units down, steps across.</summary>
internal static class TracePage
{
    internal static string Write(ModelTrace trace, int sample)
    {
        int samples = trace.Layers.Count > 0 ? trace.Layers[0].States[0].Values.Shape[0] : 1;
        ArgumentOutOfRangeException.ThrowIfNegative(sample);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sample, samples);
        string title = string.Create(CultureInfo.InvariantCulture, $"Inside {trace.Model}, sample {sample}");
        var page = new StringBuilder();
        PageParts.Begin(page, title, "Units down, steps across in the order of reading; blue is negative, white zero, red positive.");
        foreach (LayerTrace layer in trace.Layers)
        {
            page.Append(CultureInfo.InvariantCulture, $"<h2>{SvgWriter.Escape(layer.Layer)} <small>{SvgWriter.Escape(layer.Cell)}</small></h2>\n");
            foreach (TracedValue value in (TracedValue[])[.. layer.Gates, .. layer.States, new("layer output", layer.Output)])
            {
                Append(page, value, sample);
            }
        }

        return PageParts.End(page);
    }

    private static void Append(StringBuilder page, TracedValue value, int sample)
    {
        int steps = value.Values.Shape[1];
        int units = value.Values.Shape[2];
        var rows = new double[units * steps];
        for (int t = 0; t < steps; t++)
        {
            for (int unit = 0; unit < units; unit++)
            {
                rows[(unit * steps) + t] = value.Values[sample, t, unit];
            }
        }

        // Gates and squashed states are compared on one scale; others on their own.
        double largest = rows.Max(Math.Abs);
        double limit = largest <= 1 ? 1 : largest;
        page.Append("<figure>\n").Append(HeatMap.Image(rows, steps, limit)).Append('\n').Append(
            CultureInfo.InvariantCulture,
            $"<figcaption><b>{SvgWriter.Escape(value.Name)}</b> {units} units, {steps} steps; from {rows.Min():0.###} to {rows.Max():0.###}, full colour at ±{limit:0.###}</figcaption>\n</figure>\n");
    }
}
