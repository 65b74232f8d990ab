using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// Exponential smoothing in state space form: all 30 combinations of error, trend and season, the one chosen for each series by
/// the corrected Akaike criterion, or their average by its weights. See <see cref="EtsModel"/> for the equations.
/// </summary>
/// <remarks>
/// A season longer than 24 steps, or several of them, is taken out by <see cref="StlForecaster"/>, and forms without a season
/// smooth what is left. The defaults are those of R's <c>ets</c>.
/// </remarks>
public sealed class ExponentialSmoothing : LocalForecaster
{
    private readonly IReadOnlyList<EtsForm>? forms;

    /// <summary>Creates the method.</summary>
    /// <param name="form">Error, trend and season: <c>ANN</c>, <c>MAdM</c>; Z for a part to choose, and null for
    /// <c>ZZZ</c>.</param>
    /// <param name="season">Length of a season in steps; null to take that of the series' frequency.</param>
    /// <param name="damped">Whether a trend to be chosen fades; null to try both.</param>
    /// <param name="initial">How the first states are found.</param>
    /// <param name="average">Whether the forms are averaged, each weighted by exp(−ΔAICc/2), in place of choosing one.</param>
    /// <exception cref="ArgumentException">The form is none, or leaves nothing to choose from.</exception>
    public ExponentialSmoothing(string? form = null, int? season = null, bool? damped = null,
        EtsInitial initial = EtsInitial.Estimated, bool average = false)
        : base(season)
    {
        Form = form ?? "ZZZ";
        Damped = damped;
        Initial = Enum.IsDefined(initial) ? initial : throw new ArgumentOutOfRangeException(nameof(initial), initial,
            "First states are Estimated or Simple.");
        Average = average;
        IReadOnlyList<EtsForm> matching = EtsForm.Matching(Form);
        IReadOnlyList<EtsForm> left = [.. matching.Where(one => !one.HasTrend || damped is null || one.Damped == damped)];
        forms = string.Equals(Form, "ZZZ", StringComparison.OrdinalIgnoreCase) && damped is null ? null
            : left.Count > 0 ? left
            : throw new ArgumentException($"The form {Form} says whether the trend is damped. Leave damped out.", nameof(damped));
    }

    /// <summary>Error, trend and season, Z for a part to choose.</summary>
    public string Form { get; }

    /// <summary>Whether a trend to be chosen fades; null where both are tried.</summary>
    public bool? Damped { get; }

    /// <summary>How the first states are found.</summary>
    public EtsInitial Initial { get; }

    /// <summary>Whether the forms are averaged.</summary>
    public bool Average { get; }

    /// <inheritdoc/>
    public override string ClassName => nameof(ExponentialSmoothing);

    /// <inheritdoc/>
    public override string Name => Average ? "ETS average" : "ETS";

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("form", Form);
        config.Add("damped", Damped);
        config.Add("initial", Initial.ToString());
        config.Add("average", Average);
        return config;
    }

    /// <inheritdoc/>
    public override LocalFit FitSeries(LocalTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (EtsForm.Matching(Form) is [{ HasSeason: true } only] && task.Season < 2)
        {
            throw new ArgumentException(
                $"{only} has a season, but none is known of the series. Set season, or take a form without one.");
        }

        int[] known = [.. task.Seasons.Where(season => season > 1 && task.Values.Length > 2L * season)];
        bool takeOut = (known.Length > 1 || (known.Length == 1 && known[0] > EtsModel.LongestSeason))
            && (forms is null || forms.Any(form => !form.HasSeason));
        return takeOut ? new StlForecaster(this).FitSeries(task) : Smooth(task);
    }

    /// <inheritdoc/>
    protected internal override LocalFit ReadFit(ConfigReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Has("lengths") ? StlFit.Read(state, this) : EtsAverage.Read(state);
    }

    internal static ExponentialSmoothing FromConfig(ConfigReader reader)
    {
        string initial = reader.OptionalString("initial") ?? nameof(EtsInitial.Estimated);
        if (!Enum.TryParse(initial, true, out EtsInitial states) || !Enum.IsDefined(states))
        {
            throw new ConfigException($"{reader.Owner}: initial is Estimated or Simple, not \"{initial}\".")
            {
                Option = "initial",
            };
        }

        return new(reader.OptionalString("form"), reader.OptionalInt("season"),
            reader.Has("damped") ? reader.Bool("damped", false) : OrNull(reader), states, reader.Bool("average", false));
    }

    private static bool? OrNull(ConfigReader reader)
    {
        _ = reader.Raw("damped");
        return null;
    }

    private LocalFit Smooth(LocalTask task)
    {
        if (forms?.All(form => form.NeedsPositive) == true)
        {
            task.Require(value => EtsForm.RefuseToMultiply(Form, value));
        }

        if (forms is [var only])
        {
            return EtsModel.Fit(task.Values, only, task.Season, Initial);
        }

        // A damped trend may be asked for where the series is too short for any: the defaults know what to do then.
        IReadOnlyList<EtsModel> models = EtsModel.FitAll(task.Values, task.Season, forms, Initial, Form == "ZZZ");
        return Average ? EtsAverage.Of(models) : models.MinBy(model => model.Aicc)!;
    }
}
