using System.Globalization;
using Recurrent.Registration;

namespace Recurrent.Training;

/// <summary>What <c>Fit</c> is asked for, data aside.</summary>
/// <param name="Epochs">How often every sample is seen; with <paramref name="InitialEpoch"/>, the number of epochs there will
/// have been.</param>
/// <param name="InitialEpoch">Index of the first epoch; null goes on after the epochs the model has seen.</param>
/// <param name="BatchSize">Samples to an update.</param>
/// <param name="ValidationSplit">Share of the samples to validate on.</param>
/// <param name="ClassWeight">A weight for each class, or null.</param>
/// <param name="Shuffle">Whether samples are shuffled; null for the default.</param>
internal sealed record FitOptions(
    int Epochs,
    int? InitialEpoch,
    int BatchSize,
    double ValidationSplit,
    IReadOnlyDictionary<int, double>? ClassWeight,
    bool? Shuffle)
{
    /// <summary>Steps of a piece, where sequences are trained on piece by piece; else null.</summary>
    public int? TruncatedSteps { get; init; }

    /// <summary>Batches of an epoch; null for a pass over the data.</summary>
    public int? StepsPerEpoch { get; init; }

    /// <summary>Batches to validate on; null for all.</summary>
    public int? ValidationSteps { get; init; }

    /// <summary>Samples to a batch of validation; null for as many as are trained on.</summary>
    public int? ValidationBatchSize { get; init; }

    /// <summary>After every how many epochs the model is validated.</summary>
    public int ValidationFreq { get; init; } = 1;

    /// <summary>Index of the first epoch.</summary>
    /// <param name="progress">How far training has come.</param>
    public int FirstEpoch(TrainingProgress progress) => InitialEpoch ?? (int)Math.Min(progress.Epochs, int.MaxValue - Epochs);

    /// <summary>Checks the options, before data are looked at.</summary>
    /// <param name="isStateful">Whether the model follows sequences from batch to batch.</param>
    /// <param name="hasValidationData">Whether there are data to validate on.</param>
    /// <param name="hasSampleWeight">Whether samples have weights of their own.</param>
    /// <exception cref="ArgumentException">
    /// Options are out of range or exclude each other; the message lists them all.
    /// </exception>
    public void Check(bool isStateful, bool hasValidationData, bool hasSampleWeight) => new OptionCheck("Fit")
        .Positive("epochs", Epochs)
        .AtLeast("initialEpoch", InitialEpoch ?? 0, 0)
        .Require(
            !(InitialEpoch > Epochs),
            string.Create(CultureInfo.InvariantCulture, $"epochs is {Epochs}, and initialEpoch, {InitialEpoch}, lies "
                + $"behind it: with initialEpoch, epochs counts from the very first one"))
        .Positive("batchSize", BatchSize)
        .Positive("truncatedSteps", TruncatedSteps ?? 1)
        .Positive("stepsPerEpoch", StepsPerEpoch ?? 1)
        .Positive("validationSteps", ValidationSteps ?? 1)
        .Positive("validationBatchSize", ValidationBatchSize ?? 1)
        .Positive("validationFreq", ValidationFreq)
        .Require(
            hasValidationData || ValidationSplit > 0
            || (ValidationSteps is null && ValidationBatchSize is null && ValidationFreq == 1),
            "validationSteps, validationBatchSize and validationFreq need validationData or validationSplit")
        .Rate("validationSplit", ValidationSplit)
        .Require(ValidationSplit == 0 || !hasValidationData, "validationSplit and validationData exclude each other")
        .Require(!hasSampleWeight || ClassWeight is null, "sampleWeight and classWeight exclude each other")
        .Require(
            Shuffle != true || !isStateful,
            "shuffle: true would tear apart the sequences that a stateful model follows from batch to batch")
        .ThrowIfAny();
}
