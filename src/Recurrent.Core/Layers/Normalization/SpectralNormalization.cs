using Recurrent.Initializers;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Keeps the largest singular value of a layer's kernel at 1: before each update the kernel is divided by it.</summary>
/// <remarks>
/// <para>
/// With W the kernel as a matrix, its last axis across, and u a vector that is kept, before each update of a training run,
/// <c>powerIterations</c> times: <c>v ← u·Wᵀ / ‖u·Wᵀ‖</c>, <c>u ← v·W / ‖v·W‖</c>; then <c>σ = v·W·uᵀ</c> and <c>W ← W / σ</c>.
/// Forward and backward are the wrapped layer's: the gradient is that of the kernel that was divided, and does not go through σ,
/// as in Keras, which assigns the kernel. A kernel of zeros stays, and so does one that is not trained.
/// </para>
/// <para>
/// Input and output: the wrapped layer's. Parameters: the wrapped layer's kernel, vector_u (last axis of the kernel), which no
/// optimizer changes and every file of the model holds, and the wrapped layer's others. Miyato, Kataoka, Koyama and Yoshida,
/// "Spectral normalization for generative adversarial networks", ICLR 2018; Keras's keras.layers.SpectralNormalization.
/// </para>
/// </remarks>
public sealed class SpectralNormalization : UnaryLayer<SpectralNormalizationPass>
{
    private Parameter? kernel;
    private Parameter? vector;
    private double[] left = [];
    private double[] right = [];

    /// <summary>Wraps a layer.</summary>
    /// <param name="layer">A layer with a kernel or a table of embeddings, such as <see cref="Dense"/>, not built yet.</param>
    /// <param name="powerIterations">How often u and v are improved before each update; at least 1. Default 1.</param>
    /// <param name="name">Name of this layer; null takes one from the model: <c>spectral_normalization</c>.</param>
    /// <param name="trainable">Whether training changes the parameters; false makes it false for the wrapped layer too.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">
    /// The layer is built, has no kernel, or options that only the wrapper can have.
    /// </exception>
    public SpectralNormalization(
        Layer layer, int powerIterations = 1, string? name = null, bool trainable = true, Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        ArgumentNullException.ThrowIfNull(layer);
        new OptionCheck(Introduction)
            .Require(layer.InputShape is null, $"{layer.Introduction} is built already, and belongs to one place of one model")
            .Require(layer.DeclaredInputShape is null, $"give inputShape to {ClassName}, not to the wrapped {layer.Introduction}")
            .Require(
                layer.ActivityRegularizer is null,
                $"give the activity regularizer to {ClassName}, not to the wrapped {layer.Introduction}")
            .Require(
                layer is Dense or EinsumDense or Embedding or Conv1D or Conv1DTranspose or DepthwiseConv1D,
                $"the wrapped {layer.Introduction} has no kernel of its own: wrap a Dense, an EinsumDense, an Embedding or a "
                + "convolution")
            .Positive("powerIterations", powerIterations)
            .ThrowIfAny();
        layer.Name ??= LayerNames.SnakeCase(layer.ClassName);
        Layer = layer;
        PowerIterations = powerIterations;
        Inner = [layer];
    }

    /// <inheritdoc/>
    public override string ClassName => "SpectralNormalization";

    /// <summary>The wrapped layer.</summary>
    public Layer Layer { get; }

    /// <summary>How often u and v are improved before each update.</summary>
    public int PowerIterations { get; }

    /// <inheritdoc/>
    public override bool CreatesMask => Layer.CreatesMask;

    /// <inheritdoc/>
    public override int? IdCount => Layer.IdCount;

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => Layer is IHasStates
        ? new($"what {Layer.Introduction} inside has seen is no state of it")
        : Layer.StreamingObstacle?.Outside(reason => $"{Layer.Introduction} inside cannot, because {reason}");

    internal override CallForm CallForm => CallForm.Trained;

    internal override string? RaggedObstacle => Layer.RaggedObstacle;

    /// <inheritdoc/>
    public override IEnumerable<string> ParameterPaths => Parameters.Select(parameter =>
        ReferenceEquals(parameter, vector) ? $"{Name}/{parameter.Name}" : $"{Name}/{Layer.Name}/{parameter.Name}");

