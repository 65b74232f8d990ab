using Recurrent.Activations;
using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// A convolution along the steps of a sequence: <c>y_i = f(b + Σ_k W_k·x_{i·strides + k·dilationRate − before})</c>, where steps
/// beyond the ends are zero.
/// </summary>
/// <remarks>
/// <para>
/// Backward: <c>dz_i = f'(z_i) ∘ dy_i</c>, <c>dW_k += Σ_i dz_i·x_jᵀ</c>, <c>db += Σ_i dz_i</c> and <c>dx_j = Σ_k W_kᵀ·dz_i</c>,
/// over all i and j with <c>j = i·strides + k·dilationRate − before</c>. With <c>groups</c> each part of the filters sees its
/// part of the channels.
/// </para>
/// <para>
/// The window spans <c>(kernelSize − 1)·dilationRate + 1</c> steps. Padding "valid" (before = 0) keeps it inside the sequence,
/// whose output has <c>⌊(timesteps − span)/strides⌋ + 1</c> steps; "same" puts zeros on both sides and "causal" (before = span −
/// 1) all of them in front, so that no output sees a later step: both have <c>⌈timesteps/strides⌉</c>.
/// </para>
/// <para>
/// Input (batch, timesteps, features), output (batch, new steps, filters); with dataFormat "channels_first" the last two axes of
/// both are swapped. Parameters: kernel (kernelSize, features/groups, filters) and, with <c>useBias</c>, bias (filters). A mask
/// ends here, as in Keras. Keras's keras.layers.Conv1D; its low-rank adaptations are accepted in files at null only.
/// </para>
/// <para>
/// With padding "causal" and strides 1 it works step by step: its state <c>past</c> is the last span − 1 steps of its input, one
/// below the other, the oldest first.
/// </para>
/// </remarks>
public sealed class Conv1D : ConvolutionLayer, IHasStates
{
    private readonly WeightOptions kernelOptions;
    private TapKernel? taps;

