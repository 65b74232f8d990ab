using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// Sets a random share of its inputs to zero in training and scales the others up, so that the expected sum stays; passes the
/// input on as it is otherwise.
/// </summary>
/// <remarks>
/// In training <c>y = m ∘ x</c> with independent <c>m = 0</c> (probability rate) or <c>1 / (1 − rate)</c>; backward
/// <c>dx = m ∘ dy</c>. Input and output: (batch, …), of any rank from 2 on. A mask is passed on. Srivastava et al., "Dropout: a
/// simple way to prevent neural networks from overfitting", JMLR 15 (2014); Keras's keras.layers.Dropout.
/// </remarks>
public sealed class Dropout : NoiseLayer
{
    private readonly double rate;
    private readonly int?[]? noiseShape;

    /// <summary>Creates the layer.</summary>
    /// <param name="rate">The share of inputs to drop, from 0 to 1.</param>
    /// <param name="noiseShape">
    /// Shape of m with the batch axis first: null (or the input's length) where an axis is drawn entry by entry, 1 where all its
    /// entries share one draw; <c>[null, 1, null]</c> drops a feature in all time steps at once. The batch axis must be null: a
    /// batch may be cut over cores. Null (the default) draws every entry.
    /// </param>
    /// <param name="seed">Seed of the draws; null (the default) takes it from the model.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>dropout</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters, and drops in training all the same.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public Dropout(
        double rate,
        IReadOnlyList<int?>? noiseShape = null,
        int? seed = null,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : base(name, trainable, inputShape, seed)
    {
        OptionCheck check = new OptionCheck(Introduction).Require(
            rate is >= 0 and <= 1, FormattableString.Invariant($"rate must be at least 0 and at most 1, but is {rate}"), "rate");
        NoiseShape.Check(check, noiseShape).ThrowIfAny();
        this.rate = rate;
        this.noiseShape = noiseShape?.ToArray();
    }

    /// <inheritdoc/>
    public override string ClassName => "Dropout";

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

    internal static Dropout Read(ConfigReader config) =>
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
        pass.Drop(input, pass.Training ? rate : 0, Seed);
}
