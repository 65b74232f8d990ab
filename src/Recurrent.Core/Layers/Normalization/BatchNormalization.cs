using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// Brings each channel to mean 0 and variance 1, in training over the batch and in prediction by what training has seen, then
/// scales and shifts it.
/// </summary>
/// <remarks>
/// <para>
/// In training, with mean μ and variance σ² (divided by N) over the N values of a channel in the batch that no mask hides:
/// <c>x̂ = (x − μ) / √(σ² + ε)</c>, <c>y = γ ∘ x̂ + β</c>; after the update the moving statistics go on,
/// <c>m ← momentum·m + (1 − momentum)·μ</c> and likewise the variance. In prediction, and in training where <c>trainable</c> is
/// false, μ and σ² are the moving ones.
/// </para>
/// <para>
/// Backward: <c>dβ += Σ dy</c>, <c>dγ += Σ dy ∘ x̂</c>, <c>dx = γ/√(σ² + ε) ∘ (dy − w/N·(Σ dy + x̂ ∘ Σ dy∘x̂))</c>, w 1 where a
/// value counts and 0 where it is masked; with moving statistics <c>dx = γ/√(σ² + ε) ∘ dy</c>.
/// </para>
/// <para>
/// The statistics are those of the whole batch, however it is cut over threads, and their bits depend on the batch alone. A mask
/// is passed on. Parameters, one entry for each channel: gamma (with <c>scale</c>), beta (with <c>center</c>), moving_mean and
/// moving_variance, which no optimizer changes and every file of the model holds. Ioffe and Szegedy, "Batch normalization", ICML
/// 2015; Keras's keras.layers.BatchNormalization, without batch renormalization (<c>renorm</c>).
/// </para>
/// </remarks>
public sealed partial class BatchNormalization : UnaryLayer<BatchNormalizationPass>, IBatchStatistics
{
    private readonly int axis;
    private readonly double momentum;
    private readonly double epsilon;
    private readonly bool center;
    private readonly bool scale;
    private readonly bool synchronized;
    private readonly WeightOptions betaOptions;
    private readonly WeightOptions gammaOptions;
    private readonly Initializer meanInitializer;
    private readonly Initializer varianceInitializer;

