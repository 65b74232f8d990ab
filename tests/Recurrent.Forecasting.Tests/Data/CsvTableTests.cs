using System.Globalization;
using Recurrent.Data;

namespace Recurrent.Tests.Data;

/// <summary>Reading CSV, and what its errors teach.</summary>
[TestFixture]
public sealed class CsvTableTests
{
    [Test]
    public void Columns_are_read_by_name_whatever_their_case()
    {
        var table = CsvTable.Parse("date,Passengers\n1949-01-01,112\n1949-02-01,118.5\n1949-03-01,-1.5e2\n");
        Assert.Multiple(() =>
        {
            Assert.That(table.Columns, Is.EqualTo(new[] { "date", "Passengers" }));
            Assert.That(table.RowCount, Is.EqualTo(3));
            Assert.That(table.Numbers("passengers"), Is.EqualTo(new[] { 112, 118.5, -150 }));
            Assert.That(table.Dates("date")[1], Is.EqualTo(new DateTime(1949, 2, 1)));
            Assert.That(table.Texts("date")[2], Is.EqualTo("1949-03-01"));
        });
    }

    [TestCase("a;b\n1.5;2\n3;4\n", TestName = "Semicolons_separate_too")]
    [TestCase("a\tb\n1.5\t2\n3\t4\n", TestName = "Tabs_separate_too")]
    [TestCase("\uFEFFa,b\r\n\"1.5\",2\r\n\r\n3,4", TestName = "Byte_order_mark_quotes_and_empty_lines_do_no_harm")]
    public void Shapes_of_files(string text) =>
        Assert.That(CsvTable.Parse(text).Numbers("a"), Is.EqualTo(new[] { 1.5, 3 }));

    [TestCase("2024-01-31", 2024, 1, 31, 0)]
    [TestCase("2024-01-31 18:00:00", 2024, 1, 31, 18)]
    [TestCase("2024-01-31T18:00", 2024, 1, 31, 18)]
    [TestCase("2024-02", 2024, 2, 1, 0)]
    [TestCase("1821", 1821, 1, 1, 0)]
    public void Iso_dates(string text, int year, int month, int day, int hour) =>
        Assert.That(CsvTable.Parse($"d,x\n{text},1\n").Dates("d"),
            Is.EqualTo(new[] { new DateTime(year, month, day, hour, 0, 0) }));

