using System.Globalization;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Puts numbers into bins: <c>y</c> is the number of boundaries that are at most x.</summary>
/// <remarks>
/// <para>
/// With the boundaries 0, 1, 2 the bins are (−∞, 0), [0, 1), [1, 2) and [2, ∞), numbered from 0 on. Boundaries are given, or <see
/// cref="Adapt(NDArray)"/> finds those that cut data into <c>numBins</c> bins of about equal size, as Keras does: quantiles
/// of a summary of the data of about 1/epsilon values. A step function has no slope: the gradient of the input is zero.
/// </para>
/// <para>
/// Input: (batch, …) of any finite numbers. Output: the bin of each as a number (<c>int</c>), or encoded as <see
/// cref="CategoryEncoding"/> does (<c>one_hot</c>, <c>multi_hot</c>, <c>count</c>). A mask is passed on with <c>int</c> and
/// ends here otherwise. Boundaries stand in the config, so every file of the model has them. Keras's
/// keras.layers.Discretization; <c>sparse</c> is accepted in files at false only.
/// </para>
/// </remarks>
/// <example><code>
/// var age = new Discretization(numBins: 5);
/// age.Adapt(ages);
/// </code></example>
public sealed class Discretization : UnaryLayer<TokenPass>, IAdapted
{
    private const int MostBins = 1 << 24;

    private readonly int? numBins;
    private readonly double epsilon;
    private readonly string outputMode;
    private readonly bool isGiven;
    private double[]? boundaries;
    private Real[] edges = [];

