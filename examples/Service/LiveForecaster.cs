using System.Runtime.CompilerServices;
using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Examples.Service;

/// <summary>
/// A forecaster in service, with a number that rises with every change. Nothing changes it: requests read it at once.
/// </summary>
internal sealed record LiveModel(long Version, Forecaster Forecaster);

/// <summary>
/// The forecaster that is asked now. A change is made on a copy, which then takes the place of the one in service: requests that
/// have begun end on the old one, and none waits.
/// </summary>
internal sealed class LiveForecaster(Forecaster forecaster)
{
    private readonly Lock turn = new();
    private volatile LiveModel current = new(1, forecaster);
    private volatile TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal LiveModel Current => current;

    /// <summary>Takes in values that came; nothing is fitted anew.</summary>
    internal LiveModel Add(double[] values)
    {
        lock (turn)
        {
            Forecaster next = current.Forecaster.Copy();
            FittedSeries known = next.Series[0];
            next.Update(known is { End: { } end, Frequency: { } frequency }
                ? new TimeSeries(known.Name, values, frequency.After(end, values.Length),
                    new SeriesOptions { Frequency = frequency })
                : new TimeSeries(known.Name, values));
            return Put(next);
        }
    }

    /// <summary>Puts another forecaster in place.</summary>
    internal LiveModel Replace(Forecaster next)
    {
        lock (turn)
        {
            return Put(next);
        }
    }

    /// <summary>The forecaster of now, and every one that takes its place; of several at once the last.</summary>
    internal async IAsyncEnumerable<LiveModel> Follow([EnumeratorCancellation] CancellationToken gone)
    {
        while (!gone.IsCancellationRequested)
        {
            // Taken first: a change after this line is seen by the wait below.
            Task next = changed.Task;
            yield return current;
            try
            {
                await next.WaitAsync(gone);
            }
            catch (OperationCanceledException)
            {
                yield break;
            }
        }
    }

    private LiveModel Put(Forecaster next)
    {
        // What cannot forecast takes nobody's place: it says so here, to the one who brought it.
        _ = next.Predict(1);
        TaskCompletionSource before = changed;
        current = new(current.Version + 1, next);
        changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        before.SetResult();
        return current;
    }
}
