using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>The preparations that can be named in code and in files.</summary>
internal static class PreparationNames
{
    internal static Registry<Preparation> Registry { get; } = new("preparation", [
        new("StandardScaling|standard", Read(c => new StandardScaling(Names(c), c.Bool("pooled", false)))),
        new("MinMaxScaling|min_max", Read(c => new MinMaxScaling(
            c.Double("low", 0), c.Double("high", 1), Names(c), c.Bool("pooled", false)))),
        new("RobustScaling|robust", Read(c => new RobustScaling(Names(c), c.Bool("pooled", false)))),
        new("LogScaling|log", Read(c => new LogScaling(c.Double("offset", 0), Names(c)))),
        new("BoxCoxScaling|box_cox", Read(c => new BoxCoxScaling(
            c.OptionalDouble("lambda"),
            c.OptionalString("method") ?? BoxCoxScaling.Guerrero,
            c.OptionalInt("season"),
            c.Double("lower", -1),
            c.Double("upper", 2),
            Names(c)))),
        new("Difference|difference", Read(c => new Difference(c.Int("lag", 1), c.Int("order", 1), Names(c)))),
        new("SeasonalDifference|seasonal_difference", Read(c => new SeasonalDifference(
            c.OptionalInt("season"), c.Int("order", 1), Names(c)))),
        new("Detrend|detrend", Read(c => new Detrend(c.Int("pieces", 1), Names(c)))),
        new("SeasonalAdjustment|seasonal_adjustment", Read(c => new SeasonalAdjustment(
            OptionalInts(c, "seasons"), c.OptionalInt("seasonal_window"), c.Bool("robust", false), Names(c)))),
        new("OutlierClipping|clip_outliers", Read(c => new OutlierClipping(
            c.Double("factor", 3), OptionalInts(c, "seasons"), Names(c)))),
        new("Imputation|impute", Read(c => new Imputation(
            c.OptionalString("method") ?? "linear",
            c.Bool("indicator", false),
            c.Double("value", 0),
            OptionalInts(c, "seasons"),
            Names(c)))),
        new("Lags|lags", Read(c => new Lags(OptionalInts(c, "lags") ?? [1], Names(c)))),
        new("OneHot|one_hot", Read(c => new OneHot(c.Bool("ignore_unknown", false), Names(c)))),
        new("Ordinal|ordinal", Read(c => new Ordinal(c.Bool("ignore_unknown", false), Names(c)))),
        new("CalendarFeatures|calendar", CalendarFeatures.Read),
        new("PreparationPipeline|pipeline", c => new PreparationPipeline([.. c.Components("steps", Registry!)])),
    ]);

    /// <summary>A number above 0 of a state.</summary>
    internal static double Positive(string owner, ConfigReader state, string key) => state.Double(key) is var value && value > 0
        ? value
        : throw new ConfigException(FormattableString.Invariant($"{owner}: {key} must be above 0, but is {value}."));

    /// <summary>Numbers of a state, as many as there must be.</summary>
    internal static double[] Numbers(string owner, ConfigReader state, string key, int? count = null) =>
        state.OptionalDoubles(key) is { } numbers && (count is null || numbers.Count == count)
            ? [.. numbers]
            : throw new ConfigException($"{owner}: {key} must be {count} numbers.");

    internal static IReadOnlyList<string>? Names(ConfigReader config, string key = "variables") => config.Raw(key) switch
    {
        null => null,
        IReadOnlyList<object?> list when list.All(name => name is string) => [.. list.Cast<string>()],
        _ => throw new ConfigException($"{config.Owner}: {key} must be a list of names."),
    };

    internal static IReadOnlyList<int>? OptionalInts(ConfigReader config, string key) =>
        config.IsNull(key) || !config.Has(key) ? Skip(config, key) : config.Ints(key);

    private static IReadOnlyList<int>? Skip(ConfigReader config, string key)
    {
        _ = config.Raw(key);
        return null;
    }

    private static Func<ConfigReader, Preparation> Read(Func<ConfigReader, VariablePreparation> make) => config =>
    {
        VariablePreparation made = make(config);
        made.ReadFrom(config);
        return made;
    };
}