    /// <summary>Creates the layer.</summary>
    /// <param name="filters">Number of channels of the output, at least 1.</param>
    /// <param name="kernelSize">Number of steps that the window sees, at least 1.</param>
    /// <param name="strides">How far the window moves from step to step. Default 1.</param>
    /// <param name="padding">"valid" (the default), "same" or "causal".</param>
    /// <param name="dataFormat">"channels_last" (null, the default, is the same) or "channels_first".</param>
    /// <param name="dilationRate">Distance of the steps that the window sees. Default 1; above 1 only with strides 1.</param>
    /// <param name="groups">Number of parts that filters and channels fall into, which do not see one another. Default 1.</param>
    /// <param name="activation">The function f; null (the default) is linear.</param>
    /// <param name="useBias">Whether b is added; true by default.</param>
    /// <param name="kernelInitializer">First values of W; null is Keras's default, <c>glorot_uniform</c>.</param>
    /// <param name="biasInitializer">First values of b; null is Keras's default, <c>zeros</c>.</param>
    /// <param name="kernelRegularizer">Penalty on W; none by default.</param>
    /// <param name="biasRegularizer">Penalty on b; none by default.</param>
    /// <param name="activityRegularizer">Penalty on the output, divided by the batch size; none by default.</param>
    /// <param name="kernelConstraint">Projection of W after each update; none by default.</param>
    /// <param name="biasConstraint">Projection of b after each update; none by default.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>conv1d</c>.</param>
    /// <param name="trainable">Whether training changes the parameters; true by default.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model; time steps may be null.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public Conv1D(
        int filters,
        int kernelSize,
        int strides = 1,
        string padding = "valid",
        string? dataFormat = null,
        int dilationRate = 1,
        int groups = 1,
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
        Window.Check(new OptionCheck(Introduction).Positive(nameof(filters), filters), "valid", "same", "causal")
            .Positive(nameof(groups), groups)
            .Require(
                groups < 1 || filters % groups == 0,
                FormattableString.Invariant($"filters ({filters}) must be divisible by groups ({groups})"))
            .ThrowIfAny();
        Filters = filters;
        Groups = groups;
        kernelOptions = WeightOptions.Of(kernelInitializer, kernelRegularizer, kernelConstraint, "glorot_uniform");
    }

    /// <inheritdoc/>
    public override string ClassName => "Conv1D";

    /// <summary>Number of channels of the output.</summary>
    public int Filters { get; }

    /// <summary>Number of parts that filters and channels fall into.</summary>
    public int Groups { get; }

    /// <inheritdoc/>
    public bool Stateful => false;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The state would be longer than an array can be.</exception>
    public IReadOnlyList<int> StateSizes
    {
        get
        {
            if (!HasPast || InputShape is null)
            {
                return [];
            }

            long size = (long)(Window.Span - 1) * InputShape.Features;
            return size <= Array.MaxLength ? [(int)size] : throw new NotSupportedException(
                FormattableString.Invariant($"{Introduction} carries {Window.Span - 1} past steps of {InputShape.Features} ")
                + "features, more than an array can hold. Use a smaller kernelSize or dilationRate.");
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> StateNames => HasPast ? ["past"] : [];

    /// <summary>Whether it works step by step with the last steps that it has seen.</summary>
    private bool HasPast => StreamingObstacle is null && Window.Span > 1;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">
    /// The sample is not a sequence of vectors, it has fewer steps than the window spans, or its channels cannot be divided into
    /// groups.
    /// </exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        (_, int channels) = StepLayout.Of(this, input, Window.StepsAreLast);
        return channels % Groups == 0 ? base.ComputeOutputShape(input) : throw new ShapeException(
            Introduction,
            FormattableString.Invariant($"a number of channels that is divisible by groups ({Groups})"),
            input,
            FormattableString.Invariant($"Choose groups that divide {channels}, or give another number of channels."));
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("filters", Filters);
        Window.AddTo(config);
        config.Add("groups", Groups);
        AddActivationAndWeightsTo(config, ("kernel", kernelOptions));
        return config;
    }

    /// <inheritdoc/>
    public void SetInitialState(Pass pass, IReadOnlyList<DenseMatrix> states, int firstColumn)
    {
        var own = (CausalPass)pass;
        StateCheck.RequireFit(this, own.StateRows, own.Options.BatchSize, states, firstColumn);
        own.SetPast(states, firstColumn);
    }

    /// <inheritdoc/>
    public void GetFinalState(Pass pass, IReadOnlyList<DenseMatrix> states, int firstColumn)
    {
        var own = (CausalPass)pass;
        StateCheck.RequireFit(this, own.StateRows, own.Options.BatchSize, states, firstColumn);
        own.GetPast(states, firstColumn);
    }

    internal override long ValuesPerSample(Shape input, bool differentiable)
    {
        long values = base.ValuesPerSample(input, differentiable);
        return HasPast ? Math.Max(values, 2 * (Window.Span - 1 + (long)input.Steps) * input.Features) : values;
    }

    internal static Conv1D Read(ConfigReader config)
    {
        ConvolutionOptions window = ConvolutionOptions.Read(config);
        WeightOptions kernel = WeightOptions.Read(config, "kernel");
        WeightOptions bias = WeightOptions.Read(config, "bias");
        config.Expect("lora_rank", [null]);
        config.Expect("lora_alpha", [null]);
        config.Expect("dora_rank", [null]);
        config.Expect("dora_alpha", [null]);
        return new(
            config.Int("filters"),
            window.KernelSize,
            window.Strides,
            window.Padding,
            window.DataFormat,
            window.DilationRate,
            config.Int("groups", 1),
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
        AddParameter(kernelOptions.NewParameter("kernel", KernelSize, channels / Groups, Filters), kernelOptions.FirstValues);
        AddBias(Filters);
        taps = null;
    }

    /// <inheritdoc/>
    protected override void PackParameters()
    {
        taps ??= new TapKernel(Filters, StepLayout.Of(this, InputShape!, Window.StepsAreLast).Channels, KernelSize, Groups);
        taps.Pack(Parameters[0].Value);
    }

    private protected override int OutputChannels(int channels) => Filters;

    private protected override ConvolutionPass NewPass(PassOptions options, StepWindow window, int channels) =>
        new CausalPass(this, options, window, HasPast ? Window.Span - 1 : 0, channels);

    private protected override void Convolve(ConvolutionPass pass)
    {
        var own = (CausalPass)pass;
        own.See();
        taps!.Set(own.SeenWindow, own.Seen, Bias, own.StepSums, own.Options.Threads);
    }

    private protected override void ConvolveBack(ConvolutionPass pass, DenseMatrix dz)
    {
        var own = (CausalPass)pass;
        taps!.AddGradient(own.SeenWindow, dz, own.Seen, own.Gradients[0]);
        if (own.StepInputGradient is { } dx)
        {
            taps.SetTransposed(own.Window, dz, default, dx, own.Options.Threads);
        }
    }
}
