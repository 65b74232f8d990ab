using Recurrent.Activations;
using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// What LSTMs do between their products, for any activations: the cell state first, then the output; backward the other way round.
/// </summary>
/// <remarks>
/// <code>
/// ForwardCell      i = σ(zi)   f = σ(zf)   g = act(zg)      c_t = f∘c_{t−1} + i∘g
/// ForwardOutput    o = σ(zo)                                h_t = o∘act(c_t)
/// BackwardOutput   dzo = σ′∘dh∘act(c_t)                     dc ← dc + act′(c_t)∘(dh∘o)
/// BackwardCell     dzi = σ′∘dc∘g   dzf = σ′∘dc∘c_{t−1}      dzg = act′∘dc∘i      dc_{t−1} = dc∘f
/// </code>
/// </remarks>
internal sealed class LSTMGating(ActivationFunction activation, ActivationFunction gateActivation, int units)
{
    /// <summary>The input gate i.</summary>
    public const int InputGate = 0;

    /// <summary>The forget gate f.</summary>
    public const int ForgetGate = 1;

    /// <summary>The candidate g, which Keras calls c.</summary>
    public const int Candidate = 2;

    /// <summary>The output gate o.</summary>
    public const int OutputGate = 3;

    /// <summary>Number of gates.</summary>
    public const int GateCount = 4;

    private readonly bool fused = activation is Tanh && gateActivation is Sigmoid;

    /// <summary>Makes room for what the backward pass needs.</summary>
    /// <param name="pass">The run.</param>
    public LSTMMemory NewMemory(CellPass pass) =>
        new(pass, units, GateCount, keepPreActivations: activation.NeedsInput || gateActivation.NeedsInput);

    /// <summary>A whole step: from pre-activations to gates and states.</summary>
    /// <param name="memory">Keeps what the backward pass needs.</param>
    /// <param name="t">The step.</param>
    /// <param name="z">In: pre-activations. Out: gates.</param>
    /// <param name="previousCell">c_{t−1}.</param>
    /// <param name="cell">Receives c_t.</param>
    /// <param name="hidden">Receives h_t.</param>
    public void Forward(LSTMMemory memory, int t, ColumnBlock z, ColumnBlock previousCell, ColumnBlock cell, ColumnBlock hidden)
    {
        if (fused)
        {
            LstmGates.Forward(z, previousCell, cell, memory.ActivatedCellOf(t), hidden);
            return;
        }

        ForwardCell(memory, t, z, previousCell, cell);
        ForwardOutput(memory, t, z, cell, hidden);
    }

    /// <summary>The gates i, f and g, and the cell state.</summary>
    public void ForwardCell(LSTMMemory memory, int t, ColumnBlock z, ColumnBlock previousCell, ColumnBlock cell)
    {
        for (int b = 0; b < z.ColumnCount; b++)
        {
            Span<Real> i = Gate(z, b, InputGate);
            Span<Real> f = Gate(z, b, ForgetGate);
            Span<Real> g = Gate(z, b, Candidate);
            memory.Keep(t, b, InputGate, i);
            memory.Keep(t, b, ForgetGate, f);
            memory.Keep(t, b, Candidate, g);
            gateActivation.Forward(i, i, units);
            gateActivation.Forward(f, f, units);
            activation.Forward(g, g, units);
            VectorMath.Multiply(f, previousCell.Column(b), cell.Column(b));
            VectorMath.AddProduct(i, g, cell.Column(b));
        }
    }

    /// <summary>The output gate and the hidden state.</summary>
    public void ForwardOutput(LSTMMemory memory, int t, ColumnBlock z, ColumnBlock cell, ColumnBlock hidden)
    {
        ColumnBlock activatedCell = memory.ActivatedCellOf(t);
        for (int b = 0; b < z.ColumnCount; b++)
        {
            Span<Real> o = Gate(z, b, OutputGate);
            memory.Keep(t, b, OutputGate, o);
            gateActivation.Forward(o, o, units);
            activation.Forward(cell.Column(b), activatedCell.Column(b), units);
            VectorMath.Multiply(o, activatedCell.Column(b), hidden.Column(b));
        }
    }

