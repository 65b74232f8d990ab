using Recurrent.Data;
using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>A method that is fitted to one series at a time, and to each variable by itself.</summary>
/// <remarks>
/// Missing values are filled before a method sees them (<see cref="MissingFill"/>) and <see cref="Forecaster.Notes"/> says so.
/// The series of a panel are fitted side by side on several threads, each to the same bits as alone.
/// </remarks>
public abstract class LocalForecaster : Forecaster
{
    private LocalFit[][] fits = [];

    /// <summary>Creates the method.</summary>
    /// <param name="season">Length of a season in steps; null to take that of the series' frequency, 1 where none is
    /// known.</param>
    /// <exception cref="ArgumentOutOfRangeException">A season has at least 1 step.</exception>
    protected LocalForecaster(int? season)
    {
        if (season is < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(season), season, "A season has at least 1 step.");
        }

        Season = season;
    }

    /// <summary>Length of a season in steps, where it was given; null to take that of the series' frequency.</summary>
    public int? Season { get; }

    /// <summary>The options; those of a method's own follow.</summary>
    public override Config GetConfig() => new() { { "season", Season } };

    /// <summary>The fit of a series.</summary>
    /// <param name="series">Its name; null for the only one.</param>
    /// <param name="variable">The variable; null for the first target.</param>
    /// <exception cref="ArgumentException">There is no such series or variable.</exception>
    /// <exception cref="InvalidOperationException">The method is not fitted.</exception>
    public LocalFit FitOf(string? series = null, string? variable = null)
    {
        IReadOnlyList<string> targets = Roles.Targets!;
        int place = series is null ? 0 : Series.Select(known => known.Name).ToList().IndexOf(series);
        int target = variable is null ? 0 : targets.ToList().IndexOf(variable);
        return place >= 0 && target >= 0 ? fits[place][target]
            : throw new ArgumentException(place < 0 ? Unknown(series!)
                : $"{Name} does not forecast a variable '{variable}', but {string.Join(", ", targets)}.");
    }

    /// <summary>Whether the method takes missing values as they are, NaN: its tasks and updates are not filled then. False by
    /// default.</summary>
    protected virtual bool TakesGaps => false;

    /// <summary>Fits the method to one variable of one series.</summary>
    /// <param name="task">The values, without gaps.</param>
    /// <returns>The fit.</returns>
    /// <exception cref="ArgumentException">The method cannot be fitted to them; the message says why.</exception>
    public abstract LocalFit FitSeries(LocalTask task);

    /// <summary>Forecasts the steps after bare numbers.</summary>
    /// <param name="training">The values, oldest first.</param>
    /// <param name="horizon">Number of steps.</param>
    /// <returns>The point forecast of each step.</returns>
    /// <exception cref="ArgumentException">The horizon is below 1, or the method cannot be fitted to the values.</exception>
    public double[] Forecast(ReadOnlySpan<double> training, int horizon)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(horizon);
        return FitSeries(new LocalTask(training.ToArray(), Season ?? 1)).Predict(horizon, []).Point.ToArray();
    }

    /// <summary>Makes a fit of what <see cref="LocalFit.State"/> has written.</summary>
    /// <param name="state">The data; it may be wrong in any way.</param>
    /// <exception cref="ConfigException">It is.</exception>
    protected internal abstract LocalFit ReadFit(ConfigReader state);

    /// <inheritdoc/>
    public override Forecaster Copy()
    {
        // Fits never change, and the list of them is replaced as a whole.
        _ = Roles;
        return (Forecaster)MemberwiseClone();
    }

    /// <inheritdoc/>
    protected sealed override void FitCore(FitData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var made = new LocalFit[data.Panel.Count][];
        var work = new LocalRun(data.Run, data.Panel.Count, "fit");
        work.Each(i => made[i] = [.. data.Targets.Select(target => FitSeries(TaskOf(data, i, target)))]);
        for (int i = 0; i < made.Length; i++)
        {
            if (work.Problems[i] is { } problem)
            {
                data.LeaveOut(data.Panel[i].Name, problem);
            }
        }

        fits = [.. made.Where((_, i) => work.Problems[i] is null)];
    }

    /// <inheritdoc/>
    protected sealed override IReadOnlyList<IReadOnlyList<QuantileGrid>> PredictCore(PredictData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var grids = new QuantileGrid[fits.Length][];
        new LocalRun(data.Run, fits.Length, "predict").EachOrThrow(
            i => grids[i] = [.. fits[i].Select(fit => fit.Predict(data.Horizon, Regressors(data, i)))],
            i => data.Series[i].Name);
        return grids;
    }

    /// <inheritdoc/>
    protected sealed override IReadOnlyList<IReadOnlyList<double[][]>> SampleCore(PredictData data, int count, ulong key)
    {
        ArgumentNullException.ThrowIfNull(data);
        var paths = new double[fits.Length][][][];
        new LocalRun(data.Run, fits.Length, "sample").EachOrThrow(
            i => paths[i] = [.. fits[i].Select((fit, target) => fit.Simulate(data.Horizon, count,
                SeededRandom.Key(SeededRandom.Key(key, (ulong)i), (ulong)target), Regressors(data, i)))],
            i => data.Series[i].Name);
        return paths;
    }

    /// <inheritdoc/>
    protected sealed override void UpdateCore(FitData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        LocalFit[][] after = [.. fits];
        Dictionary<string, int> known = Series.Select((series, place) => (series.Name, place))
            .ToDictionary(pair => pair.Name, pair => pair.place);
        int[] places = [.. data.Panel.Select(series => known[series.Name])];
        new LocalRun(data.Run, places.Length, "update").EachOrThrow(
            i => after[places[i]] = [.. fits[places[i]].Select((fit, target) =>
            {
                LocalTask task = TaskOf(data, i, data.Targets[target], fit, Series[places[i]]);
                task.Require(fit.Refuse);
                return fit.Update(task.Values, task.Regressors);
            })],
            i => data.Panel[i].Name);
        fits = after;
    }

    /// <inheritdoc/>
    protected internal sealed override Config GetState() => new()
    {
        { "fits", fits.Select(series => (object)series.Select(fit => (object)fit.State).ToArray()).ToArray() },
    };

    /// <inheritdoc/>
    protected internal sealed override void SetState(ConfigReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var read = new LocalFit[Series.Count][];
        IReadOnlyList<object?> list = state.Raw("fits") as IReadOnlyList<object?> ?? [];
        if (list.Count != read.Length)
        {
            throw new ConfigException(FormattableString.Invariant(
                $"there are {Series.Count} series, but the fits of {list.Count}."))
            { Option = "fits" };
        }

        for (int i = 0; i < read.Length; i++)
        {
            IReadOnlyList<object?> ofSeries = list[i] as IReadOnlyList<object?> ?? [];
            if (ofSeries.Count != Roles.Targets!.Count || ofSeries.Any(fit => fit is not Config))
            {
                throw new ConfigException(FormattableString.Invariant($"expected {Roles.Targets.Count} fits."))
                {
                    Option = FormattableString.Invariant($"fits[{i}]"),
                };
            }

            read[i] = [.. ofSeries.Select((fit, target) => ReadFit(i, target, (Config)fit!))];
        }

        fits = read;
    }

    private LocalFit ReadFit(int series, int target, Config config)
    {
        string place = FormattableString.Invariant($"fits[{series}][{target}]");
        try
        {
            var reader = new ConfigReader(Name, config);
            LocalFit fit = ReadFit(reader);
            reader.RefuseUnreadKeys();
            return fit;
        }
        catch (ArgumentException exception)
        {
            string? option = (exception as ConfigException)?.Option;
            throw new ConfigException(exception.Message, exception) { Option = option is null ? place : $"{place}.{option}" };
        }
    }

    private static double[][] Regressors(PredictData data, int series) => data.Future.Count == 0
        ? [] : [.. data.Future[series].Variables.Select(name => data.Future[series].Variable(name).ToArray())];

    /// <summary>One variable of one series, its gaps filled.</summary>
    /// <param name="data">The series.</param>
    /// <param name="place">Which series.</param>
    /// <param name="target">The variable.</param>
    /// <param name="before">The fit that the values follow; null where they are fitted anew.</param>
    /// <param name="known">The series that the values follow; null where they are fitted anew.</param>
    private LocalTask TaskOf(FitData data, int place, string target, LocalFit? before = null, FittedSeries? known = null)
    {
        TimeSeries series = data.Panel[place];
        Frequency? frequency = known?.Frequency ?? series.Frequency;
        int season = Season ?? frequency?.Season ?? 1;
        MissingFill filled = TakesGaps ? MissingFill.Kept(series.Variable(target), before is null) : before is null
            ? MissingFill.Of(series.Variable(target), season)
            : MissingFill.After(series.Variable(target), before);
        if (filled.Count > 0)
        {
            data.Note(FormattableString.Invariant(
                $"Series '{series.Name}': {filled.Count} of {series.Count} values of '{target}' were missing and {filled.How}."));
        }

        if (before is null && series.Observed(target).Count(there => there) == 1)
        {
            data.Note($"Series '{series.Name}' has a single value of '{target}': nothing tells how far a forecast may be off, "
                + "and the intervals have no width.");
        }

        double[][] regressors = [.. data.Roles.Future!.Select(name => series.Variable(name)[filled.Skipped..].ToArray())];
        for (int i = 0; i < regressors.Length; i++)
        {
            int missing = regressors[i].AsSpan().IndexOfAnyExceptInRange(double.MinValue, double.MaxValue);
            if (missing >= 0)
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"the covariate '{data.Roles.Future![i]}' is missing at step {missing + filled.Skipped}. Fill it first."));
            }
        }

        return new(filled.Values, season, TakesGaps)
        {
            Seasons = Season is { } given ? (given > 1 ? [given] : []) : frequency?.Seasons ?? [],
            Regressors = regressors,
            Frequency = frequency,
            Dates = series.Dates is { } dates ? [.. dates.Skip(filled.Skipped)] : null,
            Series = series.Name,
            Variable = target,
            FirstRow = series.Offset + filled.Skipped,
        };
    }
}
