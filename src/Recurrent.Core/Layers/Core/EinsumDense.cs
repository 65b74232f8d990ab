using Recurrent.Activations;
using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// A dense layer over any axes, written as an equation: <c>y = f(einsum(equation, x, W) + b)</c>. <c>"abc,cde-&gt;abde"</c> makes
/// (heads, size) of the features of every step; <c>"...x,xy-&gt;...y"</c> is <see cref="Dense"/>.
/// </summary>
/// <remarks>
/// <para>
/// With s the axes of input, kernel and output, f those of input and output, c those of input and kernel, u those of kernel
/// and output, and r those of the input alone: <c>Z[s,f,u] = Σ_c W[s,c,u]·Σ_r X[s,f,c,r] + b</c>, <c>Y = f(Z)</c>: for each
/// place along s one product of matrices, W_sᵀ: u × c by X_s: c × (f, batch). Backward: <c>dZ = f'(Z) ∘ dY</c>, <c>dW[s,c,u]
/// += Σ_f dZ[s,f,u]·Σ_r X[s,f,c,r]</c>, <c>db += Σ dZ</c> over the axes that the bias does not have, <c>dX[s,f,c,r] = Σ_u
/// W[s,c,u]·dZ[s,f,u]</c>.
/// </para>
/// <para>
/// Equations are those that Keras takes: <c>X,W-&gt;Y</c>, <c>...X,W-&gt;...Y</c> or <c>X...,W-&gt;Y...</c>, with a letter
/// for each axis. The first letter of X and Y is the batch; an ellipsis in front stands for it and for any axes that follow.
/// Input: (batch, …) as X says. Output: as Y says; where Y is the batch alone, (batch, 1). Parameters: kernel, with the axes
/// of W, and, with <c>biasAxes</c>, bias: from the first of them on the axes of Y, of length 1 where they are not among them.
/// A mask ends here, as in Keras; sequences of unequal length go on where the first axis of a sample is the same before and
/// after. Keras's keras.layers.EinsumDense; its low-rank adaptation and quantization are accepted in files at null only.
/// </para>
/// </remarks>
/// <example><code>
/// Symbol heads = new EinsumDense("abc,cde->abde", outputShape: [null, 4, 16], biasAxes: "de").Call(sequence);
/// </code></example>
public sealed class EinsumDense : UnaryLayer<EinsumDensePass>
{
    private readonly EinsumEquation parsed;
    private readonly int?[] outputShape;
    private readonly string? biasAxes;
    private readonly WeightOptions kernelOptions;
    private readonly WeightOptions biasOptions;
    private EinsumKernel? kernel;

