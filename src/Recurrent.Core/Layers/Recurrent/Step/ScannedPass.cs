using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// What a cell remembers of a run whose inputs go, beside through the gates, straight into what is carried or put out.
/// </summary>
internal class ScannedPass : GatedCellPass
{
    private DenseMatrix? copies;
    private ColumnBlock values;
    private int firstStep;

    /// <summary>Makes room.</summary>
    /// <param name="cell">The cell, built.</param>
    /// <param name="options">What the pass is for.</param>
    public ScannedPass(GatedCell cell, CellPassOptions options)
        : base(cell, options)
    {
    }

    /// <summary>Room for something of the steps that are taken together, in a backward pass; none where there is none.</summary>
    /// <param name="rows">Number of rows.</param>
    public DenseMatrix? NewScratch(int rows) => Options.Differentiable ? new(rows, StepsTogether * StepColumns) : null;

    /// <summary>Room for something of all steps, or, without a backward pass, of those that are projected together.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <exception cref="OverflowException">It would be larger than an array can be.</exception>
    public DenseMatrix NewProjected(int rows)
    {
        int columns = checked(StepsProjected * StepColumns);
        _ = checked(rows * columns);
        return new DenseMatrix(rows, columns);
    }

    /// <summary>Notes the values of the steps that are projected.</summary>
    /// <param name="first">The first of the steps.</param>
    /// <param name="block">
    /// Their values, which stay where they are. Where a backward pass may follow, and these are not those of all steps, they are
    /// copied to the others.
    /// </param>
    public void Take(int first, ColumnBlock block)
    {
        firstStep = first;
        values = block;
        if (Options.Differentiable && block.ColumnCount < Steps * StepColumns)
        {
            copies ??= new DenseMatrix(block.Rows, Steps * StepColumns);
            block.Values.CopyTo(new ColumnBlock(copies, first * StepColumns, block.ColumnCount).Values);
            firstStep = 0;
            values = copies;
        }
    }

    /// <summary>What <see cref="Take"/> noted of some steps.</summary>
    /// <param name="t">The first of the steps.</param>
    /// <param name="count">How many.</param>
    public ColumnBlock ValuesOf(int t, int count) => values.Columns((t - firstStep) * StepColumns, count * StepColumns);

    /// <summary>Some steps of a matrix that holds all, or those that are projected together.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="t">The first of the steps.</param>
    /// <param name="count">How many.</param>
    public ColumnBlock StepsOf(DenseMatrix matrix, int t, int count) =>
        new(matrix, t % StepsProjected * StepColumns, count * StepColumns);

    /// <summary>Writes the gradients of the outputs of some steps after one another, the last of which came with the
    /// states.</summary>
    /// <param name="outputs">Those of all but the last; null where there are none.</param>
    /// <param name="last">That of the last.</param>
    /// <param name="target">Receives them.</param>
    public static void Join(ColumnBlock? outputs, ReadOnlySpan<Real> last, ColumnBlock target)
    {
        Span<Real> first = target.Values[..^last.Length];
        if (outputs is { } given)
        {
            given.Values.CopyTo(first);
        }
        else
        {
            first.Clear();
        }

        last.CopyTo(target.Values[first.Length..]);
    }
}
