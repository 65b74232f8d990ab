using Recurrent.Data;
using Recurrent.Drawing;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>How far from its forecast a value is, measured.</summary>
public enum AnomalyMeasure
{
    /// <summary>In widths of the interval: 1 is the edge of the 95 % interval on the value's side, 0 its middle.</summary>
    Interval,

    /// <summary>In the units of the series: |y − ŷ|.</summary>
    Residual,
}

/// <summary>
/// Scores a value by the forecast that any method makes of it one step before. It learns from the older part of the series;
/// then each value is scored and taken in. Of several variables the strangest counts.
/// </summary>
public sealed class ForecastScorer : AnomalyScorer
{
    private const double Coverage = 0.95;
    private const double DefaultShare = 0.5;

    // A value further out is taken in as one so many widths of the interval away: it must not spoil what is expected next,
    // and where it is a new level, the method follows in a few steps.
    private const double MostTaken = 2;

    private readonly Forecaster method;
    private readonly double share;
    private Forecaster? fitted;
    private TimeSeries? last;

    /// <summary>Creates a scorer.</summary>
    /// <param name="method">The method; it is not changed, another of the same options is fitted.</param>
    /// <param name="measure">How distance is measured.</param>
    /// <param name="share">The share of the series to learn from.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    public ForecastScorer(Forecaster method, AnomalyMeasure measure = AnomalyMeasure.Interval, double share = DefaultShare)
    {
        ArgumentNullException.ThrowIfNull(method);
        this.method = method;
        Measure = measure;
        this.share = share is > 0 and < 1 ? share : throw new ArgumentOutOfRangeException(
            nameof(share), share, "The share of the series to learn from lies between 0 and 1.");
    }

    /// <summary>How distance is measured.</summary>
    public AnomalyMeasure Measure { get; }

    /// <inheritdoc/>
    public override string Name =>
        $"{(Measure == AnomalyMeasure.Interval ? "intervals" : "residuals")} of {method.Name}";

    /// <inheritdoc/>
    public override string ClassName => nameof(ForecastScorer);

    /// <inheritdoc/>
    public override Config GetConfig() =>
        new() { { "method", method }, { "measure", Measure.ToString() }, { "share", share } };

    /// <summary>Makes one of its config.</summary>
    internal static ForecastScorer Read(ConfigReader reader) => new(
        reader.OptionalComponent("method", Forecasters.Registry) ?? throw new ConfigException("the method is missing.")
        {
            Option = "method",
        },
        reader.OptionalString("measure") is not { } text ? AnomalyMeasure.Interval
            : Enum.TryParse(text, out AnomalyMeasure measure) && Enum.IsDefined(measure) ? measure
            : throw new ConfigException($"the measure must be {string.Join(" or ", Enum.GetNames<AnomalyMeasure>())}.")
            {
                Option = "measure",
            },
        reader.Double("share", DefaultShare));

