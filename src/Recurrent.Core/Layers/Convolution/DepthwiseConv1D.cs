using Recurrent.Activations;
using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// A convolution along the steps that sees each channel by itself:
/// <c>y_i[c·m + q] = f(b[c·m + q] + Σ_k w_k[c, q] · x_j[c])</c> with <c>j = i·strides + k·dilationRate − before</c> and m, the
/// depth multiplier.
/// </summary>
/// <remarks>
/// <para>
/// Backward: <c>dz_i = f'(z_i) ∘ dy_i</c>, <c>dw_k[c, q] += Σ_i dz_i[c·m + q]·x_j[c]</c>, <c>db += Σ_i dz_i</c> and
/// <c>dx_j[c] = Σ_k Σ_q w_k[c, q]·dz_i[c·m + q]</c>.
/// </para>
/// <para>
/// Padding and the number of steps are those of <see cref="Conv1D"/>, without "causal". Input (batch, timesteps, features),
/// output (batch, new steps, features·m); with dataFormat "channels_first" the last two axes of both are swapped. Parameters:
/// kernel (kernelSize, features, m) and, with <c>useBias</c>, bias (features·m). A mask ends here, as in Keras. Keras's
/// keras.layers.DepthwiseConv1D.
/// </para>
/// </remarks>
public sealed class DepthwiseConv1D : ConvolutionLayer
{
    private readonly WeightOptions depthwiseOptions;
    private DepthwiseTaps? taps;

    /// <summary>Creates the layer.</summary>
    /// <param name="kernelSize">Number of steps that the window sees, at least 1.</param>
    /// <param name="strides">How far the window moves from step to step. Default 1.</param>
    /// <param name="padding">"valid" (the default) or "same".</param>
    /// <param name="depthMultiplier">m, the number of channels of the output for each of the input's. Default 1.</param>
    /// <param name="dataFormat">"channels_last" (null, the default, is the same) or "channels_first".</param>
    /// <param name="dilationRate">Distance of the steps that the window sees. Default 1; above 1 only with strides 1.</param>
    /// <param name="activation">The function f; null (the default) is linear.</param>
    /// <param name="useBias">Whether b is added; true by default.</param>
    /// <param name="depthwiseInitializer">First values of w; null is Keras's default, <c>glorot_uniform</c>.</param>
    /// <param name="biasInitializer">First values of b; null is Keras's default, <c>zeros</c>.</param>
    /// <param name="depthwiseRegularizer">Penalty on w; none by default.</param>
    /// <param name="biasRegularizer">Penalty on b; none by default.</param>
    /// <param name="activityRegularizer">Penalty on the output, divided by the batch size; none by default.</param>
    /// <param name="depthwiseConstraint">Projection of w after each update; none by default.</param>
    /// <param name="biasConstraint">Projection of b after each update; none by default.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>depthwise_conv1d</c>.</param>
    /// <param name="trainable">Whether training changes the parameters; true by default.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model; time steps may be null.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public DepthwiseConv1D(
        int kernelSize,
        int strides = 1,
        string padding = "valid",
        int depthMultiplier = 1,
        string? dataFormat = null,
        int dilationRate = 1,
        ActivationFunction? activation = null,
        bool useBias = true,
        Initializer? depthwiseInitializer = null,
        Initializer? biasInitializer = null,
        Regularizer? depthwiseRegularizer = null,
        Regularizer? biasRegularizer = null,
        Regularizer? activityRegularizer = null,
        Constraint? depthwiseConstraint = null,
        Constraint? biasConstraint = null,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : base(
            new(kernelSize, strides, padding, dataFormat, dilationRate),
            activation,
            useBias,
            WeightOptions.Of(biasInitializer, biasRegularizer, biasConstraint, "zeros"),
            activityRegularizer,
            name,
            trainable,
            inputShape)
    {
        Window.Check(new OptionCheck(Introduction), "valid", "same")
            .Positive(nameof(depthMultiplier), depthMultiplier)
            .ThrowIfAny();
        DepthMultiplier = depthMultiplier;
        depthwiseOptions = WeightOptions.Of(depthwiseInitializer, depthwiseRegularizer, depthwiseConstraint, "glorot_uniform");
    }

    /// <inheritdoc/>
    public override string ClassName => "DepthwiseConv1D";

    /// <summary>Number of channels of the output for each of the input's.</summary>
    public int DepthMultiplier { get; }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("depth_multiplier", DepthMultiplier);
        Window.AddTo(config);
        AddActivationAndWeightsTo(config, ("depthwise", depthwiseOptions));
        return config;
    }

    internal static DepthwiseConv1D Read(ConfigReader config)
    {
        ConvolutionOptions window = ConvolutionOptions.Read(config);
        WeightOptions depthwise = WeightOptions.Read(config, "depthwise");
        WeightOptions bias = WeightOptions.Read(config, "bias");
        return new(
            window.KernelSize,
            window.Strides,
            window.Padding,
            config.Int("depth_multiplier", 1),
            window.DataFormat,
            window.DilationRate,
            config.Activation("activation"),
            config.Bool("use_bias", true),
            depthwise.Initializer,
            bias.Initializer,
            depthwise.Regularizer,
            bias.Regularizer,
            config.ActivityRegularizer(),
            depthwise.Constraint,
            bias.Constraint,
            config.Name(),
            config.Trainable());
    }

    /// <inheritdoc/>
    protected override void BuildParameters(Shape input)
    {
        (_, int channels) = StepLayout.Of(this, input, Window.StepsAreLast);
        AddParameter(
            depthwiseOptions.NewParameter("kernel", KernelSize, channels, DepthMultiplier), depthwiseOptions.FirstValues);
        AddBias(OutputChannels(channels));
        taps = new DepthwiseTaps(KernelSize, channels, DepthMultiplier);
    }

    private protected override int OutputChannels(int channels) => checked(channels * DepthMultiplier);

    private protected override int InnerChannels(int channels) => OutputChannels(channels);

    private protected override ConvolutionPass NewPass(PassOptions options, StepWindow window, int channels) =>
        new DepthwisePass(this, options, window, taps!, mixes: false);

    private protected override void Convolve(ConvolutionPass pass)
    {
        var own = (DepthwisePass)pass;
        own.Repeat(taps!);
        taps!.Set(own.Window, Parameters[0].Values, own.Repeated, Bias, own.StepSums);
    }

    private protected override void ConvolveBack(ConvolutionPass pass, DenseMatrix dz) =>
        ((DepthwisePass)pass).Backward(taps!, Parameters[0].Values, dz, pass.Gradients[0].Values);
}
