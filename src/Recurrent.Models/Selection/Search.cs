using System.Diagnostics;
using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Selection;

/// <summary>
/// Looks for the best candidate of a <see cref="SearchSpace"/>, by any function that gives a number for one.
/// </summary>
/// <remarks>
/// <para>
/// The same search with the same seed tries the same candidates and ends with the same result on any number of workers: what is
/// tried next never depends on which trial was quicker. A trial that throws, or gives no finite number, has failed and is worse
/// than all others; the search goes on.
/// </para>
/// <para>
/// With a <see cref="LogPath"/> each trial is a line of a file as soon as it is done (JSON). A search that was killed and is run
/// again takes what it has there and does the rest.
/// </para>
/// </remarks>
/// <example><code>
/// var search = new TpeSearch(space, trials: 50) { Seed = 1, LogPath = "units.jsonl" };
/// SearchResult result = search.Run(trial => Score(trial.Candidate.Integer("units"), trial.Seed));
/// Console.WriteLine(result.Best.Candidate);
/// </code></example>
public abstract partial class Search
{
    private protected Search(SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        Space = space;
    }

    /// <summary>What is chosen from.</summary>
    public SearchSpace Space { get; }

    /// <summary>Where all random draws come from; default 0.</summary>
    public int Seed { get; init; }

    /// <summary>Most trials at the same time; default the number of processors. The result is the same for any number.</summary>
    public int? Workers { get; init; }

    /// <summary>Whether the greatest value is the best; default false, the least.</summary>
    public bool Maximize { get; init; }

    /// <summary>After how many trials without a better one the search ends; null (the default) for never.</summary>
    public int? Patience { get; init; }

    /// <summary>A value that is good enough: the search ends with the first trial that reaches it. Null (the default) for
    /// none.</summary>
    public double? Target { get; init; }

    /// <summary>A file of this search's own that keeps what was tried, and from which it goes on; null (the default) for
    /// none.</summary>
    public string? LogPath { get; init; }

    /// <summary>Is told of every trial when it is done, in the order in which they end.</summary>
    public IProgress<TrialResult>? Progress { get; init; }

    /// <summary>What runs the trials; default the threads of this process.</summary>
    public ITrialRunner Runner { get; init; } = new ThreadRunner();

    /// <summary>Name of the method, in logs and on pages.</summary>
    public abstract string Method { get; }

    /// <summary>Runs the search.</summary>
    /// <param name="objective">Judges a candidate; called on several threads at once.</param>
    /// <param name="cancellationToken">Ends the search; its log keeps what was done.</param>
    /// <exception cref="ArgumentException">The space or an option is wrong; the message lists everything.</exception>
    /// <exception cref="InvalidOperationException">Every trial failed, or the log is that of another search.</exception>
    /// <exception cref="Serialization.ModelFormatException">The log is damaged.</exception>
    /// <exception cref="IOException">The log cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public SearchResult Run(Func<Trial, double> objective, CancellationToken cancellationToken = default) =>
        Run(objective, null, cancellationToken);

    /// <summary>What to try next, given all trials so far in order; null where the search is over.</summary>
    internal abstract IReadOnlyList<Proposal>? Next(IReadOnlyList<TrialResult> done);

    /// <summary>Settings that the candidates follow from, for the log.</summary>
    internal abstract Config Settings();

    /// <summary>Notes what is wrong with options.</summary>
    private protected abstract void Check(OptionCheck check);

    /// <summary>A random stream of this search.</summary>
    internal SeededRandom Stream(ulong name) => new(SeededRandom.Key(SeededRandom.Key((ulong)Seed, 0x534541524348UL), name));

    /// <summary>Whether one value is better than another; NaN is worse than all.</summary>
    internal bool IsBetter(double one, double other) =>
        !double.IsNaN(one) && (double.IsNaN(other) || (Maximize ? one > other : one < other));

