using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Mpi;
using Recurrent.Mpi.Worker;
using Recurrent.Training;
using static Recurrent.Tests.RandomArrays;

namespace Recurrent.Tests.Mpi;

/// <summary>Batches whose shards run on several ranks, which are threads here, so that any number can be tried.</summary>
[TestFixture]
public sealed class ShardRanksTests
{
    private static Model Masked()
    {
        var model = new Sequential([new Masking(0, inputShape: (9, 4)), new LSTM(6, returnSequences: true),
            new Dense(2, activityRegularizer: "l2")], seed: 3);
        model.Compile("adam", new MeanSquaredError(), metrics: ["mae"], weightedMetrics: ["mse"]);
        return model;
    }

    private static Model Shared()
    {
        var a = new Input((9, 4), name: "a");
        var b = new Input((9, 4), name: "b");
        var lstm = new LSTM(5);
        Symbol both = new Concatenate().Call(lstm.Call(a), lstm.Call(b));
        var model = new Model([a, b], [new Dense(1, name: "first").Call(both), new Dense(2, name: "second").Call(both)], seed: 4);
        model.Compile("sgd", "mse");
        return model;
    }

    private static Model Large()
    {
        // Several buckets: 4 · 130 · (130 + 4) numbers in the first layer.
        var model = new Sequential([new LSTM(130, returnSequences: true, inputShape: (9, 4)), new LSTM(130), new Dense(1)],
            seed: 6);
        model.Compile("adam", "mse");
        return model;
    }

    private static NDArray HalfMasked()
    {
        var x = new NDArray([200, 9, 4], [.. Scenarios.X.Values]);
        for (int i = 0; i < 200; i++)
        {
            x.Values.AsSpan((i * 36) + (4 * (3 + (i % 5))), 4 * (6 - (i % 5))).Clear();
        }

        return x;
    }

    private static IEnumerable<TestCaseData> Cases()
    {
        foreach (string name in (string[])["plain", "masked", "shared", "large"])
        {
            foreach (int ranks in (int[])[1, 2, 3, 5, 8])
            {
                if (name == "plain" || ranks is 2 or 5)
                {
                    yield return new TestCaseData(name, ranks);
                }
            }
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Every_number_of_ranks_has_the_bits_of_one_process(string name, int ranks)
    {
        (Model, History) Train(Func<Model, Func<Model, History>, History> around)
        {
            Model model = name switch { "plain" => Scenarios.Build(), "masked" => Masked(), "shared" => Shared(), _ => Large() };
            ModelData x = name switch
            {
                "masked" => HalfMasked(),
                "shared" => new NDArray[] { Scenarios.X, Scenarios.X },
                _ => Scenarios.X,
            };
            ModelData y = name switch
            {
                "masked" => Noise(200, 9, 2),
                "shared" => new NDArray[] { Scenarios.Y, Noise(200, 2) },
                _ => Scenarios.Y,
            };
            return (model, around(model, trained => trained.Fit(x, y, epochs: 2, batchSize: 80, verbose: 0,
                sampleWeight: name == "masked" ? (ModelData)Noise(200, 1).Values.Select(Math.Abs).ToArray() : null)));
        }

        string one = Scenarios.Describe(Train((model, fit) => fit(model)));
        string[] all = ThreadLink.Run(ranks, link => Scenarios.Describe(Train((model, fit) =>
            MpiTraining.Fit(link, 2, model, fit))));
        Assert.That(all, Has.All.EqualTo(one));
    }

    [Test]
    public void As_many_shards_give_the_same_on_any_number_of_ranks()
    {
        string[] Train(int ranks, GradientSum sum) => ThreadLink.Run(ranks, link =>
        {
            Model model = Scenarios.Build();
            History history = MpiTraining.Fit(link, 1, model,
                trained => trained.Fit(Scenarios.X, Scenarios.Y, 2, 80, verbose: 0), 24, sum);
            return Scenarios.Describe((model, history));
        });
        string one = Train(1, GradientSum.InOrder)[0];
        Model plain = Scenarios.Build();
        plain.Fit(Scenarios.X, Scenarios.Y, 2, 80, verbose: 0);
        Assert.Multiple(() =>
        {
            Assert.That(Train(4, GradientSum.InOrder), Has.All.EqualTo(one));
            Assert.That(Train(7, GradientSum.InOrder), Has.All.EqualTo(one));
            Assert.That(one, Does.Not.StartWith(Scenarios.Hash(plain)), "five shards add up in another way");
            Assert.That(Train(3, GradientSum.AllReduce).Distinct().Count(), Is.EqualTo(1), "all ranks have the same");
        });
    }

    [Test]
    public void Callbacks_that_write_do_so_on_rank_0_alone_and_others_everywhere()
    {
        string folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "ranks-callbacks");
        Directory.CreateDirectory(folder);
        int[] epochs = ThreadLink.Run(3, link =>
        {
            Model model = Scenarios.Build();
            int seen = 0;
            MpiTraining.Fit(link, 1, model, trained => trained.Fit(
                Scenarios.X, Scenarios.Y, 2, 80, verbose: 0, callbacks:
                [
                    new CSVLogger(Path.Combine(folder, "log.csv")),
                    new LambdaCallback(onEpochEnd: (_, _, _) => seen++),
                ]));
            return seen;
        });
        Assert.That(epochs, Is.EqualTo(new[] { 2, 2, 2 }));
        Assert.That(File.ReadAllLines(Path.Combine(folder, "log.csv")), Has.Length.EqualTo(3));
    }

    [Test]
    public void What_ranks_disagree_on_is_named_with_the_rank()
    {
        Assert.That(() => ThreadLink.Run(3, link =>
        {
            new ShardRanks(link, null, true).RequireSame("the data", link.Rank == 1 ? "other" : "same");
            return 0;
        }), Throws.InvalidOperationException.With.Message.StartsWith(
            "The ranks do not agree on the data: rank 1 has 'other', rank 0 'same'."));
    }

    [Test]
    public void Options_of_the_ranks_are_checked() => Assert.That(
        () => MpiTraining.Fit(new ThreadLink(0, new(1)), 1, Scenarios.Build(), _ => throw new InvalidOperationException(), 0),
        Throws.ArgumentException.With.Message.Contains("shards must be at least 1"));
}
