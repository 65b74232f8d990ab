using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Random;

namespace Recurrent.Text.Tests;

/// <summary>Scheduled sampling over whole trainings: what the decoder is fed, how often, and the same bits anywhere.</summary>
[TestFixture]
public sealed class ScheduledSamplingTests
{
    private const int Pairs = 26;
    private const int Batch = 6;
    private const int Epochs = 4;

    private static readonly CharacterTokenizer Letters = new(["a", "b", "c", "d", "e"]);

    private static readonly Dictionary<string, Func<Seq2Seq>> All = new()
    {
        ["Luong, both ways"] = () => Seq2Seq.Recurrent(Letters, Letters, 10, embeddingDim: 6, seed: 4),
        ["no attention"] = () => Seq2Seq.Recurrent(
            Letters, Letters, 8, bidirectional: false, attention: SequenceAttention.None, cell: units => new GRUCell(units),
            embeddingDim: 6, seed: 2),
        ["Bahdanau, two layers, dropout"] = () => Seq2Seq.Recurrent(
            Letters, Letters, 8, layers: 2, attention: SequenceAttention.Bahdanau, dropout: 0.2, embeddingDim: 6, seed: 3),
        ["transformer"] = () => Seq2Seq.Transformer(Letters, Letters, 8, 2, 12, 1, seed: 5),
    };

    private static readonly (int[][] Sources, int[][] Targets) Data = Make();

    private string root = null!;

    private static IEnumerable<string> Names => All.Keys;

