using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <content>States that come from other layers and go to them, and their gradients.</content>
public sealed partial class DilatedPass
{
    private SequenceBatch[] givenStates = [];
    private DenseMatrix[] givenValues = [];
    private DenseMatrix[] stateGradients = [];
    private DenseMatrix? lastOutputGradient;

    /// <summary>Number of states that the layer is called with.</summary>
    private int StateInputs => Options.InputShapes.Count - 1;

    /// <summary>Takes the states to begin with from the outputs of other layers; none leaves them as they are.</summary>
    internal void TakeStates(ReadOnlySpan<SequenceBatch> from)
    {
        if (from.IsEmpty)
        {
            return;
        }

        _ = StateRows;
        for (int i = 0; i < carried.Length; i++)
        {
            from[i].Values.Values.CopyTo(carried[i].Values, 0);
        }

        BeginWithCarried();
    }

    /// <summary>Gives the states to go on from as batches of one step.</summary>
    internal void GiveStates(Span<SequenceBatch> to)
    {
        if (to.IsEmpty)
        {
            return;
        }

        if (givenStates.Length == 0)
        {
            givenStates = [.. StateRows.Select(rows => new SequenceBatch(rows, Options.BatchSize))];
            givenValues = Array.ConvertAll(givenStates, batch => batch.Values);
        }

        GetFinalStates(givenValues, 0);
        givenStates.AsSpan(0, to.Length).CopyTo(to);
    }

    /// <summary>Takes the gradients of the final states where others have read them; null is none.</summary>
    internal void TakeStateGradients(ReadOnlySpan<DenseMatrix?> from)
    {
        if (StateInputs > 0 && stateGradients.Length == 0)
        {
            stateGradients = [.. StateRows.Select(rows => new DenseMatrix(rows, Options.BatchSize))];
        }

        Array.ForEach(stateGradients, gradient => gradient.Clear());
        lastOutputGradient = owner.KeepsOutput && !from.IsEmpty ? from[phaseStates.Length] : null;
        for (int i = 0; i < phaseStates.Length && !from.IsEmpty; i++)
        {
            DenseMatrix own = ((RecurrentPass)Inner).FinalStateGradients[i];
            own.Clear();
            if (from[i] is { } gradient)
            {
                ScatterGradient(i, gradient, own);
            }
        }
    }

    /// <summary>Gives the gradients of the states that the run began with.</summary>
    internal void GiveStateGradients(Span<DenseMatrix?> to)
    {
        for (int i = 0; i < to.Length; i++)
        {
            for (int column = 0; i < phaseStates.Length && column < phaseStates[i].ColumnCount; column++)
            {
                int phase = Math.DivRem(column, Options.BatchSize, out int sample);
                ReadOnlySpan<Real> own = new ColumnBlock(((RecurrentPass)Inner).InitialStateGradients[i], column, 1).Values;
                VectorMath.Add(own, StateOf(stateGradients[i], sample, phase, own.Length));
            }

            to[i] = stateGradients[i];
        }
    }

    private bool RepeatsOutput(int sample) => given && owner.KeepsOutput && withoutData![sample];

    /// <summary>
    /// Hands the gradient of a final state to the phases that it is the state of; where there were fewer steps than the rate, to
    /// the initial state that it still is.
    /// </summary>
    private void ScatterGradient(int state, DenseMatrix gradient, DenseMatrix phases)
    {
        int size = phases.RowCount;
        for (int sample = 0; sample < Options.BatchSize; sample++)
        {
            for (int slot = 0; slot < owner.Rate; slot++)
            {
                ReadOnlySpan<Real> own = StateOf(gradient, sample, slot, size);
                if (slot + steps >= owner.Rate)
                {
                    own.CopyTo(new ColumnBlock(phases, ((slot + steps) % owner.Rate * Options.BatchSize) + sample, 1).Values);
                }
                else if (stateGradients.Length > 0)
                {
                    VectorMath.Add(own, StateOf(stateGradients[state], sample, slot + steps, size));
                }
            }
        }
    }
}
