using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Models;

/// <summary>Files of events, read by the format's own words: TFRecord's framing with a checksum that is computed here bit by bit,
/// and the messages by Google's reader.</summary>
[TestFixture]
public sealed class TensorBoardTests
{
    private static readonly NDArray X = new([20, 2], [.. Enumerable.Range(0, 40).Select(i => MathF.Sin(i))]);
    private static readonly NDArray Y = new([20, 1], [.. Enumerable.Range(0, 20).Select(i => MathF.Cos(i))]);

    private string folder = null!;

    [SetUp]
    public void SetUp() => folder = Directory.CreateTempSubdirectory("recurrent-board-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [Test]
    public void The_checksum_is_that_of_the_format()
    {
        // The check value of CRC-32C, and one of RFC 3720.
        Assert.That(Crc(Encoding.ASCII.GetBytes("123456789")), Is.EqualTo(0xE3069283));
        Assert.That(Crc(new byte[32]), Is.EqualTo(0x8A9136AA));
        byte[] bytes = [.. Enumerable.Range(0, 37).Select(i => (byte)(i * 7))];
        for (int length = 0; length <= bytes.Length; length++)
        {
            Assert.That(EventFile.Checksum(bytes.AsSpan(0, length)), Is.EqualTo(Masked(bytes.AsSpan(0, length))));
        }
    }

    [Test]
    public void Curves_stand_in_train_and_validation_with_the_values_of_the_history()
    {
        Sequential model = Model();
        History history = model.Fit(X, Y, epochs: 4, batchSize: 8, validationSplit: 0.2, verbose: 0,
            callbacks: [new TensorBoard(folder), new ReduceLROnPlateau("loss", patience: 1, minDelta: 10)]);
        List<Event> train = Read("train");
        List<Event> validation = Read("validation");
        Assert.Multiple(() =>
        {
            Assert.That(train[0].Version, Is.EqualTo("brain.Event:2"));
            Assert.That(validation[0].Version, Is.EqualTo("brain.Event:2"));
            Assert.That(Curve(train, "epoch_loss"), Is.EqualTo(history["loss"].Select((v, i) => ((long)i, (float)v))));
            Assert.That(Curve(train, "epoch_mae"), Is.EqualTo(history["mae"].Select((v, i) => ((long)i, (float)v))));
            Assert.That(Curve(validation, "epoch_loss"), Is.EqualTo(history["val_loss"].Select((v, i) => ((long)i, (float)v))));
            Assert.That(Curve(validation, "evaluation_loss_vs_iterations"),
                Is.EqualTo(history["val_loss"].Select((v, i) => (2L * (i + 1), (float)v))));
            Assert.That(Curve(train, "epoch_learning_rate").Select(point => point.Value).Distinct().Count(), Is.GreaterThan(1));
            Assert.That(train.Concat(validation).All(e => Math.Abs(e.Time - DateTimeOffset.UtcNow.ToUnixTimeSeconds()) < 600));
        });
    }

    [Test]
    public void Batches_and_spreads_of_weights_are_written_when_asked_for()
    {
        Sequential model = Model();
        model.Fit(X, Y, epochs: 4, batchSize: 5, verbose: 0, callbacks:
            new TensorBoard(folder, histogramFreq: 2, writeStepsPerSecond: true, updateFreq: 2));
        List<Event> train = Read("train");
        Summary[] spreads = [.. train.SelectMany(e => e.Values)
            .Where(value => value.Tag.EndsWith("/histogram", StringComparison.Ordinal))];
        float[] kernel = model.GetWeights()[0].Values;
        Summary last = spreads.Last(value => value.Tag == "first/kernel/histogram");
        Assert.Multiple(() =>
        {
            Assert.That(Curve(train, "batch_loss").Select(point => point.Step),
                Is.EqualTo(new long[] { 2, 4, 6, 8, 10, 12, 14, 16 }));
            Assert.That(Curve(train, "epoch_steps_per_second"), Has.Count.EqualTo(4));
            Assert.That(spreads.Select(value => value.Tag).Distinct(), Is.EquivalentTo(new[]
            {
                "first/kernel/histogram", "first/bias/histogram", "last/kernel/histogram", "last/bias/histogram",
            }));
            Assert.That(spreads, Has.Length.EqualTo(8), "after the second and the fourth epoch");
            Assert.That(last.Least, Is.EqualTo(kernel.Min()));
            Assert.That(last.Most, Is.EqualTo(kernel.Max()));
            Assert.That(last.Number, Is.EqualTo(kernel.Length));
            Assert.That(last.Sum, Is.EqualTo(kernel.Sum(value => (double)value)).Within(1e-9));
            Assert.That(last.Counts.Sum(), Is.EqualTo(kernel.Length));
            Assert.That(last.Limits, Has.Count.EqualTo(last.Counts.Count));
            Assert.That(last.Limits, Is.Ordered);
            double before = double.NegativeInfinity;
            foreach ((double limit, double count) in last.Limits.Zip(last.Counts))
            {
                Assert.That(count, Is.EqualTo(kernel.Count(value => value > before && value <= limit)).Within(1));
                before = limit;
            }
        });
    }

    [Test]
    public void The_graph_has_a_node_for_each_use_of_a_layer_and_what_it_reads()
    {
        var a = new Input(2, name: "a");
        var b = new Input(2, name: "b");
        var shared = new Dense(4, name: "shared");
        Symbol left = shared.Call(a);
        Symbol both = new Concatenate(name: "both").Call(left, shared.Call(b));
        var model = new Model([a, b], new Dense(1, name: "out").Call(both));
        model.Compile("adam", "mse");
        model.Fit([X, X], Y, epochs: 1, verbose: 0, callbacks: new TensorBoard(folder));
        byte[] graph = Read("train").Single(e => e.Graph is not null).Graph!;
        List<(string Name, string Kind, List<string> Reads)> nodes = Nodes(graph);
        Assert.Multiple(() =>
        {
            Assert.That(nodes.Select(node => node.Kind), Is.EqualTo(
                new[] { "Input", "Input", "Dense", "Dense", "Concatenate", "Dense" }));
            Assert.That(nodes.Select(node => node.Name).Distinct().Count(), Is.EqualTo(6));
            Assert.That(nodes[2].Reads, Is.EqualTo(new[] { "a" }));
            Assert.That(nodes[3].Reads, Is.EqualTo(new[] { "b" }));
            Assert.That(nodes[4].Reads, Is.EqualTo(new[] { nodes[2].Name, nodes[3].Name }));
            Assert.That(nodes[5].Reads, Is.EqualTo(new[] { "both" }));
        });
    }

    [Test]
    public void Every_run_has_files_of_its_own_and_a_killed_one_leaves_whole_records()
    {
        Sequential model = Model();
        var board = new TensorBoard(folder, writeGraph: false);
        model.Fit(X, Y, epochs: 2, verbose: 0, callbacks: board);
        model.Fit(X, Y, epochs: 2, verbose: 0, callbacks: board);
        string[] files = Directory.GetFiles(Path.Combine(folder, "train"));
        Assert.That(files, Has.Length.EqualTo(2));
        Assert.That(Curve(Read("train"), "epoch_loss").Select(point => point.Step).Order(),
            Is.EqualTo(new long[] { 0, 1, 2, 3 }));
        byte[] seen = [];
        model.Fit(X, Y, epochs: 2, verbose: 0, callbacks: [board, new LambdaCallback(onEpochEnd: (_, _, _) =>
        {
            string own = Directory.GetFiles(Path.Combine(folder, "train")).Except(files).Single();
            using var file = new FileStream(own, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            seen = new byte[file.Length];
            file.ReadExactly(seen);
        })]);
        Assert.That(Records(seen), Is.Not.Empty);
        Assert.That(() => new TensorBoard("", -1), Throws.ArgumentException.With.Message.Contains("logDir").And.Message
            .Contains("histogramFreq"));
    }

    [Test]
    public void TensorBoards_own_reader_finds_the_same_where_there_is_one()
    {
        const string Script = """
            import sys
            from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
            board = EventAccumulator(sys.argv[1]); board.Reload()
            print(' '.join(repr(e.value) for e in board.Scalars('epoch_loss')))
            print(len(board.Histograms('first/kernel/histogram')), len(board.Graph().node))
            """;
        Sequential model = Model();
        History history = model.Fit(X, Y, epochs: 3, verbose: 0, callbacks: new TensorBoard(folder, histogramFreq: 1));
        string output;
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("python3", ["-c", Script, Path.Combine(folder, "train")])
            { RedirectStandardOutput = true, RedirectStandardError = true })!;
            output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                Assert.Ignore("There is no TensorBoard for Python here.");
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("There is no Python here.");
            return;
        }

        string[] lines = output.Split('\n');
        Assert.That(lines[0].Split(' ').Select(text => float.Parse(text, CultureInfo.InvariantCulture)),
            Is.EqualTo(history["loss"].Select(value => (float)value)));
        Assert.That(lines[1], Is.EqualTo("3 3"));
    }

