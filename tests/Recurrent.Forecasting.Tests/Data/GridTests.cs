using System.Globalization;
using Recurrent.Data;

namespace Recurrent.Tests.Data;

/// <summary>Lower frequencies, and irregular stamps on a grid.</summary>
[TestFixture]
public sealed class GridTests
{
    private const double NaN = double.NaN;

    [TestCase(Aggregation.Sum, new[] { 28.0 * 29 / 2, NaN })]
    [TestCase(Aggregation.Mean, new[] { 14.5, 1000 })]
    [TestCase(Aggregation.First, new[] { 1.0, 1000 })]
    [TestCase(Aggregation.Last, new[] { 28.0, 1000 })]
    [TestCase(Aggregation.Min, new[] { 1.0, 1000 })]
    [TestCase(Aggregation.Max, new[] { 28.0, 1000 })]
    public void Days_become_months_and_those_that_are_not_whole_are_left_out(Aggregation how, double[] expected)
    {
        // The last days of January, all of February and March with a day missing, and the first days of April.
        double[] values = [7, 7, .. Enumerable.Range(1, 28).Select(day => (double)day), .. Enumerable.Repeat(1000.0, 31), 9, 9];
        values[40] = NaN;
        var series = new TimeSeries("x", values, new DateTime(2023, 1, 30), Frequency.Daily);
        TimeSeries months = series.Resample(Frequency.Monthly, how);
        Assert.Multiple(() =>
        {
            Assert.That(months.Values.ToArray(), Is.EqualTo(expected).Within(1e-12));
            Assert.That(months.Dates, Is.EqualTo(Parse("2023-02-01 2023-03-01")));
            Assert.That(months.Frequency, Is.EqualTo(Frequency.Monthly));
            Assert.That(series.Resample(Frequency.MonthEnds, how, partial: true).Dates,
                Is.EqualTo(Parse("2023-01-31 2023-02-28 2023-03-31 2023-04-30")));
        });
    }

    [Test]
    public void Months_become_quarters_and_years_and_hours_become_days_of_a_zone()
    {
        var months = new TimeSeries("x", [.. Enumerable.Range(1, 30).Select(i => (double)i)], new DateTime(2020, 2, 1),
            Frequency.Monthly);
        TimeZoneInfo berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var hours = new TimeSeries("h", [.. Enumerable.Repeat(1.0, 72)],
            [.. Frequency.Hourly.After(new DateTime(2024, 3, 29, 22, 0, 0, DateTimeKind.Utc), 72)]);
        Assert.Multiple(() =>
        {
            Assert.That(months.Resample(Frequency.QuarterEnds, Aggregation.Sum).Dates![0], Is.EqualTo(new DateTime(2020, 6, 30)));
            Assert.That(months.Resample(Frequency.QuarterEnds, Aggregation.Sum)[0], Is.EqualTo(3 + 4 + 5));
            Assert.That(months.Resample(Frequency.Yearly, Aggregation.Sum).Values.ToArray(),
                Is.EqualTo(new[] { Enumerable.Range(12, 12).Sum() }));
            Assert.That(hours.Resample(Frequency.Daily, Aggregation.Sum, zone: berlin).Values.ToArray(),
                Is.EqualTo(new[] { 24.0, 23, 24 }));
            Assert.That(hours.Resample(Frequency.Daily, Aggregation.Sum, zone: berlin).Dates![1],
                Is.EqualTo(new DateTime(2024, 3, 31)));
            Assert.That(hours.Resample(Frequency.Daily, Aggregation.Sum).Values.ToArray(), Is.EqualTo(new[] { 24.0, 24 }));
        });
    }

    [Test]
    public void Steps_are_aggregated_without_dates_from_the_end()
    {
        TimeSeries series = TimeSeries.Create("x", ["a", "b"], [[1, 2, 3, 4, 5], [1, 1, 1, 1, 1]]).Resample(2, Aggregation.Sum);
        Assert.That(series.Values.ToArray(), Is.EqualTo(new[] { 5.0, 9 }));
        Assert.That(series.Variable("b").ToArray(), Is.EqualTo(new[] { 2.0, 2 }));
        Assert.That(new TimeSeries("x", new double[7], new DateTime(2024, 1, 31), Frequency.MonthEnds).Resample(3).Dates,
            Is.EqualTo(Parse("2024-02-29 2024-05-31")));
    }

