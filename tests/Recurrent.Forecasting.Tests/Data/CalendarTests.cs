using System.Globalization;
using Recurrent.Data;

namespace Recurrent.Tests.Data;

/// <summary>How the dates of a series go on, and where they have gaps.</summary>
[TestFixture]
public sealed class CalendarTests
{
    [TestCase("2023-06-30 2023-09-30 2023-12-31", "2024-03-31 2024-06-30", TestName = "Ends_of_quarters")]
    [TestCase("2023-01-31 2023-02-28 2023-03-31", "2023-04-30 2023-05-31", TestName = "Ends_of_months")]
    [TestCase("2023-11-30 2023-12-31 2024-01-31", "2024-02-29 2024-03-31", TestName = "Ends_of_months_over_a_leap_day")]
    [TestCase("2023-02-28 2023-03-31", "2023-04-30 2023-05-31", TestName = "Two_ends_that_begin_with_the_shortest")]
    [TestCase("2023-04-30 2023-06-30", "2023-08-31 2023-10-31", TestName = "Ends_of_every_second_month")]
    [TestCase("2020-12-31 2021-12-31 2022-12-31", "2023-12-31 2024-12-31", TestName = "Ends_of_years")]
    [TestCase("2020-02-29 2021-02-28 2022-02-28", "2023-02-28 2024-02-29", TestName = "Ends_of_financial_years")]
    [TestCase("2023-01-30 2023-02-28 2023-03-30", "2023-04-30 2023-05-30", TestName = "A_day_that_February_clips")]
    [TestCase("2023-12-30 2024-01-30 2024-02-29", "2024-03-30 2024-04-30", TestName = "A_day_clipped_last")]
    [TestCase("2022-11-29 2022-12-29 2023-01-29 2023-02-28", "2023-03-29 2023-04-29", TestName = "The_twenty_ninth")]
    [TestCase("2023-01-15 2023-02-15", "2023-03-15 2023-04-15", TestName = "The_middle_of_months")]
    [TestCase("2024-12-16 2024-12-23 2024-12-30", "2025-01-06 2025-01-13", TestName = "Weeks")]
    [TestCase("2023-01-31 2023-02-28 2023-03-28", "2023-04-25 2023-05-23",
        TestName = "Four_weeks_that_look_like_months_at_first")]
    [TestCase("2024-02-27 2024-02-28", "2024-02-29 2024-03-01", TestName = "Days")]
    [TestCase("2024-12-31T22:00 2024-12-31T23:00", "2025-01-01T00:00 2025-01-01T01:00", TestName = "Hours")]
    [TestCase("2023-06-30T23:59:59 2023-09-30T23:59:59", "2023-12-31T23:59:59 2024-03-31T23:59:59",
        TestName = "Ends_with_their_time")]
    public void Dates_go_on_as_they_are(string dates, string next)
    {
        DateTime[] expected = Parse(next);
        TimeSeries following = Series(dates).Continue("next", new double[expected.Length]);
        Assert.That(following.Dates, Is.EqualTo(expected));
    }

    [Test]
    public void A_part_goes_on_as_the_whole_does()
    {
        TimeSeries whole = Series("2023-01-30 2023-02-28 2023-03-30 2023-04-30 2023-05-30");
        Assert.Multiple(() =>
        {
            Assert.That(whole.Slice(1, 1).Continue("next", [0]).Dates, Is.EqualTo(Parse("2023-03-30")));
            Assert.That(whole.Continue("a", [0]).Continue("b", new double[9]).Dates![^2], Is.EqualTo(new DateTime(2024, 2, 29)));
            Assert.That(whole.HoldOut(4).Training.Continue("next", new double[4]).Dates,
                Is.EqualTo(whole.HoldOut(4).HeldOut.Dates));
        });
    }

