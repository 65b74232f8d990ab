namespace Recurrent.Models;

/// <summary>Enumerates on a thread of its own, a few items ahead of whoever takes them.</summary>
internal sealed class ReadAhead<T> : IDisposable
{
    private readonly object gate = new();
    private readonly Queue<T> items = new();
    private readonly IEnumerator<T> source;
    private readonly Thread thread;
    private readonly int most;
    private Exception? failure;
    private bool ended;
    private bool stopped;

    /// <summary>Begins to read.</summary>
    /// <param name="source">What is read; it is disposed of when reading ends.</param>
    /// <param name="most">Most items that are held.</param>
    public ReadAhead(IEnumerator<T> source, int most)
    {
        this.source = source;
        this.most = most;
        thread = new Thread(Read) { IsBackground = true, Name = "Recurrent: reading ahead" };
        thread.Start();
    }

    /// <summary>Takes the next item, and waits for it.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="Exception">What the source has thrown, after all items before it.</exception>
    public bool TryTake(out T item)
    {
        lock (gate)
        {
            while (items.Count == 0 && !ended)
            {
                Monitor.Wait(gate);
            }

            if (items.TryDequeue(out item!))
            {
                Monitor.PulseAll(gate);
                return true;
            }
        }

        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }

        return false;
    }

    /// <summary>Ends reading, and waits until the item that is being read is there.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            stopped = true;
            Monitor.PulseAll(gate);
        }

        thread.Join();
    }

    private void Read()
    {
        try
        {
            using (source)
            {
                while (HasRoom() && source.MoveNext())
                {
                    lock (gate)
                    {
                        items.Enqueue(source.Current);
                        Monitor.PulseAll(gate);
                    }
                }
            }
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        lock (gate)
        {
            ended = true;
            Monitor.PulseAll(gate);
        }
    }

    private bool HasRoom()
    {
        lock (gate)
        {
            while (items.Count >= most && !stopped)
            {
                Monitor.Wait(gate);
            }

            return !stopped;
        }
    }
}
