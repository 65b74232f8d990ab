namespace Recurrent.Models;

/// <summary>Batches that failed while a model was trained, evaluated or asked: their source has thrown, or ended too early. What
/// was learned before stays.</summary>
public sealed class BatchException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which batch, and what to do.</param>
    /// <param name="innerException">What the source has thrown, or null.</param>
    public BatchException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">Which batch, and what to do.</param>
    public BatchException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception without a message.</summary>
    public BatchException()
    {
    }

    /// <summary>Index of the batch (from 0), counted in its epoch; −1 where it is not known.</summary>
    public long Batch { get; init; } = -1;

    /// <summary>Index of the epoch (from 0); null outside training.</summary>
    public int? Epoch { get; init; }
}