    private static Sequential Model()
    {
        var model = new Sequential(
            [new Dense(3, activation: "tanh", inputShape: 2, name: "first"), new Dense(1, name: "last")], seed: 1);
        model.Compile("adam", "mse", metrics: "mae");
        return model;
    }

    private static List<(long Step, float Value)> Curve(IEnumerable<Event> events, string tag) =>
        [.. events.SelectMany(e => e.Values.Where(value => value.Tag == tag).Select(value => (e.Step, value.Scalar)))];

    private List<Event> Read(string part) =>
        [.. Directory.GetFiles(Path.Combine(folder, part)).Order(StringComparer.Ordinal).SelectMany(file =>
        {
            Assert.That(Path.GetFileName(file), Does.StartWith("events.out.tfevents."));
            return Records(File.ReadAllBytes(file)).Select(Event.Read);
        })];

    /// <summary>The records of a file; every length and checksum must be right.</summary>
    private static List<byte[]> Records(ReadOnlySpan<byte> file)
    {
        var records = new List<byte[]>();
        while (!file.IsEmpty)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
            Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(file[8..]), Is.EqualTo(Masked(file[..8])));
            ReadOnlySpan<byte> record = file.Slice(12, length);
            Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(file[(12 + length)..]), Is.EqualTo(Masked(record)));
            records.Add(record.ToArray());
            file = file[(16 + length)..];
        }

        return records;
    }

    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        uint crc = Crc(bytes);
        return unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8u);
    }

    /// <summary>CRC-32C (Castagnoli) bit by bit.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte one in bytes)
        {
            crc ^= one;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        return ~crc;
    }

    private static List<(string Name, string Kind, List<string> Reads)> Nodes(byte[] graph)
    {
        var nodes = new List<(string, string, List<string>)>();
        foreach (byte[] bytes in Fields(graph).Where(field => field.Number == 1).Select(field => (byte[])field.Value))
        {
            (int Number, object Value)[] fields = [.. Fields(bytes)];
            string Text(int number) => Encoding.UTF8.GetString((byte[])fields.First(field => field.Number == number).Value);
            nodes.Add((Text(1), Text(2),
                [.. fields.Where(field => field.Number == 3).Select(field => Encoding.UTF8.GetString((byte[])field.Value))]));
        }

        return nodes;
    }

    /// <summary>The fields of a message, by Google's reader.</summary>
    private static IEnumerable<(int Number, object Value)> Fields(byte[] message)
    {
        using var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag && tag != 0)
        {
            object value = WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => input.ReadInt64(),
                WireFormat.WireType.Fixed64 => input.ReadDouble(),
                WireFormat.WireType.Fixed32 => input.ReadFloat(),
                _ => input.ReadBytes().ToByteArray(),
            };
            yield return (WireFormat.GetTagFieldNumber(tag), value);
        }
    }

    private sealed record Event(double Time, long Step, string? Version, byte[]? Graph, List<Summary> Values)
    {
        public static Event Read(byte[] record)
        {
            (int Number, object Value)[] fields = [.. Fields(record)];
            object? Of(int number) => fields.FirstOrDefault(field => field.Number == number).Value;
            return new((double)Of(1)!, (long)(Of(2) ?? 0L), Of(3) is byte[] version ? Encoding.UTF8.GetString(version) : null,
                (byte[]?)Of(4), Of(5) is byte[] summary
                    ? [.. Fields(summary).Select(value => Summary.Read((byte[])value.Value))] : []);
        }
    }

    private sealed record Summary(string Tag, float Scalar, double Least, double Most, double Number, double Sum,
        List<double> Limits, List<double> Counts)
    {
        public static Summary Read(byte[] bytes)
        {
            (int Number, object Value)[] fields = [.. Fields(bytes)];
            object? Of(int number) => fields.FirstOrDefault(field => field.Number == number).Value;
            (int Number, object Value)[] spread = Of(5) is byte[] histogram ? [.. Fields(histogram)] : [];
            object? In(int number) => spread.FirstOrDefault(field => field.Number == number).Value;
            return new(Encoding.UTF8.GetString((byte[])Of(1)!), (float)(Of(2) ?? 0f), (double)(In(1) ?? 0.0),
                (double)(In(2) ?? 0.0), (double)(In(3) ?? 0.0), (double)(In(4) ?? 0.0), Packed(In(6)), Packed(In(7)));
        }

        private static List<double> Packed(object? bytes) => bytes is byte[] packed
            ? [.. Enumerable.Range(0, packed.Length / 8).Select(i =>
                BinaryPrimitives.ReadDoubleLittleEndian(packed.AsSpan(i * 8)))]
            : [];
    }
}
