namespace Recurrent.Forecasting;

/// <summary>Two methods judged against each other.</summary>
/// <param name="Method">The method.</param>
/// <param name="Other">What it is compared with.</param>
/// <param name="Score">Its mean absolute scaled error; of the mean absolute error where no scale applies.</param>
/// <param name="OtherScore">That of the other one.</param>
/// <param name="Test">Whether the difference is more than chance; null where there are too few errors to say.</param>
/// <param name="Verdict">A sentence.</param>
public sealed record Comparison(string Method, string Other, double Score, double OtherScore, TestResult? Test, string Verdict);

/// <content>Who wins, in words.</content>
public sealed partial class BacktestResult
{
    private const double Significance = 0.05;

    // What three decimals would show as 0.
    private const double Least = 0.0005;

    // From so many series on each counts as one observation.
    private const int EnoughSeries = 8;
    private const int LeastErrors = 8;

    // Methods that learn next to nothing.
    private static readonly string[] SimpleNames =
    [
        nameof(SeasonalNaive), nameof(SeasonalNaiveWithGrowth), nameof(NaiveForecast), nameof(Naive2), nameof(Drift),
        nameof(MeanForecast), nameof(MovingAverage),
    ];

    /// <summary>Names of the methods that learn next to nothing.</summary>
    public IReadOnlyList<string> SimpleMethods => [.. Methods.Where(method => simple.Contains(method))];

    /// <summary>For each method that learns, whether it beats the best of the simple ones, in a sentence.</summary>
    public IReadOnlyList<Comparison> Verdicts
    {
        get
        {
            if (SimpleMethods.Count == 0)
            {
                return [];
            }

            string best = SimpleMethods.MinBy(Main)!;
            return [.. Methods.Where(method => !simple.Contains(method)).Select(method => Compare(method, best))];
        }
    }

    /// <summary>Compares two methods by their absolute errors, with the test of Diebold and Mariano.</summary>
    /// <param name="method">The method.</param>
    /// <param name="other">What it is compared with.</param>
    /// <exception cref="ArgumentException">There is no such method.</exception>
    public Comparison Compare(string method, string other)
    {
        double own = Main(method);
        double others = Main(other);
        TestResult? test = Test(method, other);
        string chance = test is null ? "there are too few errors to tell it from chance"
            : test.PValue < Least ? "more than chance, p < 0.001"
            : test.PValue < Significance ? FormattableString.Invariant($"more than chance, p = {test.PValue:0.000}")
            : FormattableString.Invariant($"which may be chance, p = {test.PValue:0.00}");
        string measure = double.IsFinite(Score(method).Mase) ? "MASE" : "MAE";
        string kind = simple.Contains(other) && !simple.Contains(method) ? "the simple method " : string.Empty;
        string verdict = own < others
            ? FormattableString.Invariant(
                $"{method} beats {kind}{other}: {measure} {own:0.000} against {others:0.000}, ")
                + FormattableString.Invariant($"{100 * (1 - (own / others)):0} % less; {chance}.")
            : FormattableString.Invariant(
                $"{method} does not beat {kind}{other}: {measure} {own:0.000} against {others:0.000}; {chance}.")
                + (kind.Length > 0 ? " The simple method is the one to use." : string.Empty);
        return new(method, other, own, others, test, verdict);
    }

    private double Main(string method)
    {
        BacktestScore score = Score(method);
        return double.IsFinite(score.Mase) ? score.Mase : score.Mae;
    }

    private TestResult? Test(string method, string other)
    {
        Dictionary<(string Series, int Fold), double[]> own = Losses(method);
        Dictionary<(string Series, int Fold), double[]> others = Losses(other);
        IGrouping<string, double[]>[] bySeries = [.. own.Keys.Where(others.ContainsKey)
            .OrderBy(key => key.Series, StringComparer.Ordinal).ThenBy(key => key.Fold)
            .GroupBy(key => key.Series, key => Difference(own[key], others[key]))];
        bool many = bySeries.Length >= EnoughSeries;
        double[] differences = many
            ? [.. bySeries.Select(of => of.SelectMany(part => part).DefaultIfEmpty(double.NaN).Average()).Where(double.IsFinite)]
            : [.. bySeries.SelectMany(of => of.SelectMany(part => part))];
        int horizon = many ? 1 : Math.Min(options.Horizon, Math.Max(1, differences.Length / 3));
        return differences.Length < LeastErrors ? null : DieboldMariano.OfLosses(differences, horizon);
    }

    private static double[] Difference(double[] own, double[] others) =>
        [.. own.Zip(others, (a, b) => a - b).Where(double.IsFinite)];

    /// <summary>Absolute errors in units of the series' size, forecast by forecast.</summary>
    private Dictionary<(string Series, int Fold), double[]> Losses(string method) => Forecasts
        .Where(one => one.Forecast.Method == method)
        .ToDictionary(one => (one.Forecast.Series, one.Fold), one => one.Forecast.Variables.SelectMany(target =>
        {
            double unit = Math.Max(Unit(one.Training.Variable(target)), double.Epsilon);
            return one.Actual.Variable(target).ToArray().Zip(
                one.Forecast.PointOf(target).ToArray(), (y, f) => Math.Abs((y / unit) - (f / unit)));
        }).ToArray());

    /// <summary>The mean size of the steps of a series, or of its values where it stands still.</summary>
    private static double Unit(ReadOnlySpan<double> values)
    {
        double steps = 0;
        double sizes = 0;
        for (int i = 1; i < values.Length; i++)
        {
            double step = Math.Abs((values[i] / values.Length) - (values[i - 1] / values.Length));
            steps += double.IsNaN(step) ? 0 : step;
            sizes += double.IsNaN(values[i]) ? 0 : Math.Abs(values[i] / values.Length);
        }

        return steps > 0 ? steps : sizes > 0 ? sizes : 1;
    }
}