    /// <summary>Runs the search.</summary>
    /// <param name="objective">Judges a candidate.</param>
    /// <param name="subject">What it is judged on, so that a log of other data is known; null where nothing is known of
    /// it.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    internal SearchResult Run(Func<Trial, double> objective, string? subject, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(objective);
        Space.RequireParameters();
        var check = new OptionCheck(GetType().Name);
        check.Positive(nameof(Workers), Workers ?? 1).Positive(nameof(Patience), Patience ?? 1)
            .Finite(nameof(Target), Target ?? 0).Require(Runner is not null, "Runner must not be null");
        Check(check);
        check.ThrowIfAny();
        using SearchLog? log = LogPath is null ? null : SearchLog.Open(LogPath, this, subject, Runner!.WritesLog);
        int workers = Workers ?? Runner!.Workers;
        List<TrialResult> done = [];
        var ending = new SearchEnd(this);
        while (ending.At is null && Next(done) is { Count: > 0 } batch)
        {
            RunBatch(batch, done, workers, log, ending, objective, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (ending.At is { } last)
        {
            // Trials after the one that ended the search ran beside it by chance.
            done.RemoveRange(last + 1, done.Count - last - 1);
        }

        return done.Exists(result => !result.Failed)
            ? new SearchResult(this, done, ending.Reason)
            : throw new InvalidOperationException(FormattableString.Invariant(
                $"All {done.Count} trials of the search failed. The first one: {done[0].Problem}"));
    }

    private void RunBatch(IReadOnlyList<Proposal> batch, List<TrialResult> done, int workers, SearchLog? log, SearchEnd ending,
        Func<Trial, double> objective, CancellationToken cancellationToken)
    {
        int first = done.Count;
        var results = new TrialResult?[batch.Count];
        List<int> open = [];
        int known = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            results[i] = log?.Find(first + i, batch[i]);
            if (results[i] is null)
            {
                open.Add(i);
            }
        }

        bool goesOn = Follow();
        int threads = Math.Max(1, Environment.ProcessorCount / workers);
        if (goesOn && open.Count > 0)
        {
            Runner.Run(open.Count, Math.Min(workers, open.Count), i =>
            {
                int place = open[i];
                Proposal proposal = batch[place];
                cancellationToken.ThrowIfCancellationRequested();
                return Judge(objective, new Trial(first + place, proposal.Candidate,
                    (int)(SeededRandom.Key((ulong)Seed, (ulong)proposal.Origin) >> 33), proposal.Budget, threads,
                    cancellationToken));
            }, (i, outcome) =>
            {
                int place = open[i];
                var result = new TrialResult(first + place, batch[place].Candidate, batch[place].Budget, outcome.Value,
                    outcome.Problem, outcome.Seconds, outcome.Figures)
                { Origin = batch[place].Origin };
                results[place] = result;
                log?.Add(result);
                Progress?.Report(result);
                return Follow();
            });
        }

        cancellationToken.ThrowIfCancellationRequested();
        done.AddRange(results.TakeWhile(result => result is not null)!);

        // Looks at the trials in their order, as far as there is no gap.
        bool Follow()
        {
            while (ending.At is null && known < results.Length && results[known] is { } result)
            {
                known++;
                ending.See(result);
            }

            return ending.At is null;
        }
    }

    private static TrialOutcome Judge(Func<Trial, double> objective, Trial trial)
    {
        long start = Stopwatch.GetTimestamp();
        double value = double.NaN;
        string? problem = null;
        try
        {
            value = objective(trial);
            if (!double.IsFinite(value))
            {
                problem = FormattableString.Invariant($"the objective gave {value}, which is no finite number");
                value = double.NaN;
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException and not OutOfMemoryException
            || (exception is OperationCanceledException && !trial.Cancellation.IsCancellationRequested))
        {
            problem = exception.Message;
        }

        return new(value, problem, Stopwatch.GetElapsedTime(start).TotalSeconds, trial.Figures);
    }
}

/// <summary>What is to be tried.</summary>
/// <param name="Candidate">The candidate.</param>
/// <param name="Origin">Number of the candidate, which its seed follows from.</param>
/// <param name="Budget">How much is to be spent; null where that is not the search's business.</param>
internal sealed record Proposal(Candidate Candidate, int Origin, int? Budget = null);

/// <summary>Finds the trial that ends a search, in the order of their numbers.</summary>
internal sealed class SearchEnd(Search search)
{
    private double best = double.NaN;
    private int without;

    /// <summary>Number of the trial; null while the search goes on.</summary>
    public int? At { get; private set; }

    /// <summary>Why it ended; null where all was tried.</summary>
    public string? Reason { get; private set; }

    /// <summary>Looks at the next trial.</summary>
    public void See(TrialResult result)
    {
        without = search.IsBetter(result.Value, best) ? 0 : without + 1;
        best = without == 0 ? result.Value : best;
        if (search.Target is { } target && !double.IsNaN(best) && !search.IsBetter(target, best))
        {
            At = result.Number;
            Reason = FormattableString.Invariant($"trial {result.Number} reached the target of {target}");
        }
        else if (search.Patience is { } patience && without >= patience)
        {
            At = result.Number;
            Reason = FormattableString.Invariant($"no better one in {patience} trials");
        }
    }
}
