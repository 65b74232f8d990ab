namespace Recurrent.Training;

/// <summary>Looks on while batches are evaluated.</summary>
internal interface IBatchWatch
{
    /// <summary>Before a batch.</summary>
    /// <param name="batch">Its index.</param>
    void Begin(int batch);

    /// <summary>After a batch.</summary>
    /// <param name="batch">Its index.</param>
    /// <param name="objective">Loss and metrics so far.</param>
    /// <returns>Whether to go on.</returns>
    bool End(int batch, Objective objective);
}
