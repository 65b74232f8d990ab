using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Recurrent.Data;

namespace Recurrent.Tests.Data;

/// <summary>Files in other encodings, and files that are none: they give series or a CsvException, and nothing else.</summary>
[TestFixture]
public sealed class HostileFileTests
{
    private static readonly int Trials =
        int.TryParse(Environment.GetEnvironmentVariable("RECURRENT_TEST_FILES"), out int trials) ? trials : 300;

    private const string German = "Datum;Größe (°C)\n31.01.2024;1,5\n29.02.2024;2,5\n31.03.2024;3,5\n";

    [TestCase("utf-8", false)]
    [TestCase("utf-8", true)]
    [TestCase("utf-16", true)]
    [TestCase("utf-16", false)]
    [TestCase("utf-16BE", true)]
    [TestCase("utf-16BE", false)]
    [TestCase("utf-32", true)]
    [TestCase("iso-8859-1", false)]
    public void Encodings_are_found(string name, bool mark)
    {
        Encoding encoding = Encoding.GetEncoding(name);
        WithFile([.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes(German)], path =>
        {
            TimeSeries series = TimeSeries.FromCsv(path);
            Assert.That(series.Name, Is.EqualTo("Größe (°C)"));
            Assert.That(series.Values.ToArray(), Is.EqualTo(new[] { 1.5, 2.5, 3.5 }));
            Same(TimeSeries.FromCsv(path, new CsvOptions { Encoding = encoding }), series);
        });
    }

    [Test]
    public void An_encoding_that_it_is_not_is_told() => WithFile(Encoding.Latin1.GetBytes(German), path =>
        Assert.That(() => TimeSeries.FromCsv(path, new CsvOptions { Encoding = Encoding.UTF8 }),
            Throws.TypeOf<CsvException>().With.Message.Contains("is not written in Unicode (UTF-8)")
                .And.Message.Contains("Say the one")));

    [TestCase("PK\u0003\u0004rest", "a spreadsheet (.xlsx, .ods)")]
    [TestCase("PAR1rest", "a Parquet file: read it with the package Recurrent.Parquet")]
    [TestCase("SQLite format 3", "a SQLite database")]
    [TestCase("%PDF-1.7", "a PDF")]
    public void Other_kinds_of_files_are_named(string start, string what) => WithFile(Encoding.Latin1.GetBytes(start), path =>
        Assert.That(() => TimeSeries.FromCsv(path), Throws.TypeOf<CsvException>()
            .With.Message.Contains("is no text, but " + what)));

    [Test]
    public void Files_of_one_line_and_of_one_cell()
    {
        Assert.That(() => CsvTable.Parse(string.Join(',', Enumerable.Range(0, 200_000).Select(i => $"{i}.5"))).ToSeries().Count,
            Is.EqualTo(1));
        Assert.That(() => CsvTable.Parse(new string('7', 3_000_000)).ToSeries(), Throws.TypeOf<CsvException>());
        Assert.That(() => CsvTable.Parse(new string('"', 1_000_001)), Throws.TypeOf<CsvException>());
        Assert.That(() => CsvTable.Parse("x"), Throws.TypeOf<CsvException>());
    }

