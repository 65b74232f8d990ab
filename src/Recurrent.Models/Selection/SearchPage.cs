using Recurrent.Drawing;

namespace Recurrent.Selection;

/// <summary>Writes the page of a search.</summary>
internal static class SearchPage
{
    private const int Digits = 5;
    private const int MostRows = 1000;

    internal static string Write(SearchResult result)
    {
        int failed = result.Trials.Count(trial => trial.Failed);
        var page = new Page($"Search by {result.Method}", Figures.Count(result.Trials.Count, "trial")
            + (failed > 0 ? $", of which {failed} failed" : string.Empty) + $"; the {Word(result)} value is best.");
        page.Note(
            [$"Best: {result.Best.Candidate} with {Figures.Digits(result.Best.Value, Digits)} in trial {result.Best.Number}.",
                result.StopReason is null ? string.Empty : $"The search ended early: {result.StopReason}."], "good");
        TrialResult[] able = [.. result.Trials.Where(trial => !trial.Failed)];
        page.Chart(Course(result));
        foreach (SearchParameter parameter in result.Space.Parameters.Where(parameter =>
            parameter.Kind != SearchParameterKind.Choice))
        {
            if (Scatter(parameter, able) is { } chart)
            {
                page.Chart(chart);
            }
        }

        foreach (SearchParameter parameter in result.Space.Parameters.Where(parameter =>
            parameter.Kind == SearchParameterKind.Choice))
        {
            page.Heading(parameter.Name).Table(Options(parameter, able, result.Maximize));
        }

        page.Heading("All trials", result.Trials.Count > MostRows ? $"the best {MostRows}" : string.Empty);
        string[] figures = result.Figures();
        bool budgets = result.Trials.Any(trial => trial.Budget is not null);
        return page.Table(new(
            ["Trial", .. result.Space.Parameters.Select(parameter => parameter.Name), .. budgets ? ["budget"]
                : Array.Empty<string>(),
                "value", .. figures, "seconds", "problem"],
            [
                .. result.Ranking.Take(MostRows).Select(trial => new PageRow(Figures.Decimals(trial.Number, "0"),
                    [
                        .. result.Cells(trial),
                        .. budgets ? [Figures.Decimals(trial.Budget ?? 0, "0")] : Array.Empty<string>(),
                        trial.Failed ? "–" : Figures.Digits(trial.Value, Digits),
                        .. figures.Select(name => trial.Figures.TryGetValue(name, out double figure)
                            ? Figures.Digits(figure, Digits) : "–"),
                        Figures.Decimals(trial.Seconds, "0.00"),
                        trial.Problem ?? string.Empty,
                    ])
                { Marked = trial == result.Best }),
            ])).ToString();
    }

    private static string Word(SearchResult result) => result.Maximize ? "greatest" : "least";

    private static ChartFigure Course(SearchResult result)
    {
        double best = double.NaN;
        double[] values = [.. result.Trials.Select(trial => trial.Value)];
        double[] course = [.. values.Select(value => best =
            double.IsNaN(best) || (result.Maximize ? value > best : value < best) ? value : best)];
        return new ChartFigure("Values of the trials",
            $"Values of {Figures.Count(values.Length, "trial")}; the best so far ends at "
            + $"{Figures.Digits(best, Digits)}.", ChartAxis.Step, "trial", ChartFigure.Numbers(0, values.Length),
            [new("value", ChartRole.Dots, values, Digits), new("best so far", ChartRole.Line, course, Digits)])
        {
            Tools = values.Length > 40,
        };
    }

    private static ChartFigure? Scatter(SearchParameter parameter, TrialResult[] able)
    {
        (double X, double Y)[] points = [.. able.Where(trial => trial.Candidate.Has(parameter.Name))
            .Select(trial => (trial.Candidate.Real(parameter.Name), trial.Value)).OrderBy(point => point.Item1)];
        if (points.Length < 2 || points[0].X == points[^1].X)
        {
            return null;
        }

        // On a log scale the axis tells powers of ten.
        string name = parameter.IsLog ? $"log₁₀ {parameter.Name}" : parameter.Name;
        return new ChartFigure($"Values by {parameter.Name}", $"Values of {Figures.Count(points.Length, "trial")} by "
            + $"{parameter.Name}, from {Figures.Digits(points[0].X, 3)} to {Figures.Digits(points[^1].X, 3)}.",
                ChartAxis.Number, name,
            [.. points.Select(point => Figures.Decimals(parameter.IsLog ? Math.Log10(point.X) : point.X, "R").Replace('−', '-'))],
            [new("value", ChartRole.Dots, [.. points.Select(point => point.Y)], Digits)])
        {
            Height = 240,
        };
    }

    private static PageTable Options(SearchParameter parameter, TrialResult[] able, bool maximize)
    {
        (string Label, double[] Values)[] groups = [.. parameter.Labels.Select(label => (label, able.Where(trial =>
            trial.Candidate.Has(parameter.Name) && trial.Candidate.Choice(parameter.Name) == label)
            .Select(trial => trial.Value).ToArray()))];
        return new(["Option", "trials", "best", "mean"],
        [
            .. groups.Select(group => new PageRow(group.Label, group.Values.Length == 0 ? ["0", "–", "–"]
                : [Figures.Decimals(group.Values.Length, "0"),
                    Figures.Digits(maximize ? group.Values.Max() : group.Values.Min(), Digits),
                    Figures.Digits(group.Values.Average(), Digits)])),
        ]);
    }
}
