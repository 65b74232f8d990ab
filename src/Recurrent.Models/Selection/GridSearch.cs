using Recurrent.Registration;

namespace Recurrent.Selection;

/// <summary>Tries every candidate: all values of integers and choices, and evenly spread ones of reals.</summary>
public sealed class GridSearch : Search
{
    private const int Most = 100_000;

    /// <summary>Creates the search.</summary>
    /// <param name="space">What is chosen from.</param>
    /// <param name="points">How many values a real has, and an integer on a log scale: from the least to the greatest, evenly on
    /// its scale. Default 5; with 1, the middle.</param>
    public GridSearch(SearchSpace space, int points = 5)
        : base(space) => Points = points;

    /// <summary>How many values a real has, and an integer on a log scale.</summary>
    public int Points { get; }

    /// <inheritdoc/>
    public override string Method => "grid";

    internal override IReadOnlyList<Proposal>? Next(IReadOnlyList<TrialResult> done) =>
        done.Count > 0 ? null : [.. Space.Grid(Points, Most).Select((candidate, i) => new Proposal(candidate, i))];

    internal override Config Settings() => new() { { "points", (long)Points } };

    private protected override void Check(OptionCheck check) => check.Positive(nameof(Points), Points);
}
