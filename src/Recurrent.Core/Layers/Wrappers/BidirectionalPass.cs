using Recurrent.Numerics;
using Recurrent.Regularizers;

namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="Bidirectional"/> remembers: the passes of its two layers, and their
/// outputs.</summary>
public sealed class BidirectionalPass : WrapperPass
{
    private readonly string? mergeMode;
    private readonly Regularizer? forwardPenalty;
    private readonly Regularizer? backwardPenalty;
    private readonly SequenceBatch output;
    private readonly int block;
    private SequenceBatch? forwardOutput;
    private SequenceBatch? backwardOutput;
    private SequenceBatch? turned;

    internal BidirectionalPass(Bidirectional layer, PassOptions options)
        : base(layer, options)
    {
        mergeMode = layer.MergeMode;
        forwardPenalty = layer.ForwardLayer.ActivityRegularizer;
        backwardPenalty = layer.BackwardLayer.ActivityRegularizer;
        // What continues would have to come before what was there, to the layer that reads from the end.
        PassOptions own = Options with
        {
            InputShape = options.InputShape,
            InputGradients = [options.InputGradient],
            Continuing = false
        };
        Forward = (RecurrentPass)layer.ForwardLayer.CreatePass(own);
        Backward = (RecurrentPass)layer.BackwardLayer.CreatePass(own);
        Wrap(Forward, Backward);
        StateRows = [.. Forward.StateRows, .. Backward.StateRows];
        output = new SequenceBatch(layer.ComputeOutputShape(options.InputShape), options.BatchSize);
        block = Forward.OutputColumns;
        ForwardGradient = Like(Forward, options.Differentiable);
        BackwardGradient = Like(Backward, options.Differentiable);
    }

    /// <summary>The pass of the forward layer.</summary>
    public RecurrentPass Forward { get; }

    /// <summary>The pass of the backward layer.</summary>
    public RecurrentPass Backward { get; }

    /// <summary>The rows that each state has for a sample: the forward layer's, then the backward layer's.</summary>
    internal int[] StateRows { get; }

    /// <summary>Gradient of the forward layer's output.</summary>
    internal DenseMatrix ForwardGradient { get; }

    /// <summary>Gradient of the backward layer's output, in the order in which that layer reads.</summary>
    internal DenseMatrix BackwardGradient { get; }

    /// <inheritdoc/>
    internal override double ActivityPenalty =>
        Penalty(forwardPenalty, forwardOutput!, Forward.HoldsData)
        + Penalty(backwardPenalty, backwardOutput!, Backward.HoldsData);

    /// <summary>Gives the output, or the two where they are not merged and both are asked for.</summary>
    /// <returns>How many were given.</returns>
    internal int Give(SequenceBatch forward, SequenceBatch backward, Span<SequenceBatch> outputs)
    {
        if (mergeMode is not null || outputs.Length == 1)
        {
            outputs[0] = Merge(forward, backward);
            return 1;
        }

        forwardOutput = forward;
        backwardOutput = backward;
        turned ??= new SequenceBatch(backward.SampleShape, backward.BatchSize);
        Turn(backward.Values, turned.Values);
        turned.Mask = forward.Mask;
        outputs[0] = forward;
        outputs[1] = turned;
        return 2;
    }

    /// <summary>Takes the gradients of the output, or of the two; null is none.</summary>
    /// <returns>How many there were.</returns>
    internal int TakeGradients(ReadOnlySpan<DenseMatrix?> gradients)
    {
        bool apart = mergeMode is null && gradients.Length > 1;
        if (!apart && gradients[0] is { } merged)
        {
            Split(merged);
        }
        else
        {
            ForwardGradient.Clear();
            BackwardGradient.Clear();
            if (apart)
            {
                gradients[0]?.Values.CopyTo(ForwardGradient.Values, 0);
                if (gradients[1] is { } backward)
                {
                    Turn(backward, BackwardGradient);
                }
            }

            AddPenaltyGradients();
        }

        return apart ? 2 : 1;
    }

