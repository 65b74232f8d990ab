using Recurrent.Selection;

namespace Recurrent.Tests.Selection;

/// <summary>What a function that is searched over sees of a trial.</summary>
[TestFixture]
public sealed class TrialTests
{
    private enum Kind
    {
        Plain,
        Gated,
    }

    [Test]
    public void A_trial_tells_the_values_of_its_candidate()
    {
        SearchSpace space = new SearchSpace()
            .Choice("kind", Kind.Plain, Kind.Gated)
            .When("kind", Kind.Gated, inside => inside.Switch("peephole"));
        var seen = new List<(Kind Kind, bool Has, bool Peephole)>();
        var search = new GridSearch(space) { Workers = 1 };
        search.Run(trial =>
        {
            bool has = trial.Has("peephole");
            seen.Add((trial.Choice<Kind>("kind"), has, has && trial.Switch("peephole")));
            return seen.Count;
        });
        Assert.That(seen, Is.EquivalentTo(new[]
        {
            (Kind.Plain, false, false), (Kind.Gated, true, false), (Kind.Gated, true, true),
        }));
    }

    [Test]
    public void A_trial_that_asks_for_what_is_not_there_fails_and_says_so()
    {
        SearchResult result = new GridSearch(new SearchSpace().Switch("on")).Run(
            trial => trial.Switch("on") ? trial.Real("rate") : 0);
        Assert.That(result.Best.Candidate.Switch("on"), Is.False);
        Assert.That(result.Trials.Single(trial => trial.Failed).Problem, Does.Contain("rate"));
    }
}
