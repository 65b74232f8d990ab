using Recurrent.Data;
using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// Several methods as one: each is fitted to the same series, and their points and quantiles are combined. A member that
/// cannot be fitted to a series is left out of that series' forecast, and a note says so.
/// </summary>
/// <remarks>Covariates go to those members that can use them.</remarks>
public sealed class Ensemble : Forecaster
{
    private readonly Forecaster[] members;
    private readonly double[]? weights;
    private Forecaster?[] fitted = [];

    /// <summary>Creates an ensemble.</summary>
    /// <param name="members">The methods; they are not changed, others of the same options are fitted.</param>
    /// <param name="combination">How their forecasts become one.</param>
    /// <param name="weights">A weight for each member; null where all weigh the same. A member of weight 0 is a reserve: it
    /// forecasts those series that no other could be fitted to.</param>
    /// <exception cref="ArgumentException">There is no member, or the weights are not as many, negative, or all 0.</exception>
    public Ensemble(IReadOnlyList<Forecaster> members, Combination combination = Combination.Median,
        IReadOnlyList<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (members.Count == 0)
        {
            throw new ArgumentException("An ensemble has at least one member.", nameof(members));
        }

        if (weights is not null && (weights.Count != members.Count
            || weights.Any(weight => !(weight >= 0) || !double.IsFinite(weight))
            || !(weights.Sum() > 0) || (combination != Combination.Mean
                && weights.Where(weight => weight > 0).Distinct().Count() > 1)))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"There must be a weight of at least 0 for each of the {members.Count} members, not all of them 0; for a median ")
                + "all that are not 0 are the same.", nameof(weights));
        }

        this.members = [.. members];
        Combination = combination;
        this.weights = weights is null ? null : [.. weights];
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(Ensemble);

    /// <inheritdoc/>
    public override string Name =>
        (Combination == Combination.Mean ? "Mean of " : "Median of ")
        + string.Join(", ", members.Where((_, i) => weights is null || weights[i] > 0).Select(member => member.Name).Distinct());

    /// <summary>How the forecasts become one.</summary>
    public Combination Combination { get; }

    /// <summary>The methods; once the ensemble is fitted, those that are.</summary>
    public IReadOnlyList<Forecaster> Members => fitted.Length == 0 ? members : [.. fitted.OfType<Forecaster>()];

    /// <inheritdoc/>
    public override IReadOnlyList<TrainingCurves> Trainings => [.. fitted.SelectMany(member => member?.Trainings ?? [])];

    /// <inheritdoc/>
    public override Covariates Uses => members.Aggregate(Covariates.None, (all, member) => all | member.Uses);

    /// <inheritdoc/>
    public override Config GetConfig() => new()
    {
        { "members", members },
        { "combination", Combination.ToString() },
        { "weights", weights },
    };

    /// <summary>Makes an ensemble of its config.</summary>
    internal static Ensemble Read(ConfigReader reader)
    {
        string name = reader.OptionalString("combination") ?? nameof(Combination.Median);
        return Enum.TryParse(name, out Combination combination) && Enum.IsDefined(combination)
            ? new(reader.Has("members") ? reader.Components("members", Forecasters.Registry) : [new SeasonalNaive()],
                combination, reader.OptionalDoubles("weights"))
            : throw new ConfigException($"Ensemble: combination must be Median, Mean or MedianAroundFirst, but is '{name}'.")
            {
                Option = "combination",
            };
    }

    /// <inheritdoc/>
    protected override void FitCore(FitData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var made = new Forecaster?[members.Length];
        var work = new LocalRun(data.Run with { Progress = null }, members.Length, "fit");
        work.Each(i =>
        {
            Forecaster member = members[i].Unfitted();
            member.Fit(data.Panel, member.Usable(data.Roles), data.Run with { OnBadSeries = BadSeries.LeaveOut });
            made[i] = member;
        });
        for (int i = 0; i < made.Length; i++)
        {
            if (work.Problems[i] is { } problem)
            {
                data.Note($"{members[i].Name} is left out: {problem.Message}");
            }
        }

        HashSet<string> able = [.. made.OfType<Forecaster>().SelectMany(member => member.Series).Select(series => series.Name)];
        foreach (string series in data.Panel.Names)
        {
            if (!able.Contains(series))
            {
                data.LeaveOut(series, work.Problems.FirstOrDefault(problem => problem is not null)
                    ?? new ArgumentException(made.OfType<Forecaster>().SelectMany(member => member.LeftOut)
                        .First(left => left.Series == series).Reason));
            }
        }

        foreach (string note in made.OfType<Forecaster>().SelectMany(member => member.Notes).Distinct())
        {
            data.Note(note);
        }

        foreach ((Forecaster member, LeftOutSeries left) in made.OfType<Forecaster>()
            .SelectMany(member => member.LeftOut.Select(left => (member, left))))
        {
            data.Note($"Series '{left.Series}': {member.Name} is left out: {left.Reason}");
        }

        fitted = made;
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<IReadOnlyList<QuantileGrid>> PredictCore(PredictData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Dictionary<string, Forecast>?[] forecasts = [.. fitted.Select(member => member?.PredictPanel(
            data.Horizon, data.FutureFor(member), data.Run).ToDictionary(forecast => forecast.Series))];
        return [.. data.Series.Select(series => Combined(forecasts, series.Name))];
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<IReadOnlyList<double[][]>> SampleCore(PredictData data, int count, ulong key)
    {
        ArgumentNullException.ThrowIfNull(data);
        IReadOnlyList<IReadOnlyList<QuantileGrid>> grids = PredictCore(data);
        Dictionary<string, SamplePaths>?[] paths = [.. fitted.Select((member, i) => member?.SamplePanel(data.Horizon, count,
            (int)SeededRandom.Key(key, (ulong)i), data.FutureFor(member), data.Run).ToDictionary(of => of.Series))];
        return [.. data.Series.Select((series, i) => Roles.Targets!.Select((target, place) =>
        {
            IReadOnlyList<double[]>[] own = [.. paths.Where(of => of?.ContainsKey(series.Name) == true)
                .Select(of => of![series.Name].Of(target))];
            return Paths.Reorder(grids[i][place], [.. Enumerable.Range(0, count).Select(path => own[path % own.Length][path])]);
        }).ToArray())];
    }

    /// <inheritdoc/>
    protected override void UpdateCore(FitData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Forecaster?[] after = [.. fitted.Select(member => member?.Copy())];
        foreach (Forecaster member in after.OfType<Forecaster>())
        {
            HashSet<string> own = [.. member.Series.Select(series => series.Name)];
            string[] known = [.. data.Panel.Names.Where(own.Contains)];
            if (known.Length > 0)
            {
                member.Update(data.Panel.Select(known), data.Run);
            }
        }

        fitted = after;
    }

    /// <inheritdoc/>
    protected internal override Config GetState() => new()
    {
        { "members", fitted.Select(member => (object?)member?.Content()).ToArray() },
    };

    /// <inheritdoc/>
    protected internal override void SetState(ConfigReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Forecaster?[] read = state.OptionalNestedList("members", ReadFitted);
        fitted = read.Length == members.Length && read.Any(member => member is not null)
            && Series.Select(series => series.Name).Except(read.OfType<Forecaster>().SelectMany(member => member.Series)
                .Select(series => series.Name)).ToArray().Length == 0
            && read.OfType<Forecaster>().All(member => member.Roles.Targets!.SequenceEqual(Roles.Targets!))
                ? read
                : throw new ConfigException("the members are not those of the ensemble, or do not forecast its series.")
                {
                    Option = "members",
                };
    }

    private QuantileGrid[] Combined(Dictionary<string, Forecast>?[] forecasts, string series)
    {
        int[] has = [.. Enumerable.Range(0, forecasts.Length).Where(i => forecasts[i]?.ContainsKey(series) == true)];
        if (weights is not null && has.Any(i => weights[i] > 0))
        {
            has = [.. has.Where(i => weights[i] > 0)];
        }

        double[]? own = weights is null || Combination != Combination.Mean || has.Sum(i => weights[i]) <= 0 ? null
            : [.. has.Select(i => weights[i])];
        return [.. Enumerable.Range(0, Roles.Targets!.Count).Select(target =>
            QuantileMean.Of([.. has.Select(i => forecasts[i]![series].Grids[target])], Combination, own))];
    }
}