    [SetUp]
    public void SetUp() => root = Directory.CreateTempSubdirectory("recurrent-sampling-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(root, recursive: true);

    [Test]
    public void Each_token_is_the_target_s_or_what_the_decoder_says_by_its_weights_of_then(
        [ValueSource(nameof(Names))] string name)
    {
        Seq2Seq model = Create(name);
        SequencePairs pairs = PairsOf();
        int[][] gold = [.. Data.Targets.Select(ids => ids[..^1])];
        TeacherForcing forcing = TeacherForcing.Linear(1, 0, 15);
        var sampling = new ScheduledSampling(model, pairs, forcing);
        var differs = new List<(double Ratio, bool IsOwn)>();
        model.TrainingModel.PreparingBatch = batch =>
        {
            double ratio = forcing.Ratio(model.TrainingModel.Progress.Steps);
            sampling.Prepare(batch);
            foreach (int sample in batch.ToArray())
            {
                int[] fed = [.. pairs.Inputs[sample].Values.Select(id => (int)id)];
                Assert.That(fed[0], Is.EqualTo(Letters.StartId));
                Assert.That(fed, Has.Length.EqualTo(gold[sample].Length));
                for (int t = 1; t < fed.Length; t++)
                {
                    int own = MostLikely(model, Data.Sources[sample], fed[..t]);
                    Assert.That(fed[t], Is.EqualTo(own).Or.EqualTo(gold[sample][t]), $"sample {sample}, step {t}");
                    if (own != gold[sample][t])
                    {
                        differs.Add((ratio, fed[t] == own));
                    }
                }
            }
        };
        model.TrainingModel.Fit(pairs.X, pairs.Y, Epochs, Batch, verbose: 0);
        model.TrainingModel.PreparingBatch = null;

        Assert.That(model.TrainingModel.Progress.Steps, Is.EqualTo(Epochs * 5));
        Assert.That(differs.Where(step => step.Ratio == 1).Select(step => step.IsOwn), Is.Not.Empty.And.All.False);
        Assert.That(differs.Where(step => step.Ratio == 0).Select(step => step.IsOwn), Is.Not.Empty.And.All.True);
        double expected = differs.Sum(step => 1 - step.Ratio);
        double deviation = Math.Sqrt(differs.Sum(step => step.Ratio * (1 - step.Ratio)));
        Assert.That(differs.Count(step => step.IsOwn), Is.EqualTo(expected).Within(4 * deviation));
    }

    [Test]
    public void Gradients_are_those_of_the_tokens_that_were_fed([ValueSource(nameof(Names))] string name)
    {
        Seq2Seq model = Create(name);
        SequencePairs pairs = PairsOf();
        var sampling = new ScheduledSampling(model, pairs, TeacherForcing.InverseSigmoid(3));
        var fed = new Queue<Dictionary<int, Real[]>>();
        model.TrainingModel.PreparingBatch = batch =>
        {
            sampling.Prepare(batch);
            fed.Enqueue(batch.ToArray().ToDictionary(sample => sample, sample => (Real[])[.. pairs.Inputs[sample].Values]));
        };
        model.TrainingModel.Fit(pairs.X, pairs.Y, Epochs, Batch, verbose: 0);

        // Another model that is given these very tokens, as if they had been the targets'.
        Seq2Seq other = Create(name);
        SequencePairs same = PairsOf();
        other.TrainingModel.PreparingBatch = batch =>
        {
            Dictionary<int, Real[]> tokens = fed.Dequeue();
            Assert.That(batch.ToArray(), Is.EquivalentTo(tokens.Keys));
            foreach ((int sample, Real[] ids) in tokens)
            {
                ids.CopyTo(same.Inputs[sample].Values, 0);
            }
        };
        other.TrainingModel.Fit(same.X, same.Y, Epochs, Batch, verbose: 0);
        Assert.That(fed, Is.Empty);
        Assert.That(Weights(other), Is.EqualTo(Weights(model)));
        Assert.That(Trained(Create(name), TeacherForcing.InverseSigmoid(3)), Is.EqualTo(Weights(model)));
        Assert.That(Trained(Create(name), TeacherForcing.Always), Is.Not.EqualTo(Weights(model)));
    }

    [Test]
    public void Threads_change_no_bit([ValueSource(nameof(Names))] string name)
    {
        Real[]? expected = null;
        foreach (int threads in (int[])[1, 2, 4])
        {
            Seq2Seq model = Create(name);
            foreach (Model part in (Model[])[model.TrainingModel, model.EncoderModel, model.DecoderModel])
            {
                part.MaxDegreeOfParallelism = threads;
            }

            Real[] weights = Trained(model, TeacherForcing.Exponential(0.9));
            Assert.That(weights, Is.EqualTo(expected ??= weights), $"{threads} threads");
        }
    }

    [Test]
    public void A_run_that_broke_off_goes_on_to_the_bit([ValueSource(nameof(Names))] string name, [Values(2, 7, 14)] int brokenAt)
    {
        TeacherForcing forcing = TeacherForcing.Linear(0.9, 0.1, 16);
        Real[] whole = Trained(Create(name), forcing, Backup("whole"), Breaking(null));
        Assert.That(() => Trained(Create(name), forcing, Backup("broken"), Breaking(brokenAt)),
            Throws.TypeOf<NotSupportedException>());
        BackupAndRestore backup = Backup("broken");
        Real[] resumed = Trained(Create(name), forcing, backup, Breaking(null));
        Assert.That(backup.RestoredEpoch, Is.EqualTo((brokenAt - 1) / 5));
        Assert.That(resumed, Is.EqualTo(whole));
    }

    [Test]
    public void Calls_of_Fit_follow_one_another_without_a_seam()
    {
        Seq2Seq model = Create("Luong, both ways");
        TeacherForcing forcing = TeacherForcing.Linear(1, 0, 18);
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            model.Fit(Data.Sources, Data.Targets, 1, Batch, forcing, verbose: 0);
        }

        Assert.That(Weights(model), Is.EqualTo(Trained(Create("Luong, both ways"), forcing)));
    }

    [Test]
    public void Validation_is_by_the_targets_own_tokens()
    {
        Seq2Seq model = Create("Luong, both ways");
        model.Compile(new SGD(0), metrics: ["accuracy"]);
        History history = model.Fit(
            Data.Sources, Data.Targets, 1, Batch, TeacherForcing.Linear(0, 0, 1), (Data.Sources, Data.Targets), verbose: 0);
        string[] sources = [.. Data.Sources.Select(ids => Letters.Decode(ids))];
        string[] targets = [.. Data.Targets.Select(ids => Letters.Decode(ids))];
        Assert.That(history["val_loss"][0], Is.EqualTo(model.Evaluate(sources, targets).Loss).Within(1e-6));
        Assert.That(history["loss"][0], Is.Not.EqualTo(history["val_loss"][0]).Within(1e-4));
    }

