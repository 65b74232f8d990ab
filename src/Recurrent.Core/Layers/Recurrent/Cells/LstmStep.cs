using Recurrent.Activations;
using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// What one LSTM step does between its products, forward and backward, for any activations: the gates i, f, c, o one below the other.
/// <see cref="LstmGates"/> is the same in one sweep for the default ones, and is used for them.
/// </summary>
internal sealed class LstmStep(ActivationFunction activation, ActivationFunction gateActivation, int units)
{
    private const int InputGate = 0;
    private const int ForgetGate = 1;
    private const int Candidate = 2;
    private const int OutputGate = 3;

    private readonly bool fused = activation is Tanh && gateActivation is Sigmoid;

    /// <summary>Whether pre-activations are kept for the way back; else none need to be given.</summary>
    public bool KeepsPreActivations => !fused;

    /// <summary>From pre-activations to gates and states.</summary>
    public void Forward(
        ColumnBlock z, ColumnBlock? preActivations, ColumnBlock previousCell, ColumnBlock cell, ColumnBlock activatedCell, ColumnBlock hidden)
    {
        if (fused)
        {
            LstmGates.Forward(z, previousCell, cell, activatedCell, hidden);
            return;
        }

        z.Values.CopyTo(preActivations!.Value.Values);
        for (int b = 0; b < z.ColumnCount; b++)
        {
            Span<Real> i = Gate(z, b, InputGate);
            Span<Real> f = Gate(z, b, ForgetGate);
            Span<Real> g = Gate(z, b, Candidate);
            Span<Real> o = Gate(z, b, OutputGate);
            gateActivation.Forward(i, i, units);
            gateActivation.Forward(f, f, units);
            activation.Forward(g, g, units);
            gateActivation.Forward(o, o, units);

            Span<Real> c = cell.Column(b);
            VectorMath.Multiply(f, previousCell.Column(b), c);
            VectorMath.AddProduct(i, g, c);
            activation.Forward(c, activatedCell.Column(b), units);
            VectorMath.Multiply(o, activatedCell.Column(b), hidden.Column(b));
        }
    }

    /// <summary>
    /// From gates to the gradients of their pre-activations, and from the gradient of the cell state after the step to that before it.
    /// The gradient of the hidden state after the step may be overwritten.
    /// </summary>
    public void Backward(
        ColumnBlock z,
        ColumnBlock? preActivations,
        ColumnBlock previousCell,
        ColumnBlock cell,
        ColumnBlock activatedCell,
        ColumnBlock dHidden,
        ColumnBlock dCell,
        Span<Real> scratch)
    {
        if (fused)
        {
            LstmGates.Backward(z, previousCell, activatedCell, dHidden, dCell);
            return;
        }

        ColumnBlock given = preActivations!.Value;
        for (int b = 0; b < z.ColumnCount; b++)
        {
            Span<Real> i = Gate(z, b, InputGate);
            Span<Real> f = Gate(z, b, ForgetGate);
            Span<Real> g = Gate(z, b, Candidate);
            Span<Real> o = Gate(z, b, OutputGate);
            Span<Real> dh = dHidden.Column(b);
            Span<Real> dc = dCell.Column(b);

            // Through h = o∘act(c): first into c, then into the output gate.
            VectorMath.Multiply(dh, o, scratch);
            activation.Backward(cell.Column(b), activatedCell.Column(b), scratch, scratch, units);
            VectorMath.Add(scratch, dc);
            VectorMath.Multiply(dh, activatedCell.Column(b), scratch);
            gateActivation.Backward(Gate(given, b, OutputGate), o, scratch, scratch, units);
            scratch.CopyTo(o);

            // Through c = f∘c' + i∘g, while the values of i, f and g are still there.
            VectorMath.Multiply(dc, g, scratch);
            VectorMath.Multiply(dc, i, dh);
            gateActivation.Backward(Gate(given, b, InputGate), i, scratch, scratch, units);
            scratch.CopyTo(i);
            activation.Backward(Gate(given, b, Candidate), g, dh, dh, units);
            dh.CopyTo(g);
            VectorMath.Multiply(dc, previousCell.Column(b), scratch);
            VectorMath.Multiply(dc, f, dc);
            gateActivation.Backward(Gate(given, b, ForgetGate), f, scratch, scratch, units);
            scratch.CopyTo(f);
        }
    }

    private Span<Real> Gate(ColumnBlock z, int column, int gate) => z.Column(column).Slice(gate * units, units);
}
