namespace Recurrent.Training;

/// <summary>Buffers for a batch, lent until they are disposed of.</summary>
internal readonly struct BatchLease : IDisposable
{
    private readonly BatchRunner runner;
    private readonly bool isPrediction;

    /// <summary>Lends buffers.</summary>
    /// <param name="runner">Who takes them back.</param>
    /// <param name="batch">The buffers.</param>
    /// <param name="isPrediction">Whether they were lent for a prediction.</param>
    public BatchLease(BatchRunner runner, ShardedBatch batch, bool isPrediction)
    {
        this.runner = runner;
        Batch = batch;
        this.isPrediction = isPrediction;
    }

    /// <summary>The buffers, with what was computed in them.</summary>
    public ShardedBatch Batch { get; }

    /// <summary>Gives them back, whether the work with them came to its end or not.</summary>
    public void Dispose() => runner.Return(Batch, isPrediction);
}
