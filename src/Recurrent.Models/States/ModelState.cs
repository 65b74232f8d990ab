using System.Globalization;
using Recurrent.Layers;
using Recurrent.Serialization;

namespace Recurrent.States;

/// <summary>
/// What the layers of a model remember of one sequence, or of many: a value, which never changes. It can be kept, written to a
/// file, and given back to any model with the same layers: to <c>Sequential.PredictWithState</c>, or to a session, to go on from
/// there.
/// </summary>
/// <example><code>
/// (NDArray forecast, ModelState state) = model.PredictWithState(january);
/// (forecast, state) = model.PredictWithState(february, state);
/// </code></example>
public sealed class ModelState
{
    private readonly string[] names;
    private readonly DenseMatrix[] values;

    internal ModelState(IReadOnlyList<string> layers, int sequences, long steps, string[] names, DenseMatrix[] values)
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

    /// <summary>A copy of one of the states, shape (sequences, size).</summary>
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

    /// <summary>The states of one layer, as a call of the layer itself takes and gives them.</summary>
    /// <param name="layer">Name of the layer.</param>
    /// <exception cref="KeyNotFoundException">There is no layer with a state of that name; the message lists those there
    /// are.</exception>
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
            [.. indices.Select(i => values[i].RowCount)],
            state,
            Sequences,
            nameof(state));
        DenseMatrix[] changed = [.. values];
        for (int i = 0; i < indices.Length; i++)
        {
            // (sequences, size) by rows is size × sequences by columns.
            changed[indices[i]] = new DenseMatrix(values[indices[i]].RowCount, Sequences, [.. state.Values[i].Values]);
        }

        return new(Layers, Sequences, Steps, names, changed);
    }

    /// <summary>Writes the state to a file; the weights of the model are not part of it.</summary>
    /// <param name="path">The file. Where there is one already, it is replaced as a whole, or stays as it is if anything
    /// fails.</param>
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

    /// <summary>Reads a state that <see cref="Save(string)"/> or a session has written. Whether it fits a model is seen when it
    /// is given to one.</summary>
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
            throw new ModelFormatException("layers",
                "this is the state of one layer, and not of a model. Read it with RecurrentStateFile.Load.");
        }

        file.CheckShapes();
        return new(
            file.Layers,
            file.Sequences,
            file.Steps,
            [.. file.States.Select(array => array.Name)],
            [.. file.States.Select(array => new DenseMatrix(array.Shape[1], file.Sequences, array.ToArray()))]);
    }

    /// <summary>The states of a network, by name and size: those of all uses of layers that begin with states of their
    /// own.</summary>
    internal static IEnumerable<(string Name, int Size)> StatesOf(Network network) => network.Nodes
        .Where(node => node.Layer is IStateful && !node.HasWiredStates)
        .SelectMany(node => ((IStateful)node.Layer).StateNames.Zip(
            ((IStateful)node.Layer).StateSizes, (name, size) => ($"{node.Name}/{name}", size)));

    /// <summary>Each layer with its sizes: a state belongs to a model with the same ones.</summary>
    internal static IReadOnlyList<string> Describe(Network network)
    {
        return [.. network.Nodes.Select(node => string.Create(CultureInfo.InvariantCulture,
            $"{node.Layer.ClassName} '{node.Name}', {(IsIds(node) ? 1 : Read(node).Features)} -> "
            + $"{node.OutputShapes[0].Features}"))];

        Shapes.Shape Read(NetworkNode node) => network.Shapes[node.Reads[0]];

        // A sequence of ids has one at each step.
        bool IsIds(NetworkNode node) => node.Layer.IdCount is not null && Read(node).Rank == 1;
    }

    /// <summary>Requires that the state is one of a model.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="network">Its network.</param>
    /// <param name="descriptions">The layers as <see cref="Describe"/> has them.</param>
    /// <param name="argument">Name of the argument.</param>
    /// <exception cref="ArgumentException">It is the state of another model.</exception>
    internal void RequireOf(string model, Network network, IReadOnlyList<string> descriptions, string argument)
    {
        if (!Layers.SequenceEqual(descriptions))
        {
            throw new ArgumentException(
                $"The state is of a model with the layers [{string.Join("; ", Layers)}], but model '{model}' has "
                + $"[{string.Join("; ", descriptions)}]. Use it with the model it was taken from.", argument);
        }

        // A file may name the right layers and have other states all the same.
        string[] expected = [.. StatesOf(network).Select(state => Text(state.Name, state.Size))];
        string[] found = [.. names.Zip(values, (name, matrix) => Text(name, matrix.RowCount))];
        if (!found.SequenceEqual(expected))
        {
            throw new ArgumentException(
                $"The state has [{string.Join(", ", found)}], but the layers of model '{model}' have "
                + $"[{string.Join(", ", expected)}]. Use a state that this model has given.", argument);
        }

        static string Text(string name, int size) => FormattableString.Invariant($"{name} ({size})");
    }

    private int[] IndicesOf(string layer)
    {
        ArgumentException.ThrowIfNullOrEmpty(layer);
        int[] indices =
            [.. Enumerable.Range(0, names.Length).Where(i => names[i].StartsWith(layer + "/", StringComparison.Ordinal))];
        return indices.Length > 0
            ? indices
            : throw new KeyNotFoundException(
                $"There is no layer '{layer}' with a state. There are: "
                + $"{string.Join(", ", names.Select(name => name[..name.IndexOf('/', StringComparison.Ordinal)]).Distinct())}.");
    }

    private SessionFile Capture()
    {
        StoredArray[] arrays =
            [.. names.Zip(values, (name, matrix) => SessionFile.Store(name, [Sequences, matrix.RowCount], matrix.Values))];
        var file = new SessionFile(Layers, Sequences, Steps, arrays);
        SaveCheck.Require(file);
        return file;
    }
}
