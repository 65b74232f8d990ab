using System.Globalization;
using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Repeats a vector as the steps of a sequence: <c>y_t = x</c>; backward <c>dx = Σ_t dy_t</c>.</summary>
/// <remarks>Input: (batch, features). Output: (batch, n, features). A mask ends here. Keras's
/// keras.layers.RepeatVector.</remarks>
public sealed class RepeatVector : UnaryLayer<BufferedPass>
{
    private readonly int repetitions;

    /// <summary>Creates the layer.</summary>
    /// <param name="n">Number of steps, at least 1.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>repeat_vector</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">The number of steps is below 1.</exception>
    public RepeatVector(int n, string? name = null, bool trainable = true, Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        new OptionCheck(Introduction).Positive(nameof(n), n).ThrowIfAny();
        repetitions = n;
    }

    /// <inheritdoc/>
    public override string ClassName => "RepeatVector";

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle =>
        new("it makes a sequence of what the layers before it give at the last step");

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The sample is not a vector.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Rank == 1
            ? new(repetitions, input[0])
            : throw new ShapeException(
                Introduction,
                "input of rank 2 (batch, features)",
                input,
                "Set returnSequences: false on the recurrent layer before it, or add a Flatten layer in between.");
    }

    internal override long ValuesPerSample(Shape input, bool differentiable)
    {
        long values = (long)repetitions * input.Features;
        return values <= MostOfOneSample
            ? base.ValuesPerSample(input, differentiable)
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{Introduction} makes {repetitions} steps of {input.Features} features of each sample, {values} numbers, and "
                + $"at most {MostOfOneSample} are made of one. Use a smaller n."));
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("n", repetitions);
        return config;
    }

    internal static RepeatVector Read(ConfigReader config) =>
        new(config.Size("n"), config.Name(), config.Trainable()) { ActivityRegularizer = config.ActivityRegularizer() };

    /// <inheritdoc/>
    protected override BufferedPass NewPass(PassOptions options) => new(this, options);

    /// <inheritdoc/>
    protected override SequenceBatch Forward(BufferedPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        for (int t = 0; t < repetitions; t++)
        {
            input.Values.Values.CopyTo(pass.Output.Step(t).Values);
        }

        return pass.Output;
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

        inputGradient.Clear();
        int batch = inputGradient.ColumnCount;
        for (int t = 0; t < repetitions; t++)
        {
            VectorMath.Add(new ColumnBlock(outputGradient, t * batch, batch).Values, inputGradient.Values);
        }

        return inputGradient;
    }
}
