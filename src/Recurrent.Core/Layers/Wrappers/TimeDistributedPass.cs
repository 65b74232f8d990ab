using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="TimeDistributed"/> remembers: the wrapped layer's pass over steps · batch
/// samples.</summary>
public sealed class TimeDistributedPass : WrapperPass
{
    private readonly StepFold inputFold;
    private readonly StepFold outputFold;
    private readonly Shape stepShape;
    private readonly Shape outputShape;
    private readonly DenseMatrix? foldedInput;
    private readonly bool[] foldedMask;
    private readonly DenseMatrix? unfoldedOutput;
    private readonly DenseMatrix? foldedGradient;
    private readonly DenseMatrix? unfoldedGradient;
    private readonly bool keepsMask;
    private SequenceBatch? innerInput;
    private SequenceBatch? output;

    internal TimeDistributedPass(TimeDistributed layer, PassOptions options)
        : base(layer, options)
    {
        int steps = options.InputShape[0]!.Value;
        int batch = options.BatchSize;
        stepShape = TimeDistributed.StepShape(options.InputShape);
        Shape innerOutput = layer.Layer.ComputeOutputShape(stepShape);
        outputShape = new([steps, .. innerOutput.Axes]);
        keepsMask = stepShape.Axes.SkipLast(1).SequenceEqual(innerOutput.Axes.SkipLast(1));
        inputFold = new StepFold(steps, stepShape.Steps, batch);
        outputFold = new StepFold(steps, innerOutput.Steps, batch);
        foldedInput = Buffer(inputFold, stepShape, needed: true);
        foldedMask = new bool[inputFold.Columns];
        unfoldedOutput = Buffer(outputFold, outputShape, needed: true);
        foldedGradient = Buffer(outputFold, outputShape, options.Differentiable);
        unfoldedGradient = Buffer(inputFold, stepShape, options.InputGradient);
        // To the wrapped layer every step is a sample of its own: it carries nothing from one to the next.
        Wrap(layer.Layer.CreatePass(Options with { InputShape = stepShape, BatchSize = steps * batch, Continuing = false }));
    }

    /// <summary>The input with its steps as samples of their own.</summary>
    /// <param name="input">The input.</param>
    internal SequenceBatch Fold(SequenceBatch input)
    {
        DenseMatrix values = foldedInput ?? input.Values;
        if (foldedInput is not null)
        {
            inputFold.Fold<Real>(input.Values.Values, foldedInput.Values, foldedInput.RowCount);
        }

        if (innerInput?.Values != values)
        {
            innerInput = new SequenceBatch(stepShape, Inner.Options.BatchSize, values);
        }

        if (input.Mask is not null)
        {
            inputFold.Fold<bool>(input.Mask, foldedMask, rows: 1);
        }

        innerInput.Mask = input.Mask is null ? null : foldedMask;
        return innerInput;
    }

    /// <summary>The output of the wrapped layer as samples of several steps.</summary>
    /// <param name="innerOutput">The output of the wrapped layer.</param>
    /// <param name="mask">The mask of the input; passed on where the wrapped layer leaves its axes as they are.</param>
    internal SequenceBatch Unfold(SequenceBatch innerOutput, bool[]? mask)
    {
        DenseMatrix values = unfoldedOutput ?? innerOutput.Values;
        if (unfoldedOutput is not null)
        {
            outputFold.Unfold<Real>(innerOutput.Values.Values, unfoldedOutput.Values, unfoldedOutput.RowCount);
        }

        if (output?.Values != values)
        {
            output = new SequenceBatch(outputShape, Options.BatchSize, values);
        }

        output.Mask = keepsMask ? mask : null;
        return output;
    }

    /// <summary>The gradient of the output, laid out for the wrapped layer.</summary>
    /// <param name="gradient">Gradient with respect to the output.</param>
    internal DenseMatrix FoldGradient(DenseMatrix gradient)
    {
        if (foldedGradient is null)
        {
            return gradient;
        }

        outputFold.Fold<Real>(gradient.Values, foldedGradient.Values, foldedGradient.RowCount);
        return foldedGradient;
    }

    /// <summary>The gradient of the input from that of the wrapped layer.</summary>
    /// <param name="innerGradient">Gradient with respect to the wrapped layer's input, or null.</param>
    internal DenseMatrix? UnfoldGradient(DenseMatrix? innerGradient)
    {
        if (innerGradient is null || unfoldedGradient is null)
        {
            return innerGradient;
        }

        inputFold.Unfold<Real>(innerGradient.Values, unfoldedGradient.Values, unfoldedGradient.RowCount);
        return unfoldedGradient;
    }

    private static DenseMatrix? Buffer(StepFold fold, Shape shape, bool needed) =>
        needed && !fold.IsIdentity ? new DenseMatrix(shape.Features, fold.Columns) : null;
}