    [Test]
    public void Many_rows_of_names_and_many_columns_are_read_in_a_time_that_grows_with_them()
    {
        // With the square of their number each of these takes minutes.
        var watch = System.Diagnostics.Stopwatch.StartNew();
        string rows = "name,a,b,c\n" + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"n{i},{i},{i + 1},{i + 2}\n"));
        Assert.That(CsvTable.Parse(rows).ToPanel().Count, Is.EqualTo(100_000));
        Assert.That(() => CsvTable.Parse(rows + "n5,1,2,3\n", "r", new() { Form = PanelForm.Rows }).ToPanel(),
            Throws.TypeOf<CsvException>().With.Message.Contains("line 100002").And.Message.Contains("'n5' names two rows"));
        string wide = string.Join(',', Enumerable.Range(0, 40_000).Select(i => $"c{i}"))
            + string.Concat(Enumerable.Range(0, 3).Select(row => "\n" + string.Join(',', Enumerable.Repeat($"{row}.5", 40_000))));
        Assert.That(CsvTable.Parse(wide, "w", new() { AllColumns = true }).ToSeries().Variables, Has.Count.EqualTo(40_000));
        string doubtful = string.Join(';', Enumerable.Range(0, 3_000).Select(i => $"c{i}"))
            + string.Concat(Enumerable.Repeat("\n" + string.Join(';', Enumerable.Repeat("1,234", 3_000)), 20));
        Assert.That(() => CsvTable.Parse(doubtful, "d", new() { AllColumns = true }).ToSeries(),
            Throws.TypeOf<CsvException>().With.Message.Contains("could be 1234 or 1.234"));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public void A_year_of_minutes_is_read()
    {
        var text = new StringBuilder("time,load,temp\n");
        var time = new DateTime(2023, 1, 1);
        for (int i = 0; i < 525_600; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{time.AddMinutes(i):yyyy-MM-dd HH:mm:ss},{i % 1440}.25,{i}\n");
        }

        TimeSeries series = CsvTable.Parse(text.ToString()).ToSeries();
        Assert.That(series.Count, Is.EqualTo(525_600));
        Assert.That(series.Frequency!.Season, Is.EqualTo(1440));
    }

    [Test]
    public void Columns_without_a_name_are_called_by_their_place()
    {
        TimeSeries series = CsvTable.Parse("Z,x\n194T9.:083,,\n19,49.167,2\n", "t.csv", new() { AllColumns = true }).ToSeries();
        Assert.That(series.Variables.Distinct().Count(), Is.EqualTo(series.Variables.Count));
        series = CsvTable.Parse("t,,\n2001,1,2\n2002,3,4\n", "t.csv", new() { AllColumns = true }).ToSeries();
        Assert.That(series.Variables, Is.EqualTo((string[])["column 2", "column 3"]));
    }

    [Test]
    public void Whatever_bytes_there_are_give_series_or_a_CsvException()
    {
        byte[][] seeds =
        [
            .. new[]
            {
                German, "symbol,date,price\nA,Jan 1 2000,1\nA,Feb 1 2000,2\nB,Jan 1 2000,3\nB,Feb 1 2000,4\n",
                    "V1,V2,V3,V4\nH1,1,2,3\nH2,4,5,\n",
                "year,month,day,hour,x\n2010,1,1,0,NA\n2010,1,1,1,129\n", "a,1/22/20,1/23/20,1/24/20\nx,1,2,3\ny,4,5,6\n",
                    "t,x\n1949.083,1\n1949.167,2\n",
                "# c\n\"a\",b\n2024-01-01T00:00:00+01:00,\"1,234\"\n2024-01-01T01:00:00+01:00,2\n",
            }.Select(Encoding.UTF8.GetBytes),
        ];
        Gen<byte[]> mutated = from seed in Gen.Elements(seeds)
                              from edits in (from place in Gen.Choose(0,
                                  60)
                                             from value in Gen.Elements([.. ",;\t\n\"'0129.-/: #TZQaé\0"u8, 0xFF])
                                             select (place, value))
                                      .ArrayOf()
                              select Edit(seed, edits);
        Prop.ForAll(Gen.OneOf(mutated, ArbMap.Default.GeneratorFor<byte[]>()).ToArbitrary(), bytes => WithFile(bytes, path =>
        {
            foreach (CsvOptions options in new[] { new CsvOptions(),
                new() { AllColumns = true, Gaps = DateGaps.Missing, Sort = true, Duplicates = DuplicateDates.Mean,
                    DayFirst = true } })
            {
                Only(() => _ = TimeSeries.FromCsv(path, options));
                Only(() => _ = SeriesPanel.FromCsv(path, options));
                Only(() => _ = SeriesPanel.FromCsv(path, options with { BadSeries = BadSeries.LeaveOut, Form = PanelForm.Rows }));
            }
        })).Check(Config.QuickThrowOnFailure.WithMaxTest(Trials).WithReplay(20261126UL, 1UL));

        static void Only(Action read)
        {
            try
            {
                read();
            }
            catch (CsvException)
            {
            }
        }
    }

    [Test]
    public void Bad_series_of_a_panel_are_named_or_left_out()
    {
        const string text = "name,date,x\na,2024-01-01,1\na,2024-01-02,2\na,2024-01-03,3\n"
            + "b,2024-01-01,1\nb,2024-01-03,1\nb,2024-01-07,1\nc,2024-01-01,\nc,2024-01-02,\n"
            + "c,2024-01-03,\n";
        Assert.That(() => CsvTable.Parse(text, "t.csv").ToPanel(), Throws.TypeOf<CsvException>()
            .With.Message.StartsWith("t.csv, line 7, column 'date': '2024-01-07' comes after"));
        SeriesPanel panel = CsvTable.Parse(text, "t.csv", new() { BadSeries = BadSeries.LeaveOut }).ToPanel();
        Assert.That(panel.Names, Is.EqualTo(new[] { "a" }));
        Assert.That(panel.LeftOut["b"], Does.StartWith("t.csv, line 7"));
        Assert.That(panel.LeftOut["c"], Is.EqualTo("All its values are missing."));
    }

    [TestCase("d,x\n2024-01-01,1\n2024-01-02,oops\n2024-01-03,3\n", "t.csv, line 3, column 'x': 'oops' is not a finite number")]
    [TestCase("d,x\n2024-01-01,1\noops,2\n2024-01-03,3\n", "t.csv, line 3, column 'd': 'oops' is not a date")]
    [TestCase("d,x\n2024-01-01,1\n,2\n2024-01-03,3\n", "t.csv, line 3, column 'd': '' is not a date")]
    [TestCase("d,x\n2024-01-01,1\n2024-01-02,1e999\n", "t.csv, line 3, column 'x': '1e999' is not a finite number")]
    [TestCase("d,x\n2024-01-01,1\n2024-01-02,inf\n2024-01-03,3\n", "t.csv, line 3, column 'x': 'inf' is not a finite number")]
    [TestCase("d;x\n2024-01-01;1,234\n2024-01-02;2,345\n", "t.csv, line 2, column 'x': '1,234' could be 1234 or 1.234")]
    [TestCase("d,word\n2024-01-01,a\n2024-01-02,b\n",
        "t.csv has no column of numbers besides its dates. Its columns are d (dates), word (texts).")]
    [TestCase("d,x\n2024-01-01,1\n2024-01-01,1\n2024-01-02,3\n",
        "t.csv, line 3, column 'd': '2024-01-01' does not come after the date above it: it is the same")]
    [TestCase("year,month,day,x\n2023,2,28,1\n2023,2,29,2\n", "t.csv, line 3, column 'day': the month 2023-02 has no day 29")]
    [TestCase("d,x\n2024-01-01,\n2024-01-02,\n",
        "t.csv has no column of numbers besides its dates. Its columns are d (dates), x (empty).")]
    public void Bad_cells_are_told_by_line_and_column(string text, string message) =>
        Assert.That(() => CsvTable.Parse(text, "t.csv").ToSeries(), Throws.TypeOf<CsvException>()
            .With.Message.StartsWith(message));

    [TestCase("de-DE")]
    [TestCase("tr-TR")]
    [TestCase("ar-SA")]
    public void Files_are_read_alike_in_every_culture(string culture)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo(culture);
            TimeSeries series = CsvTable.Parse("DATE,PRICE IN I\nJul 1 2000,1.5\nAug 1 2000,2.5\nSep 1 2000,3.5\n").ToSeries();
            var text = new StringWriter(CultureInfo.CurrentCulture);
            series.ToCsv(text);
            Assert.That(text.ToString(), Is.EqualTo("date,PRICE IN I\n2000-07-01,1.5\n2000-08-01,2.5\n2000-09-01,3.5\n"));
            Assert.That(CsvTable.Parse("time,x\n1/31/2024 1:00 AM,1\n1/31/2024 2:00 AM,2\n").ToSeries().Frequency,
                Is.EqualTo(Frequency.Hourly));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static byte[] Edit(byte[] seed, (int Place, int Value)[] edits)
    {
        var bytes = new List<byte>(seed);
        foreach ((int place, int value) in edits.Take(6))
        {
            int at = place * 7 % bytes.Count;
            if (place % 2 == 0)
            {
                bytes[at] = (byte)value;
            }
            else
            {
                bytes.Insert(at, (byte)value);
            }
        }

        return [.. bytes];
    }

    private static void Same(TimeSeries read, TimeSeries expected)
    {
        Assert.That(read.ToArray(), Is.EqualTo(expected.ToArray()));
        Assert.That(read.Dates, Is.EqualTo(expected.Dates));
    }

    private static void WithFile(byte[] bytes, Action<string> use)
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid()}.csv");
        File.WriteAllBytes(path, bytes);
        try
        {
            use(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
