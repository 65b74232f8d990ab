namespace Recurrent.Layers;

/// <summary>
/// The mask of a run by its steps, in the order in which they are run. A step of a sample holds data where any of its places
/// does; where an output has the places of the input, as Keras has it each of them is masked by itself.
/// </summary>
internal sealed class StepMask
{
    private readonly StepMaskSizes sizes;
    private readonly bool backwards;
    private readonly int width;
    private bool[]? bySteps;
    private bool[]? byColumns;

    /// <summary>Makes a mask of a run.</summary>
    /// <param name="sizes">What the run is over.</param>
    /// <param name="backwards">Whether the last step is run first.</param>
    public StepMask(StepMaskSizes sizes, bool backwards)
    {
        this.sizes = sizes;
        this.backwards = backwards;
        width = sizes.Kind == MaskedPart.Sample ? sizes.Batch : sizes.InputColumns;
    }

    /// <summary>
    /// Which samples hold data at a step, <c>t · batch + b</c>, or which of their places,
    /// <c>(t · places + place) · batch + b</c>; null where all do.
    /// </summary>
    public bool[]? HoldsData { get; private set; }

    /// <summary>Whether any sample may be masked at any step.</summary>
    public bool IsEmpty => HoldsData is null;

    /// <summary>Takes over the mask of an input.</summary>
    /// <param name="mask">Which columns of the input hold data; null where all do.</param>
    /// <param name="asItCame">Whether it stays in the order of the input where the last step is run first.</param>
    public void Set(bool[]? mask, bool asItCame = false)
    {
        bool turn = backwards && !asItCame;
        HoldsData = mask is null || (sizes.InputColumns == width && !turn) ? mask : Arrange(mask, turn);
    }

    /// <summary>Whether a column of a state or an output is masked at step t, where the mask is not empty.</summary>
    /// <param name="t">The step.</param>
    /// <param name="column">The column: the sample, or <c>place · batch + sample</c>.</param>
    /// <param name="row">Its row, of which those of a band (<see cref="Band"/>) are masked together.</param>
    public bool Hides(int t, int column, int row = 0)
    {
        int place = sizes.Kind == MaskedPart.Column || column < sizes.Batch ? column : column % sizes.Batch;
        return !HoldsData![(t * width) + place + (sizes.Kind == MaskedPart.Row ? row * sizes.Batch : 0)];
    }

    /// <summary>Whether a column holds data at step t in all its rows, as far as that is told at once.</summary>
    /// <param name="t">The step.</param>
    /// <param name="column">The column.</param>
    public bool HoldsAll(int t, int column) => sizes.Kind != MaskedPart.Row && !Hides(t, column);

    /// <summary>How many rows of a column are masked together: all, or one.</summary>
    /// <param name="rows">Rows of the column.</param>
    public int Band(int rows) => sizes.Kind == MaskedPart.Row ? 1 : rows;

    /// <summary>Number of steps from step t on, at most so many, in which no sample is masked.</summary>
    /// <param name="t">The first of the steps.</param>
    /// <param name="most">How many to look at.</param>
    public int WholeFrom(int t, int most)
    {
        int masked = HoldsData is null ? -1 : HoldsData.AsSpan(t * width, most * width).IndexOf(false);
        return masked < 0 ? most : masked / width;
    }

    /// <summary>Number of steps before step t, at most so many, in which no sample is masked.</summary>
    /// <param name="t">The step after the last of them.</param>
    /// <param name="most">How many to look at.</param>
    public int WholeBefore(int t, int most)
    {
        int masked = HoldsData is null ? -1 : HoldsData.AsSpan((t - most) * width, most * width).LastIndexOf(false);
        return masked < 0 ? most : most - 1 - (masked / width);
    }

    /// <summary>
    /// The mask of an output of all steps, which may have several places at each; null where all columns hold data.
    /// </summary>
    /// <param name="stepColumns">Columns of the output at a step.</param>
    public bool[]? ForColumns(int stepColumns)
    {
        if (HoldsData is null || stepColumns == width)
        {
            return HoldsData;
        }

        byColumns ??= new bool[sizes.Steps * stepColumns];
        for (int column = 0; column < byColumns.Length; column++)
        {
            byColumns[column] = HoldsData[(column / stepColumns * sizes.Batch) + (column % sizes.Batch)];
        }

        return byColumns;
    }

    private bool[] Arrange(bool[] mask, bool turn)
    {
        bySteps ??= new bool[sizes.Steps * width];
        for (int t = 0; t < sizes.Steps; t++)
        {
            int from = turn ? sizes.Steps - 1 - t : t;
            ReadOnlySpan<bool> step = mask.AsSpan(from * sizes.InputColumns, sizes.InputColumns);
            for (int place = 0; place < width; place++)
            {
                bool holdsData = false;
                for (int column = place; column < step.Length; column += width)
                {
                    holdsData |= step[column];
                }

                bySteps[(t * width) + place] = holdsData;
            }
        }

        return bySteps;
    }
}

/// <summary>What of a step is masked by itself.</summary>
internal enum MaskedPart
{
    /// <summary>All that a sample has.</summary>
    Sample,

    /// <summary>Each place, a column of states and outputs.</summary>
    Column,

    /// <summary>Each row of states and outputs: a channel, where channels come before places.</summary>
    Row,
}

/// <summary>What the mask of a run is over.</summary>
/// <param name="Steps">Number of steps.</param>
/// <param name="Batch">Number of samples.</param>
/// <param name="InputColumns">Columns of the input at a step: the samples, times the places of an input that has any.</param>
/// <param name="Kind">What of a step is masked by itself.</param>
internal readonly record struct StepMaskSizes(int Steps, int Batch, int InputColumns, MaskedPart Kind);
