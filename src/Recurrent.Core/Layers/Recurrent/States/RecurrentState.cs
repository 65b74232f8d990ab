namespace Recurrent.Layers;

/// <summary>
/// What a recurrent layer carries from step to step, as a value: an array of shape (batch, size) for each of the layer's states,
/// by name. It never changes: what it is made of is copied, and so is what it gives.
/// </summary>
/// <example><code>
/// RecurrentState state = encoder.Call(question).State;
/// RecurrentOutput answer = decoder.Call(start, initialState: state);
/// </code></example>
public sealed class RecurrentState
{
    private readonly string[] names;

    /// <summary>Makes a state of named arrays.</summary>
    /// <param name="states">
    /// Name and values of each state in the order of the layer's <c>StateNames</c>: <c>("hidden", h)</c>; shape (batch, size).
    /// </param>
    /// <exception cref="ArgumentException">
    /// There are no states, a name is there twice, a shape is wrong or a value is not finite.
    /// </exception>
    public RecurrentState(params (string Name, NDArray Value)[] states)
    {
        if (Problem(states) is { } problem)
        {
            throw new ArgumentException(problem, nameof(states));
        }

        names = [.. states.Select(state => state.Name)];
        Values = [.. states.Select(state => new NDArray(state.Value.Shape, [.. state.Value.Values]))];
    }

    /// <summary>Makes the state that a layer has come to, be it what it may: the arrays are taken over.</summary>
    internal RecurrentState(IEnumerable<string> names, IEnumerable<NDArray> values)
    {
        this.names = [.. names];
        Values = [.. values];
    }

    /// <summary>What keeps arrays from being a state; null where nothing does.</summary>
    internal static string? Problem((string Name, NDArray Value)[] states)
    {
        ArgumentNullException.ThrowIfNull(states);
        if (states.Length == 0)
        {
            return "A state holds at least one array.";
        }

        foreach ((string name, NDArray value) in states)
        {
            ArgumentNullException.ThrowIfNull(name, nameof(states));
            ArgumentNullException.ThrowIfNull(value, nameof(states));
            if (string.IsNullOrWhiteSpace(name))
            {
                return "A state needs a name, but one of these is blank.";
            }

            if (value.Rank != 2 || value.Shape[0] != states[0].Value.Shape[0] || value.Size == 0)
            {
                return $"The state '{name}' must have shape (batch, size) with the same batch as the others, "
                    + $"but has shape {NDArray.Describe(value.Shape)}.";
            }

            if (Array.FindIndex(value.Values, v => !Real.IsFinite(v)) is int bad && bad >= 0)
            {
                string what = Real.IsNaN(value.Values[bad]) ? "NaN" : "an infinite value";
                return $"The state '{name}' holds {what} at index "
                    + $"{NDArray.Describe([bad / value.Shape[1], bad % value.Shape[1]])}.";
            }
        }

        return states.Select(state => state.Name).Distinct().Count() == states.Length
            ? null
            : $"Two states have the same name: {string.Join(", ", states.Select(state => state.Name))}.";
    }

    /// <summary>What the states are called: <c>hidden</c>, <c>cell</c>.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>Number of samples.</summary>
    public int BatchSize => Values[0].Shape[0];

    /// <summary>The arrays themselves, which nobody writes to.</summary>
    internal NDArray[] Values { get; }

    /// <summary>A copy of one of the states, shape (batch, size).</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="KeyNotFoundException">There is no such state; the message lists those there are.</exception>
    public NDArray this[string name]
    {
        get
        {
            NDArray value = Values[IndexOf(name)];
            return new NDArray(value.Shape, [.. value.Values]);
        }
    }

    /// <summary>A state with another array in one place.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="value">What comes there, shape (batch, size).</param>
    /// <exception cref="KeyNotFoundException">There is no such state.</exception>
    /// <exception cref="ArgumentException">The shape is wrong or a value is not finite.</exception>
    public RecurrentState With(string name, NDArray value)
    {
        int index = IndexOf(name);
        return new([.. names.Select((each, i) => (each, i == index ? value : Values[i]))]);
    }

    private int IndexOf(string name)
    {
        int index = Array.IndexOf(names, name);
        return index >= 0
            ? index
            : throw new KeyNotFoundException($"There is no state '{name}'. There are: {string.Join(", ", names)}.");
    }
}
