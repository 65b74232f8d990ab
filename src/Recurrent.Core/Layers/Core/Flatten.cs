using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Turns a sample of any shape into one vector, its values in row-major order.</summary>
/// <remarks>
/// Input: (batch, …). Output: (batch, product of the axes). A mask ends here. Keras's keras.layers.Flatten, of which the data
/// format <c>channels_first</c> is not supported.
/// </remarks>
public sealed class Flatten : UnaryLayer<BufferedPass>
{
    private const string ChannelsLast = "channels_last";

    /// <summary>Creates the layer.</summary>
    /// <param name="dataFormat">Where the features are: <c>channels_last</c>; null (the default) is the same.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>flatten</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">The data format is another one.</exception>
    public Flatten(string? dataFormat = null, string? name = null, bool trainable = true, Shape? inputShape = null)
        : base(name, trainable, inputShape) =>
        new OptionCheck(Introduction)
            .Require(dataFormat is null or ChannelsLast, $"dataFormat must be '{ChannelsLast}', but is '{dataFormat}'",
                "dataFormat")
            .ThrowIfAny();

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
        config.Add("data_format", ChannelsLast);
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

        int features = inputGradient.RowCount;
        int batch = outputGradient.ColumnCount;
        for (int column = 0; column < inputGradient.ColumnCount; column++)
        {
            Part(outputGradient, column % batch, column / batch, features)
                .CopyTo(inputGradient.Values.AsSpan(column * features, features));
        }

        return inputGradient;
    }

    /// <summary>Where the features of one step are in the vector of a sample.</summary>
    private static Span<Real> Part(DenseMatrix vectors, int sample, int step, int features) =>
        vectors.Values.AsSpan((sample * vectors.RowCount) + (step * features), features);
}
