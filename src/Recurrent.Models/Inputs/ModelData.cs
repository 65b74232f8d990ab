using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using MathNet.Numerics.LinearAlgebra;

namespace Recurrent.Models;

/// <summary>
/// What a model is given at its inputs, or at its outputs as targets or weights: one array, sequences of unequal length, or one
/// of these for each input or output, in order or by name.
/// </summary>
/// <remarks>
/// It converts implicitly from what an <see cref="NDArray"/> and <see cref="RaggedSequences"/> convert from. For a model with one
/// input, a list of arrays is a list of sequences; for one with several, it has one array for each input.
/// </remarks>
/// <example><code>
/// model.Fit(x, y);                                                  // one input, one output
/// model.Fit([title, body], [price, days]);                          // in the order of the model's inputs and outputs
/// model.Fit(new() { ["title"] = title, ["body"] = body }, y);       // by the names of input layers
/// </code></example>
[CollectionBuilder(typeof(ModelData), nameof(Create))]
public sealed class ModelData : IEnumerable<ModelData>
{
    private readonly List<ModelData> items = [];
    private readonly Dictionary<string, ModelData>? named;
    private readonly NDArray? array;
    private readonly RaggedSequences? sequences;
    private readonly StringArray? strings;
    private readonly LazyArray? lazy;

    /// <summary>Starts with nothing; add one by name for each input or output.</summary>
    public ModelData() => named = new(StringComparer.Ordinal);

    private ModelData(NDArray array) => this.array = array;

    private ModelData(RaggedSequences sequences) => this.sequences = sequences;

    private ModelData(StringArray strings) => this.strings = strings;

    private ModelData(LazyArray lazy) => this.lazy = lazy;

    private ModelData(IEnumerable<ModelData> items) => this.items = [.. items];

    private ModelData(IEnumerable<KeyValuePair<string, ModelData>> named) => this.named = new(named, StringComparer.Ordinal);

