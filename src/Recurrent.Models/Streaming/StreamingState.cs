namespace Recurrent.Streaming;

/// <summary>
/// What the layers of a model remember of one sequence, or of many: a value, which does not change when the session it was taken
/// from goes on. Setting <see cref="StreamingSession.State"/> to it brings a session of the same model back to that step.
/// </summary>
public sealed class StreamingState
{
    private readonly string[] names;
    private readonly DenseMatrix[] values;

    internal StreamingState(IReadOnlyList<string> layers, int sequences, long steps, string[] names, DenseMatrix[] values)
    {
        Layers = layers;
        Sequences = sequences;
        Steps = steps;
        this.names = names;
        this.values = values;
    }

    /// <summary>Number of sequences.</summary>
    public int Sequences { get; }

    /// <summary>Number of steps that have led to this state.</summary>
    public long Steps { get; }

    /// <summary>What there is: <c>lstm/hidden</c>, <c>lstm/cell</c>, layer by layer.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>The layers of the model with their sizes.</summary>
    internal IReadOnlyList<string> Layers { get; }

    /// <summary>The states in the order of <see cref="Names"/>, sequences across; never written to.</summary>
    internal IReadOnlyList<DenseMatrix> Values => values;

    /// <summary>A copy of one of the states, shape (sequences, units).</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="KeyNotFoundException">There is no such state; the message lists those there are.</exception>
    public NDArray this[string name]
    {
        get
        {
            int index = Array.IndexOf(names, name);
            return index >= 0
                ? new NDArray([Sequences, values[index].RowCount], [.. values[index].Values])
                : throw new KeyNotFoundException($"There is no state '{name}'. There are: {string.Join(", ", names)}.");
        }
    }
}
