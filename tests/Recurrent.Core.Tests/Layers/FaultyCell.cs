using Recurrent.Layers;
using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>What is wrong with a cell that is made to be found out.</summary>
public enum CellFault
{
    None,
    CellStateDropped,
    HiddenStateDropped,
    HiddenStateFactor,
    GatesSwapped,
    CarryForgotten,
    OldStateForgottenInGate,
    PeepholeForgotten,
    PeepholeBackForgotten,
    PeepholeOfTheNewState,
    SigmoidForItsSlope,
    OutputGateForgotten,
    TanhTakenTwice,
    RecurrentKernelTransposed,
    RecurrentDropoutForgotten,
    RecurrentKernelOfTheNewState,
    StatesSwapped,
    OneStepBack,
    MaskedSamplesTouched,
}

/// <summary>
/// A coupled cell with a peephole: <c>i = σ(ĩ + p∘c′)</c>, <c>g = tanh(g̃)</c>, <c>o = σ(õ)</c>, <c>c = c′ + i∘(g − c′)</c>,
/// <c>h = o∘tanh(c)</c>. With every fault there is.
/// </summary>
internal sealed class FaultyCell(CellFault fault, CellOptions? options = null) : GatedCell(3, gates: 3, options)
{
    private Parameter? peephole;

    public override string ClassName => "Faulty";

    public override IReadOnlyList<int> StateSizes => [Units, Units];

    public override IReadOnlyList<string> StateNames => ["hidden", "cell"];

    private Span<Real> Peephole => peephole!.Values;

    public override void Forward(CellPass pass, int t)
    {
        var own = (GatedCellPass)pass;
        ColumnBlock gates = own.ZOf(t);
        RecurrentKernel.Add(own.RecurrentInput(t), gates);
        for (int b = 0; b < gates.ColumnCount; b++)
        {
            ReadOnlySpan<Real> before = pass.States[1].Before(t).Column(b);
            Span<Real> c = pass.States[1].After(t).Column(b);
            Span<Real> h = pass.States[0].After(t).Column(b);
            Span<Real> i = Gate(gates, b, 0);
            Span<Real> g = Gate(gates, b, 1);
            Span<Real> o = Gate(gates, b, 2);
            for (int k = 0; k < Units; k++)
            {
                i[k] = Sigmoid(i[k] + (Peephole[k] * before[k]));
                g[k] = RealMath.Tanh(g[k]);
                o[k] = Sigmoid(o[k]);
                c[k] = before[k] + (i[k] * (g[k] - before[k]));
                h[k] = o[k] * RealMath.Tanh(c[k]);
            }
        }
    }

    public override void Backward(CellPass pass, int t)
    {
        var own = (GatedCellPass)pass;
        ColumnBlock gates = own.ZOf(t);
        DenseMatrix dh = pass.StateGradients[0];
        for (int b = 0; b < gates.ColumnCount; b++)
        {
            BackwardColumn(pass, gates, t, b);
        }

        if (fault == CellFault.RecurrentKernelTransposed)
        {
            // Rows of U for those of Uᵀ: gate and unit change places.
            ReadOnlySpan<Real> u = Parameters[1].Values;
            for (int b = 0; b < gates.ColumnCount; b++)
            {
                Span<Real> target = new ColumnBlock(dh, b, 1).Values;
                target.Clear();
                for (int row = 0; row < GateRows; row++)
                {
                    for (int k = 0; k < Units; k++)
                    {
                        target[k] += u[(row % Units * GateRows) + (row / Units * Units) + k] * gates.Column(b)[row];
                    }
                }
            }
        }
        else
        {
            RecurrentKernel.SetBack(gates, dh);
        }

        if (fault != CellFault.RecurrentDropoutForgotten)
        {
            own.BackThroughDropout(dh.Values);
        }

        Falsify(pass, t);
    }

