namespace Recurrent.Selection;

/// <summary>One division of samples: those to learn from and those to judge by.</summary>
/// <param name="Training">Indices of the samples to learn from, rising.</param>
/// <param name="Validation">Indices of the samples to judge by, rising.</param>
public sealed record Fold(IReadOnlyList<int> Training, IReadOnlyList<int> Validation);
