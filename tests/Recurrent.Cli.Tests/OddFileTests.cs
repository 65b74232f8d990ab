using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Recurrent.Cli.Tests;

/// <summary>Files that no program should have written, through the commands that read them: read rightly, or refused in a line or
/// two with the place, in a time that goes with their size.</summary>
[TestFixture]
public sealed class OddFileTests
{
    private const int Rows = 60;
    private const int Wide = 5000;
    private const int Long = 10_000_000;
    private const string Quotes = "a quoted field that is never closed. Put cells that hold separators, line breaks or quotes "
        + "between quotes, double each quote inside them, and close each; or take the quotes out.";

    private const string Nothing =
        "{f} is empty: it needs a header row with the names of its columns, and rows of values below it.";

    private const string Zero = "{f} is no text: it has bytes that are 0, the first in {at}. If it is a spreadsheet (.xlsx, "
        + ".ods), save the sheet as CSV; if it is text in UTF-16 or UTF-32, say Encoding; else take them out.|On the command "
        + "line Encoding is --encoding.";

    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(3);

    [TestCase("quote", "{f}, line 16, character 12: " + Quotes)]
    [TestCase("quote of all", "{f}, line 1, character 1: " + Quotes)]
    [TestCase("quote after quotes", "{f}, line 61, character 12: " + Quotes)]
    [TestCase("wide uneven", "{f}, line 22: there are 5000 cells, but the header has 5001 columns (date, c0, c1, c2, c3, c4, c5, "
        + "c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18 and 4981 more). Complete the row; or, if the line is a "
        + "comment or a footer, begin it with '# ' or remove it.")]
    [TestCase("wide twice", "{f} has two columns of the name 'c0' (columns 2, 3) and two columns of the name 'c1' (columns 4, 5) "
        + "and two columns of the name 'c2' (columns 6, 7), and 2497 more such names. Rename them in its header row, so that "
        + "each name means one column.")]
    [TestCase("zero", Zero, "line 16, character 12")]
    [TestCase("zeros behind", Zero, "line 62, character 1")]
    [TestCase("header", Nothing)]
    [TestCase("header without an end", Nothing)]
    [TestCase("long header", Nothing)]
    [TestCase("long number alone", Nothing)]
    [TestCase("long text", Nothing)]
    [TestCase("long number", "{f}, line 16, column 'x': '777777777777777777777777777777777777777…' (10000000 "
        + "characters) is not a finite number. Write numbers as 1234.5, without units, signs of money or words.")]
    [TestCase("long name", "{f}, line 1, column 2: a name of 10000000 characters. Names have 1000 at most: shorten it, or say "
        + "the Separator of the columns.")]
    public void Is_refused_in_a_line_or_two_with_its_place(string file, string told, string at = "")
    {
        string path = Write(file);
        string model = Path.ChangeExtension(path, ".json");
        foreach (string[] command in (string[][])[["inspect", path], ["fit", path, "-m", "naive", "--out", model],
            ["backtest", path, "-m", "naive"]])
        {
            var watch = Stopwatch.StartNew();
            (int code, string output, string error) = CommandTests.Run(command);
            Assert.Multiple(() =>
            {
                Assert.That((code, output), Is.EqualTo((1, string.Empty)), command[0]);
                Assert.That(error.TrimEnd().ReplaceLineEndings("|"), Is.EqualTo(
                    told.Replace("{f}", Path.GetFileName(path), StringComparison.Ordinal)
                        .Replace("{at}", at, StringComparison.Ordinal)), command[0]);
                Assert.That(watch.Elapsed, Is.LessThan(Enough), command[0]);
                Assert.That(File.Exists(model), Is.False);
            });
        }
    }

    [TestCase("wide", "c0")]
    [TestCase("utf-16")]
    [TestCase("utf-16 marked")]
    [TestCase("utf-16BE")]
    [TestCase("utf-16BE marked")]
    [TestCase("ends")]
    [TestCase("spaces between thousands")]
    [TestCase("hard spaces between thousands")]
    public void Is_read_rightly(string file, string series = "x")
    {
        string path = Write(file);
        JsonElement seen = CommandTests.Json("inspect", path, "--json");
        Assert.Multiple(() =>
        {
            Assert.That(seen.GetProperty("series").GetString(), Is.EqualTo(series));
            Assert.That(seen.GetProperty("count").GetInt32(), Is.EqualTo(Rows));
            Assert.That(seen.GetProperty("missing").GetInt32(), Is.Zero);
            Assert.That(seen.GetProperty("frequency").GetString(), Is.EqualTo("monthly"));
            Assert.That(seen.GetProperty("mean").GetDouble(), Is.EqualTo(
                Enumerable.Range(0, Rows).Average(Value)).Within(1e-9));
        });
        string model = Path.ChangeExtension(path, ".json");
        Assert.That(CommandTests.Run("fit", path, "-m", "naive", "--out", model).Code, Is.Zero);
        Assert.That(CommandTests.Run("backtest", path, "-m", "naive", "-n", "6", "--origins", "2").Code, Is.Zero);
    }