    /// <summary>Creates the layer.</summary>
    /// <param name="binBoundaries">The boundaries, each above the one before it; null where <c>Adapt</c> is to find them.</param>
    /// <param name="numBins">Number of bins that <c>Adapt</c> is to make, at least 1; null where boundaries are given.</param>
    /// <param name="epsilon">
    /// How far from equal the bins may be: <c>Adapt</c> keeps about 1/epsilon values of the data. Above 0, at most 1. Default
    /// 0.01.
    /// </param>
    /// <param name="outputMode"><c>"int"</c> (the default), <c>"one_hot"</c>, <c>"multi_hot"</c> or <c>"count"</c>.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>discretization</c>.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public Discretization(
        IReadOnlyList<double>? binBoundaries = null,
        int? numBins = null,
        double epsilon = 0.01,
        string outputMode = "int",
        string? name = null,
        Shape? inputShape = null)
        : base(name, trainable: true, inputShape)
    {
        ArgumentNullException.ThrowIfNull(outputMode);
        new OptionCheck(Introduction)
            .Require(
                binBoundaries is null != numBins is null,
                binBoundaries is null
                    ? "give binBoundaries, or numBins for Adapt to find them"
                    : "binBoundaries and numBins exclude each other: Adapt finds boundaries where they are not given")
            .Require(
                numBins is null or (>= 1 and <= MostBins),
                FormattableString.Invariant($"numBins must be from 1 to {MostBins}, but is {numBins}"),
                nameof(numBins))
            .Require(
                epsilon is > 0 and <= 1,
                FormattableString.Invariant($"epsilon must be above 0 and at most 1, but is {epsilon}"),
                nameof(epsilon))
            .CheckMode(outputMode, TokenEncoding.Int, TokenEncoding.OneHot, TokenEncoding.MultiHot, TokenEncoding.Count)
            .ThrowIfAny();
        this.numBins = numBins;
        this.epsilon = epsilon;
        this.outputMode = outputMode;
        isGiven = binBoundaries is not null;
        if (binBoundaries is not null)
        {
            Take(binBoundaries);
        }
    }

    /// <inheritdoc/>
    public override string ClassName => "Discretization";

    /// <summary>The boundaries; null before <c>Adapt</c> has found them.</summary>
    public IReadOnlyList<double>? BinBoundaries => boundaries;

    /// <summary>Number of bins.</summary>
    public int NumBins => boundaries is null ? numBins!.Value : boundaries.Length + 1;

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => TokenEncoding.StreamingObstacle(outputMode, null);

    internal override string? OutputType => outputMode == TokenEncoding.Int ? "int32" : null;

    /// <inheritdoc/>
    string? IAdapted.Missing => boundaries is null
        ? $"{Introduction} has no bins yet: call Adapt with data, or create it with binBoundaries"
        : null;

    /// <summary>Finds boundaries that cut data into bins of about equal size.</summary>
    /// <param name="data">The data, of any shape.</param>
    /// <exception cref="ArgumentException">There are no data, or a value is not a finite number.</exception>
    /// <exception cref="InvalidOperationException">
    /// Boundaries were given to the constructor, another thread works with a model of the layer, or the layer is part of one
    /// and its output would have another shape. </exception>
    public void Adapt(NDArray data) => Adapt([data]);

    /// <summary>The same for data in several pieces, of which each is summed up by itself.</summary>
    /// <param name="batches">The pieces.</param>
    /// <exception cref="ArgumentException">There are no data, or a value is not a finite number.</exception>
    /// <exception cref="InvalidOperationException">As above.</exception>
    public void Adapt(IEnumerable<NDArray> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        if (isGiven)
        {
            throw new InvalidOperationException(
                $"{Introduction} was created with binBoundaries, so Adapt has nothing to find. Create it with numBins instead.");
        }

        BinSummary? summary = null;
        foreach (NDArray batch in batches)
        {
            ArgumentNullException.ThrowIfNull(batch, nameof(batches));
            batch.RequireFinite("data");
            if (batch.Size > 0)
            {
                var own = BinSummary.Of(batch.Values, epsilon);
                summary = summary is null ? own.Compressed(epsilon) : own.MergedWith(summary, epsilon);
            }
        }

        double[] found = summary?.Boundaries(numBins!.Value)
            ?? throw new ArgumentException(
                $"{Introduction} can find no bins without data. Give Adapt one number at least.", nameof(batches));
        using ParameterGate.Use changing = Changing(nameof(Adapt));
        if (InputShape is not null && outputMode != TokenEncoding.Int && found.Length + 1 != NumBins)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"{Introduction} is part of a model and gives {NumBins} bins there, but the data make {found.Length + 1}. Call "
                    + $"Adapt before the model is made."));
        }

        Take(found);
    }

    /// <summary>
    /// The bin of each number, or their encoding. A list by itself is one sample where the bins of a sample are gathered.
    /// </summary>
    /// <param name="input">The numbers.</param>
    /// <exception cref="ArgumentException">There are none, or one is not finite.</exception>
    /// <exception cref="InvalidOperationException">There are no bins yet.</exception>
    public NDArray Call(NDArray input) => boundaries is not null
        ? DirectCall.OnNumbers(this, input, outputMode)
        : throw new InvalidOperationException($"{((IAdapted)this).Missing}.");

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The sample has no axis.</exception>
    public override Shape ComputeOutputShape(Shape input) =>
        TokenEncoding.OutputShape(outputMode, TokenEncoding.RequireAxis(this, input), InputShape, NumBins);

    internal override long ValuesPerSample(Shape input, bool differentiable) =>
        TokenEncoding.RequireRoom(this, outputMode, input, NumBins, MostOfOneSample, "numBins");

    /// <inheritdoc/>
    public override Config GetConfig() => new()
    {
        { "bin_boundaries", boundaries },
        { "num_bins", isGiven ? null : numBins },
        { "epsilon", epsilon },
        { "output_mode", outputMode },
        { "sparse", false },
        { "name", Name },
    };

    internal static Discretization Read(ConfigReader config)
    {
        config.Expect("sparse", false, null);
        config.Expect("trainable", true, null);
        IReadOnlyList<double>? boundaries = config.OptionalDoubles("bin_boundaries");
        int? bins = config.OptionalInt("num_bins");
        var layer = new Discretization(
            bins is null ? boundaries : null,
            bins,
            config.Double("epsilon", 0.01),
            config.OptionalString("output_mode") ?? "int",
            config.Name());
        if (bins is not null && boundaries is not null)
        {
            // What Adapt has found.
            layer.Take(boundaries);
        }

        return layer;
    }

    /// <inheritdoc/>
    protected override TokenPass NewPass(PassOptions options) => new(this, options, outputMode, NumBins);

    /// <inheritdoc/>
    protected override SequenceBatch Forward(TokenPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        ReadOnlySpan<Real> x = input.Values.Values;
        if (outputMode == TokenEncoding.Int)
        {
            Span<Real> y = pass.Output.Values.Values;
            for (int i = 0; i < x.Length; i++)
            {
                y[i] = BinOf(x[i]);
            }

            pass.Output.Mask = input.Mask;
            return pass.Output;
        }

        for (int i = 0; i < x.Length; i++)
        {
            pass.Tokens[i] = BinOf(x[i]);
        }

        return pass.Encode(input, default, default);
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(TokenPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return pass.Zero;
    }

    /// <summary>The number of boundaries that are at most x.</summary>
    private int BinOf(Real x)
    {
        Real[] all = edges;
        int low = 0;
        int high = all.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (all[middle] <= x)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private void Take(IReadOnlyList<double> found)
    {
        Real[] rounded = [.. found.Select(boundary => (Real)boundary)];
        int wrong = Enumerable.Range(0, found.Count).FirstOrDefault(
            i => !Real.IsFinite(rounded[i]) || (i > 0 && found[i] < found[i - 1]), -1);
        if (wrong >= 0)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"{Introduction}: binBoundaries must be finite numbers in rising order, but {found[wrong]} stands at {wrong}."));
        }

        boundaries = [.. found];
        edges = rounded;
    }
}
