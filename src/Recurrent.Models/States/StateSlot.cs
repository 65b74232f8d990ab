using System.Globalization;
using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.States;

/// <summary>What a part of a model's state is.</summary>
internal enum StateKind
{
    /// <summary>A state of a layer, which every step makes anew.</summary>
    Carried,

    /// <summary>How many steps a layer of positions has seen.</summary>
    Position,

    /// <summary>Part of what a layer keeps of every step.</summary>
    Cache,

    /// <summary>An input that is given once.</summary>
    Given,

    /// <summary>How many steps of such an input each sequence has, where they are of unequal length.</summary>
    Length,
}

/// <summary>One of the arrays that the state of a model consists of.</summary>
/// <param name="Name">What it is called: <c>lstm/hidden</c>.</param>
/// <param name="Shape">Its shape for one sequence; an axis of steps is unknown.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Source">The node, or the input, that it belongs to.</param>
internal sealed record StateSlot(string Name, Shape Shape, StateKind Kind, int Source)
{
    /// <summary>
    /// The states that a network carries from batch to batch: those of all uses of layers that begin with states of their own.
    /// </summary>
    public static IReadOnlyList<StateSlot> Of(Network network) =>
    [
        .. Enumerable.Range(0, network.Nodes.Length)
            .Where(node => !network.Nodes[node].HasWiredStates)
            .SelectMany(node => Carried(network, node)),
    ];

    /// <summary>The states of one node.</summary>
    public static IEnumerable<StateSlot> Carried(Network network, int node) => network.Nodes[node].Layer is IHasStates layer
        ? layer.StateNames.Zip(layer.StateSizes, (name, size) => new StateSlot(
            $"{network.Nodes[node].Name}/{name}", size, layer is PositionLayer ? StateKind.Position : StateKind.Carried, node))
        : [];

    /// <summary>What the layer of one node keeps of every step.</summary>
    public static IEnumerable<StateSlot> Cached(Network network, int node) => network.Nodes[node].Layer is ICaching layer
        ? layer.CacheNames.Zip(
            layer.CacheSizes([.. network.Nodes[node].Reads.Select(place => network.Shapes[place])]),
            (name, size) => new StateSlot($"{network.Nodes[node].Name}/{name}", ((int?)null, size), StateKind.Cache, node))
        : [];

    /// <summary>Whether an array has the shape, for a number of sequences.</summary>
    public bool Fits(IReadOnlyList<int> shape, int sequences) => shape.Count == Shape.Rank + 1 && shape[0] == sequences
        && Shape.Axes.Select((axis, i) => axis is null || axis == shape[i + 1]).All(fits => fits);

    /// <summary>Shape for a number of sequences, as messages have it.</summary>
    public string Describe(int sequences) =>
        $"({string.Join(", ", Shape.Axes.Select(Axis).Prepend(sequences.ToString(CultureInfo.InvariantCulture)))})";

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({string.Join(", ", Shape.Axes.Select(Axis))})";

    private static string Axis(int? axis) => axis?.ToString(CultureInfo.InvariantCulture) ?? "steps";
}
