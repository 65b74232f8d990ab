using Recurrent.Training;

namespace Recurrent.Models;

/// <summary>Batches that come from a <see cref="BatchSource"/>, read and checked ahead on another thread.</summary>
internal sealed class SourceFeed : EpochFeed
{
    private readonly BatchSource source;
    private readonly Func<Batch, TrainingData> check;
    private readonly TrainingContext context;
    private readonly int? stepsPerEpoch;
    private readonly int prefetch;
    private readonly string kind;
    private IEnumerator<TrainingData>? opened;
    private TrainingData? first;
    private ReadAhead<TrainingData>? reading;
    private int[] all = [];
    private long pass;
    private long taken;
    private long dropped;
    private int epoch;
    private int done;
    private bool atEnd;
    private long? length;

    /// <summary>Reads the first batch, on the caller's thread.</summary>
    /// <param name="context">What is trained.</param>
    /// <param name="source">The batches.</param>
    /// <param name="check">Checks a batch.</param>
    /// <param name="stepsPerEpoch">Batches of an epoch; null for a pass.</param>
    /// <param name="prefetch">How many batches are read ahead.</param>
    /// <param name="firstPass">Index of the first pass.</param>
    /// <param name="kind">What the batches are, for messages: <c>Batch</c>.</param>
    public SourceFeed(
        TrainingContext context, BatchSource source, Func<Batch, TrainingData> check, int? stepsPerEpoch, int prefetch,
        long firstPass, string kind = "Batch")
    {
        this.context = context;
        this.source = source;
        this.check = check;
        this.stepsPerEpoch = stepsPerEpoch;
        this.prefetch = prefetch;
        this.kind = kind;
        pass = firstPass;
        epoch = (int)Math.Min(firstPass, int.MaxValue);
        Open(pass, 0);
        try
        {
            Typical = first = opened!.MoveNext() ? opened.Current
                : throw new BatchException("The source gives no batches.") { Batch = 0, Epoch = epoch };
        }
        catch (Exception exception)
        {
            opened!.Dispose();
            throw Told(exception);
        }
    }

    public override int? Steps => stepsPerEpoch ?? (int?)length;

    public override int? Samples => null;

    public override TrainingData Typical { get; }

    public override FeedPlace Place => new(pass, taken);

    public override void Resume(FeedPlace place)
    {
        if (place.Pass != pass || source.Seeks)
        {
            Close();
            Open(place.Pass, place.Batch);
            dropped = 0;
        }
        else
        {
            // What can be enumerated once has been begun.
            dropped = place.Batch;
        }

        (pass, taken) = (place.Pass, place.Batch);
    }

    public override void BeginEpoch(int epoch, int batch)
    {
        this.epoch = epoch;
        done = batch;
        if (stepsPerEpoch is null && (atEnd || (batch == 0 && (taken > 0 || pass != epoch))))
        {
            Next(epoch);
        }
    }

    public override bool TryNext(out TrainingData data, out ReadOnlyMemory<int> samples)
    {
        data = Typical;
        samples = default;
        if (done == stepsPerEpoch)
        {
            return false;
        }

        TrainingData? found = Take();
        if (found is null && stepsPerEpoch is not null && done == 0 && taken > 0)
        {
            // The pass has ended with the epoch before.
            Next(pass + 1);
            found = Take();
        }

        if (found is null)
        {
            return EndOfPass();
        }

        RequireSize(found);
        taken++;
        done++;
        data = found;
        if (all.Length < found.Count)
        {
            all = [.. Enumerable.Range(0, found.Count)];
        }

        samples = all.AsMemory(0, found.Count);
        return true;
    }

    public override void Dispose() => Close();

    /// <summary>A stateful model, and one that declares it, takes batches of one size.</summary>
    private void RequireSize(TrainingData found)
    {
        try
        {
            context.CheckBatches(found.Count, found.Count);
        }
        catch (ArgumentException failure)
        {
            throw Told(new BatchProblem(failure));
        }
    }

    private bool EndOfPass()
    {
        atEnd = true;
        if (stepsPerEpoch is int steps)
        {
            throw Early(taken == 0 ? "gives no batches in another pass: it can be enumerated once" : FormattableString.Invariant(
                $"has ended, but an epoch has stepsPerEpoch: {steps} batches"));
        }

        if (done == 0)
        {
            throw Early("gives no batches in this epoch: it can be enumerated once, or has been emptied");
        }

        if (taken < length)
        {
            throw Early(FormattableString.Invariant($"has ended, but gave {length} batches in the epoch before"));
        }

        length = taken;
        return false;
    }

    private BatchException Early(string what) => new(FormattableString.Invariant(
        $"{kind} {done + 1} of epoch {epoch + 1} is missing: the source {what}. The model holds what it has learned from the ")
        + "batches before. Give a source that can be read again (a list, a function that makes it anew), or source.Repeat(), or "
        + "fewer epochs or steps.")
    {
        Batch = done,
        Epoch = epoch,
    };

    private TrainingData? Take()
    {
        try
        {
            while (true)
            {
                TrainingData? found = TakeOne();
                if (found is null || dropped == 0)
                {
                    return found;
                }

                dropped--;
            }
        }
        catch (Exception exception)
        {
            throw Told(exception);
        }
    }

    private TrainingData? TakeOne()
    {
        if (first is { } kept)
        {
            first = null;
            return kept;
        }

        if (atEnd)
        {
            return null;
        }

        reading ??= new(opened!, prefetch);
        return reading.TryTake(out TrainingData found) ? found : null;
    }

    private void Next(long index)
    {
        Close();
        Open(index, 0);
        (pass, taken) = (index, 0);
    }

    private void Open(long index, long skip)
    {
        atEnd = false;
        first = null;
        try
        {
            opened = source.Read(index, skip).Select(batch => check(
                batch ?? throw new ArgumentException("The batch is null."))).GetEnumerator();
        }
        catch (Exception exception)
        {
            throw Told(exception);
        }
    }

    private void Close()
    {
        if (reading is not null)
        {
            reading.Dispose();
        }
        else
        {
            opened?.Dispose();
        }

        reading = null;
        opened = null;
        first = null;
    }

    /// <summary>A failure with the batch it happened at. Those of the batch itself stay of their kind.</summary>
    private Exception Told(Exception exception)
    {
        string where = FormattableString.Invariant($"{kind} {done + 1} of epoch {epoch + 1}");
        return exception switch
        {
            BatchException or OperationCanceledException => exception,
            BatchProblem { InnerException: ArgumentException inner } => new ArgumentException($"{where}: {inner.Message}", inner),
            _ => new BatchException(
                $"{where} could not be read: {exception.Message} The model holds what it has learned from the batches before.",
                exception)
            { Batch = done, Epoch = epoch },
        };
    }
}

/// <summary>A batch that does not fit, in difference to a source that fails.</summary>
internal sealed class BatchProblem(ArgumentException inner) : Exception(inner.Message, inner);
