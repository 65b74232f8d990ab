using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Random;
using Recurrent.Selection;

namespace Recurrent.Tests.Selection;

/// <summary>Models trained on folds, and searches among models.</summary>
[TestFixture]
public sealed class CrossValidationTests
{
    private static readonly NDArray X = Noise(60, 8, 2);
    private static readonly NDArray Y = Sums(X);

    private static Sequential Build(int units, double rate, int seed)
    {
        var model = new Sequential([new GRU(units, inputShape: (8, 2)), new Dense(1)], seed: seed);
        model.Compile(new Adam(rate), "mse", metrics: ["mae"]);
        return model;
    }

    [Test]
    public void Folds_are_trained_as_by_hand_whatever_the_workers()
    {
        IReadOnlyList<Fold> folds = Folds.KFold(60, k: 4, seed: 2);
        var plan = new TrainingPlan(Epochs: 3, BatchSize: 16);
        CrossValidationResult one = CrossValidation.Run(() => Build(4, 0.01, 1), X, Y, folds, plan, workers: 1);
        CrossValidationResult many = CrossValidation.Run(() => Build(4, 0.01, 1), X, Y, folds, plan, workers: 4);
        Sequential byHand = Build(4, 0.01, 1);
        byHand.Fit(Rows(X, folds[2].Training), Rows(Y, folds[2].Training), epochs: 3, batchSize: 16, verbose: 0);
        Scores scores = byHand.Evaluate(Rows(X, folds[2].Validation), Rows(Y, folds[2].Validation), 16);
        Assert.Multiple(() =>
        {
            Assert.That(many.Folds.Select(fold => fold.Scores.Loss), Is.EqualTo(one.Folds.Select(fold => fold.Scores.Loss)));
            Assert.That(one.Folds[2].Scores.Loss, Is.EqualTo(scores.Loss));
            Assert.That(one.Folds[2].Scores["mae"], Is.EqualTo(scores["mae"]));
            Assert.That(one.Mean("mae"), Is.EqualTo(one.Folds.Average(fold => fold.Scores["mae"])));
            Assert.That(one.Score, Is.EqualTo(one.Mean("loss")));
            Assert.That(one.ToTable().Split('\n')[0], Does.Contain("loss").And.Contain("mae"));
            Assert.That(one.ToTable(), Does.Contain("deviation"));
            Assert.That(one.Folds[0].TrainedParameters, Is.EqualTo(byHand.ParameterCount));
        });
    }

    [Test]
    public void Patience_ends_each_fold_at_its_best_epoch()
    {
        Fold fold = Folds.HoldOut(60)[0];
        CrossValidationResult result = CrossValidation.Run(() => Build(6, 0.1, 1), X, Y, [fold], new TrainingPlan(60, 16,
            Patience: 3));
        Sequential byHand = Build(6, 0.1, 1);
        byHand.Fit(Rows(X, fold.Training), Rows(Y, fold.Training), epochs: 60, batchSize: 16, verbose: 0,
            validationData: new(Rows(X, fold.Validation), Rows(Y, fold.Validation)),
            callbacks: [new EarlyStopping(patience: 3, restoreBestWeights: true)]);
        Assert.That(result.Score, Is.EqualTo(byHand.Evaluate(Rows(X, fold.Validation), Rows(Y, fold.Validation), 16).Loss));
        Assert.That(result.Folds[0].Epochs, Is.LessThan(60));
        Assert.That(result.StandardDeviation("loss"), Is.NaN);
    }

