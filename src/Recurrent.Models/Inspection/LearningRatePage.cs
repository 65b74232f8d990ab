using System.Globalization;
using Recurrent.Drawing;

namespace Recurrent.Inspection;

/// <summary>Draws the loss over the logarithm of the learning rate.</summary>
internal static class LearningRatePage
{
    private const int Digits = 4;

    internal static string Write(LearningRateCurve curve)
    {
        var page = new Page(
            $"Learning rates of {curve.Model}",
            $"The loss while the rate of {curve.Optimizer} rises from batch to batch.");
        page.Note([curve.ToString()], curve.Suggestion is null ? "bad" : "good");
        if (curve.Rates.Count > 0)
        {
            page.Chart(Chart(curve));
        }

        return page.Paragraph("To the left the rate is too small for the loss to move; where it falls steeply, training learns "
            + "fastest; where it turns up, steps are too long. A rate at the steep part, or a tenth of that of the lowest loss, "
            + "is a good one to begin with.", "key").ToString();
    }

    private static ChartFigure Chart(LearningRateCurve curve)
    {
        bool positive = curve.SmoothedLosses.All(loss => loss > 0) && curve.Losses.All(loss => loss > 0);
        ChartColumn[] columns =
        [
            new("mean loss", ChartRole.Line, curve.SmoothedLosses, Digits),
            new("loss of the batch", ChartRole.Limit, curve.Losses, Digits),
            new("suggestion", ChartRole.Dots, Only(curve, curve.Suggestion), Digits),
            new("learning rate", ChartRole.Told, curve.Rates, Digits),
        ];
        string suggestion = curve.Suggestion is double rate ? $"; it falls fastest at {Figures.Digits(rate, 2)}" : string.Empty;
        string[] powers = [.. curve.Rates.Select(each => Math.Log10(each).ToString("0.###", CultureInfo.InvariantCulture))];
        return new("Loss", $"Loss at {Figures.Count(curve.Rates.Count, "learning rate")}, rising{suggestion}", ChartAxis.Number,
            "log10 of the rate", powers, columns)
        {
            Logarithmic = positive,
            Note = "over the power of ten of the learning rate: −3 is 0.001",
            Tools = curve.Rates.Count > 200,
        };
    }

    private static double[] Only(LearningRateCurve curve, double? rate) =>
        [.. curve.Rates.Select((each, i) => each == rate ? curve.SmoothedLosses[i] : double.NaN)];
}
