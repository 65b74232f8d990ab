using Recurrent.Callbacks;

namespace Recurrent.Models;

/// <content>Training on other forms of batches than a <see cref="BatchSource"/>. They are interfaces, from which C# lets no type
/// of ours convert, so each needs a method.</content>
public partial class Model
{
    /// <summary>Trains the model on batches that are enumerated anew for each pass; what can be enumerated once is good for one
    /// epoch, or for epochs of <paramref name="stepsPerEpoch"/> until it ends.</summary>
    /// <inheritdoc cref="Fit(BatchSource, int, int?, ValidationData?, BatchSource?, int?, int?, int,
    /// IReadOnlyDictionary{int, double}?, Verbosity, IReadOnlyList{Callback}?, int?, int?, int, CancellationToken)"/>
    public History Fit(
        IEnumerable<Batch> batches,
        int epochs = 1,
        int? stepsPerEpoch = null,
        ValidationData? validationData = null,
        BatchSource? validationBatches = null,
        int? validationSteps = null,
        int? validationBatchSize = null,
        int validationFreq = 1,
        IReadOnlyDictionary<int, double>? classWeight = null,
        Verbosity verbose = default,
        IReadOnlyList<Callback>? callbacks = null,
        int? truncatedSteps = null,
        int? initialEpoch = null,
        int prefetch = 2,
        CancellationToken cancellationToken = default) => Fit(
            BatchSource.From(batches), epochs, stepsPerEpoch, validationData, validationBatches, validationSteps,
            validationBatchSize, validationFreq, classWeight, verbose, callbacks, truncatedSteps, initialEpoch, prefetch,
            cancellationToken);

    /// <summary>Trains the model on pairs of inputs and targets that are enumerated anew for each pass.</summary>
    /// <inheritdoc cref="Fit(BatchSource, int, int?, ValidationData?, BatchSource?, int?, int?, int,
    /// IReadOnlyDictionary{int, double}?, Verbosity, IReadOnlyList{Callback}?, int?, int?, int, CancellationToken)"/>
    public History Fit(
        IEnumerable<(NDArray X, NDArray Y)> batches,
        int epochs = 1,
        int? stepsPerEpoch = null,
        ValidationData? validationData = null,
        BatchSource? validationBatches = null,
        int? validationSteps = null,
        int? validationBatchSize = null,
        int validationFreq = 1,
        IReadOnlyDictionary<int, double>? classWeight = null,
        Verbosity verbose = default,
        IReadOnlyList<Callback>? callbacks = null,
        int? truncatedSteps = null,
        int? initialEpoch = null,
        int prefetch = 2,
        CancellationToken cancellationToken = default) => Fit(
            BatchSource.From(batches.Select(batch => (Batch)batch)), epochs, stepsPerEpoch, validationData, validationBatches,
            validationSteps, validationBatchSize, validationFreq, classWeight, verbose, callbacks, truncatedSteps, initialEpoch,
            prefetch, cancellationToken);

    /// <summary>Trains the model on batches that arrive over time.</summary>
    /// <inheritdoc cref="Fit(BatchSource, int, int?, ValidationData?, BatchSource?, int?, int?, int,
    /// IReadOnlyDictionary{int, double}?, Verbosity, IReadOnlyList{Callback}?, int?, int?, int, CancellationToken)"/>
    public History Fit(
        IAsyncEnumerable<Batch> batches,
        int epochs = 1,
        int? stepsPerEpoch = null,
        ValidationData? validationData = null,
        BatchSource? validationBatches = null,
        int? validationSteps = null,
        int? validationBatchSize = null,
        int validationFreq = 1,
        IReadOnlyDictionary<int, double>? classWeight = null,
        Verbosity verbose = default,
        IReadOnlyList<Callback>? callbacks = null,
        int? truncatedSteps = null,
        int? initialEpoch = null,
        int prefetch = 2,
        CancellationToken cancellationToken = default) => Fit(
            BatchSource.From(batches), epochs, stepsPerEpoch, validationData, validationBatches, validationSteps,
            validationBatchSize, validationFreq, classWeight, verbose, callbacks, truncatedSteps, initialEpoch, prefetch,
            cancellationToken);

    /// <summary>Trains the model on pairs of inputs and targets that arrive over time.</summary>
    /// <inheritdoc cref="Fit(BatchSource, int, int?, ValidationData?, BatchSource?, int?, int?, int,
    /// IReadOnlyDictionary{int, double}?, Verbosity, IReadOnlyList{Callback}?, int?, int?, int, CancellationToken)"/>
    public History Fit(
        IAsyncEnumerable<(NDArray X, NDArray Y)> batches,
        int epochs = 1,
        int? stepsPerEpoch = null,
        ValidationData? validationData = null,
        BatchSource? validationBatches = null,
        int? validationSteps = null,
        int? validationBatchSize = null,
        int validationFreq = 1,
        IReadOnlyDictionary<int, double>? classWeight = null,
        Verbosity verbose = default,
        IReadOnlyList<Callback>? callbacks = null,
        int? truncatedSteps = null,
        int? initialEpoch = null,
        int prefetch = 2,
        CancellationToken cancellationToken = default) => Fit(
            BatchSource.From(Each(batches)), epochs, stepsPerEpoch, validationData, validationBatches, validationSteps,
            validationBatchSize, validationFreq, classWeight, verbose, callbacks, truncatedSteps, initialEpoch, prefetch,
            cancellationToken);

    private static async IAsyncEnumerable<Batch> Each(IAsyncEnumerable<(NDArray X, NDArray Y)> batches)
    {
        await foreach ((NDArray X, NDArray Y) batch in batches.ConfigureAwait(false))
        {
            yield return batch;
        }
    }
}
