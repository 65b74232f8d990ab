namespace Recurrent.Layers;

/// <summary>
/// A layer that needs sums over a whole batch, forward and backward. Where a batch is cut into shards, each contributes its own
/// sums before any of them runs the layer; they are put together in the order of the shards, so that the bits depend on the batch
/// alone.
/// </summary>
internal interface IBatchStatistics
{
    /// <summary>Whether the layer needs sums, behaving as in training or not.</summary>
    /// <param name="training">Whether the model is trained.</param>
    bool IsShared(bool training);

    /// <summary>The sums that a pass contributes and receives.</summary>
    /// <param name="pass">A pass of this layer; null for a shard that runs in another process.</param>
    BatchSums SumsOf(Pass? pass);

    /// <summary>Finds the sums over the shard of a pass, before its forward pass.</summary>
    /// <param name="pass">A pass of this layer.</param>
    /// <param name="input">The input of its forward pass.</param>
    void Contribute(Pass pass, SequenceBatch input);

    /// <summary>Finds the sums over the shard of a pass, before its backward pass.</summary>
    /// <param name="pass">A pass of this layer.</param>
    /// <param name="outputGradient">The gradient of the output, which stays.</param>
    void ContributeBack(Pass pass, DenseMatrix outputGradient);
}
