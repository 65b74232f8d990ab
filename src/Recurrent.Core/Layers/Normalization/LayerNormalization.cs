using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// Brings the values of each sample, over one axis or several, to mean 0 and variance 1, then scales and shifts them.
/// </summary>
/// <remarks>
/// <para>
/// Forward, with mean μ and variance σ² (divided by n) over the n values along the axes, for each of the others by itself:
/// <c>x̂ = (x − μ) / √(σ² + ε)</c>, <c>y = γ ∘ x̂ + β</c>. Backward: <c>dγ += Σ dy ∘ x̂</c>, <c>dβ += Σ dy</c>, and with
/// <c>g = γ ∘ dy</c>: <c>dx = (g − mean(g) − x̂ ∘ mean(g ∘ x̂)) / √(σ² + ε)</c>.
/// </para>
/// <para>
/// Input and output: (batch, …), of any rank from 2 on; by default the axis is the last, so that every step of a sequence is
/// normalized by itself, the same in training and in inference. Parameters, of the lengths of the axes: gamma (with
/// <c>scale</c>) and beta (with <c>center</c>). A mask is passed on; values of masked steps count where the axes run over steps,
/// as in Keras.
/// </para>
/// <para>
/// With <c>rmsScaling</c>, which Keras keeps for models of old, nothing is taken away: <c>u = x / √(σ² + ε)</c>, <c>y = γ ∘ u</c>
/// without β, whatever <c>center</c> and <c>scale</c> say. Despite the name it divides by the standard deviation, not by the root
/// of the mean square, as <see cref="RMSNormalization"/> does. Backward: <c>dγ += Σ dy ∘ u</c>,
/// <c>dx = (g − x̂ ∘ mean(g ∘ u)) / √(σ² + ε)</c>.
/// </para>
/// <para>
/// Ba, Kiros and Hinton, "Layer normalization" (2016); Keras's keras.layers.LayerNormalization.
/// </para>
/// </remarks>
public sealed class LayerNormalization : AxisLayer
{
    // So many columns stay in the first-level cache from one sweep to the next.
    private const int ColumnsAtATime = 16;

    private readonly double epsilon;
    private readonly bool center;
    private readonly bool scale;
    private readonly bool rmsScaling;
    private readonly WeightOptions betaOptions;
    private readonly WeightOptions gammaOptions;

