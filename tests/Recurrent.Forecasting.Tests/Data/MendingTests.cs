using System.Globalization;
using Recurrent.Data;

namespace Recurrent.Tests.Data;

/// <summary>Dates that are not as they should be: told by their place, and mended on request.</summary>
[TestFixture]
public sealed class MendingTests
{
    private const double NaN = double.NaN;

    [TestCase(DuplicateDates.First, new[] { 1.0, 2, 5 })]
    [TestCase(DuplicateDates.Last, new[] { 1.0, 4, 5 })]
    [TestCase(DuplicateDates.Mean, new[] { 1.0, 3, 5 })]
    public void Dates_that_come_twice(DuplicateDates duplicates, double[] expected)
    {
        TimeSeries series = Series("2024-01-01 2024-01-02 2024-01-02 2024-01-02 2024-01-03", [1, 2, NaN, 4, 5],
            new() { Duplicates = duplicates });
        Assert.That(series.Values.ToArray(), Is.EqualTo(expected));
        Assert.That(series.Dates, Has.Count.EqualTo(3));
    }

    [Test]
    public void Rows_in_disorder_are_sorted_and_then_all_else_is_done() => Assert.That(
        Series("2024-01-05 2024-01-01 2024-01-02 2024-01-01", [5, 1, 2, 3],
            new() { Sort = true, Duplicates = DuplicateDates.Mean, Gaps = DateGaps.Fill }).Values.ToArray(),
        Is.EqualTo(new[] { 2.0, 2, 3, 4, 5 }));

    [Test]
    public void Gaps_are_filled_with_missing_values()
    {
        TimeSeries series = Series("2024-01-31 2024-02-29 2024-05-31", [1, 2, 5], new() { Gaps = DateGaps.Missing });
        Assert.That(series.Values.ToArray(), Is.EqualTo(new[] { 1, 2, NaN, NaN, 5 }));
        Assert.That(series.Dates![3], Is.EqualTo(new DateTime(2024, 4, 30)));
        Assert.That(series.HasMissing);
        Assert.That(series.Observed(), Is.EqualTo(new[] { true, true, false, false, true }));
    }

    [TestCase("2024-01-02 2024-01-03 2024-01-01",
        "Date 2 of series 'x', 2024-01-01, does not come after the date above it. Sort")]
    [TestCase("2024-01-03 2024-01-02 2024-01-01",
        "Date 1 of series 'x', 2024-01-02, does not come after the date above it: all rows "
        + "stand newest first")]
    [TestCase("2024-01-02 2024-01-02", "Date 1 of series 'x', 2024-01-02, does not come after the date above it: it is the same. "
        + "Sort the rows oldest first, one row for each date; or say Duplicates")]
    [TestCase("2024-01-01 2024-02-01 2024-03-01 2024-04-01 2024-04-02 2024-04-03 2024-04-04", "Date 4 of series 'x', 2024-04-02, "
        + "begins another frequency: up to 2024-04-01 the dates are 1 month apart, and from there 1 day. Leave one part out")]
    [TestCase("2024-10-27T01:00 2024-10-27T02:00 2024-10-27T02:00 2024-10-27T03:00",
        "Date 2 of series 'x', 2024-10-27 02:00:00, does "
        + "not come after the date above it: it is the same. Sort the rows oldest first, one row for each date; or say "
        + "Duplicates = "
        + "DuplicateDates.First, Last or Mean. If a clock was set back there from summer time, say in which zone: TimeZone")]
    [TestCase("2024-01-04 2024-01-05 2024-01-09 2024-01-10",
        "Date 2 of series 'x', 2024-01-09, comes after 2024-01-05, but the dates "
        + "are 1 business day apart: 2024-01-08 is missing")]
    public void Problems_are_told_by_their_place(string dates, string message)
    {
        Assert.That(() => Series(dates, new double[dates.Split(' ').Length], new()),
            Throws.ArgumentException.With.Message.StartsWith(message));
    }

    [Test]
    public void A_clock_with_summer_time_is_read_as_instants()
    {
        TimeZoneInfo berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        TimeSeries autumn = Series(
            "2024-10-27T01:30 2024-10-27T02:00 2024-10-27T02:30 2024-10-27T02:00 2024-10-27T02:30 2024-10-27T03:00",
            [1, 2, 3, 4, 5, 6], new() { TimeZone = berlin });
        TimeSeries spring = Series("2024-03-31T01:00 2024-03-31T03:00 2024-03-31T04:00", [1, 2, 3], new() { TimeZone = berlin });
        TimeSeries days = Series("2024-03-30 2024-03-31 2024-04-01", [1, 2, 3], new() { TimeZone = berlin });
        Assert.Multiple(() =>
        {
            Assert.That(autumn.Frequency!.Name, Is.EqualTo("30 minutes"));
            Assert.That(autumn.Dates![0], Is.EqualTo(new DateTime(2024, 10, 26, 23, 30, 0, DateTimeKind.Utc)));
            Assert.That(autumn.Values.ToArray(), Is.EqualTo(new[] { 1.0, 2, 3, 4, 5, 6 }));
            Assert.That(spring.Frequency, Is.EqualTo(Frequency.Hourly));
            Assert.That(spring.DatesIn(berlin)![1], Is.EqualTo(new DateTime(2024, 3, 31, 3, 0, 0)));
            Assert.That(days.Dates![2], Is.EqualTo(new DateTime(2024, 4, 1)), "days stay days of that clock");
            Assert.That(days.Frequency, Is.EqualTo(Frequency.Daily));
            Assert.That(() => Series("2024-03-31T01:00 2024-03-31T02:00 2024-03-31T03:00", [1, 2, 3],
                new() { TimeZone = berlin }),
                Throws.ArgumentException.With.Message.StartsWith(
                    "Date 1 of series 'x', 2024-03-31 02:00:00, is no time of the clock of Europe/Berlin"));
        });
    }

    private static TimeSeries Series(string dates, double[] values, SeriesOptions options) =>
        new("x", values, [.. dates.Split(' ')
            .Select(date => DateTime.Parse(date, CultureInfo.InvariantCulture, DateTimeStyles.None))],
            options);
}
