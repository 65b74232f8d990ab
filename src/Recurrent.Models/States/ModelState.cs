using System.Globalization;
using Recurrent.Layers;
using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.States;

/// <summary>
/// What the layers of a model remember of one sequence, or of many: a value, which never changes. It can be kept, written to
/// a file, and given back to any model with the same layers: to <c>Sequential.PredictWithState</c>, or to a session, to go on
/// from there.
/// </summary>
/// <example><code>
/// (NDArray forecast, ModelState state) = model.PredictWithState(january);
/// (forecast, state) = model.PredictWithState(february, state);
/// </code></example>
public sealed class ModelState
{
    private readonly string[] names;
    private readonly NDArray[] values;

    internal ModelState(IReadOnlyList<string> layers, int sequences, long steps, string[] names, NDArray[] values)
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

    /// <summary>
    /// What there is: <c>lstm/hidden</c>, <c>lstm/cell</c>, layer by layer; of attention <c>self_attention/keys</c>,
    /// <c>…/values</c> and
    /// <c>…/mask</c>; last the inputs that were given once, by their names.
    /// </summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>The layers of the model with their sizes.</summary>
    internal IReadOnlyList<string> Layers { get; }

    /// <summary>The states in the order of <see cref="Names"/>, the first axis one of sequences; never written to.</summary>
    internal IReadOnlyList<NDArray> Values => values;

    /// <summary>
    /// A copy of one of the states: shape (sequences, size), or (sequences, steps, size) of what is kept of every step.
    /// </summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="KeyNotFoundException">There is no such state; the message lists those there are.</exception>
    public NDArray this[string name]
    {
        get
        {
            NDArray value = values[IndexOf(name)];
            return new NDArray(value.Shape, [.. value.Values]);
        }
    }

    /// <summary>The states of one layer, as a call of the layer itself takes and gives them.</summary>
    /// <param name="layer">Name of the layer.</param>
    /// <exception cref="KeyNotFoundException">
    /// There is no layer with a state of that name; the message lists those there are.
    /// </exception>
    public RecurrentState Of(string layer)
    {
        int[] indices = IndicesOf(layer);
        return new(indices.Select(i => names[i][(layer.Length + 1)..]), indices.Select(i => this[names[i]]));
    }

    /// <summary>A state in which one layer has another state.</summary>
    /// <param name="layer">Name of the layer.</param>
    /// <param name="state">Its state.</param>
    /// <exception cref="KeyNotFoundException">There is no layer with a state of that name.</exception>
    /// <exception cref="ArgumentException">The state has other names or shapes than the layer's.</exception>
    public ModelState With(string layer, RecurrentState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        int[] indices = IndicesOf(layer);
        StateCheck.Require(
            $"Layer '{layer}'",
            [.. indices.Select(i => names[i][(layer.Length + 1)..])],
            [.. indices.Select(i => values[i].Shape[1])],
            state,
            Sequences,
            nameof(state));
        NDArray[] changed = [.. values];
        for (int i = 0; i < indices.Length; i++)
        {
            changed[indices[i]] = new NDArray(values[indices[i]].Shape, [.. state.Values[i].Values]);
        }

        return new(Layers, Sequences, Steps, names, changed);
    }

    /// <summary>A state with another array in one place.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="value">What comes there, of the shape of what is there.</param>
    /// <exception cref="KeyNotFoundException">There is no such state; the message lists those there are.</exception>
    /// <exception cref="ArgumentException">The shape is another one, or a value is not finite.</exception>
    public ModelState With(string name, NDArray value)
    {
        ArgumentNullException.ThrowIfNull(value);
        int index = IndexOf(name);
        if (!value.Shape.SequenceEqual(values[index].Shape))
        {
            throw new ArgumentException(
                $"The state '{name}' has shape {NDArray.Describe(values[index].Shape)}, but value has shape "
                + $"{NDArray.Describe(value.Shape)}. Its first axis counts sequences.", nameof(value));
        }

        value.RequireFinite(nameof(value));
        NDArray[] changed = [.. values];
        changed[index] = new NDArray(value.Shape, [.. value.Values]);
        return new(Layers, Sequences, Steps, names, changed);
    }

