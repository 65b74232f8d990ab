using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;
using Recurrent.Tensors;

namespace Recurrent.Tests.Serialization;

/// <summary>Arrays of more numbers than are read at once: the same bits come out, and the same mistakes are found, wherever in
/// them they are.</summary>
public sealed class LargeFileTests
{
    private string folder = string.Empty;

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("recurrent-large").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void A_model_keeps_its_bits_in_a_file_and_in_streams()
    {
        Sequential model = Made();
        string path = Path.Combine(folder, "model.json");
        model.Save(path);

        WeightAssert.AreSame(Model.Load(path), model);
        WeightAssert.AreSame(Model.Load(new MemoryStream(File.ReadAllBytes(path))), model);
        using FileStream stream = File.OpenRead(path);
        WeightAssert.AreSame(Model.Load(stream), model);
        Assert.That(stream.Position, Is.EqualTo(stream.Length));
    }

    [Test]
    public void What_is_told_of_a_file_in_another_way_is_the_same()
    {
        Sequential model = Made();
        string path = Path.Combine(folder, "model.json");
        model.Save(path);
        string text = File.ReadAllText(path);
        int slash = text.IndexOf('/', DataOf(text) + 1000);

        WeightAssert.AreSame(Read(text.Insert(slash, "\\")), model);
        WeightAssert.AreSame(Read(string.Concat(text.AsSpan(0, slash), "\\u002f", text.AsSpan(slash + 1))), model);
        WeightAssert.AreSame(Read("\uFEFF" + text), model);

        // Numbers before the shape that says how many they are.
        int start = text.LastIndexOf("\"shape\":", DataOf(text), StringComparison.Ordinal);
        int data = text.IndexOf("\"data\":", start, StringComparison.Ordinal);
        int end = text.IndexOf('}', data);
        WeightAssert.AreSame(Read($"{text[..start]}{text[data..end]},{text[start..(data - 1)]}{text[end..]}"), model);
    }

    [Test]
    public void A_mistake_in_the_middle_of_numbers_is_found()
    {
        Sequential model = Made();
        string path = Path.Combine(folder, "model.json");
        model.Save(path);
        string text = File.ReadAllText(path);
        int middle = DataOf(text) + 300_000;

        foreach (string wrong in (string[])[" ", "\n", "=", "-", "\"", "\\", "\u00e4"])
        {
            Assert.That(() => Read(text.Remove(middle, 1).Insert(middle, wrong)), Throws.TypeOf<ModelFormatException>(), wrong);
            Assert.That(() => Read(text.Insert(middle, wrong)), Throws.TypeOf<ModelFormatException>(), wrong);
        }

        Assert.That(() => Read(text.Remove(middle, 4)), Throws.TypeOf<ModelFormatException>().With.Message.Contains("shape"));
        Assert.That(() => Read(text.Insert(middle, "AAAA")),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains("shape"));
        Assert.That(() => Read(text[..middle]), Throws.TypeOf<ModelFormatException>());
        Assert.That(() => Model.Load(path, limits: new ReadLimits { MaxLength = text.Length - 1 }),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains("MaxLength"));
    }

    [TestCase(0)]
    [TestCase(70_000)]
    [TestCase(311_999)]
    public void A_number_that_is_not_finite_is_named(int index)
    {
        Sequential model = Made();
        model.Save(Path.Combine(folder, "model.json"));
        string text = File.ReadAllText(Path.Combine(folder, "model.json"));
        int data = DataOf(text);
        int end = text.IndexOf('"', data);
        byte[] bytes = Convert.FromBase64String(text[data..end]);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(index * 4), float.NaN);

