using System.Globalization;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Multiplies two inputs as matrices, sample by sample: sums over an axis of each that both have in common.</summary>
/// <remarks>
/// <c>y[…, …] = Σ_k x_1[…, k, …]·x_2[…, k, …]</c>: the axes of the output are those of the first input without the summed one,
/// then those of the second without it; where none is left, one of length 1. Backward: each input's gradient is dy summed with
/// the other input. With <c>normalize</c> both are divided by their length along the axis first, so that vectors give the cosine
/// of their angle. The output has no mask. Keras's keras.layers.Dot.
/// </remarks>
public sealed class Dot : Merge
{
    private readonly int firstAxis;
    private readonly int secondAxis;
    private readonly bool oneAxis;

    /// <summary>Creates the layer.</summary>
    /// <param name="axes">
    /// The axis to sum over in both inputs; 0 is that of the batch and not allowed, negative ones count from the end.
    /// </param>
    /// <param name="normalize">Whether the inputs are divided by their length along the axis first. Default false.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>dot</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <exception cref="ArgumentException">The axis is that of the batch.</exception>
    public Dot(int axes, bool normalize = false, string? name = null, bool trainable = true)
        : this((axes, axes), normalize, name, trainable) => oneAxis = true;

    /// <summary>Creates the layer with another axis for each input.</summary>
    /// <param name="axes">The axis to sum over in the first and in the second input.</param>
    /// <param name="normalize">Whether the inputs are divided by their length along the axis first. Default false.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>dot</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <exception cref="ArgumentException">An axis is that of the batch.</exception>
    public Dot((int First, int Second) axes, bool normalize = false, string? name = null, bool trainable = true)
        : base(name, trainable)
    {
        new OptionCheck(Introduction)
            .Require(axes.First != 0 && axes.Second != 0,
                "axes must not be 0, which is that of the batch; 1 is the first axis of a sample, and -1 its last", "axes")
            .ThrowIfAny();
        (firstAxis, secondAxis) = axes;
        Normalize = normalize;
    }

    /// <inheritdoc/>
    public override string ClassName => "Dot";

    /// <summary>Whether the inputs are divided by their length along the axis first.</summary>
    public bool Normalize { get; }

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => new("it may sum over steps");

    private protected override int MostInputs => 2;

    /// <inheritdoc/>
    public override Pass CreatePass(PassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new DotPass(this, options, AxisOf(firstAxis, options.InputShapes[0]), AxisOf(secondAxis, options.InputShapes[1]));
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("axes", oneAxis ? firstAxis : new[] { firstAxis, secondAxis });
        config.Add("normalize", Normalize);
        return config;
    }

    internal static Dot Read(ConfigReader config)
    {
        // One axis for both, or a list of two.
        string? name = config.Name();
        bool trainable = config.Trainable();
        bool normalize = config.Bool("normalize", false);
        IReadOnlyList<int> axes = config.Ints("axes");
        return axes.Count switch
        {
            1 => new(axes[0], normalize, name, trainable) { ActivityRegularizer = config.ActivityRegularizer() },
            2 => new((axes[0], axes[1]), normalize, name, trainable) { ActivityRegularizer = config.ActivityRegularizer() },
            _ => throw new ConfigException(
            $"Dot needs the option 'axes': one axis, or one for each of its two inputs, but there are {axes.Count}."),
        };
    }

    internal override Padding? PaddingOf(ReadOnlySpan<SequenceBatch> inputs)
    {
        bool sumsSteps = (inputs[0].Padding is not null && AxisOf(firstAxis, inputs[0].SampleShape) == 0)
            || (inputs[1].Padding is not null && AxisOf(secondAxis, inputs[1].SampleShape) == 0);
        return sumsSteps
            ? throw new InvalidOperationException(
                $"{Introduction} would sum over padding with the steps of sequences of unequal length. Give it sequences of "
                + "equal length, one array for all.")
            : inputs[0].Padding ?? inputs[1].Padding;
    }

    private protected override Shape Merged(IReadOnlyList<Shape> inputs, IReadOnlyList<Layer?> givers)
    {
        int first = AxisOf(firstAxis, inputs[0]);
        int second = AxisOf(secondAxis, inputs[1]);
        if (first < 0 || first >= inputs[0].Rank || second < 0 || second >= inputs[1].Rank)
        {
            throw Mismatch(inputs, givers, 0, 1, string.Create(CultureInfo.InvariantCulture,
                $"It sums over axis {firstAxis} of the first and axis {secondAxis} of the second, and one of them is "
                + $"not there."));
        }

        if (inputs[0][first] is int one && inputs[1][second] is int other && one != other)
        {
            throw Mismatch(inputs, givers, 0, 1, string.Create(CultureInfo.InvariantCulture,
                $"Axis {firstAxis} of the first has length {one} and axis {secondAxis} of the second {other}; they are summed "
                + $"together and must be equally long."));
        }

        int?[] axes = [.. inputs[0].Axes.Where((_, axis) => axis != first), .. inputs[1].Axes.Where((_, axis) => axis != second)];
        return new(axes.Length == 0 ? [1] : axes);
    }

    private static int AxisOf(int axis, Shape shape) => axis > 0 ? axis - 1 : axis + shape.Rank;
}
