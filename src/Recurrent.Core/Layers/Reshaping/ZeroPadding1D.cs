using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Adds steps of zeros at the beginning and at the end of a sequence; backward their gradient is dropped.</summary>
/// <remarks>
/// Input: (batch, timesteps, features), or (batch, features, timesteps) with <c>dataFormat: "channels_first"</c>. Output: the
/// same with left + timesteps + right steps. A mask ends here. Keras's keras.layers.ZeroPadding1D.
/// </remarks>
public sealed class ZeroPadding1D : StepMovingLayer
{
    private const string ChannelsLast = "channels_last";
    private const string ChannelsFirst = "channels_first";

    private readonly int left;
    private readonly int right;
    private readonly string dataFormat;

    /// <summary>Creates the layer.</summary>
    /// <param name="padding">How many steps of zeros are added at each end; at least 0. Default 1.</param>
    /// <param name="dataFormat">
    /// Where the features are: <c>channels_last</c> (null, the default) or <c>channels_first</c>.
    /// </param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>zero_padding1d</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">The number is negative, or there is no such data format.</exception>
    public ZeroPadding1D(
        int padding = 1, string? dataFormat = null, string? name = null, bool trainable = true, Shape? inputShape = null)
        : this((padding, padding), dataFormat, name, trainable, inputShape)
    {
    }

    /// <summary>Creates the layer.</summary>
    /// <param name="padding">How many steps of zeros are added at the beginning and at the end; at least 0.</param>
    /// <param name="dataFormat">
    /// Where the features are: <c>channels_last</c> (null, the default) or <c>channels_first</c>.
    /// </param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>zero_padding1d</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">A number is negative, or there is no such data format.</exception>
    public ZeroPadding1D(
        (int Left, int Right) padding, string? dataFormat = null, string? name = null, bool trainable = true,
            Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        (left, right) = padding;
        this.dataFormat = dataFormat ?? ChannelsLast;
        new OptionCheck(Introduction)
            .Require(
                left >= 0 && right >= 0,
                FormattableString.Invariant($"padding must be at least 0 at both ends, but is ({left}, {right})"),
                nameof(padding))
            .OneOf("dataFormat", this.dataFormat, ChannelsLast, ChannelsFirst)
            .ThrowIfAny();
    }

    /// <inheritdoc/>
    public override string ClassName => "ZeroPadding1D";

    private int Axis => dataFormat == ChannelsLast ? 0 : 1;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">
    /// The input is no sequence of vectors, or the output would be longer than can be.
    /// </exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        RequireSequence(input);
        long? steps = input[Axis] + (long)left + right;
        if (steps > int.MaxValue)
        {
            throw new ShapeException(
                Introduction, FormattableString.Invariant($"input that has at most {int.MaxValue} steps when padded"), input,
                    "Use a smaller padding.");
        }

        return Axis == 0 ? new((int?)steps, input[1]) : new(input[0], (int?)steps);
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("padding", (int[])[left, right]);
        config.Add("data_format", dataFormat);
        return config;
    }

    internal static ZeroPadding1D Read(ConfigReader config)
    {
        (int left, int right) = ReadEnds(config, "padding", 1);
        config.Budget?.Take(FormattableString.Invariant($"{config.Owner}: padding = ({left}, {right})"),
            (long)left + right, "padding");
        return new((left, right), config.OptionalString("data_format"), config.Name(), config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };
    }

    /// <inheritdoc/>
    private protected override int[] Sources(Shape input, Shape output)
    {
        int steps = input[Axis]!.Value;
        if (Axis == 0)
        {
            return SourcesOf(output, step => step - left is int source and >= 0 && source < steps ? source : -1);
        }

        int padded = output.Features;
        return [.. Enumerable.Range(0, output.Size).Select(place =>
            (place % padded) - left is int source and >= 0 && source < steps ? (place / padded * steps) + source : -1)];
    }
}
