using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// Sets a random share of the features of each sequence to zero in training, at all its steps at once, and scales the others up;
/// passes the input on as it is otherwise. Neighbouring steps that resemble one another do not give away what was dropped.
/// </summary>
/// <remarks>
/// In training <c>y_t = m ∘ x_t</c> with one m for each sample: independent entries 0 (probability rate) or <c>1 / (1 −
/// rate)</c>; backward <c>dx_t = m ∘ dy_t</c>. Input and output: (batch, timesteps, features). A mask is passed on. Tompson et
/// al., "Efficient object localization using convolutional networks", CVPR 2015; Keras's keras.layers.SpatialDropout1D.
/// </remarks>
public sealed class SpatialDropout1D : NoiseLayer
{
    private readonly double rate;

    /// <summary>Creates the layer.</summary>
    /// <param name="rate">The share of features to drop, from 0 to 1.</param>
    /// <param name="seed">Seed of the draws; null (the default) takes it from the model.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>spatial_dropout1d</c>.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">The rate is out of range.</exception>
    public SpatialDropout1D(double rate, int? seed = null, string? name = null, Shape? inputShape = null)
        : base(name, trainable: true, inputShape, seed)
    {
        new OptionCheck(Introduction)
            .Require(rate is >= 0 and <= 1, FormattableString.Invariant($"rate must be at least 0 and at most 1, but is {rate}"),
                "rate")
            .ThrowIfAny();
        this.rate = rate;
    }

    /// <inheritdoc/>
    public override string ClassName => "SpatialDropout1D";

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The sample is not a sequence of vectors.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Rank == 2
            ? input
            : throw new ShapeException(
                Introduction,
                "input of rank 3 (batch, timesteps, features)",
                input,
                input.Rank == 1
                    ? "Use Dropout for vectors, or set returnSequences: true on the recurrent layer before it."
                    : "Use Dropout with a noiseShape for samples of more axes.");
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        // Keras writes these alone, and not whether the layer is trainable.
        var config = new Config { { "rate", rate }, { "seed", SeedOption }, { "name", Name } };
        if (ActivityRegularizer is not null)
        {
            config.Add("activity_regularizer", ActivityRegularizer);
        }

        return config;
    }

    internal static SpatialDropout1D Read(ConfigReader config)
    {
        // Without parameters it makes no difference.
        config.Trainable();
        return new(config.Double("rate"), config.OptionalInt("seed"), config.Name())
        { ActivityRegularizer = config.ActivityRegularizer() };
    }

    /// <inheritdoc/>
    protected override DropoutPass NewPass(PassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(this, options, new(1, options.InputShape.Features));
    }

    private protected override SequenceBatch Draw(DropoutPass pass, SequenceBatch input) =>
        pass.Drop(input, pass.Training ? rate : 0, Seed);
}