    [Test]
    public void Schedules_are_shares_from_the_first_update_to_any() => Assert.Multiple(() =>
    {
        foreach (TeacherForcing forcing in (TeacherForcing[])[
            TeacherForcing.Always, TeacherForcing.Linear(1, 0, 1), TeacherForcing.Linear(0.2, 0.9, 100000),
            TeacherForcing.Exponential(1), TeacherForcing.Exponential(1e-300), TeacherForcing.InverseSigmoid(1),
            TeacherForcing.InverseSigmoid(1e300), TeacherForcing.Schedule(update => update - 5)])
        {
            foreach (long update in (long[])[0, 1, 2, 99999, 100000, 100001, int.MaxValue, long.MaxValue])
            {
                Assert.That(forcing.Ratio(update), Is.InRange(0, 1));
            }
        }

        Assert.That(TeacherForcing.Linear(1, 0, 4).Ratio(0), Is.EqualTo(1));
        Assert.That(TeacherForcing.Linear(1, 0, 4).Ratio(3), Is.EqualTo(0.25));
        Assert.That(TeacherForcing.Linear(1, 0, 4).Ratio(4), Is.Zero);
        Assert.That(TeacherForcing.Linear(0.2, 0.9, 7).Ratio(long.MaxValue), Is.EqualTo(0.9));
        Assert.That(TeacherForcing.Exponential(0.5).Ratio(0), Is.EqualTo(1));
        Assert.That(TeacherForcing.InverseSigmoid(4).Ratio(8), Is.EqualTo(4 / (4 + Math.Exp(2))).Within(1e-15));
        foreach (Action wrong in (Action[])[
            () => TeacherForcing.Linear(double.NaN, 0, 1), () => TeacherForcing.Linear(1, -0.1, 1),
            () => TeacherForcing.Linear(1, 0, 0), () => TeacherForcing.Exponential(double.NaN),
            () => TeacherForcing.Exponential(0), () => TeacherForcing.Exponential(1.01),
            () => TeacherForcing.InverseSigmoid(double.NaN), () => TeacherForcing.InverseSigmoid(0.5),
            () => TeacherForcing.InverseSigmoid(double.PositiveInfinity)])
        {
            Assert.That(() => wrong(), Throws.InstanceOf<ArgumentException>());
        }
    });

    private static int MostLikely(Seq2Seq model, int[] source, int[] fed)
    {
        NDArray logits = model.TrainingModel.Predict(
            [((NDArray)source).Reshape(1, source.Length), ((NDArray)fed).Reshape(1, fed.Length)]);
        Real[] last = logits.Values[^Letters.VocabularySize..];
        int[] texts = [.. Enumerable.Range(0, last.Length).Where(id => !Letters.IsSpecial(id) || id == Letters.EndId)];
        return texts.MaxBy(id => last[id]);
    }

    private static Seq2Seq Create(string name)
    {
        Seq2Seq model = All[name]();
        DecodingModels.Randomize(model.TrainingModel, 8);
        model.Compile(new Adam(0.01));
        return model;
    }

    private static Real[] Trained(Seq2Seq model, TeacherForcing forcing, params Callback[] callbacks)
    {
        model.Fit(Data.Sources, Data.Targets, Epochs, Batch, forcing, verbose: 0, callbacks: callbacks);
        return Weights(model);
    }

    private static Real[] Weights(Seq2Seq model) => [.. model.TrainingModel.GetWeights().SelectMany(weight => weight.Values)];

    private static SequencePairs PairsOf() => SequencePairs.Of(Data.Sources, Data.Targets, Letters, Letters, 256);

    private static LambdaCallback Breaking(int? at)
    {
        int seen = 0;
        return new(onBatchEnd: (_, _, _) =>
        {
            if (++seen == at)
            {
                throw new NotSupportedException("The machine went down.");
            }
        });
    }

    private static (int[][] Sources, int[][] Targets) Make()
    {
        var random = new SeededRandom(17);
        int[][] sources = new int[Pairs][];
        int[][] targets = new int[Pairs][];
        for (int i = 0; i < Pairs; i++)
        {
            sources[i] = Letters.Encode(Word(1 + random.NextInt(5)), addEnd: true);
            targets[i] = Letters.Encode(Word(1 + random.NextInt(6)), addStart: true, addEnd: true);
        }

        return (sources, targets);

        string Word(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.NextInt(5))));
    }

    private BackupAndRestore Backup(string name) => new(Path.Combine(root, name), saveFreq: "batch");
}
