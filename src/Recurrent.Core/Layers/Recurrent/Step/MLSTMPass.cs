using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>What an <see cref="MLSTMCell"/> remembers of a run beside gates and states.</summary>
internal sealed class MLSTMPass : GatedCellPass
{
    private readonly DenseMatrix read;
    private readonly DenseMatrix heads;
    private readonly DenseMatrix? preActivations;
    private readonly MLSTMSizes sizes;

    /// <summary>Makes room.</summary>
    /// <param name="cell">The cell, built.</param>
    /// <param name="options">What the pass is for.</param>
    public MLSTMPass(MLSTMCell cell, CellPassOptions options)
        : base(cell, options)
    {
        sizes = cell.Rows;
        int columns = StepsProjected * StepColumns;
        read = new DenseMatrix(sizes.Units, columns);
        heads = new DenseMatrix(3 * sizes.Heads, columns);
        bool keeps = cell.Options.Activation!.NeedsInput || cell.Options.RecurrentActivation!.NeedsInput;
        preActivations = keeps && options.Differentiable ? NewMemory(2 * sizes.Units) : null;
        Scratch = new MLSTMScratch(sizes, options.Differentiable);
        if (options.Steps > 1 && !options.StatesApart)
        {
            int length = Math.Min(cell.ChunkSteps, options.Steps);
            Chunk = new MLSTMChunk(sizes, length, options.Differentiable);
            ReadGradients = options.Differentiable ? new DenseMatrix(sizes.Units, length) : null;
            ValueGradients = options.Differentiable ? new DenseMatrix(sizes.Units, length) : null;
            Products = new Real[length];
        }
    }

    /// <summary>Room for the gradients of one sample, in a backward pass.</summary>
    public MLSTMScratch Scratch { get; }

    /// <summary>Takes steps as one, in a pass of several.</summary>
    public MLSTMChunk? Chunk { get; }

    /// <summary>Gradients of what one sample has read at the steps of a chunk.</summary>
    public DenseMatrix? ReadGradients { get; }

    /// <summary>Gradients of its values.</summary>
    public DenseMatrix? ValueGradients { get; }

    /// <summary>n·q of one head at the steps of a chunk; on the way back its gradients.</summary>
    public Real[] Products { get; } = [];

    /// <inheritdoc/>
    internal override IEnumerable<TracedRows> TracedRows =>
    [
        new("input", ZOf, sizes.InputGate, sizes.Heads),
        new("forget", ZOf, sizes.ForgetGate, sizes.Heads),
        new("output", ZOf, sizes.OutputGate, sizes.Units),
    ];

    /// <summary>What was read from the memories at step t, normalised: h̃.</summary>
    public Span<Real> ReadOf(int t, int sample) => StepOf(read, t).Column(sample);

    /// <summary>What one head has read at some steps.</summary>
    public MatrixView ReadOf(int firstStep, int steps, int sample, int head) => new(
        read,
        head * sizes.ValueDim,
        sizes.ValueDim,
        (firstStep * StepColumns % read.ColumnCount) + sample,
        steps,
        StepColumns);

    /// <summary>Z of one sample at some steps.</summary>
    public MatrixView ZOf(int firstStep, int steps, int sample) =>
        new(Z, 0, Z.RowCount, (firstStep * StepColumns % Z.ColumnCount) + sample, steps, StepColumns);

    /// <summary>n·q of each head at step t.</summary>
    public Span<Real> ProductsOf(int t, int sample) => HeadsOf(t, sample, 0);

    /// <summary>1/max(|n·q|, e⁻ᵐ) of each head at step t.</summary>
    public Span<Real> FactorsOf(int t, int sample) => HeadsOf(t, sample, 1);

    /// <summary>The slope of log f of each head at step t, which its pre-activation gives.</summary>
    public Span<Real> SlopesOf(int t, int sample) => HeadsOf(t, sample, 2);

    /// <summary>Keeps the pre-activations of values and output gate of a sample, where derivatives need them.</summary>
    public void Keep(int t, int sample, ReadOnlySpan<Real> z)
    {
        if (preActivations is not null)
        {
            z.Slice(sizes.Values, sizes.Units).CopyTo(ValuesBeforeOf(t, sample));
            z.Slice(sizes.OutputGate, sizes.Units).CopyTo(OutputBeforeOf(t, sample));
        }
    }

    /// <summary>The pre-activations of the values; empty where no derivative needs them.</summary>
    public Span<Real> ValuesBeforeOf(int t, int sample) =>
        preActivations is null ? default : StepOf(preActivations, t).Column(sample)[..sizes.Units];

    /// <summary>The pre-activations of the output gate; empty where no derivative needs them.</summary>
    public Span<Real> OutputBeforeOf(int t, int sample) =>
        preActivations is null ? default : StepOf(preActivations, t).Column(sample)[sizes.Units..];

    private Span<Real> HeadsOf(int t, int sample, int part) =>
        StepOf(heads, t).Column(sample).Slice(part * sizes.Heads, sizes.Heads);
}

/// <summary>Room for the gradients of one sample at one step.</summary>
/// <param name="sizes">The sizes of the cell.</param>
/// <param name="differentiable">Whether there is a backward pass.</param>
internal sealed class MLSTMScratch(MLSTMSizes sizes, bool differentiable)
{
    private readonly Real[] values = new Real[differentiable ? (2 * sizes.Units) + (2 * sizes.KeyDim) : 0];

    /// <summary>Of what was read, all heads.</summary>
    public Span<Real> Read => values.AsSpan(0, sizes.Units);

    /// <summary>Of the values, all heads.</summary>
    public Span<Real> Values => values.AsSpan(sizes.Units, sizes.Units);

    /// <summary>Of the query of one head.</summary>
    public Span<Real> Query => values.AsSpan(2 * sizes.Units, sizes.KeyDim);

    /// <summary>Of the key of one head.</summary>
    public Span<Real> Key => values.AsSpan((2 * sizes.Units) + sizes.KeyDim, sizes.KeyDim);
}
