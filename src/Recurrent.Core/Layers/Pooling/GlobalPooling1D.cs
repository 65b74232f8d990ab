using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>What pooling over all steps shares.</summary>
public abstract class GlobalPooling1D : PoolingLayer
{
    private protected GlobalPooling1D(
        Pool pool, string? dataFormat, bool keepdims, string? name, bool trainable, Shape? inputShape)
        : base(pool, dataFormat, name, trainable, inputShape)
    {
        CheckFormat(new OptionCheck(Introduction)).ThrowIfAny();
        Keepdims = keepdims;
    }

    /// <summary>Whether the output is a sequence of one step, and not a vector.</summary>
    public bool Keepdims { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The sample is not a sequence of vectors.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        (_, int channels) = StepLayout.Of(this, input, StepsAreLast);
        return Keepdims ? StepLayout.Sample(1, channels, StepsAreLast) : new(channels);
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("data_format", DataFormat);
        config.Add("keepdims", Keepdims);
        return config;
    }

    private protected override (int First, int End) WindowOf(int output, int steps) => (0, steps);
}
