namespace Recurrent.Numerics;

/// <summary>The sweeps of <see cref="GRUGates"/> as plain loops: what the tests hold the kernels to.</summary>
internal static class NaiveGRUGates
{
    /// <summary>See <see cref="GRUGates.Forward"/>.</summary>
    public static void Forward(ColumnBlock x, ColumnBlock recurrent, ColumnBlock hPrev, ColumnBlock h)
    {
        int units = h.Rows;
        for (int column = 0; column < h.ColumnCount; column++)
        {
            Span<Real> gates = x.Column(column);
            Span<Real> inner = recurrent.Column(column);
            for (int k = 0; k < units; k++)
            {
                double z = Logistic(gates[k] + inner[k]);
                double r = Logistic(gates[units + k] + inner[units + k]);
                double candidate = Math.Tanh(gates[(2 * units) + k] + (r * inner[(2 * units) + k]));
                double before = hPrev.Column(column)[k];
                gates[k] = (Real)z;
                gates[units + k] = (Real)r;
                gates[(2 * units) + k] = (Real)candidate;
                h.Column(column)[k] = (Real)(candidate + (z * (before - candidate)));
            }
        }
    }

    /// <summary>See <see cref="GRUGates.Backward"/>.</summary>
    public static void Backward(ColumnBlock x, ColumnBlock recurrent, ColumnBlock hPrev, ColumnBlock dh, ColumnBlock dhPrev)
    {
        int units = dh.Rows;
        for (int column = 0; column < dh.ColumnCount; column++)
        {
            Span<Real> gates = x.Column(column);
            Span<Real> inner = recurrent.Column(column);
            for (int k = 0; k < units; k++)
            {
                double z = gates[k];
                double r = gates[units + k];
                double candidate = gates[(2 * units) + k];
                double slope = dh.Column(column)[k];
                double dz = slope * (hPrev.Column(column)[k] - candidate) * z * (1 - z);
                double da = slope * (1 - z) * (1 - (candidate * candidate));
                double dr = da * inner[(2 * units) + k] * r * (1 - r);
                gates[k] = inner[k] = (Real)dz;
                gates[units + k] = inner[units + k] = (Real)dr;
                gates[(2 * units) + k] = (Real)da;
                inner[(2 * units) + k] = (Real)(da * r);
                dhPrev.Column(column)[k] = (Real)(slope * z);
            }
        }
    }

    /// <summary>See <see cref="GRUGates.ForwardReset"/>.</summary>
    public static void ForwardReset(ColumnBlock x, ColumnBlock hPrev, ColumnBlock reset)
    {
        int units = hPrev.Rows;
        for (int column = 0; column < hPrev.ColumnCount; column++)
        {
            Span<Real> gates = x.Column(column);
            for (int k = 0; k < units; k++)
            {
                double r = Logistic(gates[units + k]);
                gates[k] = (Real)Logistic(gates[k]);
                gates[units + k] = (Real)r;
                reset.Column(column)[k] = (Real)(r * hPrev.Column(column)[k]);
            }
        }
    }

    /// <summary>See <see cref="GRUGates.ForwardCandidate"/>.</summary>
    public static void ForwardCandidate(ColumnBlock x, ColumnBlock hPrev, ColumnBlock h)
    {
        int units = h.Rows;
        for (int column = 0; column < h.ColumnCount; column++)
        {
            Span<Real> gates = x.Column(column);
            for (int k = 0; k < units; k++)
            {
                double candidate = Math.Tanh(gates[(2 * units) + k]);
                gates[(2 * units) + k] = (Real)candidate;
                h.Column(column)[k] = (Real)(candidate + (gates[k] * (hPrev.Column(column)[k] - candidate)));
            }
        }
    }

    /// <summary>See <see cref="GRUGates.BackwardCandidate"/>.</summary>
    public static void BackwardCandidate(ColumnBlock x, ColumnBlock hPrev, ColumnBlock dh, ColumnBlock dhPrev)
    {
        int units = dh.Rows;
        for (int column = 0; column < dh.ColumnCount; column++)
        {
            Span<Real> gates = x.Column(column);
            for (int k = 0; k < units; k++)
            {
                double z = gates[k];
                double candidate = gates[(2 * units) + k];
                double slope = dh.Column(column)[k];
                gates[k] = (Real)(slope * (hPrev.Column(column)[k] - candidate) * z * (1 - z));
                gates[(2 * units) + k] = (Real)(slope * (1 - z) * (1 - (candidate * candidate)));
                dhPrev.Column(column)[k] = (Real)(slope * z);
            }
        }
    }

    /// <summary>See <see cref="GRUGates.BackwardReset"/>.</summary>
    public static void BackwardReset(ColumnBlock x, ColumnBlock hPrev, ColumnBlock dReset, ColumnBlock dhPrev)
    {
        int units = hPrev.Rows;
        for (int column = 0; column < hPrev.ColumnCount; column++)
        {
            Span<Real> gates = x.Column(column);
            for (int k = 0; k < units; k++)
            {
                double r = gates[units + k];
                double slope = dReset.Column(column)[k];
                gates[units + k] = (Real)(slope * hPrev.Column(column)[k] * r * (1 - r));
                dhPrev.Column(column)[k] += (Real)(slope * r);
            }
        }
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}
