using Recurrent.Data;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// A method on prepared series: the preparation is fitted on the training part alone, the method sees what it makes of it, and
/// points, quantiles and paths are brought back. Both are saved in one file.
/// </summary>
/// <remarks>
/// Variables that the preparation puts beside the series become covariates of the method: those of
/// <see cref="CalendarFeatures"/>, which are known ahead, as such, all others as past ones. A point is brought back as it is, so
/// after a logarithm it is a median.
/// </remarks>
/// <example>
/// <code>
/// var forecaster = new Prepared(new SegRNN(24, 12), new PreparationPipeline(new OutlierClipping(), new LogScaling()));
/// forecaster.Fit(series);
/// Forecast forecast = forecaster.Predict(12);
/// </code>
/// </example>
public sealed class Prepared : Forecaster
{
    private readonly Forecaster method;
    private readonly Preparation preparation;
    private Forecaster? member;
    private Preparation? known;

    /// <summary>Creates the forecaster.</summary>
    /// <param name="method">The method; it is not changed, one of the same options is fitted.</param>
    /// <param name="preparation">The preparation; it is not changed either.</param>
    /// <exception cref="ArgumentException">It cannot be saved with the method: it fills missing values by a model given as
    /// code.</exception>
    public Prepared(Forecaster method, Preparation preparation)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(preparation);
        this.method = method;
        try
        {
            this.preparation = preparation.Unfitted();
        }
        catch (NotSupportedException unsaveable)
        {
            throw new ArgumentException(unsaveable.Message, nameof(preparation), unsaveable);
        }
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(Prepared);

    /// <inheritdoc/>
    public override string Name => Steps(preparation).Any()
        ? $"{method.Name} after {string.Join(", ", Steps(preparation).Select(step => step.ClassName))}"
        : method.Name;

    /// <summary>The method; once it is fitted, the one that is.</summary>
    public Forecaster Method => member ?? method;

    /// <summary>The preparation; once it is fitted, the one that is.</summary>
    public Preparation Preparation => known ?? preparation;

