using System.Diagnostics;
using Recurrent.Callbacks;
using Recurrent.Models;
using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Selection;

/// <summary>Trains a model anew for each fold and judges it on what it has not seen.</summary>
/// <example><code>
/// CrossValidationResult result = CrossValidation.Run(
///     () => Build(units: 32), x, y, Folds.KFold(x.Shape[0], k: 5), new TrainingPlan(Epochs: 50, Patience: 5));
/// Console.WriteLine($"{result.Mean("loss")} ± {result.StandardDeviation("loss")}");
/// </code></example>
public static class CrossValidation
{
    /// <summary>Runs all folds.</summary>
    /// <param name="build">Makes the model, compiled; called once for each fold, on several threads at once.</param>
    /// <param name="x">Inputs.</param>
    /// <param name="y">Targets.</param>
    /// <param name="folds">The divisions: see <see cref="Folds"/>.</param>
    /// <param name="plan">How models are trained.</param>
    /// <param name="workers">Most folds at a time; null (the default) for the number of processors. The result is the same for
    /// any number.</param>
    /// <param name="cancellationToken">Ends all trainings.</param>
    /// <exception cref="ArgumentException">Folds or options do not fit the data, or <paramref name="build"/> gives the same model
    /// again.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static CrossValidationResult Run(
        Func<Model> build, ModelData x, ModelData y, IReadOnlyList<Fold> folds, TrainingPlan plan, int? workers = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(build);
        ArgumentNullException.ThrowIfNull(plan);
        plan.Check(nameof(CrossValidation));
        new OptionCheck(nameof(CrossValidation)).Positive(nameof(workers), workers ?? 1).ThrowIfAny();
        CheckFolds(x, y, folds);
        int degree = Math.Min(workers ?? Environment.ProcessorCount, folds.Count);
        var run = new FoldRun(build, x, y, folds, plan, plan.Epochs, Math.Max(1, Environment.ProcessorCount / degree),
            cancellationToken);
        Workers.Run(folds.Count, degree, run, static (all, i) => all.One(i));
        cancellationToken.ThrowIfCancellationRequested();
        return new(run.Results!, plan.Monitor);
    }

    /// <summary>Checks that folds are divisions of the data.</summary>
    internal static void CheckFolds(ModelData x, ModelData y, IReadOnlyList<Fold> folds)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(folds);
        int count = SampleChoice.Count(x);
        int targets = SampleChoice.Count(y);
        if (targets != count)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"x has {count} samples, but y has {targets}. Each sample needs a target."), nameof(y));
        }

        if (folds.Count == 0)
        {
            throw new ArgumentException("There are no folds. Make some: Folds.KFold(samples, k: 5).", nameof(folds));
        }

        for (int i = 0; i < folds.Count; i++)
        {
            string? problem = folds[i] is not { } fold ? "is null"
                : fold.Training.Count == 0 ? "has nothing to learn from"
                : fold.Validation.Count == 0 ? "has nothing to judge by"
                : fold.Training.Concat(fold.Validation).Any(sample => sample < 0 || sample >= count)
                    ? FormattableString.Invariant($"names a sample that is not there: there are {count}, from 0 on")
                : fold.Training.Intersect(fold.Validation).Any() ? "judges by samples that it learns from" : null;
            if (problem is not null)
            {
                throw new ArgumentException(FormattableString.Invariant($"folds[{i}] {problem}."), nameof(folds));
            }
        }
    }
}

/// <summary>Trains and judges a model on each of some folds.</summary>
internal sealed class FoldRun(Func<Model> build, ModelData x, ModelData y, IReadOnlyList<Fold> folds, TrainingPlan plan,
    int epochs,
    int threads, CancellationToken cancellationToken)
{
    private readonly HashSet<Model> seen = new(ReferenceEqualityComparer.Instance);

    /// <summary>What came of each fold.</summary>
    public FoldResult[] Results { get; } = new FoldResult[folds.Count];

    /// <summary>Runs one fold.</summary>
    public void One(int index)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return;
        }

        long start = Stopwatch.GetTimestamp();
        Fold fold = folds[index];
        Model model = build() ?? throw new ArgumentException("The function that builds a model gave null.");
        lock (seen)
        {
            if (!seen.Add(model))
            {
                throw new ArgumentException($"The function that builds a model gave model '{model.Name}' twice, "
                    + "which has learned from other samples then. Let it make a new one at each call.");
            }
        }

        model.MaxDegreeOfParallelism = threads;
        ModelData judged = SampleChoice.Take(x, fold.Validation);
        ModelData truth = SampleChoice.Take(y, fold.Validation);
        ModelData? judgedWeights = plan.SampleWeight is null ? null : SampleChoice.Take(plan.SampleWeight, fold.Validation);
        EarlyStopping? stopping = plan.Patience is { } patience
            ? new EarlyStopping("val_" + plan.Monitor, patience: patience, restoreBestWeights: true) : null;
        IReadOnlyList<Callback> callbacks = plan.Callbacks?.Invoke() ?? [];
        History history = model.Fit(
            SampleChoice.Take(x, fold.Training), SampleChoice.Take(y, fold.Training), epochs, plan.BatchSize, plan.Shuffle,
            validationData: stopping is null ? null : new(judged, truth, judgedWeights),
            sampleWeight: plan.SampleWeight is null ? null : SampleChoice.Take(plan.SampleWeight, fold.Training),
            classWeight: plan.ClassWeight, verbose: Verbosity.Silent,
            callbacks: stopping is null ? callbacks : [stopping, .. callbacks], cancellationToken: cancellationToken);
        if (cancellationToken.IsCancellationRequested)
        {
            return;
        }

        Scores scores = model.Evaluate(judged, truth, plan.BatchSize, judgedWeights);
        if (!scores.ContainsKey(plan.Monitor))
        {
            throw new ArgumentException($"Models are to be judged by '{plan.Monitor}', but '{model.Name}' gives "
                + $"{string.Join(", ", scores.Keys)}. {Spelling.DidYouMean(plan.Monitor, [.. scores.Keys])}".TrimEnd());
        }

        Results[index] = new(index, scores, stopping?.BestEpoch is { } best ? best + 1 - history.InitialEpoch : history.Epochs,
            model.TrainableParameterCount, history.StopReason, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
