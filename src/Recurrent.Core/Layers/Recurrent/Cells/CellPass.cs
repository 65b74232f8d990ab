using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>What a cell remembers of one run over a batch of sequences.</summary>
internal class CellPass
{
    /// <summary>Values that a pass without a backward pass projects at a time: enough for a full product, little enough to stay in the cache.</summary>
    private const int ProjectedValues = 1 << 16;

    private DenseMatrix? maskedHidden;
    private DenseMatrix? recurrentDropoutFactors;

    public CellPass(int gateRows, IReadOnlyList<int> stateSizes, int steps, int batchSize, bool differentiable)
    {
        Steps = steps;
        BatchSize = batchSize;
        StepsProjected = differentiable ? steps : Math.Clamp((int)(ProjectedValues / ((long)gateRows * batchSize)), 1, steps);
        Gates = new DenseMatrix(gateRows, StepsProjected * batchSize);
        States = [.. stateSizes.Select(size => new StateTrajectory(size, steps, batchSize, differentiable))];
        StateGradients = differentiable ? [.. stateSizes.Select(size => new DenseMatrix(size, batchSize))] : [];
    }

    public int Steps { get; }

    public int BatchSize { get; }

    /// <summary>Number of steps whose projected inputs <see cref="Gates"/> holds at a time: all, where a backward pass may follow.</summary>
    public int StepsProjected { get; }

    /// <summary>Z: pre-activations of all steps, then gate values, then (backward) the gradients of the pre-activations.</summary>
    public DenseMatrix Gates { get; }

    /// <summary>The states over time; the first is the hidden state.</summary>
    public StateTrajectory[] States { get; }

    /// <summary>Gradients of the states between two steps; after the last step backward, those of the initial states.</summary>
    public DenseMatrix[] StateGradients { get; }

    /// <summary>Factors on what the recurrent product is given, in training with recurrent dropout; else null.</summary>
    public DenseMatrix? RecurrentDropout { get; private set; }

    /// <summary>What the recurrent product was given at all steps: the hidden states before them, with dropout.</summary>
    public ColumnBlock RecurrentInputs => RecurrentDropout is null
        ? new ColumnBlock(States[0].Values, 0, Steps * BatchSize)
        : maskedHidden!;

    /// <summary>Switches recurrent dropout on for the next run and returns its factors, to be drawn; room is made at the first use.</summary>
    public Span<Real> UseRecurrentDropout()
    {
        recurrentDropoutFactors ??= new DenseMatrix(States[0].Values.RowCount, BatchSize);
        maskedHidden ??= new DenseMatrix(States[0].Values.RowCount, Steps * BatchSize);
        RecurrentDropout = recurrentDropoutFactors;
        return recurrentDropoutFactors.Values;
    }

    /// <summary>Switches recurrent dropout off.</summary>
    public void StopRecurrentDropout() => RecurrentDropout = null;

    /// <summary>The part of <see cref="Gates"/> that belongs to step t.</summary>
    public ColumnBlock GatesOf(int t) => StepOf(Gates, t % StepsProjected);

    /// <summary>Step t of a matrix whose columns are (time, batch).</summary>
    public ColumnBlock StepOf(DenseMatrix matrix, int t) => new(matrix, t * BatchSize, BatchSize);

    /// <summary>What the recurrent product is given at step t: the hidden state before it, with dropout.</summary>
    public ColumnBlock RecurrentInput(int t)
    {
        ColumnBlock hidden = States[0].Before(t);
        if (RecurrentDropout is null)
        {
            return hidden;
        }

        ColumnBlock masked = StepOf(maskedHidden!, t);
        VectorMath.Multiply(hidden.Values, RecurrentDropout.Values, masked.Values);
        return masked;
    }

    /// <summary>What <see cref="RecurrentInput"/> gave at step t, once more.</summary>
    public ColumnBlock GivenRecurrentInput(int t) =>
        RecurrentDropout is null ? States[0].Before(t) : StepOf(maskedHidden!, t);

    /// <summary>Turns the gradient of <see cref="RecurrentInput"/> into that of the hidden state, in place.</summary>
    public void BackThroughDropout(Span<Real> gradient)
    {
        if (RecurrentDropout is not null)
        {
            VectorMath.Multiply(gradient, RecurrentDropout.Values, gradient);
        }
    }
}
