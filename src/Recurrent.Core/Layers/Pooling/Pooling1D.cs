using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>What pooling by a window that moves along the steps shares: the window.</summary>
/// <remarks>
/// Padding "valid" keeps the window inside the sequence, whose output has <c>⌊(timesteps − poolSize)/strides⌋ + 1</c> steps;
/// "same" lets it reach beyond both ends, where there is nothing, and gives <c>⌈timesteps/strides⌉</c>. A mask ends here, as in
/// Keras.
/// </remarks>
public abstract class Pooling1D : PoolingLayer
{
    private readonly ConvolutionOptions window;

    private protected Pooling1D(
        Pool pool,
        int poolSize,
        int? strides,
        string padding,
        string? dataFormat,
        string? name,
        bool trainable,
        Shape? inputShape)
        : base(pool, dataFormat, name, trainable, inputShape)
    {
        CheckFormat(new OptionCheck(Introduction)
            .Positive(nameof(poolSize), poolSize)
            .Positive(nameof(strides), strides ?? 1)
            .OneOf(nameof(padding), padding, "valid", "same")).ThrowIfAny();
        window = new(poolSize, strides ?? poolSize, padding, dataFormat, 1);
    }

    /// <summary>Number of steps that the window sees.</summary>
    public int PoolSize => window.KernelSize;

    /// <summary>How far the window moves from step to step.</summary>
    public int Strides => window.Strides;

    /// <summary>"valid" or "same": whether the window may reach beyond the ends.</summary>
    public string Padding => window.Padding;

    internal override string? RaggedObstacle =>
        "pools windows that would reach into padding. Give it sequences of equal length, or use a global pooling layer";

    /// <inheritdoc/>
    /// <exception cref="ShapeException">
    /// The sample is not a sequence of vectors, or it has fewer steps than the window sees.
    /// </exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        (int? steps, int channels) = StepLayout.Of(this, input, StepsAreLast);
        if (Padding == "valid" && steps < PoolSize)
        {
            throw new ShapeException(
                Introduction,
                FormattableString.Invariant($"at least the {PoolSize} time steps that its window sees"),
                input,
                "Give longer sequences, choose a smaller poolSize, or set padding: \"same\".");
        }

        int? outputs = steps is int known ? StepWindow.OutputsOf(Padding, PoolSize, Strides, known) : null;
        return StepLayout.Sample(outputs, channels, StepsAreLast);
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("pool_size", new[] { PoolSize });
        config.Add("padding", Padding);
        config.Add("strides", new[] { Strides });
        config.Add("data_format", DataFormat);
        return config;
    }

    private protected override (int First, int End) WindowOf(int output, int steps)
    {
        long first = ((long)output * Strides) - window.Window(steps).Before;
        return ((int)Math.Max(0, first), (int)Math.Min(steps, first + PoolSize));
    }

    /// <summary>What the config of such a layer holds.</summary>
    private protected static (int PoolSize, int? Strides, string Padding, string? DataFormat) ReadWindow(ConfigReader config) => (
        ConvolutionOptions.Size(config, "pool_size", 2),
        ConvolutionOptions.OptionalSize(config, "strides"),
        config.OptionalString("padding") ?? "valid",
        config.OptionalString("data_format"));
}
