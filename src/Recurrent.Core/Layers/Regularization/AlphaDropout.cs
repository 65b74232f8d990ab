using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// Dropout for layers with the activation selu: sets a random share of its inputs to the least value of selu in training, then
/// shifts and scales all of them, so that mean 0 and variance 1 stay; passes the input on as it is otherwise.
/// </summary>
/// <remarks>
/// In training, with independent <c>k = 0</c> (probability rate) or 1 and <c>α' = −1.7581</c>, selu's limit at −∞:
/// <c>y = a·(k∘x + (1 − k)·α') + b</c>, <c>a = ((1 − rate)·(1 + rate·α'²))^(−½)</c>, <c>b = −a·rate·α'</c>; backward <c>dx =
/// a·k∘dy</c>. Input and output: (batch, …), of any rank from 2 on. A mask is passed on. Klambauer, Unterthiner, Mayr and
/// Hochreiter, "Self-normalizing neural networks", NeurIPS 2017; Keras's keras.layers.AlphaDropout.
/// </remarks>
public sealed class AlphaDropout : NoiseLayer
{
    private readonly double rate;
    private readonly int?[]? noiseShape;

    /// <summary>Creates the layer.</summary>
    /// <param name="rate">The share of inputs that are replaced; at least 0 and below 1.</param>
    /// <param name="noiseShape">
    /// Shape of k with the batch axis first: null (or the input's length) where an axis is drawn entry by entry, 1 where all its
    /// entries share one draw. The batch axis must be null. Null (the default) draws every entry.
    /// </param>
    /// <param name="seed">Seed of the draws; null (the default) takes it from the model.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>alpha_dropout</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters, and drops in training all the same.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public AlphaDropout(
        double rate,
        IReadOnlyList<int?>? noiseShape = null,
        int? seed = null,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : base(name, trainable, inputShape, seed)
    {
        NoiseShape.Check(new OptionCheck(Introduction).Rate(nameof(rate), rate), noiseShape).ThrowIfAny();
        this.rate = rate;
        this.noiseShape = noiseShape?.ToArray();
    }

    /// <inheritdoc/>
    public override string ClassName => "AlphaDropout";

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The option <c>noiseShape</c> does not fit the shape.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return NoiseShape.RequireFit(this, noiseShape, input);
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("rate", rate);
        config.Add("seed", SeedOption);
        config.Add("noise_shape", noiseShape);
        return config;
    }

    internal static AlphaDropout Read(ConfigReader config) =>
        new(
            config.Double("rate"),
            config.OptionalInts("noise_shape"),
            config.OptionalInt("seed"),
            config.Name(),
            config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };

    /// <inheritdoc/>
    protected override DropoutPass NewPass(PassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(this, options, NoiseShape.Of(noiseShape, options.InputShape));
    }

    private protected override SequenceBatch Draw(DropoutPass pass, SequenceBatch input) =>
        pass.DropToLeast(input, pass.Training ? rate : 0, Seed);
}
