using Recurrent.Callbacks;
using Recurrent.Models;
using Recurrent.Mpi;
using Recurrent.Mpi.Worker;
using Recurrent.Optimizers;
using Recurrent.Training;

namespace Recurrent.Tests.Mpi;

/// <summary>Kinds of models and data that need more of the ranks than gradients; ranks are threads here.</summary>
[TestFixture]
public sealed class RankKindsTests
{
    private static IEnumerable<TestCaseData> Cases() =>
        Kinds.Names.SelectMany(kind => (int[])[1, 2, 3, 5, 8], (kind, ranks) => new TestCaseData(kind, ranks));

    // 50 samples are three shards: of five ranks two have none, of eight five.
    [TestCaseSource(nameof(Cases))]
    public void Every_kind_has_the_bits_of_one_process(string kind, int ranks)
    {
        string one = Kinds.Train(kind, (model, fit) => fit(model));
        string[] all = ThreadLink.Run(
            ranks, link => Kinds.Train(kind, (model, fit) => MpiTraining.Fit(link, 2, model, fit)));
        Assert.That(all, Has.All.EqualTo(one));
        Assert.That(one, Does.Not.Contain("NaN"));
    }

    // Batches of 50, 50 and 8 samples: three, three and two shards; one each where the statistics are inside a wrapper.
    [TestCase("batch", 2, 5, 0)]
    [TestCase("batch", 3, 5, 2)]
    [TestCase("batch", 5, 5, 6)]
    [TestCase("wrapped", 2, 3, 6)]
    public void Statistics_are_sent_where_a_rank_has_no_shard_to_take_them_from(
        string kind, int ranks, int channels, int batches)
    {
        const int MeanAndVariance = 2;
        int[] sent = ThreadLink.Run(ranks, link =>
        {
            var counting = new CountingLink(link, channels * sizeof(float));
            Kinds.Train(kind, (model, fit) => MpiTraining.Fit(counting, 2, model, fit));
            return counting.Told;
        });
        Assert.That(sent, Has.All.EqualTo(MeanAndVariance * batches));
    }

    [Test]
    public void Batch_statistics_inside_a_wrapper_are_left_to_one_rank_and_that_is_said()
    {
        string[] warnings = ThreadLink.Run(2, link =>
        {
            IReadOnlyList<string> told = [];
            Kinds.Train("wrapped", (model, fit) =>
            {
                History history = MpiTraining.Fit(link, 2, model, fit);
                told = model.Warnings;
                return history;
            });
            return string.Join('\n', told);
        });
        Assert.That(warnings, Has.All.Contains(
            "has batch statistics inside a wrapper, for which a batch is not cut: one rank trains"));
    }

    [Test]
    public void Sources_that_differ_or_end_on_one_rank_are_named_and_nobody_waits() => Assert.Multiple(() =>
    {
        Assert.That(() => FitBatches(batches: rank => rank == 1 ? 2 : 3, x: _ => 1), Throws.InvalidOperationException
            .With.Message.Contains("do not agree on batch 3 of epoch 1: rank 1 has 'no batch: its source has ended'"));
        Assert.That(() => FitBatches(batches: _ => 3, x: rank => rank == 2 ? 1 : 2), Throws.InvalidOperationException
            .With.Message.Contains("do not agree on batch 1 of epoch 1: rank 2 has"));
    });

    [Test]
    public void Where_one_rank_stops_or_is_cancelled_all_do()
    {
        string[] stopped = Train(3, rank => new LambdaCallback(onBatchEnd: (run, batch, _) =>
        {
            if (rank == 1 && batch == 1)
            {
                run.Stop("time is over");
            }
        }), _ => CancellationToken.None);
        Assert.That(stopped, Is.EqualTo(new[] { "rank 1 has stopped", "time is over", "rank 1 has stopped" }));
        using var source = new CancellationTokenSource();
        string[] cancelled = Train(2, rank => new LambdaCallback(onBatchEnd: (_, batch, _) =>
        {
            if (rank == 1 && batch == 1)
            {
                source.Cancel();
            }
        }), rank => rank == 1 ? source.Token : CancellationToken.None);
        Assert.That(cancelled, Has.All.EqualTo("cancelled"));
    }

