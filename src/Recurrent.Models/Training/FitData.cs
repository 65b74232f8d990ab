using System.Globalization;

namespace Recurrent.Training;

/// <summary>The checked arguments of <c>Fit</c>.</summary>
/// <param name="Training">What is trained on.</param>
/// <param name="Validation">What is validated on, or null.</param>
/// <param name="InitialEpoch">Index of the first epoch.</param>
/// <param name="BatchSize">Samples to an update.</param>
/// <param name="Shuffle">Whether each epoch takes the samples in another order.</param>
internal sealed record FitData(
    TrainingData Training, TrainingData? Validation, int InitialEpoch, int BatchSize, bool Shuffle)
{
    /// <summary>Splits and weighs checked data as the options say, before anything is changed.</summary>
    /// <param name="context">What is trained.</param>
    /// <param name="options">The options, checked.</param>
    /// <param name="training">What is trained on.</param>
    /// <param name="validation">What is validated on, or null.</param>
    /// <exception cref="ArgumentException">The data do not go together with the options.</exception>
    public static FitData Arrange(
        TrainingContext context, FitOptions options, TrainingData training, TrainingData? validation)
    {
        if (options.ValidationSplit > 0)
        {
            (training, validation) = Split(training, options.ValidationSplit);
        }

        if (options.ClassWeight is { } weights)
        {
            // Only what is trained on is weighted: the validation loss stays comparable.
            training = Weigh(training, weights);
        }

        int batchSize = Math.Min(options.BatchSize, training.Count);
        context.CheckBatches(training.Count, batchSize);
        if (validation is not null)
        {
            context.CheckBatches(validation.Count, Math.Min(options.ValidationBatchSize ?? batchSize, validation.Count));
        }

        return new FitData(
            training, validation, options.FirstEpoch(context.Progress), batchSize, options.Shuffle ?? !context.IsStateful);
    }

    /// <summary>⌊count · (1 − split)⌋ of the numbers that were meant: in floating point 10 · (1 − 0.8) is a little less than
    /// 2.</summary>
    public static int Kept(int count, double split)
    {
        double exact = count * (1 - split);
        double whole = Math.Round(exact);
        return (int)(Math.Abs(exact - whole) <= count * 4e-16 ? whole : Math.Floor(exact));
    }

    private static (TrainingData First, TrainingData Last) Split(TrainingData data, double validationSplit)
    {
        int kept = Kept(data.Count, validationSplit);
        return kept > 0 && kept < data.Count
            ? (data.Slice(0, kept), data.Slice(kept, data.Count - kept))
            : throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"validationSplit {validationSplit} of {data.Count} "
                    + $"{(data.Count == 1 ? "sample" : "samples")} leaves {kept} to train on and "
                    + $"{data.Count - kept} to validate on. Both need at least one."), nameof(validationSplit));
    }

    /// <summary>Gives each target the weight of its class.</summary>
    public static TrainingData Weigh(TrainingData data, IReadOnlyDictionary<int, double> classWeight)
    {
        OutputData output = data.Outputs is [{ } only]
            ? only
            : throw new ArgumentException(
                "classWeight is for models of one output. Use sampleWeight for several.", nameof(classWeight));
        return output.Loss is not Losses.BatchLoss loss
            ? data with { Outputs = [output with { Weights = ClassWeights.Expand(classWeight, output.Targets, output.Rows) }] }
            : throw new ArgumentException(
                $"classWeight weighs targets one by one, but {loss.ClassName} looks at more than one. Use sampleWeight.",
                nameof(classWeight));
    }
}
