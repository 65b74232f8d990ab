using System.Diagnostics;
using Recurrent.Models;
using Recurrent.Random;

namespace Recurrent.Learning;

/// <summary>Something that a recurrent network either learns or does not.</summary>
public abstract class LearningTask
{
    /// <summary>Name on the command line and in tables.</summary>
    public abstract string Name { get; }

    /// <summary>What is to be learned, how it is scored, and what it needs.</summary>
    public abstract string Description { get; }

    /// <summary>What the bar asks for.</summary>
    public abstract string Bar { get; }

    /// <summary>What its scores are called.</summary>
    public virtual IReadOnlyList<string> ScoreNames => [];

    /// <summary>The first seed that is tried.</summary>
    public int FirstSeed { get; set; }

    /// <summary>Runs the task with the first seed that reaches the bar, or the best of several.</summary>
    /// <param name="cell">The recurrent layer.</param>
    /// <param name="seeds">How many seeds may be tried, from <see cref="FirstSeed"/> on.</param>
    /// <param name="threads">Most threads; the result does not depend on them.</param>
    /// <param name="print">Takes the curve, line by line.</param>
    public virtual Outcome Run(CellKind cell, int seeds, int threads, Action<string> print)
    {
        var clock = Stopwatch.StartNew();
        Outcome? best = null;
        for (int tried = 0; tried < seeds; tried++)
        {
            int seed = unchecked(FirstSeed + tried);
            print($"{Name}, {cell.Name}, seed {seed}");
            (IReadOnlyList<double> scores, int? reached) = RunOnce(cell, seed, threads, print);
            var outcome = new Outcome(Name, cell.Name, [seed], scores, reached, clock.Elapsed.TotalSeconds);
            if (reached is not null)
            {
                return outcome;
            }

            best = best is null || IsBetter(scores, best.Scores) ? outcome : best;
        }

        return best! with { Seconds = clock.Elapsed.TotalSeconds };
    }

    /// <summary>Trains one model.</summary>
    protected abstract (IReadOnlyList<double> Scores, int? Reached) RunOnce(CellKind cell, int seed, int threads,
        Action<string> print);

    /// <summary>Whether scores are better than others; the first one decides unless a task says otherwise.</summary>
    protected abstract bool IsBetter(IReadOnlyList<double> scores, IReadOnlyList<double> others);

    /// <summary>Random numbers for one purpose of one seed.</summary>
    protected static SeededRandom Draw(int seed, ulong purpose) => new(SeededRandom.Key((ulong)seed, purpose));
}

/// <summary>A task whose batches are drawn afresh at every step, so that nothing can be learned by heart.</summary>
public abstract class StepTask : LearningTask
{
    /// <summary>Number of units.</summary>
    protected virtual int Units => 64;

    /// <summary>Number of sequences of a batch.</summary>
    protected virtual int BatchSize => 64;

    /// <summary>Adam's learning rate.</summary>
    protected virtual double LearningRate => 0.002;

    /// <summary>Greatest length of the gradient.</summary>
    protected virtual double ClipNorm => 1;

    /// <summary>Steps within which the bar must be reached.</summary>
    protected abstract int MaxSteps { get; }

    /// <summary>Every how many steps the test set is scored.</summary>
    protected virtual int CheckEvery => 100;

    /// <summary>Whether training stops when the bar is reached.</summary>
    protected virtual bool StopsAtBar => true;

    /// <summary>Builds and compiles a model.</summary>
    protected abstract Sequential Build(CellKind cell, int seed);

    /// <summary>Draws a batch.</summary>
    protected abstract (NDArray X, NDArray Y) NextBatch(ref SeededRandom random, int count);

    /// <summary>Scores a model on the test set, which is the same for all seeds.</summary>
    protected abstract IReadOnlyList<double> Score(Sequential model);

    /// <summary>Whether scores reach the bar.</summary>
    protected abstract bool Reaches(IReadOnlyList<double> scores);

    /// <summary>The optimizer of all such tasks: Adam with the gradient clipped.</summary>
    protected Optimizers.Adam Optimizer => new(LearningRate, epsilon: 1e-8, globalClipNorm: ClipNorm);

    /// <inheritdoc/>
    protected override (IReadOnlyList<double> Scores, int? Reached) RunOnce(CellKind cell, int seed, int threads,
        Action<string> print)
    {
        Sequential model = Build(cell, seed);
        model.MaxDegreeOfParallelism = threads;
        SeededRandom random = Draw(seed, 1);
        IReadOnlyList<double> scores = [];
        for (int step = 1; step <= MaxSteps; step++)
        {
            (NDArray x, NDArray y) = NextBatch(ref random, BatchSize);
            model.TrainOnBatch(x, y);
            if (step % CheckEvery != 0)
            {
                continue;
            }

            scores = Score(model);
            print(FormattableString.Invariant($"  step {step,5}  {Outcome.Text(scores)}"));
            if (Reaches(scores) && (StopsAtBar || step == MaxSteps))
            {
                return (scores, step);
            }
        }

        return (scores, null);
    }
}
