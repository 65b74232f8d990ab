using Recurrent.Activations;
using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>What convolutions along the steps of a sequence share: the window, the bias and the activation.</summary>
/// <remarks>
/// A mask ends here, as in Keras. Padding of sequences of unequal length counts as the zeros before a sequence; only layers whose
/// output has a step for each of the input's take such sequences.
/// </remarks>
public abstract class ConvolutionLayer : UnaryLayer<ConvolutionPass>
{
    private readonly WeightOptions biasOptions;

    private protected ConvolutionLayer(
        ConvolutionOptions window,
        ActivationFunction? activation,
        bool useBias,
        WeightOptions bias,
        Regularizer? activityRegularizer,
        string? name,
        bool trainable,
        Shape? inputShape)
        : base(name, trainable, inputShape)
    {
        Window = window;
        Activation = activation ?? new Linear();
        UseBias = useBias;
        biasOptions = bias;
        ActivityRegularizer = activityRegularizer;
    }

    /// <summary>Number of steps that the window sees.</summary>
    public int KernelSize => Window.KernelSize;

    /// <summary>How far the window moves from step to step.</summary>
    public int Strides => Window.Strides;

    /// <summary>"valid", "same" or "causal": whether there are zeros around the input.</summary>
    public string Padding => Window.Padding;

    /// <summary>
    /// "channels_last" or "channels_first": whether a sample is (timesteps, features) or (channels, timesteps).
    /// </summary>
    public string DataFormat => Window.DataFormat ?? ConvolutionOptions.ChannelsLast;

    /// <summary>Distance of the steps that the window sees.</summary>
    public int DilationRate => Window.DilationRate;

    /// <summary>f, the activation.</summary>
    public ActivationFunction Activation { get; }

    /// <summary>Whether a bias is added.</summary>
    public bool UseBias { get; }

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle =>
        Window.StepsAreLast ? new("its samples have their steps on the last axis", "Set dataFormat: \"channels_last\"")
        : Window.KeepsSteps && Window.Span == 1 ? null
        : Window.Padding == "same"
            ? new("it sees steps that are still to come", "Set padding: \"causal\", or give it whole sequences")
        : Window.KeepsSteps ? null
        : new("its output has fewer steps than its input");

    internal override Obstacle? StateObstacle => StreamingObstacle is null
        ? null
        : new(
            "its window reaches beyond a piece of a sequence, and only with padding \"causal\" and strides 1 is what it has "
            + "seen a state");

    internal override string? RaggedObstacle => Window.KeepsSteps
        ? null
        : "gives a number of steps that depends on where the padding is. Set strides: 1 and padding: \"same\" or \"causal\"";

    /// <summary>The window along the steps.</summary>
    internal ConvolutionOptions Window { get; }

