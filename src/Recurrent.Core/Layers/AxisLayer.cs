using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// A layer that works on the values along one axis, or along several together, for each place on the other axes by itself:
/// <see cref="Softmax"/>, <see cref="LayerNormalization"/>, <see cref="RMSNormalization"/>, <see cref="UnitNormalization"/>.
/// </summary>
public abstract class AxisLayer : UnaryLayer<AxisPass>
{
    private protected AxisLayer(IReadOnlyList<int> axis, string? name, bool trainable, Shape? inputShape)
        : base(name, trainable, inputShape)
    {
        ArgumentNullException.ThrowIfNull(axis);
        Axis = [.. axis];
    }

    /// <summary>The axes; 1 is the first of a sample, negative ones count from the end.</summary>
    private protected int[] Axis { get; }

    /// <summary>Why the layer needs the whole sequence where an axis is that of the steps.</summary>
    private protected virtual string ReasonOverSteps => "it normalizes over the steps of a sequence";

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle =>
        RunsOverSteps ? new(ReasonOverSteps, "Choose another axis, or give it whole sequences") : null;

    /// <summary>Whether an axis is that of the steps of a sequence.</summary>
    private protected bool RunsOverSteps => InputShape is { Rank: > 1 } input && Places(input).Contains(0);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">There is no such axis, or two name the same.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _ = Places(input);
        return input;
    }

    private protected override bool CanShare(Shape built, Shape other) =>
        Parameters.Count == 0 || WeightLengths(built).SequenceEqual(WeightLengths(other));

    /// <inheritdoc/>
    protected override AxisPass NewPass(PassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(this, options, AxisGather.Along(options.InputShape, options.BatchSize, Places(options.InputShape)));
    }

    /// <summary>Notes what is wrong with the axes, whatever the input.</summary>
    private protected OptionCheck CheckAxis() => SampleAxes.Check(new OptionCheck(Introduction), "axis", Axis)
        .Require(Axis.Length > 0, "axis must name at least one axis", "axis");

    /// <summary>The places of the axes in the shape of a sample.</summary>
    private protected int[] Places(Shape input) => SampleAxes.Places(this, "axis", Axis, input);

    /// <summary>The shape of weights with an entry for each place along the axes.</summary>
    private protected int[] WeightShape(Shape input) => [.. WeightLengths(input).Select(length => length!.Value)];

    private IEnumerable<int?> WeightLengths(Shape input) => Places(input).Order().Select(place => input[place]);
}
