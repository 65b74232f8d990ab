using Recurrent.Callbacks;
using Recurrent.Models;
using Recurrent.Registration;
using Recurrent.Training;

namespace Recurrent.Mpi;

/// <summary>How the ranks add up their gradients.</summary>
public enum GradientSum
{
    /// <summary>In the order of the shards (MPI_Alltoallv, sums, MPI_Allgatherv): the same bits as one process, whatever the
    /// number of ranks.</summary>
    InOrder,

    /// <summary>By MPI's own MPI_Allreduce, in an order that is MPI's: where its hardware can add, the fastest. Results
    /// differ in the last bits with the number of ranks.</summary>
    AllReduce,
}

/// <summary>Training one model on all ranks: each runs some shards of every batch.</summary>
public static class MpiTraining
{
    /// <summary>
    /// Trains a model on all ranks, by any form of its <c>Fit</c>: every rank holds the model and gets all data, runs some of the
    /// shards of each batch, and does the same update with the sum of all gradients. All ranks end with the same model, which is
    /// that of one process with as many shards, to the bit.
    /// </summary>
    /// <remarks>
    /// Callbacks are the same on all ranks. Those that write files or tell others (<see cref="ModelCheckpoint"/>,
    /// <see cref="CSVLogger"/>, …) do so on rank 0 alone, and so does <see cref="BackupAndRestore"/>, from whose backup all ranks
    /// go on, as many as there may be then. Rank 0 shows progress. Where one rank stops, by a callback that looks at a clock or
    /// because it was cancelled, all do. A source of batches is read by every rank for itself; each batch is compared.
    /// Every rank validates on all validation data.
    /// </remarks>
    /// <param name="world">The ranks.</param>
    /// <param name="model">The model, compiled; the same on all ranks, with the same seed.</param>
    /// <param name="fit">Trains it: <c>m => m.Fit(x, y, epochs: 50)</c>, the same on all ranks with the same data.</param>
    /// <param name="shards">Into how many shards a batch is cut; null (the default) for what its size says, one for each 16
    /// samples and 16 at most. Results depend on this number and not on that of ranks; with fewer shards than ranks some have
    /// nothing to do.</param>
    /// <param name="sum">How gradients are added up; in order by default.</param>
    /// <returns>Loss and metrics of every finished epoch: the same on all ranks.</returns>
    /// <exception cref="InvalidOperationException">Ranks do not agree on model, data or options; the message says on what.
    /// </exception>
    /// <exception cref="ArgumentException">Data or options do not fit.</exception>
    /// <exception cref="MpiException">A call of MPI has failed.</exception>
    public static History Fit(this MpiWorld world, Model model, Func<Model, History> fit, int? shards = null,
        GradientSum sum = GradientSum.InOrder)
    {
        ArgumentNullException.ThrowIfNull(world);
        return Fit(world, world.Threads, model, fit, shards, sum);
    }

    /// <summary>Trains over any link.</summary>
    internal static History Fit(
        IRankLink link, int threads, Model model, Func<Model, History> fit, int? shards = null,
        GradientSum sum = GradientSum.InOrder)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(fit);
        new OptionCheck(nameof(MpiTraining)).Positive(nameof(shards), shards ?? 1).ThrowIfAny();
        int before = model.MaxDegreeOfParallelism;
        try
        {
            model.MaxDegreeOfParallelism = threads;
            model.Context.Ranks = new ShardRanks(link, shards, sum == GradientSum.InOrder);
            return fit(model);
        }
        finally
        {
            model.Context.Ranks = null;
            model.MaxDegreeOfParallelism = before;
        }
    }
}
