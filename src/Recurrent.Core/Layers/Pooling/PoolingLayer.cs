using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>What pooling layers share: windows of steps, each of which becomes one step.</summary>
public abstract class PoolingLayer : UnaryLayer<PoolingPass>
{
    private readonly string? dataFormat;

    private protected PoolingLayer(Pool pool, string? dataFormat, string? name, bool trainable, Shape? inputShape)
        : base(name, trainable, inputShape)
    {
        Pool = pool;
        this.dataFormat = dataFormat;
    }

    /// <summary>
    /// "channels_last" or "channels_first": whether a sample is (timesteps, features) or (channels, timesteps).
    /// </summary>
    public string DataFormat => dataFormat ?? ConvolutionOptions.ChannelsLast;

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => new("it needs several steps of a sequence at once");

    /// <summary>What is made of the steps of a window.</summary>
    private protected Pool Pool { get; }

    /// <summary>Whether a sample is (channels, timesteps).</summary>
    private protected bool StepsAreLast => DataFormat != ConvolutionOptions.ChannelsLast;

    /// <summary>Notes what is wrong with the data format.</summary>
    private protected OptionCheck CheckFormat(OptionCheck check) =>
        check.OneOf("dataFormat", DataFormat, ConvolutionOptions.ChannelsLast, ConvolutionOptions.ChannelsFirst);

    /// <summary>The first step that a window sees, and the one behind the last.</summary>
    /// <param name="output">Which window.</param>
    /// <param name="steps">Number of steps of the input.</param>
    private protected abstract (int First, int End) WindowOf(int output, int steps);

    /// <summary>Which columns count; null where all do.</summary>
    private protected virtual bool[]? Counted(PoolingPass pass, SequenceBatch input) => null;

    /// <inheritdoc/>
    protected override PoolingPass NewPass(PassOptions options) => new(this, options, StepsAreLast);

    /// <inheritdoc/>
    protected override SequenceBatch Forward(PoolingPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        pass.Take(input);
        pass.Counted = Counted(pass, input);
        ColumnBlock sums = pass.StepSums;
        int batch = input.BatchSize;
        int steps = pass.Input.ColumnCount / batch;
        for (int column = 0; column < sums.ColumnCount; column++)
        {
            int output = Math.DivRem(column, batch, out int sample);
            (int first, int end) = WindowOf(output, steps);
            Pool.Forward(new(pass.Input, pass.Counted, batch, sample, first, end), sums.Column(column));
        }

        pass.GiveSums();
        return pass.Output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(PoolingPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (pass.StepInputGradient is not { } inputGradient)
        {
            return null;
        }

        ColumnBlock gradient = pass.TakeGradient(outputGradient);
        inputGradient.Clear();
        int batch = pass.Options.BatchSize;
        int steps = pass.Input.ColumnCount / batch;
        for (int column = 0; column < gradient.ColumnCount; column++)
        {
            int output = Math.DivRem(column, batch, out int sample);
            (int first, int end) = WindowOf(output, steps);
            Pool.Backward(new(pass.Input, pass.Counted, batch, sample, first, end), gradient.Column(column), inputGradient);
        }

        return pass.GiveInputGradient();
    }
}
