namespace Recurrent.Numerics;

/// <summary>What minGRU and minLSTM carry, over many steps at once, when the gates of these steps are known.</summary>
/// <remarks>
/// <code>
/// GRU    h = h' + z∘(ĥ − h')      dz = dh∘(ĥ − h')          dĥ = dh∘z     dh' = dh − dĥ
/// LSTM   h = f∘h' + i∘ĥ           dd = i∘f∘dh∘(h' − ĥ)      dĥ = dh∘i     dh' = dh∘f
/// </code>
/// d is log f − log i before the gates were scaled; its gradient stands in the place of f, and its negative in that of i. A
/// column of gates holds z, ĥ or i, f, ĥ one below the other. Each step has the bits that it has by itself.
/// </remarks>
internal static unsafe class MinScan
{
    /// <summary>Some steps of minGRU.</summary>
    /// <param name="gates">z and ĥ of the steps.</param>
    /// <param name="before">States before the steps; of several, the columns that end where <paramref name="after"/>
    /// does.</param>
    /// <param name="after">Out: the states after them.</param>
    /// <param name="stepColumns">Columns of a step.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    public static void ForwardGRU(ColumnBlock gates, ColumnBlock before, ColumnBlock after, int stepColumns, int? width = null)
    {
        Require(gates, 2, before, after);
        fixed (Real* pg = gates.Values, from = before.Values, to = after.Values)
        {
            Run(new MinGRUForward(pg, before.Rows, from, to), Shape(before, 2, stepColumns), backward: false, width);
        }
    }

    /// <summary>Some steps of minGRU backward.</summary>
    /// <param name="gates">z and ĥ of the steps.</param>
    /// <param name="before">States before the steps.</param>
    /// <param name="slopes">Out: dz and dĥ.</param>
    /// <param name="carry">In: gradients of the states after the last step, all of them. Out: of those before the first.</param>
    /// <param name="outputs">Gradients of the outputs of all steps but the last; null where there are none.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    public static void BackwardGRU(
        ColumnBlock gates, ColumnBlock before, ColumnBlock slopes, ColumnBlock carry, ColumnBlock? outputs, int? width = null)
    {
        RequireBack(gates, 2, before, slopes, carry, outputs);
        fixed (Real* pg = gates.Values, from = before.Values, ps = slopes.Values, pc = carry.Values,
            po = outputs is { } given ? given.Values : default)
        {
            OutputSlopes outside = new(po, carry.Values.Length);
            Run(
                new MinGRUBackward(pg, before.Rows, from, ps, pc, outside),
                Shape(before, 2, carry.ColumnCount),
                backward: true,
                width);
        }
    }

    /// <summary>Some steps of minLSTM.</summary>
    /// <param name="gates">i, f and ĥ of the steps.</param>
    /// <param name="before">States before the steps; of several, the columns that end where <paramref name="after"/>
    /// does.</param>
    /// <param name="after">Out: the states after them.</param>
    /// <param name="stepColumns">Columns of a step.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    public static void ForwardLSTM(ColumnBlock gates, ColumnBlock before, ColumnBlock after, int stepColumns, int? width = null)
    {
        Require(gates, 3, before, after);
        fixed (Real* pg = gates.Values, from = before.Values, to = after.Values)
        {
            Run(new MinLSTMForward(pg, before.Rows, from, to), Shape(before, 3, stepColumns), backward: false, width);
        }
    }

    /// <summary>Some steps of minLSTM backward.</summary>
    /// <param name="gates">i, f and ĥ of the steps.</param>
    /// <param name="before">States before the steps.</param>
    /// <param name="slopes">Out: −dd, dd and dĥ.</param>
    /// <param name="carry">In: gradients of the states after the last step, all of them. Out: of those before the first.</param>
    /// <param name="outputs">Gradients of the outputs of all steps but the last; null where there are none.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    public static void BackwardLSTM(
        ColumnBlock gates, ColumnBlock before, ColumnBlock slopes, ColumnBlock carry, ColumnBlock? outputs, int? width = null)
    {
        RequireBack(gates, 3, before, slopes, carry, outputs);
        fixed (Real* pg = gates.Values, from = before.Values, ps = slopes.Values, pc = carry.Values,
            po = outputs is { } given ? given.Values : default)
        {
            OutputSlopes outside = new(po, carry.Values.Length);
            Run(
                new MinLSTMBackward(pg, before.Rows, from, ps, pc, outside),
                Shape(before, 3, carry.ColumnCount),
                backward: true,
                width);
        }
    }

    private static void Run<TStep>(TStep step, ScanShape shape, bool backward, int? width)
        where TStep : struct, IScanStep =>
        Widths.Dispatch(new ScanSweep<TStep>(step, shape, backward), width ?? Widths.ForMemory(shape.Units));

    private static ScanShape Shape(ColumnBlock states, int gates, int stepColumns) =>
        new(states.Rows, states.Rows, gates, stepColumns, states.ColumnCount / stepColumns);

    private static void Require(ColumnBlock gates, int count, ColumnBlock before, ColumnBlock other)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(gates.Rows, count * before.Rows);
        ArgumentOutOfRangeException.ThrowIfNotEqual(gates.ColumnCount, before.ColumnCount);
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Rows, before.Rows);
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.ColumnCount, before.ColumnCount);
    }

    private static void RequireBack(
        ColumnBlock gates, int count, ColumnBlock before, ColumnBlock slopes, ColumnBlock carry, ColumnBlock? outputs)
    {
        Require(gates, count, before, before);
        ArgumentOutOfRangeException.ThrowIfNotEqual(slopes.Rows, gates.Rows);
        ArgumentOutOfRangeException.ThrowIfNotEqual(slopes.ColumnCount, gates.ColumnCount);
        ArgumentOutOfRangeException.ThrowIfNotEqual(carry.Rows, before.Rows);
        ArgumentOutOfRangeException.ThrowIfNotEqual(before.ColumnCount % carry.ColumnCount, 0);
        if (outputs is { } given)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(given.Rows, before.Rows);
            ArgumentOutOfRangeException.ThrowIfNotEqual(given.ColumnCount, before.ColumnCount - carry.ColumnCount);
        }
    }
}
