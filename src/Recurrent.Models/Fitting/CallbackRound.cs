using Recurrent.Callbacks;
using Recurrent.Training;

namespace Recurrent.Models;

/// <summary>The callbacks of one evaluation or prediction, alone or within a run of training.</summary>
/// <param name="callbacks">The callbacks, in order.</param>
/// <param name="run">What they see.</param>
/// <param name="stops">Whether the run ends where a callback asks for it; within training that ends later.</param>
internal sealed class CallbackRound(Callback[] callbacks, TrainingRun run, bool stops) : IBatchWatch
{
    private BatchLogs? logs;

    /// <summary>The callbacks of a call of its own; null where there are none, which costs nothing.</summary>
    public static CallbackRound? For(Model model, IReadOnlyList<Callback>? callbacks, int samples, int steps)
    {
        Callback[] all = [.. CallbackList.Check(callbacks)];
        return all.Length == 0 ? null : new(all, new TrainingRun(model, 0, steps, samples, []), stops: true);
    }

    /// <summary>Evaluates, and tells the callbacks before and after, also where that fails.</summary>
    public IReadOnlyDictionary<string, double> Test(Func<IBatchWatch, IReadOnlyDictionary<string, double>> evaluate) => Around(
        () => evaluate(this),
        callback => callback.OnTestBegin(run),
        (callback, scores) => callback.OnTestEnd(run, scores ?? new Dictionary<string, double>()));

    /// <summary>Predicts, and tells the callbacks before and after, also where that fails.</summary>
    public T Predict<T>(Func<T> predict) => Around(
        predict, callback => callback.OnPredictBegin(run), (callback, _) => callback.OnPredictEnd(run));

    public void Begin(int batch)
    {
        foreach (Callback callback in callbacks)
        {
            callback.OnTestBatchBegin(run, batch);
        }
    }

    public bool End(int batch, Objective objective)
    {
        logs ??= new BatchLogs(objective);
        logs.Renew();
        foreach (Callback callback in callbacks)
        {
            callback.OnTestBatchEnd(run, batch, logs);
        }

        return !stops || run.StopReason is null;
    }

    /// <summary>Before a batch is predicted.</summary>
    public void BeginPrediction(int batch)
    {
        foreach (Callback callback in callbacks)
        {
            callback.OnPredictBatchBegin(run, batch);
        }
    }

    /// <summary>After a batch has been predicted.</summary>
    /// <returns>Whether to go on.</returns>
    public bool EndPrediction(int batch, IReadOnlyList<ModelData> outputs)
    {
        foreach (Callback callback in callbacks)
        {
            callback.OnPredictBatchEnd(run, batch, outputs);
        }

        return run.StopReason is null;
    }

    private T Around<T>(Func<T> work, Action<Callback> begin, Action<Callback, T?> end)
    {
        T? result = default;
        int begun = 0;
        try
        {
            for (; begun < callbacks.Length; begun++)
            {
                begin(callbacks[begun]);
            }

            return result = work();
        }
        finally
        {
            foreach (Callback callback in callbacks.AsSpan(0, begun))
            {
                end(callback, result);
            }
        }
    }
}
