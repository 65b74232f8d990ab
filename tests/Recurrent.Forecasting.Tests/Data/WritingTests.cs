using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics.LinearAlgebra;
using Recurrent.Data;

namespace Recurrent.Tests.Data;

/// <summary>What is written is read back as it was.</summary>
[TestFixture]
public sealed class WritingTests
{
    private static readonly string[] Names =
        ["x", "a b", "#Passengers", "Temp (°C)", "with, comma", "with; semicolon", "with \"quotes\"", "date", "two\nlines",
            "Größe", "1949", "%"];

    private static readonly Frequency[] Frequencies =
        [Frequency.Hourly, Frequency.Daily, Frequency.BusinessDaily, Frequency.MonthEnds, Frequency.Quarterly,
            Frequency.Every(TimeSpan.FromMilliseconds(1500))];

    private static Gen<double> Value => Gen.Frequency(
        (8, ArbMap.Default.GeneratorFor<NormalFloat>().Select(value => value.Get)), (1, Gen.Constant(double.NaN)),
            (1, Gen.Elements(0.0, -0.0, 1e300, 5e-324, 1 / 3.0)));

    private static Gen<TimeSeries> Series =>
        from count in Gen.Choose(2, 30)
        from width in Gen.Choose(1, 4)
        from first in Gen.Choose(0, Names.Length - 1)
        from dated in Gen.Elements(true, false)
        from utc in Gen.Elements(true, false)
        from frequency in Gen.Elements(Frequencies)
        from values in Value.ArrayOf(count * width)
        select Make(count, width, first, dated, utc, frequency, values);

    [Test]
    public void A_series_is_read_back([Values(',', ';', '\t')] char separator, [Values('.', ',')] char mark)
    {
        if (separator != mark)
        {
            CsvOptions options = new() { Separator = separator, DecimalMark = mark, HasHeader = true };
            Prop.ForAll(Series.ToArbitrary(), series =>
            {
                var text = new StringWriter();
                series.ToCsv(text, options);
                string date = text.ToString().Split(separator)[0].Trim('"');
                TimeSeries read = CsvTable.Parse(text.ToString(), "t", options with
                {
                    Columns = series.Variables,
                    DateColumn = series.Dates is null ? string.Empty : date,
                    Frequency = series.Frequency,
                }).ToSeries();
                Same(read, series);
            }).Check(Config.QuickThrowOnFailure.WithReplay(20261126UL, 1UL));
        }
    }

    [Test]
    public void A_panel_is_read_back() => Prop.ForAll(Series.ToArbitrary(), Series.ToArbitrary(), (one, other) =>
    {
        other = TimeSeries.Create("second/one", one.Variables,
            [.. one.Variables.Select((_, i) => other.Variable(i % other.Variables.Count).ToArray())],
            one.Dates is null ? null : one.Frequency!.After(one.Dates[0], other.Count));
        var panel = new SeriesPanel([one.Rename("first, one"), other], new Dictionary<string, IReadOnlyDictionary<string,
            AttributeValue>>
        {
            ["first, one"] = new Dictionary<string, AttributeValue> { ["kind of"] = "a \"b\"", ["size"] = 1.5 },
            ["second/one"] = new Dictionary<string, AttributeValue> { ["kind of"] = "c", ["size"] = 3 },
        });
        var text = new StringWriter();
        panel.ToCsv(text);
        string[] start = text.ToString().Split(',');
        SeriesPanel read = CsvTable.Parse(text.ToString(), "t", new()
        {
            HasHeader = true,
            NameColumns = [start[0]],
            DateColumn = one.Dates is null ? string.Empty : start[1],
            Columns = one.Variables,
            Frequency = one.Frequency,
        }).ToPanel();
        Assert.That(read.Names, Is.EqualTo(panel.Names));
        Same(read[0], panel[0]);
        Same(read[1], panel[1]);
        Assert.That(read.Attributes["first, one"], Is.EquivalentTo(panel.Attributes["first, one"]));
    }).Check(Config.QuickThrowOnFailure.WithReplay(20261126UL, 1UL));

