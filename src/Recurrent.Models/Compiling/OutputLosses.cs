using System.Collections;
using System.Runtime.CompilerServices;
using Recurrent.Losses;

namespace Recurrent.Models;

/// <summary>The loss of a model: one, or one for each of its outputs, in order or by name.</summary>
/// <example><code>
/// model.Compile("adam", loss: "mse");
/// model.Compile("adam", loss: ["mse", "binary_crossentropy"]);
/// model.Compile("adam", loss: new() { ["price"] = "mse", ["sold"] = "binary_crossentropy" });
/// </code></example>
[CollectionBuilder(typeof(OutputLosses), nameof(Create))]
public sealed class OutputLosses : IEnumerable<LossChoice?>
{
    private readonly LossChoice?[] items = [];
    private readonly Dictionary<string, LossChoice?>? named;

    /// <summary>Starts with nothing; add one by the name of an output.</summary>
    public OutputLosses() => named = new(StringComparer.Ordinal);

    private OutputLosses(LossChoice?[] items, bool isOne)
    {
        this.items = items;
        IsOne = isOne;
    }

    private OutputLosses(IEnumerable<KeyValuePair<string, LossChoice?>> named) => this.named = new(named, StringComparer.Ordinal);

    /// <summary>Sets what belongs to the output of a name.</summary>
    /// <param name="name">Name of the layer that gives the output.</param>
    public LossChoice? this[string name]
    {
        set => (named
            ?? throw new InvalidOperationException("What is given in order has no names. Begin with new OutputLosses()."))[name] =
            value;
    }

    /// <summary>Whether it is one, and no list.</summary>
    internal bool IsOne { get; }

    /// <summary>What is given in order.</summary>
    internal IReadOnlyList<LossChoice?> Items => items;

    /// <summary>What is given by name; null where it is not.</summary>
    internal IReadOnlyDictionary<string, LossChoice?>? Named => named;

    /// <summary>One for each output, in order; a collection expression <c>[a, b]</c> calls it.</summary>
    /// <param name="items">The entries; null where an output has no loss.</param>
    public static OutputLosses Create(ReadOnlySpan<LossChoice?> items) => new(items.ToArray(), isOne: false);

    /// <summary>A loss by its name, such as <c>"mse"</c>.</summary>
    /// <param name="name">One of the names of <see cref="LossNames.Choices"/>.</param>
    /// <exception cref="Registration.ConfigException">
    /// The name is unknown; the message lists the valid names and the nearest one.
    /// </exception>
    public static implicit operator OutputLosses(string name) => name is null ? null! : new([(LossChoice)name], isOne: true);

    /// <summary>A loss for every output.</summary>
    /// <param name="loss">The loss.</param>
    public static implicit operator OutputLosses(Loss loss) => loss is null ? null! : new([loss], isOne: true);

    /// <summary>A choice among losses for every output.</summary>
    /// <param name="loss">The choice.</param>
    public static implicit operator OutputLosses(LossChoice loss) => loss is null ? null! : new([loss], isOne: true);

    /// <summary>One for each output, in order.</summary>
    /// <param name="losses">The losses.</param>
    public static implicit operator OutputLosses(Loss[] losses) =>
        losses is null ? null! : new([.. losses.Select(loss => (LossChoice?)loss)], isOne: false);

    /// <summary>One for each name.</summary>
    /// <param name="named">The entries by the names of outputs.</param>
    public static implicit operator OutputLosses(Dictionary<string, Loss> named) =>
        named is null ? null! : new(named.Select(pair => KeyValuePair.Create(pair.Key, (LossChoice?)pair.Value)));

    /// <inheritdoc/>
    public IEnumerator<LossChoice?> GetEnumerator() => (named?.Values ?? (IEnumerable<LossChoice?>)items).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
