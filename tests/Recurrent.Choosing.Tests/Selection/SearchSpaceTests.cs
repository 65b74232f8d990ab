using Recurrent.Random;
using Recurrent.Selection;

namespace Recurrent.Tests.Selection;

/// <summary>Spaces: their values, conditions, and what they refuse.</summary>
[TestFixture]
public sealed class SearchSpaceTests
{
    private static SearchSpace Cells() => new SearchSpace()
        .Integer("units", 4, 64, log: true)
        .Real("rate", 1e-4, 1e-1, log: true)
        .Choice("cell", "gru", "lstm")
        .When("cell", "lstm", inside => inside.Switch("peephole").When("peephole", true, deeper => deeper.Real("decay", 0, 1)));

    [Test]
    public void Draws_are_within_bounds_and_keep_conditions()
    {
        SearchSpace space = Cells();
        var random = new SeededRandom(1);
        int small = 0;
        for (int i = 0; i < 2000; i++)
        {
            Candidate candidate = space.Draw(ref random);
            bool isLstm = candidate.Choice("cell") == "lstm";
            Assert.That(candidate.Integer("units"), Is.InRange(4, 64));
            Assert.That(candidate.Real("rate"), Is.InRange(1e-4, 1e-1));
            Assert.That(candidate.Has("peephole"), Is.EqualTo(isLstm));
            Assert.That(candidate.Has("decay"), Is.EqualTo(isLstm && candidate.Switch("peephole")));
            small += candidate.Integer("units") < 16 ? 1 : 0;
        }

        Assert.That(small, Is.InRange(900, 1150), "half of a log scale from 4 to 64 lies below 16");
    }

    [Test]
    public void A_grid_is_the_product_with_what_counts()
    {
        IReadOnlyList<Candidate> grid = Cells().Grid(points: 3, most: 1000);

        // 3 units × 3 rates × (gru + lstm × (no peephole + peephole × 3 decays)).
        Assert.That(grid, Has.Count.EqualTo(3 * 3 * (1 + (1 + 3))));
        Assert.That(grid, Is.Unique);
        Assert.That(grid.Select(candidate => candidate.Integer("units")).Distinct(), Is.EqualTo(new[] { 4, 16, 64 }));
        Assert.That(grid.Select(candidate => candidate.Real("rate")).Distinct(), Is.EqualTo(new[] { 1e-4, 3.1622776601683794e-3,
            1e-1 })
            .Within(1e-9));
    }

    [Test]
    public void Count_knows_what_is_finite() => Assert.Multiple(() =>
    {
        Assert.That(Cells().Count, Is.Null);
        Assert.That(new SearchSpace().Integer("a", 1, 9, step: 4).Choice("b", 1, 2).When("b", 2, s => s.Switch("c")).Count,
            Is.EqualTo(3 * 3));
        Assert.That(new SearchSpace().Integer("a", int.MinValue, int.MaxValue).Integer("b", int.MinValue, int.MaxValue)
            .Integer("c", int.MinValue, int.MaxValue).Count, Is.EqualTo(long.MaxValue));
    });

    [Test]
    public void Integers_with_a_step_and_options_of_any_type()
    {
        SearchSpace space = new SearchSpace().Integer("heads", 2, 9, step: 3).Choice("width", 0.5, 1.5).Choice("day",
            DayOfWeek.Friday);
        IReadOnlyList<Candidate> grid = space.Grid(5, 100);
        Assert.That(grid.Select(candidate => candidate.Integer("heads")).Distinct(), Is.EqualTo(new[] { 2, 5, 8 }));
        Assert.That(grid[1].Choice<double>("width"), Is.EqualTo(1.5));
        Assert.That(grid[1].Choice<DayOfWeek>("day"), Is.EqualTo(DayOfWeek.Friday));
        Assert.That(grid[1].ToString(), Is.EqualTo("heads 2, width 1.5, day Friday"));
    }

    [Test]
    public void Rules_leave_candidates_out()
    {
        SearchSpace space = new SearchSpace().Integer("units", 6, 12).Integer("heads", 2, 4)
            .Where(candidate => candidate.Integer("units") % candidate.Integer("heads") == 0, "heads divide units");
        Assert.That(space.Grid(1, 100).Select(candidate => (candidate.Integer("units"), candidate.Integer("heads"))),
            Is.EqualTo(new[] { (6, 2), (6, 3), (8, 2), (8, 4), (9, 3), (10, 2), (12, 2), (12, 3), (12, 4) }));
        var random = new SeededRandom(5);
        for (int i = 0; i < 100; i++)
        {
            Candidate candidate = space.Draw(ref random);
            Assert.That(candidate.Integer("units") % candidate.Integer("heads"), Is.Zero);
        }
    }

