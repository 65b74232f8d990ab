using System.Globalization;
using System.IO.Compression;
using System.Text;
using Recurrent.Data;

namespace Recurrent.Tests.Data;

/// <summary>More shapes that files of people, offices and instruments have.</summary>
[TestFixture]
public sealed class PeopleFilesTests
{
    // Name, text, variable, first date, frequency, first values.
    private static IEnumerable<TestCaseData> Series()
    {
        yield return Case("Quarters_with_colons", "quarter,x\n1999:Q4,1\n2000:Q1,2\n2000:Q2,3\n", "x", "1999-10-01", "quarterly",
            1, 2, 3);
        yield return Case("Months_with_colons", "t,x\n1999:11,1\n1999:12,2\n2000:01,3\n", "x", "1999-11-01", "monthly", 1, 2, 3);
        yield return Case("Quarters_of_short_years", "q,x\nQ4-99,1\nQ1-00,2\nQ2-00,3\n", "x", "1999-10-01", "quarterly", 1, 2, 3);
        yield return Case("Quarters_behind_a_point", "quarter,x\n2000.3,1\n2000.4,2\n2001.1,3\n", "x", "2000-07-01",
            "quarterly", 1, 2, 3);
        yield return Case("Months_behind_a_point", "Date,P\n1871.09,4.8\n1871.1,4.6\n1871.11,4.5\n1871.12,4.7\n1872.01,4.9\n",
            "P", "1871-09-01", "monthly", 4.8, 4.6, 4.5, 4.7, 4.9);
        yield return Case("Years_and_periods", "Year,Period,Value\n2023,M11,1\n2023,M12,2\n2024,M01,3\n", "Value", "2023-11-01",
            "monthly", 1, 2, 3);
        yield return Case("Years_and_quarters", "Year,Period,Value\n2023,Q03,1\n2023,Q04,2\n2024,Q01,3\n", "Value", "2023-07-01",
            "quarterly", 1, 2, 3);
        yield return Case("Years_and_weeks", "year,week,x\n2020,52,1\n2020,53,2\n2021,1,3\n", "x", "2020-12-21", "weekly",
            1, 2, 3);
        yield return Case("Years_and_days", "year,doy,x\n2020,365,1\n2020,366,2\n2021,1,3\n", "x", "2020-12-30", "daily",
            1, 2, 3);
        yield return Case("Days_of_years", "date,x\n2020-365,1\n2020-366,2\n2021-001,3\n", "x", "2020-12-30", "daily", 1, 2, 3);
        yield return Case("Weeks_by_a_name", "year_week,x\n2020-52,1\n2020-53,2\n2021-01,3\n", "x", "2020-12-21", "weekly",
            1, 2, 3);
        yield return Case("Weeks_packed", "epiweek,x\n202052,1\n202053,2\n202101,3\n", "x", "2020-12-21", "weekly", 1, 2, 3);
        yield return Case("Weeks_of_one_digit", "Week;x\n2020-W9;1\n2020-W10;2\n2020-W11;3\n", "x", "2020-02-24", "weekly",
            1, 2, 3);
        yield return Case("Seasons", "Season,x\n1999/00,1\n2000/01,2\n2001/02,3\n", "x", "1999-01-01", "yearly", 1, 2, 3);
        yield return Case("Seasons_in_full", "season,x\n1950-1951,1\n1951-1952,2\n1952-1953,3\n", "x", "1950-01-01", "yearly",
            1, 2, 3);
        yield return Case("Counted_years", "\"Month\",\"Sales\"\n\"1-11\",266.0\n\"1-12\",145.9\n\"2-01\",183.1\n\n"
            + "Sales over a few years\n", "Sales", "0001-11-01", "monthly", 266, 145.9, 183.1);
        yield return Case("Days_of_a_spreadsheet", "Date,x\n45321,1\n45322,2\n45323,3\n", "x", "2024-01-30", "daily", 1, 2, 3);
        yield return Case("Packed_to_seconds", "date,x\n20240131230000,1\n20240201000000,2\n20240201010000,3\n", "x",
            "2024-01-31T23:00:00", "hourly", 1, 2, 3);
        yield return Case("Packed_days_and_hours", "DATE,HOUR,T\n20240131,22,1\n20240131,23,2\n20240201,00,3\n", "T",
            "2024-01-31T22:00:00", "hourly", 1, 2, 3);
        yield return Case("Hours_that_end", "Date,HE,load\n2024-01-31,23,1\n2024-01-31,24,2\n2024-02-01,1,3\n", "load",
            "2024-01-31T23:00:00", "hourly", 1, 2, 3);
        yield return Case("Of_the_C_library", "t,x\nThu Jan  1 23:00:00 2015,1\nFri Jan  2 00:00:00 2015,2\n", "x",
            "2015-01-01T23:00:00", "hourly", 1, 2);
        yield return Case("Of_a_shell", "t,x\nThu Jan 01 23:00:00 UTC 2015,1\nFri Jan 02 00:00:00 UTC 2015,2\n", "x",
            "2015-01-01T23:00:00", "hourly", 1, 2);
        yield return Case("Of_a_web_server", "t,x\n31/Jan/2015:23:00:00 +0100,1\n01/Feb/2015:00:00:00 +0100,2\n", "x",
            "2015-01-31T22:00:00", "hourly", 1, 2);
        yield return Case("Names_of_zones", "t,x\n2024-03-10 01:00 EST,1\n2024-03-10 03:00 EDT,2\n2024-03-10 04:00 EDT,3\n", "x",
            "2024-03-10T06:00:00", "hourly", 1, 2, 3);
        yield return Case("Names_of_places", "t,x\n2024-01-01T00:00:00+01:00[Europe/Berlin],1\n"
            + "2024-01-01T01:00:00+01:00[Europe/Berlin],2\n", "x", "2023-12-31T23:00:00", "hourly", 1, 2);
        yield return Case("Signs_for_year_month_and_day", "日付,値\n2024年1月31日,1\n2024年2月1日,2\n", "値", "2024-01-31", "daily",
            1, 2);
        yield return Case("Points_between_short_parts", "Datum;x\n28.02.20;1,5\n29.02.20;2\n01.03.20;3\n02.03.20;4\n", "x",
            "2020-02-28", "daily", 1.5, 2, 3, 4);
        yield return Case("Money_of_Germany", "Datum;Umsatz (€)\n30.01.2024;1.334,50 €\n31.01.2024;2.000,25 €\n", "Umsatz (€)",
            "2024-01-30", "daily", 1334.5, 2000.25);
        yield return Case("Codes_of_money", "d,x\n2024-01-01,12.5 USD\n2024-01-02,\"1,300.25 USD\"\n", "x", "2024-01-01", "daily",
            12.5, 1300.25);
        yield return Case("Units_in_cells", "d,x\n2024-01-01,-1.5 °C\n2024-01-02,n/a\n2024-01-03,2 °C\n", "x", "2024-01-01",
            "daily", -1.5, double.NaN, 2);
        yield return Case("Words_for_units", "d,x\n2024-01-01,5 kWh\n2024-01-02,6.5 kWh\n", "x", "2024-01-01", "daily", 5, 6.5);
        yield return Case("Accounts", "d,x\n2024-01-01,\"($1,200.50)\"\n2024-01-02,$3.00\n", "x", "2024-01-01", "daily",
            -1200.5, 3);
        yield return Case("Brackets", "d,x\n2024-01-01,(5.5)\n2024-01-02,3\n", "x", "2024-01-01", "daily", -5.5, 3);
        yield return Case("Minus_behind", "d;x\n2024-01-01;5,5-\n2024-01-02;3\n", "x", "2024-01-01", "daily", -5.5, 3);
        yield return Case("Groups_of_India", "d,x\n2024-01-01,\"12,34,567.5\"\n2024-01-02,\"2,345\"\n", "x", "2024-01-01",
            "daily", 1234567.5, 2345);
        yield return Case("Marks_of_missing", "d,x\n2024-01-01,ND\n2024-01-02,#NUM!\n2024-01-03,<NA>\n2024-01-04,***\n"
            + "2024-01-05,:\n2024-01-06,1\n", "x", "2024-01-01", "daily", double.NaN, double.NaN, double.NaN, double.NaN,
            double.NaN, 1);
        yield return Case("Elapsed_seconds_are_no_values", "seconds,x\n0.0,5\n0.1,6\n0.2,7\n", "x", null, null, 5, 6, 7);
        yield return Case("Steps_are_no_values", "step,x\n10,5\n20,6\n30,7\n", "x", null, null, 5, 6, 7);
        yield return Case("Facts_with_names_above", "latitude,longitude,zone\n52.5,13.4,GMT\n\ntime,temp (°C)\n"
            + "2024-01-01T00:00,1\n2024-01-01T01:00,2\n2024-01-01T02:00,3\n", "temp (°C)", "2024-01-01", "hourly", 1, 2, 3);
        yield return Case("Facts_as_wide_as_the_table", "Title: a shop\nUpdated,2024-05-01\n\ndate,x\n2024-01-01,1\n"
            + "2024-01-02,2\n2024-01-03,3\n", "x", "2024-01-01", "daily", 1, 2, 3);
        yield return Case("Several_rows_of_names", "Price,Close,Close\nTicker,AAPL,MSFT\nDate,,\n2024-01-02,1,5\n2024-01-03,2,6\n"
            + "2024-01-04,3,7\n", "Close AAPL", "2024-01-02", "daily", 1, 2, 3);
        yield return Case("A_header_again", "date,x\n2024-01-01,1\ndate,x\n2024-01-02,2\n", "x", "2024-01-01", "daily", 1, 2);
        yield return Case("Spaces_between_columns", "date         x\n2024-01-01   1.5\n2024-01-02  12.5\n", "x", "2024-01-01",
            "daily", 1.5, 12.5);
        yield return Case("Columns_of_an_instrument", "# CO2\n  1958  03  1958.2027  315.70\n  1958  04  1958.2877  317.45\n"
            + "  1958  05  1958.3699  317.51\n", "column 4", "1958-03-01", "monthly", 315.7, 317.45, 317.51);
        yield return Case("Quotes_behind_spaces", "\"date\", \"x\"\n\"2024-01-01\", \"1\"\n\"2024-01-02\", \"2\"\n", "x",
            "2024-01-01", "daily", 1, 2);
        yield return Case("Packed_clocks", "date,time,x\n2020-01-01,2200,1\n2020-01-01,2300,2\n2020-01-02,0,3\n", "x",
            "2020-01-01T22:00:00", "hourly", 1, 2, 3);
        yield return Case("Times_that_say_nothing", "<TICKER>,<DATE>,<TIME>,<CLOSE>\nA,20240101,000000,1\nA,20240102,000000,2\n"
            + "A,20240103,000000,3\n", "<CLOSE>", "2024-01-01", "daily", 1, 2, 3);
        yield return Case("Fiscal_years", "Fiscal Year,x\nFY2000,1\nFY2001,2\nFY2002,3\n", "x", "2000-01-01", "yearly",
            1, 2, 3);
        yield return Case("Quotes_inside_cells", "date,size,x\n2024-01-01,5\" pipe,1\n2024-01-02,6\" pipe,2\n", "x",
            "2024-01-01", "daily", 1, 2);
        yield return Case("Single_quotes", "'date','x'\n'2024-01-01','1'\n'2024-01-02','2'\n", "x", "2024-01-01", "daily", 1, 2);
        yield return Case("A_row_for_each_year_and_a_column_for_each_quarter",
            "Year,Q1,Q2,Q3,Q4\n2023,1,2,3,4\n2024,5,6,,\n", "t", "2023-01-01", "quarterly", 1, 2, 3, 4, 5, 6);
    }

