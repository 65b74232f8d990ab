using System.Globalization;
using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>
/// Puts the calendar beside a series as variables: sine and cosine of where a date stands in the hour, day, week, month and year,
/// so that December is next to January; 1 on weekends and holidays. They are known ahead: <see cref="Ahead"/> gives those of the
/// steps that follow.
/// </summary>
/// <example>
/// <code>
/// var calendar = new CalendarFeatures(holidays: [new(2024, 12, 25), new(2025, 1, 1)]);
/// TimeSeries prepared = calendar.FitTransform(training);        // load, hour_sin, hour_cos, weekday_sin, …
/// TimeSeries future = calendar.Ahead(training, 24);             // hour_sin, hour_cos, … of the next 24 hours
/// </code>
/// </example>
public sealed class CalendarFeatures : Preparation
{
    private static readonly Dictionary<string, Func<DateTime, double>> Cycles = new(StringComparer.Ordinal)
    {
        ["minute"] = date => (date.Minute + (date.Second / 60.0)) / 60,
        ["hour"] = date => date.TimeOfDay / TimeSpan.FromDays(1),
        ["weekday"] = date => (((int)date.DayOfWeek + 6) % 7) / 7.0,
        ["day"] = date => (date.Day - 1.0) / DateTime.DaysInMonth(date.Year, date.Month),
        ["month"] = date => (date.Month - 1) / 12.0,
        ["quarter"] = date => (date.Month - 1) / 3 / 4.0,
        ["day_of_year"] = date => (date.DayOfYear - 1.0) / (DateTime.IsLeapYear(date.Year) ? 366 : 365),
    };

    private const string Weekend = "weekend";
    private const string Holiday = "holiday";
    private readonly string[]? wanted;
    private readonly HashSet<DateOnly> holidays;
    private string[]? features;

    /// <summary>Creates the preparation.</summary>
    /// <param name="features">
    /// Some of <c>minute</c>, <c>hour</c>, <c>weekday</c>, <c>day</c> (of the month), <c>month</c>, <c>quarter</c>,
    /// <c>day_of_year</c>, <c>weekend</c> and <c>holiday</c>; null takes those that the frequency of the series tells apart, and
    /// <c>holiday</c> where there are holidays.
    /// </param>
    /// <param name="holidays">Days that are not as others, of the past and of the future; null for none.</param>
    /// <exception cref="ArgumentException">There is no such feature, or it comes twice.</exception>
    public CalendarFeatures(IReadOnlyList<string>? features = null, IReadOnlyList<DateOnly>? holidays = null)
    {
        string[] valid = [.. Cycles.Keys, Weekend, Holiday];
        string? unknown = features?.FirstOrDefault(feature => !valid.Contains(feature));
        new OptionCheck(nameof(CalendarFeatures))
            .Require(
                features is null or { Count: > 0 }, "features must be names, at least one; null chooses them", nameof(features))
            .Require(
                unknown is null,
                $"features must be of {string.Join(", ", valid)}, but '{unknown}' is none. "
                    + $"{(unknown is null ? string.Empty : Spelling.DidYouMean(unknown, valid))}".TrimEnd(), nameof(features))
            .Require(features is null || features.Distinct().Count() == features.Count, "a feature is there twice",
                nameof(features))
            .ThrowIfAny();
        wanted = features is null ? null : [.. features];
        this.holidays = [.. holidays ?? []];
    }

    /// <summary>Names of the features; null before they are chosen.</summary>
    public IReadOnlyList<string>? Features => features ?? wanted;

    /// <summary>The days that are not as others.</summary>
    public IReadOnlyList<DateOnly> Holidays => [.. holidays.Order()];

