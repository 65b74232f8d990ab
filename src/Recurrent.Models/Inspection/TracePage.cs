using System.Globalization;
using System.Text;
using Recurrent.Drawing;

namespace Recurrent.Inspection;

/// <summary>
/// Writes the page of a trace: a heat map for each gate and state and for the output, units down, steps across, with each value
/// where the pointer is.
/// </summary>
internal static class TracePage
{
    private const int MostTicks = 6;

    // Reads a value back from the pixel under the pointer: the bitmap's palette has one entry for each of 256 values.
    private const string Script = """
        for (const map of document.querySelectorAll(".map")) {
          const out = map.closest("figure").querySelector("output"), h = map.getAttribute("height") * 1;
          const columns = map.getAttribute("width") * 1, low = map.dataset.low * 1, high = map.dataset.high * 1;
          const decimals = Math.max(0, 2 - Math.floor(Math.log10(high - low)));
          let file = null;
          const show = event => {
            file ??= atob(map.src.split(",")[1]);
            const box = map.getBoundingClientRect();
            const step = Math.min(columns - 1, Math.max(0, Math.floor((event.clientX - box.left) / box.width * columns)));
            const unit = Math.min(h - 1, Math.max(0, Math.floor((event.clientY - box.top) / box.height * h)));
            const at = file.charCodeAt(1078 + (h - 1 - unit) * Math.ceil(columns / 4) * 4 + step);
            const text = (low + at / 255 * (high - low)).toFixed(decimals);
            out.value = `unit ${unit + 1}, step ${step + 1}: ${text * 1 === 0 ? text.replace("-", "") : text.replace("-", "−")}`;
          };
          map.addEventListener("pointermove", show);
          map.addEventListener("pointerdown", show);
        }

        """;

    internal static string Write(ModelTrace trace, int sample)
    {
        int samples = trace.Layers.Count > 0 ? trace.Layers[0].States[0].Values.Shape[0] : 1;
        ArgumentOutOfRangeException.ThrowIfNegative(sample);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sample, samples);
        string title = string.Create(CultureInfo.InvariantCulture, $"Inside {trace.Model}, sample {sample}");
        var page = new StringBuilder();
        PageParts.Begin(
            page,
            title,
            "Units down, steps across in the order of reading. Gates are blank where closed (0), red where open (1); "
            + "other values "
            + "blue where negative, blank where zero, red where positive. Point at a value to read it.");
        foreach (LayerTrace layer in trace.Layers)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<h2>{SvgWriter.Escape(layer.Layer)} <small>{SvgWriter.Escape(layer.Cell)}</small></h2>\n");
            foreach (TracedValue gate in layer.Gates)
            {
                // A candidate, and what a Jordan network hides, are values that gates let through.
                bool value = gate.Name.StartsWith("candidate", StringComparison.Ordinal)
                    || gate.Name.StartsWith("hidden", StringComparison.Ordinal);
                Append(page, layer, gate, sample, isGate: !value);
            }

            foreach (TracedValue value in (TracedValue[])[.. layer.States, new("layer output", layer.Output)])
            {
                Append(page, layer, value, sample, isGate: false);
            }
        }

        page.Append(CultureInfo.InvariantCulture, $"<script>\n{Script}</script>\n");
        return PageParts.End(page);
    }

    private static void Append(StringBuilder page, LayerTrace layer, TracedValue value, int sample, bool isGate)
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

        // Gates are compared on 0 … 1, squashed states on −1 … 1, others on their own scale.
        double least = rows.Min();
        double most = rows.Max();
        bool opens = isGate && least >= 0 && most <= 1;
        double high = opens ? 1 : Math.Max(1, Math.Max(-least, most));
        double low = opens ? 0 : -high;
        string size = $"{Figures.Count(units, "unit")}, {Figures.Count(steps, "step")}";
        string range = $"from {Figures.Decimals(least, "0.###")} to {Figures.Decimals(most, "0.###")}";
        string description = $"{value.Name} of {layer.Layer}: {size}; {range}, mean {Figures.Decimals(rows.Average(), "0.###")}";
        page.Append("<figure>\n").Append(HeatMap.Image(rows, steps, low, high, description)).Append('\n');
        AppendSteps(page, steps);
        string colours = $"<i class=\"{(opens ? "gate" : "signed")}\"></i>";
        string scale = $"{Figures.Decimals(low, "0.###")}{colours}{Figures.Decimals(high, "0.###")}";
        CultureInfo culture = CultureInfo.InvariantCulture;
        page.Append(culture, $"<figcaption><b>{SvgWriter.Escape(value.Name)}</b> {size}; {range} ")
            .Append(culture, $"<span class=\"scale\" aria-hidden=\"true\">{scale}</span></figcaption>\n")
            .Append("<output></output>\n</figure>\n");
    }

    private static void AppendSteps(StringBuilder page, int steps)
    {
        page.Append("<div class=\"steps\" aria-hidden=\"true\">");
        foreach (ChartTick tick in NumberTicks.Between(1, Math.Max(1, steps), MostTicks).Where(tick => tick.Value % 1 == 0))
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<span style=\"left:{100 * (tick.Value - 0.5) / steps:0.##}%\">{tick.Label}</span>");
        }

        page.Append("</div>\n");
    }
}
