using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>What a <see cref="Forecaster"/> is fitted to.</summary>
public sealed class FitData
{
    private readonly List<LeftOutSeries> leftOut = [];
    private readonly List<string> notes = [];
    private readonly Lock gate = new();

    internal FitData(SeriesPanel panel, SeriesRoles roles, ForecastRun run)
    {
        Panel = panel;
        Roles = roles;
        Run = run;
    }

    /// <summary>The series, all with the variables that have roles.</summary>
    public SeriesPanel Panel { get; }

    /// <summary>The roles of the variables; no list is null.</summary>
    public SeriesRoles Roles { get; }

    /// <summary>The variables to forecast.</summary>
    public IReadOnlyList<string> Targets => Roles.Targets!;

    /// <summary>How the fit is run.</summary>
    public ForecastRun Run { get; }

    /// <summary>The series that were left out.</summary>
    internal IReadOnlyList<LeftOutSeries> LeftOut => leftOut;

    /// <summary>What the reader of the forecasts should know.</summary>
    internal IReadOnlyList<string> Notes => notes;

    /// <summary>Says that a series cannot be fitted: it is left out where that was asked for, and else refused.</summary>
    /// <param name="series">Its name.</param>
    /// <param name="problem">What is wrong with it.</param>
    /// <exception cref="ArgumentException">Nobody asked to leave bad series out; the message names the series.</exception>
    public void LeaveOut(string series, Exception problem)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(problem);
        string reason = problem is ArgumentException { ParamName: { } parameter }
            ? problem.Message.Replace($" (Parameter '{parameter}')", string.Empty, StringComparison.Ordinal) : problem.Message;
        if (Run.OnBadSeries != BadSeries.LeaveOut || Panel.Count == 1)
        {
            string advice = Panel.Count == 1 ? string.Empty
                : $" To go on without it: new {nameof(ForecastRun)} {{ {nameof(ForecastRun.OnBadSeries)} = "
                    + $"{nameof(BadSeries)}.{nameof(BadSeries.LeaveOut)} }}.";
            throw new ArgumentException(
                (reason.StartsWith($"Series '{series}'", StringComparison.Ordinal) ? reason : $"Series '{series}': {reason}")
                + advice, problem);
        }

        lock (gate)
        {
            leftOut.Add(new(series, reason));
        }
    }

    /// <summary>Notes what the reader of the forecasts should know.</summary>
    /// <param name="note">A sentence.</param>
    public void Note(string note)
    {
        lock (gate)
        {
            notes.Add(note);
        }
    }
}

/// <summary>A series that could not be fitted.</summary>
/// <param name="Series">Its name.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record LeftOutSeries(string Series, string Reason);

/// <summary>A series that a forecaster is fitted to, and where it ends.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Count">Number of steps so far.</param>
/// <param name="End">The date of its last step, or null.</param>
/// <param name="Frequency">How far its steps are apart, or null.</param>
public sealed record FittedSeries(string Name, long Count, DateTime? End, Frequency? Frequency);

/// <summary>What a <see cref="Forecaster"/> is asked for.</summary>
/// <param name="Horizon">Number of steps.</param>
/// <param name="Series">The series to forecast, in the order in which they were fitted.</param>
/// <param name="Future">
/// For each series, the covariates that are known ahead, over the steps asked for; empty where there are none.
/// </param>
/// <param name="Run">How the forecast is run.</param>
public sealed record PredictData(
    int Horizon, IReadOnlyList<FittedSeries> Series, IReadOnlyList<TimeSeries> Future, ForecastRun Run)
{
    /// <summary>The covariates that are known ahead, as far as one of several methods uses them.</summary>
    internal SeriesPanel? FutureFor(Forecaster member) =>
        member.Roles.Future!.Count == 0 ? null
            : new([.. Future.Where(series => member.Series.Any(known => known.Name == series.Name))]);
}
