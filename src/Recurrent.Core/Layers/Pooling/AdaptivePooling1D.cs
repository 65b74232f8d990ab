using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// What pooling to a given number of steps shares: part i of n sees the steps from <c>⌊i·timesteps/n⌋</c> to below <c>⌈(i +
/// 1)·timesteps/n⌉</c>.
/// </summary>
/// <remarks>A mask ends here, as in Keras.</remarks>
public abstract class AdaptivePooling1D : PoolingLayer
{
    private protected AdaptivePooling1D(
        Pool pool, int outputSize, string? dataFormat, string? name, bool trainable, Shape? inputShape)
        : base(pool, dataFormat, name, trainable, inputShape)
    {
        CheckFormat(new OptionCheck(Introduction).Positive(nameof(outputSize), outputSize)).ThrowIfAny();
        OutputSize = outputSize;
    }

    /// <summary>n, the number of steps of the output.</summary>
    public int OutputSize { get; }

    internal override string? RaggedObstacle =>
        "cuts sequences into parts that reach into padding. Give it sequences of equal length, or use a global pooling layer";

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The sample is not a sequence of vectors.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        (_, int channels) = StepLayout.Of(this, input, StepsAreLast);
        return StepLayout.Sample(OutputSize, channels, StepsAreLast);
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("output_size", new[] { OutputSize });
        config.Add("data_format", DataFormat);
        return config;
    }

    private protected override (int First, int End) WindowOf(int output, int steps) => (
        (int)((long)output * steps / OutputSize),
        (int)((((output + 1L) * steps) + OutputSize - 1) / OutputSize));
}
