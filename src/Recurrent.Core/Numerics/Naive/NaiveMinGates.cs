namespace Recurrent.Numerics;

/// <summary>The sweeps of <see cref="MinGates"/> as plain loops: what the tests hold the kernels to.</summary>
internal static class NaiveMinGates
{
    /// <summary>See <see cref="MinGates.ForwardGRU"/>.</summary>
    public static void ForwardGRU(ColumnBlock gates, int units)
    {
        for (int column = 0; column < gates.ColumnCount; column++)
        {
            for (int k = 0; k < units; k++)
            {
                gates.Column(column)[k] = NaiveFunctions.Sigmoid(gates.Column(column)[k]);
            }
        }
    }

    /// <summary>See <see cref="MinGates.BackwardGRU"/>.</summary>
    public static void BackwardGRU(ColumnBlock gates, ColumnBlock slopes, int units)
    {
        for (int column = 0; column < gates.ColumnCount; column++)
        {
            for (int k = 0; k < units; k++)
            {
                Real z = gates.Column(column)[k];
                gates.Column(column)[k] = slopes.Column(column)[k] * (z * (1 - z));
                gates.Column(column)[units + k] = slopes.Column(column)[units + k];
            }
        }
    }

    /// <summary>See <see cref="MinGates.ForwardLSTM"/>.</summary>
    public static void ForwardLSTM(ColumnBlock gates, int units)
    {
        for (int column = 0; column < gates.ColumnCount; column++)
        {
            Span<Real> values = gates.Column(column);
            for (int k = 0; k < units; k++)
            {
                Real d = NaiveFunctions.LogSigmoid(values[units + k]) - NaiveFunctions.LogSigmoid(values[k]);
                values[k] = NaiveFunctions.Sigmoid(-d);
                values[units + k] = NaiveFunctions.Sigmoid(d);
            }
        }
    }

    /// <summary>See <see cref="MinGates.BackwardLSTM"/>.</summary>
    public static void BackwardLSTM(ColumnBlock gates, ColumnBlock preActivations, ColumnBlock slopes, int units)
    {
        for (int column = 0; column < gates.ColumnCount; column++)
        {
            for (int k = 0; k < 3 * units; k++)
            {
                Real slope = slopes.Column(column)[k];
                gates.Column(column)[k] = k < 2 * units
                    ? slope * NaiveFunctions.Sigmoid(-preActivations.Column(column)[k])
                    : slope;
            }
        }
    }
}
