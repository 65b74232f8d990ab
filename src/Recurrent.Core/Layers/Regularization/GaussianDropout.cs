using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Multiplies its input with normal noise around 1 in training; passes the input on as it is otherwise.</summary>
/// <remarks>
/// In training <c>y = m ∘ x</c> with independent m of mean 1 and variance <c>rate / (1 − rate)</c>, those of dropout's factors;
/// backward
/// <c>dx = m ∘ dy</c>. Input and output: (batch, …), of any rank from 2 on. A mask is passed on. Srivastava et al., "Dropout: a
/// simple way to prevent neural networks from overfitting", JMLR 15 (2014), section 10; Keras's keras.layers.GaussianDropout.
/// </remarks>
public sealed class GaussianDropout : NoiseLayer
{
    private readonly double rate;

    /// <summary>Creates the layer.</summary>
    /// <param name="rate">The share that dropout of the same variance would drop; at least 0 and below 1.</param>
    /// <param name="seed">Seed of the draws; null (the default) takes it from the model.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>gaussian_dropout</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters, and makes noise in training all the same.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">The rate is out of range: at 1 the variance would be infinite.</exception>
    public GaussianDropout(double rate, int? seed = null, string? name = null, bool trainable = true, Shape? inputShape = null)
        : base(name, trainable, inputShape, seed)
    {
        new OptionCheck(Introduction).Rate(nameof(rate), rate).ThrowIfAny();
        this.rate = rate;
    }

    /// <inheritdoc/>
    public override string ClassName => "GaussianDropout";

    /// <inheritdoc/>
    public override Shape ComputeOutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("rate", rate);
        config.Add("seed", SeedOption);
        return config;
    }

    internal static GaussianDropout Read(ConfigReader config) =>
        new(config.Double("rate"), config.OptionalInt("seed"), config.Name(), config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };

    /// <inheritdoc/>
    protected override DropoutPass NewPass(PassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(this, options, options.InputShape);
    }

    private protected override SequenceBatch Draw(DropoutPass pass, SequenceBatch input) =>
        pass.MultiplyNoise(input, pass.Training ? Math.Sqrt(rate / (1 - rate)) : 0, Seed);
}
