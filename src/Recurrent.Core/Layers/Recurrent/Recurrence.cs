namespace Recurrent.Layers;

/// <summary>A recurrent layer, wherever it stands in a model, with one of its passes.</summary>
/// <param name="Path">Name of the layer, after those of the layers around it.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Pass">The pass.</param>
internal sealed record Recurrence(string Path, RecurrentLayer Layer, RecurrentPass Pass)
{
    /// <summary>Number of phases that the pass holds as samples of their own: step t is its step t / Phases, in the phase t mod Phases.</summary>
    public int Phases { get; init; } = 1;

    /// <summary>Number of steps of the sequence.</summary>
    public int Steps { get; init; } = Pass.Cell.Steps;

    /// <summary>Has the next backward pass measure the gradient at each step.</summary>
    public void MeasureGradients() => Pass.SquaredGradientNorms = new double[Pass.Cell.Steps * Phases];

    /// <summary>What was measured: the norm of the gradient of the output after each step, over units and samples.</summary>
    public double[] GradientNorms() => [.. Pass.SquaredGradientNorms!.Take(Steps).Select(Math.Sqrt)];
}
