using Recurrent.Data;

namespace Recurrent.Tests.Data;

/// <summary>Files as people and spreadsheets write them: what can be told is read, what cannot is refused with its
/// place.</summary>
[TestFixture]
public sealed class CsvReadingTests
{
    [Test]
    public void An_exact_name_wins_over_one_of_another_case()
    {
        var table = CsvTable.Parse("T,t,Speed\n20.5,0,1\n21.5,1,2\n");
        Assert.Multiple(() =>
        {
            Assert.That(table.Numbers("t"), Is.EqualTo(new[] { 0.0, 1 }));
            Assert.That(table.Numbers("T"), Is.EqualTo(new[] { 20.5, 21.5 }));
            Assert.That(table.Numbers("SPEED"), Is.EqualTo(new[] { 1.0, 2 }));
        });
    }

    [Test]
    public void Names_that_differ_by_case_alone_are_told_apart_or_asked_for() => Assert.That(
        () => CsvTable.Parse("TIME,Time\n1,2\n", "t.csv").Numbers("time"),
        Throws.TypeOf<CsvException>().With.Message.StartsWith(
            "t.csv has no column 'time', but 2 that differ from it by case alone: TIME, Time."));

    [TestCase("a,b,,\n1,2,,\n3,4,,\n")]
    [TestCase("a,b,,\n1,2\n3,4,\n,,,\n,,,\n")]
    [TestCase("a,b\n1,2,,\n3,4,\n")]
    [TestCase("a;b;;;\n1;2;;;\n3;4;;;\n")]
    public void Empty_columns_and_rows_of_spreadsheets_do_no_harm(string text)
    {
        var table = CsvTable.Parse(text);
        Assert.Multiple(() =>
        {
            Assert.That(table.Columns, Is.EqualTo(new[] { "a", "b" }));
            Assert.That(table.RowCount, Is.EqualTo(2));
            Assert.That(table.Numbers("b"), Is.EqualTo(new[] { 2.0, 4 }));
        });
    }

    [Test]
    public void Unnamed_columns_with_values_stay_and_refuse_nothing() =>
        Assert.That(CsvTable.Parse("a,,\n1,7,8\n").Numbers("a"), Is.EqualTo(new[] { 1.0 }));

    [Test]
    public void All_names_that_come_twice_are_reported_with_their_places() => Assert.That(
        () => CsvTable.Parse("x,y,x,y,x\n1,2,3,4,5\n", "t.csv"),
        Throws.TypeOf<CsvException>().With.Message.StartsWith(
            "t.csv has 3 columns of the name 'x' (columns 1, 3, 5) and two columns of the name 'y' (columns 2, 4)."));

    [TestCase("x\n1,5\n2,25\n3\n", new[] { 1.5, 2.25, 3 }, TestName = "One_column_with_decimal_commas")]
    [TestCase("x\n-1,5\n0,125\n", new[] { -1.5, 0.125 }, TestName = "A_thousand_does_not_begin_with_zero")]
    [TestCase("d;x\n2024-01-01;1,5\n2024-01-02;2,5\n", new[] { 1.5, 2.5 }, TestName = "Semicolons_with_decimal_commas")]
    [TestCase("d\tx\n2024-01-01\t1.234,5\n2024-01-02\t2.000\n", new[] { 1234.5, 2000 },
        TestName = "Points_between_thousands_where_a_comma_is_decimal")]
    [TestCase("x;y\n1.234;0,5\n2.500;1,5\n", new[] { 1234.0, 2500 }, TestName = "Another_column_tells_the_decimal_comma")]
    [TestCase("x,y\n1 234,1\n12 345 678,2\n", new[] { 1234.0, 12345678 }, TestName = "Spaces_between_thousands")]
    [TestCase("x,y\n\"1,234\",1\n\"12,345.5\",2\n", new[] { 1234, 12345.5 }, TestName = "Commas_between_thousands_in_quotes")]
    [TestCase("x;y\n1\u00A0234,5;1\n7,25;2\n", new[] { 1234.5, 7.25 }, TestName = "Hard_spaces_and_decimal_commas")]
    [TestCase("x;y\n1'234.5;1\n7;2\n", new[] { 1234.5, 7 }, TestName = "Apostrophes")]
    [TestCase("x;y\n\u22125;1\n7;2\n", new[] { -5.0, 7 }, TestName = "The_minus_of_typesetters")]
    [TestCase("x;y\n1.234;1\n7.500;2\n", new[] { 1.234, 7.5 }, TestName = "A_decimal_point_where_nothing_speaks_against_it")]
    [TestCase("x;y\n1,234;1.5\n7,500;2.5\n", new[] { 1234.0, 7500 }, TestName = "Another_column_tells_the_decimal_point")]
    [TestCase("x,y\n1e3,1\n.5,2\n", new[] { 1000, 0.5 }, TestName = "Exponents_and_bare_fractions")]
    public void Numbers_are_read_where_it_can_be_told_what_is_meant(string text, double[] expected) =>
        Assert.That(CsvTable.Parse(text).Numbers("x"), Is.EqualTo(expected));

