using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Numerics;
using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>What a shard computes at one output of the model: targets and weights come in, which columns count, loss and its
/// gradient.</summary>
internal sealed class OutputHead
{
    private readonly NetworkPass pass;
    private readonly int index;
    private Real[] losses = [];
    private Real[] scales = [];
    private Real[] columnWeights = [];
    private bool[] counts = [];
    private DenseMatrix? weights;
    private Real[] classes = [];
    private DenseMatrix? read;

    /// <summary>Looks at an output.</summary>
    /// <param name="pass">The pass of the shard.</param>
    /// <param name="index">Which output it is.</param>
    public OutputHead(NetworkPass pass, int index)
    {
        this.pass = pass;
        this.index = index;
    }

    /// <summary>What the model gave.</summary>
    public SequenceBatch Output => pass.Output(index);

    /// <summary>The targets, as the columns of <see cref="Output"/>.</summary>
    public DenseMatrix? Targets { get; private set; }

    /// <summary>The shard's share of the batch's loss at this output.</summary>
    public double Loss { get; set; }

    /// <summary>Which columns count in the loss.</summary>
    public ReadOnlySpan<bool> Counts => counts;

    /// <summary>Number of columns that count in the loss: those that no mask hides.</summary>
    public int CountedColumns { get; private set; }

    /// <summary>Sum of the weights of the columns that count; their number where there are no weights.</summary>
    public double WeightSum { get; private set; }

    /// <summary>Copies targets and weights in, and finds which columns count.</summary>
    /// <param name="data">Where they come from.</param>
    /// <param name="samples">The samples of the shard.</param>
    public void GatherTargets(OutputData data, ReadOnlySpan<int> samples)
    {
        bool paddingBehind = Output.Padding?.IsBehind == true;
        Targets = RoomFor(Targets, data.Targets);
        data.Targets.Gather(samples, Targets, paddingBehind);
        weights = data.Weights is null ? null : RoomFor(weights, data.Weights);
        if (weights is not null)
        {
            data.Weights!.Gather(samples, weights, paddingBehind);
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
            if (data.Loss.IgnoresTargets && counted)
            {
                counted = !data.Loss.Ignores(Targets.Values.AsSpan(column * Targets.RowCount, Targets.RowCount));
            }

            counts[column] = counted;
            CountedColumns += counted ? 1 : 0;
            WeightSum += counted ? Weight(column) : 0;
        }
    }

    /// <summary>What metrics compare with the targets: what the model gave, or a 1 at the class that it is read as.</summary>
    /// <param name="reading">How it is read; null as the numbers that it is.</param>
    public DenseMatrix Read(OutputReading? reading)
    {
        DenseMatrix values = Output.Values;
        if (reading is null)
        {
            return values;
        }

        if (read is null || read.ColumnCount != values.ColumnCount)
        {
            classes = new Real[values.ColumnCount];
            read = new DenseMatrix(reading.Rows, values.ColumnCount);
        }

        reading.Read(Output, classes);
        Span<Real> entries = read.Values;
        entries.Clear();
        for (int column = 0; column < classes.Length; column++)
        {
            if (classes[column] >= 0)
            {
                entries[(column * reading.Rows) + (int)classes[column]] = 1;
            }
        }

        return read;
    }

    /// <summary>Computes the shard's share of the loss, and the gradient with respect to the output where a backward pass
    /// follows.</summary>
    /// <param name="data">The loss, and how much it counts beside those of other outputs.</param>
    /// <param name="columnScale">By what the loss of a column counts in that of the batch, before its own weight and
    /// mask.</param>
    /// <param name="start">What the sum begins with.</param>
    /// <param name="differentiable">Whether a backward pass follows.</param>
    /// <param name="lossScale">By what the gradient, and not the loss, is multiplied.</param>
    public void ComputeLoss(OutputData data, double columnScale, double start, bool differentiable, double lossScale)
    {
        Real factor = (Real)(data.LossWeight * lossScale);
        DenseMatrix output = Output.Values;
        int rows = output.RowCount;
        Span<Real> gradient = differentiable ? pass.OutputGradient(index).Values : [];
        data.Loss.Evaluate(Targets!.Values, output.Values, rows, losses, gradient);
        LossReduction.Scales(columnScale, ColumnWeights(), counts, scales);
        Loss = LossReduction.Sum(losses, columnScale, ColumnWeights(), counts, start);
        for (int column = 0; column < losses.Length && !gradient.IsEmpty; column++)
        {
            Span<Real> slopes = gradient.Slice(column * rows, rows);
            if (scales[column] == 0)
            {
                slopes.Clear();
                continue;
            }

            VectorMath.Scale(scales[column], slopes);
            if (factor != 1)
            {
                VectorMath.Scale(factor, slopes);
            }
        }
    }

    /// <summary>The weight of a sample: that of its first column that counts, which is that of all.</summary>
    /// <param name="sample">The sample.</param>
    public Real SampleWeight(int sample)
    {
        int column = sample;
        while (column + pass.BatchSize < counts.Length && !counts[column])
        {
            column += pass.BatchSize;
        }

        return Weight(column);
    }

    /// <summary>Takes the gradient at the output from that of a whole batch.</summary>
    /// <param name="whole">The gradient of the batch.</param>
    /// <param name="start">Index in the batch of the first sample.</param>
    /// <param name="samples">Number of samples of the batch.</param>
    /// <param name="factor">How much it counts.</param>
    public void TakeGradient(ReadOnlySpan<Real> whole, int start, int samples, Real factor)
    {
        int rows = Output.Values.RowCount;
        int block = pass.BatchSize * rows;
        Span<Real> gradient = pass.OutputGradient(index).Values;
        for (int step = 0; step < gradient.Length / block; step++)
        {
            whole.Slice(((step * samples) + start) * rows, block).CopyTo(gradient[(step * block)..]);
        }

        if (factor != 1)
        {
            VectorMath.Scale(factor, gradient);
        }
    }

    /// <summary>The weight of each column in a metric: 0 where the mask hides it.</summary>
    /// <param name="buffer">Where the weights are written; grown when it is too small.</param>
    /// <param name="sampleWeights">Whether sample weights count.</param>
    public ReadOnlySpan<Real> MetricWeights(ref Real[] buffer, bool sampleWeights)
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

    /// <summary>The weight of each column; empty where there are no weights.</summary>
    private ReadOnlySpan<Real> ColumnWeights()
    {
        if (weights is null || weights.ColumnCount == losses.Length)
        {
            return weights is null ? [] : weights.Values;
        }

        if (columnWeights.Length != losses.Length)
        {
            columnWeights = new Real[losses.Length];
        }

        for (int column = 0; column < columnWeights.Length; column++)
        {
            columnWeights[column] = Weight(column);
        }

        return columnWeights;
    }

    private Real Weight(int column) => weights switch
    {
        null => 1,
        { ColumnCount: var count } when count == pass.BatchSize => weights.Values[column % pass.BatchSize],
        _ => weights.Values[column],
    };

    private DenseMatrix RoomFor(DenseMatrix? matrix, Samples samples)
    {
        // What is of unequal length goes with the steps of the output, which are padded.
        Shape shape = samples.SampleShape;
        int columns = samples.IsRagged ? Output.Values.ColumnCount : shape.Steps * pass.BatchSize;
        return matrix is not null && matrix.RowCount == shape.Features && matrix.ColumnCount == columns
            ? matrix
            : new DenseMatrix(shape.Features, columns);
    }
}
