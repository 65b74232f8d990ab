using System.Globalization;
using Recurrent.Callbacks;
using Recurrent.Forecasting;
using Recurrent.Models;
using Recurrent.Mpi.Worker;

namespace Recurrent.Tests.Mpi;

/// <summary>Several processes on this machine, started by mpirun, beside one.</summary>
[TestFixture]
[Category("Slow")]
public sealed class MpirunTests
{
    [OneTimeSetUp]
    public void RequireMpirun()
    {
        if (!Mpirun.IsThere)
        {
            Assert.Ignore(
                "There is no mpirun on the path. Install Open MPI (Debian: apt-get install openmpi-bin) to run these tests.");
        }
    }

    // 80 samples are five shards, and a last batch of 40 is two: not all ranks have as many, some none.
    [TestCase(2)]
    [TestCase(4)]
    public void Training_on_ranks_has_the_bits_of_one_process(int ranks)
    {
        Mpirun run = Mpirun.Of(ranks, "train");
        Model model = Scenarios.Build();
        History history = model.Fit(Scenarios.X, Scenarios.Y, Scenarios.Epochs, Scenarios.BatchSize, validationSplit: 0.2,
            verbose: 0);
        Assert.That(run.Error, Is.Empty.Or.Not.Contains("failed"));
        Assert.That(run.Output, Is.EqualTo(Scenarios.Describe((model, history))));
    }

    [Test]
    public void Collective_calls_leave_all_ranks_with_the_sums_and_with_what_one_of_them_has()
    {
        // 1 + 2 + 3 and 3 · 0.25; rank 1's word; and of each rank as many signs as its number.
        Assert.That(Mpirun.Of(3, "collective").Output.ReplaceLineEndings("\n"),
            Is.EqualTo("0: 6 0.75 root\n1: 6 0.75 root!\n2: 6 0.75 root!!"));
        Assert.That(Mpirun.Of(2, "no root").Error, Does.Contain("root ('2') must be less than '2'"));
    }

    [TestCase("batches", 2)]
    [TestCase("stateful", 2)]
    [TestCase("ragged", 3)]
    [TestCase("source", 3)]
    public void Kinds_of_models_have_the_bits_of_one_process(string kind, int ranks) =>
        Assert.That(Mpirun.Of(ranks, "kind", kind).Output, Is.EqualTo(Kinds.Train(kind, (model, fit) => fit(model))));

    [Test]
    public void The_sum_of_MPI_itself_is_near()
    {
        string[] words = Mpirun.Of(3, "train", "-", "allreduce").Output.Split(' ');
        Model model = Scenarios.Build();
        History history = model.Fit(Scenarios.X, Scenarios.Y, Scenarios.Epochs, Scenarios.BatchSize, validationSplit: 0.2,
            verbose: 0);
        string[] one = Scenarios.Describe((model, history)).Split(' ');
        Assert.That(words, Has.Length.EqualTo(one.Length));
        for (int i = 1; i < words.Length; i++)
        {
            if (double.TryParse(one[i], NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            {
                Assert.That(double.Parse(words[i], CultureInfo.InvariantCulture), Is.EqualTo(value).Within(1e-3).Percent);
            }
        }
    }

    [Test]
    public void A_rank_that_dies_ends_the_job_and_others_go_on_from_its_backup()
    {
        string folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "mpi-backup");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Mpirun killed = Mpirun.Of(3, "die", folder, "kill");
        Assert.That(killed.Code, Is.Not.Zero);
        Assert.That(killed.Error, Does.Contain("rank 1"));
        Assert.That(Directory.EnumerateFiles(folder), Is.Not.Empty, "a backup is there");

        // With another number of ranks, and to the bits of one process that nobody has killed.
        Mpirun resumed = Mpirun.Of(2, "die", folder);
        Model model = Scenarios.Build();
        History history = model.Fit(Scenarios.X, Scenarios.Y, 5, Scenarios.BatchSize, verbose: 0);
        Assert.That(resumed.Output, Is.EqualTo(
            $"{Scenarios.Hash(model)} {history["loss"][^1].ToString("R", CultureInfo.InvariantCulture)}"), resumed.Error);
    }

    [Test]
    public void Ranks_that_disagree_end_with_a_message_and_nobody_waits()
    {
        Mpirun run = Mpirun.Of(3, "disagree");
        Assert.That(run.Code, Is.Not.Zero);
        Assert.That(run.Error, Does.Contain("The ranks do not agree on the architecture of the model: rank 2 has"));
        Mpirun wrong = Mpirun.Of(2, "nothing");
        Assert.That(wrong.Error, Does.Contain("failed: There is no scenario 'nothing'.").And.Contain("goes on from its last"));
    }

    [Test]
    public void Searches_panels_and_backtests_are_those_of_one_process()
    {
        string log = Path.Combine(TestContext.CurrentContext.WorkDirectory, "mpi-search.jsonl");
        File.Delete(log);
        string search = string.Join("\n",
            Scenarios.Search(null, null).Run(Scenarios.Score).Trials.Select(trial => trial.ToString()));
        Assert.That(Mpirun.Of(3, "search", log).Output, Is.EqualTo(search));
        Assert.That(File.ReadAllLines(log), Has.Length.EqualTo(25));
        Assert.That(Mpirun.Of(2, "search", log).Output, Is.EqualTo(search), "from its log, with another number of ranks");
        var single = new ExponentialSmoothing();
        single.Fit(Scenarios.Panel());
        Assert.That(Mpirun.Of(3, "panel").Output, Is.EqualTo(Scenarios.Describe(single.PredictPanel(6))));
        BacktestResult backtest = Backtest.Run(Scenarios.Panel(), Scenarios.Methods(), new BacktestOptions(4) { Folds = 3 });
        Assert.That(Mpirun.Of(3, "backtest").Output, Is.EqualTo(Scenarios.Describe(backtest)));
    }
}
