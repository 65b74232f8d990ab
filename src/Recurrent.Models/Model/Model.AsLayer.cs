using Recurrent.Layers;
using Recurrent.Shapes;
using Recurrent.States;

namespace Recurrent.Models;

/// <content>A model inside a wrapper: its states are those of its layers.</content>
public partial class Model : IHasStates, ICaching
{
    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => layers
        .Select(layer => layer.StreamingObstacle?.Outside(reason => $"{layer.Introduction} inside cannot, because {reason}"))
        .Append(network is not null && Array.Find(network.Nodes, node => node.HasWiredStates) is { } wired
            ? new($"{wired.Layer.Introduction} inside begins with states that other layers give")
            : null)
        .FirstOrDefault(obstacle => obstacle is not null);

    /// <inheritdoc/>
    internal override Obstacle? StateObstacle => layers
        .Select(layer => layer.StateObstacle?.Outside(reason => $"{layer.Introduction} inside has none, because {reason}"))
        .FirstOrDefault(obstacle => obstacle is not null);

    bool IHasStates.Stateful
    {
        get
        {
            IHasStates[] inside = [.. layers.OfType<IHasStates>().Where(layer => layer.StateSizes.Count > 0)];
            return inside.Length > 0 && Array.TrueForAll(inside, layer => layer.Stateful);
        }
    }

    IReadOnlyList<int> IHasStates.StateSizes => [.. StateSlot.Of(Network).Select(slot => slot.Shape.Size)];

    IReadOnlyList<string> IHasStates.StateNames => [.. StateSlot.Of(Network).Select(slot => slot.Name)];

    IReadOnlyList<string> ICaching.CacheNames => [.. CachedSlots.Select(slot => slot.Name)];

    int ICaching.CachedInput => 0;

    private IEnumerable<StateSlot> CachedSlots =>
        Enumerable.Range(0, Network.Nodes.Length).SelectMany(node => StateSlot.Cached(Network, node));

    void IHasStates.SetInitialState(Pass pass, IReadOnlyList<DenseMatrix> states, int firstColumn) =>
        ForStates(pass, states, (layer, own, part) => layer.SetInitialState(own, part, firstColumn));

    void IHasStates.GetFinalState(Pass pass, IReadOnlyList<DenseMatrix> states, int firstColumn) =>
        ForStates(pass, states, (layer, own, part) => layer.GetFinalState(own, part, firstColumn));

    IReadOnlyList<int> ICaching.CacheSizes(IReadOnlyList<Shape> inputs) => [.. CachedSlots.Select(slot => slot.Shape.Features)];

    NDArray ICaching.ReadCache(Pass pass, int part)
    {
        StateSlot[] slots = [.. CachedSlots];
        int node = slots[part].Source;
        return ((ICaching)Network.Nodes[node].Layer).ReadCache(
            ((ModelPass)pass).Inner.Passes[node], part - Array.FindIndex(slots, slot => slot.Source == node));
    }

    void ICaching.WriteCache(Pass pass, ReadOnlySpan<NDArray> parts)
    {
        StateSlot[] slots = [.. CachedSlots];
        for (int first = 0; first < slots.Length;)
        {
            int node = slots[first].Source;
            int count = slots.Count(slot => slot.Source == node);
            ((ICaching)Network.Nodes[node].Layer).WriteCache(((ModelPass)pass).Inner.Passes[node], parts.Slice(first, count));
            first += count;
        }
    }

    void ICaching.SelectCache(Pass pass, ReadOnlySpan<int> samples)
    {
        for (int node = 0; node < Network.Nodes.Length; node++)
        {
            if (Network.Nodes[node].Layer is ICaching layer && StateSlot.Cached(Network, node).Any())
            {
                layer.SelectCache(((ModelPass)pass).Inner.Passes[node], samples);
            }
        }
    }

    /// <inheritdoc/>
    internal override string? StepObstacle(Pass pass, int steps)
    {
        IReadOnlyList<Pass> passes = ((ModelPass)pass).Inner.Passes;
        for (int node = 0; node < passes.Count; node++)
        {
            if (Network.Nodes[node].Layer.StepObstacle(passes[node], steps) is { } obstacle)
            {
                return obstacle;
            }
        }

        return null;
    }

    /// <summary>Hands each layer its part of the states.</summary>
    private void ForStates(
        Pass pass, IReadOnlyList<DenseMatrix> states, Action<IHasStates, Pass, IReadOnlyList<DenseMatrix>> action)
    {
        int next = 0;
        for (int node = 0; node < Network.Nodes.Length; node++)
        {
            if (Network.Nodes[node] is { Layer: IHasStates layer, HasWiredStates: false })
            {
                int count = layer.StateSizes.Count;
                action(layer, ((ModelPass)pass).Inner.Passes[node], [.. states.Skip(next).Take(count)]);
                next += count;
            }
        }
    }
}
