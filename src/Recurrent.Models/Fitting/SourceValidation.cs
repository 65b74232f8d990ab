using Recurrent.Layers;
using Recurrent.Training;

namespace Recurrent.Models;

/// <summary>Batches to evaluate on, read ahead.</summary>
/// <param name="model">What is evaluated.</param>
/// <param name="source">The batches.</param>
/// <param name="steps">How many are looked at; null for all.</param>
/// <param name="prefetch">How many are read ahead.</param>
internal sealed class SourceValidation(Model model, BatchSource source, int? steps, int prefetch) : ValidationFeed
{
    private StateStore? states;

    /// <summary>Whether states go on from those of the model, and not from zero.</summary>
    public bool CarriesOn { get; init; }

    public override IReadOnlyDictionary<string, double> Evaluate(IBatchWatch? watch, CancellationToken cancellation)
    {
        Objective? objective = null;
        int[] all = [];
        int done = 0;
        states?.ClearAllBut(null);
        using var reading = new ReadAhead<TrainingData>(source.Read(0, 0).Select(model.CheckBatch).GetEnumerator(), prefetch);
        for (; done != steps && Take(reading, done) is { } data; done++)
        {
            cancellation.ThrowIfCancellationRequested();
            watch?.Begin(done);
            objective ??= Objective.For(model.Compiled!, data);
            all = all.Length >= data.Count ? all : [.. Enumerable.Range(0, data.Count)];
            model.Context.Evaluate(data, all.AsMemory(0, data.Count), StatesFor(data.Count, done), objective);
            if (watch?.End(done, objective) == false)
            {
                break;
            }
        }

        return objective?.Logs() ?? throw new BatchException("The source to evaluate on gives no batches.") { Batch = 0 };
    }

    /// <summary>A failure with the batch it happened at.</summary>
    internal static Exception Told(Exception exception, long index)
    {
        string where = FormattableString.Invariant($"Batch {index + 1}");
        return exception switch
        {
            BatchException or OperationCanceledException => exception,
            BatchProblem { InnerException: ArgumentException inner } => new ArgumentException($"{where}: {inner.Message}", inner),
            ArgumentException own => new ArgumentException($"{where}: {own.Message}", own),
            _ => new BatchException($"{where} could not be read: {exception.Message}", exception) { Batch = index },
        };
    }

    private static TrainingData? Take(ReadAhead<TrainingData> reading, int index)
    {
        try
        {
            return reading.TryTake(out TrainingData data) ? data : null;
        }
        catch (Exception exception)
        {
            throw Told(exception, index);
        }
    }

    private StateStore? StatesFor(int samples, int index)
    {
        if (CarriesOn)
        {
            return model.Context.StatesFor(samples, samples, out _);
        }

        states ??= StateStore.Create(model.Network, samples);
        return states is null || states.BatchSize == samples ? states : throw new ArgumentException(FormattableString.Invariant(
            $"Batch {index + 1} has {samples} samples, but a stateful model needs batches of one size, and the first has ")
            + FormattableString.Invariant($"{states.BatchSize}."));
    }
}
