using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>How the scores of several classes become one.</summary>
public enum ScoreAverage
{
    /// <summary>They stay apart, in <see cref="Metric.Results"/>; <see cref="Metric.Result"/> is their mean.</summary>
    None,

    /// <summary>One score of the counts of all classes together.</summary>
    Micro,

    /// <summary>Their mean.</summary>
    Macro,

    /// <summary>Their mean, weighted with the number of targets of each class.</summary>
    Weighted,
}

/// <summary>The harmonic mean of precision and recall, <c>2 P R / (P + R)</c>, for each class.</summary>
/// <remarks>
/// Without a threshold the greatest output of a column is its answer; with one, every output above it. Divisors have 1e-7 added
/// (as in Keras).
/// </remarks>
public sealed class F1Score : Metric
{
    private const double Epsilon = 1e-7;

    private double[] truePositives = [];
    private double[] falsePositives = [];
    private double[] falseNegatives = [];

    /// <summary>Creates the metric.</summary>
    /// <param name="average">How the scores of several classes become one; default not at all.</param>
    /// <param name="threshold">Above which an output is a yes, in (0, 1]; null, the default, for the greatest output of a column.</param>
    /// <param name="name">Name of the metric; default <c>f1_score</c>.</param>
    /// <exception cref="ArgumentException">The threshold is out of range.</exception>
    public F1Score(ScoreAverage average = ScoreAverage.None, double? threshold = null, string? name = null)
        : base(name ?? "f1_score")
    {
        new OptionCheck(ClassName)
            .Require(
                threshold is null or (> 0 and <= 1),
                FormattableString.Invariant($"{nameof(threshold)} must be above 0 and at most 1, but is {threshold}"),
                nameof(threshold))
            .ThrowIfAny();
        Average = average;
        Threshold = threshold;
    }

    /// <inheritdoc/>
    public override string ClassName => "F1Score";

    /// <summary>How the scores of several classes become one.</summary>
    public ScoreAverage Average { get; }

    /// <summary>Above which an output is a yes; null for the greatest output of a column.</summary>
    public double? Threshold { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Results => Average == ScoreAverage.None
        ? [.. Enumerable.Range(0, truePositives.Length).Select(Score)]
        : base.Results;

    /// <inheritdoc/>
    public override Metric Fresh() => new F1Score(Average, Threshold, Name);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("average", Average switch
        {
            ScoreAverage.Micro => "micro",
            ScoreAverage.Macro => "macro",
            ScoreAverage.Weighted => "weighted",
            _ => null,
        });
        config.Add("threshold", Threshold);
        return config;
    }

    /// <summary>Reads the metric.</summary>
    /// <param name="reader">Its config.</param>
    internal static F1Score Read(ConfigReader reader)
    {
        ScoreAverage average = reader.OptionalString("average") switch
        {
            null => ScoreAverage.None,
            "micro" => ScoreAverage.Micro,
            "macro" => ScoreAverage.Macro,
            "weighted" => ScoreAverage.Weighted,
            string other => throw new ConfigException(
                $"{reader.Owner}: average = '{other}' is unknown. Valid names: macro, micro, weighted, or null."),
        };
        return new(average, reader.OptionalDouble("threshold"), reader.OptionalString("name"));
    }

    /// <inheritdoc/>
    protected override double Compute()
    {
        if (Average == ScoreAverage.Micro)
        {
            return Score(truePositives.Sum(), falsePositives.Sum(), falseNegatives.Sum());
        }

        double all = truePositives.Sum() + falseNegatives.Sum() + Epsilon;
        double sum = 0;
        for (int i = 0; i < truePositives.Length; i++)
        {
            sum += Average == ScoreAverage.Weighted
                ? Score(i) * (truePositives[i] + falseNegatives[i]) / all
                : Score(i) / truePositives.Length;
        }

        return sum;
    }

    /// <inheritdoc/>
    protected override void Clear() => (truePositives, falsePositives, falseNegatives) = ([], [], []);

    /// <inheritdoc/>
    protected override void Add(
        ReadOnlySpan<Real> targets, int targetRows, ReadOnlySpan<Real> predictions, int rows, ReadOnlySpan<Real> weights)
    {
        if (truePositives.Length != rows)
        {
            (truePositives, falsePositives, falseNegatives) = (new double[rows], new double[rows], new double[rows]);
        }

        for (int column = 0; column < predictions.Length / rows; column++)
        {
            ReadOnlySpan<Real> p = predictions.Slice(column * rows, rows);
            ReadOnlySpan<Real> y = targets.Slice(column * rows, rows);
            double weight = Weight(weights, column);
            Real most = p[Ranking.Best(p)];
            for (int i = 0; i < rows; i++)
            {
                bool yes = Threshold is double threshold ? p[i] > (Real)threshold : p[i] >= most && RealMath.Abs(p[i]) > (Real)1e-9;
                truePositives[i] += yes ? weight * y[i] : 0;
                falsePositives[i] += yes ? weight * (1 - y[i]) : 0;
                falseNegatives[i] += yes ? 0 : weight * y[i];
            }
        }
    }

    private static double Score(double hits, double falseAlarms, double misses)
    {
        double precision = hits / (hits + falseAlarms + Epsilon);
        double recall = hits / (hits + misses + Epsilon);
        return 2 * precision * recall / (precision + recall + Epsilon);
    }

    private double Score(int index) => Score(truePositives[index], falsePositives[index], falseNegatives[index]);
}
