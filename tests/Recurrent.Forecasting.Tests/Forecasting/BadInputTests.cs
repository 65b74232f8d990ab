using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Tests.Forecasting;

/// <summary>What people bring, line by line, to a method of every family: a message word for word, or finite numbers.</summary>
[TestFixture]
public sealed class BadInputTests
{
    private static readonly DateTime Start = new(2015, 1, 1);

    private static readonly string[] Networks = ["nlinear", "lstm", "deepar", "esrnn", "segrnn", "tcn"];

    private static readonly string[] Methods = ["ets", "auto-arima", "theta", "auto", .. Networks];

    private static readonly (string Name, double[] Values)[] Odd =
    [
        ("flat", Many(_ => 5)), ("zero", Many(_ => 0)), ("flat tenth", Many(_ => 0.1)), ("flat million", Many(_ => -1e6)),
        ("periodic", Many(t => (t % 12) + 1)), ("line", Many(t => (3 * t) + 7)), ("negative", Many(t => -Usual(t))),
        ("whole", Many(t => Math.Floor(Usual(t)))), ("mostly zero", Many(t => t % 11 == 3 ? (t % 5) + 1 : 0)),
        ("some zero", Many(t => t % 9 == 4 ? 0 : Usual(t))), ("offset", Many(t => 1e9 + Usual(t))),
        ("no beginning", Many(t => t < 20 ? double.NaN : Usual(t))), ("no end", Many(t => t > 50 ? double.NaN : Usual(t))),
        ("every other", Many(t => t % 2 == 0 ? double.NaN : Usual(t))), ("one of many", Many(t => t == 30 ? 5 : double.NaN)),
        ("step", Many(t => t < 55 ? 5 : 900)), ("one", [3]), ("two", [3, 4]), ("three", [3, 4, 6]),
    ];

    [TestCaseSource(nameof(Methods))]
    public void Nothing_and_no_values_are_told(string name) => Assert.Multiple(() =>
    {
        Assert.That(Told(name, Many(_ => double.NaN)), Is.EqualTo("Series 's': all 60 values are missing."));
        Assert.That(Told(name, []), Is.EqualTo("Series 's': it has no values."));
    });

    [TestCaseSource(nameof(Networks))]
    public void A_series_shorter_than_a_window_is_told_with_what_a_window_takes(string name)
    {
        string shown = SmallForecasters.Create(name).Name;
        Assert.That(Told(name, [1, 2, 3, 4]), Does.Match(
            $"^Series 's' has 4 steps, but a window of {shown} takes \\d+: \\d+ to look back on and 6 to forecast. "
            + "Give a smaller lookback or horizon.$"));
    }

    [Test]
    public void An_infinite_value_is_told_by_its_place() => Assert.That(
        () => new TimeSeries("s", [1, 2, double.PositiveInfinity]), Throws.ArgumentException.With.Message.StartsWith(
        "Value 2 is Infinity: write NaN where a value is missing, and leave out or clip what is infinite."));

    [TestCaseSource(nameof(Methods))]
    public void Odd_series_give_finite_numbers_in_their_order_or_are_named(string name)
    {
        foreach ((string what, double[] values) in Odd)
        {
            Forecaster method = SmallForecasters.Create(name);
            try
            {
                method.Fit(Series(what, values));
            }
            catch (ArgumentException told)
            {
                Assert.That(values, Has.Length.LessThan(4), told.Message);
                Assert.That(told.Message, Does.StartWith($"Series '{what}' has ").And.Contains("Give a smaller lookback"));
                continue;
            }

            Forecast forecast = method.Predict(14);
            double[][] rows = [forecast.Quantile(0.01), forecast.Quantile(0.2), forecast.Quantile(0.5), forecast.Quantile(0.8),
                forecast.Quantile(0.99), forecast.Point.ToArray()];
            Assert.That(rows.SelectMany(row => row), Is.All.Matches<double>(double.IsFinite), what);
            for (int i = 1; i < 5; i++)
            {
                Assert.That(rows[i].Zip(rows[i - 1]).All(pair => pair.First >= pair.Second), $"{what}, {i}");
            }

            if (Array.TrueForAll(values, value => value == values[0]) && values.Length > 1)
            {
                Assert.That(rows.SelectMany(row => row), Is.All.EqualTo(values[0]).Within(1e-9 * Math.Abs(values[0])), what);
                Assert.That(method.Sample(2, 3).Of().SelectMany(path => path), Is.All.EqualTo(values[0])
                    .Within(1e-9 * Math.Abs(values[0])), what);
            }
        }
    }

