namespace Recurrent.Inspection;

/// <summary>What happened inside one recurrent layer.</summary>
/// <remarks>
/// Everything is in the order in which the layer reads the sequence: a layer that goes backwards reads the last step first. Where
/// a step is masked, gates are what the cell would have done, and states are those that were kept.
/// </remarks>
public sealed class LayerTrace
{
    internal LayerTrace(string layer, string cell, IReadOnlyList<TracedValue> gates,
        IReadOnlyList<TracedValue> states, NDArray output)
    {
        Output = output;
        Layer = layer;
        Cell = cell;
        Gates = gates;
        States = states;
    }

    /// <summary>Name of the layer, or its path where it stands inside another.</summary>
    public string Layer { get; }

    /// <summary>Class name of the layer's cell: <c>LSTMCell</c>.</summary>
    public string Cell { get; }

    /// <summary>
    /// The gates, after their activations; of stacked cells with the cell's number behind the name, <c>forget_0</c>. None where
    /// the cell does not name any. A Jordan network's hidden values, which are no state where its output is, are here too.
    /// </summary>
    public IReadOnlyList<TracedValue> Gates { get; }

    /// <summary>The states after each step: <c>hidden</c>, <c>cell</c>.</summary>
    public IReadOnlyList<TracedValue> States { get; }

    /// <summary>
    /// What the layer handed on: shape (samples, timesteps, units) where it returns sequences, else (samples, 1, units). It
    /// differs from the hidden state where steps are masked: zero before the first step that holds data, and with
    /// <c>zeroOutputForMask</c> at each.
    /// </summary>
    public NDArray Output { get; }

    /// <summary>A gate or state by its name.</summary>
    /// <param name="name">Name of the gate or state.</param>
    /// <returns>The values, shape (samples, timesteps, units).</returns>
    /// <exception cref="KeyNotFoundException">There is none of that name; the message lists those there are.</exception>
    public NDArray this[string name] => Gates.Concat(States).FirstOrDefault(value => value.Name == name)?.Values
        ?? throw new KeyNotFoundException(
            $"Layer '{Layer}' has no '{name}'. It has {string.Join(", ", Gates.Concat(States).Select(value => value.Name))}.");
}

/// <summary>A gate or a state over time.</summary>
/// <param name="Name">Its name: <c>forget</c>, <c>hidden</c>.</param>
/// <param name="Values">The values, shape (samples, timesteps, units).</param>
public sealed record TracedValue(string Name, NDArray Values);
