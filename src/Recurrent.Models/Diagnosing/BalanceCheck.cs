using System.Globalization;
using Recurrent.Inspection;
using Recurrent.Losses;
using Recurrent.Training;

namespace Recurrent.Diagnosing;

/// <summary>Counts the classes of targets.</summary>
internal static class BalanceCheck
{
    private const int MostSamples = 100_000;

    /// <summary>Where one class is so many times as frequent as another, a model that always gives it looks good.</summary>
    private const double Unequal = 4;

    /// <summary>Finds what is wrong.</summary>
    public static IEnumerable<Finding> Of(TrainingData data)
    {
        for (int o = 0; o < data.Outputs.Count; o++)
        {
            if (data.Outputs[o] is not { } output || Count(output) is not { Count: > 1 } counts)
            {
                continue;
            }

            (long rarest, long least) = counts.MinBy(pair => pair.Value);
            (long commonest, long most) = counts.MaxBy(pair => pair.Value);
            if (most > Unequal * least)
            {
                double total = counts.Values.Sum();
                string where = data.Outputs.Count == 1 ? "the targets" : FormattableString.Invariant($"output {o}");
                string weights = string.Join(", ", counts.OrderBy(pair => pair.Key).Take(4).Select(pair => string.Create(
                    CultureInfo.InvariantCulture, $"[{pair.Key}] = {total / counts.Count / pair.Value:G3}")));
                double ratio = (double)most / least;
                yield return new(FindingKind.ClassImbalance, where, ratio, string.Create(CultureInfo.InvariantCulture,
                    $"Class {commonest} is {ratio:G3} times as frequent as class {rarest} in {where} ({most} and "
                    + $"{least} of {total:F0}): always to give it would be right {100 * most / total:F0} % of the time."),
                    $"Weigh the classes (classWeight: {{ {weights}{(counts.Count > 4 ? ", …" : string.Empty)} }}), gather more "
                    + "of the rare ones, and judge by AUC or F1Score.");
            }
        }
    }

    /// <summary>How often each class stands among the targets; null where they are no classes.</summary>
    private static Dictionary<long, long>? Count(OutputData output)
    {
        bool sparse = output.Loss is SparseCategoricalCrossentropy;
        bool oneHot = output.Loss is CategoricalCrossentropy or CategoricalFocalCrossentropy or CategoricalHinge
            && output.Targets.SampleShape.Features > 1;
        bool binary = output.Loss is BinaryCrossentropy or BinaryFocalCrossentropy or Hinge or SquaredHinge
            && output.Targets.SampleShape.Features == 1;
        if (!sparse && !oneHot && !binary)
        {
            return null;
        }

        var counts = new Dictionary<long, long>();
        var reader = new SampleReader(output.Targets, MostSamples);
        for (int i = 0; i < reader.Count; i++)
        {
            Real[] sample = reader.Read(i);
            foreach (Real[] row in oneHot ? sample.Chunk(reader.Features) : sample.Chunk(1))
            {
                // Soft targets count as the class that is likeliest.
                long label = oneHot ? Array.IndexOf(row, row.Max()) : binary ? row[0] > (Real)0.5 ? 1 : 0 : (long)row[0];
                counts[label] = counts.GetValueOrDefault(label) + 1;
            }
        }

        return counts;
    }
}