    /// <inheritdoc/>
    public override AnomalyScores Fit(TimeSeries series, ForecastRun? run = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        int seen = (int)(share * series.Count);
        if (seen < 2 || seen >= series.Count)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Series '{series.Name}' has {Figures.Count(series.Count, "value")}: too few to learn from some and score the ")
                + "others.", nameof(series));
        }

        if (series.Variables.FirstOrDefault(name => !series.Observed(name).Contains(true)) is { } empty)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Series '{series.Name}' has no value of '{empty}': all {series.Count} are missing."), nameof(series));
        }

        Forecaster fresh = method.Unfitted();
        TimeSeries older = series.Slice(0, seen);
        fresh.Fit(older, run: run);
        double[] scores = [.. Enumerable.Repeat(double.NaN, series.Count)];
        double[] expected = [.. scores];
        ScoreOlder(fresh, older, scores, expected);
        var stream = new Walk(fresh, older, Measure);
        for (int t = seen; t < series.Count; t++)
        {
            run?.Cancellation.ThrowIfCancellationRequested();
            expected[t] = stream.Expected;
            scores[t] = stream.Step(series.Slice(t, 1));
        }

        fitted = fresh;
        last = series;
        return new(scores, expected, seen);
    }

    /// <inheritdoc/>
    public override AnomalyTracker Stream() => new Walk((fitted ?? throw NotFitted()).Copy(), last!, Measure);

    /// <inheritdoc/>
    protected internal override Config GetState() => new()
    {
        { "forecaster", (fitted ?? throw NotFitted()).Content() },
        { "end", StoredSeries.Write(Walk.EndOf(last!)) },
    };

    /// <inheritdoc/>
    protected internal override void SetState(ConfigReader state, int variables)
    {
        ArgumentNullException.ThrowIfNull(state);
        Forecaster stored = state.Nested("forecaster", Forecaster.ReadFitted);
        TimeSeries end = StoredSeries.Read(state, "end");
        if (end.Count > 2 || end.Variables.Count != variables || stored.ClassName != method.ClassName
            || stored.Series.Count != 1 || !stored.Roles.Targets!.All(end.Variables.Contains))
        {
            throw new ConfigException("the end of the series does not fit the forecaster.") { Option = "end" };
        }

        (fitted, last) = (stored, end);
    }

    /// <summary>
    /// What a method of one series at a time left over when it was fitted, against the spread that it has at the end.
    /// </summary>
    private void ScoreOlder(Forecaster fresh, TimeSeries older, double[] scores, double[] expected)
    {
        if (fresh is not LocalForecaster local || fresh.Roles.Targets!.Count > 1)
        {
            return;
        }

        LocalFit fit = local.FitOf();
        if (fit.Fitted.Length != older.Count)
        {
            return;
        }

        Forecast next = fresh.Predict(1);
        (double[] low, double[] high) = next.Interval(Coverage);
        ReadOnlySpan<double> values = older.Variable(fresh.Roles.Targets[0]);
        for (int t = 0; t < values.Length; t++)
        {
            expected[t] = fit.Fitted[t];
            double middle = expected[t];
            scores[t] = Distance(values[t], middle, middle + low[0] - next.Point[0], middle + high[0] - next.Point[0], Measure);
        }
    }

    private static double Distance(double value, double middle, double low, double high, AnomalyMeasure measure)
    {
        double away = Math.Abs(value - middle);
        double width = value < middle ? middle - low : high - middle;
        return measure == AnomalyMeasure.Residual || double.IsNaN(away) ? away
            : width > 0 ? away / width : away > 0 ? double.MaxValue : 0;
    }

    /// <summary>A fitted method that is asked and told in turns.</summary>
    private sealed class Walk : AnomalyTracker
    {
        private readonly Forecaster method;
        private readonly string[] variables;
        private readonly AnomalyMeasure measure;
        private TimeSeries end;
        private Forecast next;

        internal Walk(Forecaster method, TimeSeries end, AnomalyMeasure measure)
        {
            this.method = method;
            this.measure = measure;
            variables = [.. end.Variables];

            this.end = EndOf(end);
            next = method.Predict(1);
        }

        public override double Expected => next.Point[0];

        /// <summary>What has to be known of a series to go on behind it: two steps keep the distance between dates.</summary>
        internal static TimeSeries EndOf(TimeSeries series) =>
            series.Slice(Math.Max(0, series.Count - 2), Math.Min(2, series.Count));

        public override double Step(params ReadOnlySpan<double> values)
        {
            Check(values, variables.Length);
            double[][] columns = new double[values.Length][];
            for (int i = 0; i < columns.Length; i++)
            {
                columns[i] = [values[i]];
            }

            return Step(end.Continue(end.Name, variables, columns));
        }

        internal double Step(TimeSeries step)
        {
            double score = double.NaN;
            TimeSeries taken = step;
            foreach (string variable in next.Variables)
            {
                (double[] low, double[] high) = next.Interval(Coverage, variable);
                double value = step.Variable(variable)[0];
                double middle = next.PointOf(variable)[0];
                double one = Distance(value, middle, low[0], high[0], measure);
                score = double.IsNaN(score) || one > score ? one : score;
                double least = middle - (MostTaken * (middle - low[0]));
                double most = middle + (MostTaken * (high[0] - middle));
                if (value < least || value > most)
                {
                    taken = taken.With(variable, [Math.Clamp(value, least, most)]);
                }
            }

            method.Update(taken);
            end = step;
            next = method.Predict(1);
            return score;
        }
    }
}
