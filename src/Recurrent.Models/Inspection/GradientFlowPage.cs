using System.Globalization;
using System.Text;
using Recurrent.Drawing;

namespace Recurrent.Inspection;

/// <summary>Draws the norms over the steps, one curve a layer, on a scale of powers of ten.</summary>
internal static class GradientFlowPage
{
    private const double Width = 960;
    private const double Height = 420;
    private const double Left = 70;
    private const double Right = 20;
    private const double Top = 16;
    private const double Bottom = 40;
    private const int MostDecades = 24;

    internal static string Write(GradientFlow flow)
    {
        var page = new StringBuilder();
        PageParts.Begin(
            page,
            $"Gradient flow through {flow.Model}",
            "The norm of ∂L/∂h at each step, in the order of reading: the gradient travels from right to left.");
        page.Append("<figure>\n").Append(Draw(flow)).Append("</figure>\n");
        foreach (LayerGradientFlow layer in flow.Layers)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"<p><b>{SvgWriter.Escape(layer.Layer)}</b>: {layer.Norms[0]:G3} at the first step, {layer.Norms[^1]:G3} at the last</p>\n");
        }

        return PageParts.End(page);
    }

    private static string Draw(GradientFlow flow)
    {
        int steps = flow.Layers.Select(layer => layer.Norms.Count).DefaultIfEmpty(1).Max();
        double[] logarithms = [.. flow.Layers.SelectMany(layer => layer.Norms).Where(norm => norm > 0).Select(Math.Log10)];
        double high = logarithms.Length > 0 ? Math.Ceiling(logarithms.Max()) : 0;
        double low = logarithms.Length > 0 ? Math.Max(high - MostDecades, Math.Floor(logarithms.Min())) : -1;
        low = Math.Min(low, high - 1);
        var svg = new SvgWriter(Width, Height, "Norm of the gradient at each step, for each recurrent layer");
        double decades = NumberTicks.Step((high - low) / 8);
        for (double power = Math.Ceiling(low / Math.Max(1, decades)) * Math.Max(1, decades); power <= high; power += Math.Max(1, decades))
        {
            svg.Line("grid", Left, Y(power), Width - Right, Y(power));
            svg.Text("tick y", Left - 8, Y(power) + 4, string.Create(CultureInfo.InvariantCulture, $"1e{power:0}"));
        }

        foreach (ChartTick tick in NumberTicks.Between(1, Math.Max(2, steps), 10))
        {
            svg.Text("tick x", X(tick.Value), Height - Bottom + 18, tick.Label);
        }

        for (int i = 0; i < flow.Layers.Count; i++)
        {
            string colour = FormattableString.Invariant($"c{i % 5}");
            IReadOnlyList<double> norms = flow.Layers[i].Norms;

            // A norm of zero has no place on this scale: the curve begins where the gradient still arrives.
            svg.Path($"line {colour}", norms.Select((norm, t) => (Norm: norm, T: t)).Where(p => p.Norm > 0 && Math.Log10(p.Norm) >= low)
                .Select(p => (X(p.T + 1), Y(Math.Log10(p.Norm)))).DefaultIfEmpty((X(1), Y(low))));
            double y = Top + 18 + (18 * i);
            svg.Line($"line {colour}", Left + 12, y - 4, Left + 36, y - 4);
            svg.Text("label", Left + 44, y, flow.Layers[i].Layer);
        }

        return svg.ToString();

        double X(double step) => Left + ((step - 1) / Math.Max(1, steps - 1) * (Width - Left - Right));

        double Y(double power) => Top + ((high - power) / (high - low) * (Height - Top - Bottom));
    }
}