    [Test]
    public void Each_variable_is_aggregated_in_its_way()
    {
        var series = TimeSeries.Create("x", ["rain", "temp"], [[1, 2, 3, 4], [1, 2, 3, 4]],
            Frequency.Every(TimeSpan.FromHours(12))
            .After(new DateTime(2024, 1, 1, 12, 0, 0), 4));
        TimeSeries days = series.Resample(Frequency.Daily, name => name == "rain" ? Aggregation.Sum : Aggregation.Max);
        Assert.That(days.Values.ToArray(), Is.EqualTo(new[] { 3.0, 7 }));
        Assert.That(days.Variable("temp").ToArray(), Is.EqualTo(new[] { 2.0, 4 }));
    }

    [TestCase(GridMethod.Linear, new[] { 2.0, 4, NaN, NaN, 13 })]
    [TestCase(GridMethod.Previous, new[] { 0.0, 4, 4, NaN, 10 })]
    [TestCase(GridMethod.Nearest, new[] { 0.0, 4, 4, 10, 10 })]
    public void Irregular_stamps_come_to_a_grid_without_bridging_long_gaps(GridMethod method, double[] expected)
    {
        // 9:50 is 0, 10:10 (missing), 10:30 is 4 at a point... every half hour from 10:00.
        var series = new TimeSeries("x", [0, NaN, 4, 10, 16],
            Parse("2024-01-01T09:50 2024-01-01T10:03 2024-01-01T10:30 2024-01-01T11:50 2024-01-01T12:10"), DateGaps.Accept);
        TimeSeries grid = series.ToGrid(Frequency.Every(TimeSpan.FromMinutes(30)), method, TimeSpan.FromMinutes(45));
        Assert.Multiple(() =>
        {
            Assert.That(grid.Dates,
                Is.EqualTo(Parse("2024-01-01T10:00 2024-01-01T10:30 2024-01-01T11:00 2024-01-01T11:30 2024-01-01T12:00")));
            double[] read = grid.Values.ToArray();
            Assert.That(read[0], Is.EqualTo(method == GridMethod.Linear ? 1 : 0).Within(1e-12),
                "10 of 40 minutes on the way to 4");
            Assert.That(read[1..], Is.EqualTo(expected[1..]).Within(1e-12));
            Assert.That(grid.Frequency!.Name, Is.EqualTo("30 minutes"));
        });
    }

    [Test]
    public void A_grid_of_means_and_of_months()
    {
        var series = new TimeSeries("x", [1, 3, 5], Parse("2024-01-01T00:10 2024-01-01T00:50 2024-01-01T02:30"), DateGaps.Accept);
        Assert.That(series.ToGrid(Frequency.Hourly, GridMethod.Mean).Values.ToArray(), Is.EqualTo(new[] { 2, NaN, 5 }));
        var months = new TimeSeries("x", [0, 31, 60], Parse("2024-01-01 2024-02-01 2024-03-01"), DateGaps.Accept);
        Assert.That(months.ToGrid(Frequency.Daily).Values.ToArray(), Is.EqualTo(Enumerable.Range(0, 61).Select(i => (double)i))
            .Within(1e-9));
        Assert.That(months.ToGrid(Frequency.MonthEnds).Dates, Is.EqualTo(Parse("2024-01-31 2024-02-29")));
    }

    [Test]
    public void What_cannot_be_done_is_said() => Assert.Multiple(() =>
    {
        var months = new TimeSeries("x", [1, 2, 3], new DateTime(2024, 1, 1), Frequency.Monthly);
        Refused(() => months.Resample(Frequency.Daily),
            "Series 'x' is monthly, and cannot be aggregated to daily, which is finer");
        Refused(() => months.Resample(Frequency.Yearly), "Series 'x' of 3 steps covers no whole step of 1 year: partial: true");
        Refused(() => new TimeSeries("x", [1, 2]).Resample(Frequency.Daily), "Series 'x' has no dates");
        Refused(() => months.Resample(4), "Series 'x' has 3 steps: 1 to 3");
        Refused(() => months.ToGrid(Frequency.Every(TimeSpan.FromTicks(1))), "A grid of ");
        Refused(() => months.Slice(0, 1).ToGrid(Frequency.YearEnds), "No point of a grid of 1 year");
    });

    private static void Refused(Action action, string message) =>
        Assert.That(action, Throws.ArgumentException.With.Message.StartsWith(message));

    private static DateTime[] Parse(string dates) =>
        [.. dates.Split(' ').Select(date => DateTime.Parse(date, CultureInfo.InvariantCulture, DateTimeStyles.None))];
}