    private static TestCaseData Case(
        string name, string text, string variable, string? start, string? frequency, params double[] values) =>
        new TestCaseData(text, variable, start, frequency, values).SetName(name);

    [TestCaseSource(nameof(Series))]
    public void A_series_is_read(string text, string variable, string? start, string? frequency, double[] values)
    {
        TimeSeries series = CsvTable.Parse(text, "t.csv").ToSeries();
        Assert.Multiple(() =>
        {
            Assert.That(series.Variables, Is.EqualTo(new[] { variable }));
            Assert.That(series.Values.ToArray(), Is.EqualTo(values));
            Assert.That(series.Dates?[0],
                Is.EqualTo(start is null ? (DateTime?)null : DateTime.Parse(start, CultureInfo.InvariantCulture)));
            Assert.That(series.Frequency?.Name, Is.EqualTo(frequency));
        });
    }

    [TestCase("month,x\n49-Jan,1\n49-Feb,2\n49-Mar,3\n", "line 2, column 'month': '49-Jan' is not a date that can be read")]
    [TestCase("time,x\n2024-01-01 00:00 IST,1\n2024-01-01 01:00 IST,2\n2024-01-01 02:00 IST,3\n", "'2024-01-01 00:00 IST'")]
    public void Dates_that_cannot_be_read_are_not_lost_without_a_word(string text, string told) => Assert.Multiple(() =>
    {
        Assert.That(() => CsvTable.Parse(text, "t.csv").ToSeries(), Throws.TypeOf<CsvException>()
            .With.Message.Contains(told).And.Message.Contains("DateFormat").And.Message.Contains("DateColumn = \"\""));
        Assert.That(CsvTable.Parse(text, "t.csv", new() { DateColumn = string.Empty }).ToSeries().Count, Is.EqualTo(3));
    });

