using Recurrent.Interpretability;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Selection;

namespace Recurrent.Tests.Docs;

/// <summary>The code of docs/choosing.md and docs/interpretability.md; ChoosingDocsTests holds them together.</summary>
internal static class ChoosingExample
{
    public static SearchResult Choose(NDArray x, NDArray y, int[] labels, string[] patients, string logPath)
    {
        IReadOnlyList<Fold> folds = Folds.KFold(x.Shape[0], k: 5, seed: 1);        // each sample is judged once
        folds = Folds.StratifiedKFold(labels, k: 5);                               // and each class has its share in every fold
        folds = Folds.GroupKFold(patients, k: 5);                                  // and nobody is on both sides
        folds = Folds.TimeSeriesSplit(x.Shape[0], k: 5, gap: 24);                  // judged on what comes later, with a gap
        folds = Folds.HoldOut(x.Shape[0], validationSplit: 0.2);                   // one division, the newest part

        CrossValidationResult result = CrossValidation.Run(
            () => Build(units: 32, rate: 0.01, seed: 0), x, y, folds, new TrainingPlan(Epochs: 50, Patience: 5));
        Console.WriteLine(result);                                                 // loss 0.123 ± 0.01, mae …

        SearchSpace space = new SearchSpace()
            .Integer("units", 8, 128, log: true)
            .Real("rate", 1e-4, 1e-1, log: true)
            .Choice("cell", "gru", "lstm")
            .When("cell", "lstm", inside => inside.Real("dropout", 0, 0.5));

        space = new SearchSpace().Integer("units", 2, 4, log: true).Real("rate", 1e-4, 1e-1, log: true);
        var search = new TpeSearch(space, trials: 30) { Seed = 1, LogPath = logPath };
        SearchResult found = search.Run(
            trial => Build(trial.Integer("units"), trial.Real("rate"), trial.Seed), x, y, folds,
            new TrainingPlan(Epochs: 50, Patience: 5));
        Console.WriteLine(found.ToTable(5));
        found.Save("search.html");
        return found;
    }

    public static InformationCriteria Measure(Sequential model, NDArray x, NDArray y)
    {
        model.Fit(x, y, epochs: 50, verbose: 0);
        InformationCriteria criteria = InformationCriteria.Of(model, x, y);
        Console.WriteLine($"{criteria.Aic} {criteria.Aicc} {criteria.Bic} {criteria.LogLikelihood} {criteria.Parameters}");
        return criteria;
    }

    public static PermutationImportance Explain(Model model, NDArray x, NDArray y)
    {
        Attribution why = IntegratedGradients.Of(model, x);
        Console.WriteLine(why.Values[0, 11, 0]);                       // sample 0, step 11, feature 0
        Console.WriteLine(string.Join(", ", why.Inputs[0].ByFeature)); // mean sizes: which features matter
        Console.WriteLine(why.Gaps[0]);                                // how far contributions are from adding up
        why.Save("why.html", sample: 0);

        Attribution covered = Occlusion.Of(model, x, steps: 2);
        PermutationImportance importance = PermutationImportance.Of(model, x, y, map: true);
        Console.WriteLine(string.Join(", ", importance.Inputs[0].ByStep));
        importance.Save("importance.html");
        return covered.Inputs.Count == 1 ? importance : throw new InvalidOperationException();
    }

    public static Sequential Build(int units, double rate, int seed)
    {
        var model = new Sequential([new GRU(units, inputShape: (12, 2)), new Dense(1)], seed: seed);
        model.Compile(new Adam(rate), "mse", metrics: ["mae"]);
        return model;
    }
}