    [TestCaseSource(nameof(Methods))]
    public void A_unit_a_trillion_times_as_large_or_small_gives_the_same_forecasts_in_it(string name)
    {
        Forecast usual = Of(1);
        foreach (double unit in new[] { 1e12, 1e-12 })
        {
            Forecast scaled = Of(unit);
            foreach (double level in new[] { 0.1, 0.5, 0.9 })
            {
                Assert.That(scaled.Quantile(level).Select(value => value / unit),
                    Is.EqualTo(usual.Quantile(level)).Within(1).Percent, FormattableString.Invariant($"{unit}, {level}"));
            }
        }

        Forecast Of(double unit)
        {
            Forecaster method = SmallForecasters.Create(name);
            method.Fit(Series("s", Many(t => unit * Usual(t))));
            return method.Predict(6);
        }
    }

    [TestCaseSource(nameof(Methods))]
    public void Another_frequency_other_columns_and_steps_that_do_not_follow_are_told(string name)
    {
        Forecaster method = SmallForecasters.Create(name);
        method.Fit(new SeriesPanel([Series("s", Many(Usual)), Series("other", Many(Usual))]));
        double[] before = method.PredictPanel(3)[0].Point.ToArray();
        var daily = new TimeSeries("s", [1, 2, 3, 4], Start, Frequency.Daily);
        var later = new TimeSeries("s", [1, 2, 3, 4], Start.AddMonths(70), Frequency.Monthly);
        Assert.Multiple(() =>
        {
            Assert.That(() => method.Update(new SeriesPanel([daily])), Throws.ArgumentException.With.Message.EqualTo(
                "Series 's' was fitted at the frequency monthly, and what is given now is daily. Bring it to the same frequency "
                + "first."));
            Assert.That(() => method.Update(new SeriesPanel([later])), Throws.ArgumentException.With.Message.EqualTo(
                "Series 's' is known up to 2019-12-01, and what is to follow begins at 2020-11-01, which is not the next step "
                + "(monthly). Give the steps between too, missing ones as NaN."));
            Assert.That(() => method.Update(new SeriesPanel([Series("others", [1])])), Throws.ArgumentException.With.Message
                .StartsWith($"{method.Name} is not fitted to a series 'others'. Did you mean 'other'? It is fitted to 's', "
                    + "'other'."));
            Assert.That(() => method.Update(new SeriesPanel([TimeSeries.Create("s", ["a", "b"], [[1], [2]])])),
                Throws.ArgumentException.With.Message.EqualTo("Series 's' lacks the variable 's'. It has: a, b."));
            Assert.That(method.PredictPanel(3)[0].Point.ToArray(), Is.EqualTo(before), "and nothing has changed");
        });
    }

    [TestCase("auto-arima")]
    [TestCase("lstm")]
    [TestCase("segrnn")]
    public void Covariates_ahead_that_are_missing_short_or_have_gaps_are_told(string name)
    {
        Forecaster method = SmallForecasters.Create(name);
        var known = TimeSeries.Create("s", ["y", "price"], [Many(Usual), Many(t => 10 + (t % 5))], Months(0, 60));
        method.Fit(known, new SeriesRoles(Future: ["price"]));
        Assert.Multiple(() =>
        {
            Assert.That(() => method.Predict(6), Throws.ArgumentException.With.Message.EqualTo($"{method.Name} was fitted with "
                + "the covariates price, which are known ahead: to forecast series 's' it needs their next 6 values."));
            Assert.That(() => method.Predict(6, Ahead(1, 2)), Throws.ArgumentException.With.Message.EqualTo("Series 's': 6 "
                + "steps are asked for, but its covariates are known for 2 of them. Give more of their values, or forecast fewer "
                + "steps."));
            Assert.That(() => method.Predict(3, Ahead(1, double.NaN, 2)), Throws.ArgumentException.With.Message.EqualTo(
                "Series 's': the covariate 'price' is missing at step 2 ahead. Give a value."));
            Assert.That(method.Predict(2, Ahead(1, 2)).Point.ToArray(), Is.All.Matches<double>(double.IsFinite));
        });
    }

