using Recurrent.Models;

namespace Recurrent.Selection;

/// <content>Searching among models: each candidate is built, trained and judged on folds.</content>
public abstract partial class Search
{
    /// <summary>
    /// Searches for the model that does best on data that it has not seen: each candidate is built and trained for each fold, and
    /// its value is the mean of the figure that <paramref name="plan"/> names over the folds.
    /// </summary>
    /// <param name="build">Makes the model of a candidate, compiled; called once for each fold, on several threads at once. Give
    /// the model the seed of the trial.</param>
    /// <param name="x">Inputs.</param>
    /// <param name="y">Targets.</param>
    /// <param name="folds">The divisions: see <see cref="Folds"/>; one alone is a validation set.</param>
    /// <param name="plan">How models are trained. Where trials have budgets, these are epochs.</param>
    /// <param name="cancellationToken">Ends the search; its log keeps what was done.</param>
    /// <remarks>Each trial reports <c>epochs</c> (mean of those that the best weights have seen), <c>weights</c> (number of
    /// trained parameters) and, with several folds, <c>deviation</c> of the value between them. A log knows a search by its data
    /// and folds too; what <paramref name="build"/> does it cannot know.</remarks>
    /// <exception cref="ArgumentException">Space, options, folds or data are wrong.</exception>
    /// <exception cref="InvalidOperationException">Every trial failed, or the log is that of another search.</exception>
    /// <exception cref="Serialization.ModelFormatException">The log is damaged.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <example><code>
    /// SearchResult result = new RandomSearch(space, trials: 50).Run(
    ///     trial => Build(trial.Integer("units"), trial.Real("rate"), trial.Seed), x, y,
    ///     Folds.KFold(x.Shape[0]), new TrainingPlan(Epochs: 100, Patience: 5));
    /// </code></example>
    public SearchResult Run(Func<Trial, Model> build, ModelData x, ModelData y, IReadOnlyList<Fold> folds, TrainingPlan plan,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(build);
        ArgumentNullException.ThrowIfNull(plan);
        plan.Check(GetType().Name);
        CrossValidation.CheckFolds(x, y, folds);
        return Run(trial => Judge(trial, build, x, y, folds, plan), Fingerprint.Of(x, y, folds, plan), cancellationToken);
    }

    private static double Judge(
        Trial trial, Func<Trial, Model> build, ModelData x, ModelData y, IReadOnlyList<Fold> folds, TrainingPlan plan)
    {
        var run = new FoldRun(() => build(trial), x, y, folds, plan, trial.Budget ?? plan.Epochs, trial.Threads,
            trial.Cancellation);
        for (int i = 0; i < folds.Count; i++)
        {
            run.One(i);
            trial.Cancellation.ThrowIfCancellationRequested();
        }

        var result = new CrossValidationResult(run.Results, plan.Monitor);
        trial.Report("epochs", run.Results.Average(fold => fold.Epochs));
        trial.Report("weights", run.Results[0].TrainedParameters);
        trial.Report("deviation", result.StandardDeviation(plan.Monitor));
        return result.Score;
    }
}