    protected override void BuildParameters(Shape step)
    {
        base.BuildParameters(step);
        peephole = AddParameter(new Parameter("peephole", [Units]), "glorot_uniform");
    }

    protected override void AddKernelGradients(GatedCellPass pass, ColumnBlock x)
    {
        if (fault != CellFault.RecurrentKernelOfTheNewState)
        {
            base.AddKernelGradients(pass, x);
            return;
        }

        Kernel.AddGradient(pass.Z, x, pass);
        RecurrentKernel.AddGradient(pass.Z,
            new ColumnBlock(pass.States[0].Values, pass.StepColumns, pass.Steps * pass.StepColumns), pass);
    }

    private static Real Sigmoid(Real a) => 1 / (1 + RealMath.Exp(-a));

    private void BackwardColumn(CellPass pass, ColumnBlock gates, int t, int b)
    {
        ReadOnlySpan<Real> before = pass.States[1].Before(t).Column(b);
        ReadOnlySpan<Real> after = pass.States[1].After(t).Column(b);
        Span<Real> dh = new ColumnBlock(pass.StateGradients[0], b, 1).Values;
        Span<Real> dc = new ColumnBlock(pass.StateGradients[1], b, 1).Values;
        Span<Real> dp = pass.GradientOf(peephole!).Values;
        Span<Real> i = Gate(gates, b, 0);
        Span<Real> g = Gate(gates, b, 1);
        Span<Real> o = Gate(gates, b, 2);
        for (int k = 0; k < Units; k++)
        {
            Real tanh = RealMath.Tanh(after[k]);
            Real outputSlope = fault == CellFault.SigmoidForItsSlope ? o[k] : o[k] * (1 - o[k]);
            Real through = fault == CellFault.TanhTakenTwice ? RealMath.Tanh(tanh) : tanh;
            Real dOutput = dh[k] * tanh * outputSlope;
            dc[k] += dh[k] * (fault == CellFault.OutputGateForgotten ? 1 : o[k]) * (1 - (through * through));
            Real old = fault == CellFault.OldStateForgottenInGate ? 0 : before[k];
            Real dInput = dc[k] * (g[k] - old) * i[k] * (1 - i[k]);
            Real dCandidate = dc[k] * i[k] * (1 - (g[k] * g[k]));
            dc[k] *= fault == CellFault.CarryForgotten ? 1 : 1 - i[k];
            dc[k] += fault == CellFault.PeepholeBackForgotten ? 0 : dInput * Peephole[k];
            dp[k] += fault switch
            {
                CellFault.PeepholeForgotten => 0,
                CellFault.PeepholeOfTheNewState => dInput * after[k],
                _ => dInput * before[k],
            };
            (i[k], g[k], o[k]) = fault == CellFault.GatesSwapped ? (dOutput, dCandidate, dInput) : (dInput, dCandidate, dOutput);
        }
    }

    private void Falsify(CellPass pass, int t)
    {
        DenseMatrix dh = pass.StateGradients[0];
        DenseMatrix dc = pass.StateGradients[1];
        switch (fault)
        {
            case CellFault.CellStateDropped:
                dc.Clear();
                break;
            case CellFault.HiddenStateDropped:
                dh.Clear();
                break;
            case CellFault.HiddenStateFactor:
                VectorMath.Scale(1.05f, dh.Values);
                break;
            case CellFault.StatesSwapped:
                Real[] kept = [.. dh.Values];
                dc.Values.CopyTo(dh.Values, 0);
                kept.CopyTo(dc.Values, 0);
                break;
            case CellFault.OneStepBack when t % 2 == 1:
                dh.Clear();
                dc.Clear();
                break;
            case CellFault.MaskedSamplesTouched:
                // What is zero for a sample must stay zero for it.
                for (int k = 0; k < dc.Values.Length; k++)
                {
                    dc.Values[k] += dc.Values[k] == 0 ? 0.1f : 0;
                }

                break;
        }
    }
}