    /// <inheritdoc/>
    public override Covariates Uses => method.Uses;

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "method", method }, { "preparation", preparation } };

    /// <summary>Makes the forecaster of its config.</summary>
    internal static Prepared Read(ConfigReader reader) => new(
        reader.OptionalComponent("method", Forecasters.Registry) ?? new SeasonalNaive(),
        reader.OptionalComponent("preparation", Preparation.Registry) ?? new PreparationPipeline());

    /// <inheritdoc/>
    protected override void FitCore(FitData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Preparation made = preparation.Unfitted();
        SeriesPanel panel = Fit(made, data.Panel.Map(series => series.At(0)), data);
        SeriesPanel prepared = made.Transform(panel);
        Forecaster fitted = method.Unfitted();
        fitted.Fit(prepared, RolesOf(made, data.Roles, panel.Variables, prepared.Variables), data.Run);
        foreach (LeftOutSeries left in fitted.LeftOut)
        {
            data.LeaveOut(left.Series, new ArgumentException(left.Reason));
        }

        foreach (string note in fitted.Notes)
        {
            data.Note(note);
        }

        (member, known) = (fitted, made);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<IReadOnlyList<QuantileGrid>> PredictCore(PredictData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Dictionary<string, Forecast> forecasts = member!.PredictPanel(data.Horizon, Ahead(data), data.Run)
            .ToDictionary(forecast => forecast.Series);
        return [.. data.Series.Select(series => Roles.Targets!
            .Select(target => Back(forecasts[series.Name].GridOf(target), series.Name, target)).ToArray())];
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<IReadOnlyList<double[][]>> SampleCore(PredictData data, int count, ulong key)
    {
        ArgumentNullException.ThrowIfNull(data);
        Dictionary<string, SamplePaths> paths = member!.SamplePanel(data.Horizon, count, (int)key, Ahead(data), data.Run)
            .ToDictionary(of => of.Series);
        return [.. data.Series.Select(series => Roles.Targets!.Select(target => paths[series.Name].Of(target)
            .Select(path => known!.Inverse(new ValuesAhead(path, target, series.Name)).Point).ToArray()).ToArray())];
    }

    /// <inheritdoc/>
    protected override void UpdateCore(FitData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Preparation next = known!.Copy();
        Forecaster after = member!.Copy();
        TimeSeries[] newer = [.. data.Panel.Select(series => series.At(EndOf(series.Name)))];
        after.Update(new SeriesPanel(newer.Select(next.Transform)), data.Run);
        foreach (TimeSeries series in newer)
        {
            next.Follow(series);
        }

        (member, known) = (after, next);
    }

    /// <inheritdoc/>
    protected internal override Config GetState() => new() { { "preparation", known! }, { "member", member!.Content() } };

    /// <inheritdoc/>
    protected internal override void SetState(ConfigReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        known = state.Component("preparation", Preparation.Registry);
        member = state.Nested("member", ReadFitted);
        if (!known.IsFitted || member.ClassName != method.ClassName
            || Series.Any(series => member.Series.All(own => own.Name != series.Name))
            || Roles.Targets!.Any(target => !member.Roles.Targets!.Contains(target)))
        {
            throw new ConfigException("the method is not the one that was prepared for, or does not forecast its series.")
            {
                Option = "member",
            };
        }
    }

    /// <summary>Fits the preparation on those series that can be prepared.</summary>
    private static SeriesPanel Fit(Preparation made, SeriesPanel panel, FitData data)
    {
        try
        {
            made.Fit(panel, single: panel.Count == 1);
            return panel;
        }
        catch (ArgumentException problem) when (panel.Count == 1)
        {
            data.LeaveOut(panel[0].Name, problem);
            throw;
        }
        catch (ArgumentException)
        {
            var kept = new List<string>();
            foreach (TimeSeries series in panel)
            {
                try
                {
                    made.Unfitted().Fit(series);
                    kept.Add(series.Name);
                }
                catch (ArgumentException problem)
                {
                    data.LeaveOut(series.Name, problem);
                }
            }

            if (kept.Count == 0 || kept.Count == panel.Count)
            {
                throw;
            }

            SeriesPanel rest = panel.Select(kept);
            made.Fit(rest, single: false);
            return rest;
        }
    }

    /// <summary>What each variable of the prepared series is for.</summary>
    private SeriesRoles RolesOf(
        Preparation made, SeriesRoles roles, IReadOnlyList<string> given, IReadOnlyList<string> prepared)
    {
        string[] calendar = [.. Steps(made).OfType<CalendarFeatures>().SelectMany(step => step.Names)];
        string[] added = [.. prepared.Where(name => !given.Contains(name) && !calendar.Contains(name))];
        string[] unused =
        [
            .. method.Uses.HasFlag(Covariates.Future) ? [] : calendar,
            .. method.Uses.HasFlag(Covariates.Past) ? [] : added,
        ];
        string[] lost = [.. roles.Targets!.Where(name => !prepared.Contains(name))];
        return unused.Length > 0
            ? throw new ArgumentException(
                $"The preparation puts {string.Join(", ", unused)} beside the series, but {method.Name} does not use such "
                + "variables. Leave it out, or choose another method.")
            : lost.Length > 0
                ? throw new ArgumentException(
                    $"The preparation leaves nothing of {string.Join(", ", lost)}, which is to be forecast.")
                : method.Usable(roles with
                {
                    Past = [.. roles.Past!.Where(prepared.Contains), .. added],
                    Future = [.. roles.Future!.Where(prepared.Contains), .. calendar],
                });
    }

    /// <summary>What is known ahead of each series, prepared.</summary>
    private SeriesPanel? Ahead(PredictData data)
    {
        IReadOnlyList<string> wanted = member!.Roles.Future!;
        return wanted.Count == 0 ? null : new(data.Series.Select((series, place) =>
        {
            TimeSeries given = data.Future.Count > 0 ? data.Future[place] : Dates(series, data.Horizon);
            return known!.TransformKnown(given.Rename(series.Name).At((int)series.Count)).Select(wanted);
        }));
    }

    /// <summary>The dates that follow a series, with nothing at them.</summary>
    private static TimeSeries Dates(FittedSeries series, int horizon)
    {
        DateTime[]? dates = series is { End: { } end, Frequency: { } frequency } ? frequency.After(end, horizon) : null;
        return TimeSeries.Create(
            series.Name, ["(date)"], [new double[horizon]], dates, new SeriesOptions { Frequency = series.Frequency });
    }

    private QuantileGrid Back(QuantileGrid grid, string series, string target)
    {
        double[][] levels = [.. QuantileGrid.Levels.Select(grid.Quantile)];
        ValuesAhead back = known!.Inverse(new ValuesAhead(grid.Point.ToArray(), levels, target, series));
        var flat = new double[grid.Horizon * levels.Length];
        for (int i = 0; i < flat.Length; i++)
        {
            flat[i] = back.Quantiles[i % levels.Length][i / levels.Length];
        }

        return QuantileGrid.Of(back.Point, flat);
    }

    private int EndOf(string series) => checked((int)Series.First(known => known.Name == series).Count);

    private static IEnumerable<Preparation> Steps(Preparation preparation) =>
        preparation is PreparationPipeline pipeline ? pipeline.Steps.SelectMany(Steps) : [preparation];
}
