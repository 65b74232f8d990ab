using System.Collections.Frozen;
using Recurrent.Metrics;
using Recurrent.Models;

namespace Recurrent.Callbacks;

/// <summary>Which way figures improve.</summary>
internal static class MetricDirection
{
    // Keras's metrics by class name; every other one of its metrics counts errors.
    private static readonly FrozenSet<string> Upwards = FrozenSet.Create(
        StringComparer.Ordinal,
        "Accuracy", "BinaryAccuracy", "CategoricalAccuracy", "SparseCategoricalAccuracy", "TopKCategoricalAccuracy",
        "SparseTopKCategoricalAccuracy", "AUC", "Precision", "Recall", "TruePositives", "TrueNegatives", "PrecisionAtRecall",
        "RecallAtPrecision", "SensitivityAtSpecificity", "SpecificityAtSensitivity", "F1Score", "FBetaScore", "R2Score",
        "CosineSimilarity", "PearsonCorrelation", "ConcordanceCorrelation", "IoU", "BinaryIoU", "MeanIoU", "OneHotIoU",
        "OneHotMeanIoU",

        // The accuracy that is chosen when outputs and targets are known.
        "acc");

    /// <summary>Whether more of a figure is better; null where that is not known.</summary>
    /// <param name="model">The model whose metrics are logged.</param>
    /// <param name="name">Name of the figure in the logs.</param>
    public static bool? HigherIsBetter(Model model, string name)
    {
        string plain = name.StartsWith(TrainingRun.ValidationPrefix, StringComparison.Ordinal)
            ? name[TrainingRun.ValidationPrefix.Length..]
            : name;
        if (plain == "loss")
        {
            return false;
        }

        if (model.Compiled?.Outputs.Any(output => output.InLogs("loss") == plain) == true)
        {
            return false;
        }

        MetricChoice? metric = model.Compiled?.Outputs.SelectMany(output => output.NamedMetrics)
            .FirstOrDefault(metric => metric.Name == plain).Metric;
        if (metric is null)
        {
            return null;
        }

        if (Upwards.Contains(metric.ClassName))
        {
            return true;
        }

        // A metric of the library that is not listed counts errors; one from elsewhere may be anything, and so are means and
        // sums.
        return metric.Metric is not { } made || (made is not (Mean or Sum) && made.GetType().Assembly == typeof(Metric).Assembly)
            ? false
            : null;
    }
}
