using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Recurrent.Data;

namespace Recurrent.Tests.Data;

[TestFixture]
public sealed class FrequencyTests
{
    [TestCase("2024-01-31 2024-02-29 2024-03-31", "month ends", 12)]
    [TestCase("2024-01-01 2024-02-01 2024-03-01", "monthly", 12)]
    [TestCase("2024-01-15 2024-02-15 2024-05-15 2024-06-15", "1 month, day 15", 12)]
    [TestCase("2023-03-31 2023-06-30 2023-12-31 2024-03-31", "quarter ends", 4)]
    [TestCase("2023-01-01 2023-04-01", "quarterly", 4)]
    [TestCase("2020-01-01 2021-01-01", "yearly", 1)]
    [TestCase("2020-12-31 2021-12-31", "year ends", 1)]
    [TestCase("2024-01-04 2024-01-05 2024-01-08 2024-01-09", "business daily", 5)]
    [TestCase("2024-01-04 2024-01-05 2024-01-06 2024-01-09", "daily", 7)]
    [TestCase("2024-01-04 2024-01-11 2024-01-25 2024-02-01", "weekly", 52)]
    [TestCase("2024-01-04T22:00 2024-01-04T23:00 2024-01-05T00:00", "hourly", 24)]
    [TestCase("2024-01-04T22:00 2024-01-04T22:30 2024-01-04T23:00", "30 minutes", 48)]
    [TestCase("2024-01-04T22:00:00 2024-01-04T22:00:10", "10 seconds", 360)]
    public void The_frequency_and_its_season_are_found(string dates, string name, int season)
    {
        Frequency found = Frequency.Infer(Parse(dates))!;
        Assert.Multiple(() =>
        {
            Assert.That(found.Name, Is.EqualTo(name));
            Assert.That(found.Season, Is.EqualTo(season));
            Assert.That(Frequency.Parse(name), Is.EqualTo(found));
            Assert.That(Frequency.Parse(name.ToUpperInvariant()).GetHashCode(), Is.EqualTo(found.GetHashCode()));
        });
    }

    [TestCase("2024-01-01")]
    [TestCase("2024-01-02 2024-01-01")]
    [TestCase("2024-01-01 2024-01-01")]
    [TestCase("2024-01-01T00:00:00 2024-01-01T00:01:37 2024-01-01T07:00:05 2024-01-01T11:11:11 2024-01-02T00:59:00")]
    public void Where_there_is_none_none_is_found(string dates) => Assert.That(Frequency.Infer(Parse(dates)), Is.Null);

    [Test]
    public void Seasons_are_all_that_may_be_there() => Assert.Multiple(() =>
    {
        Assert.That(Frequency.Hourly.Seasons, Is.EqualTo(new[] { 24, 168, 8766 }));
        Assert.That(Frequency.Daily.Seasons, Is.EqualTo(new[] { 7, 365 }));
        Assert.That(Frequency.Every(TimeSpan.FromMinutes(15)).Seasons, Is.EqualTo(new[] { 96, 672 }));
        Assert.That(Frequency.EveryMonths(6).Seasons, Is.EqualTo(new[] { 2 }));
        Assert.That(Frequency.EveryMonths(5).Season, Is.EqualTo(1));
        Assert.That(Frequency.Yearly.Seasons, Is.Empty);
        Assert.That(Frequency.Weekly.Season, Is.EqualTo(52));
    });

    [TestCase("2024-01-05", 1, "2024-01-08")]
    [TestCase("2024-01-08", 4, "2024-01-12")]
    [TestCase("2024-01-08", 5, "2024-01-15")]
    [TestCase("2024-01-03", 23, "2024-02-05")]
    public void Business_days_leave_weekends_out(string from, int steps, string to)
    {
        DateTime start = Parse(from)[0];
        DateTime end = Parse(to)[0];
        Assert.That(Frequency.BusinessDaily.After(start, steps)[^1], Is.EqualTo(end));
        Assert.That(Frequency.BusinessDaily.StepsBetween(start, end), Is.EqualTo(steps));
        Assert.That(Frequency.BusinessDaily.StepsBetween(start, new DateTime(2024, 6, 1)), Is.Null, "a Saturday");
    }

    [Test]
    public void Steps_forward_are_counted_back()
    {
        Frequency[] all =
        [
            Frequency.Hourly, Frequency.Daily, Frequency.BusinessDaily, Frequency.Weekly, Frequency.Monthly, Frequency.MonthEnds,
            Frequency.Quarterly, Frequency.QuarterEnds, Frequency.Yearly, Frequency.YearEnds, Frequency.EveryMonths(2, 30),
            Frequency.Every(TimeSpan.FromSeconds(7)),
        ];
        Prop.ForAll(
            Gen.Choose(0, all.Length - 1).ToArbitrary(), Gen.Choose(1, 400).ToArbitrary(), Gen.Choose(1, 70000).ToArbitrary(),
            (which, steps, day) =>
            {
                Frequency frequency = all[which];
                DateTime start = frequency.After(frequency.StartOf(new DateTime(1800, 1, 1).AddDays(day)), 1)[0];
                DateTime[] next = frequency.After(start, steps);
                return frequency.StepsBetween(start, next[^1]) == steps
                    && (steps < 20 || Frequency.Infer([start, .. next]) is { } found
                        && found.After(next[^1], 40).SequenceEqual(frequency.After(next[^1], 40)));
            }).Check(Config.QuickThrowOnFailure.WithReplay(20261126UL, 1UL));
    }

    [TestCase("MS", "monthly")]
    [TestCase("M", "month ends")]
    [TestCase("QE", "quarter ends")]
    [TestCase("15min", "15 minutes")]
    [TestCase("2 hours", "2 hours")]
    [TestCase("D", "daily")]
    [TestCase("b", null)]
    [TestCase("business-daily", "business daily")]
    [TestCase("00:00:00.5000000", "500 milliseconds")]
    [TestCase("0 days", null)]
    [TestCase("99999999999 days", null)]
    [TestCase("now and then", null)]
    public void Names_are_read(string text, string? name)
    {
        Assert.That(Frequency.TryParse(text, out Frequency? frequency), Is.EqualTo(name is not null));
        Assert.That(frequency?.Name, Is.EqualTo(name));
        if (name is null)
        {
            Assert.That(() => Frequency.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains("is no frequency"));
        }
    }

    [Test]
    public void A_given_frequency_takes_the_day_of_the_dates()
    {
        DateTime[] dates = Parse("2024-01-31");
        var series = new TimeSeries("x", [1], dates, new SeriesOptions { Frequency = Frequency.Monthly });
        Assert.That(series.Continue("next", [2, 3]).Dates, Is.EqualTo(Parse("2024-02-29 2024-03-31")));
        Assert.That(new TimeSeries("x", [1, 2, 3], dates[0], Frequency.Quarterly).Dates,
            Is.EqualTo(Parse("2024-01-31 2024-04-30 2024-07-31")));
    }

    private static DateTime[] Parse(string dates) =>
        [.. dates.Split(' ').Select(date => DateTime.Parse(date, CultureInfo.InvariantCulture, DateTimeStyles.None))];
}
