using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// The states of a run and their gradients: with what it begins and ends, and what happens to those of samples that are masked at
/// a step, which pass it by unchanged.
/// </summary>
internal sealed class RunStates
{
    private readonly CellPass cell;
    private readonly StepMask mask;
    private readonly int batch;
    private readonly bool continuing;
    private readonly StatePlaces places;
    private readonly DenseMatrix[] setAside;
    private bool started;
    private bool given;

    /// <summary>Makes room.</summary>
    /// <param name="cell">What the cell remembers of the run.</param>
    /// <param name="mask">The mask of the run.</param>
    /// <param name="options">What the run is for.</param>
    /// <param name="channelsFirst">Whether states have their channels before their places.</param>
    public RunStates(CellPass cell, StepMask mask, PassOptions options, bool channelsFirst)
    {
        places = new StatePlaces(channelsFirst);
        this.cell = cell;
        this.mask = mask;
        batch = options.BatchSize;
        continuing = options.Continuing;
        Initial = [.. cell.States.Select(state => new DenseMatrix(state.Values.RowCount, cell.StepColumns))];
        Rows = [.. Initial.Select(state => state.Values.Length / batch)];
        FinalGradients = [.. cell.StateGradients.Select(g => new DenseMatrix(g.RowCount, g.ColumnCount))];
        setAside = options.Differentiable ? [.. cell.StateGradients.Select(g => new DenseMatrix(g.RowCount, g.ColumnCount))] : [];
    }

    private delegate void Move(Span<Real> gradient, Span<Real> aside);

    /// <summary>The states with which a forward pass begins.</summary>
    public DenseMatrix[] Initial { get; }

    /// <summary>The rows that each state has for a sample, those of all its places together.</summary>
    public int[] Rows { get; }

    /// <summary>The gradients with which a backward pass begins.</summary>
    public DenseMatrix[] FinalGradients { get; }

    /// <summary>Another sequence begins: with zero, where the last one began with states that somebody gave.</summary>
    public void Reset()
    {
        started = false;
        for (int i = 0; given && i < Initial.Length; i++)
        {
            // A pass goes from caller to caller, and no caller may see another's state.
            Initial[i].Clear();
        }

        given = false;
    }

    /// <summary>
    /// Copies the states to begin with from a part of a list, one column a sample; a continuing pass begins with them too.
    /// </summary>
    public void SetInitial(IReadOnlyList<DenseMatrix> states, int firstState, int firstColumn)
    {
        started = false;
        given = true;
        for (int i = 0; i < Initial.Length; i++)
        {
            places.ToPlaces(new ColumnBlock(states[firstState + i], firstColumn, batch), Initial[i]);
        }
    }

    /// <summary>Begins with a state that another layer has given, one column for each place and sample.</summary>
    public void Begin(int index, DenseMatrix state)
    {
        started = false;
        given = true;
        state.Values.CopyTo(Initial[index].Values, 0);
    }

    /// <summary>Lets samples go on from one another, in a pass that goes on.</summary>
    /// <param name="samples">For each sample, the one that it goes on from.</param>
    /// <returns>Whether it did: before the first step there is nothing to go on from.</returns>
    public bool Select(ReadOnlySpan<int> samples)
    {
        for (int i = 0; started && i < Initial.Length; i++)
        {
            cell.States[i].Select(cell.Steps, samples);
        }

        return started;
    }

    /// <summary>Copies the final states to a part of a list: one column a sample.</summary>
    public void GetFinal(IReadOnlyList<DenseMatrix> states, int firstState, int firstColumn)
    {
        for (int i = 0; i < Initial.Length; i++)
        {
            places.ToSamples(Final(i), new ColumnBlock(states[firstState + i], firstColumn, batch));
        }
    }

    /// <summary>A state after the last forward pass; the initial one where none has run since they were set.</summary>
    public ColumnBlock Final(int index) => started ? cell.States[index].Before(cell.Steps) : Initial[index];

    /// <summary>
    /// Starts a forward pass: the initial states become the states before the first step, or, where the pass goes on with a
    /// sequence, those after the last step do.
    /// </summary>
    public void StartForward()
    {
        if (started && continuing)
        {
            cell.GoOn();
            return;
        }

        started = true;
        for (int i = 0; i < Initial.Length; i++)
        {
            Initial[i].Values.CopyTo(cell.States[i].Before(0).Values);
        }
    }

    /// <summary>Where a sample is masked at step t, its states stay what they were.</summary>
    public void HoldMasked(int t)
    {
        for (int i = 0; !mask.IsEmpty && i < cell.States.Count; i++)
        {
            ColumnBlock before = cell.States[i].Before(t);
            ColumnBlock after = cell.States[i].Carried(t);
            for (int column = 0; column < after.ColumnCount; column++)
            {
                if (!mask.HoldsAll(t, column))
                {
                    Keep(t, column, before.Column(column), after.Column(column));
                }
            }
        }
    }

    private void Keep(int t, int column, ReadOnlySpan<Real> before, Span<Real> after)
    {
        int band = mask.Band(after.Length);
        for (int row = 0; row < after.Length; row += band)
        {
            if (mask.Hides(t, column, row))
            {
                before.Slice(row, band).CopyTo(after[row..]);
            }
        }
    }

    /// <summary>Starts a backward pass: behind the last step are the gradients of the final states alone.</summary>
    public void StartBackward()
    {
        for (int i = 0; i < FinalGradients.Length; i++)
        {
            FinalGradients[i].Values.CopyTo(cell.StateGradients[i].Values, 0);
        }
    }

    /// <summary>Keeps the state gradients of masked samples away from the cell, which then computes zero for them.</summary>
    public void SetAsideMaskedGradients(int t) => MoveMaskedGradients(t, static (gradient, aside) =>
    {
        gradient.CopyTo(aside);
        gradient.Clear();
    });

    /// <summary>Gives them back: a masked step hands its state on unchanged, and so its gradient.</summary>
    public void AddMaskedGradients(int t) => MoveMaskedGradients(t, static (gradient, aside) => VectorMath.Add(aside, gradient));

    /// <summary>Ends the gradients of states that have vanished, before they become denormal and slow.</summary>
    public void EndVanishedGradients()
    {
        for (int i = 0; i < cell.StateGradients.Count; i++)
        {
            VectorMath.FlushTiny(cell.StateGradients[i].Values);
        }
    }

    private void MoveMaskedGradients(int t, Move move)
    {
        for (int i = 0; !mask.IsEmpty && i < setAside.Length; i++)
        {
            int band = mask.Band(setAside[i].RowCount);
            for (int column = 0; column < cell.StepColumns; column++)
            {
                if (mask.HoldsAll(t, column))
                {
                    continue;
                }

                Span<Real> gradient = new ColumnBlock(cell.StateGradients[i], column, 1).Values;
                Span<Real> aside = new ColumnBlock(setAside[i], column, 1).Values;
                for (int row = 0; row < aside.Length; row += band)
                {
                    if (mask.Hides(t, column, row))
                    {
                        move(gradient.Slice(row, band), aside.Slice(row, band));
                    }
                }
            }
        }
    }
}
