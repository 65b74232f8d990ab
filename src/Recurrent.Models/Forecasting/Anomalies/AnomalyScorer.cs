using Recurrent.Data;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>Says how unusual each value of a series is, from what it has learned of an ordinary stretch.</summary>
public abstract class AnomalyScorer : IConfigurable
{
    /// <summary>The scorers by name.</summary>
    internal static Registry<AnomalyScorer> Registry { get; } = new("scorer of anomalies",
    [
        new("ForecastScorer|forecast", ForecastScorer.Read),
        new("AutoencoderScorer|autoencoder", AutoencoderScorer.Read),
    ]);

    /// <summary>Name of the scorer.</summary>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract string ClassName { get; }

    /// <inheritdoc/>
    public abstract Config GetConfig();

    /// <summary>
    /// Learns from the older part of a series and scores the newer part as it would have come, step by step. Scores that the
    /// scorer can give of the older part stand before.
    /// </summary>
    /// <param name="series">The series; mostly ordinary, a few anomalies do no harm.</param>
    /// <param name="run">How it is run; null for the defaults.</param>
    /// <exception cref="ArgumentException">The series is too short, or cannot be learned from; the message says why.</exception>
    public abstract AnomalyScores Fit(TimeSeries series, ForecastRun? run = null);

    /// <summary>A stream that goes on where the fitted series ends; streams do not know each other.</summary>
    /// <exception cref="InvalidOperationException">The scorer is not fitted.</exception>
    public abstract AnomalyTracker Stream();

    /// <summary>What was learned, as plain data.</summary>
    /// <exception cref="InvalidOperationException">The scorer is not fitted.</exception>
    protected internal abstract Config GetState();

    /// <summary>Takes over what <see cref="GetState"/> of another scorer of the same options has given.</summary>
    /// <param name="state">The data; a stranger's.</param>
    /// <param name="variables">How many variables a step has.</param>
    /// <exception cref="ArgumentException">They are not those of a scorer.</exception>
    protected internal abstract void SetState(ConfigReader state, int variables);

    /// <summary>What is thrown where a scorer is asked before it is fitted.</summary>
    private protected static InvalidOperationException NotFitted() => new("The scorer is not fitted yet: call Fit first.");
}

/// <summary>Scores of a series.</summary>
/// <param name="Values">A score for each step: 0 is ordinary, larger is stranger; NaN where there is none.</param>
/// <param name="Expected">What was expected at each step; NaN where nothing was.</param>
/// <param name="FirstUnseen">
/// The first step that was not learned from: scores from there on are what new ones will be like.
/// </param>
public sealed record AnomalyScores(IReadOnlyList<double> Values, IReadOnlyList<double> Expected, int FirstUnseen);

/// <summary>Scores values as they come. One thread at a time may use a stream.</summary>
public abstract class AnomalyTracker
{
    /// <summary>What the next value of the first variable is expected to be; NaN where nothing is.</summary>
    public abstract double Expected { get; }

    /// <summary>Scores the values of a step and takes them in.</summary>
    /// <param name="values">A value for each variable; NaN where one is missing.</param>
    /// <returns>0 where ordinary, larger where stranger; NaN where that cannot be said.</returns>
    /// <exception cref="ArgumentException">There is another number of variables, or a value is infinite.</exception>
    public abstract double Step(params ReadOnlySpan<double> values);

    /// <summary>Refuses what is no step.</summary>
    private protected static void Check(ReadOnlySpan<double> values, int variables)
    {
        if (values.Length != variables)
        {
            string needed = variables == 1 ? "one value" : FormattableString.Invariant($"{variables} values");
            throw new ArgumentException(
                FormattableString.Invariant($"A step has {needed}, but {values.Length} were given."), nameof(values));
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (double.IsInfinity(values[i]))
            {
                throw new ArgumentException("A value is infinite: write NaN where one is missing.", nameof(values));
            }
        }
    }
}
