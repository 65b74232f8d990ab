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

    /// <summary>A row for each method of a backtest.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="marked">The method that the page is about.</param>
    internal static PageTable Of(IReadOnlyList<BacktestScore> scores, string marked)
    {
        (string Heading, Func<BacktestScore, double> Of, Func<double, string> Text, bool IsError)[] columns =
        [
            ("MASE", score => score.Mase, value => Figures.Decimals(value, "0.000"), true),
            ("sMAPE", score => score.Smape, value => $"{Figures.Decimals(value, "0.00")} %", true),
            ("RMSE", score => score.Rmse, value => Figures.Digits(value, 4), true),
            ("CRPS", score => score.Crps, value => Figures.Digits(value, 4), true),
            ("MSIS", score => score.Msis, value => Figures.Decimals(value, "0.00"), true),
            ("in 80 %", score => 100 * score.Coverage80, value => $"{Figures.Decimals(value, "0")} %", false),
            ("in 95 %", score => 100 * score.Coverage95, value => $"{Figures.Decimals(value, "0")} %", false),
        ];
        double[] best = [.. columns.Select(column =>
            scores.Select(column.Of).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Min())];
        double worst = scores.Select(score => score.Mase).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        return new(["Method", .. columns.Select(column => column.Heading)],
        [
            .. scores.Select(score => new PageRow(score.Method,
                [.. columns.Select(column => double.IsFinite(column.Of(score)) ? column.Text(column.Of(score)) : "–")])
            {
                Best = [.. columns.Select((column, i) => column.IsError && column.Of(score) == best[i])],
                Marked = score.Method == marked,
                Bar = worst > 0 && double.IsFinite(score.Mase) ? score.Mase / worst : 0,
            }),
        ]);
    }
}
