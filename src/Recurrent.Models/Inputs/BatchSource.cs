using Recurrent.Data;

namespace Recurrent.Models;

/// <summary>
/// Batches that come one after the other, from a file, a database or a computation, of which only a few are held at a time.
/// </summary>
/// <remarks>
/// A model reads them ahead, on another thread, while it trains. One pass over them is an epoch, unless <c>Fit</c> is told of
/// steps. To go on after the program was killed (<see cref="Callbacks.BackupAndRestore"/>), the batches of a pass must be the
/// same each time.
/// </remarks>
/// <example>
/// <code>
/// model.Fit(BatchSource.From(Generate()), epochs: 10, stepsPerEpoch: 100);
/// model.Fit(RowSource.FromCsv("big.csv").Batches(["a", "b"], ["y"], shuffleWindow: 10_000), epochs: 3);
/// </code>
/// </example>
public abstract class BatchSource
{
    /// <summary>Whether a pass can be begun anew at any batch without reading those before it.</summary>
    internal virtual bool Seeks => false;

    /// <summary>Begins a pass. It is read to its end, or left, on a thread of its own.</summary>
    /// <param name="pass">Index of the pass.</param>
    /// <param name="skip">Batches at its beginning that have been trained on already and are to be left out.</param>
    public abstract IEnumerable<Batch> Read(long pass, long skip);

    /// <summary>Batches that are enumerated anew for each pass.</summary>
    /// <param name="batches">The batches; what can be enumerated once is good for one epoch.</param>
    public static BatchSource From(IEnumerable<Batch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        return new Passes(_ => batches);
    }

    /// <summary>Batches that arrive over time, enumerated anew for each pass.</summary>
    /// <param name="batches">The batches.</param>
    public static BatchSource From(IAsyncEnumerable<Batch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        return new Passes(_ => Wait(batches));
    }

    /// <summary>Batches that differ from pass to pass, in their order for instance.</summary>
    /// <param name="passes">The batches of a pass, given its index: the same index, the same batches.</param>
    public static BatchSource From(Func<long, IEnumerable<Batch>> passes)
    {
        ArgumentNullException.ThrowIfNull(passes);
        return new Passes(passes);
    }

    /// <summary>Rows of a file or a table in batches.</summary>
    /// <param name="rows">The rows.</param>
    public static implicit operator BatchSource(RowBatches rows) => rows is null ? null! : new Rows(rows);

    /// <summary>The same batches without an end: pass after pass, for epochs whose steps do not divide a pass.</summary>
    public BatchSource Repeat() => new Passes(_ => Endless(this));

    /// <summary>Prepares every batch on other threads, and keeps their order.</summary>
    /// <param name="prepare">Makes a batch of a batch; called by several threads at once.</param>
    /// <param name="degree">How many are prepared at a time; null for two.</param>
    public BatchSource Select(Func<Batch, Batch> prepare, int? degree = null)
    {
        ArgumentNullException.ThrowIfNull(prepare);
        int many = degree ?? 2;
        ArgumentOutOfRangeException.ThrowIfLessThan(many, 1, nameof(degree));
        return new Prepared(this, prepare, many);
    }

    private static IEnumerable<Batch> Endless(BatchSource source)
    {
        for (long pass = 0; ; pass++)
        {
            bool any = false;
            foreach (Batch batch in source.Read(pass, 0))
            {
                any = true;
                yield return batch;
            }

            if (!any)
            {
                yield break;
            }
        }
    }

    // Run on the thread that reads ahead, which has nothing else to do.
    private static IEnumerable<Batch> Wait(IAsyncEnumerable<Batch> batches)
    {
        IAsyncEnumerator<Batch> enumerator = batches.GetAsyncEnumerator();
        try
        {
            while (enumerator.MoveNextAsync().AsTask().GetAwaiter().GetResult())
            {
                yield return enumerator.Current;
            }
        }
        finally
        {
            enumerator.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private sealed class Passes(Func<long, IEnumerable<Batch>> passes) : BatchSource
    {
        public override IEnumerable<Batch> Read(long pass, long skip)
        {
            foreach (Batch batch in passes(pass) ?? throw new InvalidOperationException("There are no batches, but null."))
            {
                if (skip-- <= 0)
                {
                    yield return batch;
                }
            }
        }
    }

    private sealed class Rows(RowBatches rows) : BatchSource
    {
        internal override bool Seeks => true;

        public override IEnumerable<Batch> Read(long pass, long skip) => rows.Read(pass, skip).Select(batch => (Batch)batch);
    }

    private sealed class Prepared(BatchSource source, Func<Batch, Batch> prepare, int degree) : BatchSource
    {
        internal override bool Seeks => source.Seeks;

        public override IEnumerable<Batch> Read(long pass, long skip)
        {
            var running = new Queue<Task<Batch>>();
            foreach (Batch batch in source.Read(pass, skip))
            {
                running.Enqueue(Task.Run(() => prepare(batch)));
                if (running.Count >= degree)
                {
                    yield return running.Dequeue().GetAwaiter().GetResult();
                }
            }

            while (running.Count > 0)
            {
                yield return running.Dequeue().GetAwaiter().GetResult();
            }
        }
    }
}