    /// <summary>A whole step backward: from gates to the gradients of their pre-activations, and from dc to that of c_{t−1}.</summary>
    /// <param name="memory">What the forward pass kept.</param>
    /// <param name="t">The step.</param>
    /// <param name="z">In: gates. Out: gradients of the pre-activations.</param>
    /// <param name="previousCell">c_{t−1}.</param>
    /// <param name="cell">c_t.</param>
    /// <param name="dHidden">Gradient of h_t; its room may be overwritten.</param>
    /// <param name="dCell">In: gradient of c_t from later steps. Out: of c_{t−1}.</param>
    public void Backward(
        LSTMMemory memory, int t, ColumnBlock z, ColumnBlock previousCell, ColumnBlock cell, ColumnBlock dHidden, ColumnBlock dCell)
    {
        if (fused)
        {
            LstmGates.Backward(z, previousCell, memory.ActivatedCellOf(t), dHidden, dCell);
            return;
        }

        BackwardOutput(memory, t, z, cell, dHidden, dCell);
        BackwardCell(memory, t, z, previousCell, dHidden, dCell);
    }

    /// <summary>Through h = o∘act(c): dzo in place of o, and dc gets what h saw of c.</summary>
    public void BackwardOutput(LSTMMemory memory, int t, ColumnBlock z, ColumnBlock cell, ColumnBlock dHidden, ColumnBlock dCell)
    {
        Span<Real> delta = memory.Scratch;
        ColumnBlock activatedCell = memory.ActivatedCellOf(t);
        for (int b = 0; b < z.ColumnCount; b++)
        {
            Span<Real> o = Gate(z, b, OutputGate);
            Span<Real> dh = dHidden.Column(b);
            VectorMath.Multiply(dh, o, delta);
            activation.Backward(cell.Column(b), activatedCell.Column(b), delta, delta, units);
            VectorMath.Add(delta, dCell.Column(b));
            VectorMath.Multiply(dh, activatedCell.Column(b), delta);
            gateActivation.Backward(memory.PreActivationOf(t, b, OutputGate), o, delta, delta, units);
            delta.CopyTo(o);
        }
    }

    /// <summary>
    /// Through c = f∘c' + i∘g, when dc is whole: dzi, dzf and dzg in place of i, f and g, and dc∘f in place of dc. The room of dh is
    /// free by then.
    /// </summary>
    public void BackwardCell(LSTMMemory memory, int t, ColumnBlock z, ColumnBlock previousCell, ColumnBlock room, ColumnBlock dCell)
    {
        Span<Real> delta = memory.Scratch;
        for (int b = 0; b < z.ColumnCount; b++)
        {
            Span<Real> i = Gate(z, b, InputGate);
            Span<Real> f = Gate(z, b, ForgetGate);
            Span<Real> g = Gate(z, b, Candidate);
            Span<Real> dg = room.Column(b);
            Span<Real> dc = dCell.Column(b);
            VectorMath.Multiply(dc, i, dg);
            VectorMath.Multiply(dc, g, delta);
            gateActivation.Backward(memory.PreActivationOf(t, b, InputGate), i, delta, delta, units);
            delta.CopyTo(i);
            activation.Backward(memory.PreActivationOf(t, b, Candidate), g, dg, dg, units);
            dg.CopyTo(g);
            VectorMath.Multiply(dc, previousCell.Column(b), delta);
            VectorMath.Multiply(dc, f, dc);
            gateActivation.Backward(memory.PreActivationOf(t, b, ForgetGate), f, delta, delta, units);
            delta.CopyTo(f);
        }
    }

    private Span<Real> Gate(ColumnBlock z, int column, int gate) => z.Column(column).Slice(gate * units, units);
}
