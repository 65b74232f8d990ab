using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Recurrent.Callbacks;
using Recurrent.Models;
using Recurrent.Registration;
using Recurrent.Training;

namespace Recurrent.Mpi;

/// <summary>How the ranks add up their gradients.</summary>
public enum GradientSum
{
    /// <summary>In the order of the shards (MPI_Alltoallv, sums, MPI_Allgatherv): the same bits as one process, whatever the
    /// number
    /// of ranks.</summary>
    InOrder,

    /// <summary>By MPI's own MPI_Allreduce, in an order that is MPI's: where its hardware can add, the fastest. Results differ
    /// in the
    /// last bits with the number of ranks.</summary>
    AllReduce,
}

/// <summary>Training one model on all ranks: each runs some shards of every batch.</summary>
public static class MpiTraining
{
    /// <summary>
    /// Trains a model as <c>model.Fit</c> does, on all ranks: every rank holds the model and the data, runs some of the shards
    /// of each
    /// batch, and does the same update with the sum of all gradients. All ranks end with the same model.
    /// </summary>
    /// <param name="world">The ranks.</param>
    /// <param name="model">The model, compiled; the same on all ranks, with the same seed.</param>
    /// <param name="x">Inputs; the same on all ranks.</param>
    /// <param name="y">Targets.</param>
    /// <param name="epochs">Number of epochs.</param>
    /// <param name="batchSize">Samples to an update, over all ranks.</param>
    /// <param name="shuffle">Whether each epoch takes the samples in another order.</param>
    /// <param name="validationSplit">Share of the samples, the last ones, to validate on. Every rank validates on all of
    /// them.</param>
    /// <param name="validationData">What to validate on, in place of it.</param>
    /// <param name="sampleWeight">A weight for each sample, or null.</param>
    /// <param name="classWeight">A weight for each class index, or null.</param>
    /// <param name="verbose">What rank 0 shows; the others show nothing.</param>
    /// <param name="callbacks">Callbacks, the same on all ranks. Those that write files or tell others (<see
    /// cref="ModelCheckpoint"/>,
    /// <see cref="CSVLogger"/>, …) do so on rank 0 alone, and so does <see cref="BackupAndRestore"/>, from whose backup all
    /// ranks go
    /// on, as many as there may be then.</param>
    /// <param name="initialEpoch">Index of the first epoch; null goes on counting.</param>
    /// <param name="shards">Into how many shards a batch is cut; null (the default) for what its size says, one for each 16
    /// samples
    /// and 16 at most. Results depend on this number and not on that of ranks; with fewer shards than ranks some have nothing to
    /// do.</param>
    /// <param name="sum">How gradients are added up; in order by default.</param>
    /// <param name="cancellationToken">Cancels after the batch that is running; give it on all ranks or on none.</param>
    /// <returns>Loss and metrics of every finished epoch: the same on all ranks.</returns>
    /// <exception cref="InvalidOperationException">The model cannot be cut, or ranks do not agree on model, data or options; the
    /// message says on what.</exception>
    /// <exception cref="ArgumentException">Data or options do not fit.</exception>
    /// <exception cref="MpiException">A call of MPI has failed.</exception>
    public static History Fit(
        this MpiWorld world,
        Model model,
        ModelData x,
        ModelData y,
        int epochs = 1,
        int batchSize = 32,
        bool? shuffle = null,
        double validationSplit = 0,
        ValidationData? validationData = null,
        ModelData? sampleWeight = null,
        IReadOnlyDictionary<int, double>? classWeight = null,
        Verbosity verbose = default,
        IReadOnlyList<Callback>? callbacks = null,
        int? initialEpoch = null,
        int? shards = null,
        GradientSum sum = GradientSum.InOrder,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(world);
        return Fit(world, world.Threads, model, shards, sum, () =>
        {
            RankCheck.Require(model.Context, model.CheckForMeasuring(x, y));
            return [.. Describe(model, x, y), ("the options of Fit", string.Create(CultureInfo.InvariantCulture,
                $"epochs {epochs}, batchSize {batchSize}, shuffle {shuffle}, validationSplit {validationSplit:R}, initialEpoch ")
                + string.Create(CultureInfo.InvariantCulture, $"{initialEpoch}, shards {shards}, sum {sum}, callbacks ")
                + string.Join(" ", (callbacks ?? []).Select(callback => callback.GetType().Name)))];
        }, () => model.Fit(x, y, epochs, batchSize, shuffle, validationSplit, validationData, sampleWeight, classWeight,
            world.Rank == 0 ? verbose : Verbosity.Silent, callbacks, initialEpoch: initialEpoch,
            cancellationToken: cancellationToken));
    }

    /// <summary>Trains over any link.</summary>
    internal static History Fit(IRankLink link, int threads, Model model, int? shards, GradientSum sum,
        Func<IEnumerable<(string What, string Note)>> check, Func<History> fit)
    {
        ArgumentNullException.ThrowIfNull(model);
        new OptionCheck(nameof(MpiTraining)).Positive(nameof(shards), shards ?? 1).ThrowIfAny();
        var ranks = new ShardRanks(link, shards, sum == GradientSum.InOrder);
        foreach ((string what, string note) in check())
        {
            ranks.RequireSame(what, note);
        }

        int before = model.MaxDegreeOfParallelism;
        try
        {
            model.MaxDegreeOfParallelism = threads;
            model.Context.Ranks = ranks;
            return fit();
        }
        finally
        {
            model.Context.Ranks = null;
            model.MaxDegreeOfParallelism = before;
        }
    }

    private static IEnumerable<(string What, string Note)> Describe(Model model, ModelData x, ModelData y)
    {
        yield return ("the architecture of the model", $"{model.Name}, {Hash(Encoding.UTF8.GetBytes(model.ToJson()))}");
        yield return ("the seed of the model", model.Seed.ToString(CultureInfo.InvariantCulture));
        using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
        {
            foreach (NDArray weights in model.GetWeights())
            {
                hash.AppendData(MemoryMarshal.AsBytes<Real>(weights.Values));
            }

            yield return ("the weights of the model", Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16)));
        }

        yield return ("the optimizer", string.Create(CultureInfo.InvariantCulture,
            $"{model.Optimizer!.ClassName}, rate {model.Optimizer.LearningRate:R}, {model.Optimizer.Iterations} updates"));
        yield return ("the data", Selection.Fingerprint.Of(x, y, [], new(1)));
        yield return ("the version of the library", typeof(Model).Assembly.GetName().Version?.ToString() ?? "none");
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16));
}
