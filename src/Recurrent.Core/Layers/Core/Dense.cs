using Recurrent.Activations;
using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>A fully connected layer over the last axis: <c>y = f(W·x + b)</c>.</summary>
/// <remarks>
/// <para>
/// Forward, over all columns (steps × samples) at once: <c>Z = W·X + b</c>, <c>Y = f(Z)</c>, with W: units × features.
/// Backward: <c>dZ = f'(Z) ∘ dY</c>, <c>dW += dZ·Xᵀ</c>, <c>db += Σ dZ</c>, <c>dX = Wᵀ·dZ</c>.
/// </para>
/// <para>
/// Input: (batch, …, features), of any rank from 2 on. Output: (batch, …, units). Parameters: kernel (features, units) and, with
/// <c>useBias</c>, bias (units). A mask is passed on. Keras's Dense (keras.layers.Dense); its low-rank adaptation and
/// quantization are accepted in files at null only.
/// </para>
/// </remarks>
public sealed class Dense : UnaryLayer<DensePass>
{
    private readonly ActivationFunction activation;
    private readonly bool isLinear;
    private readonly bool useBias;
    private readonly WeightOptions kernelOptions;
    private readonly WeightOptions biasOptions;
    private PackedMatrix? kernel;
    private PackedMatrix? kernelTransposed;

    /// <summary>Creates the layer.</summary>
    /// <param name="units">Number of outputs, at least 1.</param>
    /// <param name="activation">The function f; null (the default) is linear.</param>
    /// <param name="useBias">Whether b is added; true by default.</param>
    /// <param name="kernelInitializer">First values of W; null is Keras's default, <c>glorot_uniform</c>.</param>
    /// <param name="biasInitializer">First values of b; null is Keras's default, <c>zeros</c>.</param>
    /// <param name="kernelRegularizer">Penalty on W; none by default.</param>
    /// <param name="biasRegularizer">Penalty on b; none by default.</param>
    /// <param name="activityRegularizer">Penalty on the output, divided by the batch size; none by default.</param>
    /// <param name="kernelConstraint">Projection of W after each update; none by default.</param>
    /// <param name="biasConstraint">Projection of b after each update; none by default.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>dense</c>.</param>
    /// <param name="trainable">Whether training changes the parameters; true by default.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public Dense(
        int units,
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
        : base(name, trainable, inputShape)
    {
        new OptionCheck(Introduction).Positive(nameof(units), units).ThrowIfAny();
        Units = units;
        this.activation = activation ?? new Linear();
        isLinear = this.activation is Linear;
        this.useBias = useBias;
        ActivityRegularizer = activityRegularizer;
        kernelOptions = WeightOptions.Of(kernelInitializer, kernelRegularizer, kernelConstraint, "glorot_uniform");
        biasOptions = WeightOptions.Of(biasInitializer, biasRegularizer, biasConstraint, "zeros");
    }

    /// <inheritdoc/>
    public override string ClassName => "Dense";

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => null;

    /// <summary>Number of outputs.</summary>
    public int Units { get; }

    /// <summary>The function f.</summary>
    internal ActivationFunction Function => activation;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The sample has no axis, or its last axis is unknown.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Rank == 0)
        {
            throw new ShapeException(
                Introduction,
                "input of rank 2 or more (batch, ..., features)",
                input,
                "Give every sample at least one feature: inputShape: 1.");
        }

        return input[^1] is null
            ? throw new ShapeException(
                Introduction,
                "input whose last axis (features) is known",
                input,
                "Give the length of that axis in inputShape: the kernel has one row for each feature.")
            : input.WithFeatures(Units);
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("units", Units);
        config.Add("activation", LayerConfig.Entry(activation));
        config.Add("use_bias", useBias);
        config.Add("kernel_initializer", kernelOptions.Initializer);
        config.Add("bias_initializer", biasOptions.Initializer);
        config.Add("kernel_regularizer", kernelOptions.Regularizer);
        config.Add("bias_regularizer", biasOptions.Regularizer);
        config.Add("kernel_constraint", kernelOptions.Constraint);
        config.Add("bias_constraint", biasOptions.Constraint);
        config.Add("quantization_config", null);
        return config;
    }

    internal static Dense Read(ConfigReader config)
    {
        config.Expect("quantization_config", [null]);
        config.Expect("lora_rank", [null]);
        config.Expect("lora_alpha", [null]);
        WeightOptions kernel = WeightOptions.Read(config, "kernel");
        WeightOptions bias = WeightOptions.Read(config, "bias");
        return new(
            config.Int("units"),
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
        ArgumentNullException.ThrowIfNull(input);
        AddParameter(kernelOptions.NewParameter("kernel", input.Features, Units), kernelOptions.FirstValues);
        if (useBias)
        {
            AddParameter(biasOptions.NewParameter("bias", Units), biasOptions.FirstValues);
        }

        kernel = new PackedMatrix(Units, input.Features);
        kernelTransposed = new PackedMatrix(input.Features, Units);
    }

    /// <inheritdoc/>
    protected override void PackParameters()
    {
        kernel!.Pack(Parameters[0].Value);
        kernelTransposed!.PackTransposed(Parameters[0].Value);
    }

    /// <inheritdoc/>
    protected override DensePass NewPass(PassOptions options) => new(this, options, activation.NeedsInput);

    /// <inheritdoc/>
    protected override SequenceBatch Forward(DensePass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        pass.Input = input.Values;
        Product.SetBand(kernel!, input.Values, 0, useBias ? Parameters[1].Values : default, pass.Sums, 0, pass.Options.Threads);
        if (!isLinear)
        {
            activation.Forward(pass.Sums.Values, pass.Output.Values.Values, Units);
        }

        pass.Output.Mask = input.Mask;
        return pass.Output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(DensePass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (!isLinear)
        {
            Span<Real> gradient = outputGradient.Values;
            activation.Backward(pass.Sums.Values, pass.Output.Values.Values, gradient, gradient, Units);
        }

        Product.AddOuter(outputGradient, pass.Input!, pass.Gradients[0]);
        if (useBias)
        {
            Product.AddRowSums(outputGradient, pass.Gradients[1].Values);
        }

        if (pass.InputGradient is not null)
        {
            Product.Set(kernelTransposed!, outputGradient, pass.InputGradient);
        }

        return pass.InputGradient;
    }
}
