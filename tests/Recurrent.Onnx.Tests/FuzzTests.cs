using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Onnx.Format;
using Recurrent.Serialization;

namespace Recurrent.Onnx.Tests;

/// <summary>Whatever is done to a file, a model or a <see cref="ModelFormatException"/> comes out, in time and in bounded
/// memory.</summary>
internal sealed class FuzzTests
{
    private const int Quick = 2000;
    private const long MostBytes = 256L << 20;

    private static readonly long[] Numbers =
    [
        0, 1, -1, 2, 3, 4, 5, 7, 16, 255, 65536, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue, 1L << 32, -2, 1 << 24,
            1000003,
    ];

    private static readonly string[] Types =
    [
        "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Gather", "Slice", "Concat", "LSTM", "GRU", "RNN", "MatMul", "Gemm",
            "Conv",
        "ConvTranspose", "MaxPool", "Pad", "Softmax", "Add", "Sub", "Mul", "Div", "ReduceMean", "Expand", "ConstantOfShape",
            "Shape", "Where",
        "Einsum", "Split", "Flatten", "BatchNormalization", "LayerNormalization", "Range", "Trilu", "Tile", "Loop", "",
    ];

    /// <summary><c>RECURRENT_FUZZ_FILES</c> and <c>RECURRENT_FUZZ_SEED</c> say how many, and which;
    /// <c>RECURRENT_FUZZ_FIRST</c>, that those before are only made and not read.</summary>
    [Test]
    public void Changed_files_give_a_model_or_say_why_not() =>
        Run(Setting("RECURRENT_FUZZ_FILES", Quick), Setting("RECURRENT_FUZZ_SEED", 1));

    /// <summary>What the reader refuses with a sentence of its own is no mistake in it; what it fell over is one.</summary>
    private static Exception? Mistake(Exception? exception)
    {
        while (exception is not (null or NullReferenceException or IndexOutOfRangeException or InvalidCastException
            or KeyNotFoundException or DivideByZeroException))
        {
            exception = exception.InnerException;
        }

        return exception;
    }

