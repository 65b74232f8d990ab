using Recurrent.Data;
using Recurrent.Parquet;

namespace Recurrent.Tests.Data;

/// <summary>Series in Parquet files, by the package of their own.</summary>
[TestFixture]
public sealed class ParquetTests
{
    private string path = null!;

    [SetUp]
    public void NewPath() => path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid()}.parquet");

    [TearDown]
    public void Delete() => File.Delete(path);

    [Test]
    public async Task A_series_is_read_as_it_was_written()
    {
        var series = TimeSeries.Create("w", ["rain", "date"], [[1, double.NaN, 1 / 3.0], [4, 5, 6]],
            Frequency.Every(TimeSpan.FromTicks(15)).After(new DateTime(2024, 1, 1), 3));
        await ParquetSeries.WriteAsync(path, series);
        TimeSeries read = await ParquetSeries.ReadAsync(path, new() { AllColumns = true });
        Assert.Multiple(() =>
        {
            Assert.That(read.Variables, Is.EqualTo(series.Variables));
            Assert.That(read.ToArray(), Is.EqualTo(series.ToArray()));
            Assert.That(read.Dates, Is.EqualTo(series.Dates));
        });
    }

    [TestCase(DateTimeKind.Utc)]
    [TestCase(DateTimeKind.Unspecified)]
    public async Task A_panel_is_read_as_it_was_written(DateTimeKind kind)
    {
        DateTime start = DateTime.SpecifyKind(new DateTime(2024, 1, 1, 7, 0, 0), kind);
        var panel = new SeriesPanel([new("a", [1, 2, 3], start, Frequency.Hourly),
            new("b", [4, double.NaN], start, Frequency.Hourly)],
            new Dictionary<string, IReadOnlyDictionary<string, AttributeValue>>
            {
                ["a"] = new Dictionary<string, AttributeValue> { ["kind"] = "shop", ["size"] = 3.5 },
                ["b"] = new Dictionary<string, AttributeValue> { ["kind"] = "stall", ["size"] = 1 },
            });
        await ParquetSeries.WriteAsync(path, panel);
        SeriesPanel read = await ParquetSeries.ReadPanelAsync(path, new() { Columns = ["value"] });
        Assert.Multiple(() =>
        {
            Assert.That(read.Names, Is.EqualTo(panel.Names));
            Assert.That(read["b"].Values.ToArray(), Is.EqualTo(new[] { 4, double.NaN }));
            Assert.That(read["a"].Dates, Is.EqualTo(panel["a"].Dates));
            Assert.That(read["a"].Dates![0].Kind, Is.EqualTo(kind));
            Assert.That(read.Attributes["b"]["kind"].Text, Is.EqualTo("stall"));
            Assert.That(read.Attributes["a"]["size"].Number, Is.EqualTo(3.5));
        });
    }

    [Test]
    public async Task What_is_no_Parquet_is_told()
    {
        await ParquetSeries.WriteAsync(path, TestData.AirPassengers());
        byte[] whole = await File.ReadAllBytesAsync(path);
        Assert.That(() => TimeSeries.FromCsv(path), Throws.TypeOf<CsvException>().With.Message.Contains("a Parquet file"));
        for (int place = 0; place < whole.Length; place += 7)
        {
            byte[] damaged = [.. whole];
            damaged[place] ^= 0x5A;
            await OnlyTableExceptionAsync(place % 3 == 0 ? damaged[..^(1 + (place % 40))] : damaged);
        }

        await OnlyTableExceptionAsync([]);
        await OnlyTableExceptionAsync([.. "date,x\n2024-01-01,1\n"u8]);
        Assert.That(async () => await ParquetSeries.ReadAsync("no.parquet"), Throws.TypeOf<FileNotFoundException>());
    }

    private async Task OnlyTableExceptionAsync(byte[] bytes)
    {
        await File.WriteAllBytesAsync(path, bytes);
        try
        {
            await ParquetSeries.ReadAsync(path);
        }
        catch (TableException)
        {
        }
    }
}
