using Recurrent.Data;
using Recurrent.Registration;

namespace Recurrent.Tests.Data;

/// <summary>Variables that preparations add: lags, categories, the calendar.</summary>
[TestFixture]
public sealed class FeatureTests
{
    [Test]
    public void Lags_look_back_into_the_history()
    {
        var lags = new Lags([1, 3]);
        TimeSeries prepared = lags.FitTransform(new TimeSeries("x", [1, 2, 3, 4]));
        TimeSeries next = lags.Transform(new TimeSeries("x", [1, 2, 3, 4, 5, 6]).Slice(4, 2));
        Assert.Multiple(() =>
        {
            Assert.That(prepared.Variables, Is.EqualTo(new[] { "x", "x_lag1", "x_lag3" }));
            Assert.That(prepared.Variable("x_lag1").ToArray(), Is.EqualTo(new[] { double.NaN, 1, 2, 3 }));
            Assert.That(prepared.Variable("x_lag3").ToArray(), Is.EqualTo(new[] { double.NaN, double.NaN, double.NaN, 1 }));
            Assert.That(next.Variable("x_lag1").ToArray(), Is.EqualTo(new double[] { 4, 5 }));
            Assert.That(next.Variable("x_lag3").ToArray(), Is.EqualTo(new double[] { 2, 3 }));
            Assert.That(lags.Inverse(prepared).Variables, Is.EqualTo(new[] { "x" }));
            Assert.That(ConfigText.Of(lags.Copy()), Is.EqualTo(ConfigText.Of(lags)));
            Assert.That(() => new Lags([0]), Throws.ArgumentException.With.Message.Contains("lags"));
        });
    }

    [Test]
    public void Categories_become_numbers_or_variables()
    {
        TimeSeries training = new TimeSeries("x", [1, 2, 3]).With("kind", [20, 10, double.NaN]);
        var ordinal = new Ordinal(variables: ["kind"]);
        var oneHot = new OneHot(ignoreUnknown: true, variables: ["kind"]);
        TimeSeries numbers = ordinal.FitTransform(training);
        TimeSeries flags = oneHot.FitTransform(training);
        TimeSeries other = new TimeSeries("x", [4]).With("kind", [30]);
        Assert.Multiple(() =>
        {
            Assert.That(numbers.Variable("kind").ToArray(), Is.EqualTo(new[] { 1, 0, double.NaN }));
            Assert.That(ordinal.Inverse(numbers).Variable("kind").ToArray(), Is.EqualTo(new[] { 20, 10, double.NaN }));
            Assert.That(flags.Variables, Is.EqualTo(new[] { "x", "kind_10", "kind_20" }));
            Assert.That(flags.Variable("kind_10").ToArray(), Is.EqualTo(new double[] { 0, 1, 0 }));
            Assert.That(oneHot.Inverse(flags).Variable("kind").ToArray(), Is.EqualTo(new[] { 20, 10, double.NaN }));
            Assert.That(oneHot.Transform(other).Variable("kind_20").ToArray(), Is.EqualTo(new double[] { 0 }));
            Assert.That(
                () => ordinal.Transform(other), Throws.ArgumentException.With.Message.Contains("row 0 of variable 'kind'"));
            Assert.That(ConfigText.Of(oneHot.Copy()), Is.EqualTo(ConfigText.Of(oneHot)));
            Assert.That(ConfigText.Of(ordinal.Copy()), Is.EqualTo(ConfigText.Of(ordinal)));
        });
    }

    [Test]
    public void The_calendar_of_past_and_future()
    {
        TimeSeries history = new("load", new double[48], new DateTime(2024, 12, 30, 0, 0, 0), Frequency.Hourly);
        var calendar = new CalendarFeatures(holidays: [new DateOnly(2025, 1, 1)]);
        TimeSeries prepared = calendar.FitTransform(history);
        TimeSeries ahead = calendar.Ahead(history, 25);
        Assert.Multiple(() =>
        {
            Assert.That(prepared.Variables, Is.EqualTo(new[]
            {
                "load", "hour_sin", "hour_cos", "weekday_sin", "weekday_cos", "day_of_year_sin", "day_of_year_cos", "holiday",
            }));

            // Six in the morning is a quarter of the day; 2024-12-30 is a Monday, which begins the week.
            Assert.That(prepared.Variable("hour_sin")[6], Is.EqualTo(1).Within(1e-12));
            Assert.That(prepared.Variable("weekday_cos")[0], Is.EqualTo(1).Within(1e-12));
            Assert.That(prepared.Variable("holiday").ToArray(), Is.All.Zero);
            Assert.That(ahead.Variables, Is.EqualTo(calendar.Names));
            Assert.That(ahead.Dates![0], Is.EqualTo(new DateTime(2025, 1, 1)));
            Assert.That(ahead.Variable("holiday").ToArray().Sum(), Is.EqualTo(24));
            Assert.That(ahead.Variable("day_of_year_cos")[0], Is.EqualTo(1).Within(1e-12));
            Assert.That(calendar.Inverse(prepared).Variables, Is.EqualTo(new[] { "load" }));
            Assert.That(ConfigText.Of(calendar.Copy()), Is.EqualTo(ConfigText.Of(calendar)));
        });
    }

    [Test]
    public void The_frequency_says_what_of_the_calendar_counts()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Chosen(Frequency.Daily), Is.EqualTo(new[] { "weekday", "day_of_year" }));
            Assert.That(Chosen(Frequency.MonthEnds), Is.EqualTo(new[] { "month" }));
            Assert.That(Chosen(Frequency.Every(TimeSpan.FromMinutes(15)))![0], Is.EqualTo("minute"));
            Assert.That(() => new CalendarFeatures(["mnth"]), Throws.ArgumentException.With.Message.Contains("'month'"));
            Assert.That(
                () => new CalendarFeatures().Fit(new TimeSeries("x", [1, 2])),
                Throws.ArgumentException.With.Message.Contains("has no dates"));
            Assert.That(
                () => Preparation.Registry.Create(new ComponentConfig("calendar", new() { { "holidays", new[] { "1/2/24" } } })),
                Throws.InstanceOf<ConfigException>().With.Message.Contains("1/2/24"));
        });

        static IReadOnlyList<string>? Chosen(Frequency frequency)
        {
            var calendar = new CalendarFeatures();
            calendar.Fit(new TimeSeries("x", new double[10], new DateTime(2024, 1, 31), frequency));
            return calendar.Features;
        }
    }
}
