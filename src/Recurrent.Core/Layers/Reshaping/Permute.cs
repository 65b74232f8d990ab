using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Exchanges the axes of a sample, so that steps become features for instance. Backward the other way round.</summary>
/// <remarks>Input and output: (batch, …) of the same rank. A mask ends here. Keras's keras.layers.Permute.</remarks>
public sealed class Permute : MovingLayer
{
    private readonly int[] dims;

    /// <summary>Creates the layer.</summary>
    /// <param name="dims">
    /// Which axis of the input each axis of the output is, counted from 1: <c>[2, 1]</c> exchanges two.
    /// </param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>permute</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">The axes are not 1, 2, …, each of them once.</exception>
    public Permute(IReadOnlyList<int> dims, string? name = null, bool trainable = true, Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        ArgumentNullException.ThrowIfNull(dims);
        this.dims = [.. dims];
        new OptionCheck(Introduction)
            .Require(
                this.dims.Length > 0 && this.dims.Order().SequenceEqual(Enumerable.Range(1, this.dims.Length)),
                $"dims must hold each of the axes 1, 2, … once, but is {NDArray.Describe(this.dims)}",
                nameof(dims))
            .ThrowIfAny();
    }

    /// <inheritdoc/>
    public override string ClassName => "Permute";

    /// <inheritdoc/>
    /// <exception cref="ShapeException">A sample has not as many axes as <c>dims</c>.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Rank == dims.Length
            ? new([.. dims.Select(axis => input[axis - 1])])
            : throw new ShapeException(
                Introduction,
                FormattableString.Invariant($"input of rank {dims.Length + 1}, since dims is {NDArray.Describe(dims)}"),
                input,
                FormattableString.Invariant(
                $"Give dims the axes 1 to {input.Rank}, each of them once; that of the batch stays."));
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("dims", dims);
        return config;
    }

    internal static Permute Read(ConfigReader config) =>
        new(
            SampleAxes.Read(config, "dims") ?? throw config.Missing("dims"),
            config.Name(),
            config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };

    /// <inheritdoc/>
    private protected override int[] Sources(Shape input, Shape output)
    {
        int[] strides = new int[input.Rank];
        int stride = 1;
        for (int axis = input.Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= input[axis]!.Value;
        }

        var sources = new int[output.Size];
        for (int place = 0; place < sources.Length; place++)
        {
            int rest = place;
            for (int axis = output.Rank - 1; axis >= 0; axis--)
            {
                sources[place] += rest % output[axis]!.Value * strides[dims[axis] - 1];
                rest /= output[axis]!.Value;
            }
        }

        return sources;
    }
}
