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
    public static StateStore CreateForAll(IEnumerable<Layer> layers, int batchSize) =>
        new(batchSize, Zeros(layers.Where(layer => layer is IStateful), batchSize), 0);

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
        layer => layer, DenseMatrix[] (layer) => [.. ((IStateful)layer).StateSizes.Select(size => new DenseMatrix(size, batchSize))]);
}
