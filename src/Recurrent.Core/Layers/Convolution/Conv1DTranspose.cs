using Recurrent.Activations;
using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The transpose of a convolution along the steps, from what a <see cref="Conv1D"/> gives to what it takes:
/// <c>y_j = f(b + Σ_k W_kᵀ·x_i)</c> over all i and k with <c>j = i·strides + k·dilationRate − before</c>.
/// </summary>
/// <remarks>
/// <para>
/// Backward: <c>dz_j = f'(z_j) ∘ dy_j</c>, <c>dW_k += Σ_i x_i·dz_jᵀ</c>, <c>db += Σ_j dz_j</c> and <c>dx_i = Σ_k W_k·dz_j</c>,
/// which is a convolution.
/// </para>
/// <para>
/// With <c>span = (kernelSize − 1)·dilationRate + 1</c> the output has, with padding "valid" (before = 0),
/// <c>(timesteps − 1)·strides + max(span, strides)</c> steps and with "same" (before = <c>⌊max(span − strides, 0)/2⌋</c>)
/// <c>timesteps·strides</c>. An <c>outputPadding</c> replaces the steps that make up for the strides: "valid" then gives
/// <c>(timesteps − 1)·strides + span + outputPadding</c>, "same" <c>(timesteps − 1)·strides + span mod 2 + outputPadding</c>.
/// </para>
/// <para>
/// Input (batch, timesteps, features), output (batch, new steps, filters); with dataFormat "channels_first" the last two axes of
/// both are swapped. Parameters: kernel (kernelSize, filters, features) and, with <c>useBias</c>, bias (filters). A mask ends
/// here, as in Keras. Keras's keras.layers.Conv1DTranspose, in the places of its JAX and TensorFlow backends.
/// </para>
/// </remarks>
public sealed class Conv1DTranspose : ConvolutionLayer
{
    private readonly WeightOptions kernelOptions;
    private TapKernel? taps;

