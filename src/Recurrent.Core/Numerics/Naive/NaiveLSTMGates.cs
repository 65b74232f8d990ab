namespace Recurrent.Numerics;

/// <summary>The sweeps of <see cref="LSTMGates"/> as plain loops: what the tests hold the kernels to.</summary>
internal static class NaiveLSTMGates
{
    /// <summary>See <see cref="LSTMGates.Forward"/>.</summary>
    public static void Forward(ColumnBlock z, ColumnBlock cPrev, ColumnBlock c, ColumnBlock? tanhC, ColumnBlock h)
    {
        int units = c.Rows;
        for (int column = 0; column < c.ColumnCount; column++)
        {
            Span<Real> gates = z.Column(column);
            for (int k = 0; k < units; k++)
            {
                double i = Logistic(gates[k]);
                double f = Logistic(gates[units + k]);
                double g = Math.Tanh(gates[(2 * units) + k]);
                double o = Logistic(gates[(3 * units) + k]);
                Real cell = (Real)((f * cPrev.Column(column)[k]) + (i * g));
                double t = Math.Tanh(cell);
                gates[k] = (Real)i;
                gates[units + k] = (Real)f;
                gates[(2 * units) + k] = (Real)g;
                gates[(3 * units) + k] = (Real)o;
                c.Column(column)[k] = cell;
                h.Column(column)[k] = (Real)(o * t);
                if (tanhC is { } kept)
                {
                    kept.Column(column)[k] = (Real)t;
                }
            }
        }
    }

    /// <summary>See <see cref="LSTMGates.Backward"/>.</summary>
    public static void Backward(ColumnBlock z, ColumnBlock cPrev, ColumnBlock tanhC, ColumnBlock dh, ColumnBlock dc)
    {
        int units = dc.Rows;
        for (int column = 0; column < dc.ColumnCount; column++)
        {
            Span<Real> gates = z.Column(column);
            for (int k = 0; k < units; k++)
            {
                double i = gates[k];
                double f = gates[units + k];
                double g = gates[(2 * units) + k];
                double o = gates[(3 * units) + k];
                double t = tanhC.Column(column)[k];
                double slope = dh.Column(column)[k];
                double dcell = dc.Column(column)[k] + (slope * o * (1 - (t * t)));
                gates[k] = (Real)(dcell * g * i * (1 - i));
                gates[units + k] = (Real)(dcell * cPrev.Column(column)[k] * f * (1 - f));
                gates[(2 * units) + k] = (Real)(dcell * i * (1 - (g * g)));
                gates[(3 * units) + k] = (Real)(slope * t * o * (1 - o));
                dc.Column(column)[k] = (Real)(dcell * f);
            }
        }
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}
