using Recurrent.Drawing;

namespace Recurrent.Interpretability;

/// <summary>Writes the page of contributions: for each input a heat map, features down and steps across, and their
/// sums.</summary>
internal static class AttributionPage
{
    private const int Digits = 4;

    internal static string Write(Attribution attribution, int sample)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sample);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sample, attribution.Output.Count);
        string method = attribution.Method;
        var page = new Page(FormattableString.Invariant($"What {attribution.Model} goes by, sample {sample}"),
            $"Contributions by {method}: red speaks for the output, blue against it.");
        page.Note([$"The output is {Figures.Digits(attribution.Output[sample], Digits)}, and "
            + $"{Figures.Digits(attribution.BaselineOutput[sample], Digits)} for the baseline. The contributions add up to the "
            + $"difference but for {Figures.Digits(attribution.Gaps[sample], 2)}."]);
        foreach (InputAttribution input in attribution.Inputs)
        {
            NDArray values = input.Samples[sample];
            bool isVector = values.Rank == 1;

            // Without an axis of features a sample is a row: of steps, where it is ids.
            int steps = isVector ? values.Size : values.Shape[0];
            int features = values.Size / Math.Max(1, steps);
            double[] rows = [.. from feature in Enumerable.Range(0, features)
                from step in Enumerable.Range(0, steps) select (double)values.Values[(step * features) + feature]];
            double most = Math.Max(rows.Select(Math.Abs).DefaultIfEmpty(0).Max(), 1e-30);
            page.Heading(input.Name);
            page.Map(new HeatFigure("contributions", input.Name, "feature", rows, steps) { Low = -most, High = most }.ToHtml());
            if (steps > 1 && !isVector)
            {
                page.Chart(Sums(input.Name, rows, steps));
            }
        }

        return page.ToString();
    }

    private static ChartFigure Sums(string name, double[] rows, int steps)
    {
        double[] sums = [.. Enumerable.Range(0, steps).Select(step =>
            Enumerable.Range(0, rows.Length / steps).Sum(feature => rows[(feature * steps) + step]))];
        return new ChartFigure("Contribution of each step", $"Contribution of each step of {name}, from "
            + $"{Figures.Digits(sums.Min(), 3)} to {Figures.Digits(sums.Max(), 3)}.", ChartAxis.Step, "step",
            ChartFigure.Numbers(1, steps), [new("contribution", ChartRole.Bars, sums, Digits)])
        {
            Height = 220,
            Tools = steps > 40,
        };
    }
}
