using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>
/// Part of a batch with everything its way through the model needs: one worker runs it forward and backward on its own.
/// </summary>
internal sealed class Shard
{
    private readonly IReadOnlyList<Layer> layers;
    private readonly Pass[] passes;
    private readonly SequenceBatch[] outputs;
    private readonly SequenceBatch input;
    private readonly DenseMatrix? outputGradient;
    private Real[] losses = [];
    private Real[] scales = [];
    private bool[] counts = [];
    private DenseMatrix? weights;
    private ShardPadding? padding;

    /// <summary>Allocates the passes of every layer.</summary>
    /// <param name="layers">The layers, first to last.</param>
    /// <param name="trainable">The parameters that are trained: gradients come in their order.</param>
    /// <param name="inputShape">Shape of a sample; every axis known.</param>
    /// <param name="batchStart">Index in the batch of the shard's first sample.</param>
    /// <param name="size">Number of samples.</param>
    /// <param name="differentiable">Whether backward passes will follow.</param>
    /// <param name="threads">How many threads the layers may use.</param>
    public Shard(
        IReadOnlyList<Layer> layers, IReadOnlyList<Parameter> trainable, Shape inputShape, int batchStart, int size, bool differentiable,
        int threads)
    {
        this.layers = layers;
        BatchStart = batchStart;
        Size = size;
        passes = new Pass[layers.Count];
        outputs = new SequenceBatch[layers.Count];
        input = new SequenceBatch(inputShape, size);

        // The gradient with respect to a layer's input is wanted only where something trainable stands before the layer.
        bool trainableBefore = false;
        Shape shape = inputShape;
        for (int i = 0; i < layers.Count; i++)
        {
            Shape output = layers[i].ComputeOutputShape(shape);
            layers[i].RequireRoom(shape, output, size, differentiable);
            passes[i] = layers[i].CreatePass(new PassOptions(shape, size, differentiable, differentiable && trainableBefore) { Threads = threads });
            shape = output;
            trainableBefore |= layers[i].Parameters.Any(trainable.Contains);
        }

        if (differentiable)
        {
            outputGradient = new DenseMatrix(shape.Features, shape.Steps * size);
            Dictionary<Parameter, DenseMatrix> gradients = layers.Zip(passes)
                .SelectMany(pair => pair.First.Parameters.Zip(pair.Second.Gradients))
                .ToDictionary(pair => pair.First, pair => pair.Second);
            Gradients = [.. trainable.Select(parameter => gradients[parameter])];
        }
    }

    /// <summary>What each layer remembers of the last run.</summary>
    public IReadOnlyList<Pass> Passes => passes;

    /// <summary>Index in the batch of the shard's first sample.</summary>
    public int BatchStart { get; }

    /// <summary>Number of samples.</summary>
    public int Size { get; }

    /// <summary>The shard's share of the gradients of the trainable parameters, in the model's order.</summary>
    public DenseMatrix[] Gradients { get; } = [];

    /// <summary>What the last layer gave.</summary>
    public SequenceBatch Output => outputs[^1];

    /// <summary>What of the output is padding, because samples are of unequal length; null where there is none.</summary>
    public Padding? OutputPadding => padding?.Current;

    /// <summary>The shard's targets, as the columns of <see cref="Output"/>.</summary>
    public DenseMatrix? Targets { get; private set; }

    /// <summary>The shard's share of the batch's loss, penalties on activities included.</summary>
    public double Loss { get; private set; }

    /// <summary>Penalties on the outputs of layers, before they are divided by the batch size.</summary>
    public double ActivityPenalty { get; private set; }

    /// <summary>Number of columns of the output that count in the loss: those that no mask hides.</summary>
    public int CountedColumns { get; private set; }

    /// <summary>Sum of the weights of the columns that count; their number where there are no weights.</summary>
    public double WeightSum { get; private set; }

    /// <summary>Copies samples in and runs every layer.</summary>
    /// <param name="inputs">Where samples come from.</param>
    /// <param name="samples">The batch: which samples, in which order. The shard takes its own part of them.</param>
    /// <param name="training">Whether layers behave as in training.</param>
    /// <param name="key">Names the step, for random draws.</param>
    /// <param name="states">States that stateful layers go on from, or null.</param>
    public void Forward(Samples inputs, ReadOnlySpan<int> samples, bool training, ulong key, StateStore? states)
    {
        ReadOnlySpan<int> own = samples.Slice(BatchStart, Size);
        inputs.Gather(own, input.Values);
        if (inputs.IsRagged)
        {
            padding ??= new ShardPadding(layers, input);
        }

        padding?.Begin(inputs, own);
        SequenceBatch batch = input;
        ActivityPenalty = 0;
        for (int i = 0; i < layers.Count; i++)
        {
            passes[i].Begin(training, Random.SeededRandom.Key(key, (ulong)BatchStart));
            passes[i].Padding = padding?.Current;
            states?.Load(layers[i], passes[i], BatchStart);
            batch = layers[i].Forward(passes[i], batch);
            states?.Save(layers[i], passes[i], BatchStart);
            outputs[i] = batch;
            padding?.Follow(i, batch);
            if (layers[i].ActivityRegularizer is { } regularizer)
            {
                ActivityPenalty += padding?.Penalty(i, regularizer, batch.Values)
                    ?? regularizer.Penalty(batch.Values.Values, batch.Values.RowCount);
            }

            ActivityPenalty += passes[i].ActivityPenalty;
        }
    }

