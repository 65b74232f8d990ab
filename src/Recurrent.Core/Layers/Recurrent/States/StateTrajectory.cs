using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// One state of a recurrent layer over time: block t of columns is the state before step t, block t + 1 the state after it. A
/// pass that keeps nothing for a backward pass has a few blocks, two for most cells, and uses them in turn.
/// </summary>
/// <remarks>
/// Usually what a step computes is what the next step is given. Where something stands between the two, as with zoneout, what is
/// computed is kept apart: a cell reads <see cref="Before"/> and writes <see cref="After"/>, and its owner writes
/// <see cref="Carried"/>.
/// </remarks>
public sealed class StateTrajectory
{
    private readonly int columns;
    private readonly int blocks;
    private readonly DenseMatrix? computed;
    private int origin;

    /// <summary>Makes room.</summary>
    /// <param name="rows">Rows of the state.</param>
    /// <param name="kept">Number of steps whose states are kept: all where a backward pass may follow.</param>
    /// <param name="columns">Columns of a step.</param>
    /// <param name="apart">Whether what is computed is kept apart from what is carried.</param>
    internal StateTrajectory(int rows, int kept, int columns, bool apart)
    {
        this.columns = columns;
        blocks = kept + 1;
        Values = new DenseMatrix(rows, blocks * columns);
        computed = apart ? new DenseMatrix(rows, kept * columns) : null;
    }

    private StateTrajectory(DenseMatrix values, int columns)
    {
        this.columns = columns;
        blocks = values.ColumnCount / columns;
        Values = values;
    }

    /// <summary>The states that steps are given, all blocks: rows × (blocks · columns of a step).</summary>
    public DenseMatrix Values { get; }

    /// <summary>The state before step t; t = 0 is the initial state, t = number of steps the final one.</summary>
    /// <param name="t">The step.</param>
    public ColumnBlock Before(int t) => new(Values, (origin + t) % blocks * columns, columns);

    /// <summary>The state after step t, as the cell computed it.</summary>
    /// <param name="t">The step.</param>
    public ColumnBlock After(int t) =>
        computed is null ? Carried(t) : new(computed, t * columns % computed.ColumnCount, columns);

    /// <summary>The states before some steps, of which nothing but the cell computes one after the other.</summary>
    /// <param name="t">The first of the steps.</param>
    /// <param name="count">How many; more than one only as <see cref="Contiguous"/> allows.</param>
    internal ColumnBlock Before(int t, int count) => new(Values, (origin + t) % blocks * columns, count * columns);

    /// <summary>The states after some steps, as the cell computes them.</summary>
    /// <param name="t">The first of the steps.</param>
    /// <param name="count">How many; more than one only as <see cref="Contiguous"/> allows.</param>
    internal ColumnBlock After(int t, int count) => count == 1 ? After(t) : Before(t + 1, count);

    /// <summary>Number of steps from step t on whose states stand one after the other, from before the first to after the
    /// last.</summary>
    /// <param name="t">The first of the steps.</param>
    internal int Contiguous(int t) => blocks - 1 - ((origin + t) % blocks);

    /// <summary>The state after step t, as the next step is given it.</summary>
    /// <param name="t">The step.</param>
    internal ColumnBlock Carried(int t) => Before(t + 1);

    /// <summary>The states after all steps, as the cell computed them, in a pass that keeps them.</summary>
    internal ColumnBlock AfterAllSteps => computed ?? new ColumnBlock(Values, columns, Values.ColumnCount - columns);

    /// <summary>The same states to an owner that writes what is carried, where what is computed is kept apart.</summary>
    internal StateTrajectory CarriedAlone() => new(Values, columns);

    /// <summary>Lets samples of a pass that keeps nothing go on from one another.</summary>
    /// <param name="steps">The steps after which they stand.</param>
    /// <param name="samples">For each sample, the one that it goes on from; a place has as many columns.</param>
    internal void Select(int steps, ReadOnlySpan<int> samples)
    {
        // The block before the last step is not needed any more.
        ColumnBlock own = Before(steps);
        ColumnBlock room = Before(steps + 1);
        for (int place = 0; place < columns; place += samples.Length)
        {
            for (int i = 0; i < samples.Length; i++)
            {
                if (samples[i] != i)
                {
                    own.Column(place + samples[i]).CopyTo(room.Column(place + i));
                }
            }

            for (int i = 0; i < samples.Length; i++)
            {
                if (samples[i] != i)
                {
                    room.Column(place + i).CopyTo(own.Column(place + i));
                }
            }
        }
    }

    /// <summary>Makes the state after so many steps the state before step 0, where it stands.</summary>
    internal void GoOn(int steps) => origin = (origin + steps) % blocks;
}