    [Test]
    public void A_file_is_found_out_again_and_replaced_only_when_it_is_whole()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        string path = Path.Combine(folder, "series.csv");
        try
        {
            TimeSeries series = TestData.AirPassengers();
            series.ToCsv(path, new() { DecimalMark = ',' });
            Same(TimeSeries.FromCsv(path), series);
            string before = File.ReadAllText(path);
            Assert.That(() => series.ToCsv(path, new() { DateFormat = "unix" }), Throws.ArgumentException);
            Assert.That(File.ReadAllText(path), Is.EqualTo(before));
            Assert.That(Directory.GetFileSystemEntries(folder), Is.EqualTo(new[] { path }));

            var panel = new SeriesPanel([series, series.Slice(12, 20).Rename("late")]);
            panel.ToCsv(path, new() { Form = PanelForm.Columns });
            SeriesPanel read = SeriesPanel.FromCsv(path);
            Assert.That(read["late"][12], Is.EqualTo(series[12]));
            Assert.That(read["late"].Observed().Count(seen => seen), Is.EqualTo(20));
            panel.ToCsv(path);
            Same(SeriesPanel.FromCsv(path)["late"], panel["late"]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void What_cannot_be_written_is_said() => Assert.Multiple(() =>
    {
        var series = new TimeSeries("x", [1]);
        var panel = new SeriesPanel([TimeSeries.Create("x", ["a", "b"], [[1], [2]])]);
        Assert.That(() => series.ToCsv(new StringWriter(), new() { Separator = ',', DecimalMark = ',' }),
            Throws.ArgumentException);
        Assert.That(() => panel.ToCsv(new StringWriter(), new() { Form = PanelForm.Columns }), Throws.ArgumentException);
        Assert.That(() => panel.ToCsv(new StringWriter(), new() { Form = PanelForm.Rows }), Throws.ArgumentException);
    });

    [Test]
    public void Arrays_vectors_and_matrices_come_and_go()
    {
        double[,] values = { { 1, 2 }, { 3, double.NaN }, { 5, 6 } };
        TimeSeries series = TimeSeries.FromArray("s", ["a", "b"], values, Frequency.Daily.After(new DateTime(2024, 1, 1), 3));
        Assert.Multiple(() =>
        {
            Assert.That(series.ToArray(), Is.EqualTo(values));
            Same(TimeSeries.FromMatrix("s", ["a", "b"], series.ToMatrix(), series.Dates), series);
            Assert.That(TimeSeries.FromVector("b", series.ToVector("b")).Values.ToArray(),
                Is.EqualTo(new[] { 2, double.NaN, 6 }));
            Assert.That(series.Select("a").ToNDArray().ToArray2D(), Is.EqualTo(new float[,] { { 1 }, { 3 }, { 5 } }));
            Assert.That(() => TimeSeries.FromVector("x", Vector<double>.Build.Dense([double.PositiveInfinity])),
                Throws.ArgumentException);
        });
    }

    private static TimeSeries Make(int count, int width, int first, bool dated, bool utc, Frequency frequency, double[] values)
    {
        string[] names = [.. Enumerable.Range(first, width).Select(i => Names[i % Names.Length])];
        double[][] columns = [.. Enumerable.Range(0, width).Select(i => values[(i * count)..((i + 1) * count)])];
        DateTime start = DateTime.SpecifyKind(new DateTime(2023, 12, 29), utc && !frequency.IsCivil ? DateTimeKind.Utc
            : DateTimeKind.Unspecified);
        return TimeSeries.Create("s", names, columns, dated ? frequency.After(start, count) : null,
            dated ? new() { Frequency = frequency } : null);
    }

    private static void Same(TimeSeries read, TimeSeries expected)
    {
        Assert.That(read.Variables, Is.EqualTo(expected.Variables));
        Assert.That(read.ToArray(), Is.EqualTo(expected.ToArray()));
        Assert.That(read.Dates, Is.EqualTo(expected.Dates));
        Assert.That(read.Dates?[0].Kind, Is.EqualTo(expected.Dates?[0].Kind));
    }
}