    /// <summary>
    /// The state of chosen sequences, in any order, each as often as it is named: a beam search goes on from
    /// <c>state.Select(parents)</c>, and <c>state.Select(0, 0, 0)</c> makes three of one.
    /// </summary>
    /// <param name="sequences">Which sequences, counted from 0.</param>
    /// <exception cref="ArgumentException">None is chosen, or one that is not there.</exception>
    public ModelState Select(params ReadOnlySpan<int> sequences)
    {
        if (sequences.IsEmpty)
        {
            throw new ArgumentException("A state is one of at least one sequence, but none is chosen.", nameof(sequences));
        }

        foreach (int sequence in sequences)
        {
            if (sequence < 0 || sequence >= Sequences)
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"There is no sequence {sequence}: the state is one of {Sequences}, counted from 0."), nameof(sequences));
            }
        }

        var chosen = new NDArray[values.Length];
        for (int i = 0; i < chosen.Length; i++)
        {
            chosen[i] = values[i].Choose(sequences);
        }

        return new(Layers, sequences.Length, Steps, names, chosen);
    }

    /// <summary>Writes the state to a file; the weights of the model are not part of it.</summary>
    /// <param name="path">
    /// The file. Where there is one already, it is replaced as a whole, or stays as it is if anything fails.
    /// </param>
    /// <exception cref="InvalidOperationException">A state is not a finite number.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        FileKinds.RequireJson(path);
        SessionFile file = Capture();
        AtomicFile.Write(path, stream => SessionFileWriter.Write(stream, file));
    }

    /// <summary>Writes the state to a stream, as <see cref="Save(string)"/> does to a file.</summary>
    /// <param name="stream">Receives the state; it stays open.</param>
    /// <exception cref="InvalidOperationException">A state is not a finite number.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        SessionFileWriter.Write(stream, Capture());
    }

    /// <summary>
    /// Reads a state that <see cref="Save(string)"/> or a session has written. Whether it fits a model is seen when it is given
    /// to one.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">How large the file may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content of the file is not a state.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModelState Load(string path, ReadLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = AtomicFile.OpenRead(path);
        return Load(stream, limits);
    }

    /// <summary>Reads a state to the end of a stream.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="limits">How large the content may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content is not a state.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static ModelState Load(Stream stream, ReadLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        SessionFile file = SessionFileReader.Read(stream, limits ?? ReadLimits.Default);
        if (file.Layers.Count == 0)
        {
            throw new ModelFormatException(
                "layers", "this is the state of one layer, and not of a model. Read it with RecurrentStateFile.Load.");
        }

        file.CheckShapes(ofSteps: true);
        return Of(file);
    }

    /// <summary>What a file holds, which is checked.</summary>
    internal static ModelState Of(SessionFile file) => new(
        file.Layers,
        file.Sequences,
        file.Steps,
        [.. file.States.Select(array => array.Name)],
        [.. file.States.Select(array => new NDArray([.. array.Shape], array.ToArray()))]);

    /// <summary>Each layer with its sizes: a state belongs to a model with the same ones.</summary>
    internal static IReadOnlyList<string> Describe(Network network)
    {
        return [.. network.Nodes.Select(node => string.Create(CultureInfo.InvariantCulture,
            $"{node.Layer.ClassName} '{node.Name}', {(IsIds(node) ? 1 : Read(node).Features)} -> "
            + $"{(GivesIds(node) ? 1 : node.OutputShapes[0].Features)}"))];

        Shapes.Shape Read(NetworkNode node) => network.Shapes[node.Reads[0]];

        // A sequence of ids has one at each step.
        bool IsIds(NetworkNode node) => node.Layer.ReadsTokens && Read(node).Rank == 1;

        bool GivesIds(NetworkNode node) => IsIds(node) && node.OutputShapes[0].Equals(Read(node));
    }

    /// <summary>States of the same layers, after as many steps, as one: sequences behind one another.</summary>
    internal static ModelState Join(IReadOnlyList<ModelState> states)
    {
        ModelState first = states[0];
        int sequences = states.Sum(state => state.Sequences);
        return states.Count == 1 ? first : new(
            first.Layers,
            sequences,
            first.Steps,
            first.names,
            [.. first.values.Select((value, i) => new NDArray(
                [sequences, .. value.Shape.Skip(1)], [.. states.SelectMany(state => state.values[i].Values)]))]);
    }

    /// <summary>Requires that the state is one of a model.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="descriptions">Its layers as <see cref="Describe"/> has them.</param>
    /// <param name="slots">What its states are.</param>
    /// <param name="argument">Name of the argument.</param>
    /// <returns>An array for each of the slots.</returns>
    /// <exception cref="ArgumentException">It is the state of another model.</exception>
    internal NDArray[] RequireOf(
        string model, IReadOnlyList<string> descriptions, IReadOnlyList<StateSlot> slots, string argument)
    {
        if (!Layers.SequenceEqual(descriptions))
        {
            throw new ArgumentException(
                $"The state is of a model with the layers [{string.Join("; ", Layers)}], but model '{model}' has "
                + $"[{string.Join("; ", descriptions)}]. Use it with the model it was taken from.", argument);
        }

        // A file may name the right layers and have other states all the same.
        return ValuesFor(slots) ?? throw new ArgumentException(
            $"The state has [{string.Join(", ", names.Zip(values, Text))}], but the layers of model '{model}' have "
            + $"[{string.Join(", ", slots)}]. Use a state that this model has given.", argument);

        static string Text(string name, NDArray value) => $"{name} ({string.Join(", ", value.Shape.Skip(1))})";
    }

    /// <summary>An array for each of the slots; null where there are others.</summary>
    private NDArray[]? ValuesFor(IReadOnlyList<StateSlot> slots)
    {
        var found = new NDArray[slots.Count];
        int next = 0;
        for (int i = 0; i < found.Length; i++)
        {
            StateSlot slot = slots[i];
            if (next < names.Length && names[next] == slot.Name && slot.Fits(values[next].Shape, Sequences))
            {
                found[i] = values[next++];
            }
            else if (slot.Kind == StateKind.Cache)
            {
                // A file has nothing for what is empty.
                found[i] = new NDArray(Sequences, 0, slot.Shape.Features);
            }
            else if (slot.Kind == StateKind.Position)
            {
                // Nor did it have positions, of which there were as many as steps, in earlier versions.
                found[i] = new NDArray(Sequences, 1);
                Array.Fill(found[i].Values, (Real)Steps);
            }
            else
            {
                return null;
            }
        }

        return next == names.Length ? found : null;
    }

    private int IndexOf(string name)
    {
        int index = Array.IndexOf(names, name);
        return index >= 0
            ? index
            : throw new KeyNotFoundException($"There is no state '{name}'. There are: {string.Join(", ", names)}.");
    }

    private int[] IndicesOf(string layer)
    {
        ArgumentException.ThrowIfNullOrEmpty(layer);
        int[] indices =
        [
            .. Enumerable.Range(0, names.Length)
                .Where(i => values[i].Rank == 2 && names[i].StartsWith(layer + "/", StringComparison.Ordinal)),
        ];
        return indices.Length > 0
            ? indices
            : throw new KeyNotFoundException(
                $"There is no layer '{layer}' with a state. There are: {string.Join(", ", Layered())}.");
    }

    private IEnumerable<string> Layered() => names
        .Where((name, i) => values[i].Rank == 2 && name.Contains('/', StringComparison.Ordinal))
        .Select(name => name[..name.LastIndexOf('/')])
        .Distinct();

    private SessionFile Capture()
    {
        StoredArray[] arrays =
        [
            .. names.Zip(values, (name, value) => (name, value)).Where(state => state.value.Size > 0)
                .Select(state => SessionFile.Store(state.name, state.value.Shape, state.value.Values)),
        ];
        var file = new SessionFile(Layers, Sequences, Steps, arrays);
        SaveCheck.Require(file);
        return file;
    }
}
