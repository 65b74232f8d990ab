using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>A rectified linear unit whose slope below zero is learned: <c>y = max(x, 0) + α ∘ min(x, 0)</c>.</summary>
/// <remarks>
/// <para>
/// Backward: <c>dx = dy</c> above 0 and <c>α ∘ dy</c> below (0 at 0), <c>dα += Σ dy ∘ min(x, 0)</c> over all values that share an
/// α.
/// </para>
/// <para>
/// Input and output: (batch, …), of any rank from 2 on. Parameter: alpha, of the shape of a sample, 1 along shared axes; axes
/// that are not shared must be known. A mask is passed on. He, Zhang, Ren and Sun, "Delving deep into rectifiers", ICCV 2015;
/// Keras's keras.layers.PReLU.
/// </para>
/// </remarks>
public sealed class PReLU : UnaryLayer<ActivationPass>
{
    private readonly int[]? sharedAxes;
    private readonly WeightOptions alphaOptions;

    /// <summary>Creates the layer.</summary>
    /// <param name="alphaInitializer">First values of α; null is Keras's default, <c>zeros</c>.</param>
    /// <param name="alphaRegularizer">Penalty on α; none by default.</param>
    /// <param name="alphaConstraint">Projection of α after each update; none by default.</param>
    /// <param name="sharedAxes">
    /// Axes along which all values share an α: 1 is that of the steps of a sequence, negative ones count from the end. None by
    /// default.
    /// </param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>p_re_lu</c>.</param>
    /// <param name="trainable">Whether training changes α; true by default.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">An axis is that of the batch, or named twice.</exception>
    public PReLU(
        Initializer? alphaInitializer = null,
        Regularizer? alphaRegularizer = null,
        Constraint? alphaConstraint = null,
        IReadOnlyList<int>? sharedAxes = null,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        this.sharedAxes = sharedAxes is null ? null : [.. sharedAxes];
        SampleAxes.Check(new OptionCheck(Introduction), "sharedAxes", this.sharedAxes ?? []).ThrowIfAny();
        alphaOptions = WeightOptions.Of(alphaInitializer, alphaRegularizer, alphaConstraint, "zeros");
    }

    /// <inheritdoc/>
    public override string ClassName => "PReLU";

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => InputShape is { Rank: > 1 } && !SharedPlaces(InputShape).Contains(0)
        ? new("its slopes differ from step to step", "Set sharedAxes: [1]")
        : null;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">There is no such axis, or the length of one that is not shared is unknown.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        int[] shared = SharedPlaces(input);
        for (int axis = 0; axis < input.Rank; axis++)
        {
            if (input[axis] is null && !shared.Contains(axis))
            {
                throw new ShapeException(
                    Introduction,
                    "input whose axes are known, but for shared ones",
                    input,
                    FormattableString.Invariant(
                    $"Share the slopes along that axis (sharedAxes: [{axis + 1}]), or give its length in inputShape."));
            }
        }

        return input;
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        alphaOptions.AddTo(config, "alpha");
        config.Add("shared_axes", sharedAxes);
        return config;
    }

    internal static PReLU Read(ConfigReader config)
    {
        WeightOptions alpha = WeightOptions.Read(config, "alpha");
        return new(
            alpha.Initializer, alpha.Regularizer, alpha.Constraint, SampleAxes.Read(config, "shared_axes"), config.Name(),
                config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };
    }

    /// <inheritdoc/>
    private protected override bool CanShare(Shape built, Shape other) => AlphaShape(built).SequenceEqual(AlphaShape(other));

    /// <inheritdoc/>
    protected override void BuildParameters(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        AddParameter(alphaOptions.NewParameter("alpha", AlphaShape(input)), alphaOptions.FirstValues);
    }

    /// <inheritdoc/>
    protected override ActivationPass NewPass(PassOptions options) => new(this, options);

    /// <inheritdoc/>
    protected override SequenceBatch Forward(ActivationPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        pass.Input = input.Values;
        pass.Output.Mask = input.Mask;
        int[] places = PlacesOf(pass);
        ReadOnlySpan<Real> alpha = Parameters[0].Values;
        ReadOnlySpan<Real> x = input.Values.Values;
        Span<Real> y = pass.Output.Values.Values;
        int features = input.Values.RowCount;
        int stepValues = features * input.BatchSize;
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = x[i] > 0 ? x[i] : alpha[places[(i / stepValues * features) + (i % features)]] * x[i];
        }

        return pass.Output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(ActivationPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        int[] places = PlacesOf(pass);
        ReadOnlySpan<Real> alpha = Parameters[0].Values;
        Span<Real> alphaGradient = pass.Gradients[0].Values;
        ReadOnlySpan<Real> x = pass.Input!.Values;
        Span<Real> gradient = outputGradient.Values;
        int features = outputGradient.RowCount;
        int stepValues = features * pass.Options.BatchSize;
        for (int i = 0; i < x.Length; i++)
        {
            if (x[i] <= 0)
            {
                int place = places[(i / stepValues * features) + (i % features)];
                alphaGradient[place] += gradient[i] * x[i];
                gradient[i] *= x[i] == 0 ? 0 : alpha[place];
            }
        }

        return pass.Options.InputGradient ? outputGradient : null;
    }

    /// <summary>For each value of a sample, in row-major order, which α it has.</summary>
    private int[] PlacesOf(ActivationPass pass)
    {
        if (pass.Places is null)
        {
            Shape input = pass.Options.InputShape;
            int[] lengths = [.. input.Axes.Select(axis => axis!.Value)];
            int[] alpha = AlphaShape(input);
            pass.Places = new int[input.Size];
            for (int place = 0; place < pass.Places.Length; place++)
            {
                int rest = place;
                int stride = 1;
                for (int axis = lengths.Length - 1; axis >= 0; axis--)
                {
                    pass.Places[place] += (alpha[axis] == 1 ? 0 : rest % lengths[axis]) * stride;
                    rest /= lengths[axis];
                    stride *= alpha[axis];
                }
            }
        }

        return pass.Places;
    }

    private int[] AlphaShape(Shape input)
    {
        int[] shared = SharedPlaces(input);
        return [.. input.Axes.Select((axis, i) => shared.Contains(i) ? 1 : axis!.Value)];
    }

    private int[] SharedPlaces(Shape input) => SampleAxes.Places(this, "sharedAxes", sharedAxes ?? [], input);
}