    /// <summary>Names of the variables that are added.</summary>
    /// <exception cref="InvalidOperationException">Nothing has been fitted.</exception>
    public IReadOnlyList<string> Names
    {
        get
        {
            RequireFitted();
            return [.. features!.SelectMany(feature =>
                Cycles.ContainsKey(feature) ? (string[])[feature + "_sin", feature + "_cos"] : [feature])];
        }
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(CalendarFeatures);

    /// <inheritdoc/>
    public override bool IsFitted => features is not null;

    /// <inheritdoc/>
    public override TimeSeries Transform(TimeSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        IReadOnlyList<DateTime> dates = DatesOf(series);
        TimeSeries prepared = series;
        foreach ((string name, double[] values) in Names.Zip(Columns(dates)))
        {
            prepared = series.Variables.Contains(name)
                ? throw new ArgumentException($"Series '{series.Name}' has a variable '{name}' already.", nameof(series))
                : prepared.With(name, values);
        }

        return prepared;
    }

    /// <summary>The features of the steps that follow a series.</summary>
    /// <param name="history">The series.</param>
    /// <param name="steps">How many steps, at least 1.</param>
    /// <returns>A series of the features alone.</returns>
    /// <exception cref="InvalidOperationException">Nothing has been fitted.</exception>
    /// <exception cref="ArgumentException">The series has no dates, or too few to say how they go on.</exception>
    public TimeSeries Ahead(TimeSeries history, int steps)
    {
        ArgumentNullException.ThrowIfNull(history);
        new OptionCheck(nameof(CalendarFeatures)).Positive(nameof(steps), steps).ThrowIfAny();
        _ = DatesOf(history);
        return history.Continue(history.Name, Names, [.. Columns(history.DatesAfter(steps)!)]);
    }

    /// <inheritdoc/>
    public override TimeSeries Inverse(TimeSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        string[] kept = [.. series.Variables.Where(name => !Names.Contains(name))];
        return kept.Length > 0 && kept.Length < series.Variables.Count ? series.Select(kept) : series;
    }

    /// <inheritdoc/>
    public override ValuesAhead Inverse(ValuesAhead ahead)
    {
        RequireFitted();
        return ahead;
    }

    /// <inheritdoc/>
    public override void Follow(TimeSeries newer) => RequireFitted();

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = new()
        {
            { "features", wanted },
            { "holidays", Holidays.Select(day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).ToArray() },
        };
        if (features is not null)
        {
            config.Add("state", new Config { { "features", features } });
        }

        return config;
    }

    /// <inheritdoc/>
    protected internal override void Fit(SeriesPanel training, bool single)
    {
        ArgumentNullException.ThrowIfNull(training);
        foreach (TimeSeries series in training)
        {
            _ = DatesOf(series);
        }

        features = wanted ?? [.. Chosen(training[0].Frequency), .. holidays.Count > 0 ? (string[])[Holiday] : []];
    }

    /// <summary>Makes one from a config.</summary>
    internal static CalendarFeatures Read(ConfigReader config)
    {
        DateOnly[] days = [.. (PreparationNames.Names(config, "holidays") ?? []).Select(text =>
            DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
                ? day
                : throw new ConfigException(
                    $"{nameof(CalendarFeatures)}: a holiday must be a day as 2024-12-25, but is '{text}'."))];
        var made = new CalendarFeatures(PreparationNames.Names(config, "features"), days);
        if (config.Raw("state") is { } raw)
        {
            ConfigReader state = SeriesState.Reader(nameof(CalendarFeatures), raw);
            made.features = [.. new CalendarFeatures(PreparationNames.Names(state, "features") ?? []).wanted!];
            state.RefuseUnreadKeys();
        }

        return made;
    }

    private static IReadOnlyList<DateTime> DatesOf(TimeSeries series) => series.Dates ?? throw new ArgumentException(
        $"Series '{series.Name}' has no dates, so it has no calendar. Give it dates, or a start and a frequency.");

    /// <summary>What dates of a frequency differ in.</summary>
    private static string[] Chosen(Frequency? frequency)
    {
        if (frequency is null)
        {
            return ["day_of_year"];
        }

        if (frequency.Months > 0)
        {
            return frequency.Months % 12 == 0 ? ["day_of_year"] : ["month"];
        }

        TimeSpan step = frequency.IsBusinessDaily ? TimeSpan.FromDays(1) : frequency.Span;
        return step >= TimeSpan.FromDays(7) ? ["day_of_year"]
            : step >= TimeSpan.FromDays(1) ? ["weekday", "day_of_year"]
            : step >= TimeSpan.FromHours(1) ? ["hour", "weekday", "day_of_year"]
            : ["minute", "hour", "weekday", "day_of_year"];
    }

    private IEnumerable<double[]> Columns(IReadOnlyList<DateTime> dates)
    {
        foreach (string feature in features!)
        {
            if (Cycles.TryGetValue(feature, out Func<DateTime, double>? share))
            {
                yield return [.. dates.Select(date => Math.Sin(2 * Math.PI * share(date)))];
                yield return [.. dates.Select(date => Math.Cos(2 * Math.PI * share(date)))];
            }
            else if (feature == Weekend)
            {
                yield return [.. dates.Select(date => date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1.0 : 0)];
            }
            else
            {
                yield return [.. dates.Select(date => holidays.Contains(DateOnly.FromDateTime(date)) ? 1.0 : 0)];
            }
        }
    }
}