    /// <inheritdoc/>
    public override Shape ComputeOutputShape(Shape input) => Layer.ComputeOutputShape(input);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("layer", Layer);
        config.Add("power_iterations", PowerIterations);
        return config;
    }

    internal static SpectralNormalization Read(ConfigReader config) =>
        new(
            config.Component("layer", LayerNames.Registry),
            config.Int("power_iterations", 1),
            config.Name(),
            config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };

    internal override long ValuesPerSample(Shape input, bool differentiable) => Layer.ValuesPerSample(input, differentiable);

    /// <inheritdoc/>
    internal override bool ChangesBeforeUpdate => true;

    /// <inheritdoc/>
    internal override void BeforeUpdate()
    {
        Span<Real> w = kernel!.Values;
        if (!kernel.Trainable || !w.ContainsAnyExcept(0))
        {
            return;
        }

        Span<Real> u = vector!.Values;
        for (int i = 0; i < u.Length; i++)
        {
            right[i] = u[i];
        }

        for (int iteration = 0; iteration < PowerIterations; iteration++)
        {
            for (int row = 0; row < left.Length; row++)
            {
                left[row] = Dot(w.Slice(row * right.Length, right.Length), right);
            }

            Normalize(left);
            Array.Clear(right);
            for (int row = 0; row < left.Length; row++)
            {
                for (int i = 0; i < right.Length; i++)
                {
                    right[i] += left[row] * w[(row * right.Length) + i];
                }
            }

            Normalize(right);
        }

        double sigma = 0;
        for (int row = 0; row < left.Length; row++)
        {
            sigma += left[row] * Dot(w.Slice(row * right.Length, right.Length), right);
        }

        for (int i = 0; i < u.Length; i++)
        {
            u[i] = (Real)right[i];
        }

        vector.MarkChanged();
        if (sigma != 0)
        {
            foreach (ref Real weight in w)
            {
                weight = (Real)(weight / sigma);
            }

            kernel.MarkChanged();
        }
    }

    /// <inheritdoc/>
    protected override void BuildParameters(Shape input)
    {
        vector = null;
        Layer.Build(input, Seed, Source is null ? null : new VectorBehindKernel(this, Source));
        kernel = Layer.Parameters.First(parameter => parameter.Name is "kernel" or "embeddings" or "depthwise_kernel");
        int last = kernel.Shape[^1];
        AdoptParameter(kernel);
        if (vector is null)
        {
            vector = NewVector(last);
            AddParameter(vector, new TruncatedNormal(stddev: 0.02));
        }
        else
        {
            AdoptParameter(vector);
        }

        foreach (Parameter other in Layer.Parameters.Where(parameter => !ReferenceEquals(parameter, kernel)))
        {
            AdoptParameter(other);
        }

        left = new double[kernel.Size / last];
        right = new double[last];
    }

    /// <inheritdoc/>
    private protected override bool CanShare(Shape built, Shape other) => Layer.CanTake(other);

    /// <inheritdoc/>
    protected override void PackParameters() => Layer.Prepare();

    /// <inheritdoc/>
    protected override SpectralNormalizationPass NewPass(PassOptions options) => new(this, options);

    /// <inheritdoc/>
    protected override SequenceBatch Forward(SpectralNormalizationPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return Layer.Forward(pass.Inner, input);
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(SpectralNormalizationPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return Layer.Backward(pass.Inner, outputGradient);
    }

    private static Parameter NewVector(int length) => new("vector_u", [1, length]) { IsStatistic = true };

    private static double Dot(ReadOnlySpan<Real> x, double[] y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    private static void Normalize(double[] x)
    {
        double squares = 0;
        foreach (double value in x)
        {
            squares += value * value;
        }

        double norm = Math.Sqrt(squares);
        for (int i = 0; i < x.Length && norm > 0; i++)
        {
            x[i] /= norm;
        }
    }

    /// <summary>First values from elsewhere come in the order of the parameters, in which u is behind the kernel.</summary>
    private sealed class VectorBehindKernel(SpectralNormalization owner, IParameterSource source) : IParameterSource
    {
        public bool TryFill(Parameter parameter)
        {
            bool filled = source.TryFill(parameter);
            if (owner.vector is null && filled)
            {
                Parameter vector = NewVector(parameter.Shape[^1]);
                owner.vector = source.TryFill(vector) ? vector : null;
            }

            return filled;
        }
    }
}