    /// <summary>The output: both layers' outputs at the same step, merged.</summary>
    private SequenceBatch Merge(SequenceBatch forward, SequenceBatch backward)
    {
        forwardOutput = forward;
        backwardOutput = backward;
        for (int first = 0; first < output.Values.ColumnCount; first += block)
        {
            var f = new ColumnBlock(forward.Values, first, block);
            var b = new ColumnBlock(backward.Values, Turned(first), block);
            var y = new ColumnBlock(output.Values, first, block);
            switch (mergeMode)
            {
                case "sum":
                    f.Values.CopyTo(y.Values);
                    VectorMath.Add(b.Values, y.Values);
                    break;
                case "ave":
                    f.Values.CopyTo(y.Values);
                    VectorMath.Add(b.Values, y.Values);
                    VectorMath.Scale((Real)0.5, y.Values);
                    break;
                case "mul":
                    VectorMath.Multiply(f.Values, b.Values, y.Values);
                    break;
                default:
                    Join(f, b, y);
                    break;
            }
        }

        output.Mask = forward.Mask;
        return output;
    }

    /// <summary>The gradients of both layers' outputs from that of the merged one, and of the penalties on them.</summary>
    private void Split(DenseMatrix gradient)
    {
        for (int first = 0; first < gradient.ColumnCount; first += block)
        {
            var dy = new ColumnBlock(gradient, first, block);
            var df = new ColumnBlock(ForwardGradient, first, block);
            var db = new ColumnBlock(BackwardGradient, Turned(first), block);
            switch (mergeMode)
            {
                case "mul":
                    VectorMath.Multiply(dy.Values, new ColumnBlock(backwardOutput!.Values, Turned(first), block).Values,
                        df.Values);
                    VectorMath.Multiply(dy.Values, new ColumnBlock(forwardOutput!.Values, first, block).Values, db.Values);
                    break;
                case "sum":
                    dy.Values.CopyTo(df.Values);
                    dy.Values.CopyTo(db.Values);
                    break;
                case "ave":
                    VectorMath.Scale((Real)0.5, dy.Values);
                    dy.Values.CopyTo(df.Values);
                    dy.Values.CopyTo(db.Values);
                    break;
                default:
                    for (int column = 0; column < block; column++)
                    {
                        dy.Column(column)[..df.Rows].CopyTo(df.Column(column));
                        dy.Column(column)[df.Rows..].CopyTo(db.Column(column));
                    }

                    break;
            }
        }

        AddPenaltyGradients();
    }

    private void AddPenaltyGradients()
    {
        forwardPenalty?.AddGradient(forwardOutput!.Values.Values, ForwardGradient.Values, ForwardGradient.RowCount, PenaltyScale);
        backwardPenalty?.AddGradient(backwardOutput!.Values.Values, BackwardGradient.Values,
            BackwardGradient.RowCount, PenaltyScale);
    }

    /// <summary>The penalty on an output, but for masked steps: among them is what only fills up a batch, and the output there is
    /// zero anyway.</summary>
    private static double Penalty(Regularizer? regularizer, SequenceBatch output, bool[]? holdsData)
    {
        DenseMatrix values = output.Values;
        if (regularizer is null || holdsData is null)
        {
            return regularizer?.Penalty(values.Values, values.RowCount) ?? 0;
        }

        double sum = 0;
        for (int column = 0; column < values.ColumnCount; column++)
        {
            sum += holdsData[column] ? regularizer.Penalty(new ColumnBlock(values, column, 1).Values, values.RowCount) : 0;
        }

        return sum;
    }

    private static void Join(ColumnBlock f, ColumnBlock b, ColumnBlock y)
    {
        for (int column = 0; column < y.ColumnCount; column++)
        {
            f.Column(column).CopyTo(y.Column(column));
            b.Column(column).CopyTo(y.Column(column)[f.Rows..]);
        }
    }

    /// <summary>The steps from last to first.</summary>
    private void Turn(DenseMatrix from, DenseMatrix to)
    {
        for (int first = 0; first < to.ColumnCount; first += block)
        {
            new ColumnBlock(from, to.ColumnCount - block - first, block).Values.CopyTo(new ColumnBlock(to, first, block).Values);
        }
    }

    private static DenseMatrix Like(RecurrentPass pass, bool needed) =>
        needed ? new(pass.Output.Values.RowCount, pass.Output.Values.ColumnCount) : new(1, 1);

    /// <summary>Where the backward layer has the step that starts at a column: it reads the other way.</summary>
    private int Turned(int firstColumn) => output.Values.ColumnCount - block - firstColumn;
}
