using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>
/// What a sweep does with one register of units of one sample. The sweep itself, over units and samples, is the same for
/// every cell: <see cref="ColumnSweep{TStep}"/>.
/// </summary>
internal interface IGateStep
{
    /// <summary>Works on <paramref name="count"/> units of a column.</summary>
    /// <param name="gate">Where these units' first gate stands in a gate block.</param>
    /// <param name="unit">Where these units stand in a state block.</param>
    /// <param name="count">Number of units, for <typeparamref name="TAccess"/>.</param>
    void Run<TLane, TVector, TAccess>(nint gate, nint unit, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess;
}

/// <summary>Runs a step over all units of all columns.</summary>
/// <param name="step">The step.</param>
/// <param name="units">Rows of a state block.</param>
/// <param name="gates">Rows of a gate block, in units.</param>
/// <param name="columns">Columns of every block.</param>
internal readonly struct ColumnSweep<TStep>(TStep step, int units, int gates, int columns) : IWidthJob
    where TStep : struct, IGateStep
{
    /// <inheritdoc/>
    // By itself: inside a caller that is compiled anew, the budget for inlining would run out in the midst of the arithmetic.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<TLane, TVector>()
        where TLane : ILane<TVector>
        where TVector : unmanaged
    {
        // The copy is what lets the JIT hold the pointers of the step in registers.
        TStep mine = step;
        int height = units;
        nint jump = (nint)(gates - 1) * height;
        int whole = height - (height % TLane.Count);
        nint gate = 0;
        nint unit = 0;
        for (int column = columns; column > 0; column--)
        {
            nint end = unit + whole;
            for (; unit < end; unit += TLane.Count, gate += TLane.Count)
            {
                mine.Run<TLane, TVector, Whole>(gate, unit, TLane.Count);
            }

            int rest = height - whole;
            if (rest > 0)
            {
                mine.Run<TLane, TVector, Part>(gate, unit, rest);
                unit += rest;
                gate += rest;
            }

            gate += jump;
        }
    }
}
