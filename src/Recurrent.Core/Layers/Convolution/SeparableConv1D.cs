using Recurrent.Activations;
using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// A <see cref="DepthwiseConv1D"/> followed by a product that mixes its channels: <c>u_i[c·m + q] = Σ_k w_k[c, q] · x_j[c]</c>
/// with
/// <c>j = i·strides + k·dilationRate − before</c> and m, the depth multiplier; <c>y_i = f(b + P·u_i)</c>.
/// </summary>
/// <remarks>
/// <para>
/// Backward: <c>dz_i = f'(z_i) ∘ dy_i</c>, <c>dP += Σ_i dz_i·u_iᵀ</c>, <c>db += Σ_i dz_i</c>, <c>du_i = Pᵀ·dz_i</c>, and from
/// there as in a
/// <see cref="DepthwiseConv1D"/>.
/// </para>
/// <para>
/// Padding and the number of steps are those of <see cref="Conv1D"/>, without "causal". Input (batch, timesteps, features),
/// output (batch, new steps, filters); with dataFormat "channels_first" the last two axes of both are swapped. Parameters:
/// depthwise_kernel (kernelSize, features, m), pointwise_kernel (1, features·m, filters) and, with <c>useBias</c>, bias
/// (filters). A mask ends here, as in Keras. Keras's keras.layers.SeparableConv1D.
/// </para>
/// </remarks>
public sealed class SeparableConv1D : ConvolutionLayer
{
    private readonly WeightOptions depthwiseOptions;
    private readonly WeightOptions pointwiseOptions;
    private DepthwiseTaps? taps;
    private PackedMatrix? mixer;
    private PackedMatrix? mixerTransposed;