    [TestCaseSource(nameof(Methods))]
    public void One_bad_series_of_a_panel_is_named_and_the_others_go_on_where_asked(string name)
    {
        var panel = new SeriesPanel([Series("a", Many(Usual)), Series("bad", Many(_ => double.NaN)), Series("c", Many(Usual))]);
        Forecaster method = SmallForecasters.Create(name);
        Assert.That(() => method.Fit(panel), Throws.ArgumentException.With.Message.EqualTo("Series 'bad': all 60 values are "
            + "missing. To go on without it: new ForecastRun { OnBadSeries = BadSeries.LeaveOut }."));
        Assert.That(method.IsFitted, Is.False);
        method.Fit(panel, run: new() { OnBadSeries = BadSeries.LeaveOut });
        Assert.That(method.LeftOut.Select(left => (left.Series, left.Reason)),
            Is.EqualTo(new[] { ("bad", "all 60 values are missing.") }));
        Assert.That(method.PredictPanel(3).Select(forecast => forecast.Series), Is.EqualTo(new[] { "a", "c" }));
    }

    [Test]
    public void Few_values_are_forecast_by_their_mean_as_in_R()
    {
        // R 4.2, forecast 8.20: auto.arima(c(3, 4, 6)) is ARIMA(0,0,0) with non-zero mean 4.33, 95 % from 1.34 to 7.33.
        var method = new AutoArima();
        method.Fit(new TimeSeries("s", [3, 4, 6]));
        Forecast forecast = method.Predict(2);
        Assert.That(forecast.Point.ToArray(), Is.All.EqualTo(13.0 / 3).Within(1e-6));
        Assert.That(forecast.Interval(0.95).Low[0], Is.EqualTo(1.34).Within(0.01));
        Assert.That(forecast.Interval(0.95).High[0], Is.EqualTo(7.33).Within(0.01));
    }

    [Test]
    public void A_season_half_of_which_is_never_seen_is_not_differenced()
    {
        double[] values = Many(t => t % 2 == 0 ? double.NaN : Usual(t));
        var method = new AutoArima();
        method.Fit(Series("s", values));
        Assert.That(method.Predict(14).Point.ToArray(), Is.All.InRange(90, 240));
        Assert.That(() => new AutoArima(seasonalD: 1).Fit(Series("s", values)), Throws.ArgumentException.With.Message.EqualTo(
            "Series 's': Differences over a season of 12 steps need a value at each of its places, and all values at 6 of them "
            + "are missing. Take no seasonal differences."));
    }

    private static string Told(string name, double[] values) =>
        Assert.Throws<ArgumentException>(() => SmallForecasters.Create(name).Fit(Series("s", values)))!.Message;

    private static TimeSeries Series(string name, double[] values) => new(name, values, Start, Frequency.Monthly);

    private static TimeSeries Ahead(params double[] prices) =>
        TimeSeries.Create("s", ["price"], [prices], Months(60, prices.Length));

    private static DateTime[] Months(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(month => Start.AddMonths(month))];

    private static double[] Many(Func<int, double> value) => [.. Enumerable.Range(0, 60).Select(value)];

    private static double Usual(int t) =>
        100 + t + (20 * Math.Sin(t * Math.PI / 6)) + (3 * (Math.Sin(t * 12.9898) * 43758.5453 % 1));
}
