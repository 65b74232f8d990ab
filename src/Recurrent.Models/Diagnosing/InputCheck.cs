using System.Globalization;
using Recurrent.Inspection;
using Recurrent.Layers;
using Recurrent.Training;

namespace Recurrent.Diagnosing;

/// <summary>Looks at the scale of inputs, and for those that never change.</summary>
internal static class InputCheck
{
    private const int MostSamples = 4096;

    /// <summary>Weights are made for inputs whose root mean square is about 1.</summary>
    private const double Large = 10;

    private const double Small = 0.01;

    /// <summary>Features of one input whose scales differ by more than this pull at the weights unequally.</summary>
    private const double Unequal = 100;

    /// <summary>Finds what is wrong.</summary>
    public static IEnumerable<Finding> Of(TrainingContext context, TrainingData data)
    {
        for (int i = 0; i < data.Inputs.Parts.Count; i++)
        {
            Layer? reader = context.Network.ReaderOf(i);
            if (Places.AreIds(context, i))
            {
                continue;
            }

            Feature[] features = Measure(new SampleReader(data.Inputs.Parts[i], MostSamples));
            string where = Places.Of(context, i);
            if (features.Length > 0 && !TrainingAdvice.TakesAnyScale(reader) && Scale(where, features) is { } unscaled)
            {
                yield return unscaled;
            }

            int[] constant = [.. Enumerable.Range(0, features.Length).Where(f => features[f].IsConstant)];
            if (constant.Length > 0)
            {
                yield return new(FindingKind.ConstantInputs, where, constant.Length,
                    $"{Places.Features(constant, features.Length)} of {where} never change{(constant.Length == 1 ? "s" : "")}: "
                    + string.Create(CultureInfo.InvariantCulture, $"always {features[constant[0]].Least:G3}."),
                    "Leave out what never changes, or look whether the right column was read.");
            }
        }
    }

    private static Finding? Scale(string where, Feature[] features)
    {
        double largest = features.Max(feature => feature.Size);
        if (largest > Large || (largest > 0 && features.Max(feature => feature.Most) < Small))
        {
            int[] far = [.. Enumerable.Range(0, features.Length).Where(f => largest > Large ? features[f].Size > Large : true)];
            return new(FindingKind.UnscaledInputs, where, largest, string.Create(CultureInfo.InvariantCulture,
                $"{Places.Features(far, features.Length)} of {where} ha{(far.Length == 1 ? "s" : "ve")} a root mean square of up "
                + $"to {largest:G3}, but layers are made for inputs of about 1."),
                "Scale the inputs, with StandardScaler or MinMaxScaler, fitted on the training data.");
        }

        double[] spreads = [.. features.Where(feature => !feature.IsConstant).Select(feature => feature.Spread)];
        double ratio = spreads.Length == 0 ? 1 : spreads.Max() / spreads.Min();
        return ratio <= Unequal ? null : new(FindingKind.UnscaledInputs, where, ratio, string.Create(CultureInfo.InvariantCulture,
            $"The standard deviations of the features of {where} differ by a factor of {ratio:G3}: the smallest hardly count."),
            "Scale each feature by itself, with StandardScaler or MinMaxScaler, fitted on the training data.");
    }

    private static Feature[] Measure(SampleReader reader)
    {
        var features = new Feature[reader.Features];
        for (int f = 0; f < features.Length; f++)
        {
            features[f] = new Feature();
        }

        for (int i = 0; i < reader.Count; i++)
        {
            Real[] sample = reader.Read(i);
            for (int j = 0; j < sample.Length; j++)
            {
                features[j % features.Length].Add(sample[j]);
            }
        }

        return features;
    }

    /// <summary>Numbers of one feature at all steps of all samples; sums are such that none overflows or loses its
    /// sign.</summary>
    private sealed class Feature
    {
        private long count;
        private double mean;
        private double squares;

        public double Least { get; private set; } = double.PositiveInfinity;

        public double Greatest { get; private set; } = double.NegativeInfinity;

        public double Most => Math.Max(Math.Abs(Least), Math.Abs(Greatest));

        public double Spread => Math.Sqrt(squares / count);

        public double Size => Math.Sqrt((squares / count) + (mean * mean));

        public bool IsConstant => count > 1 && Least == Greatest;

        public void Add(double value)
        {
            count++;
            double change = value - mean;
            mean += change / count;
            squares += change * (value - mean);
            Least = Math.Min(Least, value);
            Greatest = Math.Max(Greatest, value);
        }
    }
}

/// <summary>Names of what is looked at.</summary>
internal static class Places
{
    private const int MostNames = 5;

    /// <summary>An input, by what it is fed to: <c>the inputs</c>, or its name where there are several.</summary>
    public static string Of(TrainingContext context, int feed) => context.Network.Inputs.Count == 1
        ? "the inputs"
        : $"input '{context.Network.Inputs[context.Network.Feeds[feed].Input].Layer.Name}'";

    /// <summary>Whether what is fed are no quantities, but ids or what strings were looked up as.</summary>
    public static bool AreIds(TrainingContext context, int feed) =>
        context.Network.ReaderOf(feed) is { ReadsTokens: true } || context.Network.Feeds[feed].Reader is not null;

    /// <summary>Features by their numbers: <c>Feature 2</c>, <c>Features 0, 1 and 3 more</c>.</summary>
    public static string Features(IReadOnlyList<int> features, int all)
    {
        if (features.Count == all && all > 1)
        {
            return FormattableString.Invariant($"All {all} features");
        }

        string names = string.Join(", ", features.Take(MostNames).Select(f => f.ToString(CultureInfo.InvariantCulture)));
        return features.Count == 1 ? $"Feature {names}"
            : $"Features {names}{(features.Count > MostNames ? $" and {features.Count - MostNames} more" : string.Empty)}";
    }
}
