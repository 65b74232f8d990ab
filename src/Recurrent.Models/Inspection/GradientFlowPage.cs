using System.Globalization;
using System.Text;
using Recurrent.Drawing;

namespace Recurrent.Inspection;

/// <summary>Draws the norms over the steps, one curve a layer, on a scale of powers of ten.</summary>
internal static class GradientFlowPage
{
    private const double Width = 480;
    private const double Height = 280;
    private const double Left = 60;
    private const double Right = 12;
    private const double Top = 12;
    private const double Bottom = 26;

    // Up to here each value answers to the pointer; beyond, points would run into each other.
    private const int MostPoints = 240;
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
                $"<p><b>{SvgWriter.Escape(layer.Layer)}</b>: {Figures.Digits(layer.Norms[0], 3)} at the first step, "
                + $"{Figures.Digits(layer.Norms[^1], 3)} at the last</p>\n");
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
        var svg = new SvgWriter(Width, Height, Describe(flow));
        double decades = NumberTicks.Step((high - low) / 8);
        for (double power = Math.Ceiling(low / Math.Max(1, decades)) * Math.Max(1, decades); power <= high;
            power += Math.Max(1, decades))
        {
            svg.Line("grid", Left, Y(power), Width - Right, Y(power));
            svg.Text("tick y", Left - 5, Y(power) + 4, $"1e{Figures.Decimals(power, "0")}");
        }

        foreach (ChartTick tick in NumberTicks.Between(1, Math.Max(2, steps), 8).Where(tick => tick.Value % 1 == 0))
        {
            svg.Text("tick x", X(tick.Value), Height - Bottom + 15, tick.Label);
        }

        for (int i = 0; i < flow.Layers.Count; i++)
        {
            string colour = FormattableString.Invariant($"c{i % 5}");
            IReadOnlyList<double> norms = flow.Layers[i].Norms;

            // A norm of zero has no place on this scale: the curve begins where the gradient still arrives.
            svg.Path($"line {colour}", norms.Select((norm, t) => (Norm: norm, T: t))
                .Where(p => p.Norm > 0 && Math.Log10(p.Norm) >= low)
                .Select(p => (X(p.T + 1), Y(Math.Log10(p.Norm)))).DefaultIfEmpty((X(1), Y(low))));
            for (int t = 0; t < norms.Count && norms.Count <= MostPoints; t++)
            {
                double height = norms[t] > 0 ? Math.Max(low, Math.Log10(norms[t])) : low;
                svg.Point("point", X(t + 1), Y(height), 4,
                    FormattableString.Invariant($"{flow.Layers[i].Layer}, step {t + 1}: {Figures.Digits(norms[t], 3)}"));
            }

            double y = Top + 12 + (16 * i);
            svg.Line($"line {colour}", Left + 8, y - 4, Left + 24, y - 4);
            svg.Text("label", Left + 30, y, flow.Layers[i].Layer);
        }

        return svg.ToString();

        double X(double step) => Left + ((step - 1) / Math.Max(1, steps - 1) * (Width - Left - Right));

        double Y(double power) => Top + ((high - power) / (high - low) * (Height - Top - Bottom));
    }

    /// <summary>The curves in words, for those who cannot see them.</summary>
    private static string Describe(GradientFlow flow) =>
        "Norm of the gradient at each step. " + string.Join("; ", flow.Layers.Select(layer =>
        $"{layer.Layer}: {Figures.Digits(layer.Norms[0], 3)} at the first of {Figures.Count(layer.Norms.Count, "step")}, "
        + $"{Figures.Digits(layer.Norms[^1], 3)} at the last"));
}