    /// <summary>Creates the layer.</summary>
    /// <param name="axis">
    /// The axis of the channels; 1 is the first of a sample, negative ones count from the end. Default −1.
    /// </param>
    /// <param name="momentum">Share of the moving statistics that an update keeps; from 0 to 1. Default 0.99.</param>
    /// <param name="epsilon">ε, added to the variance; at least 0. Default 0.001.</param>
    /// <param name="center">Whether β is added; true by default.</param>
    /// <param name="scale">Whether γ is multiplied with; true by default.</param>
    /// <param name="betaInitializer">First values of β; null is Keras's default, <c>zeros</c>.</param>
    /// <param name="gammaInitializer">First values of γ; null is Keras's default, <c>ones</c>.</param>
    /// <param name="movingMeanInitializer">First values of the moving mean; null is Keras's default, <c>zeros</c>.</param>
    /// <param name="movingVarianceInitializer">First values of the moving variance; null is Keras's default, <c>ones</c>.</param>
    /// <param name="betaRegularizer">Penalty on β; none by default.</param>
    /// <param name="gammaRegularizer">Penalty on γ; none by default.</param>
    /// <param name="betaConstraint">Projection of β after each update; none by default.</param>
    /// <param name="gammaConstraint">Projection of γ after each update; none by default.</param>
    /// <param name="synchronized">Kept for files: the statistics are those of the whole batch in any case. Default false.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>batch_normalization</c>.</param>
    /// <param name="trainable">
    /// Whether training changes the layer; false makes it behave as in prediction. True by default.
    /// </param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public BatchNormalization(
        int axis = -1,
        double momentum = 0.99,
        double epsilon = 0.001,
        bool center = true,
        bool scale = true,
        Initializer? betaInitializer = null,
        Initializer? gammaInitializer = null,
        Initializer? movingMeanInitializer = null,
        Initializer? movingVarianceInitializer = null,
        Regularizer? betaRegularizer = null,
        Regularizer? gammaRegularizer = null,
        Constraint? betaConstraint = null,
        Constraint? gammaConstraint = null,
        bool synchronized = false,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        SampleAxes.Check(new OptionCheck(Introduction), "axis", [axis])
            .Require(
                momentum is >= 0 and <= 1,
                FormattableString.Invariant($"momentum must be at least 0 and at most 1, but is {momentum}"),
                nameof(momentum))
            .AtLeast(nameof(epsilon), epsilon, 0)
            .ThrowIfAny();
        this.axis = axis;
        this.momentum = momentum;
        this.epsilon = epsilon;
        this.center = center;
        this.scale = scale;
        this.synchronized = synchronized;
        betaOptions = WeightOptions.Of(betaInitializer, betaRegularizer, betaConstraint, "zeros");
        gammaOptions = WeightOptions.Of(gammaInitializer, gammaRegularizer, gammaConstraint, "ones");
        meanInitializer = movingMeanInitializer ?? "zeros";
        varianceInitializer = movingVarianceInitializer ?? "ones";
    }

    /// <inheritdoc/>
    public override string ClassName => "BatchNormalization";

    internal override CallForm CallForm => CallForm.Masked;

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => InputShape is { Rank: > 1 } input && Place(input) == 0
        ? new("its channels are the steps of a sequence", "Choose another axis, or give it whole sequences")
        : null;

    private Parameter MovingMean => Parameters[^2];

    private Parameter MovingVariance => Parameters[^1];

    /// <inheritdoc/>
    /// <exception cref="ShapeException">There is no such axis, or its length is unknown.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return SampleAxes.RequireKnown(
            this, [Place(input)], input, "Give its length in inputShape: gamma and beta have an entry for each channel.");
    }

    /// <inheritdoc/>
    bool IBatchStatistics.IsShared(bool training) => training && Trainable;

    /// <inheritdoc/>
    void IBatchStatistics.Contribute(Pass pass, SequenceBatch input)
    {
        var own = (BatchNormalizationPass)pass;
        own.Count(own.Gather(input.Values), input.Mask);
    }

    /// <inheritdoc/>
    BatchSums IBatchStatistics.SumsOf(Pass? pass) =>
        ((BatchNormalizationPass?)pass)?.Sums ?? new BatchSums(MovingMean.Values.Length);

    /// <inheritdoc/>
    void IBatchStatistics.ContributeBack(Pass pass, DenseMatrix outputGradient)
    {
        var own = (BatchNormalizationPass)pass;
        SumGradients(own, own.GatherGradient(outputGradient));
    }

    /// <inheritdoc/>
    internal override void UpdateStatistics(Pass pass)
    {
        var own = (BatchNormalizationPass)pass;
        if (!own.FollowsBatch)
        {
            return;
        }

        BatchSums sums = own.Sums;
        Span<Real> mean = MovingMean.Values;
        Span<Real> variance = MovingVariance.Values;
        for (int channel = 0; channel < mean.Length; channel++)
        {
            double count = sums.Counts[channel];
            if (count > 0)
            {
                mean[channel] = (Real)((momentum * mean[channel]) + ((1 - momentum) * sums.Means[channel]));
                variance[channel] = (Real)((momentum * variance[channel]) + ((1 - momentum) * sums.Deviations[channel] / count));
            }
        }

        MovingMean.MarkChanged();
        MovingVariance.MarkChanged();
    }

    /// <inheritdoc/>
    private protected override bool CanShare(Shape built, Shape other) => built[Place(built)] == other[Place(other)];

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

        AddParameter(new Parameter("moving_mean", [channels]) { IsStatistic = true }, meanInitializer);
        AddParameter(new Parameter("moving_variance", [channels]) { IsStatistic = true }, varianceInitializer);
    }

    /// <inheritdoc/>
    protected override BatchNormalizationPass NewPass(PassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(this, options, AxisGather.Along(options.InputShape, options.BatchSize, [Place(options.InputShape)]));
    }

    /// <inheritdoc/>
    protected override SequenceBatch Forward(BatchNormalizationPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        DenseMatrix x = pass.Gather(input.Values);
        pass.Mask = input.Mask;
        pass.FollowsBatch = pass.Training && Trainable && !pass.Options.UsesMovingStatistics;
        if (pass.FollowsBatch && !pass.Sums.IsShared)
        {
            pass.Count(x, input.Mask);
        }

        int channels = x.RowCount;
        BatchSums sums = pass.Sums;
        for (int channel = 0; channel < channels; channel++)
        {
            // Where nothing counts, because all is masked, there is nothing to take statistics of.
            bool follows = pass.FollowsBatch && sums.Counts[channel] > 0;
            double variance = follows ? sums.Deviations[channel] / sums.Counts[channel]
                : Math.Max(0, MovingVariance.Values[channel]);
            double root = Math.Sqrt(variance + epsilon);
            pass.Inverses[channel] = root == 0 ? 0 : 1 / root;
            if (!follows)
            {
                sums.Means[channel] = MovingMean.Values[channel];
            }
        }

        ReadOnlySpan<Real> gamma = scale ? Parameters[0].Values : [];
        ReadOnlySpan<Real> beta = center ? Parameters[^3].Values : [];
        Real[] hat = pass.Normalized.Values;
        Real[] y = pass.GatheredOutput.Values;
        double[] means = sums.Means;
        double[] inverses = pass.Inverses;
        for (int first = 0; first < hat.Length; first += channels)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                int i = first + channel;
                Real normalized = (Real)((x.Values[i] - means[channel]) * inverses[channel]);
                hat[i] = normalized;
                y[i] = ((scale ? gamma[channel] : 1) * normalized) + (center ? beta[channel] : 0);
            }
        }

        return pass.Finish(input.Mask);
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(BatchNormalizationPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        DenseMatrix slopes = pass.GatherGradient(outputGradient);
        BatchSums sums = pass.Sums;
        if (!sums.IsSharedBack)
        {
            SumGradients(pass, slopes);
            sums.TakeOwn();
        }

        int channels = slopes.RowCount;
        for (int channel = 0; channel < channels; channel++)
        {
            if (scale)
            {
                pass.Gradients[0].Values[channel] += (Real)sums.GradientSlopes[channel];
            }

            if (center)
            {
                pass.Gradients[^3].Values[channel] += (Real)sums.GradientSums[channel];
            }
        }

        if (!pass.Options.InputGradient)
        {
            return null;
        }

        ReadOnlySpan<Real> gamma = scale ? Parameters[0].Values : [];
        Real[] hat = pass.Normalized.Values;
        Real[] g = slopes.Values;
        for (int first = 0; first < g.Length; first += channels)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                int i = first + channel;
                double through = 0;
                if (pass.FollowsBatch && sums.Counts[channel] > 0 && (pass.Mask is null || !pass.IsMasked(pass.Mask, i)))
                {
                    through = (sums.AllGradientSums[channel] + (hat[i] * sums.AllGradientSlopes[channel])) / sums.Counts[channel];
                }

                g[i] = (Real)((scale ? gamma[channel] : 1) * pass.Inverses[channel] * (g[i] - through));
            }
        }

        return pass.ScatterGradient(outputGradient);
    }

    private static void SumGradients(BatchNormalizationPass pass, DenseMatrix slopes)
    {
        double[] sums = pass.Sums.GradientSums;
        double[] products = pass.Sums.GradientSlopes;
        Array.Clear(sums);
        Array.Clear(products);
        Real[] hat = pass.Normalized.Values;
        Real[] g = slopes.Values;
        int channels = slopes.RowCount;
        for (int first = 0; first < g.Length; first += channels)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                sums[channel] += g[first + channel];
                products[channel] += (double)g[first + channel] * hat[first + channel];
            }
        }
    }

    private int Place(Shape input) => SampleAxes.Places(this, "axis", [axis], input)[0];
}