    [Test]
    public void What_is_empty_or_contradicts_itself_is_refused() => Assert.Multiple(() =>
    {
        Refused(() => new SearchSpace().Integer("units", 8, 4), "low must not be above high, but 8 is above 4");
        Refused(() => new SearchSpace().Integer("units", 0, 4, log: true), "a log scale needs values above 0, but low is 0");
        Refused(() => new SearchSpace().Real("rate", 1, 0.1), "low must not be above high, but 1 is above 0.1");
        Refused(() => new SearchSpace().Real("rate", double.NaN, 1), "low must be a finite number");
        Refused(() => new SearchSpace().Real("rate", -1, 1, log: true), "a log scale needs values above 0");
        Refused(() => new SearchSpace().Choice<string>("cell"), "a choice needs at least one option");
        Refused(() => new SearchSpace().Choice("cell", "a", "a"), "the option 'a' is there twice");
        Refused(() => new SearchSpace().Integer("a", 1, 2).Real("a", 0, 1), "there is a parameter of that name already");
        Refused(() => new SearchSpace().Choice("cell", "a", "b").When("cel", "a", s => s.Switch("c")), "Did you mean 'cell'?");
        Refused(() => new SearchSpace().Choice("cell", "a", "b").When("cell", "c", s => s.Switch("x")), "'cell' never is 'c'");
        Refused(() => new SearchSpace().Integer("n", 1, 9, step: 2).When("n", 4, s => s.Switch("x")), "'n' never is 4");
        Refused(() => new SearchSpace().Real("r", 0, 1).When("r", 1.0, s => s.Switch("x")), "no parameter can depend on");
        Refused(() => new SearchSpace().Choice("c", "a", "b").When("c", "a", s => { }), "no parameter is added");
        Refused(() => new SearchSpace().Choice("c", "a", "b").When("c", "a", s => s.When("c", "b", t => t.Switch("x"))),
            "these parameters would never count");
        Refused(() => new SearchSpace().Choice("c", "a", "b").When("c", "a", s => s.Switch("d"))
            .When("c", "b", s => s.When("d", true, t => t.Switch("x"))), "'d' counts only where c = a");
        Refused(() => new RandomSearch(new SearchSpace()).Run(trial => 0), "The search space is empty");
        SearchSpace never = new SearchSpace().Integer("n", 1, 9).Where(candidate => candidate.Integer("n") > 9, "n is above 9");
        Refused(() => new RandomSearch(never).Run(trial => 0),
            "The search space contradicts itself: no candidate keeps its rules (n is above 9)");
        Refused(() => new GridSearch(never).Run(trial => 0), "The search space contradicts itself");
        Refused(() => new TpeSearch(never).Run(trial => 0), "The search space contradicts itself");
        Refused(() => new SuccessiveHalving(never).Run(trial => 0), "The search space contradicts itself");
        Refused(() => new GridSearch(new SearchSpace().Integer("n", 1, int.MaxValue)).Run(trial => 0),
            "more than 100000 candidates");
    });

    [Test]
    public void Reading_what_is_not_there_teaches()
    {
        Candidate candidate = Cells().Grid(2, 1000)[0];
        Assert.Multiple(() =>
        {
            Assert.That(() => candidate.Integer("unit"), Throws.TypeOf<KeyNotFoundException>().With.Message
                .Contains("Did you mean 'units'?"));
            Assert.That(() => candidate.Integer("rate"), Throws.InvalidOperationException.With.Message.Contains(
                "'rate' is a real number, not a whole number. Read it with candidate.Real(\"rate\")"));
            Assert.That(() => candidate.Switch("peephole"), Throws.TypeOf<KeyNotFoundException>().With.Message
                .Contains("only where cell = lstm"));
            Assert.That(() => candidate.Choice<int>("cell"), Throws.InvalidOperationException.With.Message
                .Contains("of type String, not Int32"));
        });
    }

    private static void Refused(Func<object> make, string message) =>
        Assert.That(() => make(), Throws.ArgumentException.With.Message.Contains(message));
}
