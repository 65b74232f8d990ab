using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Selection;

/// <summary>
/// Tries candidates like those that were good: Bayesian optimization by a tree-structured Parzen estimator (Bergstra, Bardenet,
/// Bengio and Kégl, "Algorithms for hyper-parameter optimization", 2011).
/// </summary>
/// <remarks>
/// <para>
/// Trials so far are split into the good ones, the best <c>⌈√n / 2⌉</c> of n, but at least two, and the others. For each
/// parameter, where it counts, both make a density: of numbers a mixture of normal distributions around their values (on the
/// parameter's scale, within its bounds) and a wide one; of choices frequencies, with one of each beforehand. Of several values
/// drawn from the density of the good ones the one is tried whose ratio of densities, good to others, is greatest: that with the
/// greatest expected improvement.
/// </para>
/// <para>
/// Trials run in batches of <see cref="BatchSize"/>: all of a batch are drawn from what was known before it, each with random
/// numbers of its own. So the result depends on the size of batches and not on the number of workers.
/// </para>
/// </remarks>
public sealed class TpeSearch : Search
{
    private const int MostGood = 25;
    private const int Attempts = 100;

    /// <summary>Creates the search.</summary>
    /// <param name="space">What is chosen from.</param>
    /// <param name="trials">Number of candidates; fewer where the space has no more. Default 50.</param>
    /// <param name="startup">How many are drawn at random before; default 10.</param>
    /// <param name="batchSize">How many run before the next are chosen; default 4.</param>
    /// <param name="draws">How many values are drawn for each one that is tried; default 24.</param>
    public TpeSearch(SearchSpace space, int trials = 50, int startup = 10, int batchSize = 4, int draws = 24)
        : base(space)
    {
        Trials = trials;
        Startup = startup;
        BatchSize = batchSize;
        Draws = draws;
    }

    /// <summary>Number of candidates.</summary>
    public int Trials { get; }

    /// <summary>How many are drawn at random at the beginning.</summary>
    public int Startup { get; }

    /// <summary>How many run before the next are chosen.</summary>
    public int BatchSize { get; }

    /// <summary>How many values are drawn for each one that is tried.</summary>
    public int Draws { get; }

    /// <inheritdoc/>
    public override string Method => "TPE";

    internal override IReadOnlyList<Proposal>? Next(IReadOnlyList<TrialResult> done)
    {
        int wanted = (int)Math.Min(Trials, Space.Count ?? int.MaxValue);
        if (done.Count == 0)
        {
            return [.. RandomSearch.Distinct(this, Math.Min(Startup, wanted))
                .Select((candidate, i) => new Proposal(candidate, i))];
        }

        if (done.Count >= wanted)
        {
            return null;
        }

        (TrialResult[] good, TrialResult[] others) = Split(done);
        var densities = new (ParameterDensity Good, ParameterDensity Others)[Space.Parameters.Count];
        for (int i = 0; i < densities.Length; i++)
        {
            densities[i] = (new(Space.Parameters[i], good, i), new(Space.Parameters[i], others, i));
        }

        HashSet<Candidate> seen = [.. done.Select(result => result.Candidate)];
        List<Proposal> batch = [];
        for (int i = 0; i < BatchSize && done.Count + i < wanted; i++)
        {
            if (Choose(densities, seen, done.Count + i) is not { } candidate)
            {
                break;
            }

            seen.Add(candidate);
            batch.Add(new(candidate, done.Count + i));
        }

        return batch;
    }

    internal override Config Settings() => new()
    {
        { "trials", (long)Trials },
        { "startup", (long)Startup },
        { "batch_size", (long)BatchSize },
        { "draws", (long)Draws },
    };

    private protected override void Check(OptionCheck check) => check
        .Positive(nameof(Trials), Trials)
        .Positive(nameof(Startup), Startup)
        .Positive(nameof(BatchSize), BatchSize)
        .Positive(nameof(Draws), Draws);

    private (TrialResult[] Good, TrialResult[] Others) Split(IReadOnlyList<TrialResult> done)
    {
        TrialResult[] able = [.. done.Where(result => !result.Failed)
            .OrderBy(result => Maximize ? -result.Value : result.Value).ThenBy(result => result.Number)];
        int count = Math.Min(able.Length, Math.Clamp((int)Math.Ceiling(0.5 * Math.Sqrt(done.Count)), 2, MostGood));
        return (able[..count], [.. able[count..], .. done.Where(result => result.Failed)]);
    }

    /// <summary>A candidate that was not tried; null where none is found.</summary>
    private Candidate? Choose(
        (ParameterDensity Good, ParameterDensity Others)[] densities, HashSet<Candidate> seen, int number)
    {
        SeededRandom random = Stream(1 + (ulong)number);
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            SeededRandom draws = random;
            Candidate candidate = Space.Make(place => Best(densities[place], ref draws));
            random = draws;
            if (!seen.Contains(candidate) && Space.Keeps(candidate))
            {
                return candidate;
            }
        }

        // What the densities give has all been tried: something else.
        for (int attempt = 0; attempt < Attempts * Attempts; attempt++)
        {
            Candidate candidate = Space.Draw(ref random);
            if (!seen.Contains(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    private double Best((ParameterDensity Good, ParameterDensity Others) density, ref SeededRandom random)
    {
        double best = double.NaN;
        double most = double.NegativeInfinity;
        for (int i = 0; i < Draws; i++)
        {
            double value = density.Good.Draw(ref random);
            double gain = density.Good.Log(value) - density.Others.Log(value);
            if (gain > most || double.IsNaN(best))
            {
                (best, most) = (value, gain);
            }
        }

        return best;
    }
}
