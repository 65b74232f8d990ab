using System.Globalization;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// Shifts and scales numbers by a mean and a variance that are known before training: <c>y = (x − μ) / σ</c>; or back again.
/// </summary>
/// <remarks>
/// <para>
/// <c>y = (x − μ) / max(σ, 10⁻⁷)</c> with <c>σ = √variance</c>; with <c>invert</c> <c>y = μ + x · max(σ, 10⁻⁷)</c>. Backward:
/// <c>dx = dy / max(σ, 10⁻⁷)</c>, or <c>dx = dy · max(σ, 10⁻⁷)</c>. μ and the variance (divided by N) are given, or <see
/// cref="Adapt(NDArray)"/> takes them from data: one for each place along <c>axis</c>, over all other axes and samples.
/// </para>
/// <para>
/// Input and output: (batch, …). A mask is passed on. Parameters, where μ and the variance are not given: mean and variance,
/// with the axes of <c>axis</c>, and count, the number of values that Adapt has seen; no optimizer changes them, and every
/// file of the model has them. Keras's keras.layers.Normalization.
/// </para>
/// </remarks>
/// <example><code>
/// var normalization = new Normalization();
/// normalization.Adapt(training);
/// var model = new Sequential([normalization, new Dense(1)]);
/// </code></example>
public sealed partial class Normalization : UnaryLayer<NormalizationPass>, IAdapted
{
    private const double Epsilon = 1e-7;

    private readonly int[] axes;
    private readonly NDArray? givenMean;
    private readonly NDArray? givenVariance;
    private readonly bool invert;
    private NormalizationStatistics? learnt;

    /// <summary>Creates the layer.</summary>
    /// <param name="axis">
    /// The axis whose places have a mean and a variance each; 1 is the first of a sample, negative ones count from the end.
    /// Default −1.
    /// </param>
    /// <param name="mean">μ; null (the default) where Adapt is to find it. Given with the variance, in the same shape.</param>
    /// <param name="variance">The variance; null (the default) where Adapt is to find it.</param>
    /// <param name="invert">Whether the layer turns normalized numbers back. Default false.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>normalization</c>.</param>
    /// <param name="trainable">Kept for files: no optimizer changes the layer.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public Normalization(
        int axis = -1,
        NDArray? mean = null,
        NDArray? variance = null,
        bool invert = false,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : this([axis], mean, variance, invert, name, trainable, inputShape)
    {
    }

    /// <summary>Creates the layer for several axes, or for none.</summary>
    /// <param name="axes">The axes; null or an empty list takes one mean and one variance of all.</param>
    /// <param name="mean">
    /// μ, of axes that stretch to those; a single number for all places. Null where Adapt is to find it.
    /// </param>
    /// <param name="variance">The variance, of the same shape; null where Adapt is to find it.</param>
    /// <param name="invert">Whether the layer turns normalized numbers back. Default false.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>normalization</c>.</param>
    /// <param name="trainable">Kept for files: no optimizer changes the layer.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public Normalization(
        IReadOnlyList<int>? axes,
        NDArray? mean = null,
        NDArray? variance = null,
        bool invert = false,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        this.axes = [.. axes ?? []];
        OptionCheck check = SampleAxes.Check(new OptionCheck(Introduction), "axis", this.axes)
            .Require(mean is null == variance is null, "mean and variance must be given together, or neither");
        if (mean is not null && variance is not null)
        {
            check
                .Require(
                    mean.Shape.SequenceEqual(variance.Shape),
                    $"mean and variance must have one shape, but have {NDArray.Describe(mean.Shape)} and "
                    + $"{NDArray.Describe(variance.Shape)}")
                .Require(
                    mean.Size == 1 || mean.Rank <= this.axes.Length,
                    string.Create(CultureInfo.InvariantCulture,
                        $"mean and variance must have as many axes as axis names at most, {this.axes.Length}, but have "
                            + $"{mean.Rank}"),
                    "mean")
                .Require(
                    Array.TrueForAll(mean.Values, Real.IsFinite), "mean must have finite numbers", "mean")
                .Require(
                    Array.TrueForAll(variance.Values, value => Real.IsFinite(value) && value >= 0),
                    "variance must have finite numbers of at least 0",
                    "variance");
        }

