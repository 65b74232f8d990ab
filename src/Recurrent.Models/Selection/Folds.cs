using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Selection;

/// <summary>
/// Divides samples for cross-validation: evenly, with the shares of classes kept, with groups kept together, or in the order of
/// time. Sizes and order are those of scikit-learn's splitters.
/// </summary>
public static class Folds
{
    /// <summary>Each sample is in the validation part of one of k folds; sizes differ by one at most.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="k">Number of folds, from 2 to the number of samples; default 5.</param>
    /// <param name="shuffle">Whether samples are mixed before; default true. Without, folds are runs of neighbours.</param>
    /// <param name="seed">What the order follows from; default 0.</param>
    /// <exception cref="ArgumentException">There are fewer samples than folds, or fewer than two folds.</exception>
    public static IReadOnlyList<Fold> KFold(int samples, int k = 5, bool shuffle = true, int seed = 0)
    {
        Check(nameof(KFold), samples, k).ThrowIfAny();
        int[] order = [.. Enumerable.Range(0, samples)];
        if (shuffle)
        {
            new SeededRandom(SeededRandom.Key((ulong)seed, 0)).Shuffle<int>(order);
        }

        int[] folds = new int[samples];
        int at = 0;
        for (int fold = 0; fold < k; fold++)
        {
            int size = (samples / k) + (fold < samples % k ? 1 : 0);
            foreach (int sample in order.AsSpan(at, size))
            {
                folds[sample] = fold;
            }

            at += size;
        }

        return Make(folds, k);
    }

    /// <summary>As <see cref="KFold"/>, and every class has the same share in each fold, as nearly as can be.</summary>
    /// <typeparam name="T">What labels are: numbers or texts.</typeparam>
    /// <param name="labels">The class of each sample.</param>
    /// <param name="k">Number of folds, from 2 to the size of the largest class; default 5.</param>
    /// <param name="shuffle">Whether samples of a class are mixed before; default true.</param>
    /// <param name="seed">What the order follows from; default 0.</param>
    /// <exception cref="ArgumentException">No class has a sample for each fold, or there are fewer than two folds.</exception>
    public static IReadOnlyList<Fold> StratifiedKFold<T>(IReadOnlyList<T> labels, int k = 5, bool shuffle = true, int seed = 0)
        where T : notnull
    {
        int[] classes = Numbered(labels, nameof(labels), out int count);
        int[] sizes = new int[count];
        foreach (int label in classes)
        {
            sizes[label]++;
        }

        Check(nameof(StratifiedKFold), classes.Length, k).Require(k <= sizes.DefaultIfEmpty(0).Max(), FormattableString.Invariant(
            $"k must not be above the size of the largest class, {sizes.DefaultIfEmpty(0).Max()}, but is {k}")).ThrowIfAny();

        // How many of each class a fold gets: what falls to it when all samples, sorted by class, are dealt out in turn.
        int[] sorted = [.. classes.Order()];
        int[][] share = new int[k][];
        for (int fold = 0; fold < k; fold++)
        {
            share[fold] = new int[count];
            for (int i = fold; i < sorted.Length; i += k)
            {
                share[fold][sorted[i]]++;
            }
        }

        int[] folds = new int[classes.Length];
        for (int label = 0; label < count; label++)
        {
            int[] order = [.. Enumerable.Range(0, k).SelectMany(fold => Enumerable.Repeat(fold, share[fold][label]))];
            if (shuffle)
            {
                new SeededRandom(SeededRandom.Key((ulong)seed, (ulong)label)).Shuffle<int>(order);
            }

            int next = 0;
            for (int i = 0; i < classes.Length; i++)
            {
                folds[i] = classes[i] == label ? order[next++] : folds[i];
            }
        }

        return Make(folds, k);
    }

    /// <summary>All samples of a group are in the same fold: largest groups first, each to the fold that has fewest
    /// samples.</summary>
    /// <typeparam name="T">What groups are named by: numbers or texts.</typeparam>
    /// <param name="groups">The group of each sample, such as the person who was measured.</param>
    /// <param name="k">Number of folds, from 2 to the number of groups; default 5.</param>
    /// <exception cref="ArgumentException">There are fewer groups than folds, or fewer than two folds.</exception>
    public static IReadOnlyList<Fold> GroupKFold<T>(IReadOnlyList<T> groups, int k = 5)
        where T : notnull
    {
        int[] members = Numbered(groups, nameof(groups), out int count);
        Check(nameof(GroupKFold), members.Length, k).Require(k <= count, FormattableString.Invariant(
            $"k must not be above the number of groups, {count}, but is {k}")).ThrowIfAny();
        int[] sizes = new int[count];
        foreach (int group in members)
        {
            sizes[group]++;
        }

        int[] load = new int[k];
        int[] foldOf = new int[count];
        foreach (int group in Enumerable.Range(0, count).OrderByDescending(group => sizes[group]).ThenByDescending(group =>
            group))
        {
            int lightest = Array.IndexOf(load, load.Min());
            foldOf[group] = lightest;
            load[lightest] += sizes[group];
        }

        return Make(Array.ConvertAll(members, group => foldOf[group]), k);
    }

