using Recurrent.Drawing;

namespace Recurrent.Forecasting;

/// <summary>Scores as a table of a page.</summary>
internal static class ScoreTable
{
    /// <summary>What the table's numbers mean.</summary>
    internal const string Key = "Smaller is better; the best of each column is bold. A MASE of 1 is the mean error of repeating "
        + "the season before, one season ahead, over the training part.";

    /// <summary>A row for each score, with a bar for its MASE.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="forecasts">Names of the rows that the page is about.</param>
    internal static PageTable Of(IReadOnlyList<ForecastScore> scores, IReadOnlyList<string> forecasts)
    {
        var best = new ForecastScore("best", scores.Min(s => s.Rmse), scores.Min(s => s.Smape), scores.Min(s => s.Mase));
        double worst = scores.Select(s => s.Mase).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        return new(["Method", "RMSE", "sMAPE", "MASE"],
        [
            .. scores.Select(score => new PageRow(score.Name, [Figures.Digits(score.Rmse, 4),
                $"{Figures.Decimals(score.Smape, "0.00")} %", Figures.Decimals(score.Mase, "0.000")])
            {
                Best = [score.Rmse == best.Rmse, score.Smape == best.Smape, score.Mase == best.Mase],
                Marked = forecasts.Contains(score.Name),
                Bar = worst > 0 ? score.Mase / worst : 0,
            }),
        ]);
    }
}
