using System.Globalization;
using System.Runtime.InteropServices;
using Recurrent.Training;

namespace Recurrent.Mpi;

/// <summary>
/// The processes, the ranks, that <c>mpirun</c> has started together. Each runs the same program; what it is to do differs by its
/// <see cref="Rank"/>.
/// </summary>
/// <remarks>
/// Calls are collective: every rank must make the same ones in the same order, from one thread at a time. A program that was not
/// started by mpirun is a world of one rank.
/// </remarks>
/// <example><code>
/// return MpiWorld.Run(world =>
/// {
///     Sequential model = Build();
///     world.Fit(model, m => m.Fit(x, y, epochs: 50, callbacks: [new BackupAndRestore("backup")]));
///     if (world.Rank == 0) { model.Save("model.json"); }
/// });
/// </code></example>
public sealed class MpiWorld : IRankLink, IDisposable
{
    private static int started;

    private readonly nint world;
    private bool ended;

    private MpiWorld()
    {
        world = OpenMpi.World;
        Check(OpenMpi.Rank(world, out int rank), "MPI_Comm_rank");
        Check(OpenMpi.Size(world, out int size), "MPI_Comm_size");
        Rank = rank;
        Size = size;
        Threads = ThreadShare.Of(this, rank);
    }

    /// <summary>Number of this process, from 0.</summary>
    public int Rank { get; }

    /// <summary>Number of processes.</summary>
    public int Size { get; }

