using Recurrent.Selection;
using Recurrent.Serialization;

namespace Recurrent.Tests.Selection;

/// <summary>Searches: what they find, and that workers, interruptions and logs change nothing.</summary>
[TestFixture]
public sealed class SearchTests
{
    private string folder = string.Empty;

    [SetUp]
    public void MakeFolder()
    {
        folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "searches", TestContext.CurrentContext.Test.ID);
        Directory.CreateDirectory(folder);
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    private static SearchSpace Space() => new SearchSpace()
        .Real("x", -5, 5)
        .Integer("n", 1, 100, log: true)
        .Choice("form", "round", "flat")
        .When("form", "round", inside => inside.Real("bend", 0, 2));

    // Least at x = 1, n = 10, round with a bend of 0.5.
    private static double Objective(Trial trial) =>
        Math.Pow(trial.Real("x") - 1, 2) + Math.Pow(Math.Log10(trial.Integer("n")) - 1, 2)
        + (trial.Choice("form") == "flat" ? 1 : Math.Pow(trial.Real("bend") - 0.5, 2));

    private static Search Make(string method, int workers, string? log = null, int seed = 4) => method switch
    {
        "grid" => new GridSearch(Space(), 4) { Workers = workers, LogPath = log, Seed = seed },
        "random" => new RandomSearch(Space(), 30) { Workers = workers, LogPath = log, Seed = seed },
        "halving" => new SuccessiveHalving(Space(), 27) { Workers = workers, LogPath = log, Seed = seed },
        _ => new TpeSearch(Space(), 30, startup: 8, batchSize: 3) { Workers = workers, LogPath = log, Seed = seed },
    };

    private static string[] Story(SearchResult result) => [.. result.Trials.Select(trial =>
        FormattableString.Invariant($"{trial.Number} {trial.Candidate} {trial.Budget} {trial.Value:R}"))];

    [Test]
    public void The_result_is_the_same_for_any_number_of_workers([Values("grid", "random", "halving", "tpe")] string method)
    {
        string[] one = Story(Make(method, 1).Run(Objective));
        Assert.That(one, Has.Length.GreaterThan(20));
        foreach (int workers in (int[])[2, 3, 7])
        {
            Assert.That(Story(Make(method, workers).Run(trial =>
            {
                Thread.SpinWait(trial.Number % 3 * 20_000);
                return Objective(trial);
            })), Is.EqualTo(one), $"{workers} workers");
        }

        if (method != "grid")
        {
            Assert.That(Story(Make(method, 1, seed: 5).Run(Objective)), Is.Not.EqualTo(one));
        }
    }

    [Test]
    public void A_trials_seed_follows_from_the_search_and_its_candidate()
    {
        int[] Seeds(int workers)
        {
            int[] seeds = new int[40];
            Make("halving", workers).Run(trial =>
            {
                seeds[trial.Number] = trial.Seed;
                return trial.Number;
            });
            return seeds;
        }

        int[] one = Seeds(1);
        Assert.That(Seeds(4), Is.EqualTo(one));
        Assert.That(one.Take(27), Is.Unique);

        // The objective is the trial's number, so the first nine go on, and with their seeds.
        Assert.That(one.Skip(27).Take(9), Is.EqualTo(one.Take(9)));
    }

