using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// One state of a recurrent layer over time: block t of columns is the state before step t, block t + 1 the state after it. A pass
/// that keeps nothing for a backward pass has two blocks and uses them in turn.
/// </summary>
internal sealed class StateTrajectory
{
    private readonly int batch;
    private readonly int blocks;
    private int origin;

    public StateTrajectory(int size, int steps, int batch, bool keep)
    {
        this.batch = batch;
        blocks = keep ? steps + 1 : 2;
        Values = new DenseMatrix(size, blocks * batch);
    }

    /// <summary>All blocks: size × (blocks · batch).</summary>
    public DenseMatrix Values { get; }

    /// <summary>The state before step t; t = 0 is the initial state, t = number of steps the final one.</summary>
    public ColumnBlock Before(int t) => new(Values, (origin + t) % blocks * batch, batch);

    /// <summary>The state after step t.</summary>
    public ColumnBlock After(int t) => Before(t + 1);

    /// <summary>Makes the state after so many steps the state before step 0, where it stands.</summary>
    public void GoOn(int steps) => origin = (origin + steps) % blocks;
}
