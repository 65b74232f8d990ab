namespace Recurrent.Layers;

/// <summary>A recurrent layer, wherever it stands in a model, with one of its passes.</summary>
/// <param name="Path">Name of the layer, after those of the layers around it.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Pass">The pass.</param>
internal sealed record Recurrence(string Path, RecurrentLayer Layer, RecurrentPass Pass);
