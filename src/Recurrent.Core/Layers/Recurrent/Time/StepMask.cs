namespace Recurrent.Layers;

/// <summary>
/// The mask of a run by its steps, in the order in which they are run: a step holds data where any of its places does.
/// </summary>
/// <param name="steps">Number of steps.</param>
/// <param name="batch">Number of samples.</param>
/// <param name="inputColumns">Columns of the input at a step: the samples, times the places of an input that has any.</param>
/// <param name="backwards">Whether the last step is run first.</param>
internal sealed class StepMask(int steps, int batch, int inputColumns, bool backwards)
{
    private bool[]? bySteps;
    private bool[]? byColumns;

    /// <summary>Which samples hold data at a step, <c>t · batch + b</c>; null where all do.</summary>
    public bool[]? HoldsData { get; private set; }

    /// <summary>Whether any sample may be masked at any step.</summary>
    public bool IsEmpty => HoldsData is null;

    /// <summary>Takes over the mask of an input.</summary>
    /// <param name="mask">Which columns of the input hold data; null where all do.</param>
    public void Set(bool[]? mask) => HoldsData = mask is null || (inputColumns == batch && !backwards) ? mask : Arrange(mask);

    /// <summary>Whether a column of a state or an output is masked at step t, where the mask is not empty.</summary>
    /// <param name="t">The step.</param>
    /// <param name="column">The column: the sample, or <c>place · batch + sample</c>.</param>
    public bool Hides(int t, int column) => !HoldsData![(t * batch) + (column % batch)];

    /// <summary>Number of steps from step t on, at most so many, in which no sample is masked.</summary>
    /// <param name="t">The first of the steps.</param>
    /// <param name="most">How many to look at.</param>
    public int WholeFrom(int t, int most)
    {
        int masked = HoldsData is null ? -1 : HoldsData.AsSpan(t * batch, most * batch).IndexOf(false);
        return masked < 0 ? most : masked / batch;
    }

    /// <summary>Number of steps before step t, at most so many, in which no sample is masked.</summary>
    /// <param name="t">The step after the last of them.</param>
    /// <param name="most">How many to look at.</param>
    public int WholeBefore(int t, int most)
    {
        int masked = HoldsData is null ? -1 : HoldsData.AsSpan((t - most) * batch, most * batch).LastIndexOf(false);
        return masked < 0 ? most : most - 1 - (masked / batch);
    }

    /// <summary>
    /// The mask of an output of all steps, which may have several places at each; null where all columns hold data.
    /// </summary>
    /// <param name="stepColumns">Columns of the output at a step.</param>
    public bool[]? ForColumns(int stepColumns)
    {
        if (HoldsData is null || stepColumns == batch)
        {
            return HoldsData;
        }

        byColumns ??= new bool[steps * stepColumns];
        for (int column = 0; column < byColumns.Length; column++)
        {
            byColumns[column] = HoldsData[(column / stepColumns * batch) + (column % batch)];
        }

        return byColumns;
    }

    private bool[] Arrange(bool[] mask)
    {
        bySteps ??= new bool[steps * batch];
        for (int t = 0; t < steps; t++)
        {
            ReadOnlySpan<bool> step = mask.AsSpan((backwards ? steps - 1 - t : t) * inputColumns, inputColumns);
            for (int b = 0; b < batch; b++)
            {
                bool holdsData = false;
                for (int column = b; column < inputColumns; column += batch)
                {
                    holdsData |= step[column];
                }

                bySteps[(t * batch) + b] = holdsData;
            }
        }

        return bySteps;
    }
}
