using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Scales and shifts its input: <c>y = scale ∘ x + offset</c>; backward <c>dx = scale ∘ dy</c>.</summary>
/// <remarks>
/// Input and output: (batch, …), of any rank from 2 on. scale and offset are one number each, or one for each feature (the last
/// axis). A mask is passed on. Keras's keras.layers.Rescaling.
/// </remarks>
public sealed class Rescaling : UnaryLayer<BufferedPass>
{
    private readonly double[] scale;
    private readonly double[] offset;
    private readonly bool scaleIsList;
    private readonly bool offsetIsList;

    /// <summary>Creates the layer.</summary>
    /// <param name="scale">What values are multiplied with: <c>1 / 255.0</c>.</param>
    /// <param name="offset">What is added then. Default 0.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>rescaling</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public Rescaling(double scale, double offset = 0, string? name = null, bool trainable = true, Shape? inputShape = null)
        : this([scale], false, [offset], false, name, trainable, inputShape)
    {
    }

    /// <summary>Creates the layer with a number for each feature.</summary>
    /// <param name="scale">What each feature is multiplied with.</param>
    /// <param name="offset">What is added to each then; null adds nothing.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>rescaling</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">A list is empty, or a number is not finite.</exception>
    public Rescaling(
        IReadOnlyList<double> scale, IReadOnlyList<double>? offset = null, string? name = null, bool trainable = true,
            Shape? inputShape = null)
        : this(scale, true, offset ?? [0], offset is not null, name, trainable, inputShape)
    {
    }

    private Rescaling(
        IReadOnlyList<double> scale,
        bool scaleIsList,
        IReadOnlyList<double> offset,
        bool offsetIsList,
        string? name,
        bool trainable,
        Shape? inputShape)
        : base(name, trainable, inputShape)
    {
        ArgumentNullException.ThrowIfNull(scale);
        this.scale = [.. scale];
        this.offset = [.. offset];
        this.scaleIsList = scaleIsList;
        this.offsetIsList = offsetIsList;
        new OptionCheck(Introduction)
            .Require(this.scale.Length > 0 && this.offset.Length > 0, "scale and offset must have a number at least")
            .Require(this.scale.Concat(this.offset).All(double.IsFinite), "scale and offset must be finite numbers")
            .ThrowIfAny();
    }

    /// <inheritdoc/>
    public override string ClassName => "Rescaling";

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => null;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">There are numbers for each feature, and not as many as features.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        int numbers = Math.Max(scale.Length, offset.Length);
        bool fits = numbers == 1
            || (input.Rank > 0 && (input[^1] is not int features || (Fits(scale, features) && Fits(offset, features))));
        return fits ? input : throw new ShapeException(
            Introduction,
            FormattableString.Invariant($"input of {numbers} features, one for each number"),
            input,
            "Give scale and offset one number, or one for each feature.");
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("scale", scaleIsList ? scale : scale[0]);
        config.Add("offset", offsetIsList ? offset : offset[0]);
        return config;
    }

    internal static Rescaling Read(ConfigReader config)
    {
        (IReadOnlyList<double> scale, bool scaleIsList) = ReadNumbers(config, "scale", null);
        (IReadOnlyList<double> offset, bool offsetIsList) = ReadNumbers(config, "offset", 0);
        return new(scale, scaleIsList, offset, offsetIsList, config.Name(), config.Trainable(), null)
        { ActivityRegularizer = config.ActivityRegularizer() };
    }

    /// <inheritdoc/>
    protected override BufferedPass NewPass(PassOptions options) => new(this, options);

    /// <inheritdoc/>
    protected override SequenceBatch Forward(BufferedPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        int features = input.Values.RowCount;
        ReadOnlySpan<Real> x = input.Values.Values;
        Span<Real> y = pass.Output.Values.Values;
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = (Real)((Of(scale, i % features) * x[i]) + Of(offset, i % features));
        }

        pass.Output.Mask = input.Mask;
        return pass.Output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(BufferedPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        Span<Real> gradient = outputGradient.Values;
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] = (Real)(Of(scale, i % outputGradient.RowCount) * gradient[i]);
        }

        return pass.Options.InputGradient ? outputGradient : null;
    }

    private static bool Fits(double[] numbers, int features) => numbers.Length == 1 || numbers.Length == features;

    private static double Of(double[] numbers, int feature) => numbers[numbers.Length == 1 ? 0 : feature];

    private static (IReadOnlyList<double> Numbers, bool IsList) ReadNumbers(ConfigReader config, string key, double? fallback) =>
        config.Raw(key) is IEnumerable<object?> ? (config.OptionalDoubles(key)!, true) : ([config.Double(key, fallback)], false);
}