    /// <summary>Creates the layer.</summary>
    /// <param name="filters">Number of channels of the output, at least 1.</param>
    /// <param name="kernelSize">Number of steps that the window sees, at least 1.</param>
    /// <param name="strides">How far the window moves from step to step. Default 1.</param>
    /// <param name="padding">"valid" (the default) or "same".</param>
    /// <param name="dataFormat">"channels_last" (null, the default, is the same) or "channels_first".</param>
    /// <param name="dilationRate">Distance of the steps that the window sees. Default 1; above 1 only with strides 1.</param>
    /// <param name="depthMultiplier">m, the number of channels that the window makes of each of the input's. Default 1.</param>
    /// <param name="activation">The function f; null (the default) is linear.</param>
    /// <param name="useBias">Whether b is added; true by default.</param>
    /// <param name="depthwiseInitializer">First values of w; null is Keras's default, <c>glorot_uniform</c>.</param>
    /// <param name="pointwiseInitializer">First values of P; null is Keras's default, <c>glorot_uniform</c>.</param>
    /// <param name="biasInitializer">First values of b; null is Keras's default, <c>zeros</c>.</param>
    /// <param name="depthwiseRegularizer">Penalty on w; none by default.</param>
    /// <param name="pointwiseRegularizer">Penalty on P; none by default.</param>
    /// <param name="biasRegularizer">Penalty on b; none by default.</param>
    /// <param name="activityRegularizer">Penalty on the output, divided by the batch size; none by default.</param>
    /// <param name="depthwiseConstraint">Projection of w after each update; none by default.</param>
    /// <param name="pointwiseConstraint">Projection of P after each update; none by default.</param>
    /// <param name="biasConstraint">Projection of b after each update; none by default.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>separable_conv1d</c>.</param>
    /// <param name="trainable">Whether training changes the parameters; true by default.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model; time steps may be null.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public SeparableConv1D(
        int filters,
        int kernelSize,
        int strides = 1,
        string padding = "valid",
        string? dataFormat = null,
        int dilationRate = 1,
        int depthMultiplier = 1,
        ActivationFunction? activation = null,
        bool useBias = true,
        Initializer? depthwiseInitializer = null,
        Initializer? pointwiseInitializer = null,
        Initializer? biasInitializer = null,
        Regularizer? depthwiseRegularizer = null,
        Regularizer? pointwiseRegularizer = null,
        Regularizer? biasRegularizer = null,
        Regularizer? activityRegularizer = null,
        Constraint? depthwiseConstraint = null,
        Constraint? pointwiseConstraint = null,
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
        Window.Check(new OptionCheck(Introduction).Positive(nameof(filters), filters), "valid", "same")
            .Positive(nameof(depthMultiplier), depthMultiplier)
            .ThrowIfAny();
        Filters = filters;
        DepthMultiplier = depthMultiplier;
        depthwiseOptions = WeightOptions.Of(depthwiseInitializer, depthwiseRegularizer, depthwiseConstraint, "glorot_uniform");
        pointwiseOptions = WeightOptions.Of(pointwiseInitializer, pointwiseRegularizer, pointwiseConstraint, "glorot_uniform");
    }

    /// <inheritdoc/>
    public override string ClassName => "SeparableConv1D";

    /// <summary>Number of channels of the output.</summary>
    public int Filters { get; }

    /// <summary>Number of channels that the window makes of each of the input's.</summary>
    public int DepthMultiplier { get; }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("depth_multiplier", DepthMultiplier);
        config.Add("filters", Filters);
        Window.AddTo(config);
        AddActivationAndWeightsTo(config, ("depthwise", depthwiseOptions), ("pointwise", pointwiseOptions));
        return config;
    }

    internal static SeparableConv1D Read(ConfigReader config)
    {
        ConvolutionOptions window = ConvolutionOptions.Read(config);
        WeightOptions depthwise = WeightOptions.Read(config, "depthwise");
        WeightOptions pointwise = WeightOptions.Read(config, "pointwise");
        WeightOptions bias = WeightOptions.Read(config, "bias");
        return new(
            config.Int("filters"),
            window.KernelSize,
            window.Strides,
            window.Padding,
            window.DataFormat,
            window.DilationRate,
            config.Int("depth_multiplier", 1),
            config.Activation("activation"),
            config.Bool("use_bias", true),
            depthwise.Initializer,
            pointwise.Initializer,
            bias.Initializer,
            depthwise.Regularizer,
            pointwise.Regularizer,
            bias.Regularizer,
            config.ActivityRegularizer(),
            depthwise.Constraint,
            pointwise.Constraint,
            bias.Constraint,
            config.Name(),
            config.Trainable());
    }

    /// <inheritdoc/>
    protected override void BuildParameters(Shape input)
    {
        (_, int channels) = StepLayout.Of(this, input, Window.StepsAreLast);
        int inner = InnerChannels(channels);
        AddParameter(
            depthwiseOptions.NewParameter("depthwise_kernel", KernelSize, channels, DepthMultiplier),
            depthwiseOptions.FirstValues);
        AddParameter(pointwiseOptions.NewParameter("pointwise_kernel", 1, inner, Filters), pointwiseOptions.FirstValues);
        AddBias(Filters);
        taps = new DepthwiseTaps(KernelSize, channels, DepthMultiplier);
        mixer = new PackedMatrix(Filters, inner);
        mixerTransposed = new PackedMatrix(inner, Filters);
    }

    /// <inheritdoc/>
    protected override void PackParameters()
    {
        mixer!.Pack(Parameters[1].Value);
        mixerTransposed!.PackTransposed(Parameters[1].Value);
    }

    private protected override int OutputChannels(int channels) => Filters;

    private protected override int InnerChannels(int channels) => checked(channels * DepthMultiplier);

    private protected override ConvolutionPass NewPass(PassOptions options, StepWindow window, int channels) =>
        new DepthwisePass(this, options, window, taps!, mixes: true);

    private protected override void Convolve(ConvolutionPass pass)
    {
        var own = (DepthwisePass)pass;
        own.Repeat(taps!);
        taps!.Set(own.Window, Parameters[0].Values, own.Repeated, default, own.Middle!);
        Product.SetBand(mixer!, own.Middle!, 0, Bias, own.StepSums, 0, own.Options.Threads);
    }

    private protected override void ConvolveBack(ConvolutionPass pass, DenseMatrix dz)
    {
        var own = (DepthwisePass)pass;
        Product.AddOuter(dz, own.Middle!, own.Gradients[1]);
        Product.Set(mixerTransposed!, dz, own.MiddleGradient!);
        own.Backward(taps!, Parameters[0].Values, own.MiddleGradient!, own.Gradients[0].Values);
    }
}