    /// <summary>Creates the layer.</summary>
    /// <param name="equation">The equation: <c>"abc,cd-&gt;abd"</c>.</param>
    /// <param name="outputShape">
    /// Length of each axis of the output that the equation names, that of the batch left out; null where it is one of the input.
    /// </param>
    /// <param name="activation">The function f; null (the default) is linear.</param>
    /// <param name="biasAxes">
    /// The letters of the axes of the output that the bias has: <c>"d"</c>; null (the default) for no bias.
    /// </param>
    /// <param name="kernelInitializer">First values of W; null is Keras's default, <c>glorot_uniform</c>.</param>
    /// <param name="biasInitializer">First values of b; null is Keras's default, <c>zeros</c>.</param>
    /// <param name="kernelRegularizer">Penalty on W; none by default.</param>
    /// <param name="biasRegularizer">Penalty on b; none by default.</param>
    /// <param name="kernelConstraint">Projection of W after each update; none by default.</param>
    /// <param name="biasConstraint">Projection of b after each update; none by default.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>einsum_dense</c>.</param>
    /// <param name="trainable">Whether training changes the parameters; true by default.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public EinsumDense(
        string equation,
        IReadOnlyList<int?> outputShape,
        ActivationFunction? activation = null,
        string? biasAxes = null,
        Initializer? kernelInitializer = null,
        Initializer? biasInitializer = null,
        Regularizer? kernelRegularizer = null,
        Regularizer? biasRegularizer = null,
        Constraint? kernelConstraint = null,
        Constraint? biasConstraint = null,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        ArgumentNullException.ThrowIfNull(equation);
        ArgumentNullException.ThrowIfNull(outputShape);
        var check = new OptionCheck(Introduction);
        parsed = new EinsumEquation(check, equation, outputShape, biasAxes);
        check.ThrowIfAny();
        Equation = equation;
        this.outputShape = [.. outputShape];
        this.biasAxes = biasAxes;
        Function = activation ?? new Linear();
        kernelOptions = WeightOptions.Of(kernelInitializer, kernelRegularizer, kernelConstraint, "glorot_uniform");
        biasOptions = WeightOptions.Of(biasInitializer, biasRegularizer, biasConstraint, "zeros");
    }

    /// <inheritdoc/>
    public override string ClassName => "EinsumDense";

    /// <summary>The equation.</summary>
    public string Equation { get; }

    /// <summary>The function f.</summary>
    internal ActivationFunction Function { get; }

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => parsed.KeepsSteps(InputShape?.Rank) == false
        ? new($"its equation '{Equation}' sums over steps, or weighs them each in its own way")
        : null;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The input does not have the axes of the equation.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return parsed.Resolve(this, input).OutputShape;
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("output_shape", outputShape);
        config.Add("equation", Equation);
        config.Add("activation", LayerConfig.Entry(Function));
        config.Add("bias_axes", biasAxes);
        config.Add("kernel_initializer", kernelOptions.Initializer);
        config.Add("bias_initializer", biasOptions.Initializer);
        config.Add("kernel_regularizer", kernelOptions.Regularizer);
        config.Add("bias_regularizer", biasOptions.Regularizer);
        if (ActivityRegularizer is null)
        {
            // Keras writes this one here even where there is none.
            config.Add("activity_regularizer", null);
        }

        config.Add("kernel_constraint", kernelOptions.Constraint);
        config.Add("bias_constraint", biasOptions.Constraint);
        config.Add("quantization_config", null);
        return config;
    }

    internal static EinsumDense Read(ConfigReader config)
    {
        config.Expect("quantization_config", [null]);
        config.Expect("lora_rank", [null]);
        config.Expect("lora_alpha", [null]);
        config.Expect("gptq_unpacked_column_size", [null]);
        WeightOptions kernel = WeightOptions.Read(config, "kernel");
        WeightOptions bias = WeightOptions.Read(config, "bias");
        string equation = config.String("equation");
        return new(
            equation,
            config.Raw("output_shape") is IReadOnlyList<object?>
                ? config.OptionalInts("output_shape")!
                : [config.Int("output_shape")],
            config.Activation("activation"),
            config.OptionalString("bias_axes"),
            kernel.Initializer,
            bias.Initializer,
            kernel.Regularizer,
            bias.Regularizer,
            kernel.Constraint,
            bias.Constraint,
            config.Name(),
            config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };
    }

    /// <inheritdoc/>
    private protected override bool CanShare(Shape built, Shape other) =>
        parsed.Resolve(this, built) is var own && parsed.Resolve(this, other) is var others
        && own.KernelShape.AsSpan().SequenceEqual(others.KernelShape)
        && (biasAxes is null || (others.OpenBias is null && own.BiasShape.AsSpan().SequenceEqual(others.BiasShape)));

    /// <inheritdoc/>
    protected override void BuildParameters(Shape input)
    {
        EinsumAxes axes = parsed.Resolve(this, input);
        if (axes.OpenBias is { } open)
        {
            throw new ShapeException(
                Introduction,
                $"input whose axis '{open}' of '{Equation}' is known",
                input,
                "Give the length of that axis in inputShape: the bias has it too.");
        }

        Initializer first = kernelOptions.FirstValues is ScaledInitializer scaled
            ? scaled.For(axes.FanIn, axes.FanOut)
            : kernelOptions.FirstValues;
        AddParameter(kernelOptions.NewParameter("kernel", axes.KernelShape), first);
        if (axes.Bias is not null)
        {
            AddParameter(biasOptions.NewParameter("bias", axes.BiasShape), biasOptions.FirstValues);
        }

        kernel = new EinsumKernel(axes);
    }

    /// <inheritdoc/>
    protected override void PackParameters() => kernel!.Pack(Parameters[0].Value.Values);

    /// <inheritdoc/>
    protected override EinsumDensePass NewPass(PassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(this, options, parsed.Resolve(this, options.InputShape), kernel!);
    }

    /// <inheritdoc/>
    protected override SequenceBatch Forward(EinsumDensePass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        pass.Multiply(input, kernel!, biasAxes is null ? default : Parameters[1].Values);
        if (Function is not Linear)
        {
            Function.Forward(pass.Sums.Values, pass.Output.Values.Values, pass.Sums.RowCount);
        }

        pass.Output.Mask = pass.MaskOf(input);
        return pass.Output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(EinsumDensePass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (Function is not Linear)
        {
            Span<Real> gradient = outputGradient.Values;
            Function.Backward(pass.Sums.Values, pass.Output.Values.Values, gradient, gradient, outputGradient.RowCount);
        }

        return pass.MultiplyBack(outputGradient, kernel!);
    }
}