        Assert.That(() => Read(text[..data] + Convert.ToBase64String(bytes) + text[end..]),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains(
                string.Create(CultureInfo.InvariantCulture, $"number {index} is not finite")));
    }

    /// <summary>Shapes that reach to the end of the file, again and again, are not given room each time.</summary>
    [Test]
    public void A_shape_is_only_a_word()
    {
        const int Long = 4_000_000;
        var text = new StringBuilder(
            "{\"format\":\"recurrent-weights\",\"format_version\":1,\"dtype\":\"float32\",\"weights\":[");
        for (int i = 0; i < 200; i++)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{{\"name\":\"a{i}\",\"shape\":[{Long / 4 * 3 / 4}],\"data\":\"{new string('A', 70_000)}\"}},");
        }

        text.Append("{\"name\":\"b\",\"shape\":[1],\"data\":\"").Append('A', Long).Append("\"}]}");
        string path = Path.Combine(folder, "weights.json");
        File.WriteAllText(path, text.ToString());
        long before = GC.GetTotalAllocatedBytes();
        Assert.That(() => Made().LoadWeights(path), Throws.TypeOf<ModelFormatException>());
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(120L << 20));
    }

    [TestCase("weights.json")]
    [TestCase("weights.safetensors")]
    public void Weights_keep_their_bits(string name)
    {
        Sequential model = Made();
        model.SaveWeights(Path.Combine(folder, name));
        Sequential other = Made(seed: 9);
        other.LoadWeights(Path.Combine(folder, name));
        WeightAssert.AreSame(other, model);
    }

    [TestCase("weights.pt")]
    [TestCase("weights.safetensors")]
    public void Weights_for_PyTorch_keep_their_bits(string name)
    {
        Sequential model = Made();
        model.SavePyTorch(Path.Combine(folder, name));
        Sequential other = Made(seed: 9);
        other.LoadPyTorch(Path.Combine(folder, name));
        WeightAssert.AreSame(other, model);
    }

    [Test]
    public void A_model_for_TensorFlow_js_keeps_its_bits()
    {
        var model = new Sequential([new Input((2, 300)), new LSTM(260), new Dense(3)]);
        TensorFlowJsFile.Save(model, Path.Combine(folder, "model.json"));
        WeightAssert.AreSame(TensorFlowJsFile.Load(Path.Combine(folder, "model.json")), model);
    }

    [TestCase("F64", 8)]
    [TestCase("F32", 4)]
    [TestCase("F16", 2)]
    [TestCase("BF16", 2)]
    [TestCase("I32", 4)]
    [TestCase("U8", 1)]
    public void Numbers_of_every_width_are_what_they_are(string type, int width)
    {
        const int Count = 200_003;
        var bytes = new byte[Count * width];
        var expected = new float[Count];
        for (int i = 0; i < Count; i++)
        {
            Span<byte> one = bytes.AsSpan(i * width, width);
            float value = (i % 251) - 100 + (i % 4 / 4f);
            switch (type)
            {
                case "F64":
                    BinaryPrimitives.WriteDoubleLittleEndian(one, value + (i * 1e-9));
                    expected[i] = (float)(value + (i * 1e-9));
                    break;
                case "F32":
                    BinaryPrimitives.WriteSingleLittleEndian(one, expected[i] = value);
                    break;
                case "F16":
                    BinaryPrimitives.WriteHalfLittleEndian(one, (Half)(value / 3));
                    expected[i] = (float)(Half)(value / 3);
                    break;
                case "BF16":
                    uint bits = BitConverter.SingleToUInt32Bits(value / 3) >> 16;
                    BinaryPrimitives.WriteUInt16LittleEndian(one, (ushort)bits);
                    expected[i] = BitConverter.UInt32BitsToSingle(bits << 16);
                    break;
                case "I32":
                    BinaryPrimitives.WriteInt32LittleEndian(one, i - 1000);
                    expected[i] = i - 1000;
                    break;
                default:
                    one[0] = (byte)i;
                    expected[i] = (byte)i;
                    break;
            }
        }

        Assert.That(Tensor(type, bytes, Count).Values, Is.EqualTo(expected));
    }

    [TestCase(300, 400)]
    [TestCase(1000, 1000)]
    [TestCase(65, 3000)]
    [TestCase(1, 70_000)]
    public void A_transposed_view_is_its_transpose(int rows, int columns)
    {
        float[] values = [.. Enumerable.Range(0, rows * columns).Select(i => i * 0.5f)];
        var storage = new FileStorage(ByteSource.Of(MemoryMarshal.AsBytes<float>(values).ToArray()));
        var view = new StoredTensor("t", ElementType.Float32, [columns, rows], storage, 0, [1, columns]);
        float[] turned = view.Read(out long wrong);
        Assert.That(wrong, Is.EqualTo(-1));
        Assert.That(turned, Is.EqualTo(Enumerable.Range(0, rows * columns).Select(i =>
            values[(i % rows * columns) + (i / rows)])));
    }

    private static NDArray Tensor(string type, byte[] bytes, int count)
    {
        byte[] header = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{{\"t\":{{\"dtype\":\"{type}\",\"shape\":[{count}],\"data_offsets\":[0,{bytes.Length}]}}}}"));
        byte[] length = BitConverter.GetBytes((long)header.Length);
        return TensorFile.Read(new MemoryStream([.. length, .. header, .. bytes])).Read("t");
    }

    private Model Read(string text)
    {
        string path = Path.Combine(folder, "changed.json");
        File.WriteAllText(path, text);
        return Model.Load(path);
    }

    /// <summary>Where the digits of the first array begin, which is the kernel of the first layer.</summary>
    private static int DataOf(string text) => text.IndexOf("\"data\":\"", StringComparison.Ordinal) + 8;

    private static Sequential Made(int seed = 3) => new(
        [new Input((2, 300)), new LSTM(260, returnSequences: true), new GRU(150), new Dense(70)], seed: seed);
}
