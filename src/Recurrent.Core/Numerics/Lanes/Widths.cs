using System.Runtime.Intrinsics;

namespace Recurrent.Numerics;

/// <summary>Work that is written once for every register width.</summary>
internal interface IWidthJob
{
    /// <summary>Does the work with registers of one width.</summary>
    void Run<TLane, TVector>()
        where TLane : ILane<TVector>
        where TVector : unmanaged;
}

/// <summary>Chooses among the register widths.</summary>
/// <remarks>A kernel gives the same bits at every width (see <see cref="ILane{TVector}"/>), so the choice is free.</remarks>
internal static class Widths
{
    /// <summary>Values in the widest register that this process's kernels use.</summary>
    public static int Widest =>
        Vector512.IsHardwareAccelerated ? Vector512<Real>.Count
        : Vector256.IsHardwareAccelerated ? Vector256<Real>.Count
        : Vector128.IsHardwareAccelerated ? Vector128<Real>.Count
        : 1;

    /// <summary>The width for columns of so many rows: few would leave most of a wide register empty.</summary>
    public static int For(int rows) =>
        rows <= Vector128<Real>.Count ? Math.Min(Widest, Vector128<Real>.Count)
        : rows <= Vector256<Real>.Count ? Math.Min(Widest, Vector256<Real>.Count)
        : Widest;

    /// <summary>
    /// The width for columns of so many rows where memory, not arithmetic, is the limit: the columns of a matrix start
    /// anywhere, and a 512-bit access that does not start on a cache line always touches two.
    /// </summary>
    public static int ForMemory(int rows) => Math.Min(For(rows), Vector256<Real>.Count);

    /// <summary>Runs a job with registers of <paramref name="width"/> values.</summary>
    public static void Dispatch<TJob>(TJob job, int width)
        where TJob : struct, IWidthJob
    {
        if (width == Vector512<Real>.Count)
        {
            job.Run<Lane512, Vector512<Real>>();
        }
        else if (width == Vector256<Real>.Count)
        {
            job.Run<Lane256, Vector256<Real>>();
        }
        else if (width == Vector128<Real>.Count)
        {
            job.Run<Lane128, Vector128<Real>>();
        }
        else
        {
            job.Run<LaneScalar, Real>();
        }
    }
}
