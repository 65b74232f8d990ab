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

/// <summary>
/// The weighted harmonic mean of precision and recall, <c>(1 + β²) P R / (β² P + R)</c>, for each class: recall counts β times as
/// much as precision.
/// </summary>
/// <remarks>
/// Without a threshold the greatest output of a column is its answer; with one, every output above it. Divisors have 1e-7 added
/// (as in Keras). van Rijsbergen, 1979: Information Retrieval.
/// </remarks>
public class FBetaScore : Metric
{
    private const double Epsilon = 1e-7;

    private double[] truePositives = [];
    private double[] falsePositives = [];
    private double[] falseNegatives = [];

    /// <summary>Creates the metric.</summary>
    /// <param name="average">How the scores of several classes become one; default not at all.</param>
    /// <param name="beta">How much recall counts beside precision, above 0; default 1.</param>
    /// <param name="threshold">Above which an output is a yes, in (0, 1]; null, the default, for the greatest output of a
    /// column.</param>
    /// <param name="name">Name of the metric; default <c>fbeta_score</c>.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public FBetaScore(ScoreAverage average = ScoreAverage.None, double beta = 1, double? threshold = null, string? name = null)
        : this(nameof(FBetaScore), average, beta, threshold, name ?? "fbeta_score")
    {
    }

    /// <summary>Keeps the options.</summary>
    /// <param name="className">Class name of the metric.</param>
    /// <param name="average">How the scores of several classes become one.</param>
    /// <param name="beta">How much recall counts beside precision.</param>
    /// <param name="threshold">Above which an output is a yes; null for the greatest output of a column.</param>
    /// <param name="name">Name of the metric.</param>
    private protected FBetaScore(string className, ScoreAverage average, double beta, double? threshold, string name)
        : base(name)
    {
        new OptionCheck(className)
            .Above(nameof(beta), beta, 0)
            .Require(
                threshold is null or (> 0 and <= 1),
                FormattableString.Invariant($"{nameof(threshold)} must be above 0 and at most 1, but is {threshold}"),
                nameof(threshold))
            .ThrowIfAny();
        Average = average;
        Beta = beta;
        Threshold = threshold;
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(FBetaScore);

    /// <summary>How the scores of several classes become one.</summary>
    public ScoreAverage Average { get; }

    /// <summary>How much recall counts beside precision.</summary>
    public double Beta { get; }

    /// <summary>Above which an output is a yes; null for the greatest output of a column.</summary>
    public double? Threshold { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Results => Average == ScoreAverage.None
        ? [.. Enumerable.Range(0, truePositives.Length).Select(Score)]
        : base.Results;

    /// <inheritdoc/>
    public override Metric Fresh() => new FBetaScore(Average, Beta, Threshold, Name);

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
        config.Add("beta", Beta);
        config.Add("threshold", Threshold);
        return config;
    }

    /// <summary>Reads the metric.</summary>
    /// <param name="reader">Its config.</param>
    internal static FBetaScore ReadFBeta(ConfigReader reader) =>
        new(ReadAverage(reader), reader.Double("beta", 1), reader.OptionalDouble("threshold"), reader.OptionalString("name"));

    /// <summary>Reads how scores become one.</summary>
    /// <param name="reader">The config.</param>
    private protected static ScoreAverage ReadAverage(ConfigReader reader) => reader.OptionalString("average") switch
    {
        null => ScoreAverage.None,
        "micro" => ScoreAverage.Micro,
        "macro" => ScoreAverage.Macro,
        "weighted" => ScoreAverage.Weighted,
        string other => throw new ConfigException(
            $"{reader.Owner}: average = '{other}' is unknown. Valid names: macro, micro, weighted, or null."),
    };

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
    protected sealed override IReadOnlyList<double>? Gathered
    {
        get => [.. truePositives, .. falsePositives, .. falseNegatives];
        set
        {
            double[][] parts = Parts(value, 3);
            (truePositives, falsePositives, falseNegatives) = (parts[0], parts[1], parts[2]);
        }
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
                bool yes = Threshold is double threshold ? p[i] > (Real)threshold : p[i] >= most
                    && RealMath.Abs(p[i]) > (Real)1e-9;
                truePositives[i] += yes ? weight * y[i] : 0;
                falsePositives[i] += yes ? weight * (1 - y[i]) : 0;
                falseNegatives[i] += yes ? 0 : weight * y[i];
            }
        }
    }

    private double Score(double hits, double falseAlarms, double misses)
    {
        double precision = hits / (hits + falseAlarms + Epsilon);
        double recall = hits / (hits + misses + Epsilon);
        double square = Beta * Beta;
        return (1 + square) * precision * recall / ((square * precision) + recall + Epsilon);
    }

    private double Score(int index) => Score(truePositives[index], falsePositives[index], falseNegatives[index]);
}
