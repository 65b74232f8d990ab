using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Turns a sample of any shape into one vector, its values in row-major order.</summary>
/// <remarks>
/// Input: (batch, …). Output: (batch, product of the axes). With the data format <c>channels_first</c> the first axis of a sample
/// is put behind the others before. A mask ends here. Keras's keras.layers.Flatten.
/// </remarks>
public sealed class Flatten : UnaryLayer<BufferedPass>
{
    private const string ChannelsLast = "channels_last";
    private const string ChannelsFirst = "channels_first";

    private readonly bool channelsAreFirst;

    /// <summary>Creates the layer.</summary>
    /// <param name="dataFormat">
    /// Where the features are: <c>channels_last</c> (null, the default, is the same) or <c>channels_first</c>.
    /// </param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>flatten</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">The data format is another one.</exception>
    public Flatten(string? dataFormat = null, string? name = null, bool trainable = true, Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        new OptionCheck(Introduction)
            .OneOf(nameof(dataFormat), dataFormat ?? ChannelsLast, ChannelsLast, ChannelsFirst)
            .ThrowIfAny();
        channelsAreFirst = dataFormat == ChannelsFirst;
    }

    /// <inheritdoc/>
    public override string ClassName => "Flatten";

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => new("it needs all steps of a sequence at once");

    /// <inheritdoc/>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Rank == 0 ? new(1) : input.IsKnown ? new(input.Size) : new((int?)null);
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("data_format", channelsAreFirst ? ChannelsFirst : ChannelsLast);
        return config;
    }

    internal static Flatten Read(ConfigReader config) =>
        new(config.OptionalString("data_format"), config.Name(), config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };

    /// <inheritdoc/>
    protected override BufferedPass NewPass(PassOptions options) => new(this, options);

    /// <inheritdoc/>
    protected override SequenceBatch Forward(BufferedPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        SequenceBatch output = pass.Output;
        if (ChannelsOf(pass) is int channels)
        {
            for (int sample = 0; sample < input.BatchSize; sample++)
            {
                Span<Real> vector = Part(output.Values, sample, 0, output.Values.RowCount);
                for (int place = 0; place < vector.Length; place++)
                {
                    int index = IndexOf(place, input.Values.RowCount, sample, input.BatchSize);
                    vector[Turned(place, channels, vector.Length)] = input.Values.Values[index];
                }
            }

            return output;
        }

        for (int step = 0; step < input.Steps; step++)
        {
            for (int sample = 0; sample < input.BatchSize; sample++)
            {
                input.Step(step).Column(sample).CopyTo(Part(output.Values, sample, step, input.Values.RowCount));
            }
        }

        return output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(BufferedPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (pass.InputGradient is not { } inputGradient)
        {
            return null;
        }

        if (ChannelsOf(pass) is int channels)
        {
            for (int sample = 0; sample < outputGradient.ColumnCount; sample++)
            {
                Span<Real> vector = Part(outputGradient, sample, 0, outputGradient.RowCount);
                for (int place = 0; place < vector.Length; place++)
                {
                    int index = IndexOf(place, inputGradient.RowCount, sample, outputGradient.ColumnCount);
                    inputGradient.Values[index] = vector[Turned(place, channels, vector.Length)];
                }
            }

            return inputGradient;
        }

        int features = inputGradient.RowCount;
        int batch = outputGradient.ColumnCount;
        for (int column = 0; column < inputGradient.ColumnCount; column++)
        {
            Part(outputGradient, column % batch, column / batch, features)
                .CopyTo(inputGradient.Values.AsSpan(column * features, features));
        }

        return inputGradient;
    }

    /// <summary>The length of the first axis, where it is to be put behind others.</summary>
    private int? ChannelsOf(BufferedPass pass) =>
        channelsAreFirst && pass.Options.InputShape is { Rank: > 1 } shape ? shape[0] : null;

    /// <summary>Where a value of a sample is in its vector when the first axis has been put behind the others.</summary>
    private static int Turned(int place, int channels, int size)
    {
        (int channel, int rest) = Math.DivRem(place, size / channels);
        return (rest * channels) + channel;
    }

    /// <summary>Where a value of a sample is in a batch.</summary>
    private static int IndexOf(int place, int features, int sample, int batchSize)
    {
        (int step, int feature) = Math.DivRem(place, features);
        return (((step * batchSize) + sample) * features) + feature;
    }

    /// <summary>Where the features of one step are in the vector of a sample.</summary>
    private static Span<Real> Part(DenseMatrix vectors, int sample, int step, int features) =>
        vectors.Values.AsSpan((sample * vectors.RowCount) + (step * features), features);
}