    [Test]
    public void Years_that_are_no_weeks_long_enough_are_told() => Assert.That(
        () => CsvTable.Parse("year,week,x\n2021,52,1\n2021,53,2\n2022,1,3\n", "t.csv").ToSeries(),
        Throws.TypeOf<CsvException>().With.Message.Contains("line 3, column 'week': the year 2021 has no week 53"));

    [TestCase("d,town\n2024-01-01,7 Oaks\n2024-01-02,3 Rivers\n")]
    [TestCase("d,when\n2024-01-01,5 PM\n2024-01-02,6 PM\n")]
    public void Words_are_no_units(string text) => Assert.That(() => CsvTable.Parse(text, "t.csv").ToSeries(),
        Throws.TypeOf<CsvException>().With.Message.Contains("has no column of numbers"));

    [TestCase("<!DOCTYPE html>\n<html><body>Not found, sorry</body></html>", "a web page")]
    [TestCase("[{\"date\":\"2020-01-01\",\"y\":3}]", "JSON")]
    [TestCase("<?xml version=\"1.0\"?>\n<a/>", "XML")]
    public void What_is_no_table_is_called_what_it_is(string text, string what) => Assert.That(
        () => CsvTable.Parse(text, "t.csv"),
        Throws.TypeOf<CsvException>().With.Message.StartsWith($"t.csv is no CSV, but {what}"));

