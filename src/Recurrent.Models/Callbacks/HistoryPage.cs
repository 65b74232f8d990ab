using Recurrent.Drawing;

namespace Recurrent.Callbacks;

/// <summary>Draws a history: a chart for each figure, with that of the validation data beside it.</summary>
internal static class HistoryPage
{
    private const int Digits = 5;

    internal static string Write(History history)
    {
        var page = new Page("Training", Subtitle(history));
        page.Note(history.Warnings, "bad");
        string[] x = ChartFigure.Numbers(history.InitialEpoch + 1, history.Epochs);
        foreach (string name in history.Metrics.Keys)
        {
            bool validates = name.StartsWith(TrainingRun.ValidationPrefix, StringComparison.Ordinal)
                && history.Metrics.ContainsKey(name[TrainingRun.ValidationPrefix.Length..]);
            if (!validates && history[name].Any(double.IsFinite))
            {
                page.Chart(Chart(history, name, x));
            }
        }

        if (history.Epochs > 0)
        {
            page.Heading("In figures").Table(new PageTable(["", "first epoch", "last epoch", "best", "in epoch"],
                [.. history.Metrics.Where(metric => metric.Value.Any(double.IsFinite)).Select(metric => Row(history, metric))]));
        }

        return page.ToString();
    }

    private static string Subtitle(History history) =>
        $"{Figures.Count(history.Epochs, "epoch")}" + (history.StopReason is { } reason ? $"; stopped: {reason}" : string.Empty);

    private static ChartFigure Chart(History history, string name, string[] x)
    {
        string validation = TrainingRun.ValidationPrefix + name;
        bool validated = history.Metrics.TryGetValue(validation, out IReadOnlyList<double>? values)
            && values.Any(double.IsFinite);
        ChartColumn[] columns =
        [
            new(name, ChartRole.Line, history[name], Digits),
            .. validated ? [new ChartColumn(validation, ChartRole.Line, values!, Digits)] : Array.Empty<ChartColumn>(),
        ];
        double[] all = [.. columns.SelectMany(column => column.Values).Where(double.IsFinite)];
        return new(name, Describe(columns), ChartAxis.Step, "epoch", x, columns)
        {
            // What falls by powers of ten is seen on a scale of powers of ten.
            Logarithmic = all.Min() > 0 && all.Max() > 30 * all.Min(),
            Tools = history.Epochs > 40,
            Height = 300,
        };
    }

    private static string Describe(ChartColumn[] columns) => string.Join("; ", columns.Select(column =>
    {
        double[] values = [.. column.Values.Where(double.IsFinite)];
        return $"{column.Name} goes from {Figures.Digits(values[0], 4)} to {Figures.Digits(values[^1], 4)}";
    }));

    private static PageRow Row(History history, KeyValuePair<string, IReadOnlyList<double>> metric)
    {
        int best = history.BestIndex(metric.Key);
        double[] values = [.. metric.Value.Where(double.IsFinite)];
        return new(metric.Key,
        [
            Figures.Digits(values[0], Digits), Figures.Digits(values[^1], Digits),
            best < 0 ? "–" : Figures.Digits(metric.Value[best], Digits),
            best < 0 ? "–" : FormattableString.Invariant($"{history.InitialEpoch + best + 1}"),
        ]);
    }
}
