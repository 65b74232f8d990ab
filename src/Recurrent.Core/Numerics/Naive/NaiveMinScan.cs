namespace Recurrent.Numerics;

/// <summary>The sweeps of <see cref="MinScan"/> as plain loops: what the tests hold the kernels to.</summary>
internal static class NaiveMinScan
{
    /// <summary>See <see cref="MinScan.ForwardGRU"/>.</summary>
    public static void ForwardGRU(ColumnBlock gates, ColumnBlock before, ColumnBlock after)
    {
        int units = before.Rows;
        for (int column = 0; column < before.ColumnCount; column++)
        {
            for (int k = 0; k < units; k++)
            {
                Real z = gates.Column(column)[k];
                Real h = before.Column(column)[k];
                after.Column(column)[k] = h + (z * (gates.Column(column)[units + k] - h));
            }
        }
    }

    /// <summary>See <see cref="MinScan.BackwardGRU"/>.</summary>
    public static void BackwardGRU(
        ColumnBlock gates, ColumnBlock before, ColumnBlock slopes, ColumnBlock carry, ColumnBlock? outputs)
    {
        int units = before.Rows;
        for (int column = before.ColumnCount - 1; column >= 0; column--)
        {
            for (int k = 0; k < units; k++)
            {
                Real z = gates.Column(column)[k];
                Real dh = carry.Column(column % carry.ColumnCount)[k];
                slopes.Column(column)[k] = dh * (gates.Column(column)[units + k] - before.Column(column)[k]);
                slopes.Column(column)[units + k] = dh * z;
                Carry(dh - (dh * z), carry, outputs, column, k);
            }
        }
    }

    /// <summary>See <see cref="MinScan.ForwardLSTM"/>.</summary>
    public static void ForwardLSTM(ColumnBlock gates, ColumnBlock before, ColumnBlock after)
    {
        int units = before.Rows;
        for (int column = 0; column < before.ColumnCount; column++)
        {
            for (int k = 0; k < units; k++)
            {
                Real i = gates.Column(column)[k];
                Real f = gates.Column(column)[units + k];
                after.Column(column)[k] = (i * gates.Column(column)[(2 * units) + k]) + (f * before.Column(column)[k]);
            }
        }
    }

    /// <summary>See <see cref="MinScan.BackwardLSTM"/>.</summary>
    public static void BackwardLSTM(
        ColumnBlock gates, ColumnBlock before, ColumnBlock slopes, ColumnBlock carry, ColumnBlock? outputs)
    {
        int units = before.Rows;
        for (int column = before.ColumnCount - 1; column >= 0; column--)
        {
            for (int k = 0; k < units; k++)
            {
                Real i = gates.Column(column)[k];
                Real f = gates.Column(column)[units + k];
                Real dh = carry.Column(column % carry.ColumnCount)[k];
                Real dRatio = i * (f * (dh * (before.Column(column)[k] - gates.Column(column)[(2 * units) + k])));
                slopes.Column(column)[k] = -dRatio;
                slopes.Column(column)[units + k] = dRatio;
                slopes.Column(column)[(2 * units) + k] = dh * i;
                Carry(dh * f, carry, outputs, column, k);
            }
        }
    }

    private static void Carry(Real dh, ColumnBlock carry, ColumnBlock? outputs, int column, int k)
    {
        Real back = NaiveFunctions.FlushTiny(dh);
        if (outputs is { } given && column >= carry.ColumnCount)
        {
            back += given.Column(column - carry.ColumnCount)[k];
        }

        carry.Column(column % carry.ColumnCount)[k] = back;
    }
}