    private static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out int set)
            ? set : usual;

    private static void Run(int count, int seed)
    {
        byte[][] corpus = [.. Corpus()];
        var random = new System.Random(seed);
        var limits = new ReadLimits { MaxLength = 1 << 22, MaxParameters = 1 << 22, MaxLayers = 300 };
        int first = Setting("RECURRENT_FUZZ_FIRST", 0);
        int models = 0;
        var mistakes = new List<string>();
        for (int i = 0; i < count; i++)
        {
            byte[] file = Mutated(corpus[random.Next(corpus.Length)], corpus, random);
            if (i < first)
            {
                continue;
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            try
            {
                _ = OnnxFile.Load(new MemoryStream(file), limits);
                models++;
            }
            catch (ModelFormatException exception)
            {
                Assert.That(exception.Message, Is.Not.Empty);
                if (Mistake(exception) is { } mistake)
                {
                    mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, case {i}: {mistake}"));
                }
            }
            catch (Exception exception)
            {
                string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"fuzz-{seed}-{i}.onnx");
                File.WriteAllBytes(path, file);
                Assert.Fail($"{path}: {exception}");
            }

            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(MostBytes), $"case {i}");
            Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)), $"case {i}");
        }

        Assert.That(models, Is.GreaterThan((count - first) / 50), "some changes do no harm");
        Assert.That(mistakes, Is.Empty,
            $"what the reader fell over, and only then refused:\n{string.Join("\n\n", mistakes)}");
    }

    private static IEnumerable<byte[]> Corpus()
    {
        foreach (string file in Directory.GetFiles(ImportTests.Fixtures, "*.onnx").Order(StringComparer.Ordinal))
        {
            yield return File.ReadAllBytes(file);
        }

        Layer[][] lines =
        [
            [new LSTM(3, returnSequences: true), new Dense(2)], [new S6(3)], [new Masking(), new GRU(3)],
            [new Conv1D(2, 3), new BatchNormalization(), new MaxPooling1D(2)], [new SelfAttention(3)], [new Normalization()],
        ];
        foreach (Layer[] line in lines)
        {
            var model = new Sequential([new Input(new Shapes.Shape(null, 3)), .. line]);
            model.Layers.OfType<Normalization>().ToList().ForEach(layer =>
                layer.Adapt(Samples.Numbers(new System.Random(1), 3, 4, 3)));
            byte[] file = OrtRun.Bytes(model);
            yield return file;
            yield return RoundTripTests.WithoutArchitecture(file);
        }
    }

    private static byte[] Mutated(byte[] file, byte[][] corpus, System.Random random)
    {
        byte[] bytes = [.. file];
        if (random.Next(4) > 0)
        {
            try
            {
                ModelProto model = ModelProto.Parser.ParseFrom(bytes);
                for (int i = random.Next(1, 4); i > 0; i--)
                {
                    Mutate(model, corpus, random);
                }

                bytes = model.ToByteArray();
            }
            catch (InvalidProtocolBufferException)
            {
                // Then its bytes are changed alone.
            }
        }

        if (random.Next(3) == 0)
        {
            for (int i = random.Next(1, 6); i > 0 && bytes.Length > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }
        }

        return random.Next(12) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static void Mutate(ModelProto model, byte[][] corpus, System.Random random)
    {
        GraphProto graph = model.Graph ?? new();
        NodeProto? node = graph.Node.Count > 0 ? graph.Node[random.Next(graph.Node.Count)] : null;
        TensorProto? tensor = graph.Initializer.Count > 0 ? graph.Initializer[random.Next(graph.Initializer.Count)] : null;
        switch (random.Next(16))
        {
            case 0 when node is not null:
                node.OpType = Types[random.Next(Types.Length)];
                break;
            case 1 when node?.Input.Count > 0:
                node.Input[random.Next(node.Input.Count)] = AnyName(graph, random);
                break;
            case 2 when node?.Output.Count > 0:
                node.Output[random.Next(node.Output.Count)] = AnyName(graph, random);
                break;
            case 3 when node?.Attribute.Count > 0:
                Mutate(node.Attribute[random.Next(node.Attribute.Count)], random);
                break;
            case 4 when tensor?.Dims.Count > 0:
                tensor.Dims[random.Next(tensor.Dims.Count)] = Number(random);
                break;
            case 5 when tensor is not null:
                tensor.DataType = random.Next(20);
                break;
            case 6 when tensor is not null:
                tensor.RawData = ByteString.CopyFrom(tensor.RawData.ToByteArray()[..(tensor.RawData.Length / 2)]);
                break;
            case 7 when node is not null:
                graph.Node.Remove(node);
                break;
            case 8 when node is not null:
                graph.Node.Add(node.Clone());
                break;
            case 9 when node is not null:
                graph.Node.Insert(random.Next(graph.Node.Count), node.Clone());
                break;
            case 10 when graph.Input.Count > 0:
                Mutate(graph.Input[random.Next(graph.Input.Count)], random);
                break;
            case 11 when tensor?.RawData.Length >= 8:
                byte[] raw = tensor.RawData.ToByteArray();
                BitConverter.TryWriteBytes(raw.AsSpan(random.Next(raw.Length / 8) * 8), Number(random));
                tensor.RawData = ByteString.CopyFrom(raw);
                break;
            case 12:
                // Parts of another file.
                ModelProto other = ModelProto.Parser.ParseFrom(corpus[random.Next(corpus.Length)]);
                graph.Node.AddRange(other.Graph.Node.Take(3));
                graph.Initializer.AddRange(other.Graph.Initializer.Take(2));
                break;
            case 13 when node?.Input.Count > 0:
                node.Input.RemoveAt(random.Next(node.Input.Count));
                break;
            case 14 when model.MetadataProps.Count > 0:
                EntryProto entry = model.MetadataProps[random.Next(model.MetadataProps.Count)];
                char[] text = entry.Value.ToCharArray();
                if (text.Length > 0)
                {
                    text[random.Next(text.Length)] = "0123456789{}[]\"-,x"[random.Next(18)];
                    entry.Value = new string(text);
                }

                break;
            case 15 when node is not null:
                foreach (AttributeProto attribute in node.Attribute.Where(each => each.T is not null))
                {
                    attribute.T.Dims.Clear();
                    attribute.T.Dims.Add(Number(random));
                }

                break;
        }
    }

    private static void Mutate(AttributeProto attribute, System.Random random)
    {
        if (attribute.Ints.Count > 0)
        {
            attribute.Ints[random.Next(attribute.Ints.Count)] = Number(random);
        }
        else if (attribute.HasI)
        {
            attribute.I = Number(random);
        }
        else if (attribute.HasF)
        {
            attribute.F = random.Next(3) switch { 0 => float.NaN, 1 => float.PositiveInfinity, _ => random.Next(-9, 9) };
        }
        else if (attribute.HasS)
        {
            attribute.S = ByteString.CopyFromUtf8(random.Next(2) == 0 ? "reverse" : "SAME_UPPER");
        }
        else if (attribute.T?.Int64Data.Count > 0)
        {
            attribute.T.Int64Data[0] = Number(random);
        }
        else if (attribute.T?.RawData.Length >= 8)
        {
            byte[] raw = attribute.T.RawData.ToByteArray();
            BitConverter.TryWriteBytes(raw, Number(random));
            attribute.T.RawData = ByteString.CopyFrom(raw);
        }
    }

    private static void Mutate(ValueProto value, System.Random random)
    {
        if (value.Type?.TensorType?.Shape is not { Dim.Count: > 0 } shape)
        {
            return;
        }

        switch (random.Next(4))
        {
            case 0:
                shape.Dim[random.Next(shape.Dim.Count)].DimValue = Number(random);
                break;
            case 1:
                shape.Dim[random.Next(shape.Dim.Count)].DimParam = "batch";
                break;
            case 2:
                shape.Dim.RemoveAt(random.Next(shape.Dim.Count));
                break;
            default:
                value.Type.TensorType.ElemType = random.Next(20);
                break;
        }
    }

    private static long Number(System.Random random) => Numbers[random.Next(Numbers.Length)];

    private static string AnyName(GraphProto graph, System.Random random)
    {
        string[] names = [.. graph.Node.SelectMany(node => node.Output).Concat(graph.Initializer.Select(tensor => tensor.Name))
            .Concat(graph.Input.Select(input => input.Name)).Append("nowhere").Append(string.Empty)];
        return names[random.Next(names.Length)];
    }
}
