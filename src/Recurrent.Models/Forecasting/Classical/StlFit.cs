using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>A method fitted to a seasonally adjusted series, and the last period of each season.</summary>
internal sealed class StlFit(
    LocalFit rest, double[][] seasons, SeriesPower power, double[] fitted, double[] residuals) : LocalFit
{
    private const int LongestSeason = 1_000_000;

    public override ReadOnlySpan<double> Fitted => fitted;

    public override ReadOnlySpan<double> Residuals => residuals;

    public override Config State
    {
        get
        {
            var state = new Config
            {
                { "rest", rest.State },
                { "seasons", StoredState.Pack([.. seasons.SelectMany(season => season)]) },
                { "lengths", seasons.Select(season => season.Length).ToArray() },
            };
            power.Write(state);
            return state;
        }
    }

    public override QuantileGrid Predict(int horizon, IReadOnlyList<double[]> regressors) =>
        power.Back(rest.Predict(horizon, regressors).Map((step, value) => value + Season(step)));

    public override double[][] Simulate(int horizon, int count, ulong key, IReadOnlyList<double[]> regressors)
    {
        double[][] paths = rest.Simulate(horizon, count, key, regressors);
        return [.. paths.Select(path => path.Select((value, step) => power.Back(value + Season(step))).ToArray())];
    }

    public override LocalFit Update(ReadOnlySpan<double> newer, IReadOnlyList<double[]> regressors)
    {
        double[] adjusted = power.Forth(newer);
        for (int t = 0; t < adjusted.Length; t++)
        {
            adjusted[t] -= Season(t);
        }

        double[][] turned = [.. seasons.Select(season => Turned(season, adjusted.Length))];
        return new StlFit(rest.Update(adjusted, regressors), turned, power, [], []);
    }

    internal override string? Refuse(double value) => power.Refuse(value);

    public override string Describe() => seasons.Length == 0
        ? $"No season{power.Describe()}, {rest.Describe()}"
        : $"STL of {string.Join(" and ", seasons.Select(season => season.Length))}{power.Describe()}, {rest.Describe()}";

    internal static StlFit Read(ConfigReader state, LocalForecaster method)
    {
        SeriesPower power = SeriesPower.Read(state);
        double[] numbers = StoredState.Numbers(state, "seasons");
        IReadOnlyList<int> lengths = state.Ints("lengths");
        if (lengths.Any(length => length is < 2 or > LongestSeason) || lengths.Sum(length => (long)length) != numbers.Length)
        {
            throw new ConfigException($"{state.Owner}: lengths must be those of the seasons.") { Option = "lengths" };
        }

        var seasons = new double[lengths.Count][];
        int at = 0;
        for (int i = 0; i < seasons.Length; i++)
        {
            seasons[i] = numbers[at..(at += lengths[i])];
        }

        if (state.Raw("rest") is not Config config)
        {
            throw new ConfigException($"{state.Owner}: rest must be a fit.") { Option = "rest" };
        }

        var reader = new ConfigReader(method.Name, config);
        LocalFit rest = method.ReadFit(reader);
        reader.RefuseUnreadKeys();
        return new(rest, seasons, power, [], []);
    }

    private static double[] Turned(double[] season, int steps) =>
        [.. season[(steps % season.Length)..], .. season[..(steps % season.Length)]];

    private double Season(int step) => seasons.Sum(season => season[step % season.Length]);
}
