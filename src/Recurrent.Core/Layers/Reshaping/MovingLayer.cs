using Recurrent.Numerics;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// A layer that moves values and computes nothing: each value of the output is one of the input, or zero. Backward, each value of
/// the input gets the gradients of all places that it went to. No parameters; a mask ends here.
/// </summary>
public abstract class MovingLayer : UnaryLayer<MovingPass>
{
    private protected MovingLayer(string? name, bool trainable, Shape? inputShape)
        : base(name, trainable, inputShape)
    {
    }

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => new("it moves values from step to step");

    internal override string? RaggedObstacle =>
        "moves values from step to step, and padding with them. Pad the sequences yourself, and give one array of equal length";

    /// <summary>
    /// For each value of a sample of the output, in row-major order, which value of the input it is; −1 where it is zero.
    /// </summary>
    /// <param name="input">Shape of a sample of the input; every axis known.</param>
    /// <param name="output">Shape of a sample of the output.</param>
    private protected abstract int[] Sources(Shape input, Shape output);

    /// <inheritdoc/>
    protected override MovingPass NewPass(PassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Shape output = ComputeOutputShape(options.InputShape);
        return new(this, options, output, Sources(options.InputShape, output));
    }

    /// <inheritdoc/>
    protected override SequenceBatch Forward(MovingPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        int batch = input.BatchSize;
        int features = pass.Output.Values.RowCount;
        Real[] x = input.Values.Values;
        Real[] y = pass.Output.Values.Values;
        if (pass.StepSources is { } steps)
        {
            for (int step = 0; step < steps.Length; step++)
            {
                Span<Real> target = pass.Output.Step(step).Values;
                if (steps[step] < 0)
                {
                    target.Clear();
                }
                else
                {
                    input.Step(steps[step]).Values.CopyTo(target);
                }
            }

            return pass.Output;
        }

        int inputFeatures = input.Values.RowCount;
        for (int place = 0; place < pass.Sources!.Length; place++)
        {
            int source = pass.Sources[place];
            for (int sample = 0; sample < batch; sample++)
            {
                y[IndexOf(place, features, sample, batch)] = source < 0 ? 0 : x[IndexOf(source, inputFeatures, sample, batch)];
            }
        }

        return pass.Output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(MovingPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (pass.InputGradient is not { } inputGradient)
        {
            return null;
        }

        int batch = pass.Options.BatchSize;
        inputGradient.Clear();
        if (pass.StepSources is { } steps)
        {
            for (int step = 0; step < steps.Length; step++)
            {
                if (steps[step] >= 0)
                {
                    VectorMath.Add(
                        new ColumnBlock(outputGradient, step * batch, batch).Values,
                        new ColumnBlock(inputGradient, steps[step] * batch, batch).Values);
                }
            }

            return inputGradient;
        }

        Real[] dx = inputGradient.Values;
        Real[] dy = outputGradient.Values;
        for (int place = 0; place < pass.Sources!.Length; place++)
        {
            int source = pass.Sources[place];
            for (int sample = 0; sample < batch && source >= 0; sample++)
            {
                dx[IndexOf(source, inputGradient.RowCount, sample, batch)] +=
                    dy[IndexOf(place, outputGradient.RowCount, sample, batch)];
            }
        }

        return inputGradient;
    }

    /// <summary>Where in a batch's matrix the value at a place of a sample is.</summary>
    private static int IndexOf(int place, int features, int sample, int batch) =>
        (((place / features * batch) + sample) * features) + (place % features);
}
