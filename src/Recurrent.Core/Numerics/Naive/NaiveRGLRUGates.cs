namespace Recurrent.Numerics;

/// <summary>The sweeps of <see cref="RGLRUGates"/> as plain loops: what the tests hold the kernels to.</summary>
internal static class NaiveRGLRUGates
{
    /// <summary>See <see cref="RGLRUGates.Forward"/>.</summary>
    public static void Forward(ColumnBlock z, ColumnBlock x, Real[] decay, ColumnBlock a, ColumnBlock b)
    {
        for (int column = 0; column < z.ColumnCount; column++)
        {
            Span<Real> gates = z.Column(column);
            for (int k = 0; k < decay.Length; k++)
            {
                double r = Logistic(gates[k]);
                double i = Logistic(gates[decay.Length + k]);
                double log = -decay[k] * r;
                gates[k] = (Real)r;
                gates[decay.Length + k] = (Real)i;
                a.Column(column)[k] = (Real)Math.Exp(log);
                b.Column(column)[k] = (Real)(Scale(log) * i * x.Column(column)[k]);
            }
        }
    }

    /// <summary>See <see cref="RGLRUGates.Backward"/>.</summary>
    public static void Backward(
        ColumnBlock z, ColumnBlock x, Real[] decay, ColumnBlock a, ColumnBlock da, ColumnBlock db, ColumnBlock dx)
    {
        for (int column = 0; column < z.ColumnCount; column++)
        {
            Span<Real> gates = z.Column(column);
            for (int k = 0; k < decay.Length; k++)
            {
                double r = gates[k];
                double i = gates[decay.Length + k];
                double input = x.Column(column)[k];
                double factor = a.Column(column)[k];
                double slope = db.Column(column)[k];
                double scale = Scale(-decay[k] * r);
                double through = slope * i * input * factor / Math.Max(scale, RGLRUGates.LeastScale);
                double dLog = factor * (da.Column(column)[k] - through);
                dx.Column(column)[k] = (Real)(slope * scale * i);
                a.Column(column)[k] = (Real)(r * dLog);
                gates[k] = (Real)(-decay[k] * dLog * r * (1 - r));
                gates[decay.Length + k] = (Real)(slope * scale * input * i * (1 - i));
            }
        }
    }

    /// <summary>√(1 − a²), with t = tanh(log a): 1 − a² = −2t/(1 − t), which does not cancel.</summary>
    private static double Scale(double log)
    {
        double t = Math.Tanh(log);
        return Math.Sqrt(-2 * t / (1 - t));
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}
