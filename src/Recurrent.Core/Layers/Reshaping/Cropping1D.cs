using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Leaves out the first and the last steps of a sequence; backward their gradient is zero.</summary>
/// <remarks>
/// Input: (batch, timesteps, features). Output: (batch, timesteps − left − right, features). A mask ends here. Keras's
/// keras.layers.Cropping1D.
/// </remarks>
public sealed class Cropping1D : StepMovingLayer
{
    private readonly int left;
    private readonly int right;

    /// <summary>Creates the layer.</summary>
    /// <param name="cropping">How many steps are left out at each end; at least 0. Default 1.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>cropping1d</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">The number is negative.</exception>
    public Cropping1D(int cropping = 1, string? name = null, bool trainable = true, Shape? inputShape = null)
        : this((cropping, cropping), name, trainable, inputShape)
    {
    }

    /// <summary>Creates the layer.</summary>
    /// <param name="cropping">How many steps are left out at the beginning and at the end; at least 0.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>cropping1d</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">A number is negative.</exception>
    public Cropping1D((int Left, int Right) cropping, string? name = null, bool trainable = true, Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        (left, right) = cropping;
        new OptionCheck(Introduction)
            .Require(
                left >= 0 && right >= 0,
                FormattableString.Invariant($"cropping must be at least 0 at both ends, but is ({left}, {right})"),
                nameof(cropping))
            .ThrowIfAny();
    }

    /// <inheritdoc/>
    public override string ClassName => "Cropping1D";

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The input is no sequence of vectors, or no step would be left.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        RequireSequence(input);
        long? steps = input[0] - (long)left - right;
        return steps is null or > 0
            ? new((int?)steps, input[1])
            : throw new ShapeException(
                Introduction,
                FormattableString.Invariant(
                $"input of more than {(long)left + right} steps, since cropping is ({left}, {right})"),
                input,
                "Give it longer sequences, or a smaller cropping.");
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("cropping", (int[])[left, right]);
        return config;
    }

    internal static Cropping1D Read(ConfigReader config) =>
        new(ReadEnds(config, "cropping", 1), config.Name(), config.Trainable())
        {
            ActivityRegularizer = config.ActivityRegularizer()
        };

    /// <inheritdoc/>
    private protected override int[] Sources(Shape input, Shape output) => SourcesOf(output, step => step + left);
}
