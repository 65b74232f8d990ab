using Recurrent.Drawing;

namespace Recurrent.Inspection;

/// <summary>Draws the norms over the steps, one curve a layer, on a scale of powers of ten.</summary>
internal static class GradientFlowPage
{
    private const int Digits = 4;

    internal static string Write(GradientFlow flow)
    {
        var page = new Page(
            $"Gradient flow through {flow.Model}",
            "The norm of ∂L/∂h at each step, in the order of reading: the gradient travels from right to left.");
        page.Chart(Chart(flow));
        page.Heading("In words").Table(new PageTable(["Layer", "first step", "last step", "first / last"],
        [
            .. flow.Layers.Select(layer => new PageRow(layer.Layer,
                [Figures.Digits(layer.Norms[0], 3), Figures.Digits(layer.Norms[^1], 3), Share(layer.FirstOverLast)])),
        ]));
        return page.Paragraph("Far below 1, gradients vanish on their way back and nothing is learned from early steps; far "
            + "above 1, they explode.", "key").ToString();
    }

    /// <summary>The chart alone.</summary>
    internal static ChartFigure Chart(GradientFlow flow)
    {
        int steps = flow.Layers.Select(layer => layer.Norms.Count).DefaultIfEmpty(1).Max();
        ChartColumn[] columns = [.. flow.Layers.Select(layer => new ChartColumn(layer.Layer, ChartRole.Line,
            [.. layer.Norms, .. Enumerable.Repeat(double.NaN, steps - layer.Norms.Count)], Digits))];
        return new("Norm of the gradient", Describe(flow), ChartAxis.Step, "step", ChartFigure.Numbers(1, steps), columns)
        {
            // A norm of zero has no place on a scale of powers of ten: the curve begins where the gradient still arrives.
            Logarithmic = flow.Layers.Any(layer => layer.Norms.Any(norm => norm > 0)),
            Note = "on a scale of powers of ten",
            Tools = steps > 40,
        };
    }

    private static string Share(double share) => double.IsFinite(share) ? Figures.Digits(share, 3) : "–";

    /// <summary>The curves in words, for those who cannot see them.</summary>
    private static string Describe(GradientFlow flow) =>
        "Norm of the gradient at each step. " + string.Join("; ", flow.Layers.Select(layer =>
        $"{layer.Layer}: {Figures.Digits(layer.Norms[0], 3)} at the first of {Figures.Count(layer.Norms.Count, "step")}, "
        + $"{Figures.Digits(layer.Norms[^1], 3)} at the last"));
}
