using Recurrent.Data;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// The one interface of all methods: it is fitted to a series or a panel of them, forecasts what comes next with its
/// distribution, takes in what came, and is saved as one file.
/// </summary>
/// <remarks>
/// Any number of threads may ask a fitted forecaster at once; fitting and updating need it alone. The same data, options and
/// seed give the same bits on any number of threads.
/// </remarks>
public abstract partial class Forecaster : IConfigurable
{
    private SeriesRoles? roles;
    private FittedSeries[] fitted = [];
    private string[] notes = [];
    private LeftOutSeries[] leftOut = [];

    /// <summary>The name under which the method is registered and saved, see <see cref="Forecasters.Registry"/>.</summary>
    public abstract string ClassName { get; }

    /// <summary>Name of the method, as tables and charts show it.</summary>
    public virtual string Name => ClassName;

    /// <summary>The options.</summary>
    public abstract Config GetConfig();

    /// <summary>The covariates that the method can use.</summary>
    public virtual Covariates Uses => Covariates.None;

    /// <summary>Whether the method has been fitted.</summary>
    public bool IsFitted => roles is not null;

    /// <summary>The series that the method is fitted to, and where each ends.</summary>
    public IReadOnlyList<FittedSeries> Series => fitted;

    /// <summary>The roles of the variables, once the method is fitted.</summary>
    /// <exception cref="InvalidOperationException">It is not fitted.</exception>
    public SeriesRoles Roles => roles ?? throw NotFitted();

    /// <summary>What the reader of the forecasts should know: values that were filled, for instance.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>The series of the panel that could not be fitted, with the reason.</summary>
    public IReadOnlyList<LeftOutSeries> LeftOut => leftOut;

    /// <summary>How networks were trained in the last fit; empty where none were, and in a forecaster read from a file.</summary>
    public virtual IReadOnlyList<TrainingCurves> Trainings => [];