    [TestCase("x;y\n1;1\n1,234;2\n", "t.csv, line 3, column 'x': '1,234' could be 1234 or 1.234")]
    [TestCase("x\n1,234\n", "t.csv, line 2, column 'x': '1,234' could be 1234 or 1.234")]
    [TestCase("x;y;z\n1.234;0,5;0.5\n", "t.csv, line 2, column 'x': '1.234' could be 1.234 or 1234")]
    [TestCase("x;y\n1,5;1\n1.5;2\n", "t.csv, line 2, column 'x': '1,5' is not a number")]
    [TestCase("x;y\n1 23;1\n", "t.csv, line 2, column 'x': '1 23' is not a finite number")]
    [TestCase("x;y\n12,34,567;1\n", "t.csv, line 2, column 'x': '12,34,567' is not a number")]
    [TestCase("x;y\n1;1\n5 %;2\n", "t.csv, line 3, column 'x': '5 %' is not a finite number")]
    [TestCase("x;y\n1;1\n€ 5;2\n", "t.csv, line 3, column 'x': '€ 5' is not a finite number")]
    public void Numbers_that_could_mean_two_things_are_refused(string text, string message) => Assert.That(
        () => CsvTable.Parse(text, "t.csv").Numbers("x"), Throws.TypeOf<CsvException>().With.Message.StartsWith(message));

    [TestCase("?")]
    [TestCase("-")]
    [TestCase("N/A")]
    [TestCase("n/a")]
    [TestCase("#N/A")]
    [TestCase("..")]
    [TestCase("None")]
    public void Marks_of_missing_values_are_named_as_such(string mark) => Assert.That(
        () => CsvTable.Parse($"d,x\n2024-01-01,1.5\n2024-01-02,{mark}\n2024-01-03,{mark}\n", "t.csv").Numbers("x"),
        Throws.TypeOf<CsvException>().With.Message.StartsWith($"t.csv, line 3, column 'x': '{mark}' is a missing value.")
            .And.Message.Contains("(2 of the 3 values of this column are missing)"));

    [TestCase("# made by a logger\n# on \"some\" day\nd,x\n2024-01-01,1\n2024-01-02,2\n", 2, TestName = "Comment_lines_above")]
    [TestCase("#d,x\n2024-01-01,1\n2024-01-02,2\n", 0, TestName = "A_header_that_is_marked_as_a_comment")]
    [TestCase("Temperatures of a town\n\nd,x\n2024-01-01,1\n2024-01-02,2\n", 1, TestName = "A_title_above_the_header")]
    [TestCase("d,x\n2024-01-01,1\n# a pause\n2024-01-02,2\n", 1, TestName = "A_comment_between_rows")]
    [TestCase("d,x\n2024-01-01,1\n2024-01-02,2\nSource: an office\n", 1, TestName = "A_footer")]
    [TestCase("d,x\n2024-01-01,1\n2024-01-02,2\n\n* provisional\nSource: an office, 2024\n", 2, TestName = "Two_lines_of_footer")]
    [TestCase("d,x\n2024-01-01,1\n2024-01-02,2\nTotal,3\n", 1, TestName = "A_total")]
    public void What_stands_around_the_table_is_left_out_and_kept_as_comments(string text, int comments)
    {
        var table = CsvTable.Parse(text);
        Assert.Multiple(() =>
        {
            Assert.That(table.Numbers("x"), Is.EqualTo(new[] { 1.0, 2 }));
            Assert.That(table.Dates("d"), Is.EqualTo(new[] { new DateTime(2024, 1, 1), new DateTime(2024, 1, 2) }));
            Assert.That(table.Comments, Has.Count.EqualTo(comments));
        });
    }

