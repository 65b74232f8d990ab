using System.Data.Common;
using Microsoft.Data.Sqlite;
using Parquet;
using Parquet.Schema;
using Recurrent.Data;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Parquet;

namespace Recurrent.Tests.Forecasting;

/// <summary>Rows out of a real database and of Parquet files, never held together.</summary>
[TestFixture]
public sealed class RowSourceTests
{
    private const int Rows = 57;

    private string folder = null!;
    private SqliteConnection connection = null!;

    [SetUp]
    public void SetUp()
    {
        folder = Directory.CreateTempSubdirectory("recurrent-rows-").FullName;
        connection = new SqliteConnection($"Data Source={Path.Combine(folder, "rows.db")};Pooling=False");
        connection.Open();
        Run("CREATE TABLE rows (id INTEGER, a REAL, b INTEGER, y REAL, word TEXT, gap REAL)");
        for (int i = 0; i < Rows; i++)
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "INSERT INTO rows VALUES ($id, $a, $b, $y, 'text', $gap)";
            command.Parameters.AddWithValue("$id", i);
            command.Parameters.AddWithValue("$a", A(i));
            command.Parameters.AddWithValue("$b", i % 3);
            command.Parameters.AddWithValue("$y", Math.Cos(i));
            command.Parameters.AddWithValue("$gap", i == 40 ? DBNull.Value : 1.5);
            command.ExecuteNonQuery();
        }
    }

    [TearDown]
    public void TearDown()
    {
        connection.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task A_database_and_a_parquet_file_train_as_arrays_do()
    {
        NDArray x = new([Rows, 2], [.. Enumerable.Range(0, Rows).SelectMany(i => new[] { (float)A(i), i % 3 })]);
        NDArray y = new([Rows, 1], [.. Enumerable.Range(0, Rows).Select(i => (float)Math.Cos(i))]);
        float[] expected = Train(model => model.Fit(x, y, epochs: 3, batchSize: 8, shuffle: false, verbose: 0));
        float[] database = Train(model => model.Fit(
            RowSource.FromDatabase(Query).Batches(["a", "b"], ["y"], batchSize: 8), epochs: 3, verbose: 0));
        string file = await Parquet();
        float[] parquet = Train(model => model.Fit(
            ParquetRows.Open(file).Batches(["a", "b"], ["y"], batchSize: 8), epochs: 3, verbose: 0));
        Assert.Multiple(() =>
        {
            Assert.That(database, Is.EqualTo(expected));
            Assert.That(parquet, Is.EqualTo(expected));
        });
    }

    [Test]
    public async Task Passes_begin_anywhere_and_are_shuffled_the_same([Values(0, 20)] int window, [Values(0, 1, 4, 7)] int skip)
    {
        foreach (RowSource rows in new[] { RowSource.FromDatabase(Query), ParquetRows.Open(await Parquet()) })
        {
            RowBatches batches = rows.Batches(["id"], batchSize: 8, shuffleWindow: window, seed: 6);
            float[] all = [.. batches.Read(3).SelectMany(batch => batch.X.Values)];
            Assert.That(all.Order(), Is.EqualTo(Enumerable.Range(0, Rows)));
            Assert.That(batches.Read(3, skip).SelectMany(batch => batch.X.Values), Is.EqualTo(all[(8 * skip)..]));
        }
    }

    [Test]
    public async Task What_is_no_number_is_named_by_row_and_column()
    {
        RowSource database = RowSource.FromDatabase(Query, "rows.db");
        RowSource parquet = ParquetRows.Open(await Parquet());
        DbDataReader once = Query();
        RowSource single = RowSource.FromReader(once);
        Assert.Multiple(() =>
        {
            Assert.That(() => database.Batches(["word"]).Read().Count(),
                Throws.TypeOf<TableException>().With.Message.Contains("rows.db, row 1: column 'word'"));
            Assert.That(() => database.Batches(["gap"]).Read().Count(),
                Throws.TypeOf<TableException>().With.Message.Contains("row 41: column 'gap' has no value"));
            Assert.That(() => parquet.Batches(["gap"]).Read().Count(),
                Throws.TypeOf<TableException>().With.Message.Contains("row 41: column 'gap' has no value"));
            Assert.That(() => parquet.Batches(["word"]), Throws.ArgumentException.With.Message.Contains("no column 'word'"));
            Assert.That(single.Batches(["a"]).Read().Sum(batch => batch.X.Shape[0]), Is.EqualTo(Rows));
            Assert.That(() => single.Batches(["a"]).Read().Count(),
                Throws.TypeOf<TableException>().With.Message.Contains("FromDatabase"));
        });
        once.Dispose();
        string broken = Path.Combine(folder, "broken.parquet");
        await File.WriteAllTextAsync(broken, "PAR1 no parquet");
        Assert.That(() => ParquetRows.Open(broken), Throws.TypeOf<TableException>().With.Message.Contains("broken.parquet"));
        Assert.That(() => ParquetRows.Open(broken + "x"), Throws.TypeOf<FileNotFoundException>());
    }

    [Test]
    public void A_source_that_is_cut_off_in_the_middle_names_the_batch()
    {
        Sequential model = Model();
        RowBatches batches = RowSource.FromDatabase(Query).Batches(["a", "gap"], ["y"], batchSize: 8);
        Assert.That(() => model.Fit(batches, epochs: 2, verbose: 0), Throws.TypeOf<BatchException>()
            .With.Message.Contains("Batch 6 of epoch 1").And.Message.Contains(
            "row 41").And.InnerException.TypeOf<TableException>());
        Assert.That(model.Optimizer!.Iterations, Is.EqualTo(5));
    }

    private static double A(int i) => Math.Sin(i * 0.7);

    private static Sequential Model()
    {
        var model = new Sequential([new Dense(3, activation: "tanh", inputShape: 2), new Dense(1)], seed: 1);
        model.Compile("adam", "mse");
        return model;
    }

    private static float[] Train(Action<Sequential> fit)
    {
        Sequential model = Model();
        fit(model);
        return [.. model.GetWeights().SelectMany(weight => weight.Values)];
    }

    private SqliteDataReader Query()
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT * FROM rows ORDER BY id";
        return command.ExecuteReader();
    }

    private void Run(string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private async Task<string> Parquet()
    {
        string file = Path.Combine(folder, "rows.parquet");
        DataField[] fields =
        [
            new DataField<int>("id"), new DataField<double>("a"), new DataField<long>("b"), new DataField<float>("y"),
            new DataField<string>("word"), new DataField<double?>("gap"),
        ];
        await using FileStream stream = File.Create(file);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream);
        for (int start = 0; start < Rows; start += 10)
        {
            int[] rows = [.. Enumerable.Range(start, Math.Min(10, Rows - start))];
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync<int>(fields[0], rows.AsMemory());
            await group.WriteAsync<double>(fields[1], rows.Select(A).ToArray().AsMemory());
            await group.WriteAsync<long>(fields[2], rows.Select(i => (long)(i % 3)).ToArray().AsMemory());
            await group.WriteAsync<float>(fields[3], rows.Select(i => (float)Math.Cos(i)).ToArray().AsMemory());
            await group.WriteAsync(fields[4], rows.Select(_ => (string?)"text").ToArray());
            await group.WriteAsync<double>(fields[5], rows.Select(i => i == 40 ? (double?)null : 1.5).ToArray().AsMemory());
        }

        return file;
    }
}
