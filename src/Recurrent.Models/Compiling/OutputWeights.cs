using System.Collections;
using System.Runtime.CompilerServices;

namespace Recurrent.Models;

/// <summary>How much the loss of each output counts in that of the model, in the order of the outputs or by their
/// names.</summary>
/// <example><code>
/// model.Compile("adam", ["mse", "ce"], lossWeights: [1, 0.2]);
/// </code></example>
[CollectionBuilder(typeof(OutputWeights), nameof(Create))]
public sealed class OutputWeights : IEnumerable<double>
{
    private readonly double[] items = [];
    private readonly Dictionary<string, double>? named;

    /// <summary>Starts with nothing; add a weight by the name of an output.</summary>
    public OutputWeights() => named = new(StringComparer.Ordinal);

    private OutputWeights(double[] items) => this.items = items;

    /// <summary>Sets the weight of the output of a name.</summary>
    /// <param name="name">Name of the layer that gives the output.</param>
    public double this[string name]
    {
        set => (named ?? throw new InvalidOperationException("Weights in order have no names. Begin with new OutputWeights()."))[
            name] = value;
    }

    /// <summary>What is given in order.</summary>
    internal IReadOnlyList<double> Items => items;

    /// <summary>What is given by name; null where it is not.</summary>
    internal IReadOnlyDictionary<string, double>? Named => named;

    /// <summary>A weight for each output; a collection expression <c>[1, 0.5]</c> calls it.</summary>
    /// <param name="items">The weights.</param>
    public static OutputWeights Create(ReadOnlySpan<double> items) => new(items.ToArray());

    /// <summary>A weight for each output.</summary>
    /// <param name="weights">The weights.</param>
    public static implicit operator OutputWeights(double[] weights) => weights is null ? null! : new([.. weights]);

    /// <summary>A weight for each name.</summary>
    /// <param name="named">The weights by the names of outputs.</param>
    public static implicit operator OutputWeights(Dictionary<string, double> named)
    {
        if (named is null)
        {
            return null!;
        }

        var weights = new OutputWeights();
        foreach ((string name, double weight) in named)
        {
            weights[name] = weight;
        }

        return weights;
    }

    /// <inheritdoc/>
    public IEnumerator<double> GetEnumerator() => (named?.Values ?? (IEnumerable<double>)items).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
