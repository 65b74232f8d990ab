namespace Recurrent.Numerics;

/// <summary>Picks the kernel compiled for a shape of tile.</summary>
internal static unsafe class TileShapes<TLane, TVector>
    where TLane : ILane<TVector>
    where TVector : unmanaged
{
    /// <summary>C = start + A·B on one tile of <paramref name="vectors"/> registers × <paramref name="columns"/>
    /// columns.</summary>
    public static void Run(
        int vectors, int columns, Real* a, Real* b, Real* c, nint depth, nint stepB, nint strideB, nint strideC, int lastCount,
        ProductStart start)
    {
        switch (vectors)
        {
            case 1:
                Run<One>(columns, a, b, c, depth, stepB, strideB, strideC, lastCount, start);
                break;
            case 2:
                Run<Two>(columns, a, b, c, depth, stepB, strideB, strideC, lastCount, start);
                break;
            default:
                Run<Three>(columns, a, b, c, depth, stepB, strideB, strideC, lastCount, start);
                break;
        }
    }

    private static void Run<TVectors>(
        int columns, Real* a, Real* b, Real* c, nint depth, nint stepB, nint strideB, nint strideC, int lastCount,
        ProductStart start)
        where TVectors : ICount
    {
        switch (columns)
        {
            case 1: Tile<TLane, TVector, TVectors, One>.Run(a, b, c, depth, stepB, strideB, strideC, lastCount, start); break;
            case 2: Tile<TLane, TVector, TVectors, Two>.Run(a, b, c, depth, stepB, strideB, strideC, lastCount, start); break;
            case 3: Tile<TLane, TVector, TVectors, Three>.Run(a, b, c, depth, stepB, strideB, strideC, lastCount, start); break;
            case 4: Tile<TLane, TVector, TVectors, Four>.Run(a, b, c, depth, stepB, strideB, strideC, lastCount, start); break;
            case 5: Tile<TLane, TVector, TVectors, Five>.Run(a, b, c, depth, stepB, strideB, strideC, lastCount, start); break;
            case 6: Tile<TLane, TVector, TVectors, Six>.Run(a, b, c, depth, stepB, strideB, strideC, lastCount, start); break;
            case 7: Tile<TLane, TVector, TVectors, Seven>.Run(a, b, c, depth, stepB, strideB, strideC, lastCount, start); break;
            default: Tile<TLane, TVector, TVectors, Eight>.Run(a, b, c, depth, stepB, strideB, strideC, lastCount, start); break;
        }
    }
}