    [Test]
    public void What_was_interrupted_goes_on_from_its_log([Values("grid", "random", "halving", "tpe")] string method, [Values(1,
        3)] int workers)
    {
        string[] whole = Story(Make(method, 1).Run(Objective));
        string path = Path.Combine(folder, "search.jsonl");
        using (var stop = new CancellationTokenSource())
        {
            int done = 0;
            Assert.That(() => Make(method, workers, path).Run(trial =>
            {
                if (Interlocked.Increment(ref done) == 13)
                {
                    stop.Cancel();
                    trial.Cancellation.ThrowIfCancellationRequested();
                }

                return Objective(trial);
            }, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        }

        // As if it had been killed while it wrote.
        File.AppendAllText(path, "{\"format\":\"recurrent-search\",\"format_ver");
        int again = 0;
        SearchResult resumed = Make(method, workers, path).Run(trial =>
        {
            Interlocked.Increment(ref again);
            return Objective(trial);
        });
        Assert.That(Story(resumed), Is.EqualTo(whole));
        Assert.That(again, Is.InRange(whole.Length - 13, whole.Length - 12), "what was done is not done again");
        Assert.That(Story(Make(method, workers, path).Run(trial => throw new InvalidOperationException())), Is.EqualTo(whole));
    }

    [Test]
    public void Logs_of_other_searches_are_refused_with_what_differs()
    {
        string path = Path.Combine(folder, "search.jsonl");
        Make("random", 2, path).Run(Objective);
        Assert.Multiple(() =>
        {
            Refused(Make("random", 2, path, seed: 9), "it has another seed");
            Refused(Make("tpe", 2, path), "it has another method");
            Refused(new RandomSearch(Space(), 31) { LogPath = path, Seed = 4 }, "it has another settings");
            Refused(new RandomSearch(Space().Switch("more"), 30) { LogPath = path, Seed = 4 }, "it has another search space");
            Refused(new RandomSearch(Space(), 30) { LogPath = path, Seed = 4, Maximize = true }, "it has another direction");
        });

        static void Refused(Search search, string what) => Assert.That(() => search.Run(Objective),
            Throws.InvalidOperationException.With.Message.Contains("is that of another search").And.Message.Contains(what));
    }

    [Test]
    public void A_damaged_log_is_no_log()
    {
        string path = Path.Combine(folder, "search.jsonl");
        Make("random", 1, path).Run(Objective);
        string[] lines = File.ReadAllLines(path);
        var random = new Recurrent.Random.SeededRandom(3);
        for (int i = 0; i < 300; i++)
        {
            string[] changed = [.. lines];
            int line = random.NextInt(changed.Length);
            char[] text = changed[line].ToCharArray();
            text[random.NextInt(text.Length)] = "{}[]\",:0e\\n\u0001x"[random.NextInt(13)];
            changed[line] = new string(text);
            File.WriteAllLines(path, changed);
            try
            {
                Make("random", 1, path).Run(Objective);
            }
            catch (Exception exception) when (exception is ModelFormatException
                || (exception is InvalidOperationException && exception.Message.Contains("of another search",
                    StringComparison.Ordinal)))
            {
                // A change may also be one that is none: of a second's digits, say.
            }
        }

        File.WriteAllText(path, "{\"x\": 1}\n");
        Assert.That(() => Make("random", 1, path).Run(Objective),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains("line 1").And.Message.Contains("format"));
        File.WriteAllText(path, new string('x', 3 << 20) + "\n");
        Assert.That(() => Make("random", 1, path).Run(Objective), Throws.TypeOf<ModelFormatException>().With.Message
            .Contains("longer"));
        Assert.That(() => Make("random", 1, Path.Combine(folder, "none", "a.jsonl")).Run(Objective),
            Throws.TypeOf<DirectoryNotFoundException>());
    }

    [Test]
    public void Trials_that_fail_are_worse_than_all_others([Values("grid", "random", "halving", "tpe")] string method)
    {
        SearchResult result = Make(method, 2).Run(trial => trial.Number % 3 == 0 ? throw new ArgumentException("of no use")
            : trial.Number % 3 == 1 ? double.NaN : Objective(trial));
        Assert.Multiple(() =>
        {
            Assert.That(result.Best.Failed, Is.False);
            Assert.That(result.Trials[0].Problem, Is.EqualTo("of no use"));
            Assert.That(result.Trials[1].Problem, Does.Contain("NaN"));
            Assert.That(result.Ranking[^1].Failed, Is.True);
            Assert.That(() => Make(method, 2).Run(trial => double.PositiveInfinity),
                Throws.InvalidOperationException.With.Message.Contains("trials of the search failed").And.Message
                    .Contains("∞").Or.Message.Contains("Infinity"));
        });
    }

    [Test]
    public void Early_stopping_is_the_same_for_any_number_of_workers()
    {
        Search Patient(int workers) => new RandomSearch(Space(), 200) { Workers = workers, Patience = 12, Seed = 2 };
        SearchResult one = Patient(1).Run(Objective);
        SearchResult many = Patient(5).Run(Objective);
        Assert.Multiple(() =>
        {
            Assert.That(one.Trials, Has.Count.LessThan(200));
            Assert.That(one.Best.Number, Is.EqualTo(one.Trials.Count - 13));
            Assert.That(one.StopReason, Is.EqualTo("no better one in 12 trials"));
            Assert.That(Story(many), Is.EqualTo(Story(one)));
            SearchResult target = new RandomSearch(Space(), 200) { Workers = 3, Target = 1.5, Seed = 2 }.Run(Objective);
            Assert.That(target.Trials[^1].Value, Is.LessThanOrEqualTo(1.5));
            Assert.That(target.Trials.SkipLast(1).All(trial => trial.Value > 1.5));
        });
    }

    [Test]
    public void Halving_gives_the_better_ones_more()
    {
        SearchResult result = new SuccessiveHalving(Space(), candidates: 20, minBudget: 2, factor: 3, maxBudget: 11) { Seed = 1 }
            .Run(trial => Objective(trial) + (1.0 / trial.Budget!.Value));
        Assert.Multiple(() =>
        {
            Assert.That(result.Trials.GroupBy(trial => trial.Budget).Select(round => (round.Key, round.Count())),
                Is.EqualTo(new (int?, int)[] { (2, 20), (6, 6), (11, 2) }));
            double worstKept = result.Trials.Where(trial => trial.Budget == 6).Max(trial => trial.Value - (1.0 / 6));
            Assert.That(result.Trials.Count(trial => trial.Budget == 2 && trial.Value - 0.5 <= worstKept + 1e-9), Is.EqualTo(6));
            Assert.That(result.Best.Budget, Is.EqualTo(11));
        });
    }

    // Three functions: with a condition and whole numbers; Branin's, which has three equal minima; and of six numbers.
    [Test]
    public void Tpe_finds_better_ones_than_chance([Values("mixed", "branin", "bowl")] string name)
    {
        (SearchSpace Space, Func<Trial, double> Of, double Least) known = name switch
        {
            "mixed" => (Space(), Objective, 0),
            "branin" => (new SearchSpace().Real("x", -5, 10).Real("y", 0, 15), Branin, 0.397887),
            _ => (Bowl(), trial => Enumerable.Range(0, 6).Sum(i => (1 + i) * Math.Pow(trial.Real($"x{i}") - 0.3 - (0.05 * i),
                2)), 0),
        };
        const int Seeds = 20;
        int better = 0;
        double ratio = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            double found = new TpeSearch(known.Space, 60) { Seed = seed }.Run(known.Of).Best.Value - known.Least;
            double drawn = new RandomSearch(known.Space, 60) { Seed = seed }.Run(known.Of).Best.Value - known.Least;
            better += found < drawn ? 1 : 0;
            ratio += Math.Log(found / drawn) / Seeds;
        }

        Assert.That(better, Is.GreaterThanOrEqualTo(13), "of 20");
        Assert.That(Math.Exp(ratio), Is.LessThan(0.7));

        static double Branin(Trial trial) => Math.Pow(trial.Real("y") - (5.1 / (4 * Math.PI * Math.PI) * Math.Pow(trial
            .Real("x"), 2))
            + (5 / Math.PI * trial.Real("x")) - 6, 2) + (10 * (1 - (1 / (8 * Math.PI))) * Math.Cos(trial.Real("x"))) + 10;

        static SearchSpace Bowl()
        {
            var space = new SearchSpace();
            for (int i = 0; i < 6; i++)
            {
                space.Real($"x{i}", 0, 1);
            }

            return space;
        }
    }

    [Test]
    public void Tpe_ends_where_a_finite_space_does_and_maximizes()
    {
        SearchSpace space = new SearchSpace().Integer("a", 1, 4).Integer("b", 1, 5);
        SearchResult result = new TpeSearch(space, 500) { Maximize = true }.Run(trial => trial.Integer("a") * trial.Integer("b"));
        Assert.That(result.Trials, Has.Count.EqualTo(20));
        Assert.That(result.Trials.Select(trial => trial.Candidate), Is.Unique);
        Assert.That(result.Best.Value, Is.EqualTo(20));
    }

    [Test]
    public void Options_out_of_range_are_all_named() => Assert.Multiple(() =>
    {
        Assert.That(() => new RandomSearch(Space(), 0) { Workers = 0, Patience = -1 }.Run(Objective), Throws.ArgumentException
            .With.Message.Contains("Workers").And.Message.Contains("Patience").And.Message.Contains("Trials"));
        Assert.That(() => new SuccessiveHalving(Space(), 9, minBudget: 5, factor: 1, maxBudget: 4) { Patience = 3 }
            .Run(Objective),
            Throws.ArgumentException.With.Message.Contains("Factor").And.Message.Contains("MaxBudget").And.Message
                .Contains("Patience"));
    });

    [Test]
    public void Table_and_page_show_all()
    {
        SearchResult result = Make("random", 2).Run(trial =>
        {
            trial.Report("weights", trial.Integer("n") * 10);
            return trial.Number == 3 ? throw new ArgumentException("too <large>") : Objective(trial);
        });
        string table = result.ToTable(5);
        string page = result.ToHtml();
        result.Save(Path.Combine(folder, "page.html"));
        Assert.Multiple(() =>
        {
            Assert.That(table.TrimEnd().Split('\n'), Has.Length.EqualTo(6));
            Assert.That(table.Split('\n')[0], Does.Contain("bend").And.Contain("value").And.Contain("weights"));
            Assert.That(table.Split('\n')[1].Trim(), Does.StartWith($"{result.Best.Number} "));
            Assert.That(page, Does.Contain("Search by random").And.Contain("too &lt;large&gt;").And.Contain("Values by x")
                .And.Contain("log₁₀ n").And.Contain("of which 1 failed"));
            Assert.That(File.ReadAllText(Path.Combine(folder, "page.html")), Is.EqualTo(page));
        });
    }
}