        check.ThrowIfAny();
        givenMean = mean;
        givenVariance = variance;
        this.invert = invert;
    }

    /// <inheritdoc/>
    public override string ClassName => "Normalization";

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => InputShape is { Rank: > 1 } input && Places(input).Contains(0)
        ? new("it has a mean for each step of a sequence", "Choose another axis, or give it whole sequences")
        : null;

    /// <inheritdoc/>
    string? IAdapted.Missing => IsReady
        ? null
        : $"{Introduction} has no mean and variance yet: call Adapt with data, or create it with them";

    private bool IsGiven => givenMean is not null;

    /// <summary>Whether there are a mean and a variance: given, learnt, from a file, or set as weights.</summary>
    private bool IsReady => IsGiven || learnt is not null || (InputShape is not null && (
        Parameters[2].Values[0] > 0 || Parameters[0].Version > 0
        || Parameters[0].Values.ContainsAnyExcept((Real)0) || Parameters[1].Values.ContainsAnyExcept((Real)1)));

    /// <summary>Takes mean and variance from data.</summary>
    /// <param name="data">Samples: the first axis counts them.</param>
    /// <exception cref="ArgumentException">There are none, a value is not finite, or the data have other axes than the
    /// layer.</exception>
    /// <exception cref="InvalidOperationException">
    /// Mean and variance were given to the constructor, or another thread works with a model of the layer.
    /// </exception>
    public void Adapt(NDArray data) => Adapt([data]);

    /// <summary>Takes mean and variance from data in several pieces.</summary>
    /// <param name="batches">The pieces, which agree in the axes that have means.</param>
    /// <exception cref="ArgumentException">There are none, a value is not finite, or they have other axes than the
    /// layer.</exception>
    /// <exception cref="InvalidOperationException">
    /// Mean and variance were given to the constructor, or another thread works with a model of the layer.
    /// </exception>
    public void Adapt(IEnumerable<NDArray> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        if (IsGiven)
        {
            throw new InvalidOperationException(
                $"{Introduction} was created with a mean and a variance, so Adapt has nothing to find. Create it without.");
        }

        NormalizationStatistics? found = null;
        foreach (NDArray batch in batches)
        {
            ArgumentNullException.ThrowIfNull(batch, nameof(batches));
            found = Joined(found, batch);
        }

        if (found is null)
        {
            throw new ArgumentException(
                $"{Introduction} can find no mean without data. Give Adapt one sample at least.", nameof(batches));
        }

        int large = Array.FindIndex(found.Variance, variance => !Real.IsFinite(variance));
        if (large >= 0)
        {
            throw new ArgumentException(
                $"{Introduction} finds a variance of "
                + string.Create(CultureInfo.InvariantCulture, $"{found.Squares[large] / found.Count:G3} at place {large}, which ")
                + "no float holds, and would divide by infinity. Divide the data first, with Rescaling.",
                nameof(batches));
        }

        if (InputShape is null)
        {
            learnt = found;
        }
        else
        {
            SetWeights(found.ToWeights());
        }
    }

    /// <summary>Normalizes an array by itself.</summary>
    /// <param name="input">Samples: the first axis counts them.</param>
    /// <exception cref="ArgumentException">It does not have the axes that the layer has means for.</exception>
    /// <exception cref="InvalidOperationException">There are no mean and variance yet.</exception>
    public NDArray Call(NDArray input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (((IAdapted)this).Missing is { } missing)
        {
            throw new InvalidOperationException($"{missing}.");
        }

        SequenceBatch batch = SequenceBatch.FromArray(input);
        Pass pass = CreatePass(new(batch.SampleShape, batch.BatchSize, Differentiable: false, InputGradient: false));
        pass.Begin(training: false, key: 0);
        return Forward(pass, batch).ToArray();
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">There is no such axis, its length is unknown, or means were given for another
    /// one.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        int[] places = Places(input);
        SampleAxes.RequireKnown(
            this, places, input, "Give its length in inputShape: there is a mean for each place along it.");
        int[] kept = [.. places.Select(place => input[place]!.Value)];
        int[]? own = givenMean is null || givenMean.Size == 1 ? null : [.. givenMean.Shape];
        bool fits = own is null
            ? learnt is null || learnt.Shape.AsSpan().SequenceEqual(kept)
            : own.Zip(kept[^own.Length..]).All(pair => pair.First == 1 || pair.First == pair.Second);
        return fits
            ? input
            : throw new ShapeException(
                Introduction,
                $"input with {NDArray.Describe(own ?? learnt!.Shape)} places along axis {NDArray.Describe(axes)}, one for each "
                    + $"mean",
                input,
                own is null ? "Call Adapt with data of the shape that the model gets." : "Give mean and variance a number for "
                    + "each.");
    }

    /// <inheritdoc/>
    private protected override bool CanShare(Shape built, Shape other) =>
        Places(built).Select(place => built[place]).SequenceEqual(Places(other).Select(place => other[place]));

    /// <inheritdoc/>
    protected override void BuildParameters(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (IsGiven)
        {
            return;
        }

        int[] kept = [.. Places(input).Select(place => input[place]!.Value)];
        AddParameter(new Parameter("mean", kept) { IsStatistic = true }, "zeros");
        AddParameter(new Parameter("variance", kept) { IsStatistic = true }, "ones");
        AddParameter(new Parameter("count", []) { IsStatistic = true }, "zeros");
        if (Source is null && learnt?.ToWeights() is { } weights)
        {
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i].Values.CopyTo(Parameters[i].Values);
                Parameters[i].MarkChanged();
            }
        }
    }

    /// <inheritdoc/>
    protected override NormalizationPass NewPass(PassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(this, options, StatisticOf(options.InputShape));
    }

    /// <inheritdoc/>
    protected override SequenceBatch Forward(NormalizationPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        ReadOnlySpan<Real> mean = IsGiven ? givenMean!.Values : InputShape is null ? learnt!.Mean : Parameters[0].Values;
        ReadOnlySpan<Real> variance = IsGiven ? givenVariance!.Values
            : InputShape is null ? learnt!.Variance : Parameters[1].Values;
        Span<Real> deviation = pass.Deviation;
        for (int i = 0; i < variance.Length; i++)
        {
            deviation[i] = (Real)Math.Max(Math.Sqrt(Math.Max(0, variance[i])), Epsilon);
        }

        ReadOnlySpan<Real> x = input.Values.Values;
        Span<Real> y = pass.Output.Values.Values;
        for (int i = 0; i < x.Length; i++)
        {
            int own = pass.StatisticOf(i);
            y[i] = invert ? mean[own] + (x[i] * deviation[own]) : (x[i] - mean[own]) / deviation[own];
        }

        pass.Output.Mask = input.Mask;
        return pass.Output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(NormalizationPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (!pass.Options.InputGradient)
        {
            return null;
        }

        Span<Real> gradient = outputGradient.Values;
        for (int i = 0; i < gradient.Length; i++)
        {
            Real deviation = pass.Deviation[pass.StatisticOf(i)];
            gradient[i] = invert ? gradient[i] * deviation : gradient[i] / deviation;
        }

        return outputGradient;
    }

    private int[] Places(Shape input) => [.. SampleAxes.Places(this, "axis", axes, input).Order()];

    /// <summary>Which mean each place of a sample has; null where it is that of its row.</summary>
    private int[]? StatisticOf(Shape input)
    {
        int[] kept = Places(input);
        bool isOne = IsGiven && givenMean!.Size == 1;
        if (!isOne && kept.Length == 1 && kept[0] == input.Rank - 1 && (!IsGiven || givenMean!.Size == input.Features))
        {
            return null;
        }

        // How far apart the means of neighbours along each axis are.
        int[] strides = new int[input.Rank];
        int stride = 1;
        for (int i = kept.Length - 1; i >= 0 && !isOne; i--)
        {
            int back = kept.Length - i;
            int own = !IsGiven ? input[kept[i]]!.Value : back <= givenMean!.Rank ? givenMean.Shape[^back] : 1;
            strides[kept[i]] = own == 1 ? 0 : stride;
            stride *= own;
        }

        var places = new int[input.Size];
        for (int place = 0; place < places.Length; place++)
        {
            int rest = place;
            for (int axis = input.Rank - 1; axis >= 0; axis--)
            {
                places[place] += rest % input[axis]!.Value * strides[axis];
                rest /= input[axis]!.Value;
            }
        }

        return places;
    }

    private NormalizationStatistics Joined(NormalizationStatistics? before, NDArray batch)
    {
        if (batch.Rank < 2 || batch.Size == 0)
        {
            bool isList = batch is { Rank: 1, Size: > 0 } && axes.Length == 0;
            batch = isList ? batch.Reshape(batch.Size, 1) : throw new ArgumentException(
                $"{Introduction} adapts to samples, whose first axis counts them, but the data have shape "
                    + $"{NDArray.Describe(batch.Shape)}. "
                + "Use Reshape, for instance data.Reshape(-1, 1).");
        }

        batch.RequireFinite("data");
        var sample = new Shape([.. batch.Shape.Skip(1).Select(axis => (int?)axis)]);
        int[] kept = Places(sample);
        int[] shape = [.. kept.Select(place => sample[place]!.Value)];
        if (InputShape is { } built && !CanShare(built, sample))
        {
            throw new ArgumentException(
                $"{Introduction} is built for input of shape {built}, but is to adapt to samples of shape {sample}. Give it "
                + "data of that shape.");
        }

        if (before is not null && !before.Shape.AsSpan().SequenceEqual(shape))
        {
            throw new ArgumentException(
                $"{Introduction} adapts to samples of shape {sample}, but those before had {NDArray.Describe(before.Shape)} "
                + "places along its axis. Give it data of one shape.");
        }

        return NormalizationStatistics.Of(before, batch, shape, StatisticOf(sample), sample.Size);
    }
}
