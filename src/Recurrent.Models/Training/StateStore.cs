using Recurrent.Layers;

namespace Recurrent.Training;

/// <summary>The states that the stateful layers of a model carry from batch to batch.</summary>
internal sealed class StateStore
{
    private readonly Dictionary<Layer, DenseMatrix[]> states = [];

    private StateStore(int batchSize) => BatchSize = batchSize;

    /// <summary>Number of samples whose states are held.</summary>
    public int BatchSize { get; }

    /// <summary>States of zero for every stateful layer; null where no layer is stateful.</summary>
    public static StateStore? Create(IEnumerable<Layer> layers, int batchSize)
    {
        var store = new StateStore(batchSize);
        foreach (Layer layer in layers)
        {
            if (layer is IStateful { Stateful: true } stateful)
            {
                store.states.Add(layer, [.. stateful.StateSizes.Select(size => new DenseMatrix(size, batchSize))]);
            }
        }

        return store.states.Count > 0 ? store : null;
    }

    /// <summary>Gives a pass the states to begin with.</summary>
    public void Load(Layer layer, Pass pass, int firstSample)
    {
        if (states.TryGetValue(layer, out DenseMatrix[]? own))
        {
            ((IStateful)layer).SetInitialState(pass, own, firstSample);
        }
    }

    /// <summary>Keeps the states a pass ended with.</summary>
    public void Save(Layer layer, Pass pass, int firstSample)
    {
        if (states.TryGetValue(layer, out DenseMatrix[]? own))
        {
            ((IStateful)layer).GetFinalState(pass, own, firstSample);
        }
    }
}
