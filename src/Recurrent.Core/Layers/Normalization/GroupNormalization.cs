using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// Brings the values of each sample, for each group of channels by itself, to mean 0 and variance 1, then scales and shifts each
/// channel.
/// </summary>
/// <remarks>
/// <para>
/// Forward, with mean μ and variance σ² (divided by n) over the n values of a group, those of all its channels and of all places
/// along the other axes: <c>x̂ = (x − μ) / √(σ² + ε)</c>, <c>y = γ ∘ x̂ + β</c>. Backward: <c>dγ += Σ dy ∘ x̂</c>, <c>dβ += Σ
/// dy</c>, and with <c>g = γ ∘ dy</c>: <c>dx = (g − mean(g) − x̂ ∘ mean(g ∘ x̂)) / √(σ² + ε)</c>.
/// </para>
/// <para>
/// Input and output: (batch, …), of any rank from 2 on; the number of channels must be known and divisible by that of the groups.
/// One group is layer normalisation over all axes, as many groups as channels (<c>groups: -1</c>) instance normalisation.
/// Parameters, one entry for each channel: gamma (with <c>scale</c>) and beta (with <c>center</c>). The same in training and in
/// prediction. A mask is passed on; values of masked steps count, as in Keras. Wu and He, "Group normalization", ECCV 2018;
/// Keras's keras.layers.GroupNormalization.
/// </para>
/// </remarks>
public sealed class GroupNormalization : UnaryLayer<AxisPass>
{
    private readonly int groups;
    private readonly int axis;
    private readonly double epsilon;
    private readonly bool center;
    private readonly bool scale;
    private readonly WeightOptions betaOptions;
    private readonly WeightOptions gammaOptions;

