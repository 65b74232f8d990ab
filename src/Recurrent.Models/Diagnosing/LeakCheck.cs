using System.Globalization;
using Recurrent.Inspection;
using Recurrent.Losses;
using Recurrent.Training;

namespace Recurrent.Diagnosing;

/// <summary>Looks for inputs from which a target follows at once, as a linear function of one number.</summary>
internal static class LeakCheck
{
    private const int MostSamples = 1000;
    private const int LeastSamples = 10;
    private const int MostTargets = 32;
    private const int MostClasses = 20;
    private const double MostWork = 3e8;

    /// <summary>What of the variance of a target may be left: rounding, and not what the next value of a smooth series
    /// adds.</summary>
    private const double Left = 1e-6;

    /// <summary>Finds what is wrong: one finding for each input at most.</summary>
    public static IEnumerable<Finding> Of(TrainingContext context, TrainingData data)
    {
        for (int i = 0; i < data.Inputs.Parts.Count; i++)
        {
            Samples part = data.Inputs.Parts[i];
            if (part.IsRagged || Places.AreIds(context, i))
            {
                continue;
            }

            for (int o = 0; o < data.Outputs.Count; o++)
            {
                if (data.Outputs[o] is { Targets.IsRagged: false } output && data.Count >= LeastSamples
                    && Find(part, output) is { } found)
                {
                    string which = data.Outputs.Count == 1 ? "the target"
                        : FormattableString.Invariant($"a target of output {o}");
                    yield return new(FindingKind.LeakingInputs, Places.Of(context, i), found.Share, string.Create(
                        CultureInfo.InvariantCulture, $"Feature {found.Feature} of {Places.Of(context, i)}{found.Step} is "
                        + $"{which}, up to scale (correlation {Math.Sqrt(found.Share):F6}): the model is told what it "
                        + $"is to predict."),
                        "Leave the feature out, or shift it, so that it holds only what is known when a prediction is made.");
                    break;
                }
            }
        }
    }

    private static (int Feature, string Step, double Share)? Find(Samples inputs, OutputData output)
    {
        int features = inputs.SampleShape.Features;
        int places = inputs.SampleShape.Steps;
        bool stepwise = output.Targets.SampleShape.Rank > 1 && output.Targets.SampleShape.Steps == places && places > 1;
        (int First, Func<Real[], double[]> Of) targets = TargetsOf(output, stepwise);
        double work = (double)features * places * targets.First;
        int most = (int)Math.Clamp(MostWork / Math.Max(work, 1), 50, MostSamples);
        var x = new SampleReader(inputs, most);
        var y = new SampleReader(output.Targets, most);
        return stepwise ? ByStep(x, y, features, places) : Whole(x, y, features, targets.Of);
    }

    /// <summary>What a sample's targets are compared as: numbers, and classes one by one.</summary>
    private static (int Count, Func<Real[], double[]> Of) TargetsOf(OutputData output, bool stepwise)
    {
        if (stepwise)
        {
            return (1, null!);
        }

        if (output.Loss is SparseCategoricalCrossentropy)
        {
            return (MostClasses + 1, labels =>
                [labels[0], .. Enumerable.Range(0, MostClasses).Select(c => labels[0] == c ? 1.0 : 0)]);
        }

        bool oneHot = output.Loss is CategoricalCrossentropy or CategoricalHinge;
        int count = Math.Min(MostTargets, output.Targets.SampleShape.Steps * output.Targets.SampleShape.Features);
        return (count + 1, numbers => [.. numbers.Take(count).Select(value => (double)value),
            oneHot ? Array.IndexOf(numbers, numbers.Max()) : 0]);
    }

    private static (int Feature, string Step, double Share)? Whole(
        SampleReader x, SampleReader y, int features, Func<Real[], double[]> targetsOf)
    {
        double[][] inputs = [.. Enumerable.Range(0, x.Count).Select(i => Array.ConvertAll(x.Read(i), value => (double)value))];
        double[][] targets = [.. Enumerable.Range(0, y.Count).Select(i => targetsOf(y.Read(i)))];
        double[][] centredTargets = Centred(targets);
        double[][] centredInputs = Centred(inputs);
        for (int j = 0; j < centredInputs.Length; j++)
        {
            foreach (double[] target in centredTargets)
            {
                if (Share(centredInputs[j], target) is var share && share >= 1 - Left)
                {
                    int steps = centredInputs.Length / features;
                    return (j % features, steps == 1 ? string.Empty
                        : FormattableString.Invariant($" at step {j / features}"), share);
                }
            }
        }

        return null;
    }

    private static (int Feature, string Step, double Share)? ByStep(SampleReader x, SampleReader y, int features, int steps)
    {
        double[][] inputs = Rows(x, features);
        double[][] targets = Rows(y, y.Features);
        double[][] centredTargets = Centred(targets);
        double[][] centredInputs = Centred(inputs);
        for (int f = 0; f < features; f++)
        {
            foreach (double[] target in centredTargets.Take(MostTargets))
            {
                if (Share(centredInputs[f], target) is var share && share >= 1 - Left)
                {
                    return (f, steps > 1 ? " at each step" : string.Empty, share);
                }
            }
        }

        return null;
    }

    /// <summary>Every step of every sample.</summary>
    private static double[][] Rows(SampleReader reader, int features) => [.. Enumerable.Range(0, reader.Count)
        .SelectMany(i => reader.Read(i).Chunk(features)).Select(row => Array.ConvertAll(row, value => (double)value))];

    /// <summary>Columns without their means, scaled to the size of 1; of zeros where a column is constant.</summary>
    private static double[][] Centred(double[][] rows)
    {
        int columns = rows[0].Length;
        var result = new double[columns][];
        for (int j = 0; j < columns; j++)
        {
            double mean = rows.Average(row => row[j]);
            double[] centred = [.. rows.Select(row => row[j] - mean)];
            double most = centred.Max(Math.Abs);
            result[j] = most <= 1e-9 * Math.Abs(mean) || most == 0 ? new double[rows.Length] : [.. centred.Select(v => v / most)];
        }

        return result;
    }

    /// <summary>The share of the variance of one that follows from the other.</summary>
    private static double Share(double[] x, double[] y)
    {
        (double xy, double xx, double yy) = (0, 0, 0);
        for (int i = 0; i < x.Length; i++)
        {
            xy += x[i] * y[i];
            xx += x[i] * x[i];
            yy += y[i] * y[i];
        }

        return xx > 0 && yy > 0 ? xy * xy / (xx * yy) : 0;
    }
}
