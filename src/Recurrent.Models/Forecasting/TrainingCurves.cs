namespace Recurrent.Forecasting;

/// <summary>How the training of one network went.</summary>
/// <param name="Network">Which network, and which of its trainings.</param>
/// <param name="Values">For <c>loss</c>, and where some windows were held back <c>val_loss</c>, a value for each epoch.</param>
public sealed record TrainingCurves(string Network, IReadOnlyDictionary<string, IReadOnlyList<double>> Values);
