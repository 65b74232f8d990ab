using Recurrent.Training;

namespace Recurrent.Models;

/// <summary>Where the batches of a training come from, epoch by epoch.</summary>
internal abstract class EpochFeed : IDisposable
{
    /// <summary>Batches of an epoch; null where nobody knows before the first one is over.</summary>
    public abstract int? Steps { get; }

    /// <summary>Number of samples; null where nobody knows.</summary>
    public abstract int? Samples { get; }

    /// <summary>Data whose kind stands for that of all batches.</summary>
    public abstract TrainingData Typical { get; }

    /// <summary>Whether the same batches come again when they are asked for again.</summary>
    public abstract FeedPlace Place { get; }

    /// <summary>Begins an epoch.</summary>
    /// <param name="epoch">Index of the epoch.</param>
    /// <param name="batch">The batch to begin with: above 0 where an epoch goes on that was broken off.</param>
    public abstract void BeginEpoch(int epoch, int batch);

    /// <summary>Gets the next batch of the epoch.</summary>
    /// <returns>False where the epoch is over.</returns>
    public abstract bool TryNext(out TrainingData data, out ReadOnlyMemory<int> samples);

    /// <summary>Goes on from where an earlier run was.</summary>
    public abstract void Resume(FeedPlace place);

    public abstract void Dispose();
}

/// <summary>How far a run has come in its data.</summary>
/// <param name="Pass">Index of the pass over the data.</param>
/// <param name="Batch">Batches of the pass that have been trained on.</param>
internal readonly record struct FeedPlace(long Pass, long Batch);
