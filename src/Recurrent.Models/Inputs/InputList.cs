using System.Collections;
using System.Runtime.CompilerServices;

namespace Recurrent.Models;

/// <summary>Data for each of several inputs, in their order: what a collection expression <c>[a, b]</c> stands for in
/// <c>model.Predict([a, b])</c>.</summary>
[CollectionBuilder(typeof(InputList), nameof(Create))]
public sealed class InputList : IEnumerable<ModelData>
{
    private InputList(ModelData data) => Data = data;

    /// <summary>The same as data that any method takes.</summary>
    internal ModelData Data { get; }

    /// <summary>One for each input.</summary>
    /// <param name="items">The parts, in the order of the model's inputs.</param>
    public static InputList Create(ReadOnlySpan<ModelData> items) => new(ModelData.Create(items));

    /// <summary>An array whose samples are computed when they are read, for a model of one input.</summary>
    /// <param name="array">The array.</param>
    public static implicit operator InputList(LazyArray array) => array is null ? null! : new(array);

    /// <summary>Data by name, or in order.</summary>
    /// <param name="data">The data.</param>
    public static implicit operator InputList(ModelData data) => data is null ? null! : new(data);

    /// <summary>An array for each name.</summary>
    /// <param name="arrays">The arrays by the names of input layers.</param>
    public static implicit operator InputList(Dictionary<string, NDArray> arrays) => arrays is null ? null! : new(arrays);

    /// <inheritdoc/>
    public IEnumerator<ModelData> GetEnumerator() => Data.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