    /// <summary>Creates the layer.</summary>
    /// <param name="filters">Number of channels of the output, at least 1.</param>
    /// <param name="kernelSize">Number of steps of the output that a step of the input reaches, at least 1.</param>
    /// <param name="strides">How far apart the steps of the input stand in the output. Default 1.</param>
    /// <param name="padding">"valid" (the default) or "same".</param>
    /// <param name="outputPadding">
    /// Number of further steps at the end, below <paramref name="strides"/>; null (the default): see the remarks.
    /// </param>
    /// <param name="dataFormat">"channels_last" (null, the default, is the same) or "channels_first".</param>
    /// <param name="dilationRate">Distance of the steps that a step reaches. Default 1; above 1 only with strides 1.</param>
    /// <param name="activation">The function f; null (the default) is linear.</param>
    /// <param name="useBias">Whether b is added; true by default.</param>
    /// <param name="kernelInitializer">First values of W; null is Keras's default, <c>glorot_uniform</c>.</param>
    /// <param name="biasInitializer">First values of b; null is Keras's default, <c>zeros</c>.</param>
    /// <param name="kernelRegularizer">Penalty on W; none by default.</param>
    /// <param name="biasRegularizer">Penalty on b; none by default.</param>
    /// <param name="activityRegularizer">Penalty on the output, divided by the batch size; none by default.</param>
    /// <param name="kernelConstraint">Projection of W after each update; none by default.</param>
    /// <param name="biasConstraint">Projection of b after each update; none by default.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>conv1d_transpose</c>.</param>
    /// <param name="trainable">Whether training changes the parameters; true by default.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model; time steps may be null.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public Conv1DTranspose(
        int filters,
        int kernelSize,
        int strides = 1,
        string padding = "valid",
        int? outputPadding = null,
        string? dataFormat = null,
        int dilationRate = 1,
        ActivationFunction? activation = null,
        bool useBias = true,
        Initializer? kernelInitializer = null,
        Initializer? biasInitializer = null,
        Regularizer? kernelRegularizer = null,
        Regularizer? biasRegularizer = null,
        Regularizer? activityRegularizer = null,
        Constraint? kernelConstraint = null,
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
            .Require(
                outputPadding is null || (outputPadding >= 0 && outputPadding < strides),
                FormattableString.Invariant(
                    $"outputPadding must be at least 0 and below strides ({strides}), but is {outputPadding}"),
                "outputPadding")
            .ThrowIfAny();
        Filters = filters;
        OutputPadding = outputPadding;
        kernelOptions = WeightOptions.Of(kernelInitializer, kernelRegularizer, kernelConstraint, "glorot_uniform");
    }

    /// <inheritdoc/>
    public override string ClassName => "Conv1DTranspose";

    /// <summary>Number of channels of the output.</summary>
    public int Filters { get; }

    /// <summary>Number of further steps at the end of the output; null where it follows from the strides.</summary>
    public int? OutputPadding { get; }

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => new("its output has steps that several steps of the input add to");

    internal override string? RaggedObstacle =>
        "gives a number of steps that depends on where the padding is. Give it sequences of equal length, one array for all";

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("filters", Filters);
        Window.AddTo(config, () => config.Add("output_padding", OutputPadding is int more ? new[] { more } : null));
        AddActivationAndWeightsTo(config, ("kernel", kernelOptions));
        return config;
    }

    internal static Conv1DTranspose Read(ConfigReader config)
    {
        ConvolutionOptions window = ConvolutionOptions.Read(config);
        WeightOptions kernel = WeightOptions.Read(config, "kernel");
        WeightOptions bias = WeightOptions.Read(config, "bias");
        return new(
            config.Int("filters"),
            window.KernelSize,
            window.Strides,
            window.Padding,
            ConvolutionOptions.OptionalSize(config, "output_padding"),
            window.DataFormat,
            window.DilationRate,
            config.Activation("activation"),
            config.Bool("use_bias", true),
            kernel.Initializer,
            bias.Initializer,
            kernel.Regularizer,
            bias.Regularizer,
            config.ActivityRegularizer(),
            kernel.Constraint,
            bias.Constraint,
            config.Name(),
            config.Trainable());
    }

    /// <inheritdoc/>
    protected override void BuildParameters(Shape input)
    {
        (_, int channels) = StepLayout.Of(this, input, Window.StepsAreLast);
        AddParameter(kernelOptions.NewParameter("kernel", KernelSize, Filters, channels), kernelOptions.FirstValues);
        AddBias(Filters);
        taps = null;
    }

    /// <inheritdoc/>
    protected override void PackParameters()
    {
        taps ??= new TapKernel(StepLayout.Of(this, InputShape!, Window.StepsAreLast).Channels, Filters, KernelSize);
        taps.Pack(Parameters[0].Value);
    }

    private protected override int? OutputSteps(Shape input)
    {
        if (StepLayout.Of(this, input, Window.StepsAreLast).Steps is not int steps)
        {
            return null;
        }

        int outputs = WindowOver(steps).Inputs;
        return outputs >= 1 ? outputs : throw new ShapeException(
            Introduction,
            "input of which it makes at least one step",
            input,
            "Leave out outputPadding, or set it to 1 or more: with an even kernel and padding \"same\" 0 leaves none.");
    }

    /// <summary>The window of the convolution whose transpose this is: from the output of this layer to its input.</summary>
    private protected override StepWindow WindowOver(int steps)
    {
        int span = Window.Span;
        bool isSame = Padding == "same";
        int more = OutputPadding ?? (isSame ? Strides - (span % 2) : Math.Max(span, Strides) - span);
        int outputs = checked(((steps - 1) * Strides) + (isSame ? span % 2 : span) + more);

        // How many steps of the whole, which is (steps − 1)·strides + span long, are cut off in front: half of those that are too
        // many.
        int cut = isSame ? Math.Max(0, (span - (span % 2) - more) / 2) : 0;
        return new(KernelSize, Strides, DilationRate, cut, outputs, steps);
    }

    private protected override int OutputChannels(int channels) => Filters;

    private protected override void Convolve(ConvolutionPass pass) =>
        taps!.SetTransposed(pass.Window, pass.Input, Bias, pass.StepSums, pass.Options.Threads);

    private protected override void ConvolveBack(ConvolutionPass pass, DenseMatrix dz)
    {
        taps!.AddGradient(pass.Window, pass.Input, dz, pass.Gradients[0]);
        if (pass.StepInputGradient is { } dx)
        {
            taps.Set(pass.Window, dz, default, dx, pass.Options.Threads);
        }
    }
}
