using Recurrent.Registration;

namespace Recurrent.Selection;

/// <summary>
/// Gives many candidates a small budget, such as a few epochs, and the better part of them a larger one, again and again
/// (Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", 2016).
/// </summary>
/// <remarks>
/// With a factor of 3, a round keeps the best third and gives each three times the budget: 27 candidates of 1 epoch, 9 of 3, 3 of
/// 9, 1 of 27. A trial begins anew with its budget, so that what it gives does not depend on what was kept in memory; all rounds
/// together cost at most half as much again as one that goes on would. Rounds wait for their slowest trial, and the result is the
/// same for any number of workers. The best candidate is that of the greatest budget.
/// </remarks>
public sealed class SuccessiveHalving : Search
{
    /// <summary>Creates the search.</summary>
    /// <param name="space">What is chosen from.</param>
    /// <param name="candidates">Number of candidates at the beginning; default 27.</param>
    /// <param name="minBudget">Budget of the first round; default 1.</param>
    /// <param name="factor">By what the budget grows, and the number of candidates falls; at least 2, default 3.</param>
    /// <param name="maxBudget">Budget of the last round; null (the default) goes on until one candidate is left.</param>
    public SuccessiveHalving(
        SearchSpace space, int candidates = 27, int minBudget = 1, int factor = 3, int? maxBudget = null)
        : base(space)
    {
        Candidates = candidates;
        MinBudget = minBudget;
        Factor = factor;
        MaxBudget = maxBudget;
    }

    /// <summary>Number of candidates at the beginning.</summary>
    public int Candidates { get; }

    /// <summary>Budget of the first round.</summary>
    public int MinBudget { get; }

    /// <summary>By what the budget grows, and the number of candidates falls.</summary>
    public int Factor { get; }

    /// <summary>Budget of the last round; null goes on until one candidate is left.</summary>
    public int? MaxBudget { get; }

    /// <inheritdoc/>
    public override string Method => "successive halving";

    internal override IReadOnlyList<Proposal>? Next(IReadOnlyList<TrialResult> done)
    {
        if (done.Count == 0)
        {
            return [.. RandomSearch.Distinct(this, Candidates)
                .Select((candidate, i) => new Proposal(candidate, i, MinBudget))];
        }

        int budget = done[^1].Budget!.Value;
        TrialResult[] round = [.. done.Reverse().TakeWhile(result => result.Budget == budget).Reverse()];
        TrialResult[] able = [.. round.Where(result => !result.Failed)];
        if (round.Length == 1 || able.Length == 0 || budget >= (MaxBudget ?? int.MaxValue))
        {
            return null;
        }

        int kept = Math.Max(1, round.Length / Factor);
        int next = (int)Math.Min((long)budget * Factor, MaxBudget ?? int.MaxValue);
        IOrderedEnumerable<TrialResult> order = Maximize
            ? able.OrderByDescending(result => result.Value) : able.OrderBy(result => result.Value);
        return [.. order.Take(kept).OrderBy(result => result.Number)
            .Select(result => new Proposal(result.Candidate, result.Origin, next))];
    }

    internal override Config Settings() => new()
    {
        { "candidates", (long)Candidates },
        { "min_budget", (long)MinBudget },
        { "factor", (long)Factor },
        { "max_budget", MaxBudget is { } most ? (long)most : null },
    };

    private protected override void Check(OptionCheck check) => check
        .Positive(nameof(Candidates), Candidates)
        .Positive(nameof(MinBudget), MinBudget)
        .AtLeast(nameof(Factor), Factor, 2)
        .AtLeast(nameof(MaxBudget), MaxBudget ?? int.MaxValue, MinBudget)
        .Require(Patience is null, "Patience has no meaning here: rounds end by themselves")
        .Require(Target is null, "Target has no meaning here: values of small budgets do not count");
}
