using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Selection;

/// <summary>
/// Tries candidates drawn at random, each at most once: where few parameters matter, it finds good values of these sooner than a
/// grid (Bergstra and Bengio, "Random search for hyper-parameter optimization", 2012).
/// </summary>
public sealed class RandomSearch : Search
{
    private const int Attempts = 1000;

    /// <summary>Creates the search.</summary>
    /// <param name="space">What is chosen from.</param>
    /// <param name="trials">Number of candidates; fewer where the space has no more. Default 50.</param>
    public RandomSearch(SearchSpace space, int trials = 50)
        : base(space) => Trials = trials;

    /// <summary>Number of candidates.</summary>
    public int Trials { get; }

    /// <inheritdoc/>
    public override string Method => "random";

    internal override IReadOnlyList<Proposal>? Next(IReadOnlyList<TrialResult> done) => done.Count > 0 ? null
        : [.. Distinct(this, Trials).Select((candidate, i) => new Proposal(candidate, i))];

    internal override Config Settings() => new() { { "trials", (long)Trials } };

    /// <summary>Draws different candidates.</summary>
    internal static IReadOnlyList<Candidate> Distinct(Search search, int count)
    {
        HashSet<Candidate> seen = [];
        List<Candidate> drawn = [];
        SeededRandom random = search.Stream(0);
        count = (int)Math.Min(count, search.Space.Count ?? int.MaxValue);
        for (int attempt = 0; drawn.Count < count && attempt < Attempts; attempt++)
        {
            Candidate candidate = search.Space.Draw(ref random);
            if (seen.Add(candidate))
            {
                drawn.Add(candidate);
                attempt = 0;
            }
        }

        return drawn;
    }

    private protected override void Check(OptionCheck check) => check.Positive(nameof(Trials), Trials);
}
