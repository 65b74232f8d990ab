namespace Recurrent.Layers;

/// <summary>A recurrent layer, wherever it stands in a model, with one of its passes.</summary>
/// <param name="Path">Name of the layer, after those of the layers around it.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Pass">The pass.</param>
internal sealed record RecurrentRun(string Path, RecurrentLayer Layer, RecurrentPass Pass)
{
    /// <summary>Number of phases that the pass holds as samples of their own.</summary>
    public int Phases { get; init; } = 1;

    /// <summary>
    /// At which step of the pass, and in which phase, a step of the sequence is; steps in the order in which the layer reads
    /// them.
    /// </summary>
    public Func<int, (int Step, int Phase)> PlaceOf { get; init; } = t => (t, 0);

    /// <summary>Where the layer returns its last output alone: the phase to which that of a sample belongs.</summary>
    public Func<int, int> LastPhase { get; init; } = _ => 0;

    /// <summary>Number of steps of the sequence.</summary>
    public int Steps { get; init; } = Pass.Cell.Steps;

    /// <summary>Has the next backward pass measure the gradient at each step.</summary>
    public void MeasureGradients() => Pass.SquaredGradientNorms = new double[Pass.Cell.Steps * Phases];

    /// <summary>What was measured: the norm of the gradient of the output after each step, over units and samples.</summary>
    public double[] GradientNorms() => [.. Enumerable.Range(0, Steps).Select(PlaceOf)
        .Select(place => Math.Sqrt(Pass.SquaredGradientNorms![(place.Step * Phases) + place.Phase]))];
}