    /// <summary>The bias, once the layer is built; empty where there is none.</summary>
    private protected ReadOnlySpan<Real> Bias => UseBias ? Parameters[^1].Values : default;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">
    /// The sample is not a sequence of vectors, or it has fewer steps than the window spans.
    /// </exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        (_, int channels) = StepLayout.Of(this, input, Window.StepsAreLast);
        try
        {
            return StepLayout.Sample(OutputSteps(input), OutputChannels(channels), Window.StepsAreLast);
        }
        catch (OverflowException)
        {
            throw new ShapeException(
                Introduction, "input whose output an array can hold", input, "Choose smaller strides, or fewer channels.");
        }
    }

    internal override long ValuesPerSample(Shape input, bool differentiable)
    {
        (int? steps, int channels) = StepLayout.Of(this, input, Window.StepsAreLast);
        return Math.Max(base.ValuesPerSample(input, differentiable), (long)steps!.Value * InnerChannels(channels));
    }

    private protected override bool CanShare(Shape built, Shape other) =>
        StepLayout.Of(this, built, Window.StepsAreLast).Channels == StepLayout.Of(this, other, Window.StepsAreLast).Channels;

    /// <summary>Number of steps of the output, where it is known.</summary>
    private protected virtual int? OutputSteps(Shape input) => Window.OutputSteps(this, input);

    /// <summary>The window over a number of steps.</summary>
    private protected virtual StepWindow WindowOver(int steps) => Window.Window(steps);

    /// <summary>Number of channels of the output.</summary>
    private protected abstract int OutputChannels(int channels);

    /// <summary>The most channels that a step has inside the layer.</summary>
    private protected virtual int InnerChannels(int channels) => channels;

    /// <summary>z = b + W∗x, of <see cref="StepsPass.Input"/> to <see cref="StepsPass.StepSums"/>.</summary>
    private protected abstract void Convolve(ConvolutionPass pass);

    /// <summary>
    /// Adds the gradients of the kernels, and computes that of the input where it is asked for, to
    /// <see cref="StepsPass.StepInputGradient"/>.
    /// </summary>
    private protected abstract void ConvolveBack(ConvolutionPass pass, DenseMatrix dz);

    /// <summary>Adds the parameter <c>bias</c>, the last one.</summary>
    private protected void AddBias(int channels)
    {
        if (UseBias)
        {
            AddParameter(biasOptions.NewParameter("bias", channels), biasOptions.FirstValues);
        }
    }

    /// <summary>
    /// Adds the activation and the options of the weights to a config, in Keras's order: all first values, all penalties, all
    /// constraints, the bias last.
    /// </summary>
    /// <param name="config">The config.</param>
    /// <param name="kernels">The other weights, by how their keys begin.</param>
    private protected void AddActivationAndWeightsTo(
        Config config, params ReadOnlySpan<(string Stem, WeightOptions Options)> kernels)
    {
        ReadOnlySpan<(string Stem, WeightOptions Options)> weights = [.. kernels, ("bias", biasOptions)];
        config.Add("activation", LayerConfig.Entry(Activation));
        config.Add("use_bias", UseBias);
        foreach ((string stem, WeightOptions options) in weights)
        {
            config.Add($"{stem}_initializer", options.Initializer);
        }

        foreach ((string stem, WeightOptions options) in weights)
        {
            config.Add($"{stem}_regularizer", options.Regularizer);
        }

        if (ActivityRegularizer is null)
        {
            // One that there is stands further up, with what all layers have.
            config.Add("activity_regularizer", null);
        }

        foreach ((string stem, WeightOptions options) in weights)
        {
            config.Add($"{stem}_constraint", options.Constraint);
        }
    }

    /// <inheritdoc/>
    protected override ConvolutionPass NewPass(PassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (int? steps, int channels) = StepLayout.Of(this, options.InputShape, Window.StepsAreLast);
        return NewPass(options, WindowOver(steps!.Value), channels);
    }

    /// <summary>Makes room for a pass.</summary>
    /// <param name="options">What the pass is for.</param>
    /// <param name="window">The window over the steps of the input.</param>
    /// <param name="channels">Number of channels of the input.</param>
    private protected virtual ConvolutionPass NewPass(PassOptions options, StepWindow window, int channels) =>
        new(this, options, window);

    /// <inheritdoc/>
    protected override SequenceBatch Forward(ConvolutionPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        pass.Take(input);
        Convolve(pass);
        pass.GiveSums();
        if (Activation is not Linear)
        {
            DenseMatrix output = pass.Output.Values;
            Activation.Forward(pass.Sums.Values, output.Values, output.RowCount);
        }

        return pass.Output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(ConvolutionPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (Activation is not Linear)
        {
            Span<Real> gradient = outputGradient.Values;
            Activation.Backward(pass.Sums.Values, pass.Output.Values.Values, gradient, gradient, outputGradient.RowCount);
        }

        DenseMatrix dz = pass.TakeGradient(outputGradient);
        if (UseBias)
        {
            Product.AddRowSums(dz, pass.Gradients[^1].Values);
        }

        ConvolveBack(pass, dz);
        return pass.GiveInputGradient();
    }
}
