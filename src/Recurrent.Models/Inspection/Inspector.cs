using Recurrent.Layers;
using Recurrent.Numerics;

namespace Recurrent.Inspection;

/// <summary>Reads what passes remember of their recurrent layers.</summary>
internal static class Inspector
{
    /// <summary>What one layer did in a forward pass that can go backward.</summary>
    public static LayerTrace Trace(RecurrentRun recurrence)
    {
        CellPass pass = recurrence.Pass.Cell;
        recurrence.Pass.RestoreStates();
        int units = recurrence.Layer.OutputFeatures;
        return new(
            recurrence.Path,
            recurrence.Layer.Cell.ClassName,
            [.. pass.TracedRows.Select(
                gate => new TracedValue(gate.Name, Values(gate.BlockOf, recurrence, gate.FirstRow, gate.Rows)))],
            [.. recurrence.Layer.Cell.StateNames.Zip(pass.States, (name, state) =>
                new TracedValue(name, Values(state.Carried, recurrence, 0, state.Values.RowCount)))],
            recurrence.Layer.ReturnSequences
                ? Values(t => pass.StepOf(recurrence.Pass.OutputInPlaces, t), recurrence, 0, units)
                : LastOutput(recurrence, units));
    }

    /// <summary>Some rows of a block of each step, as (samples, timesteps, units); the places of a state are units of their
    /// own.</summary>
    private static NDArray Values(Func<int, ColumnBlock> blockOf, RecurrentRun recurrence, int firstRow, int rows)
    {
        CellPass pass = recurrence.Pass.Cell;
        int samples = pass.BatchSize / recurrence.Phases;
        int places = pass.StepColumns / pass.BatchSize;
        var values = new NDArray(samples, recurrence.Steps, places * rows);
        for (int t = 0; t < recurrence.Steps; t++)
        {
            (int step, int phase) = recurrence.PlaceOf(t);
            ColumnBlock block = blockOf(step);
            for (int column = 0; column < samples * places; column++)
            {
                int place = Math.DivRem(column, samples, out int sample);
                block.Column((((place * recurrence.Phases) + phase) * samples) + sample).Slice(firstRow, rows)
                    .CopyTo(values.Values.AsSpan((((((sample * recurrence.Steps) + t) * places) + place) * rows), rows));
            }
        }

        return values;
    }

    /// <summary>The one output of a layer that returns no sequences, as (samples, 1, units).</summary>
    private static NDArray LastOutput(RecurrentRun recurrence, int units)
    {
        CellPass pass = recurrence.Pass.Cell;
        int samples = pass.BatchSize / recurrence.Phases;
        int places = pass.StepColumns / pass.BatchSize;
        var values = new NDArray(samples, 1, places * units);
        for (int column = 0; column < samples * places; column++)
        {
            int place = Math.DivRem(column, samples, out int sample);
            int from = (((place * recurrence.Phases) + recurrence.LastPhase(sample)) * samples) + sample;
            new ColumnBlock(recurrence.Pass.OutputInPlaces, from, 1).Values.CopyTo(
                values.Values.AsSpan(((sample * places) + place) * units, units));
        }

        return values;
    }
}
