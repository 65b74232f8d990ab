using Recurrent.States;

namespace Recurrent.Streaming;

/// <content>Several sequences that share a row of what is given once, as the beginnings of a beam search do.</content>
public sealed partial class StreamingSession
{
    /// <summary>Begins anew with something else that is given once, where this session has the room for it.</summary>
    /// <param name="other">The model that a session of it would be opened with.</param>
    /// <param name="sequences">Number of sequences.</param>
    /// <param name="given">What is given once.</param>
    /// <param name="room">For how many steps there must be room at once.</param>
    /// <param name="width">How many sequences in a row share a row of what is given once.</param>
    /// <returns>Whether it did.</returns>
    internal bool Restart(StreamedModel other, int sequences, SessionStart given, int room, int width)
    {
        if (!ReferenceEquals(other, model) || sequences != Sequences || room > capacity
            || sharing != (model.Plan.CanShare ? width : 1))
        {
            return false;
        }

        start = sharing == width ? given : given.Choose(RowsOf(sequences, width));
        Reset();
        return true;
    }

    /// <summary>A session of some of the sequences, which goes on where they are.</summary>
    /// <param name="sequences">Which; of those that share a row of what is given once all or none, side by side.</param>
    internal StreamingSession Keep(int[] sequences)
    {
        int[] rows = [.. sequences.Where((_, i) => i % sharing == 0).Select(sequence => sequence / sharing)];
        var kept = new StreamingSession(
            model, sequences.Length, start.Choose(rows), capacity, maxSteps, begins: true, sharing);
        kept.Restore(TakeValues(withGiven: false), sequences);
        kept.Steps = Steps;
        return kept;
    }

    /// <summary>Which row each of the sequences has, where so many in a row share one.</summary>
    private static int[] RowsOf(int sequences, int sharing) =>
        [.. Enumerable.Range(0, sequences).Select(sequence => sequence / sharing)];

    /// <summary>Sets the states of all layers to those of chosen sequences.</summary>
    /// <param name="values">What states are, those that are given once aside.</param>
    /// <param name="sequences">For each sequence of this session, which of them it goes on from.</param>
    private void Restore(NDArray[] values, int[] sequences)
    {
        IReadOnlyList<StateSlot> slots = model.Plan.Slots;
        Restore([.. values.Select((value, i) => slots[i].Kind is StateKind.Given or StateKind.Length
            ? value
            : value.Choose(sequences))]);
    }
}
