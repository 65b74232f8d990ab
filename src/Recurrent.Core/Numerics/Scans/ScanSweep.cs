using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>
/// What a sweep over time does with one register of units of one sample at one step. The sweep itself is the same for all:
/// <see cref="ScanSweep{TStep}"/>.
/// </summary>
internal interface IScanStep
{
    /// <summary>Works on <paramref name="count"/> units of a column.</summary>
    /// <param name="gate">Where these units' first gate stands among the gates of all steps.</param>
    /// <param name="unit">Where these units stand among the states of all steps.</param>
    /// <param name="carried">Where they stand in what is carried from step to step.</param>
    /// <param name="row">Where they stand in their column.</param>
    /// <param name="count">Number of units, for <typeparamref name="TAccess"/>.</param>
    void Run<TLane, TVector, TAccess>(nint gate, nint unit, nint carried, nint row, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess;
}

/// <summary>Runs a step over all units of all columns of some time steps, one time step after the other.</summary>
/// <param name="step">The step.</param>
/// <param name="shape">Of what it runs over.</param>
/// <param name="backward">Whether the last time step is the first.</param>
internal readonly struct ScanSweep<TStep>(TStep step, ScanShape shape, bool backward) : IWidthJob
    where TStep : struct, IScanStep
{
    /// <inheritdoc/>
    // By itself, as the sweeps of a step are (ColumnSweep).
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<TLane, TVector>()
        where TLane : ILane<TVector>
        where TVector : unmanaged
    {
        // The copy is what lets the JIT hold the pointers of the step in registers.
        TStep mine = step;
        nint height = shape.Height;
        nint stepUnits = height * shape.Columns;
        int whole = shape.Units - (shape.Units % TLane.Count);
        int rest = shape.Units - whole;
        for (int i = 0; i < shape.Steps; i++)
        {
            nint carried = 0;
            nint unit = stepUnits * (backward ? shape.Steps - 1 - i : i);
            nint gate = unit * shape.Gates;
            for (int column = shape.Columns; column > 0; column--)
            {
                int k = 0;
                for (; k < whole; k += TLane.Count)
                {
                    mine.Run<TLane, TVector, Whole>(gate + k, unit + k, carried + k, k, TLane.Count);
                }

                if (rest > 0)
                {
                    mine.Run<TLane, TVector, Part>(gate + k, unit + k, carried + k, k, rest);
                }

                carried += height;
                unit += height;
                gate += height * shape.Gates;
            }
        }
    }
}

/// <summary>What a sweep over time runs over.</summary>
/// <param name="Units">Rows of each column that it works on.</param>
/// <param name="Height">Rows of a column of a state.</param>
/// <param name="Gates">Rows of a column of gates, in heights of a state.</param>
/// <param name="Columns">Columns of a time step.</param>
/// <param name="Steps">Number of time steps.</param>
internal readonly record struct ScanShape(int Units, int Height, int Gates, int Columns, int Steps);