    /// <summary>Fits the method to a series. What was fitted before is forgotten; where this fails, it stays.</summary>
    /// <param name="series">The series, oldest first.</param>
    /// <param name="roles">What each variable is for; null to forecast all of them.</param>
    /// <param name="run">How the fit is run; null for the defaults.</param>
    /// <exception cref="ArgumentException">The method cannot be fitted to the series; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void Fit(TimeSeries series, SeriesRoles? roles = null, ForecastRun? run = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        Fit(new SeriesPanel([series]), roles, run);
    }

    /// <summary>Fits the method to all series of a panel. What was fitted before is forgotten; where this fails, it
    /// stays.</summary>
    /// <param name="panel">The series.</param>
    /// <param name="roles">What each variable is for, the same in all series; null to forecast all of them.</param>
    /// <param name="run">How the fit is run, and what happens to a series that cannot be fitted; null for the defaults.</param>
    /// <exception cref="ArgumentException">The method cannot be fitted to a series; the message names it.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void Fit(SeriesPanel panel, SeriesRoles? roles = null, ForecastRun? run = null)
    {
        ArgumentNullException.ThrowIfNull(panel);
        run ??= ForecastRun.Default;
        run.Cancellation.ThrowIfCancellationRequested();
        panel = PanelCheck.Aligned(panel);
        SeriesRoles resolved = PanelCheck.Roles(this, panel, roles);
        var data = new FitData(panel, resolved, run);
        FitCore(data);
        HashSet<string> missing = [.. data.LeftOut.Select(series => series.Series)];
        if (missing.Count == panel.Count)
        {
            LeftOutSeries first = data.LeftOut[0];
            throw new ArgumentException(
                $"None of the {panel.Count} series can be fitted. Series '{first.Series}': {first.Reason}", nameof(panel));
        }

        this.roles = resolved;
        notes = [.. data.Notes];
        leftOut = [.. data.LeftOut];
        fitted = [.. panel.Where(series => !missing.Contains(series.Name)).Select(PanelCheck.Ending)];
    }

    /// <summary>Forecasts the steps after the one series that the method is fitted to.</summary>
    /// <param name="horizon">Number of steps.</param>
    /// <param name="future">The covariates that are known ahead, over at least the steps asked for; null where there are
    /// none.</param>
    /// <param name="run">How the forecast is run; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">The method is not fitted, or to several series.</exception>
    /// <exception cref="ArgumentException">The horizon is below 1, or covariates are missing or too short.</exception>
    public Forecast Predict(int horizon, TimeSeries? future = null, ForecastRun? run = null)
    {
        RequireOne(nameof(PredictPanel));
        return PredictFor(horizon, future is null ? [] : [future.Rename(fitted[0].Name)], run)[0];
    }

    /// <summary>Forecasts the steps after every series that the method is fitted to.</summary>
    /// <param name="horizon">Number of steps.</param>
    /// <param name="future">For each series the covariates that are known ahead, by its name; null where there are none.</param>
    /// <param name="run">How the forecasts are run; null for the defaults.</param>
    /// <returns>A forecast for each series, in the order of the panel.</returns>
    /// <exception cref="InvalidOperationException">The method is not fitted.</exception>
    /// <exception cref="ArgumentException">The horizon is below 1, or covariates are missing or too short.</exception>
    public IReadOnlyList<Forecast> PredictPanel(int horizon, SeriesPanel? future = null, ForecastRun? run = null) =>
        PredictFor(horizon, future is null ? [] : [.. future], run);

    /// <summary>Forecasts quantiles of the one series that the method is fitted to.</summary>
    /// <param name="horizon">Number of steps.</param>
    /// <param name="levels">The probabilities, each above 0 and below 1.</param>
    /// <param name="future">The covariates that are known ahead; null where there are none.</param>
    /// <returns>For each probability the quantile of every step, of the first variable.</returns>
    /// <exception cref="InvalidOperationException">The method is not fitted, or to several series.</exception>
    /// <exception cref="ArgumentException">An argument is out of range.</exception>
    public double[][] PredictQuantiles(int horizon, IReadOnlyList<double> levels, TimeSeries? future = null)
    {
        ArgumentNullException.ThrowIfNull(levels);
        Forecast forecast = Predict(horizon, future);
        return [.. levels.Select(level => forecast.Quantile(level))];
    }

    /// <summary>Draws paths that the one series might take, steps of a path depending on one another as the method has
    /// it.</summary>
    /// <param name="horizon">Number of steps.</param>
    /// <param name="count">Number of paths.</param>
    /// <param name="seed">What the draws follow from.</param>
    /// <param name="future">The covariates that are known ahead; null where there are none.</param>
    /// <exception cref="InvalidOperationException">The method is not fitted, or to several series.</exception>
    /// <exception cref="ArgumentException">An argument is out of range.</exception>
    public SamplePaths Sample(int horizon, int count, int seed = 0, TimeSeries? future = null)
    {
        RequireOne(nameof(SamplePanel));
        return SampleFor(horizon, count, seed, future is null ? [] : [future.Rename(fitted[0].Name)], null)[0];
    }

    /// <summary>Draws paths that every series might take.</summary>
    /// <param name="horizon">Number of steps.</param>
    /// <param name="count">Number of paths of each series.</param>
    /// <param name="seed">What the draws follow from.</param>
    /// <param name="future">For each series the covariates that are known ahead; null where there are none.</param>
    /// <param name="run">How it is run; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">The method is not fitted.</exception>
    /// <exception cref="ArgumentException">An argument is out of range.</exception>
    public IReadOnlyList<SamplePaths> SamplePanel(int horizon, int count, int seed = 0, SeriesPanel? future = null,
        ForecastRun? run = null) => SampleFor(horizon, count, seed, future is null ? [] : [.. future], run);

    /// <summary>Takes in what came after the one series: state is carried on, nothing is fitted anew.</summary>
    /// <param name="newer">The steps that follow; with dates, those that are known already are passed over.</param>
    /// <param name="run">How it is run; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">The method is not fitted, or to several series.</exception>
    /// <exception cref="ArgumentException">The steps do not follow, or have another frequency or other variables.</exception>
    public void Update(TimeSeries newer, ForecastRun? run = null)
    {
        ArgumentNullException.ThrowIfNull(newer);
        RequireOne(nameof(Update) + "(SeriesPanel)");
        Update(new SeriesPanel([PanelCheck.Named(newer, fitted[0].Name, Roles)]), run);
    }

    /// <summary>Takes in what came after the series of a panel: state is carried on, nothing is fitted anew.</summary>
    /// <param name="newer">For each series, by its name, the steps that follow; a series may be missing.</param>
    /// <param name="run">How it is run; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">The method is not fitted.</exception>
    /// <exception cref="ArgumentException">A series is not known, or its steps do not follow.</exception>
    public void Update(SeriesPanel newer, ForecastRun? run = null)
    {
        ArgumentNullException.ThrowIfNull(newer);
        run ??= ForecastRun.Default;
        SeriesRoles own = Roles;
        FittedSeries[] after = [.. fitted];
        var parts = new List<TimeSeries>();
        Dictionary<string, int> places = fitted.Select((series, place) => (series.Name, place))
            .ToDictionary(pair => pair.Name, pair => pair.place);
        foreach (TimeSeries given in newer)
        {
            // In a panel the name of the series says which it is; its one variable may be called as it likes.
            TimeSeries series = fitted.Length > 1 && own is { Past.Count: 0, Future.Count: 0 }
                ? PanelCheck.Called(given, own.Targets!) : given;
            if (!places.TryGetValue(series.Name, out int place))
            {
                throw new ArgumentException(Unknown(series.Name), nameof(newer));
            }

            if (PanelCheck.After(after[place], own, series) is { Count: > 0 } part)
            {
                parts.Add(part);
                after[place] = PanelCheck.Continued(after[place], part);
            }
        }

        if (parts.Count > 0)
        {
            UpdateCore(new(new SeriesPanel(parts), own, run));
            fitted = after;
        }
    }

    /// <summary>What to say of a series that the method is not fitted to: it lists those that it is.</summary>
    private protected string Unknown(string series)
    {
        const int shown = 5;
        string[] names = [.. fitted.Select(one => one.Name)];
        string list = string.Join(", ", names.Take(shown).Select(name => $"'{name}'"));
        return $"{Name} is not fitted to a series '{series}'. {Spelling.DidYouMean(series, names)}It is fitted to {list}"
            + (names.Length > shown ? FormattableString.Invariant($" and {names.Length - shown} more.") : ".");
    }

    /// <summary>A forecaster of the same options that is fitted to nothing.</summary>
    public virtual Forecaster Unfitted() => Forecasters.Registry.Create(ComponentConfig.Of(this));

    /// <summary>Those roles that the method can use: covariates of other kinds are left out.</summary>
    internal SeriesRoles Usable(SeriesRoles all) => all with
    {
        Past = Uses.HasFlag(Covariates.Past) ? all.Past : [],
        Future = Uses.HasFlag(Covariates.Future) ? all.Future : [],
        Static = Uses.HasFlag(Covariates.Static) ? all.Static : [],
    };

    /// <summary>Fits the method. A series that cannot be fitted is reported with <see cref="FitData.LeaveOut"/>; what was fitted
    /// before may be given up only once nothing can fail any more.</summary>
    /// <param name="data">The series and their roles.</param>
    protected abstract void FitCore(FitData data);

    /// <summary>Forecasts.</summary>
    /// <param name="data">What is asked for.</param>
    /// <returns>For each series a distribution for each target.</returns>
    protected abstract IReadOnlyList<IReadOnlyList<QuantileGrid>> PredictCore(PredictData data);

    /// <summary>Takes in steps that follow.</summary>
    /// <param name="data">The steps of those series that have new ones.</param>
    protected abstract void UpdateCore(FitData data);

    /// <summary>Draws paths.</summary>
    /// <param name="data">What is asked for.</param>
    /// <param name="count">Number of paths.</param>
    /// <param name="key">What the draws of each series and target follow from; see <see cref="Random.SeededRandom.Key"/>.</param>
    /// <returns>For each series, for each target, the paths.</returns>
    protected abstract IReadOnlyList<IReadOnlyList<double[][]>> SampleCore(PredictData data, int count, ulong key);

    /// <summary>What the method has fitted, as plain data for its file.</summary>
    protected internal abstract Config GetState();

    /// <summary>Takes back what <see cref="GetState"/> has written.</summary>
    /// <param name="state">The data; it may be wrong in any way.</param>
    /// <exception cref="ConfigException">It is.</exception>
    protected internal abstract void SetState(ConfigReader state);
}