    [Test]
    public void Comments_do_not_shift_the_numbers_of_lines() => Assert.That(
        () => CsvTable.Parse("# one\n# two\nx\n1\noops\n", "t.csv").Numbers("x"),
        Throws.TypeOf<CsvException>().With.Message.StartsWith("t.csv, line 5, column 'x': 'oops'"));

    [TestCase("d,x\n2024-01-01,1\n2024-01\n", "t.csv, line 3: there is 1 cell, but the header has 2 columns (d, x). "
        + "Complete the row")]
    [TestCase("d,x\n2024-01-01,1,5\n", "t.csv, line 2: there are 3 cells, but the header has 2 columns (d, x). If numbers are "
        + "written with decimal commas")]
    [TestCase("town,x\nBerlin,1\nHambur\n", "t.csv, line 3: there is 1 cell")]
    public void A_row_that_does_not_fit_says_what_to_do(string text, string message) =>
        Assert.That(() => CsvTable.Parse(text, "t.csv"), Throws.TypeOf<CsvException>().With.Message.StartsWith(message));

    [Test]
    public void A_file_without_a_header_says_so() => Assert.That(
        () => CsvTable.Parse("2024-01-01,1\n2024-01-02,2\n", "t.csv").Numbers("x"),
        Throws.TypeOf<CsvException>().With.Message.Contains("needs a row with the names of its columns"));

    [TestCase("2024-01-31T18:00:00Z", 18, 0)]
    [TestCase("2024-01-31 18:00:00z", 18, 0)]
    [TestCase("2024-01-31T18:00:00+02:00", 16, 0)]
    [TestCase("2024-01-31T18:00-0530", 23, 0)]
    [TestCase("2024-01-31T19:00:00.250+01", 18, 250)]
    [TestCase("20240131T180000Z", 18, 0)]
    public void Iso_stamps_with_an_offset_are_instants(string text, int hour, int milliseconds)
    {
        DateTime date = CsvTable.Parse($"d;x\n{text};1\n").Dates("d")[0];
        int minute = text.EndsWith("0530", StringComparison.Ordinal) ? 30 : 0;
        Assert.That(date, Is.EqualTo(new DateTime(2024, 1, 31, hour, minute, 0, milliseconds, DateTimeKind.Utc)));
        Assert.That(date.Kind, Is.EqualTo(DateTimeKind.Utc));
    }

    [TestCase("2024-01-31T18:00:00.5", 5_000_000)]
    [TestCase("2024-01-31 18:00:00,25", 2_500_000)]
    [TestCase("2024-01-31T18:00:00.123456789", 1_234_567)]
    [TestCase("20240131T180000.0000001", 1)]
    public void Fractions_of_seconds_are_kept(string text, long ticks) => Assert.That(
        CsvTable.Parse($"d;x\n{text};1\n").Dates("d")[0], Is.EqualTo(new DateTime(2024, 1, 31, 18, 0, 0).AddTicks(ticks)));

    [TestCase("2024-Q1", "2024-01-01")]
    [TestCase("1949Q4", "1949-10-01")]
    [TestCase("2024-W05", "2024-01-29")]
    [TestCase("2020W53", "2020-12-28")]
    [TestCase("2025-W01", "2024-12-30")]
    public void Quarters_and_weeks_are_their_first_day(string text, string first) => Assert.That(
        CsvTable.Parse($"d;x\n{text};1\n").Dates("d")[0],
            Is.EqualTo(DateTime.Parse(first, System.Globalization.CultureInfo.InvariantCulture)));

