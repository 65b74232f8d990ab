using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>Runs a cell that takes several steps as one.</summary>
internal static class ChunkedRun
{
    /// <summary>All steps forward, after the start of a pass.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="cell">Its cell.</param>
    /// <param name="pass">The pass.</param>
    public static void Forward(RecurrentLayer layer, IChunkedCell cell, RecurrentPass pass)
    {
        CellPass states = pass.Cell;
        int count;
        for (int first = 0; first < states.Steps; first += count)
        {
            if (first % states.StepsProjected == 0)
            {
                int projected = Math.Min(states.StepsProjected, states.Steps - first);
                layer.Cell.Project(states, first, pass.Input(first, projected));
            }

            count = Math.Min(cell.ChunkSteps, states.Steps - first);
            cell.Forward(states, first, count, pass.StepMask);
            for (int t = first; t < first + count; t++)
            {
                cell.PutOut(states, t, pass.StepMask);
                pass.WriteOutput(t);
            }
        }
    }

    /// <summary>All steps backward, after the start of a backward pass.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="pass">The pass.</param>
    /// <param name="outputGradient">Gradient of the output; null where nobody reads it.</param>
    public static void Backward(IChunkedCell cell, RecurrentPass pass, DenseMatrix? outputGradient)
    {
        CellPass states = pass.Cell;
        int length = cell.ChunkSteps;
        for (int first = (states.Steps - 1) / length * length; first >= 0; first -= length)
        {
            int count = Math.Min(length, states.Steps - first);
            ColumnBlock gradients = pass.TakeOutputGradients(first, count, length, outputGradient);
            cell.Backward(states, first, count, pass.StepMask, gradients);
            pass.EndChunkBack();
        }
    }
}
