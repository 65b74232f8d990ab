using System.Reflection;
using System.Runtime.InteropServices;

namespace Recurrent.Mpi;

/// <summary>The functions of Open MPI that are called, and its constants, which are the addresses of variables of the
/// library.</summary>
internal static partial class OpenMpi
{
    internal const int ThreadSerialized = 2;

    private const string Library = "mpi";
    private static readonly string[] FileNames = ["libmpi.so.40", "libmpi.so", "libmpi.40.dylib", "libmpi.dylib"];
    private static readonly Lazy<nint> Handle = new(Load);

    internal static nint World => Address("ompi_mpi_comm_world");

    internal static nint Byte => Address("ompi_mpi_byte");

    internal static nint Float => Address("ompi_mpi_float");

    internal static nint Double => Address("ompi_mpi_double");

    internal static nint Sum => Address("ompi_mpi_op_sum");

    /// <summary>The buffer that says that a result takes the place of what is given.</summary>
    internal static nint InPlace => 1;

    /// <summary>Finds the library.</summary>
    /// <exception cref="MpiException">There is none.</exception>
    internal static void Require() => _ = Handle.Value;

    [LibraryImport(Library, EntryPoint = "MPI_Init_thread")]
    internal static partial int InitThread(nint argc, nint argv, int required, out int provided);

    [LibraryImport(Library, EntryPoint = "MPI_Finalize")]
    internal static partial int Finish();

    [LibraryImport(Library, EntryPoint = "MPI_Abort")]
    internal static partial int Abort(nint communicator, int code);

    [LibraryImport(Library, EntryPoint = "MPI_Comm_rank")]
    internal static partial int Rank(nint communicator, out int rank);

    [LibraryImport(Library, EntryPoint = "MPI_Comm_size")]
    internal static partial int Size(nint communicator, out int size);

    [LibraryImport(Library, EntryPoint = "MPI_Barrier")]
    internal static partial int Barrier(nint communicator);

    [LibraryImport(Library, EntryPoint = "MPI_Bcast")]
    internal static partial int Broadcast(ref byte buffer, int count, nint type, int root, nint communicator);

    [LibraryImport(Library, EntryPoint = "MPI_Allreduce")]
    internal static partial int AllReduce(nint send, ref byte buffer, int count, nint type, nint operation, nint communicator);

    [LibraryImport(Library, EntryPoint = "MPI_Allgatherv")]
    internal static partial int AllGather(ref byte send, int count, nint sendType, ref byte receive, int[] counts, int[] places,
        nint receiveType, nint communicator);

    [LibraryImport(Library, EntryPoint = "MPI_Alltoallv")]
    internal static partial int AllToAll(ref byte send, int[] sendCounts, int[] sendPlaces, nint sendType, ref byte receive,
        int[] receiveCounts, int[] receivePlaces, nint receiveType, nint communicator);

    private static nint Address(string name) => NativeLibrary.GetExport(Handle.Value, name);

    private static nint Load()
    {
        foreach (string name in FileNames)
        {
            if (NativeLibrary.TryLoad(name, out nint handle))
            {
                if (!NativeLibrary.TryGetExport(handle, "ompi_mpi_comm_world", out _))
                {
                    throw new MpiException(
                        $"'{name}' is an MPI, but not Open MPI: its constants are other ones. Install Open MPI "
                        + "(Debian: apt-get install openmpi-bin), and start the program with its mpirun.");
                }

                NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(),
                    (library, _, _) => library == Library ? handle : nint.Zero);
                return handle;
            }
        }

        throw new MpiException("There is no Open MPI on this machine (libmpi.so.40). Install it (Debian: apt-get install "
            + "openmpi-bin), and start the program with mpirun -n 4 dotnet run …");
    }
}
