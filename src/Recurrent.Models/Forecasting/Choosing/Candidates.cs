using Recurrent.Data;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>What <see cref="AutoForecaster"/> tries on series of a kind.</summary>
/// <param name="Season">Season in steps, where it was given.</param>
/// <param name="Horizon">Steps that are to be forecast.</param>
/// <param name="Seed">What networks start from.</param>
internal sealed record Candidates(int? Season, int Horizon, int Seed)
{
    // What is longer is fitted on its last part by methods whose cost grows faster than the series.
    private const int LongSeries = 1500;

    // Above this, forms with a state for each place of the season cost more than they bring.
    private const int LongSeason = 24;

    private const int Harmonics = 2;

    // The longest season of those series that priors are known of.
    private const int LongestKnown = 12;

    // Priors: of the median of classical methods, and of what hardly ever is the best.
    private const double Proven = 2;
    private const double Simple = 0.05;

    // Series that networks can learn something from.
    private const int LeastForNetworks = 80;

    // What a network over many series needs: horizons in the longest of them, values in all of them.
    private const int LongPast = 14;
    private const int ManyValues = 30_000;

    private const int EvidentSeries = 50;
    private const int RecentOfMany = 400;

    // From so many series on, each is too cheap to be studied by itself.
    private const int ManySeries = 20;

    // Demand of which a larger share is 0 is intermittent.
    private const double IntermittentZeros = 0.3;

    // What a network takes among the options of its training.
    private static readonly string[] OfTraining = ["seed", "seconds"];

    /// <summary>A method by its name, with those of the options that it has.</summary>
    /// <returns>Null where there is no such method.</returns>
    internal static Forecaster? Make(string name, params ReadOnlySpan<(string Key, object? Value)> options)
    {
        if (!Forecasters.Registry.Contains(name))
        {
            return null;
        }

        HashSet<string> known = [.. Forecasters.Registry.Create(name).GetConfig().Select(entry => entry.Key)];
        var config = new Config();
        var training = new Config();
        foreach ((string key, object? value) in options)
        {
            if (value is not null && known.Contains(key))
            {
                config.Add(key, value);
            }
            else if (value is not null && OfTraining.Contains(key))
            {
                training.Add(key, value);
            }
        }

        if (training.Count > 0 && known.Contains("training"))
        {
            config.Add("training", training);
        }

        return Forecasters.Registry.Create(new ComponentConfig(name, config));
    }

    /// <summary>The candidates that cost little, for a panel.</summary>
    internal IReadOnlyList<Candidate> Quick(SeriesPanel panel, IReadOnlyList<string> targets)
    {
        int season = SeasonOf(panel);
        bool positive = panel.All(series => targets.All(target => AllPositive(series.Variable(target))));
        bool intermittent = Intermittent(panel, targets);
        Candidate?[] ofDemand = intermittent
            ? [Of(Make("Croston", ("variant", "Sba"))), Of(Make("Croston", ("variant", "Tsb"))), Of(Make("MeanForecast"))] : [];
        if (panel.Count >= ManySeries && season <= LongSeason)
        {
            return [.. OfMany(season).Select(method => Of(method)).Concat(ofDemand).OfType<Candidate>()];
        }

        IEnumerable<Candidate?> list = season <= LongSeason ? OfShortSeason(panel, season, positive)
            : OfLongSeason(season, positive).Select(method => Of(method));
        Candidate[] made = [.. list.Concat(ofDemand).OfType<Candidate>()];
        return intermittent || season > LongestKnown ? [.. made.Select(candidate => candidate with { Prior = 1 })] : made;
    }

    /// <summary>What is tried on all series of a panel together.</summary>
    private IEnumerable<Forecaster?> OfMany(int season)
    {
        yield return Classical(RecentOfMany);
        string[] names = ["SeasonalNaive", "ets", "AutoArima", "stl"];
        foreach (string name in season > 1 ? names : names[..^1])
        {
            yield return Make(name, ("season", Season)) is { } made ? new Recent(made, RecentOfMany) : null;
        }
    }

    /// <summary>With priors as series of competitions have them: what mostly does well is believed before it is seen.</summary>
    private IEnumerable<Candidate?> OfShortSeason(SeriesPanel panel, int season, bool positive)
    {
        yield return Of(Local("SeasonalNaive"), Simple);
        yield return Of(Classical(), Proven);
        yield return Of(Local("ets"));
        yield return Of(season > 1 ? Local("NaiveForecast") : null, Simple);
        yield return Of(Local("Drift"), Simple);
        if (season > 1)
        {
            yield return Of(Local("stl"));
            yield return Of(positive ? Local("stl", ("transform", "log")) : null);
            yield return Of(Make(
                "SeasonalNaiveWithGrowth", ("season", Season ?? season), ("transform", positive ? "log" : null)));
        }

        yield return Of(Local("AutoArima", ("seasonal", true)));
        yield return Of(positive ? Local("AutoArima", ("seasonal", true), ("transform", "log")) : null);
        yield return Of(LongestOf(panel) is { } period ? Harmonic(period) : null);
        yield return Of(Make("ar", ("season", Season)), Simple);
        yield return Of(Make("ar", ("season", Season), ("transform", positive ? "log" : "sqrt")), Simple);
    }

