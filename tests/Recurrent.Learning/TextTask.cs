using Recurrent.Layers;
using Recurrent.Text;

namespace Recurrent.Learning;

/// <summary>A task of texts, which may be learned from other files than its own.</summary>
public abstract class TextTask : LearningTask
{
    /// <summary>Whether it can learn from a file.</summary>
    public virtual bool ReadsFile => true;

    /// <summary>Whether it has no data of its own.</summary>
    public virtual bool NeedsFile => false;

    /// <summary>The file to learn from; null for the task's own data.</summary>
    public string? File { get; set; }

    /// <summary>Units of the layers.</summary>
    public virtual int Units { get; set; } = 128;

    /// <summary>Epochs, or rounds of fresh samples.</summary>
    public virtual int Epochs { get; set; } = 10;

    /// <summary>The cell of a kind.</summary>
    protected static Func<int, RecurrentCell> CellOf(CellKind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return units => ((RecurrentLayer)kind.Create(units, true)).Cell is { } cell && CellNames.Registry.Contains(cell.ClassName)
            ? CellNames.Registry.Create(Registration.ComponentConfig.Of(cell))
            : throw new ArgumentException($"{kind.Name} has no cell of its own.", nameof(kind));
    }

    /// <summary>Share of texts that are as they should be.</summary>
    protected static double ExactMatch(IReadOnlyList<string> found, IReadOnlyList<string> expected) =>
        found.Zip(expected).Count(pair => pair.First == pair.Second) / (double)expected.Count;

    /// <summary>Trains on rounds of fresh pairs, and scores after each, until the bar is reached.</summary>
    protected static (IReadOnlyList<double> Scores, int? Reached) RunRounds(
        Seq2Seq model,
        int threads,
        int rounds,
        Func<int, (string[] Sources, string[] Targets)> pairs,
        Func<Seq2Seq, IReadOnlyList<double>> score,
        Func<IReadOnlyList<double>, bool> reaches,
        int batchSize,
        Action<string> print)
    {
        foreach (Models.Model part in (Models.Model[])[model.TrainingModel, model.EncoderModel, model.DecoderModel])
        {
            part.MaxDegreeOfParallelism = threads;
        }

        IReadOnlyList<double> scores = [];
        for (int round = 1; round <= rounds; round++)
        {
            (string[] sources, string[] targets) = pairs(round);
            double loss = model.Fit(sources, targets, batchSize: batchSize, verbose: 0).Metrics["loss"][^1];
            scores = score(model);
            print(FormattableString.Invariant($"  round {round,3}  loss {loss:G4}  {Outcome.Text(scores)}"));
            if (reaches(scores))
            {
                return (scores, round);
            }
        }

        return (scores, null);
    }
}
