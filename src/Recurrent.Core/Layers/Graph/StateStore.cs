using System.Numerics.Tensors;

namespace Recurrent.Layers;

/// <summary>
/// The states that the nodes of a network carry from batch to batch: those of a model's stateful layers, or those of all layers
/// for one caller. What begins with states that other layers give carries none.
/// </summary>
internal sealed class StateStore
{
    private readonly DenseMatrix[]?[] states;
    private readonly Network network;
    private readonly int first;

    private StateStore(Network network, int batchSize, DenseMatrix[]?[] states, int first)
    {
        this.network = network;
        BatchSize = batchSize;
        this.states = states;
        this.first = first;
    }

    /// <summary>Number of samples whose states are held.</summary>
    public int BatchSize { get; }

    /// <summary>The sample that is the first of a batch.</summary>
    public int FirstSample => first;

    /// <summary>States of zero for every stateful layer; null where no layer is stateful.</summary>
    public static StateStore? Create(Network network, int batchSize)
    {
        var states = new StateStore(network, batchSize, Zeros(network, batchSize, node => ((IHasStates)node.Layer).Stateful), 0);
        return Array.Exists(states.states, own => own is not null) ? states : null;
    }

    /// <summary>States of zero for every layer that has any, stateful or not.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batchSize">Number of samples.</param>
    /// <param name="carried">States of stateful layers, which are shared and not copied; or null.</param>
    public static StateStore CreateForAll(Network network, int batchSize, StateStore? carried = null)
    {
        DenseMatrix[]?[] states = Zeros(network, batchSize, node => !((IHasStates)node.Layer).Stateful || carried is null);
        for (int i = 0; i < states.Length; i++)
        {
            states[i] ??= carried?.states[i];
        }

        return new(network, batchSize, states, 0);
    }

    /// <summary>Makes all states zero but those that are another store's too.</summary>
    public void ClearAllBut(StateStore? carried)
    {
        for (int i = 0; i < states.Length; i++)
        {
            if (states[i] is { } own && own != carried?.states[i])
            {
                Array.ForEach(own, state => state.Clear());
            }
        }
    }

    /// <summary>Whether all states are finite numbers.</summary>
    public bool IsFinite => All().All(state => TensorPrimitives.IsFiniteAll<Real>(state.Values));

    /// <summary>Makes all states zero where one is no finite number.</summary>
    public void ClearIfSpoiled()
    {
        if (!IsFinite)
        {
            ClearAllBut(null);
        }
    }

    /// <summary>The same states to a batch whose first sample is another one.</summary>
    public StateStore StartingAt(int sample) => sample == first ? this : new(network, BatchSize, states, sample);

    /// <summary>The states of all nodes, in their order.</summary>
    public IEnumerable<DenseMatrix> All() => states.SelectMany(own => own ?? []);

    /// <summary>Gives a pass the states to begin with.</summary>
    public void Load(int node, Pass pass, int firstSample)
    {
        if (states[node] is { } own)
        {
            ((IHasStates)network.Nodes[node].Layer).SetInitialState(pass, own, first + firstSample);
        }
    }

    /// <summary>Keeps the states a pass ended with.</summary>
    public void Save(int node, Pass pass, int firstSample)
    {
        if (states[node] is { } own)
        {
            ((IHasStates)network.Nodes[node].Layer).GetFinalState(pass, own, first + firstSample);
        }
    }

    private static DenseMatrix[]?[] Zeros(Network network, int batchSize, Func<NetworkNode, bool> chosen) => Array.ConvertAll(
        network.Nodes,
        node => node.Layer is IHasStates && !node.HasWiredStates && chosen(node) ? StateCheck.NewStates(node.Layer, batchSize)
        : null);
}
