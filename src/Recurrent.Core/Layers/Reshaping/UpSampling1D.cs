using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// Repeats each step of a sequence: <c>y_t = x_⌊t/size⌋</c>; backward a step gets the sum of its repetitions' gradients.
/// </summary>
/// <remarks>
/// Input: (batch, timesteps, features). Output: (batch, size · timesteps, features). A mask ends here. Keras's
/// keras.layers.UpSampling1D.
/// </remarks>
public sealed class UpSampling1D : StepMovingLayer
{
    private readonly int size;

    /// <summary>Creates the layer.</summary>
    /// <param name="size">How often each step is repeated; at least 1. Default 2.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>up_sampling1d</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">The number is below 1.</exception>
    public UpSampling1D(int size = 2, string? name = null, bool trainable = true, Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        new OptionCheck(Introduction).Positive(nameof(size), size).ThrowIfAny();
        this.size = size;
    }

    /// <inheritdoc/>
    public override string ClassName => "UpSampling1D";

    /// <inheritdoc/>
    /// <exception cref="ShapeException">
    /// The input is no sequence of vectors, or the output would be longer than can be.
    /// </exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        RequireSequence(input);
        long? steps = input[0] * (long)size;
        return steps is null or <= int.MaxValue
            ? new((int?)steps, input[1])
            : throw new ShapeException(
                Introduction,
                FormattableString.Invariant($"input that has at most {int.MaxValue} steps when each is repeated {size} times"),
                input,
                "Use a smaller size.");
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("size", size);
        return config;
    }

    internal static UpSampling1D Read(ConfigReader config) =>
        new(config.Size("size", 2), config.Name(), config.Trainable()) { ActivityRegularizer = config.ActivityRegularizer() };

    /// <inheritdoc/>
    private protected override int[] Sources(Shape input, Shape output) => SourcesOf(output, step => step / size);
}
