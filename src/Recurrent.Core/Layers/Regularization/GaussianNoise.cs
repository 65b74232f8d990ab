using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Adds normal noise to its input in training; passes the input on as it is otherwise.</summary>
/// <remarks>
/// In training <c>y = x + σ·ε</c> with independent ε of mean 0 and variance 1; backward <c>dx = dy</c>. Input and output: (batch,
/// …), of any rank from 2 on. A mask is passed on. Keras's keras.layers.GaussianNoise.
/// </remarks>
public sealed class GaussianNoise : NoiseLayer
{
    private readonly double stddev;

    /// <summary>Creates the layer.</summary>
    /// <param name="stddev">σ, the standard deviation of the noise; at least 0.</param>
    /// <param name="seed">Seed of the draws; null (the default) takes it from the model.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>gaussian_noise</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters, and makes noise in training all the same.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">The deviation is negative.</exception>
    public GaussianNoise(double stddev, int? seed = null, string? name = null, bool trainable = true, Shape? inputShape = null)
        : base(name, trainable, inputShape, seed)
    {
        new OptionCheck(Introduction).AtLeast(nameof(stddev), stddev, 0).ThrowIfAny();
        this.stddev = stddev;
    }

    /// <inheritdoc/>
    public override string ClassName => "GaussianNoise";

    /// <inheritdoc/>
    public override Shape ComputeOutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("stddev", stddev);
        config.Add("seed", SeedOption);
        return config;
    }

    internal static GaussianNoise Read(ConfigReader config) =>
        new(config.Double("stddev"), config.OptionalInt("seed"), config.Name(), config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };

    /// <inheritdoc/>
    protected override DropoutPass NewPass(PassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(this, options, options.InputShape);
    }

    private protected override SequenceBatch Draw(DropoutPass pass, SequenceBatch input) =>
        pass.AddNoise(input, pass.Training ? stddev : 0, Seed);
}
