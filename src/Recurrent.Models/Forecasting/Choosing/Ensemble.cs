using Recurrent.Data;
using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// Several methods as one: each is fitted to the same series, and their points and quantiles are combined. A member that cannot be
/// fitted to a series is left out of that series' forecast, and a note says so.
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
    /// <param name="weights">A weight for each member, with <see cref="Combination.Mean"/>; null where all weigh the same.</param>
    /// <exception cref="ArgumentException">There is no member, or the weights are not as many, negative, or all 0.</exception>
    public Ensemble(IReadOnlyList<Forecaster> members, Combination combination = Combination.Median,
        IReadOnlyList<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (members.Count == 0)
        {
            throw new ArgumentException("An ensemble has at least one member.", nameof(members));
        }

        if (weights is not null && (combination != Combination.Mean || weights.Count != members.Count
            || weights.Any(weight => !(weight >= 0) || !double.IsFinite(weight)) || !(weights.Sum() > 0)))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Weights go with the combination Mean: one of at least 0 for each of the {members.Count} members, not all 0."),
                nameof(weights));
        }

        this.members = [.. members];
        Combination = combination;
        this.weights = weights is null ? null : [.. weights];
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(Ensemble);

    /// <inheritdoc/>
    public override string Name =>
        $"{Combination} of {string.Join(", ", members.Select(member => member.Name).Distinct())}";

    /// <summary>How the forecasts become one.</summary>
    public Combination Combination { get; }

    /// <summary>The methods; once the ensemble is fitted, those that are.</summary>
    public IReadOnlyList<Forecaster> Members => fitted.Length == 0 ? members : [.. fitted.OfType<Forecaster>()];

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
            : throw new ConfigException($"Ensemble: combination must be Median or Mean, but is '{name}'.") { Option = "combination" };
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

        foreach (string series in data.Panel.Names)
        {
            bool[] has = [.. made.Select(member => member?.Series.Any(known => known.Name == series) == true)];
            if (!has.Contains(true))
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
            string[] known = [.. data.Panel.Names.Where(name => member.Series.Any(series => series.Name == name))];
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
        Forecaster?[] read = ReadMembers(state, "members");
        fitted = read.Length == members.Length && read.Any(member => member is not null)
            && Series.All(series => read.Any(member => member?.Series.Any(known => known.Name == series.Name) == true))
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
        double[]? own = weights is null || has.Sum(i => weights[i]) <= 0 ? null : [.. has.Select(i => weights[i])];
        return [.. Enumerable.Range(0, Roles.Targets!.Count).Select(target =>
            QuantileMean.Of([.. has.Select(i => forecasts[i]![series].Grids[target])], Combination, own))];
    }
}
