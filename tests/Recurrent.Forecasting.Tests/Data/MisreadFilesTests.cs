using System.Globalization;
using Recurrent.Data;

namespace Recurrent.Tests.Data;

/// <summary>Files that could be read as what they are not: rows as footers, columns as thousands, days as times.</summary>
[TestFixture]
public sealed class MisreadFilesTests
{
    [TestCase("ticker,date,close\n3M,2020-01-01,5\n3M,2020-01-02,6\nApple,2020-01-01,7\nApple,2020-01-02,8\n", "3M", "Apple")]
    [TestCase("store,date,x\n1,2020-01-01,5\n1,2020-01-02,6\nTotal Wine,2020-01-01,7\nTotal Wine,2020-01-02,8\n", "1",
        "Total Wine")]
    [TestCase("ticker,year,x\n3M,2019,5\n3M,2020,6\nApple,2019,7\nApple,2020,8\n", "3M", "Apple")]
    public void Series_whose_names_begin_with_letters_are_no_footer(string text, params string[] names)
    {
        var table = CsvTable.Parse(text, "t.csv");
        Assert.Multiple(() =>
        {
            Assert.That(table.Comments, Is.Empty);
            Assert.That(CsvTable.Parse(text, "t.csv", new() { NameColumns = [table.Columns[0]], Columns = [table.Columns[^1]] })
                .ToPanel().Names, Is.EqualTo(names));
        });
    }

    [TestCase("t,x\n1,5\n2,6\nSource: an office, 2024\n")]
    [TestCase("t,x\n1,5\n2,6\nTotal,11\n")]
    public void Remarks_below_steps_are_a_footer(string text)
    {
        var table = CsvTable.Parse(text, "t.csv");
        Assert.That((table.RowCount, table.Comments.Count), Is.EqualTo((2, 1)));
    }

    [TestCase("t y\n1 112\n2 118\n3 132\n", "y", 112, 118, 132)]
    [TestCase("week sales\n7 112\n9 95\n8 132\n", "sales", 112, 95, 132)]
    [TestCase("Sales\n1 112\n2 118\n3 132\n", "Sales", 1112, 2118, 3132)]
    public void Columns_apart_by_spaces_are_no_thousands(string text, string column, params double[] values) =>
        Assert.That(CsvTable.Parse(text, "t.csv").Numbers(column), Is.EqualTo(values));

    [TestCase("Sales volume\n1 112\n1 118\n2 132\n", "line 2: '1 112' could be one number")]
    [TestCase("1 112\n2 118\n3 132\n", "line 2: '2 118' could be one number")]
    public void What_may_be_columns_or_thousands_is_asked(string text, string told) => Assert.Multiple(() =>
    {
        Assert.That(() => CsvTable.Parse(text, "t.csv"), Throws.TypeOf<CsvException>()
            .With.Message.Contains(told).And.Message.Contains("Separator = ' '"));
        Assert.That(CsvTable.Parse(text, "t.csv", new() { Separator = ' ' }).Columns, Has.Count.EqualTo(2));
        Assert.That(CsvTable.Parse(text, "t.csv", new() { Separator = ';' }).Columns, Has.Count.EqualTo(1));
    });

    [TestCase("2015-01-15:18:00", "2015-01-15T18:00")]
    [TestCase("15-Jan-2015-18:00:30", "2015-01-15T18:00:30")]
    [TestCase("20150115-18:00", "2015-01-15T18:00")]
    [TestCase("15-Jan-15:18:00", "2015-01-15T18:00")]
    public void A_dash_of_a_date_is_none_before_a_time(string cell, string date) => Assert.That(
        CsvTable.Parse($"t,x\n{cell},1\n", "t.csv").ToSeries().Dates?[0],
        Is.EqualTo(DateTime.Parse(date, CultureInfo.InvariantCulture)));

    [TestCase("date,weekly_sales\n2024-01-01,15234\n2024-01-08,16121\n2024-01-15,15987\n", "weekly_sales")]
    [TestCase("date,sales_last_week\n2024-01-01,202401\n2024-01-08,202352\n2024-01-15,202411\n", "sales_last_week")]
    public void Values_of_weeks_are_no_dates(string text, string variable)
    {
        TimeSeries series = CsvTable.Parse(text, "t.csv").ToSeries();
        Assert.That((series.Variables[0], series.Dates?[2], series.Frequency?.Name),
            Is.EqualTo((variable, (DateTime?)new DateTime(2024, 1, 15), "weekly")));
    }

    [TestCase("Year,Period,Value\n2022,1,1\n2022,2,2\n2022,3,3\n2022,4,4\n2023,1,5\n2023,2,6\n2023,3,7\n2023,4,8\n",
        "quarterly", "2023-10-01")]
    [TestCase("Year,Period,Value\n2022,11,1\n2022,12,2\n2023,1,3\n2023,2,4\n", "monthly", "2023-02-01")]
    [TestCase("Year,Period,Value\n2022,M01,1\n2022,M02,2\n2022,M03,3\n2022,M04,4\n", "monthly", "2022-04-01")]
    [TestCase("year,period,month,day,x\n2022,1,3,30,1\n2022,1,3,31,2\n2022,2,4,1,3\n", "daily", "2022-04-01")]
    public void Periods_are_quarters_or_months(string text, string frequency, string last)
    {
        string column = text.Contains(",x\n", StringComparison.Ordinal) ? "x" : "Value";
        TimeSeries series = CsvTable.Parse(text, "t.csv", new() { Columns = [column] }).ToSeries();
        Assert.That((series.Frequency?.Name, series.Dates?[^1]),
            Is.EqualTo((frequency, (DateTime?)DateTime.Parse(last, CultureInfo.InvariantCulture))));
    }

    [TestCase("( )")]
    [TestCase("(  )")]
    public void Empty_brackets_are_no_number(string cell) => Assert.That(
        () => CsvTable.Parse($"d,x\n2024-01-01,1\n2024-01-02,{cell}\n2024-01-03,3\n", "t.csv").Numbers("x"),
        Throws.TypeOf<CsvException>().With.Message.Contains("line 3"));

    [TestCase(3)]
    [TestCase(12)]
    public void Days_of_a_month_are_no_months_of_the_first_year(int count)
    {
        string rows = string.Concat(Enumerable.Range(1, count).Select(day => $"1-{day:00},{day}\n"));
        Assert.That(() => CsvTable.Parse($"date,x\n{rows}", "t.csv").ToSeries(),
            Throws.TypeOf<CsvException>().With.Message.Contains("'1-01' is not a date that can be read"));
    }
}
