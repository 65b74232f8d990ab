using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>A preparation that treats every variable of every series for itself, such as a scale or a difference.</summary>
public abstract class VariablePreparation : Preparation
{
    private readonly string[]? variables;
    private readonly Dictionary<string, SeriesState> states = new(StringComparer.Ordinal);
    private bool single;

    /// <summary>Creates the preparation.</summary>
    /// <param name="variables">Names of the variables that it is for; null for all.</param>
    /// <exception cref="ArgumentException">The list is empty, or a name is null.</exception>
    protected VariablePreparation(IReadOnlyList<string>? variables)
    {
        this.variables = variables is null ? null : [.. variables];
        new OptionCheck(GetType().Name)
            .Require(variables is null || (variables.Count > 0 && variables.All(name => name is not null)),
                "variables must be names, at least one; null is for all", nameof(variables))
            .ThrowIfAny();
    }

    /// <summary>Names of the variables that it is for; null for all.</summary>
    public IReadOnlyList<string>? Variables => variables;

    /// <inheritdoc/>
    public override bool IsFitted => states.Count > 0;

    /// <inheritdoc/>
    public override TimeSeries Transform(TimeSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        return Transform(series, Wanted(series));
    }

    /// <inheritdoc/>
    protected internal override TimeSeries TransformKnown(TimeSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        SeriesState state = StateOf(series.Name);
        return Transform(series, [.. state.Variables.Keys.Where(series.Variables.Contains)]);
    }

    private TimeSeries Transform(TimeSeries series, IEnumerable<string> wanted)
    {
        SeriesState state = StateOf(series.Name);
        int place = PlaceOf(series, state);
        TimeSeries prepared = series;
        foreach (string variable in wanted)
        {
            FittedVariable fitted = Fitted(state, series, variable);
            ReadOnlySpan<double> values = series.Variable(variable);
            Check(fitted.Refuse, series, variable);
            prepared = Put(prepared, variable, values, fitted, place);
        }

        return prepared;
    }

    /// <inheritdoc/>
    public override TimeSeries Inverse(TimeSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        SeriesState state = StateOf(series.Name);
        int place = PlaceOf(series, state);
        TimeSeries result = series;
        foreach ((string name, FittedVariable fitted) in state.Variables)
        {
            string own = state.Variables.Count == 1 && series.Variables.Count == 1 ? series.Variables[0] : name;
            result = Take(result, own, fitted, place);
        }

        return result;
    }

    /// <inheritdoc/>
    public override ValuesAhead Inverse(ValuesAhead ahead)
    {
        ArgumentNullException.ThrowIfNull(ahead);
        SeriesState state = StateOf(ahead.Series);
        if (state.Find(ahead.Variable) is not { } fitted
            || (variables is not null && ahead.Variable is not null && !variables.Contains(ahead.Variable)))
        {
            return variables is not null || state.Variables.Count == 0
                ? ahead
                : throw new ArgumentException(
                    $"{ClassName} was not fitted on a variable '{ahead.Variable}', but on "
                    + $"{string.Join(", ", state.Variables.Keys)}.",
                    nameof(ahead));
        }

        double[] level = fitted.Inverse(ahead.Point, fitted.End);
        return ahead with
        {
            Point = level,
            Quantiles = [.. ahead.Quantiles.Select(quantile => fitted.InverseQuantile(quantile, ahead.Point, level))],
        };
    }

