using System.Numerics.Tensors;
using Recurrent.Optimizers;
using Recurrent.Parameters;

namespace Recurrent.Training;

/// <summary>
/// Keeps the weights of training that was still in order, with what the optimizer remembers of them, and goes back to them when a
/// loss, a gradient or a weight is no finite number.
/// </summary>
/// <remarks>
/// A copy is taken before the first update of an epoch, after so many updates, and before an update that is bolder than the one
/// before, but only while the loss is in order: weights that have begun to explode are finite too, and nobody wants them back. So
/// a step pays for a copy once in a while, and otherwise for one look at what the optimizer has in its hands anyway.
/// </remarks>
internal sealed class TrainingGuard
{
    /// <summary>After so many updates the copy is taken again.</summary>
    private const int MostUpdates = 16;

    /// <summary>How much the mean loss follows that of a batch.</summary>
    private const double Following = 0.1;

    /// <summary>A loss of so many times the lowest mean is no longer in order.</summary>
    private const double Exploded = 100;

    /// <summary>Weights beyond this have squares beyond all numbers: they are as good as infinite.</summary>
    private const Real Overgrown = (Real)1e18;

    private readonly Optimizer optimizer;
    private readonly Parameter[] parameters;
    private readonly Parameter[] statistics;
    private TrainingSnapshot? snapshot;
    private bool due = true;
    private bool holds;
    private int updates;
    private long version;
    private double rate;
    private double loss;
    private double mean = double.NaN;
    private double lowest = double.PositiveInfinity;

    /// <summary>Watches over a training.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="parameters">What it trains.</param>
    /// <param name="statistics">What layers keep of the batches they have seen: it goes back with the weights.</param>
    public TrainingGuard(Optimizer optimizer, Parameter[] parameters, Parameter[] statistics)
    {
        this.optimizer = optimizer;
        this.parameters = parameters;
        this.statistics = statistics;
    }

    /// <summary>Whether the weights are those of the last update.</summary>
    public bool IsCurrent => holds && version == Version() + optimizer.Iterations;

    /// <summary>How many updates <see cref="Restore"/> would take back: none where there are no other weights to go back
    /// to.</summary>
    public long Behind => IsCurrent ? optimizer.Iterations - snapshot!.Iterations : 0;

    /// <summary>Says that other data follow, whose loss cannot be held against the one before.</summary>
    public void BeginRun()
    {
        mean = double.NaN;
        lowest = double.PositiveInfinity;
        due = true;
        holds = false;
    }

    /// <summary>
    /// The losses that those to come are held against; and has the copy taken anew at the next update, as a run will that goes on
    /// from a backup.
    /// </summary>
    public double[] SaveLosses()
    {
        due = true;
        holds = false;
        return [mean, lowest];
    }

    /// <summary>Goes on from what <see cref="SaveLosses"/> gave.</summary>
    public void RestoreLosses((double Mean, double Lowest) losses)
    {
        BeginRun();
        (mean, lowest) = losses;
    }

    /// <summary>Lets go of the copy, which is as large as what was trained.</summary>
    public void EndRun()
    {
        snapshot = null;
        holds = false;
    }

    /// <summary>Says that an epoch begins.</summary>
    public void BeginEpoch() => due = true;

    /// <summary>Prepares for an update.</summary>
    /// <param name="batchLoss">The loss of the batch, which is finite.</param>
    public void BeforeUpdate(double batchLoss)
    {
        mean = double.IsNaN(mean) ? batchLoss : mean + (Following * (batchLoss - mean));
        lowest = Math.Min(lowest, mean);
        double now = optimizer.LearningRate;
        bool others = !IsCurrent;
        bool inOrder = batchLoss <= lowest + ((Exploded - 1) * Math.Abs(lowest));
        bool bolder = now > 2 * rate || batchLoss > loss + Math.Abs(loss);
        if (others || (inOrder && (due || bolder || updates >= MostUpdates)))
        {
            snapshot ??= new TrainingSnapshot([.. parameters, .. statistics], optimizer);
            snapshot.Take();
            holds = true;
            due = false;
            updates = 0;
            rate = now;
            loss = batchLoss;
        }
    }

    /// <summary>Takes note that layers have changed weights themselves, which is part of training.</summary>
    public void Follow() => version = Version() + optimizer.Iterations;

    /// <summary>Takes note of an update.</summary>
    public void AfterUpdate()
    {
        updates++;
        version = Version() + optimizer.Iterations;
    }

    /// <summary>Goes back to the last weights that were in order, unless somebody else has set others since.</summary>
    public void Restore()
    {
        if (Behind > 0)
        {
            snapshot!.Restore();
        }

        BeginRun();
    }

    /// <summary>The index of a parameter whose moments are not all finite numbers; −1 where all are.</summary>
    public int IndexOfSpoiledSlot()
    {
        foreach (Slot slot in optimizer.Slots)
        {
            if (!TensorPrimitives.IsFiniteAll<Real>(slot.Values.Values))
            {
                return slot.ParameterIndex;
            }
        }

        return -1;
    }

    /// <summary>A statistic that is not finite; null where all are.</summary>
    public Parameter? SpoiledStatistic() =>
        Array.Find(statistics, statistic => !TensorPrimitives.IsFiniteAll<Real>(statistic.Values));

    /// <summary>The index of a parameter that has grown beyond use since the copy was taken; −1 where none has.</summary>
    public int IndexOfOvergrown() => holds ? Array.FindIndex(parameters, IsOvergrown) : -1;

    private bool IsOvergrown(Parameter parameter) =>
        Size(parameter.Values) > Overgrown && Size(snapshot!.Of(parameter)) <= Overgrown;

    private static Real Size(ReadOnlySpan<Real> values) => values.IsEmpty ? 0 : Real.Abs(TensorPrimitives.MaxMagnitude(values));

    private long Version()
    {
        long sum = 0;
        foreach (Parameter parameter in parameters)
        {
            sum += parameter.Version;
        }

        return sum;
    }
}
