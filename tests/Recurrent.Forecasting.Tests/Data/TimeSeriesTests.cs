using Recurrent.Data;

namespace Recurrent.Tests.Data;

[TestFixture]
public sealed class TimeSeriesTests
{
    [Test]
    public void Air_passengers_is_read_as_it_stands()
    {
        TimeSeries series = TestData.AirPassengers();
        Assert.Multiple(() =>
        {
            Assert.That(series.Count, Is.EqualTo(144));
            Assert.That(series[0], Is.EqualTo(112));
            Assert.That(series[^1], Is.EqualTo(432));
            Assert.That(series.ToString(), Is.EqualTo("passengers: 144 values, 1949-01-01 to 1960-12-01"));
        });
    }

    [Test]
    public void The_end_is_held_out()
    {
        (TimeSeries training, TimeSeries heldOut) = new TimeSeries("x", [1, 2, 3, 4, 5]).HoldOut(2);
        Assert.Multiple(() =>
        {
            Assert.That(training.Values.ToArray(), Is.EqualTo(new[] { 1, 2, 3 }));
            Assert.That(heldOut.Values.ToArray(), Is.EqualTo(new[] { 4, 5 }));
            Assert.That(heldOut.Offset, Is.EqualTo(3));
        });
    }

    [TestCase(0)]
    [TestCase(5)]
    [TestCase(-1)]
    public void Something_must_be_left_on_both_sides(int steps) => Assert.That(
        () => new TimeSeries("x", [1, 2, 3, 4, 5]).HoldOut(steps),
        Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("between 1 and 4 of them can be held out"));

    [Test]
    public void A_monthly_series_goes_on_month_by_month()
    {
        (TimeSeries training, TimeSeries heldOut) = TestData.AirPassengers().HoldOut(24);
        TimeSeries next = training.Continue("forecast", new double[24]);
        Assert.That(next.Dates, Is.EqualTo(heldOut.Dates));
        Assert.That(next.Offset, Is.EqualTo(heldOut.Offset));
    }

    [Test]
    public void Quarters_years_days_and_hours_go_on_as_they_are()
    {
        Assert.Multiple(() =>
        {
            Assert.That(NextOf(new(1986, 4, 1), new(1986, 7, 1)), Is.EqualTo(new DateTime(1986, 10, 1)));
            Assert.That(NextOf(new(2023, 1, 1), new(2024, 1, 1)), Is.EqualTo(new DateTime(2025, 1, 1)));
            Assert.That(NextOf(new(2024, 2, 27), new(2024, 2, 28)), Is.EqualTo(new DateTime(2024, 2, 29)));
            Assert.That(NextOf(new(2024, 1, 1, 22, 0, 0), new(2024, 1, 1, 23, 0, 0)), Is.EqualTo(new DateTime(2024, 1, 2)));
        });

        static DateTime NextOf(DateTime first, DateTime second) =>
            new TimeSeries("x", [1, 2], [first, second]).Continue("next", [3]).Dates![0];
    }

    [Test]
    public void Values_may_be_missing_but_not_infinite()
    {
        Assert.That(new TimeSeries("x", [1, double.NaN]).HasMissing);
        Assert.That(() => new TimeSeries("x", [1, double.NegativeInfinity]),
            Throws.ArgumentException.With.Message.StartsWith("Value 1 is -Infinity: write NaN where a value is missing"));
    }

    [Test]
    public void As_many_dates_as_values() => Assert.That(
        () => new TimeSeries("x", [1, 2], [new(2024, 1, 1)]),
            Throws.ArgumentException.With.Message.Contains("2 values but 1 dates"));

    [Test]
    public void Values_are_copied()
    {
        double[] values = [1, 2];
        var series = new TimeSeries("x", values);
        values[0] = 9;
        Assert.That(series[0], Is.EqualTo(1));
    }
}