    /// <summary>Creates the layer.</summary>
    /// <param name="axis">
    /// The axes to normalize over; 0 is that of the batch and not allowed, negative ones count from the end. Null is the last:
    /// <c>[-1]</c>.
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
    /// <param name="name">Name of the layer; null takes one from the model: <c>layer_normalization</c>.</param>
    /// <param name="trainable">Whether training changes the parameters; true by default.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <param name="rmsScaling">
    /// Whether values are divided by their standard deviation and nothing else but multiplied with γ; false by default.
    /// Deprecated in Keras: for new models use <see cref="RMSNormalization"/>.
    /// </param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public LayerNormalization(
        IReadOnlyList<int>? axis = null,
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
        Shape? inputShape = null,
        bool rmsScaling = false)
        : base(axis ?? [-1], name, trainable, inputShape)
    {
        CheckAxis().AtLeast(nameof(epsilon), epsilon, 0).ThrowIfAny();
        this.epsilon = epsilon;
        this.center = center;
        this.scale = scale;
        this.rmsScaling = rmsScaling;
        betaOptions = WeightOptions.Of(betaInitializer, betaRegularizer, betaConstraint, "zeros");
        gammaOptions = WeightOptions.Of(gammaInitializer, gammaRegularizer, gammaConstraint, "ones");
    }

    /// <inheritdoc/>
    public override string ClassName => "LayerNormalization";

    /// <summary>Whether values are only divided by their standard deviation, and multiplied with γ.</summary>
    public bool RmsScaling => rmsScaling;

    private bool HasGamma => scale || rmsScaling;

    private bool HasBeta => center && !rmsScaling;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">There is no such axis, its length is unknown, or it is named twice.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return SampleAxes.RequireKnown(
            this,
            Places(input),
            input,
            "Give its length in inputShape: gamma and beta have an entry for each place along it.");
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("axis", Axis);
        config.Add("epsilon", epsilon);
        config.Add("center", center);
        config.Add("scale", scale);
        config.Add("rms_scaling", rmsScaling);
        config.Add("beta_initializer", betaOptions.Initializer);
        config.Add("gamma_initializer", gammaOptions.Initializer);
        config.Add("beta_regularizer", betaOptions.Regularizer);
        config.Add("gamma_regularizer", gammaOptions.Regularizer);
        config.Add("beta_constraint", betaOptions.Constraint);
        config.Add("gamma_constraint", gammaOptions.Constraint);
        return config;
    }

    internal static LayerNormalization Read(ConfigReader config)
    {
        WeightOptions beta = WeightOptions.Read(config, "beta");
        WeightOptions gamma = WeightOptions.Read(config, "gamma");
        return new(
            SampleAxes.Read(config, "axis"),
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
            config.Trainable(),
            rmsScaling: config.Raw("rms_scaling") is not null && config.Bool("rms_scaling", false))
        { ActivityRegularizer = config.ActivityRegularizer() };
    }

    /// <inheritdoc/>
    protected override void BuildParameters(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        int[] shape = WeightShape(input);
        if (HasGamma)
        {
            AddParameter(gammaOptions.NewParameter("gamma", shape), gammaOptions.FirstValues);
        }

        if (HasBeta)
        {
            AddParameter(betaOptions.NewParameter("beta", shape), betaOptions.FirstValues);
        }
    }

    /// <inheritdoc/>
    protected override SequenceBatch Forward(AxisPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        ReadOnlySpan<Real> gamma = HasGamma ? Parameters[0].Values : [];
        ReadOnlySpan<Real> beta = HasBeta ? Parameters[^1].Values : [];
        ColumnBlock from = pass.Gather(input.Values);
        ColumnBlock to = pass.GatheredOutput;
        ColumnBlock normalized = pass.Normalized;
        for (int first = 0; first < from.ColumnCount; first += ColumnsAtATime)
        {
            int end = Math.Min(first + ColumnsAtATime, from.ColumnCount);
            int count = end - first;
            ColumnBlock some = normalized.Columns(first, count);
            Span<Real> factors = pass.Factors.AsSpan(first, count);
            if (rmsScaling)
            {
                DeviationScaling.Forward(from.Columns(first, count), some, epsilon, factors);
            }
            else
            {
                Normalizer.Forward(from.Columns(first, count), some, epsilon, factors);
            }

            ColumnScaling.Forward(some, gamma, beta, to.Columns(first, count));
        }

        return pass.Finish(input.Mask);
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(AxisPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ColumnBlock slopes = pass.GatherGradient(outputGradient);
        ColumnBlock normalized = pass.Normalized;
        for (int first = 0; first < slopes.ColumnCount; first += ColumnsAtATime)
        {
            int end = Math.Min(first + ColumnsAtATime, slopes.ColumnCount);
            ColumnBlock some = slopes.Columns(first, end - first);
            if (HasBeta)
            {
                Product.AddRowSums(some, pass.Gradients[^1].Values);
            }

            if (HasGamma)
            {
                ColumnBlock hats = normalized.Columns(first, end - first);
                ColumnScaling.Backward(some, hats, Parameters[0].Values, pass.Gradients[0].Values);
            }

            for (int column = first; column < end && pass.Options.InputGradient; column++)
            {
                if (rmsScaling)
                {
                    DeviationScaling.Backward(slopes.Column(column), normalized.Column(column), pass.Factors[column]);
                }
                else
                {
                    Normalizer.Backward(slopes.Column(column), normalized.Column(column), pass.Factors[column]);
                }
            }
        }

        return pass.Options.InputGradient ? pass.ScatterGradient(outputGradient) : null;
    }
}
