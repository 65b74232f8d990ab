using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Tests.Forecasting;

/// <summary>Values that a scale or a method has no place for: which, where, and what to do, word for word.</summary>
[TestFixture]
public sealed class RefusedValueTests
{
    private const string NoLogarithm =
        "A logarithm needs values above 0. Add an offset to all of them, or take transform \"sqrt\", \"box_cox\" or \"none\".";

    private const string NoMultiplication =
        "multiplies, which needs values above 0. Add an offset to all of them, or take a form that adds: AAA.";

    private const string NoLikelihood =
        "The likelihood of λ needs values above 0. Add an offset to all, take λ by Guerrero's method, or give one above 0.";

    private static readonly DateTime Start = new(2015, 1, 1);

    private static IEnumerable<TestCaseData> Methods()
    {
        foreach ((Func<Forecaster> create, string told, string name) in ((Func<Forecaster>, string, string)[])
        [
            (() => new AutoArima(transform: "log"), NoLogarithm, "ARIMA chosen"),
            (() => new Arima(1, 1, 0, transform: "log"), NoLogarithm, "ARIMA"),
            (() => new Autoregression(2, transform: "log"), NoLogarithm, "autoregression"),
            (() => new StlForecaster(transform: "log"), NoLogarithm, "STL"),
            (() => new SeasonalNaiveWithGrowth(12, new LogTransform()),
                "A logarithm needs values above 0. Give it an offset, or use another transform.", "growth of logarithms"),
            (() => new SeasonalNaiveWithGrowth(12, new BoxCoxTransform(-0.5)), "The Box–Cox transform with λ = -0.5 needs values "
                + "above 0. Choose a λ above 0 (lower: 0.01), or add an offset.", "growth of powers"),
            (() => new ExponentialSmoothing("MAM"), $"The form MAM {NoMultiplication}", "ETS"),
            (() => new ExponentialSmoothing("MZM"), $"The form MZM {NoMultiplication}", "ETS chosen"),
        ])
        {
            yield return new TestCaseData(create, told).SetName($"{{m}}({name})");
        }
    }

    [TestCaseSource(nameof(Methods))]
    public void A_value_is_refused_by_its_row_date_and_variable(Func<Forecaster> create, string told) => Assert.Multiple(() =>
    {
        foreach (double value in (double[])[0, -2])
        {
            string reason = FormattableString.Invariant($"row 7 (2015-08-01) of variable 'sales' is {value}. {told}");
            var panel = new SeriesPanel([Monthly("a", 5), Monthly("b", value)]);
            Told(() => create().Fit(Monthly("s", value)), $"Series 's': {reason}");
            Told(() => create().Fit(panel), $"Series 'b': {reason} To go on without it: new ForecastRun {{ OnBadSeries = "
                + "BadSeries.LeaveOut }.");
            Forecaster rest = create();
            rest.Fit(panel, run: new() { OnBadSeries = BadSeries.LeaveOut });
            Assert.That(rest.LeftOut.Select(left => left.Reason), Is.EqualTo((string[])[reason]));
        }
    });

    [TestCaseSource(nameof(Methods))]
    public void A_newer_value_is_refused_so_where_the_scale_has_no_place_for_it(Func<Forecaster> create, string told)
    {
        Forecaster method = create();
        method.Fit(Monthly("s", 5));
        TimeSeries newer = new TimeSeries("sales", [9, 0], new DateTime(2020, 1, 1), Frequency.Monthly).Rename("s");
        if (method is ExponentialSmoothing)
        {
            // What has been fitted goes on: only the fit needs values above 0.
            Assert.That(() => method.Update(newer), Throws.Nothing);
            return;
        }

        Told(() => method.Update(newer), $"Series 's': row 1 (2020-02-01) of variable 'sales' is 0. {told}");
    }

