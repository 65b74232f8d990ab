using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// Exponential smoothing of a window of a series, whose smoothing parameters and first seasonal indices come with the window, so
/// that a network can learn them: what is left of the window, and where the series would go on by itself.
/// </summary>
/// <remarks>
/// <para>
/// Input: (batch, P + steps), the last <c>steps</c> being the window y, the first P its parameters: <c>a</c> alone for a season
/// of 1, else <c>a, g, d_0 … d_{m−1}</c>. With <c>α = sigmoid(a)</c>, <c>γ = sigmoid(g)</c> and the season m, additively (take
/// logarithms first where seasons multiply):
/// </para>
/// <code>
/// l_{−1} = mean(y_0 … y_{m−1}),   S_j = y_j − l_{−1} + d_j              first level and seasonal indices
/// l_t = α (y_t − S_{t mod m}) + (1 − α) l_{t−1},   r_t = y_t − S_{t mod m} − l_last
/// S_{t mod m} ← γ (y_t − l_t) + (1 − γ) S_{t mod m}
/// </code>
/// <para>
/// Without a season <c>l_{−1} = y_0</c> and S is 0. Output: (batch, steps + horizon): r, in which S is the index before step t
/// changes it, and then for h = 0 … horizon − 1 the level and season that are expected, <c>l_last + S_{(steps + h) mod m}</c>.
/// </para>
/// <para>
/// Backward goes through the recursion from its end: with λ and σ the gradients of l_t and of the index after step t,
/// </para>
/// <code>
/// dγ += σ (y_t − l_t − S),   dy_t += γ σ,   λ −= γ σ,   σ ← (1 − γ) σ
/// dα += λ (y_t − S − l_{t−1}),   dy_t += α λ + dr_t,   σ −= α λ + dr_t,   λ ← (1 − α) λ
/// </code>
/// <para>
/// which begins with <c>λ = Σ_h dy'_h − Σ_t dr_t</c>, and <c>da = α (1 − α) dα</c>. The recursion is that of Holt and Winters
/// without a trend, as in Smyl, "A hybrid method of exponential smoothing and recurrent neural networks for time series
/// forecasting", 2020. Not in Keras.
/// </para>
/// </remarks>
public sealed class SeriesSmoothing : UnaryLayer<SeriesSmoothingPass>
{
    /// <summary>Creates the layer.</summary>
    /// <param name="season">Steps of a season m; 1 for none.</param>
    /// <param name="horizon">Steps ahead, at least 1.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>series_smoothing</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">A number is below 1.</exception>
    public SeriesSmoothing(int season, int horizon, string? name = null, bool trainable = true, Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        new OptionCheck(Introduction).Positive(nameof(season), season).Positive(nameof(horizon), horizon)
            .Require((long)season + horizon <= MostOfOneSample,
                FormattableString.Invariant($"season and horizon together must be at most {MostOfOneSample}"), "horizon")
            .ThrowIfAny();
        Season = season;
        Horizon = horizon;
    }

    /// <inheritdoc/>
    public override string ClassName => "SeriesSmoothing";

    /// <summary>Steps of a season.</summary>
    public int Season { get; }

    /// <summary>Steps ahead.</summary>
    public int Horizon { get; }

