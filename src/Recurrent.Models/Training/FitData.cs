using System.Globalization;
using Recurrent.Registration;

namespace Recurrent.Training;

/// <summary>The checked arguments of <c>Fit</c>.</summary>
/// <param name="Training">What is trained on.</param>
/// <param name="Validation">What is validated on, or null.</param>
/// <param name="InitialEpoch">Index of the first epoch.</param>
/// <param name="Epochs">Index of the last epoch, plus 1.</param>
/// <param name="BatchSize">Samples to an update.</param>
/// <param name="Shuffle">Whether each epoch takes the samples in another order.</param>
internal sealed record FitData(
    TrainingData Training, TrainingData? Validation, int InitialEpoch, int Epochs, int BatchSize, bool Shuffle)
{
    /// <summary>Checks everything before anything is changed.</summary>
    /// <param name="context">What is trained.</param>
    /// <param name="trainingData">Checks what is trained on; not called where an option is wrong.</param>
    /// <param name="validationData">Checks what is validated on; null where there is none.</param>
    /// <param name="batchSize">Samples to an update.</param>
    /// <param name="epochs">How often every sample is seen; with <paramref name="initialEpoch"/>, the number of epochs there will
    /// have been.</param>
    /// <param name="initialEpoch">Index of the first epoch; null goes on after the epochs the model has seen.</param>
    /// <param name="validationSplit">Share of the samples to validate on.</param>
    /// <param name="hasSampleWeight">Whether samples have weights of their own.</param>
    /// <param name="classWeight">A weight for each class, or null.</param>
    /// <param name="shuffle">Whether samples are shuffled; null for the default.</param>
    public static FitData Check(
        TrainingContext context,
        Func<TrainingData> trainingData,
        Func<TrainingData>? validationData,
        int batchSize,
        int epochs,
        int? initialEpoch,
        double validationSplit,
        bool hasSampleWeight,
        IReadOnlyDictionary<int, double>? classWeight,
        bool? shuffle)
    {
        new OptionCheck("Fit")
            .Positive(nameof(epochs), epochs)
            .AtLeast(nameof(initialEpoch), initialEpoch ?? 0, 0)
            .Require(
                !(initialEpoch > epochs),
                string.Create(CultureInfo.InvariantCulture, $"epochs is {epochs}, and initialEpoch, {initialEpoch}, lies "
                    + $"behind it: with initialEpoch, epochs counts from the very first one"))
            .Positive(nameof(batchSize), batchSize)
            .Rate(nameof(validationSplit), validationSplit)
            .Require(validationSplit == 0 || validationData is null, "validationSplit and validationData exclude each other")
            .Require(!hasSampleWeight || classWeight is null, "sampleWeight and classWeight exclude each other")
            .Require(shuffle != true || !context.IsStateful,
                "shuffle: true would tear apart the sequences that a stateful model follows from batch to batch")
            .ThrowIfAny();

        TrainingData training = trainingData();
        TrainingData? validation = validationData?.Invoke();
        if (validationSplit > 0)
        {
            int kept = Kept(training.Count, validationSplit);
            if (kept == 0 || kept == training.Count)
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"validationSplit {validationSplit} of {training.Count} "
                        + $"{(training.Count == 1 ? "sample" : "samples")} leaves {kept} to train on and "
                        + $"{training.Count - kept} to validate on. Both need at least one."), nameof(validationSplit));
            }

            (training, validation) = Split(training, kept);
        }

        if (classWeight is not null)
        {
            // Only what is trained on is weighted: the validation loss stays comparable.
            OutputData output = training.Outputs is [{ } only]
                ? only
                : throw new ArgumentException("classWeight is for models of one output. Use sampleWeight for several.",
                    nameof(classWeight));
            if (output.Loss is Losses.BatchLoss loss)
            {
                throw new ArgumentException(
                    $"classWeight weighs targets one by one, but {loss.ClassName} looks at more than one. Use sampleWeight.",
                        nameof(classWeight));
            }

            training = training with
            {
                Outputs = [output with { Weights = ClassWeights.Expand(classWeight, output.Targets, output.Rows) }],
            };
        }

        batchSize = Math.Min(batchSize, training.Count);
        context.CheckBatches(training.Count, batchSize);
        if (validation is not null)
        {
            context.CheckBatches(validation.Count, batchSize);
        }

        int first = initialEpoch ?? (int)Math.Min(context.Progress.Epochs, int.MaxValue - epochs);
        return new FitData(
            training, validation, first, initialEpoch is null ? first + epochs : epochs, batchSize, shuffle
                ?? !context.IsStateful);
    }

    /// <summary>⌊count · (1 − split)⌋ of the numbers that were meant: in floating point 10 · (1 − 0.8) is a little less than
    /// 2.</summary>
    private static int Kept(int count, double split)
    {
        double exact = count * (1 - split);
        double whole = Math.Round(exact);
        return (int)(Math.Abs(exact - whole) <= count * 4e-16 ? whole : Math.Floor(exact));
    }

    private static (TrainingData First, TrainingData Last) Split(TrainingData data, int count) =>
        (data.Slice(0, count), data.Slice(count, data.Count - count));
}