    /// <summary>Sets what goes to the input or output of a name.</summary>
    /// <param name="name">Name of an input layer, or of the layer that gives an output.</param>
    public ModelData this[string name]
    {
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            (named ?? throw new InvalidOperationException(
                "Data that is given in order has no names. Begin with new ModelData()."))[name] = value;
        }
    }

    /// <summary>The array, where it is one.</summary>
    internal NDArray? Array => array;

    /// <summary>The sequences, where they are of unequal length.</summary>
    internal RaggedSequences? Sequences => sequences;

    /// <summary>The strings, where they are some.</summary>
    internal StringArray? Strings => strings;

    /// <summary>The array that is computed when it is read, where it is one.</summary>
    internal LazyArray? Lazy => lazy;

    /// <summary>The parts in order, where they come so.</summary>
    internal IReadOnlyList<ModelData>? Items =>
        array is null && sequences is null && strings is null && lazy is null && named is null ? items : null;

    /// <summary>The parts by name, where they come so.</summary>
    internal IReadOnlyDictionary<string, ModelData>? Named => named;

    /// <summary>One for each input or output; a collection expression <c>[a, b]</c> calls it.</summary>
    /// <param name="items">The parts, in the order of the model's inputs or outputs.</param>
    public static ModelData Create(ReadOnlySpan<ModelData> items)
    {
        foreach (ModelData item in items)
        {
            ArgumentNullException.ThrowIfNull(item, nameof(items));
        }

        return new(items.ToArray());
    }

    /// <summary>One array.</summary>
    /// <param name="array">The array.</param>
    [return: NotNullIfNotNull(nameof(array))]
    public static implicit operator ModelData?(NDArray? array) => array is null ? null : new(array);

    /// <summary>An array whose samples are computed when they are read.</summary>
    /// <param name="array">The array.</param>
    [return: NotNullIfNotNull(nameof(array))]
    public static implicit operator ModelData?(LazyArray? array) => array is null ? null : new(array);

    /// <summary>Sequences of unequal length.</summary>
    /// <param name="sequences">The sequences.</param>
    [return: NotNullIfNotNull(nameof(sequences))]
    public static implicit operator ModelData?(RaggedSequences? sequences) => sequences is null ? null : new(sequences);

    /// <summary>Strings, for an input of the dtype "string".</summary>
    /// <param name="strings">The strings.</param>
    [return: NotNullIfNotNull(nameof(strings))]
    public static implicit operator ModelData?(StringArray? strings) => strings is null ? null : new(strings);

    /// <summary>Strings, one for each sample.</summary>
    /// <param name="strings">The strings.</param>
    public static implicit operator ModelData(string[] strings) => (StringArray)strings;

    /// <summary>Strings, one row for each sample.</summary>
    /// <param name="strings">The strings.</param>
    public static implicit operator ModelData(string[,] strings) => (StringArray)strings;

    /// <summary>Strings, one row for each sample; they may be of unequal length.</summary>
    /// <param name="rows">The rows.</param>
    public static implicit operator ModelData(string[][] rows) => (StringArray)rows;

    /// <summary>Strings, one for each sample.</summary>
    /// <param name="strings">The strings.</param>
    public static implicit operator ModelData(List<string> strings) => (StringArray)strings;

    /// <summary>Strings, one row for each sample; they may be of unequal length.</summary>
    /// <param name="rows">The rows.</param>
    public static implicit operator ModelData(List<string[]> rows) => (StringArray)rows;

    /// <summary>One array for each input or output; for a single one, sequences.</summary>
    /// <param name="arrays">The arrays.</param>
    public static implicit operator ModelData(NDArray[] arrays) => arrays is null ? null!
        : new(arrays.Select(array => (ModelData)array));

    /// <summary>One array for each input or output; for a single one, sequences.</summary>
    /// <param name="arrays">The arrays.</param>
    public static implicit operator ModelData(List<NDArray> arrays) => arrays is null ? null! : arrays.ToArray();

    /// <summary>One part for each input or output.</summary>
    /// <param name="parts">The parts.</param>
    public static implicit operator ModelData(ModelData[] parts) => parts is null ? null! : Create(parts);

    /// <summary>Sequences of unequal length for each input or output.</summary>
    /// <param name="parts">The parts.</param>
    public static implicit operator ModelData(RaggedSequences[] parts) => parts is null ? null!
        : new(parts.Select(part => (ModelData)part));

    /// <summary>An array for each name.</summary>
    /// <param name="arrays">The arrays by name.</param>
    public static implicit operator ModelData(Dictionary<string, NDArray> arrays) =>
        arrays is null ? null! : new(arrays.Select(pair => KeyValuePair.Create(pair.Key, (ModelData)pair.Value)));

    /// <summary>A part for each name.</summary>
    /// <param name="parts">The parts by name.</param>
    public static implicit operator ModelData(Dictionary<string, ModelData> parts) => parts is null ? null! : new(parts);

    /// <summary>Sequences of ids of unequal length.</summary>
    /// <param name="ids">The ids, one list a sequence.</param>
    public static implicit operator ModelData(int[][] ids) => (RaggedSequences)ids;

    /// <summary>One array.</summary>
    /// <param name="values">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(float[] values) => (NDArray)values;

    /// <summary>One array.</summary>
    /// <param name="values">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(float[,] values) => (NDArray)values;

    /// <summary>One array.</summary>
    /// <param name="values">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(float[,,] values) => (NDArray)values;

    /// <summary>One array.</summary>
    /// <param name="rows">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(float[][] rows) => (NDArray)rows;

    /// <summary>One array.</summary>
    /// <param name="values">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(double[] values) => (NDArray)values;

    /// <summary>One array.</summary>
    /// <param name="values">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(double[,] values) => (NDArray)values;

    /// <summary>One array.</summary>
    /// <param name="values">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(double[,,] values) => (NDArray)values;

    /// <summary>One array.</summary>
    /// <param name="rows">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(double[][] rows) => (NDArray)rows;

    /// <summary>One array.</summary>
    /// <param name="labels">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(int[] labels) => (NDArray)labels;

    /// <summary>One array.</summary>
    /// <param name="labels">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(int[,] labels) => (NDArray)labels;

    /// <summary>One array.</summary>
    /// <param name="matrix">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(Matrix<float> matrix) => (NDArray)matrix;

    /// <summary>One array.</summary>
    /// <param name="matrix">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(Matrix<double> matrix) => (NDArray)matrix;

    /// <summary>One array.</summary>
    /// <param name="vector">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(Vector<float> vector) => (NDArray)vector;

    /// <summary>One array.</summary>
    /// <param name="vector">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(Vector<double> vector) => (NDArray)vector;

    /// <summary>One array.</summary>
    /// <param name="tensor">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(Tensor<float> tensor) => (NDArray)tensor;

    /// <summary>One array.</summary>
    /// <param name="tensor">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(Tensor<double> tensor) => (NDArray)tensor;

    /// <summary>One array.</summary>
    /// <param name="values">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(List<float> values) => (NDArray)values;

    /// <summary>One array.</summary>
    /// <param name="values">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(List<double> values) => (NDArray)values;

    /// <summary>One array.</summary>
    /// <param name="labels">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(List<int> labels) => (NDArray)labels;

    /// <summary>One array.</summary>
    /// <param name="rows">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(List<float[]> rows) => (NDArray)rows;

    /// <summary>One array.</summary>
    /// <param name="rows">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(List<double[]> rows) => (NDArray)rows;

    /// <summary>One array.</summary>
    /// <param name="samples">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(float[][][] samples) => (NDArray)samples;

    /// <summary>One array.</summary>
    /// <param name="samples">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(double[][][] samples) => (NDArray)samples;

    /// <summary>One array.</summary>
    /// <param name="values">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(float[,,,] values) => (NDArray)values;

    /// <summary>One array.</summary>
    /// <param name="values">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(double[,,,] values) => (NDArray)values;

    /// <summary>One array.</summary>
    /// <param name="labels">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(int[,,] labels) => (NDArray)labels;

    /// <summary>One array.</summary>
    /// <param name="labels">The values, as an <see cref="NDArray"/> takes them.</param>
    public static implicit operator ModelData(int[,,,] labels) => (NDArray)labels;

    /// <inheritdoc/>
    public IEnumerator<ModelData> GetEnumerator() => (named?.Values ?? (IEnumerable<ModelData>)items).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
