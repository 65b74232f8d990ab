using Recurrent.Drawing;

namespace Recurrent.Interpretability;

/// <summary>Writes the page of importances by permutation.</summary>
internal static class ImportancePage
{
    private const int Digits = 4;

    internal static string Write(PermutationImportance importance)
    {
        var page = new Page($"What {importance.Model} rests on",
            $"By how much {importance.Figure} gets worse where values are those of other samples; as they are it is "
            + $"{Figures.Digits(importance.Score, Digits)}.");
        foreach (PermutedInput input in importance.Inputs)
        {
            double most = Math.Max(input.ByFeature.Max(), 1e-30);
            page.Heading(input.Name).Table(new(["Feature", "gets worse by"],
            [
                .. input.ByFeature.Select((value, i) => new PageRow(FormattableString.Invariant($"feature {i + 1}"),
                    [Figures.Digits(value, Digits)]) { Bar = Math.Max(0, value / most) }),
            ]));
            int steps = input.ByStep.Count;
            if (steps > 0)
            {
                page.Chart(new ChartFigure("Importance of each step",
                    $"By how much {importance.Figure} gets worse where a step of "
                    + $"{input.Name} is exchanged, at most {Figures.Digits(input.ByStep.Max(), 3)}.", ChartAxis.Step, "step",
                    ChartFigure.Numbers(1, steps), [new("gets worse by", ChartRole.Bars, input.ByStep,
                        Digits)])
                { Height = 220 });
            }

            if (input.Map is { } map)
            {
                int features = map.Shape[1];
                double[] rows = [.. from feature in Enumerable.Range(0, features)
                    from step in Enumerable.Range(0, steps) select (double)map[step, feature]];
                double high = Math.Max(rows.Max(Math.Abs), 1e-30);
                page.Map(new HeatFigure("importance", input.Name, "feature", rows, steps) { Low = -high, High = high }.ToHtml());
            }
        }

        return page.ToString();
    }
}