    [TestCase("2024-Q5")]
    [TestCase("2023-W53")]
    [TestCase("2024-W5")]
    [TestCase("20-24Q1")]
    [TestCase("2024-01-31T18:00:00+25:00")]
    [TestCase("2024-01-31T18:00:00+1")]
    [TestCase("2024-01-31Z18")]
    [TestCase("0001-01-01T00:00:00+01:00")]
    [TestCase("2024-02-30T00:00:00Z")]
    public void What_is_no_stamp_is_refused(string text) => Assert.That(
        () => CsvTable.Parse($"d;x\n{text};1\n", "t.csv").Dates("d"),
        Throws.TypeOf<CsvException>().With.Message.StartsWith($"t.csv, line 2, column 'd': '{text}' is not a date"));

    [Test]
    public void Stamps_with_and_without_an_offset_do_not_mix() => Assert.That(
        () => CsvTable.Parse("d,x\n2024-01-01T00:00:00Z,1\n2024-01-02T00:00:00,2\n", "t.csv").Dates("d"),
        Throws.TypeOf<CsvException>().With.Message.StartsWith("t.csv, line 3, column 'd': '2024-01-02T00:00:00' has no offset"));

    [Test]
    public void A_gap_in_the_dates_is_told_by_line_and_may_be_filled_or_accepted()
    {
        var table = CsvTable.Parse("d,x\n2024-01-31,1\n2024-02-29,2\n2024-05-31,8\n", "t.csv");
        Assert.Multiple(() =>
        {
            Assert.That(
                () => table.Series("x", "d"),
                Throws.TypeOf<CsvException>().With.Message.StartsWith(
                    "t.csv, line 4, column 'd': '2024-05-31' comes after 2024-02-29, but the dates are 1 month apart: "
                    + "2024-03-31 and 1 more are missing.")
                    .And.Message.Contains("DateGaps.Fill").And.Message.Contains("DateGaps.Accept"));
            Assert.That(table.Series("x", "d", DateGaps.Fill).Values.ToArray(), Is.EqualTo(new[] { 1.0, 2, 4, 6, 8 }));
            Assert.That(table.Series("x", "d", DateGaps.Accept).Count, Is.EqualTo(3));
        });
    }

    [TestCase("", 1)]
    [TestCase("date", 1)]
    [TestCase("t", 0)]
    [TestCase("week", 27)]
    [TestCase("step", 1)]
    [TestCase("n", 1)]
    [TestCase("Nummer", 0)]
    public void A_first_column_that_counts_rows_is_not_what_is_measured(string name, int first)
    {
        string text = $"{name},sold\n" + string.Concat(Enumerable.Range(0, 12).Select(i =>
            FormattableString.Invariant($"{first + i},{100 + (i * 7 % 5)}\n")));
        TimeSeries series = CsvTable.Parse(text, "t.csv").ToSeries();
        Assert.That((series.Name, series[0], series.Count), Is.EqualTo(("sold", 100.0, 12)));
    }

    [Test]
    public void What_rises_by_one_is_measured_where_there_is_nothing_else_or_little_of_it()
    {
        Assert.That(CsvTable.Parse("x\n" + string.Concat(Enumerable.Range(1, 12).Select(i => $"{i}\n")), "t.csv").ToSeries().Name,
            Is.EqualTo("x"));
        Assert.That(CsvTable.Parse("x,y\n1,5\n2,7\n3,2\n", "t.csv").ToSeries().Name, Is.EqualTo("x"));
        string dated = "day,t,sold\n" + string.Concat(Enumerable.Range(1, 12).Select(i =>
            FormattableString.Invariant($"2024-02-{i:00},{i},{100 + (i * 7 % 5)}\n")));
        Assert.That(CsvTable.Parse(dated, "t.csv").ToSeries().Name, Is.EqualTo("sold"));
        Assert.That(CsvTable.Parse(dated, "t.csv", new CsvOptions { AllColumns = true }).ToSeries().Variables,
            Is.EqualTo(new[] { "t", "sold" }), "a trend that is known ahead, where all are asked for");
    }

    [Test]
    public void A_table_says_what_it_holds() => Assert.That(
        CsvTable.Parse("d,x\n1,2\n3,4\n5,6\n7,8\n", "t.csv").ToString(),
            Is.EqualTo("t.csv: 4 rows of d, x\n  1, 2\n  3, 4\n  5, 6\n  …"));
}