    private static double Value(int t) => 1000 + (t * 37.5);

    private static string Month(int t) =>
        new DateTime(2015, 1, 1).AddMonths(t).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Number(int t) => Value(t).ToString(CultureInfo.InvariantCulture);

    private static byte[] Contents(string file)
    {
        string[] lines = [.. Enumerable.Range(0, Rows).Select(t => $"{Month(t)},{Number(t)}\n")];
        string usual = "date,x\n" + string.Concat(lines);
        return file switch
        {
            "quote" => Text(At(14, "\"" + Number(14))),
            "quote of all" => Text("\"" + usual),
            "quote after quotes" => Text(usual.Replace(",", ",\"", StringComparison.Ordinal)
                .Replace("\n", "\"\n", StringComparison.Ordinal)[..^2].Replace("date,\"x\"", "date,x", StringComparison.Ordinal)),
            "zero" => Text(At(14, "\0" + Number(14))),
            "zeros behind" => Text(usual + new string('\0', 4096)),
            "header" => Text("date,x\n"),
            "header without an end" => Text("date,x"),
            "wide" => Text(Columns(place => place, Rows)),
            "wide uneven" => Text(Columns(place => place, 20)),
            "wide twice" => Text(Columns(place => place / 2, Rows)),
            "long header" => Text(string.Join(',', Enumerable.Range(0, Long / 10).Select(place => $"name{place:00000}"))),
            "long number alone" => Text(new string('1', Long)),
            "long text" => Text(new string('a', Long)),
            "long number" => Text(At(14, new string('7', Long))),
            "long name" => Text(usual.Replace("date,x", "date," + new string('h', Long), StringComparison.Ordinal)),
            "ends" => Text(string.Concat(usual.TrimEnd('\n').Split('\n').Select((line, row) => line + ((row % 3) switch
            {
                0 => "\n",
                1 => "\r\n",
                _ => "\r",
            })))),
            "spaces between thousands" => Text(Thousands(' ')),
            "hard spaces between thousands" => Text(Thousands('\u00A0')),
            _ => [.. file.EndsWith("marked", StringComparison.Ordinal) ? Coded(file).GetPreamble() : [],
                .. Coded(file).GetBytes(usual)],
        };

        string At(int row, string cell) => "date,x\n" + string.Concat(
            lines.Select((line, t) => t == row ? $"{Month(t)},{cell}\n" : line));
    }

    /// <summary>Thousands of columns; those of one row lack the last cell.</summary>
    private static string Columns(Func<int, int> numberOf, int lacking)
    {
        var text = new StringBuilder("date");
        for (int place = 0; place < Wide; place++)
        {
            text.Append(CultureInfo.InvariantCulture, $",c{numberOf(place)}");
        }

        for (int t = 0; t < Rows; t++)
        {
            text.Append('\n').Append(Month(t)).Insert(text.Length, "," + Number(t), Wide - (t == lacking ? 1 : 0));
        }

        return text.Append('\n').ToString();
    }

    private static string Thousands(char space) => "date;x\n" + string.Concat(Enumerable.Range(0, Rows).Select(t =>
    {
        (int whole, int tenths) = ((int)Value(t), (int)Math.Round(10 * (Value(t) % 1)));
        return FormattableString.Invariant($"{Month(t)};{whole / 1000}{space}{whole % 1000:000},{tenths}\n");
    }));

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static Encoding Coded(string file) => Encoding.GetEncoding(file.Split(' ')[0]);

    private static string Write(string file)
    {
        string folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "odd", TestContext.CurrentContext.Test.ID);
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, file.Replace(' ', '_') + ".csv");
        File.WriteAllBytes(path, Contents(file));
        return path;
    }
}
