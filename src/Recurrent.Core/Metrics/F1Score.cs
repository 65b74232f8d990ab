using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>The harmonic mean of precision and recall, <c>2 P R / (P + R)</c>, for each class: the F score whose β is
/// 1.</summary>
/// <remarks>
/// Without a threshold the greatest output of a column is its answer; with one, every output above it. Divisors have 1e-7 added
/// (as in Keras).
/// </remarks>
public sealed class F1Score : FBetaScore
{
    /// <summary>Creates the metric.</summary>
    /// <param name="average">How the scores of several classes become one; default not at all.</param>
    /// <param name="threshold">Above which an output is a yes, in (0, 1]; null, the default, for the greatest output of a
    /// column.</param>
    /// <param name="name">Name of the metric; default <c>f1_score</c>.</param>
    /// <exception cref="ArgumentException">The threshold is out of range.</exception>
    public F1Score(ScoreAverage average = ScoreAverage.None, double? threshold = null, string? name = null)
        : base(nameof(F1Score), average, 1, threshold, name ?? "f1_score")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(F1Score);

    /// <inheritdoc/>
    public override Metric Fresh() => new F1Score(Average, Threshold, Name);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = [];
        foreach ((string key, object? value) in base.GetConfig())
        {
            if (key != "beta")
            {
                config.Add(key, value);
            }
        }

        return config;
    }

    /// <summary>Reads the metric.</summary>
    /// <param name="reader">Its config.</param>
    internal static F1Score Read(ConfigReader reader) =>
        new(ReadAverage(reader), reader.OptionalDouble("threshold"), reader.OptionalString("name"));
}