    /// <summary>
    /// Folds of samples in the order of time: each is judged on what comes after everything it learns from, with a gap between
    /// the two, so that windows that overlap do not leak.
    /// </summary>
    /// <param name="samples">Number of samples, oldest first.</param>
    /// <param name="k">Number of folds; default 5.</param>
    /// <param name="gap">Samples left out between training and validation: for windows of <c>lookback</c> steps that begin at
    /// every step and look <c>horizon</c> ahead, <c>lookback + horizon − 1</c>. Default 0.</param>
    /// <param name="validationSize">Samples of each validation part; null (the default) for <c>samples / (k + 1)</c>.</param>
    /// <param name="maxTrainingSize">Most samples to learn from, the newest; null (the default) for all.</param>
    /// <exception cref="ArgumentException">There are too few samples; the message says how many are needed.</exception>
    public static IReadOnlyList<Fold> TimeSeriesSplit(
        int samples, int k = 5, int gap = 0, int? validationSize = null, int? maxTrainingSize = null)
    {
        int size = validationSize ?? samples / Math.Max(2, (long)k + 1 > int.MaxValue ? int.MaxValue : k + 1);
        OptionCheck check = Check(nameof(TimeSeriesSplit), samples, k)
            .AtLeast(nameof(gap), gap, 0)
            .Positive(nameof(validationSize), validationSize ?? 1)
            .Positive(nameof(maxTrainingSize), maxTrainingSize ?? 1);
        if (k >= 2 && gap >= 0 && size >= 1)
        {
            long least = ((long)k * size) + gap + 1;
            check.Require(samples >= least, FormattableString.Invariant(
                $"{k} folds of {size} samples after a gap of {gap} need at least {least} samples, but there are {samples}"));
        }

        check.ThrowIfAny();
        var folds = new Fold[k];
        for (int i = 0; i < k; i++)
        {
            int start = samples - ((k - i) * size);
            int end = start - gap;
            int first = maxTrainingSize is { } most ? Math.Max(0, end - most) : 0;
            folds[i] = new([.. Enumerable.Range(first, end - first)], [.. Enumerable.Range(start, size)]);
        }

        return folds;
    }

    /// <summary>One division in the order of time: what is learned from, a gap, and what is judged by.</summary>
    /// <param name="samples">Number of samples, oldest first.</param>
    /// <param name="validationSplit">Share of the samples, the newest, to judge by; above 0 and below 1. Default 0.2.</param>
    /// <param name="gap">Samples left out between the two; default 0.</param>
    /// <exception cref="ArgumentException">A part would be empty.</exception>
    public static IReadOnlyList<Fold> HoldOut(int samples, double validationSplit = 0.2, int gap = 0)
    {
        new OptionCheck(nameof(HoldOut)).Positive(nameof(samples), samples).Rate(nameof(validationSplit), validationSplit)
            .Above(nameof(validationSplit), validationSplit, 0).AtLeast(nameof(gap), gap, 0).ThrowIfAny();
        int held = Math.Max(1, (int)Math.Round(validationSplit * samples));
        int training = samples - held - gap;
        return training >= 1 ? [new([.. Enumerable.Range(0, training)], [.. Enumerable.Range(samples - held, held)])]
            : throw new ArgumentException(FormattableString.Invariant(
                $"HoldOut: of {samples} samples, {held} to judge by and a gap of {gap} leave none to learn from."));
    }

    private static OptionCheck Check(string method, int samples, int k) => new OptionCheck(method)
        .Positive(nameof(samples), samples)
        .Require(k >= 2, FormattableString.Invariant($"k must be at least 2, but is {k}"), nameof(k))
        .Require(k < 2 || samples < 1 || k <= samples, FormattableString.Invariant(
            $"k must not be above the number of samples, {samples}, but is {k}"), nameof(k));

    /// <summary>Numbers labels in the order in which they first appear.</summary>
    private static int[] Numbered<T>(IReadOnlyList<T> labels, string argument, out int count)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(labels, argument);
        var numbers = new Dictionary<T, int>();
        int[] result = new int[labels.Count];
        for (int i = 0; i < result.Length; i++)
        {
            if (labels[i] is null)
            {
                throw new ArgumentException(FormattableString.Invariant($"{argument}[{i}] is null."), argument);
            }

            if (!numbers.TryGetValue(labels[i], out result[i]))
            {
                result[i] = numbers[labels[i]] = numbers.Count;
            }
        }

        count = numbers.Count;
        return result;
    }

    private static Fold[] Make(int[] folds, int k) => [.. Enumerable.Range(0, k).Select(fold => new Fold(
        [.. Enumerable.Range(0, folds.Length).Where(i => folds[i] != fold)],
        [.. Enumerable.Range(0, folds.Length).Where(i => folds[i] == fold)]))];
}