    /// <summary>Copies targets and weights in, and finds which columns count.</summary>
    /// <param name="data">Where they come from.</param>
    /// <param name="samples">The batch; the shard takes its own part.</param>
    public void GatherTargets(TrainingData data, ReadOnlySpan<int> samples)
    {
        Loss loss = data.Loss;
        ReadOnlySpan<int> own = samples.Slice(BatchStart, Size);
        bool paddingBehind = padding?.Current?.IsBehind == true;
        Targets = Fitting(Targets, data.Targets);
        data.Targets.Gather(own, Targets, paddingBehind);
        weights = data.Weights is null ? null : Fitting(weights, data.Weights);
        if (weights is not null)
        {
            data.Weights!.Gather(own, weights, paddingBehind);
        }

        int columns = Output.Values.ColumnCount;
        if (losses.Length != columns)
        {
            losses = new Real[columns];
            scales = new Real[columns];
            counts = new bool[columns];
        }

        CountedColumns = 0;
        WeightSum = 0;
        for (int column = 0; column < columns; column++)
        {
            bool counted = Output.Mask is not { } mask || mask[column];
            if (loss.IgnoresTargets && counted)
            {
                counted = !loss.Ignores(Targets.Values.AsSpan(column * Targets.RowCount, Targets.RowCount));
            }

            counts[column] = counted;
            CountedColumns += counted ? 1 : 0;
            WeightSum += counted ? Weight(column) : 0;
        }
    }

    /// <summary>Computes the shard's share of the loss, and the gradient with respect to the output where a backward pass follows.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="columnScale">By what the loss of a column counts in that of the batch, before its own weight and mask.</param>
    /// <param name="batchSize">Number of samples of the whole batch.</param>
    public void ComputeLoss(Loss loss, double columnScale, int batchSize)
    {
        SequenceBatch output = Output;
        Span<Real> gradient = outputGradient is null ? [] : outputGradient.Values;
        loss.Evaluate(Targets!.Values, output.Values.Values, output.Values.RowCount, losses, gradient);
        double sum = ActivityPenalty / batchSize;
        for (int column = 0; column < losses.Length; column++)
        {
            double scale = counts[column] ? columnScale * Weight(column) : 0;
            scales[column] = (Real)scale;

            // A column that does not count must not spoil the sum, even where its own loss is not a number.
            sum += scale == 0 ? 0 : scale * losses[column];
        }

        Loss = sum;
        int rows = output.Values.RowCount;
        for (int column = 0; column < losses.Length && !gradient.IsEmpty; column++)
        {
            Span<Real> slopes = gradient.Slice(column * rows, rows);
            if (scales[column] == 0)
            {
                slopes.Clear();
            }
            else
            {
                VectorMath.Scale(scales[column], slopes);
            }
        }
    }

    /// <summary>Runs every layer backward from the gradient that <see cref="ComputeLoss"/> left.</summary>
    /// <param name="batchSize">Number of samples of the whole batch.</param>
    public void Backward(int batchSize)
    {
        DenseMatrix? gradient = outputGradient;
        for (int i = layers.Count - 1; i >= 0 && gradient is not null; i--)
        {
            DenseMatrix output = outputs[i].Values;
            if (layers[i].ActivityRegularizer is { } regularizer && padding?.AddGradient(i, regularizer, output, gradient, batchSize) != true)
            {
                regularizer.AddGradient(output.Values, gradient.Values, output.RowCount, (Real)1 / batchSize);
            }

            passes[i].PenaltyScale = (Real)1 / batchSize;
            gradient = layers[i].Backward(passes[i], gradient);
        }
    }

    /// <summary>The weight of each column in a metric: 0 where the mask hides it.</summary>
    /// <param name="buffer">Where the weights are written; grown when it is too small.</param>
    /// <param name="sampleWeights">Whether sample weights count.</param>
    public ReadOnlySpan<Real> ColumnWeights(ref Real[] buffer, bool sampleWeights)
    {
        int columns = Output.Values.ColumnCount;
        if (buffer.Length < columns)
        {
            buffer = new Real[columns];
        }

        for (int column = 0; column < columns; column++)
        {
            bool kept = Output.Mask is not { } mask || mask[column];
            buffer[column] = !kept ? 0 : sampleWeights ? Weight(column) : 1;
        }

        return buffer.AsSpan(0, columns);
    }

    private Real Weight(int column) => weights switch
    {
        null => 1,
        { ColumnCount: var count } when count == Size => weights.Values[column % Size],
        _ => weights.Values[column],
    };

    private DenseMatrix Fitting(DenseMatrix? matrix, Samples samples)
    {
        // What is of unequal length goes with the steps of the output, which are padded.
        Shape shape = samples.SampleShape;
        int columns = samples.IsRagged ? Output.Values.ColumnCount : shape.Steps * Size;
        return matrix is not null && matrix.RowCount == shape.Features && matrix.ColumnCount == columns
            ? matrix
            : new DenseMatrix(shape.Features, columns);
    }
}
