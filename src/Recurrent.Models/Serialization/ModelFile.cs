namespace Recurrent.Serialization;

/// <summary>What a model file holds.</summary>
/// <param name="Architecture">The model without its weights, as Keras writes it.</param>
/// <param name="Seed">Where every random draw of the model comes from.</param>
/// <param name="Weights">Every parameter, in Keras's order; none where the model is not built.</param>
/// <param name="Training">How far training has come, or null.</param>
internal sealed record ModelFile(
    Architecture Architecture, int Seed, IReadOnlyList<StoredArray> Weights, TrainingState? Training)
{
    /// <summary>What random draws of each layer follow from, those of models inside in their place; null where it follows from
    /// the model's seed.</summary>
    public IReadOnlyList<long>? Seeds { get; init; }
}

/// <summary>How far training has come: with the seed and the weights, it determines every further step.</summary>
/// <param name="Epochs">Epochs begun so far.</param>
/// <param name="Steps">Updates of the model so far.</param>
/// <param name="Iterations">Updates that the optimizer has done.</param>
/// <param name="Slots">What the optimizer remembers of each parameter, in its order, named as in
/// <c>dense/kernel/velocity</c>.</param>
internal sealed record TrainingState(long Epochs, long Steps, long Iterations, IReadOnlyList<StoredArray> Slots);