    /// <inheritdoc/>
    public override void Follow(TimeSeries newer)
    {
        ArgumentNullException.ThrowIfNull(newer);
        SeriesState state = StateOf(newer.Name);
        foreach (string variable in Wanted(newer))
        {
            FittedVariable fitted = Fitted(state, newer, variable);
            if (PlaceOf(newer, state) != fitted.End)
            {
                throw new ArgumentException(
                    $"{ClassName} knows the history of series '{newer.Name}' up to place {state.Offset + fitted.End}, but what "
                    + $"is to follow it begins at place {newer.Offset}.", nameof(newer));
            }

            Check(fitted.Refuse, newer, variable);
            FittedVariable next = fitted.Follow(newer.Variable(variable));
            next.End = fitted.End + newer.Count;
            state.Variables[state.Variables.First(pair => pair.Value == fitted).Key] = next;
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = [];
        if (variables is not null)
        {
            config.Add("variables", variables);
        }

        AddOptions(config);
        if (IsFitted)
        {
            config.Add("state", new Config
            {
                { "single", single },
                { "series", states.Select(pair => pair.Value.ToConfig(pair.Key)).ToArray() },
            });
        }

        return config;
    }

    /// <summary>Adds the options of the preparation to its config.</summary>
    /// <param name="config">The config.</param>
    protected abstract void AddOptions(Config config);

    /// <summary>Fits on a variable of a series.</summary>
    /// <param name="training">Its values in the training part; NaN where one is missing.</param>
    /// <param name="series">The series, for its dates and frequency.</param>
    /// <param name="variable">Name of the variable, for messages.</param>
    /// <exception cref="ArgumentException">It cannot be fitted.</exception>
    protected abstract FittedVariable FitVariable(ReadOnlySpan<double> training, TimeSeries series, string variable);

    /// <summary>Fits on the values of a variable in all series of a panel; null where each series is for itself.</summary>
    /// <param name="training">The training parts.</param>
    /// <param name="variable">Place of the variable.</param>
    protected virtual FittedVariable? FitPooled(SeriesPanel training, int variable) => null;

    /// <summary>What is wrong with a value that is to be fitted on, in words; null where nothing is.</summary>
    private protected virtual string? RefuseInTraining(double value) => null;

    /// <summary>Reads what <see cref="FittedVariable.GetState"/> has written.</summary>
    /// <param name="state">The state.</param>
    protected abstract FittedVariable ReadState(ConfigReader state);

    /// <inheritdoc/>
    protected internal override void Fit(SeriesPanel training, bool single)
    {
        Dictionary<string, SeriesState> learnt = new(StringComparer.Ordinal);
        FittedVariable?[] pooled = [.. training.Variables.Select((_, place) => single ? null : FitPooled(training, place))];
        foreach (TimeSeries series in training)
        {
            var own = new Dictionary<string, FittedVariable>(StringComparer.Ordinal);
            foreach (string variable in Wanted(series))
            {
                ReadOnlySpan<double> values = series.Variable(variable);
                Check(RefuseInTraining, series, variable);
                FittedVariable fitted = pooled[series.Variables.ToList().IndexOf(variable)]?.Copy()
                    ?? Fit(values, series, variable);
                Check(fitted.Refuse, series, variable);
                fitted.End = series.Count;
                own[variable] = fitted;
            }

            learnt[series.Name] = new(series.Offset, own);
        }

        states.Clear();
        this.single = single;
        foreach ((string name, SeriesState state) in learnt)
        {
            states[name] = state;
        }
    }

    /// <summary>Reads the state out of a config, if it has one.</summary>
    internal void ReadFrom(ConfigReader config)
    {
        if (config.Raw("state") is not { } raw)
        {
            return;
        }

        ConfigReader state = SeriesState.Reader(ClassName, raw);
        single = state.Bool("single", true);
        foreach (object? entry in state.Raw("series") as IReadOnlyList<object?> ?? [])
        {
            (string name, SeriesState own) = SeriesState.Read(ClassName, entry, ReadState);
            states[name] = own;
        }

        state.RefuseUnreadKeys();
        if (single && states.Count != 1)
        {
            throw new ConfigException($"{ClassName}: a state of one series has {states.Count}.");
        }
    }

    /// <summary>A series with what has become of a variable in it; a preparation may put variables beside it.</summary>
    private protected virtual TimeSeries Put(
        TimeSeries prepared, string variable, ReadOnlySpan<double> values, FittedVariable fitted, int place) =>
        prepared.With(variable, fitted.Transform(values, place));

    /// <summary>A series with what a variable was before; what <see cref="Put"/> has added is taken away.</summary>
    private protected virtual TimeSeries Take(TimeSeries prepared, string variable, FittedVariable fitted, int place) =>
        prepared.Variables.Contains(variable) ? prepared.With(variable, fitted.Inverse(prepared.Variable(variable), place))
            : prepared;

    /// <summary>A series without some of its variables, if it has them.</summary>
    private protected static TimeSeries Without(TimeSeries series, Func<string, bool> leftOut) =>
        series.Variables.Where(name => !leftOut(name)).ToArray() is { Length: > 0 } kept && kept.Length < series.Variables.Count
            ? series.Select(kept)
            : series;

    private FittedVariable Fit(ReadOnlySpan<double> values, TimeSeries series, string variable)
    {
        try
        {
            return FitVariable(values, series, variable);
        }
        catch (ArgumentException exception) when (exception is not ConfigException)
        {
            string which = series.Variables.Count > 1 ? $"variable '{variable}' of series '{series.Name}'"
                : $"series '{series.Name}'";
            throw new ArgumentException($"{ClassName} cannot be fitted on {which}: {exception.Message}", exception);
        }
    }

    private SeriesState StateOf(string? series)
    {
        RequireFitted();
        return single || (series is null && states.Count == 1) ? states.Values.First()
            : series is not null && states.TryGetValue(series, out SeriesState? own) ? own
            : throw new ArgumentException(series is null
                ? $"{ClassName} was fitted on {states.Count} series: say the name of the one that is meant."
                : $"{ClassName} was not fitted on a series '{series}'. {Spelling.DidYouMean(series, [.. states.Keys])}".TrimEnd(),
                nameof(series));
    }

    private FittedVariable Fitted(SeriesState state, TimeSeries series, string variable) =>
        state.Find(variable, series.Variables.Count) ?? throw new ArgumentException(
            $"{ClassName} was not fitted on a variable '{variable}' of series '{series.Name}', but on "
            + $"{string.Join(", ", state.Variables.Keys)}.", nameof(variable));

    private static int PlaceOf(TimeSeries series, SeriesState state) => series.Offset >= state.Offset
        ? series.Offset - state.Offset
        : throw new ArgumentException(
            $"Series '{series.Name}' begins {state.Offset - series.Offset} steps before the part that was fitted on.",
                nameof(series));

    /// <summary>The variables of a series that this is for, as the series spells them.</summary>
    private IEnumerable<string> Wanted(TimeSeries series)
    {
        foreach (string name in variables ?? series.Variables)
        {
            string? own = series.Variables.Contains(name) ? name
                : series.Variables.FirstOrDefault(variable => string.Equals(variable, name, StringComparison.OrdinalIgnoreCase));
            if (own is null)
            {
                _ = series.Variable(name); // Says that there is none.
            }

            yield return own!;
        }
    }

    private void Check(Func<double, string?> refuse, TimeSeries series, string variable) => ValueCheck.Require(
        series.Variable(variable), refuse,
        i => $"{ClassName}: {ValueCheck.Row(i, series.Dates?[i], variable)} of series '{series.Name}'");
}