    [Test]
    public void Demand_below_zero_is_refused_by_its_row() => Assert.Multiple(() =>
    {
        const string Demand = "Demand is not negative. Correct the value, or take another method for this series.";
        var method = new Croston();
        Told(() => method.Fit(Monthly("s", -2)), $"Series 's': row 7 (2015-08-01) of variable 'sales' is -2. {Demand}");
        method.Fit(new TimeSeries("s", [1, 0, 2]));
        Told(() => method.Update(new TimeSeries("s", [1, -1, -3])),
            $"Series 's': row 1 of variable 's' is -1, the first of 2 such values. {Demand}");
    });

    [Test]
    public void What_becomes_negative_without_its_season_is_told_so()
    {
        // Above 0, but not once what its season of 30 steps brings is taken out.
        double[] values = [.. Enumerable.Range(0, 120).Select(t => t == 60 ? 0.1 : t % 30 == 0 ? 100 : 8.0)];
        Assert.That(() => new StlForecaster(new ExponentialSmoothing("MNN"), 30).Fit(new TimeSeries("s", values)),
            Throws.ArgumentException.With.Message.Matches(
                @"^Series 's': row \d+ of variable 's', once its season is taken out, is -[0-9.]+(, the first of \d+ such "
                + @"values)?\. The form MNN multiplies, which needs values above 0\. "));
    }

    [Test]
    public void Preparations_name_the_row_of_a_series() => Assert.Multiple(() =>
    {
        const string Row = "row 7 (2015-08-01) of variable 'sales' of series 's' is 0. ";
        TimeSeries series = Monthly("s", 0);
        Told(() => new LogScaling().Fit(series),
            $"LogScaling: {Row}A logarithm needs values above 0. Give it an offset, or use another transform.");
        Told(() => new BoxCoxScaling(0).Fit(series), $"BoxCoxScaling: {Row}The Box–Cox transform with λ = 0 needs values above "
            + "0. Choose a λ above 0 (lower: 0.01), or add an offset.");
        Told(() => new BoxCoxScaling(method: BoxCoxScaling.MaximumLikelihood).Fit(series), $"BoxCoxScaling: {Row}{NoLikelihood}");
        Told(() => new Prepared(new NaiveForecast(), new LogScaling()).Fit(series),
            $"Series 's': LogScaling: {Row}A logarithm needs values above 0. Give it an offset, or use another transform.");
    });

    [Test]
    public void Bare_numbers_are_named_by_their_place() => Assert.Multiple(() =>
    {
        const string First = "Of the values given, value 1 is ";
        Told(() => new LogTransform(1).Transform([2, -1, -4]), $"{First}-1, the first of 2 such values. A logarithm needs values "
            + "above -1. Give it an offset, or use another transform.");
        Told(() => new SquareRootTransform().Transform([0, -0.5]),
            $"{First}-0.5. A square root needs values of at least 0. Add an offset to all of them, or use another transform.");
        Told(() => BoxCoxLambda.MaximumLikelihood([1, 0]), $"{First}0. {NoLikelihood}");
        Told(() => EtsModel.Fit([1, 0, 2], EtsForm.Parse("MNN")), $"{First}0. The form MNN {NoMultiplication}");
        Told(() => new AutoArima(transform: "log").Forecast([3, -1, 2], 1), $"{First}-1. {NoLogarithm}");
        Assert.That(() => ClassicalDecomposition.Seasons([1, -1, 1, -1, 1, -1], 2, true),
            Throws.ArgumentException.With.Message.StartsWith("The mean of a season around value 1 is 0, but a season that "
                + "multiplies needs a level above 0. Add an offset to all values, or let the season be added."));
    });

    private static void Told(Action act, string message) =>
        Assert.That(act, Throws.ArgumentException.With.Message.EqualTo(message));

    private static TimeSeries Monthly(string name, double seventh) => new TimeSeries(
        "sales", [.. Enumerable.Range(0, 60).Select(t => t == 7 ? seventh : 5.0 + (t % 12))], Start, Frequency.Monthly)
        .Rename(name);
}
