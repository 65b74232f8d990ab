using FsCheck;
using FsCheck.Fluent;
using Recurrent.Selection;

namespace Recurrent.Tests.Selection;

/// <summary>Divisions of samples: sizes, order and what is kept apart.</summary>
[TestFixture]
public sealed class FoldTests
{
    [Test]
    public void Without_shuffling_KFold_gives_runs_of_neighbours_the_first_ones_larger()
    {
        IReadOnlyList<Fold> folds = Folds.KFold(10, k: 3, shuffle: false);
        Assert.That(folds.Select(fold => fold.Validation), Is.EqualTo(new int[][] { [0, 1, 2, 3], [4, 5, 6], [7, 8, 9] }));
        Assert.That(folds[1].Training, Is.EqualTo(new[] { 0, 1, 2, 3, 7, 8, 9 }));
    }

    [Test]
    public void Every_sample_is_judged_once_and_the_seed_decides() => Prop.ForAll(
        Gen.Choose(2, 60).SelectMany(samples => Gen.Choose(2, samples).Select(k => (samples, k))).ToArbitrary(), pair =>
        {
            IReadOnlyList<Fold> folds = Folds.KFold(pair.samples, pair.k, seed: 3);
            int[] sizes = [.. folds.Select(fold => fold.Validation.Count)];
            Assert.That(folds.SelectMany(fold => fold.Validation).Order(), Is.EqualTo(Enumerable.Range(0, pair.samples)));
            Assert.That(sizes.Max() - sizes.Min(), Is.LessThanOrEqualTo(1));
            foreach (Fold fold in folds)
            {
                Assert.That(fold.Training.Concat(fold.Validation).Order(), Is.EqualTo(Enumerable.Range(0, pair.samples)));
            }

            Assert.That(Folds.KFold(pair.samples, pair.k, seed: 3).Select(fold => fold.Validation),
                Is.EqualTo(folds.Select(fold => fold.Validation)));
        }).Check(Config.QuickThrowOnFailure.WithReplay(71UL, 13UL));

    // Sorted by first appearance and dealt out in turn, 2, 1 and 1 of b fall to the folds, and 2, 3 and 3 of a.
    [Test]
    public void StratifiedKFold_keeps_the_shares_of_classes()
    {
        string[] labels = ["b", "b", "a", "a", "a", "b", "a", "a", "a", "b", "a", "a"];
        IReadOnlyList<Fold> folds = Folds.StratifiedKFold(labels, k: 3, shuffle: false);
        Assert.Multiple(() =>
        {
            Assert.That(folds.SelectMany(fold => fold.Validation).Order(), Is.EqualTo(Enumerable.Range(0, 12)));
            foreach (Fold fold in folds)
            {
                Assert.That(fold.Validation, Has.Count.EqualTo(4));
                Assert.That(fold.Validation.Count(i => labels[i] == "b"), Is.InRange(1, 2));
            }

            Assert.That(folds.Select(fold => fold.Validation),
                Is.EqualTo(new int[][] { [0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11] }));
        });
    }

    [Test]
    public void Each_class_is_spread_evenly_whatever_the_labels() => Prop.ForAll(
        Gen.Choose(0, 3).ArrayOf(40).ToArbitrary(), labels =>
        {
            int largest = labels.GroupBy(label => label).Max(group => group.Count());
            int k = Math.Min(5, largest);
            foreach (bool shuffle in (bool[])[true, false])
            {
                IReadOnlyList<Fold> folds = Folds.StratifiedKFold(labels, k, shuffle, seed: 1);
                Assert.That(folds.SelectMany(fold => fold.Validation).Order(), Is.EqualTo(Enumerable.Range(0, labels.Length)));
                foreach (int label in labels.Distinct())
                {
                    int[] counts = [.. folds.Select(fold => fold.Validation.Count(i => labels[i] == label))];
                    Assert.That(counts.Max() - counts.Min(), Is.LessThanOrEqualTo(1), $"class {label}");
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithReplay(5UL, 11UL));

    [Test]
    public void GroupKFold_never_divides_a_group_and_balances()
    {
        string[] groups = ["anna", "bert", "anna", "carl", "dora", "bert", "bert", "anna", "anna", "carl", "dora", "emil"];
        IReadOnlyList<Fold> folds = Folds.GroupKFold(groups, k: 3);
        Assert.Multiple(() =>
        {
            foreach (Fold fold in folds)
            {
                Assert.That(fold.Training.Select(i => groups[i]).Intersect(fold.Validation.Select(i => groups[i])), Is.Empty);
            }

            Assert.That(folds.Select(fold => fold.Validation.Count), Is.EqualTo(new[] { 4, 4, 4 }));
            Assert.That(folds.SelectMany(fold => fold.Validation).Order(), Is.EqualTo(Enumerable.Range(0, 12)));
        });
    }

    // The example of scikit-learn's documentation of TimeSeriesSplit(n_splits=3, test_size=2, gap=2).
    [Test]
    public void TimeSeriesSplit_keeps_time_and_gap()
    {
        IReadOnlyList<Fold> folds = Folds.TimeSeriesSplit(12, k: 3, gap: 2, validationSize: 2);
        Assert.Multiple(() =>
        {
            Assert.That(folds.Select(fold => fold.Training), Is.EqualTo(new int[][]
                { [0, 1, 2, 3], [0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5, 6, 7] }));
            Assert.That(folds.Select(fold => fold.Validation), Is.EqualTo(new int[][] { [6, 7], [8, 9], [10, 11] }));
            Assert.That(Folds.TimeSeriesSplit(6).Select(fold => fold.Validation),
                Is.EqualTo(new int[][] { [1], [2], [3], [4], [5] }));
            Assert.That(Folds.TimeSeriesSplit(12, k: 3, gap: 2, validationSize: 2, maxTrainingSize: 3)[2].Training,
                Is.EqualTo(new[] { 5, 6, 7 }));
        });
    }

    [Test]
    public void HoldOut_takes_the_newest()
    {
        Fold fold = Folds.HoldOut(10, 0.2, gap: 1)[0];
        Assert.That(fold.Validation, Is.EqualTo(new[] { 8, 9 }));
        Assert.That(fold.Training, Is.EqualTo(new[] { 0, 1, 2, 3, 4, 5, 6 }));
    }

    [Test]
    public void What_cannot_be_divided_is_refused() => Assert.Multiple(() =>
    {
        Refused(() => Folds.KFold(3, k: 4), "k must not be above the number of samples, 3, but is 4");
        Refused(() => Folds.KFold(3, k: 1), "k must be at least 2, but is 1");
        Refused(() => Folds.KFold(0), "samples must be at least 1");
        Refused(() => Folds.StratifiedKFold([1, 1, 2, 2, 3], k: 3), "the size of the largest class, 2, but is 3");
        Refused(() => Folds.GroupKFold(["a", "a", "b"], k: 3), "k must not be above the number of groups, 2, but is 3");
        Refused(() => Folds.TimeSeriesSplit(10, k: 3, gap: 4, validationSize: 2), "need at least 11 samples, but there are 10");
        Refused(() => Folds.TimeSeriesSplit(10, k: 3, gap: -1), "gap must be a finite number of at least 0");
        Refused(() => Folds.HoldOut(3, 0.5, gap: 2), "leave none to learn from");
    });

    private static void Refused(Func<object> split, string message) =>
        Assert.That(() => split(), Throws.ArgumentException.With.Message.Contains(message));
}
