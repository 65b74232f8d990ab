using Recurrent.Layers;
using Recurrent.States;

namespace Recurrent.Streaming;

/// <content>Sequences that go on from one another, as a beam search needs it.</content>
public sealed partial class StreamingSession
{
    // What the states pass through, node by node: once made, a step allocates nothing.
    private DenseMatrix[]?[]? held;
    private DenseMatrix[]?[]? chosen;

    /// <summary>
    /// Lets each sequence go on from where another one is: what <c>State = State.Select(sequences)</c> does, in place. What was
    /// given once stays where it is, so sequences that change places must have been given the same.
    /// </summary>
    /// <param name="sequences">For each sequence, the one that it goes on from.</param>
    internal void Reorder(ReadOnlySpan<int> sequences)
    {
        RequireWhole();
        hasOutputs = false;
        IReadOnlyList<StateSlot> slots = model.Plan.Slots;
        held ??= new DenseMatrix[]?[model.Network.Nodes.Length];
        chosen ??= new DenseMatrix[]?[held.Length];
        for (int i = 0; i < slots.Count; i++)
        {
            // The parts of a layer stand behind one another, and are chosen together.
            int node = slots[i].Source;
            if (i > 0 && slots[i - 1].Source == node && slots[i - 1].Kind == slots[i].Kind)
            {
                continue;
            }

            switch (slots[i].Kind)
            {
                case StateKind.Cache:
                    ((ICaching)model.Network.Nodes[node].Layer).SelectCache(pass.Passes[node], sequences);
                    break;
                case StateKind.Carried or StateKind.Position:
                    Choose(node, sequences);
                    break;
            }
        }
    }

    private void Choose(int node, ReadOnlySpan<int> sequences)
    {
        if (pass.Passes[node] is RecurrentPass own && own.SelectStates(sequences))
        {
            return;
        }

        Layer layer = model.Network.Nodes[node].Layer;
        DenseMatrix[] from = held![node] ??= StateCheck.NewStates(layer, Sequences);
        DenseMatrix[] to = chosen![node] ??= StateCheck.NewStates(layer, Sequences);
        ((IHasStates)layer).GetFinalState(pass.Passes[node], from, 0);
        for (int state = 0; state < from.Length; state++)
        {
            int rows = from[state].RowCount;
            for (int i = 0; i < sequences.Length; i++)
            {
                from[state].Values.AsSpan(sequences[i] * rows, rows).CopyTo(to[state].Values.AsSpan(i * rows));
            }
        }

        ((IHasStates)layer).SetInitialState(pass.Passes[node], to, 0);
    }
}
