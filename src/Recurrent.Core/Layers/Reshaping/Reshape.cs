using System.Globalization;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Gives each sample another shape; its values stay in row-major order. Backward the other way round.</summary>
/// <remarks>
/// Input: (batch, …). Output: (batch, …) of the target shape. A mask ends here. Keras's keras.layers.Reshape.
/// </remarks>
public sealed class Reshape : MovingLayer
{
    private readonly int[] targetShape;

    /// <summary>Creates the layer.</summary>
    /// <param name="targetShape">Shape of a sample of the output; one axis may be −1, which is what remains for it.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>reshape</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">There is no axis, one is below 1 and not −1, or two are −1.</exception>
    public Reshape(IReadOnlyList<int> targetShape, string? name = null, bool trainable = true, Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        ArgumentNullException.ThrowIfNull(targetShape);
        this.targetShape = [.. targetShape];
        new OptionCheck(Introduction)
            .Require(
                this.targetShape.Length > 0 && this.targetShape.All(axis => axis is -1 or >= 1)
                    && this.targetShape.Count(axis => axis == -1) <= 1,
                $"targetShape must have axes of at least 1, one of which may be -1, but is {NDArray.Describe(this.targetShape)}",
                nameof(targetShape))
            .ThrowIfAny();
    }

    /// <inheritdoc/>
    public override string ClassName => "Reshape";

    /// <inheritdoc/>
    /// <exception cref="ShapeException">A sample has not as many values as the target shape.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        long known = 1;
        foreach (int axis in targetShape.Where(axis => axis > 0))
        {
            known *= axis;
            if (known > Array.MaxLength)
            {
                throw Wrong(input, known);
            }
        }

        if (!input.IsKnown)
        {
            return new([.. targetShape.Select(axis => axis == -1 ? (int?)null : axis)]);
        }

        int size = input.Rank == 0 ? 1 : input.Size;
        bool fits = targetShape.Contains(-1) ? size % known == 0 : size == known;
        return fits
            ? new([.. targetShape.Select(axis => (int?)(axis == -1 ? (int)(size / known) : axis))])
            : throw Wrong(input, known);
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("target_shape", targetShape);
        return config;
    }

    internal static Reshape Read(ConfigReader config) =>
        new(
            SampleAxes.Read(config, "target_shape") ?? throw config.Missing("target_shape"),
            config.Name(),
            config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };

    /// <inheritdoc/>
    private protected override int[] Sources(Shape input, Shape output) => [.. Enumerable.Range(0, output.Size)];

    private ShapeException Wrong(Shape input, long known)
    {
        string expected = targetShape.Contains(-1)
            ? FormattableString.Invariant(
            $"input whose number of values {known} divides, for the target shape {NDArray.Describe(targetShape)}")
            : FormattableString.Invariant($"input of {known} values, for the target shape {NDArray.Describe(targetShape)}");
        string size = input.IsKnown ? input.Size.ToString(CultureInfo.InvariantCulture) : "another number of";
        return new(Introduction, expected, input, $"A sample has {size} values: give targetShape as many, or one axis of -1.");
    }
}
