using Recurrent.Layers;

namespace Recurrent.Training;

/// <summary>The states that layers carry from batch to batch: those of a model's stateful layers, or those of all layers for one caller.</summary>
internal sealed class StateStore
{
    private readonly Dictionary<Layer, DenseMatrix[]> states;
    private readonly int first;

    private StateStore(int batchSize, Dictionary<Layer, DenseMatrix[]> states, int first)
    {
        BatchSize = batchSize;
        this.states = states;
        this.first = first;
    }

    /// <summary>Number of samples whose states are held.</summary>
    public int BatchSize { get; }

    /// <summary>States of zero for every stateful layer; null where no layer is stateful.</summary>
    public static StateStore? Create(IEnumerable<Layer> layers, int batchSize)
    {
        Dictionary<Layer, DenseMatrix[]> states = Zeros(layers.Where(layer => layer is IStateful { Stateful: true }), batchSize);
        return states.Count > 0 ? new(batchSize, states, 0) : null;
    }

    /// <summary>States of zero for every layer that has any, stateful or not.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="batchSize">Number of samples.</param>
    /// <param name="carried">States of stateful layers, which are shared and not copied; or null.</param>
    public static StateStore CreateForAll(IEnumerable<Layer> layers, int batchSize, StateStore? carried = null)
    {
        Dictionary<Layer, DenseMatrix[]> states = Zeros(layers.Where(layer => layer is IStateful && carried?.states.ContainsKey(layer) != true), batchSize);
        var all = new StateStore(batchSize, states, 0);
        foreach ((Layer layer, DenseMatrix[] own) in carried?.states ?? [])
        {
            states.Add(layer, own);
        }

        return all;
    }

    /// <summary>Makes all states zero but those that are another store's too.</summary>
    public void ClearAllBut(StateStore? carried)
    {
        foreach ((Layer layer, DenseMatrix[] own) in states)
        {
            if (carried?.states.ContainsKey(layer) != true)
            {
                Array.ForEach(own, state => state.Clear());
            }
        }
    }

    /// <summary>The same states to a batch whose first sample is another one.</summary>
    public StateStore StartingAt(int sample) => sample == first ? this : new(BatchSize, states, sample);

    /// <summary>The states of a layer.</summary>
    public IReadOnlyList<DenseMatrix> Of(Layer layer) => states[layer];

    /// <summary>Gives a pass the states to begin with.</summary>
    public void Load(Layer layer, Pass pass, int firstSample)
    {
        if (states.TryGetValue(layer, out DenseMatrix[]? own))
        {
            ((IStateful)layer).SetInitialState(pass, own, first + firstSample);
        }
    }

    /// <summary>Keeps the states a pass ended with.</summary>
    public void Save(Layer layer, Pass pass, int firstSample)
    {
        if (states.TryGetValue(layer, out DenseMatrix[]? own))
        {
            ((IStateful)layer).GetFinalState(pass, own, first + firstSample);
        }
    }

    private static Dictionary<Layer, DenseMatrix[]> Zeros(IEnumerable<Layer> layers, int batchSize) => layers.ToDictionary(
        layer => layer, layer => StateCheck.NewStates(layer, batchSize));
}