    [Test]
    public void An_hour_that_clocks_skip_asks_for_the_zone()
    {
        const string text = "t,x\n2024-03-31 00:00,1\n2024-03-31 01:00,2\n2024-03-31 03:00,3\n2024-03-31 04:00,4\n";
        Assert.Multiple(() =>
        {
            Assert.That(() => CsvTable.Parse(text, "t.csv").ToSeries(), Throws.TypeOf<CsvException>()
                .With.Message.Contains("line 4").And.Message.Contains("say in which zone: TimeZone"));
            Assert.That(CsvTable.Parse(text, "t.csv", new() { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") })
                .ToSeries().Frequency, Is.EqualTo(Frequency.Hourly));
        });
    }

    [Test]
    public void Numbers_name_series_where_each_comes_once_at_every_date()
    {
        SeriesPanel panel = CsvTable.Parse("date,plant,x\n" + string.Concat(
            from plant in new[] { 101, 102 }
            from day in new[] { 1, 2, 3 }
            select $"2024-01-0{day},{plant},{plant + day}\n"), "t.csv").ToPanel();
        Assert.That(panel.Names, Is.EqualTo(new[] { "101", "102" }));
        Assert.That(panel["102"].Values.ToArray(), Is.EqualTo(new double[] { 103, 104, 105 }));
        Assert.That(() => CsvTable.Parse("date,x\n2024-01-01,1\n2024-01-02,1\n2024-01-02,2\n2024-01-03,3\n", "t.csv").ToPanel(),
            Throws.TypeOf<CsvException>().With.Message.Contains("does not come after"), "a date twice is none");
    }

    [Test]
    public void A_cell_that_is_no_number_spoils_its_own_series_alone()
    {
        const string text = "id,date,x\na,2024-01-01,1\na,2024-01-02,2\nb,2024-01-01,1\nb,2024-01-02,oops\nc,2024-01-01,5\n"
            + "c,2024-01-02,6\n";
        Assert.That(() => CsvTable.Parse(text, "t.csv").ToPanel(), Throws.TypeOf<CsvException>()
            .With.Message.Contains("line 5, column 'x': 'oops'").And.Message.Contains("in series 'b'"));
        SeriesPanel panel = CsvTable.Parse(text, "t.csv", new() { BadSeries = BadSeries.LeaveOut }).ToPanel();
        Assert.Multiple(() =>
        {
            Assert.That(panel.Names, Is.EqualTo(new[] { "a", "c" }));
            Assert.That(panel.LeftOut["b"], Does.Contain("line 5"));
        });
    }

    [Test]
    public void A_file_that_gzip_has_packed_is_read()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid()}.csv.gz");
        try
        {
            using (var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest))
            {
                packed.Write(Encoding.UTF8.GetBytes("date,x\n2024-01-01,1\n2024-01-02,2\n"));
            }

            Assert.That(TimeSeries.FromCsv(path).Values.ToArray(), Is.EqualTo(new[] { 1.0, 2 }));
            File.WriteAllBytes(path, [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 7, 7, 7]);
            Assert.That(() => TimeSeries.FromCsv(path), Throws.TypeOf<CsvException>().With.Message.Contains("gzip"));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