    private IEnumerable<Forecaster?> OfLongSeason(int season, bool positive)
    {
        yield return Local("SeasonalNaive");
        yield return Local("NaiveForecast");
        yield return Local("Drift");
        yield return Local("stl");
        yield return positive ? Local("stl", ("transform", "log")) : null;
        yield return Local("AutoArima", ("seasonal", false));
        yield return positive ? Local("AutoArima", ("seasonal", false), ("transform", "log")) : null;
        yield return Harmonic(season);
        string scale = positive ? "log" : "sqrt";
        yield return Make("ar", ("season", 1), ("transform", scale));
        if (2 * Horizon >= season)
        {
            // As far ahead a cycle that wanders counts: an order long enough to see a whole one.
            yield return Make("ar", ("season", 1), ("cycle", true), ("transform", scale));
        }
    }

    /// <summary>Whether nothing is below 0 and much of it is 0: demand that comes now and then.</summary>
    internal static bool Intermittent(SeriesPanel panel, IReadOnlyList<string> targets)
    {
        long zeros = 0;
        long above = 0;
        foreach (double value in panel.SelectMany(series => targets.SelectMany(target => series.Variable(target).ToArray())))
        {
            if (value < 0)
            {
                return false;
            }

            zeros += value == 0 ? 1 : 0;
            above += value > 0 ? 1 : 0;
        }

        return above > 0 && zeros > IntermittentZeros * (zeros + above);
    }

    /// <summary>The combination of classical methods that is hardest to beat on short series.</summary>
    /// <param name="length">How many of the last steps are fitted to; null for many.</param>
    internal Forecaster Classical(int? length = null)
    {
        Forecaster[] members = [.. new[]
        {
            Local("ets", ("initial", "Simple"), ("damped", true), ("average", true)), Local("ces"), Local("dotm"), Local("theta"),
        }.OfType<Forecaster>().Select(made => made is Recent recent && length is { } last ? new Recent(recent.Method, last)
            : made)];
        return members.Length > 0 ? new Ensemble(members, Combination.MedianAroundFirst) : new SeasonalNaive(Season);
    }

    /// <summary>The networks, where there is enough to learn from.</summary>
    internal IReadOnlyList<Candidate> Networks(SeriesPanel panel, double? seconds)
    {
        int longest = panel.Max(series => series.Count);
        long values = panel.Sum(series => (long)series.Count);
        if (values < LeastForNetworks || longest < 3 * Horizon)
        {
            return [];
        }

        IEnumerable<Forecaster?> list = panel.Count >= ManySeries
            ? [longest >= LongPast * Horizon && values >= ManyValues ? Network("mlp", 1, seconds) : null]
            : longest > LongSeries ? [Network("NLinear", 1, seconds), Network("DLinear", 1, seconds)]
            : SeasonOf(panel) <= LongSeason ? [Network("lstm", 2, seconds), Network("gru", 2, seconds)] : [];
        return [.. list.OfType<Forecaster>().Select(network => new Candidate(network))];
    }

    /// <summary>
    /// The network that needs no trial: on many long series with a season of a day or more none of the other candidates comes
    /// near it, and its intervals hold by themselves. Null on other panels.
    /// </summary>
    internal Forecaster? Evident(SeriesPanel panel, double? seconds) =>
        panel.Count >= EvidentSeries && SeasonOf(panel) >= LongSeason && panel.Sum(series => (long)series.Count) >= ManyValues
        && panel.Max(series => series.Count) >= LongPast * Horizon ? Network("mlp", null, seconds) : null;

    /// <summary>A candidate as it is fitted in the end: networks with all their members.</summary>
    internal Forecaster Final(Forecaster tried, double? seconds) =>
        tried.ClassName == nameof(ResidualMlp) ? Network("mlp", null, seconds) ?? tried : tried;

    private Forecaster? Network(string name, int? members, double? seconds)
    {
        var training = new Config { { "seed", Seed } };
        if (members is not null)
        {
            training.Add("members", members);
        }

        if (seconds is not null)
        {
            training.Add("seconds", seconds);
        }

        return Make(name, ("season", Season), ("horizon", Horizon), ("training", training));
    }

    private int SeasonOf(SeriesPanel panel) => Season ?? panel[0].Frequency?.Season ?? 1;

    /// <summary>The longest season of the frequency, where it is long and the series hold two; else null.</summary>
    private double? LongestOf(SeriesPanel panel)
    {
        int steps = panel[0].Frequency is { } frequency ? frequency.Seasons.DefaultIfEmpty(1).Max() : 1;
        return Season is null && steps > LongSeason && panel.Min(series => series.Count) >= 2 * steps ? steps : null;
    }

    /// <summary>A smooth season: two harmonics, and what is left an autoregression around them.</summary>
    private static Recent? Harmonic(double period) => Make("AutoArima", ("season", 1), ("seasonal", false), ("d", 0),
        ("period", period), ("harmonics", Harmonics)) is { } made ? new Recent(made, Math.Max(LongSeries, (int)(6 * period)))
            : null;

    private Forecaster? Local(string name, params ReadOnlySpan<(string Key, object? Value)> options)
    {
        Forecaster? made = Make(name, [("season", Season), .. options]);
        return made is null or SeasonalNaive ? made : new Recent(made, LongSeries);
    }

    private static Candidate? Of(Forecaster? method, double prior = 1) => method is null ? null : new(method, prior);

    private static bool AllPositive(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            if (value <= 0)
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>A method that is tried.</summary>
/// <param name="Method">The method, not fitted.</param>
/// <param name="Prior">How far it is believed, relative to the others, before anything is known of the series.</param>
internal sealed record Candidate(Forecaster Method, double Prior = 1);
