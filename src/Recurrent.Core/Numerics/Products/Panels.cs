using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Recurrent.Numerics;

/// <summary>How the rows of a left operand are cut into panels, and the columns of a right operand into tiles.</summary>
/// <remarks>
/// A panel is up to three registers of rows high. Its values are stored k after k, the rows side by side, so the kernel reads
/// it from front to back; rows that fill up the last register are zeros and never leave the kernel.
/// </remarks>
internal static class Panels
{
    /// <summary>Registers of rows in the highest panel.</summary>
    public const int MostVectors = 3;

    /// <summary>
    /// Columns in the widest tile of a panel: 3 × 8 accumulators and four operands fill 32 registers; 3 × 4, 2 × 6 and 1 × 8 fill
    /// 16, or nearly. A lower panel needs more columns, or its multiply-adds wait for one another.
    /// </summary>
    /// <param name="vectors">Registers of rows in the panel.</param>
    public static int MostColumns(int vectors) =>
        Avx512F.VL.IsSupported || AdvSimd.IsSupported || vectors == 1 ? 8 : vectors == 2 ? 6 : 4;

    /// <summary>Registers of rows in the next panel. A last panel of one register would starve the kernel: 4 is 2 + 2.</summary>
    /// <param name="left">Registers of rows not yet in a panel.</param>
    public static int NextVectors(int left) => left == 4 ? 2 : Math.Min(left, MostVectors);

    /// <summary>Columns in the next tile: all about equally many.</summary>
    /// <param name="left">Columns not yet in a tile.</param>
    /// <param name="vectors">Registers of rows in the panel; where tiles serve panels of several heights, in the highest.</param>
    public static int NextColumns(int left, int vectors = MostVectors)
    {
        int most = MostColumns(vectors);
        int tiles = (left + most - 1) / most;
        return (left + tiles - 1) / tiles;
    }

    /// <summary>Rows rounded up to whole registers.</summary>
    public static int Padded(int rows, int width) => (rows + width - 1) / width * width;
}