    /// <summary>Number of the processes that run on this machine; as many share its cores.</summary>
    public int LocalSize => int.TryParse(Environment.GetEnvironmentVariable("OMPI_COMM_WORLD_LOCAL_SIZE"),
        NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size > 0 ? size : Size;

    /// <summary>How many threads this rank may use, so that the ranks of a machine share its cores: those that mpirun binds it
    /// to, or its share of them where others are bound to them too.</summary>
    /// <remarks><c>mpirun</c> binds two ranks to a core each unless told otherwise. <c>--bind-to none</c> shares out all cores,
    /// <c>--map-by slot:pe=4</c> gives four to each.</remarks>
    public int Threads { get; }

    int IRankLink.Count => Size;

    /// <summary>Starts MPI; once in a process.</summary>
    /// <exception cref="MpiException">There is no Open MPI, or it cannot be started.</exception>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    public static MpiWorld Start()
    {
        OpenMpi.Require();
        if (Interlocked.Exchange(ref started, 1) != 0)
        {
            throw new InvalidOperationException("MPI was started in this process before, and can be started only once. Keep the "
                + "MpiWorld and pass it on.");
        }

        Check(OpenMpi.InitThread(0, 0, OpenMpi.ThreadSerialized, out int provided), "MPI_Init_thread");
        return provided >= OpenMpi.ThreadSerialized ? new() : throw new MpiException(
            "This Open MPI was built without threads, but gradients are exchanged on a thread of their own. "
            + "Use one that was not.");
    }

    /// <summary>
    /// Runs a program on every rank. Where it fails on one, the message is written with the rank, and all ranks are ended:
    /// those that wait for it would wait for ever.
    /// </summary>
    /// <param name="program">The program.</param>
    /// <returns>The exit code: 0.</returns>
    public static int Run(Action<MpiWorld> program)
    {
        ArgumentNullException.ThrowIfNull(program);
        MpiWorld world;
        try
        {
            world = Start();
        }
        catch (MpiException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }

        try
        {
            program(world);
            world.Dispose();
            return 0;
        }
        catch (Exception exception)
        {
            Console.Error.WriteLine(
                FormattableString.Invariant($"Rank {world.Rank} of {world.Size} failed: {exception.Message}"));
            Console.Error.WriteLine("The job is ended. With BackupAndRestore among its callbacks, training goes on from its last "
                + "backup when the job is started again, with any number of ranks.");
            world.Abort(1);
            throw;
        }
    }

    /// <summary>Ends all ranks at once.</summary>
    /// <param name="code">The exit code.</param>
    public void Abort(int code)
    {
        Console.Error.Flush();
        _ = OpenMpi.Abort(world, code);
    }

    /// <summary>Waits until all ranks are here.</summary>
    public void Barrier() => Check(OpenMpi.Barrier(world), "MPI_Barrier");

    /// <summary>Gives all ranks what one of them has.</summary>
    /// <param name="values">What that rank has; receives it on the others. As long on all.</param>
    /// <param name="root">The rank.</param>
    public void Broadcast(Span<byte> values, int root = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(root);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(root, Size);
        Check(OpenMpi.Broadcast(ref First(values), values.Length, OpenMpi.Byte, root, world), "MPI_Bcast");
    }

    /// <summary>Gives all ranks what each of them has.</summary>
    /// <param name="own">The bytes of this rank; of any number.</param>
    /// <returns>Those of all ranks, in their order.</returns>
    public IReadOnlyList<byte[]> AllGather(ReadOnlySpan<byte> own)
    {
        int[] lengths = new int[Size];
        int[] four = new int[Size];
        Array.Fill(four, sizeof(int));
        ((IRankLink)this).AllGather(BitConverter.GetBytes(own.Length), MemoryMarshal.AsBytes(lengths.AsSpan()), four);
        byte[] all = new byte[checked(lengths.Sum())];
        ((IRankLink)this).AllGather(own, all, lengths);
        var parts = new byte[Size][];
        int at = 0;
        for (int rank = 0; rank < Size; rank++)
        {
            parts[rank] = all.AsSpan(at, lengths[rank]).ToArray();
            at += lengths[rank];
        }

        return parts;
    }

    /// <summary>Adds up numbers over all ranks, in MPI's own order (MPI_Allreduce).</summary>
    /// <param name="values">The numbers of this rank; receives the sums.</param>
    public void AllReduce(Span<double> values) =>
        Check(OpenMpi.AllReduce(OpenMpi.InPlace, ref First(MemoryMarshal.AsBytes(values)),
        values.Length, OpenMpi.Double, OpenMpi.Sum, world), "MPI_Allreduce");

    /// <inheritdoc/>
    void IRankLink.AllReduce(Span<Real> values) => Check(OpenMpi.AllReduce(OpenMpi.InPlace,
        ref First(MemoryMarshal.AsBytes(values)), values.Length, OpenMpi.Float, OpenMpi.Sum, world), "MPI_Allreduce");

    /// <inheritdoc/>
    void IRankLink.AllGather(ReadOnlySpan<byte> own, Span<byte> all, int[] counts) => Check(OpenMpi.AllGather(
        ref First(own), own.Length, OpenMpi.Byte, ref First(all), counts, Places(counts), OpenMpi.Byte, world), "MPI_Allgatherv");

    /// <inheritdoc/>
    void IRankLink.AllToAll(ReadOnlySpan<byte> send, int[] sendCounts, Span<byte> receive, int[] receiveCounts) => Check(
        OpenMpi.AllToAll(ref First(send), sendCounts, Places(sendCounts), OpenMpi.Byte, ref First(receive), receiveCounts,
            Places(receiveCounts), OpenMpi.Byte, world), "MPI_Alltoallv");

    /// <summary>Ends MPI, when all ranks have come to it.</summary>
    public void Dispose()
    {
        if (!ended)
        {
            ended = true;
            _ = OpenMpi.Finish();
        }
    }

    private static ref byte First(ReadOnlySpan<byte> bytes) => ref MemoryMarshal.GetReference(bytes);

    private static int[] Places(int[] counts)
    {
        int[] places = new int[counts.Length];
        for (int i = 1; i < places.Length; i++)
        {
            places[i] = checked(places[i - 1] + counts[i - 1]);
        }

        return places;
    }

    private static void Check(int code, string function)
    {
        if (code != 0)
        {
            throw new MpiException(FormattableString.Invariant($"{function} has failed with code {code}."));
        }
    }
}
