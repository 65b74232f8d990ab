using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// How features change over time: the derivative of a polynomial that is fitted to the frames around each. As librosa computes
/// them.
/// </summary>
/// <remarks>
/// <para>
/// A polynomial of degree d, the order, is fitted by least squares to the <c>2h + 1</c> frames around frame t, and its d-th
/// derivative taken: <c>y_t = Σ_n w_n x_{t+n}</c>, n from −h to h, with <c>w_n = d! p(n) / Σ p²</c> and p the polynomial of
/// degree d with leading coefficient 1 that is orthogonal to lower ones; of order 1, <c>y_t = Σ n x_{t+n} / Σ n²</c>. Backward:
/// the transposed sum. Savitzky and Golay, 1964.
/// </para>
/// <para>
/// Input: (batch, features, frames), or (batch, frames, features) with <c>axis: 1</c>; output: the same. No parameters. Not in
/// Keras.
/// </para>
/// </remarks>
public sealed class Deltas : UnaryLayer<BufferedPass>
{
    private readonly double[] weights;

    /// <summary>Creates the layer.</summary>
    /// <param name="width">Frames of a fit, odd and at least 3; default 9.</param>
    /// <param name="order">Which derivative: 1 (the default) for speed, 2 for acceleration; below
    /// <paramref name="width"/>.</param>
    /// <param name="axis">The axis of frames: −1 (the default), or 1 for the first of a sample.</param>
    /// <param name="mode">Near the ends: <c>"interp"</c> (the default) takes the fit of the frames there are; <c>"nearest"</c>
    /// repeats the outermost ones.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>deltas</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public Deltas(
        int width = 9, int order = 1, int axis = -1, string mode = "interp", string? name = null, bool trainable = true,
        Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        ArgumentNullException.ThrowIfNull(mode);
        new OptionCheck(Introduction)
            .Require(width is >= 3 and <= 9999 && width % 2 == 1,
                FormattableString.Invariant($"width must be odd and 3 to 9999, but is {width}"), nameof(width))
            .Positive(nameof(order), order)
            .Require(order < width && order <= 20,
                FormattableString.Invariant($"order must be below width ({width}) and at most 20, but is {order}"), nameof(order))
            .Require(axis is -1 or 1 or 2, FormattableString.Invariant($"axis must be -1, 1 or 2, but is {axis}"), nameof(axis))
            .OneOf(nameof(mode), mode, "interp", "nearest").ThrowIfAny();
        Width = width;
        Order = order;
        Axis = axis;
        Mode = mode;
        weights = Fit(width / 2, order);
    }

    /// <inheritdoc/>
    public override string ClassName => "Deltas";

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => new("it looks at frames that follow");

    /// <summary>Frames of a fit.</summary>
    public int Width { get; }

    /// <summary>Which derivative.</summary>
    public int Order { get; }

    /// <summary>The axis of frames.</summary>
    public int Axis { get; }

    /// <summary>What it does near the ends.</summary>
    public string Mode { get; }

    /// <summary>Computes the derivative without a model.</summary>
    /// <param name="features">Shape (features, frames) or (batch, features, frames); with axis 1 (frames, features).</param>
    /// <exception cref="ArgumentException">It has another rank, too few frames, or holds a number that is not finite.</exception>
    public NDArray Call(NDArray features) => AudioCall.Run(this, features, 2);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The input has another rank, or fewer frames than a fit needs.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        bool fits = input.Rank == 2 && (input[FrameAxis] is int frames ? Mode == "nearest" || frames >= Width : Axis == 1)
            && input[1] is not null;
        return fits ? input : throw new ShapeException(
            Introduction,
            FormattableString.Invariant($"input of rank 3 with at least {Width} frames along axis {FrameAxis + 1}"), input,
            "Give a smaller width, or mode: \"nearest\", or the axis that the frames are on.");
    }

    /// <inheritdoc/>
    internal override string? RaggedObstacle =>
        "looks at frames around each, and so at padding. Call it on each sequence, layer.Call(features), and give the model that";

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("width", Width);
        config.Add("order", Order);
        config.Add("axis", Axis);
        config.Add("mode", Mode);
        return config;
    }

    internal static Deltas Read(ConfigReader config) => new(
        config.Int("width", 9), config.Int("order", 1), config.Int("axis", -1), config.OptionalString("mode") ?? "interp",
        config.Name(), config.Trainable())
    { ActivityRegularizer = config.ActivityRegularizer() };

    /// <inheritdoc/>
    protected override BufferedPass NewPass(PassOptions options) => new(this, options);

    /// <inheritdoc/>
    protected override SequenceBatch Forward(BufferedPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        (int frames, int stride) = Lines(input.SampleShape, input.BatchSize);
        Real[] x = input.Values.Values;
        Real[] y = pass.Output.Values.Values;
        for (int start = 0; start < x.Length; start = Next(start, frames, stride))
        {
            for (int t = 0; t < frames; t++)
            {
                double sum = 0;
                for (int n = 0; n < Width; n++)
                {
                    sum += weights[n] * x[start + (stride * FrameOf(t, n, frames))];
                }

                y[start + (stride * t)] = (Real)sum;
            }
        }

        return pass.Output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(BufferedPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (pass.InputGradient is not { } gradient)
        {
            return null;
        }

        (int frames, int stride) = Lines(pass.Options.InputShape, pass.Options.BatchSize);
        Real[] dx = gradient.Values;
        Real[] dy = outputGradient.Values;
        dx.AsSpan().Clear();
        for (int start = 0; start < dx.Length; start = Next(start, frames, stride))
        {
            for (int t = 0; t < frames; t++)
            {
                for (int n = 0; n < Width; n++)
                {
                    dx[start + (stride * FrameOf(t, n, frames))] += (Real)weights[n] * dy[start + (stride * t)];
                }
            }
        }

        return gradient;
    }

    private int FrameAxis => Axis == 1 ? 0 : 1;

    /// <summary>Weights of the frames from −h to h.</summary>
    private static double[] Fit(int half, int order)
    {
        double[] places = [.. Enumerable.Range(-half, (2 * half) + 1).Select(n => (double)n)];
        double[] before = new double[places.Length];
        double[] own = [.. places.Select(_ => 1.0)];
        double normBefore = 1;
        double factorial = 1;
        for (int degree = 1; degree <= order; degree++)
        {
            double norm = own.Sum(p => p * p);
            double share = degree == 1 ? 0 : norm / normBefore;
            (before, own) = (own, [.. places.Select((n, i) => (n * own[i]) - (share * before[i]))]);
            normBefore = norm;
            factorial *= degree;
        }

        double last = own.Sum(p => p * p);
        return [.. own.Select(p => factorial * p / last)];
    }

    /// <summary>The frame that the n-th weight of frame t goes with. The derivative of highest degree is the same all over a fit,
    /// so that near the ends it is that of the outermost whole one.</summary>
    private int FrameOf(int t, int n, int frames)
    {
        int half = Width / 2;
        int centre = Mode == "interp" ? Math.Clamp(t, half, frames - 1 - half) : t;
        return Math.Clamp(centre + n - half, 0, frames - 1);
    }

    /// <summary>How many frames a line has, and how far apart they are in the matrix.</summary>
    private (int Frames, int Stride) Lines(Shape sample, int batch) =>
        Axis == 1 ? (sample.Steps, batch * sample.Features) : (sample.Features, 1);

    /// <summary>Where the next line begins.</summary>
    private static int Next(int start, int frames, int stride) =>
        stride == 1 ? start + frames : start + 1 == stride ? int.MaxValue : start + 1;
}