    [Test]
    public void Data_of_every_form_are_divided()
    {
        var ragged = new RaggedSequences(Enumerable.Range(0, 12).Select(i => Noise(1, 2 + (i % 3), 2).Reshape(2 + (i % 3), 2)));
        var place = new Input(2, name: "place");
        var series = new Input((null, 2), name: "series");
        ModelData named = new Dictionary<string, ModelData> { ["place"] = Noise(12, 2), ["series"] = ragged };
        CrossValidationResult result = CrossValidation.Run(() =>
        {
            Symbol both = new Concatenate().Call(new LSTM(3).Call(series), place);
            var model = new Model([series, place], new Dense(1).Call(both));
            model.Compile("adam", "mse");
            return model;
        }, named, Noise(12, 1), Folds.KFold(12, 3), new TrainingPlan(2, 4) { SampleWeight = Noise(12) }, workers: 1);
        Assert.That(result.Folds.All(fold => double.IsFinite(fold.Scores.Loss)));
        string[][] words = [["a", "b"], ["b", "b"], ["a", "c"], ["c", "a"]];
        CrossValidationResult texts = CrossValidation.Run(() =>
        {
            var model = new Sequential([new Input(2, dtype: "string"), new StringLookup(vocabulary: ["a", "b", "c"]),
                new Embedding(4, 2),
                new Flatten(), new Dense(1)]);
            model.Compile("adam", "mse");
            return model;
        }, words, Noise(4, 1), Folds.KFold(4, 2), new TrainingPlan(1, 2));
        Assert.That(texts.Folds, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_search_among_models_is_the_same_for_any_workers_and_from_its_log([Values("random", "halving",
        "tpe")] string method)
    {
        SearchSpace space = new SearchSpace().Integer("units", 2, 8).Real("rate", 1e-3, 1e-1, log: true);
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"models-{method}.jsonl");
        File.Delete(path);
        Search Make(int workers, string? log) => method switch
        {
            "random" => new RandomSearch(space, 5) { Workers = workers, LogPath = log },
            "halving" => new SuccessiveHalving(space, 6) { Workers = workers, LogPath = log },
            _ => new TpeSearch(space, 6, startup: 3, batchSize: 2) { Workers = workers, LogPath = log },
        };
        SearchResult Run(Search search, NDArray? y = null, TrainingPlan? plan = null) => search.Run(
            trial => Build(trial.Integer("units"), trial.Real("rate"), trial.Seed), X, y ?? Y, Folds.KFold(60, 2),
            plan ?? new TrainingPlan(3, 16));
        SearchResult one = Run(Make(1, path));
        SearchResult many = Run(Make(3, null));
        SearchResult again = Run(Make(2, path));
        Assert.Multiple(() =>
        {
            Assert.That(many.Trials.Select(trial => trial.Value), Is.EqualTo(one.Trials.Select(trial => trial.Value)));
            Assert.That(again.Trials.Select(trial => trial.Value), Is.EqualTo(one.Trials.Select(trial => trial.Value)));
            Assert.That(again.Trials.Select(trial => trial.Seconds), Is.EqualTo(one.Trials.Select(trial => trial.Seconds)));
            Assert.That(one.Best.Figures["weights"], Is.EqualTo(
                Build(one.Best.Candidate.Integer("units"), 0.1, 0).ParameterCount));
            Assert.That(() => Run(Make(1, path), Noise(60, 1)),
                Throws.InvalidOperationException.With.Message.Contains("it was run on other data, folds or training options"));
            Assert.That(() => Run(Make(1, path), plan: new TrainingPlan(4, 16)), Throws.InvalidOperationException);
        });
    }

    [Test]
    public void What_does_not_fit_is_refused() => Assert.Multiple(() =>
    {
        IReadOnlyList<Fold> folds = Folds.KFold(60, 3);
        Sequential same = Build(2, 0.1, 0);
        Refused(() => CrossValidation.Run(() => same, X, Y, folds, new(1), workers: 1), "gave model 'sequential' twice");
        Refused(() => CrossValidation.Run(() => Build(2, 0.1, 0), X, Y, folds, new(0, 0)), "Epochs must be at least 1");
        Refused(() => CrossValidation.Run(() => Build(2, 0.1, 0), X, Y, folds, new(1, Monitor: "mea")), "Did you mean 'mae'?");
        Refused(() => CrossValidation.Run(() => Build(2, 0.1, 0), X, Y, folds, new(1, Monitor: "val_loss")), "write 'loss'");
        Refused(() => CrossValidation.Run(() => Build(2, 0.1, 0), X, Noise(59, 1), folds, new(1)),
            "x has 60 samples, but y has 59");
        Refused(() => CrossValidation.Run(() => Build(2, 0.1, 0), X, Y, [], new(1)), "There are no folds");
        Refused(() => CrossValidation.Run(() => Build(2, 0.1, 0), X, Y, [new([0, 1], [1])], new(1)),
            "judges by samples that it learns from");
        Refused(() => CrossValidation.Run(() => Build(2, 0.1, 0), X, Y, [new([0], [60])], new(1)), "there are 60, from 0 on");
        Refused(() => CrossValidation.Run(() => Build(2, 0.1, 0), X, Y, [new([], [1])], new(1)), "nothing to learn from");
    });

    private static void Refused(Func<object> run, string message) =>
        Assert.That(() => run(), Throws.ArgumentException.With.Message.Contains(message));

    private static NDArray Noise(params int[] shape)
    {
        var random = new SeededRandom((ulong)shape.Aggregate(7, (sum, axis) => (31 * sum) + axis));
        int size = shape.Aggregate(1, (product, axis) => product * axis);
        return new(shape, [.. Enumerable.Range(0, size).Select(_ => (float)random.NextDouble())]);
    }

    private static NDArray Sums(NDArray x) => new([x.Shape[0], 1],
        [.. Enumerable.Range(0, x.Shape[0]).Select(i => x.Values.AsSpan(i * 16, 16).ToArray().Sum() / 8)]);

    private static NDArray Rows(NDArray array, IReadOnlyList<int> rows)
    {
        int size = array.Size / array.Shape[0];
        return new([rows.Count, .. array.Shape.Skip(1)], [.. rows.SelectMany(row => array.Values.Skip(row * size).Take(size))]);
    }
}