    [Test]
    public void Ranks_that_disagree_on_data_weights_or_options_are_told() => Assert.Multiple(() =>
    {
        Assert.That(() => Disagree(other => other.Fit(Scenarios.X, Scenarios.Y, batchSize: 40, verbose: 0)),
            Throws.InvalidOperationException.With.Message.Contains("do not agree on the options of Fit: rank 1 has 'epochs 1"));
        Assert.That(() => Disagree(other =>
        {
            other.SetWeights([.. other.GetWeights().Select(weights => new NDArray([.. weights.Shape]))]);
            return other.Fit(Scenarios.X, Scenarios.Y, verbose: 0);
        }), Throws.InvalidOperationException.With.Message.Contains("do not agree on the weights of the model"));
        Assert.That(() => Disagree(other => other.Fit(Scenarios.X, Scenarios.Y, verbose: 0,
            sampleWeight: Enumerable.Repeat(1f, 200).ToArray())),
            Throws.InvalidOperationException.With.Message.Contains("do not agree on the data"));
        Assert.That(() => Disagree(other =>
        {
            other.Compile(new Adam(clipNorm: 1), "mse");
            return other.Fit(Scenarios.X, Scenarios.Y, verbose: 0);
        }, first => first.Compile(new Adam(), "mse")), Throws.InvalidOperationException.With.Message.Contains(
            "do not agree on what the model is compiled for (optimizer's clipnorm): rank 1 has '1', rank 0 'none'"));
        Assert.That(() => Disagree(other =>
        {
            other.Compile(new Adam(), "mae");
            return other.Fit(Scenarios.X, Scenarios.Y, verbose: 0);
        }, first => first.Compile(new Adam(), "mse")), Throws.InvalidOperationException.With.Message.Contains(
            "do not agree on what the model is compiled for (loss)"));
        Assert.That(() => ThreadLink.Run(2, link => MpiTraining.Fit(link, 1, Scenarios.Build(), model => model.Fit(
            Scenarios.X, Scenarios.Y, verbose: 0, validationSplit: 0.5, validationBatchSize: 8, validationSteps: 1 + link.Rank))),
            Throws.InvalidOperationException.With.Message.Contains(
                "do not agree on the validation after epoch 1: rank 1 has 'loss "));
    });

    private static void Disagree(Func<Model, History> other, Action<Model>? first = null) => ThreadLink.Run(2, link =>
        MpiTraining.Fit(link, 1, Scenarios.Build(), model =>
        {
            if (link.Rank == 1)
            {
                return other(model);
            }

            first?.Invoke(model);
            return model.Fit(Scenarios.X, Scenarios.Y, verbose: 0);
        }));

    private static string[] Train(int ranks, Func<int, Callback> callback, Func<int, CancellationToken> token) =>
        ThreadLink.Run(ranks, link => MpiTraining.Fit(link, 1, Scenarios.Build(), model => model.Fit(Scenarios.X, Scenarios.Y,
            epochs: 3, batchSize: 40, verbose: 0, callbacks: [callback(link.Rank)], cancellationToken: token(link.Rank)))
            .StopReason ?? "none");

    private static void FitBatches(Func<int, int> batches, Func<int, float> x) => ThreadLink.Run(3, link =>
        MpiTraining.Fit(link, 1, Scenarios.Build(), model => model.Fit(BatchSource.From(Enumerable.Range(0, batches(link.Rank))
            .Select(_ => new Batch(Filled(x(link.Rank), 32, 9, 4), new NDArray(32, 1)))), epochs: 1, verbose: 0)));

    private static NDArray Filled(float value, params int[] shape)
    {
        var array = new NDArray(shape);
        Array.Fill(array.Values, value);
        return array;
    }

    /// <summary>Counts how often one rank tells the others so many bytes.</summary>
    private sealed class CountingLink(IRankLink link, int bytes) : IRankLink
    {
        public int Told { get; private set; }

        public int Rank => link.Rank;

        public int Count => link.Count;

        public void AllGather(ReadOnlySpan<byte> own, Span<byte> all, int[] counts)
        {
            Told += counts.Sum() == bytes && counts.Max() == bytes ? 1 : 0;
            link.AllGather(own, all, counts);
        }

        public void AllToAll(ReadOnlySpan<byte> send, int[] sendCounts, Span<byte> receive, int[] receiveCounts) =>
            link.AllToAll(send, sendCounts, receive, receiveCounts);

        public void AllReduce(Span<Real> values) => link.AllReduce(values);
    }
}