    /// <summary>Creates the layer.</summary>
    /// <param name="groups">Number of groups; −1 makes a group of each channel. Default 32.</param>
    /// <param name="axis">
    /// The axis of the channels; 1 is the first of a sample, negative ones count from the end. Default −1.
    /// </param>
    /// <param name="epsilon">ε, added to the variance; at least 0. Default 0.001.</param>
    /// <param name="center">Whether β is added; true by default.</param>
    /// <param name="scale">Whether γ is multiplied with; true by default.</param>
    /// <param name="betaInitializer">First values of β; null is Keras's default, <c>zeros</c>.</param>
    /// <param name="gammaInitializer">First values of γ; null is Keras's default, <c>ones</c>.</param>
    /// <param name="betaRegularizer">Penalty on β; none by default.</param>
    /// <param name="gammaRegularizer">Penalty on γ; none by default.</param>
    /// <param name="betaConstraint">Projection of β after each update; none by default.</param>
    /// <param name="gammaConstraint">Projection of γ after each update; none by default.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>group_normalization</c>.</param>
    /// <param name="trainable">Whether training changes the parameters; true by default.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public GroupNormalization(
        int groups = 32,
        int axis = -1,
        double epsilon = 0.001,
        bool center = true,
        bool scale = true,
        Initializer? betaInitializer = null,
        Initializer? gammaInitializer = null,
        Regularizer? betaRegularizer = null,
        Regularizer? gammaRegularizer = null,
        Constraint? betaConstraint = null,
        Constraint? gammaConstraint = null,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        SampleAxes.Check(new OptionCheck(Introduction), "axis", [axis])
            .Require(
                groups is -1 or >= 1,
                FormattableString.Invariant($"groups must be at least 1, or -1 for a group of each channel, but is {groups}"),
                nameof(groups))
            .AtLeast(nameof(epsilon), epsilon, 0)
            .ThrowIfAny();
        this.groups = groups;
        this.axis = axis;
        this.epsilon = epsilon;
        this.center = center;
        this.scale = scale;
        betaOptions = WeightOptions.Of(betaInitializer, betaRegularizer, betaConstraint, "zeros");
        gammaOptions = WeightOptions.Of(gammaInitializer, gammaRegularizer, gammaConstraint, "ones");
    }

    /// <inheritdoc/>
    public override string ClassName => "GroupNormalization";

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => InputShape is { Rank: > 1 }
        ? new("it normalizes over the steps of a sequence", "Use LayerNormalization, or give it whole sequences")
        : null;

    internal override string? RaggedObstacle =>
        "takes padding for data, since it normalizes over the steps. Use LayerNormalization";

    /// <inheritdoc/>
    private protected override bool CanShare(Shape built, Shape other) => built[Place(built)] == other[Place(other)];

    /// <inheritdoc/>
    /// <exception cref="ShapeException">There is no such axis, its length is unknown, or the groups do not divide it.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        int place = Place(input);
        SampleAxes.RequireKnown(
            this, [place], input, "Give its length in inputShape: gamma and beta have an entry for each channel.");
        int channels = input[place]!.Value;
        return groups == -1 || channels % groups == 0
            ? input
            : throw new ShapeException(
                Introduction,
                FormattableString.Invariant($"input whose channels (axis {axis}) {groups} groups divide"),
                input,
                FormattableString.Invariant($"Give groups a number that divides {channels}, or -1 for a group of each channel."));
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("groups", InputShape is null ? groups : GroupsOf(InputShape));
        config.Add("axis", axis);
        config.Add("epsilon", epsilon);
        config.Add("center", center);
        config.Add("scale", scale);
        config.Add("beta_initializer", betaOptions.Initializer);
        config.Add("gamma_initializer", gammaOptions.Initializer);
        config.Add("beta_regularizer", betaOptions.Regularizer);
        config.Add("gamma_regularizer", gammaOptions.Regularizer);
        config.Add("beta_constraint", betaOptions.Constraint);
        config.Add("gamma_constraint", gammaOptions.Constraint);
        return config;
    }

    internal static GroupNormalization Read(ConfigReader config)
    {
        WeightOptions beta = WeightOptions.Read(config, "beta");
        WeightOptions gamma = WeightOptions.Read(config, "gamma");
        return new(
            config.Int("groups", 32),
            config.Int("axis", -1),
            config.Double("epsilon", 0.001),
            config.Bool("center", true),
            config.Bool("scale", true),
            beta.Initializer,
            gamma.Initializer,
            beta.Regularizer,
            gamma.Regularizer,
            beta.Constraint,
            gamma.Constraint,
            config.Name(),
            config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };
    }

    /// <inheritdoc/>
    protected override void BuildParameters(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        int channels = input[Place(input)]!.Value;
        if (scale)
        {
            AddParameter(gammaOptions.NewParameter("gamma", channels), gammaOptions.FirstValues);
        }

        if (center)
        {
            AddParameter(betaOptions.NewParameter("beta", channels), betaOptions.FirstValues);
        }
    }

    /// <inheritdoc/>
    protected override AxisPass NewPass(PassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Shape input = options.InputShape;
        return new(this, options, AxisGather.Groups(input, options.BatchSize, Place(input), GroupsOf(input)));
    }

    /// <inheritdoc/>
    protected override SequenceBatch Forward(AxisPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        ColumnBlock from = pass.Gather(input.Values);
        ColumnBlock to = pass.GatheredOutput;
        ColumnBlock normalized = pass.Normalized;
        int perGroup = pass.ChannelsPerColumn;
        int places = from.Rows / perGroup;
        for (int column = 0; column < from.ColumnCount; column++)
        {
            Span<Real> hat = normalized.Column(column);
            Span<Real> y = to.Column(column);
            pass.Factors[column] = Normalizer.Forward(from.Column(column), hat, epsilon);
            int firstChannel = column * perGroup % (from.ColumnCount / input.BatchSize * perGroup);
            for (int i = 0; i < hat.Length; i++)
            {
                int channel = firstChannel + (i / places);
                y[i] = ((scale ? Parameters[0].Values[channel] : 1) * hat[i]) + (center ? Parameters[^1].Values[channel] : 0);
            }
        }

        return pass.Finish(input.Mask);
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(AxisPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ColumnBlock slopes = pass.GatherGradient(outputGradient);
        ColumnBlock normalized = pass.Normalized;
        int perGroup = pass.ChannelsPerColumn;
        int places = slopes.Rows / perGroup;
        for (int column = 0; column < slopes.ColumnCount; column++)
        {
            Span<Real> g = slopes.Column(column);
            ReadOnlySpan<Real> hat = normalized.Column(column);
            int firstChannel = column * perGroup % (slopes.ColumnCount / pass.Options.BatchSize * perGroup);
            for (int i = 0; i < perGroup; i++)
            {
                Span<Real> own = g.Slice(i * places, places);
                if (center)
                {
                    pass.Gradients[^1].Values[firstChannel + i] += (Real)Sums.Of<Real>(own);
                }

                if (scale)
                {
                    pass.Gradients[0].Values[firstChannel + i] += (Real)Sums.OfProducts(own, hat.Slice(i * places, places));
                    VectorMath.Scale(Parameters[0].Values[firstChannel + i], own);
                }
            }

            if (pass.Options.InputGradient)
            {
                Normalizer.Backward(g, hat, pass.Factors[column]);
            }
        }

        return pass.Options.InputGradient ? pass.ScatterGradient(outputGradient) : null;
    }

    private int GroupsOf(Shape input) => groups == -1 ? input[Place(input)]!.Value : groups;

    private int Place(Shape input) => SampleAxes.Places(this, "axis", [axis], input)[0];
}