    [Test]
    public void A_date_that_cannot_be_known_is_not_guessed()
    {
        var last = new DateTime(9999, 12, 30);
        Assert.Multiple(() =>
        {
            Assert.That(
                () => new TimeSeries("a", [], []).Continue("b", [1]),
                Throws.ArgumentException.With.Message.StartsWith("Series 'a' has no date").And.Message.Contains(
                "1 values that follow"));
            Assert.That(() => new TimeSeries("a", [1], [last]).Continue("b", [1]),
                Throws.ArgumentException.With.Message.StartsWith("Series 'a' has one date"));
            Assert.That(
                () => new TimeSeries("a", [1, 2], [last, last.AddDays(1)]).Continue("b", [1]),
                Throws.ArgumentException.With.Message.Contains("beyond the year 9999"));
            Assert.That(
                () => new TimeSeries("a", [1, 2], [last.AddMonths(-1), last]).Continue("b", [1]),
                Throws.ArgumentException.With.Message.Contains("1 steps of 1 month after 9999-12-30"));
            Assert.That(new TimeSeries("a", [], []).Continue("b", []).Dates, Is.Empty);
            Assert.That(new TimeSeries("a", []).Continue("b", [1]).Dates, Is.Null);
        });
    }

    [TestCase("2024-01-01 2024-01-02 2024-01-04", "Date 2 of series 'x', 2024-01-04, comes after 2024-01-02, but the dates are "
        + "1 day apart: 2024-01-03 is missing.")]
    [TestCase("2023-03-31 2023-06-30 2023-12-31 2024-03-31 2024-06-30", "Date 2 of series 'x', 2023-12-31, comes after "
        + "2023-06-30, but the dates are 3 months apart: 2023-09-30 is missing.")]
    [TestCase("2024-01-01T01:00 2024-01-01T02:00 2024-01-01T06:00 2024-01-01T07:00", "Date 2 of series 'x', 2024-01-01 "
        + "06:00:00, comes after 2024-01-01 02:00:00, but the dates are 1 hour apart: 2024-01-01 03:00:00 and 2 more are "
        + "missing.")]
    [TestCase("2024-01-01 2024-01-08 2024-01-15 2024-01-18 2024-01-25", "Date 3 of series 'x', 2024-01-18, comes after "
        + "2024-01-15, but most dates are 7 days apart. Bring the values to equal distances")]
    [TestCase("2024-01-02 2024-01-01", "Date 1 of series 'x', 2024-01-01, does not come after the date above it")]
    [TestCase("2024-01-01 2024-01-01", "Date 1 of series 'x', 2024-01-01, does not come after the date above it")]
    public void Dates_that_are_not_equally_spaced_are_told(string dates, string message) =>
        Assert.That(() => Series(dates), Throws.ArgumentException.With.Message.StartsWith(message));

    [Test]
    public void Gaps_are_filled_on_a_straight_line_or_accepted()
    {
        const string dates = "2023-11-30 2023-12-31 2024-02-29 2024-03-31";
        TimeSeries filled = Series(dates, DateGaps.Fill);
        Assert.Multiple(() =>
        {
            Assert.That(filled.Dates, Is.EqualTo(Parse("2023-11-30 2023-12-31 2024-01-31 2024-02-29 2024-03-31")));
            Assert.That(filled.Values.ToArray(), Is.EqualTo(new[] { 0, 1, 1.5, 2, 3 }));
            Assert.That(filled.Continue("next", [0]).Dates, Is.EqualTo(Parse("2024-04-30")));
            Assert.That(Series(dates, DateGaps.Accept).Values.ToArray(), Is.EqualTo(new[] { 0.0, 1, 2, 3 }));
            Assert.That(Series(dates, DateGaps.Accept).Continue("next", [0]).Dates, Is.EqualTo(Parse("2024-04-30")));
        });
    }

    [TestCase("2024-01-01 2024-01-08 2024-01-15 2024-01-18 2024-01-25", TestName = "Dates_off_the_step_cannot_be_filled")]
    [TestCase("2024-01-01T00:00:00 2024-01-01T00:00:01 2024-01-01T00:00:02 9999-01-01T00:00:00",
        TestName = "Nothing_is_filled_without_bound")]
    public void What_cannot_be_filled_is_refused(string dates) => Assert.That(
        () => Series(dates, DateGaps.Fill),
            Throws.ArgumentException.With.Message.Contains("Bring the values to equal distances"));

    private static DateTime[] Parse(string dates) =>
        [.. dates.Split(' ').Select(date => DateTime.Parse(date, CultureInfo.InvariantCulture, DateTimeStyles.None))];

    private static TimeSeries Series(string dates, DateGaps gaps = DateGaps.Refuse)
    {
        DateTime[] parsed = Parse(dates);
        return new("x", [.. Enumerable.Range(0, parsed.Length).Select(i => (double)i)], parsed, gaps);
    }
}
