using Recurrent.Layers;
using Recurrent.Training;

namespace Recurrent.Models;

/// <summary>What a model is evaluated on after an epoch.</summary>
internal abstract class ValidationFeed
{
    /// <summary>Loss and metrics. States are its own, from zero on: those that training goes on from stay as they are.</summary>
    /// <param name="watch">Looks on, or null.</param>
    /// <param name="cancellation">Cancels between batches.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public abstract IReadOnlyDictionary<string, double> Evaluate(IBatchWatch? watch, CancellationToken cancellation);
}

/// <summary>Samples that are all there.</summary>
/// <param name="context">What is evaluated.</param>
/// <param name="data">The samples.</param>
/// <param name="batchSize">Samples to a batch.</param>
/// <param name="steps">How many batches are looked at; null for all.</param>
internal sealed class MemoryValidation(TrainingContext context, TrainingData data, int batchSize, int? steps) : ValidationFeed
{
    private StateStore? states;

    public override IReadOnlyDictionary<string, double> Evaluate(IBatchWatch? watch, CancellationToken cancellation)
    {
        int size = Math.Min(batchSize, data.Count);
        states ??= StateStore.Create(context.Network, size);
        states?.ClearAllBut(null);
        return context.Evaluate(data, size, states, cancellation, steps, watch);
    }
}