    [Test]
    public void A_missing_file_names_its_neighbours()
    {
        string folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "csv-neighbours");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "passengers.csv"), "a\n1\n");
        FileNotFoundException error =
            Assert.Throws<FileNotFoundException>(() => CsvTable.Load(Path.Combine(folder, "pasengers.csv")))!;
        Assert.That(error.Message, Does.Contain("pasengers.csv'. Did you mean 'passengers.csv'?").And.Contain(folder));
    }

    [Test]
    public void A_missing_folder_is_named() => Assert.That(
        () => CsvTable.Load(Path.Combine("no-such-folder", "x.csv")),
        Throws.TypeOf<FileNotFoundException>().With.Message.Contains("no-such-folder' does not exist"));

    [Test]
    public void A_missing_column_lists_those_there_are_and_the_nearest() => Assert.That(
        () => CsvTable.Parse("date,passengers\n1949-01-01,112\n", "air.csv").Numbers("pasenger"),
        Throws.TypeOf<CsvException>().With.Message.EqualTo(
            "air.csv has no column 'pasenger'. Did you mean 'passengers'? Its columns are date, passengers."));

    [TestCase("12 o'clock", "'12 o'clock' is not a finite number")]
    [TestCase("Infinity", "'Infinity' is not a finite number")]
    [TestCase("\"1,5\"", "'1,5' is not a number. Write numbers with a decimal point")]
    [TestCase("", "'' is a missing value")]
    [TestCase("NA", "'NA' is a missing value")]
    [TestCase("NaN", "'NaN' is a missing value")]
    public void A_cell_that_is_no_number_is_named_by_line_and_column(string cell, string problem) => Assert.That(
        () => CsvTable.Parse($"date,x\n2024-01-01,1\n\n2024-01-02,{cell}\n", "t.csv").Numbers("x"),
        Throws.TypeOf<CsvException>().With.Message.StartsWith($"t.csv, line 4, column 'x': {problem}"));

    [TestCase("")]
    [TestCase("\n\n")]
    [TestCase("date,x\n")]
    public void An_empty_file_says_what_it_needs(string text) =>
        Assert.That(() => CsvTable.Parse(text, "t.csv"),
            Throws.TypeOf<CsvException>().With.Message.StartsWith("t.csv is empty: it needs a header row"));

    [Test]
    public void A_row_of_another_length_is_named_by_line() => Assert.That(
        () => CsvTable.Parse("a,b\n1,2\n3\n", "t.csv"),
        Throws.TypeOf<CsvException>().With.Message.StartsWith("t.csv, line 3: "));

    [Test]
    public void A_quote_that_is_never_closed_is_an_error() =>
        Assert.That(() => CsvTable.Parse("a,b\n\"1,2\n", "t.csv"), Throws.TypeOf<CsvException>().With.Message.Contains("line 2"));

    [Test]
    public void Two_columns_of_one_name_are_an_error() =>
        Assert.That(() => CsvTable.Parse("a,a\n1,2\n"),
            Throws.TypeOf<CsvException>().With.Message.Contains("two columns of the name 'a'"));

    [TestCase("1/1/2024", "1/2/2024", "2024-02-01 (day first) or 2024-01-02 (month first)", "\"d/M/yyyy\" or \"M/d/yyyy\"")]
    [TestCase("01.01.2024", "01.02.2024", "2024-02-01 (day first) or 2024-01-02 (month first)", "\"d.M.yyyy\" or \"M.d.yyyy\"")]
    [TestCase("1-1-01", "1-2-32", "2032-02-01 (day first) or 2032-01-02 (month first)", "\"d-M-yy\" or \"M-d-yy\"")]
    [TestCase("1/1/24", "1/2/24", "2024-02-01 (day first) or 2024-01-02 (month first) or 2001-02-24 (year first)",
        "\"d/M/yy\" or \"M/d/yy\"", 2)]
    [TestCase("2/2/2024 1:00 PM", "3/4/2024 6:00 PM", "2024-04-03 (day first) or 2024-03-04 (month first)",
        "\"d/M/yyyy\" or \"M/d/yyyy\"")]
    public void A_date_that_would_have_to_be_guessed_is_asked_about(
        string clear, string date, string readings, string formats, int line = 3)
    {
        string told = line == 3 ? $"'{date}' could be {readings}" : $"'{clear}' could be ";
        Assert.That(
            () => CsvTable.Parse($"d,x\n{clear},1\n{date},1\n", "t.csv").ToSeries(),
            Throws.TypeOf<CsvException>().With.Message.StartsWith($"t.csv, line {line}, column 'd': {told}")
                .And.Message.EndsWith($"Say DayFirst = true or DayFirst = false, or DateFormat = {formats}."));
    }

    [TestCase("1/2/2024", true, "2024-02-01")]
    [TestCase("1/2/2024", false, "2024-01-02")]
    public void What_was_asked_about_can_be_said(string date, bool dayFirst, string expected) => Assert.That(
        CsvTable.Parse($"d,x\n{date},1\n", "t.csv", new() { DayFirst = dayFirst }).Dates("d")[0],
        Is.EqualTo(DateTime.Parse(expected, CultureInfo.InvariantCulture)));

    [TestCase("d/M/yyyy", "1/2/2024", "2024-02-01")]
    [TestCase("yy-MM-dd", "24-01-02", "2024-01-02")]
    [TestCase("excel", "45323", "2024-02-01")]
    [TestCase("unix", "1706745600", "2024-02-01")]
    [TestCase("decimal year", "2024", "2024-01-01")]
    public void A_format_can_be_said(string format, string date, string expected) => Assert.That(
        CsvTable.Parse($"d,x\n{date},1\n", "t.csv", new() { DateFormat = format }).Dates("d")[0],
        Is.EqualTo(DateTime.Parse(expected, CultureInfo.InvariantCulture)));

    [TestCase("13/1/2024", "1/13/2024",
        "t.csv, line 3, column 'd': '1/13/2024' is not a date with the day first, as '13/1/2024' is.")]
    [TestCase("13/13/2024", "1/2/2024", "t.csv, line 2, column 'd': '13/13/2024' is not a date. Write dates as 2024-01-31")]
    public void Dates_of_two_orders_are_told(string first, string second, string message) => Assert.That(
        () => CsvTable.Parse($"d,x\n{first},1\n{second},1\n", "t.csv").Dates("d"),
        Throws.TypeOf<CsvException>().With.Message.StartsWith(message));

    [Test]
    public void Dates_of_a_series_rise() => Assert.That(
        () => CsvTable.Parse("d,x\n2024-01-02,1\n2024-01-01,2\n", "t.csv").Series("x", "d"),
        Throws.TypeOf<CsvException>().With.Message.StartsWith("t.csv, line 3, column 'd': '2024-01-01' does not come after"));

    [Test]
    public void A_file_that_is_no_text_is_refused()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid()}.csv");
        File.WriteAllBytes(path, [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13]);
        try
        {
            Assert.That(() => CsvTable.Load(path), Throws.TypeOf<CsvException>().With.Message.Contains("is no text"));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