    /// <summary>Numbers in front of the window: smoothing parameters and first seasonal indices.</summary>
    public int ParameterCount => Season > 1 ? Season + 2 : 1;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The input is no vector, or shorter than the parameters and a season.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        int least = ParameterCount + Season;
        return input.Rank == 1 && input[0] is int features && features >= least
            ? new(checked(features - ParameterCount + Horizon))
            : throw new ShapeException(
                Introduction,
                FormattableString.Invariant(
                    $"input of rank 2 (batch, features) with {ParameterCount} parameters and a window of {Season} steps or more"),
                input,
                FormattableString.Invariant($"Put the parameters in front of the window: {least} features at least."));
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("season", Season);
        config.Add("horizon", Horizon);
        return config;
    }

    internal static SeriesSmoothing Read(ConfigReader config) => new(
        config.Int("season"), config.Int("horizon"), config.Name(), config.Trainable())
    { ActivityRegularizer = config.ActivityRegularizer() };

    /// <inheritdoc/>
    protected override SeriesSmoothingPass NewPass(PassOptions options) => new(this, options);

    /// <inheritdoc/>
    protected override SequenceBatch Forward(SeriesSmoothingPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        pass.Input = input.Values;
        int rows = input.Values.RowCount;
        for (int sample = 0; sample < input.BatchSize; sample++)
        {
            Smooth(pass, sample, input.Values.Values.AsSpan(sample * rows, rows));
        }

        return pass.Output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(SeriesSmoothingPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (pass.InputGradient is { } gradient)
        {
            int rows = gradient.RowCount;
            for (int sample = 0; sample < gradient.ColumnCount; sample++)
            {
                BackSmooth(
                    pass, sample, outputGradient.Values.AsSpan(sample * outputGradient.RowCount, outputGradient.RowCount),
                    gradient.Values.AsSpan(sample * rows, rows));
            }
        }

        return pass.InputGradient;
    }

    private void Smooth(SeriesSmoothingPass pass, int sample, ReadOnlySpan<Real> input)
    {
        ReadOnlySpan<Real> y = input[ParameterCount..];
        Span<Real> levels = pass.LevelsOf(sample);
        Span<Real> indices = pass.IndicesOf(sample);
        Span<Real> season = pass.Season;
        Span<Real> output = pass.Output.Values.Values.AsSpan(sample * (y.Length + Horizon), y.Length + Horizon);
        Real alpha = Sigmoid(input[0]);
        Real gamma = Season > 1 ? Sigmoid(input[1]) : 0;
        Real level = First(input, season);
        levels[0] = level;
        for (int t = 0; t < y.Length; t++)
        {
            Real index = season[t % Season];
            indices[t] = index;
            level = (alpha * (y[t] - index)) + ((1 - alpha) * level);
            levels[t + 1] = level;
            season[t % Season] = Season > 1 ? (gamma * (y[t] - level)) + ((1 - gamma) * index) : 0;
        }

        for (int t = 0; t < y.Length; t++)
        {
            output[t] = y[t] - indices[t] - level;
        }

        for (int h = 0; h < Horizon; h++)
        {
            output[y.Length + h] = level + season[(y.Length + h) % Season];
        }
    }

    private void BackSmooth(SeriesSmoothingPass pass, int sample, ReadOnlySpan<Real> slopes, Span<Real> gradient)
    {
        ReadOnlySpan<Real> input = pass.Input!.Values.AsSpan(sample * gradient.Length, gradient.Length);
        ReadOnlySpan<Real> y = input[ParameterCount..];
        ReadOnlySpan<Real> levels = pass.LevelsOf(sample);
        ReadOnlySpan<Real> indices = pass.IndicesOf(sample);
        Span<Real> season = pass.Season;
        Span<Real> dy = gradient[ParameterCount..];
        Real alpha = Sigmoid(input[0]);
        Real gamma = Season > 1 ? Sigmoid(input[1]) : 0;
        season.Clear();
        dy.Clear();
        double level = 0;
        double alphaSlope = 0;
        double gammaSlope = 0;
        for (int h = 0; h < Horizon; h++)
        {
            level += slopes[y.Length + h];
            season[(y.Length + h) % Season] += slopes[y.Length + h];
        }

        for (int t = 0; t < y.Length; t++)
        {
            level -= slopes[t];
        }

        for (int t = y.Length - 1; t >= 0; t--)
        {
            double index = Season > 1 ? season[t % Season] : 0;
            gammaSlope += index * (y[t] - levels[t + 1] - indices[t]);
            double slope = gamma * index;
            level -= gamma * index;
            index *= 1 - gamma;
            alphaSlope += level * (y[t] - indices[t] - levels[t]);
            double direct = (alpha * level) + slopes[t];
            dy[t] = (Real)(slope + direct);
            season[t % Season] = Season > 1 ? (Real)(index - direct) : 0;
            level *= 1 - alpha;
        }

        BackFirst(season, level, dy, gradient);
        gradient[0] = (Real)(alphaSlope * alpha * (1 - alpha));
        if (Season > 1)
        {
            gradient[1] = (Real)(gammaSlope * gamma * (1 - gamma));
        }
    }

    /// <summary>The first level, and the first seasonal indices.</summary>
    private Real First(ReadOnlySpan<Real> input, Span<Real> season)
    {
        ReadOnlySpan<Real> y = input[ParameterCount..];
        double sum = 0;
        for (int j = 0; j < Season; j++)
        {
            sum += y[j];
        }

        var level = (Real)(sum / Season);
        for (int j = 0; j < Season; j++)
        {
            season[j] = Season > 1 ? y[j] - level + input[2 + j] : 0;
        }

        return level;
    }

    private void BackFirst(ReadOnlySpan<Real> season, double level, Span<Real> dy, Span<Real> gradient)
    {
        for (int j = 0; j < Season && Season > 1; j++)
        {
            gradient[2 + j] = season[j];
            dy[j] += season[j];
            level -= season[j];
        }

        for (int j = 0; j < Season; j++)
        {
            dy[j] += (Real)(level / Season);
        }
    }

    private static Real Sigmoid(Real x) => (Real)(1 / (1 + Math.Exp(-(double)x)));
}
