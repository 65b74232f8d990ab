using System.Buffers.Binary;
using System.Text;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;
using Recurrent.Tensors;

namespace Recurrent.Tests.Tensors;

/// <summary>Files of tensors: numbers of every width, views, metadata, and what is refused.</summary>
[TestFixture]
public sealed class TensorFileTests
{
    private string folder = string.Empty;

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("recurrent-tensors").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Numbers_of_every_width_are_read([Values("widths.safetensors", "widths.pt", "widths.legacy.pth")] string name)
    {
        using TensorFile file = TensorFile.Open(TorchFixture.PathOf(name));
        float[] values = [0, -1.5f, 3, 0.25f, 100, -0.0078125f];
        foreach (string type in (string[])["float64", "float32", "float16", "bfloat16"])
        {
            Assert.That(file.Read(type).Shape, Is.EqualTo((int[])[2, 3]));
            Assert.That(file.Read(type).Values, Is.EqualTo(values), type);
        }

        Assert.That(file.Read("int64").Values, Is.EqualTo((float[])[1, -2, 1 << 20]));
        Assert.That(file.Read("int32").Values, Is.EqualTo((float[])[7, -8]));
        Assert.That(file.Read("int16").Values, Is.EqualTo((float[])[300, -300]));
        Assert.That(file.Read("int8").Values, Is.EqualTo((float[])[-128, 127]));
        Assert.That(file.Read("uint8").Values, Is.EqualTo((float[])[0, 255]));
        Assert.That(file.Read("bool").Values, Is.EqualTo((float[])[1, 0]));
        Assert.That(file.Read("scalar").Shape, Is.Empty);
        Assert.That(file.Read("scalar").Values, Is.EqualTo((float[])[2.5f]));
        Assert.That(file.Read("none").Shape, Is.EqualTo((int[])[0, 4]));
        Assert.That(file.Tensors.Select(tensor => tensor.DataType).Take(10), Is.EqualTo(file.Tensors.Take(10)
            .Select(tensor => tensor.Name)));
        Assert.That(() => file.Read("float23"), Throws.TypeOf<KeyNotFoundException>().With.Message.Contains("'float32'"));
    }

    [Test]
    public void Metadata_are_kept_both_ways()
    {
        using TensorFile file = TensorFile.Open(TorchFixture.PathOf("widths.safetensors"));
        Assert.That(file.Metadata["about"], Is.EqualTo("numbers of every width"));
        using TensorFile checkpoint = TensorFile.Open(TorchFixture.PathOf("checkpoint.pt"));
        Assert.That(checkpoint.Metadata, Is.EqualTo(new Dictionary<string, string> { ["epoch"] = "3", ["note"] = "halfway" }));

        string path = Path.Combine(folder, "x.safetensors");
        var tensors = new Dictionary<string, NDArray>
        {
            ["a\"ü"] = new([2], [1, float.NaN]),
            ["b"] = new([0]),
            ["c"] = new([], [3]),
        };
        TensorFile.Save(path, tensors, new Dictionary<string, string> { ["author"] = "me" });
        using TensorFile again = TensorFile.Open(path);
        Assert.That(again.Metadata["author"], Is.EqualTo("me"));
        Assert.That(again.Tensors.Select(tensor => tensor.Name), Is.EqualTo(tensors.Keys));
        Assert.That(again.Read("a\"ü").Values, Is.EqualTo((float[])[1, float.NaN]));
        Assert.That((BinaryPrimitives.ReadInt64LittleEndian(File.ReadAllBytes(path)) + 8) % 8, Is.Zero, "numbers are aligned");
    }

    [Test]
    public void A_model_keeps_its_weights_as_safetensors()
    {
        Sequential row = TorchFixture.Row(new PeepholeLSTM(4, returnSequences: true), new Dense(2));
        string path = Path.Combine(folder, "x.safetensors");
        row.SaveWeights(path);
        Sequential again = TorchFixture.Row(new PeepholeLSTM(4, returnSequences: true), new Dense(2));
        again.SetWeights([.. again.GetWeights().Select(weight => new NDArray([.. weight.Shape]))]);
        again.LoadWeights(path);
        Assert.That(again.GetWeights().SelectMany(weight => weight.Values),
            Is.EqualTo(row.GetWeights().SelectMany(weight => weight.Values)));
        using TensorFile file = TensorFile.Open(path);
        Assert.That(file.Tensors[0].Name, Is.EqualTo("peephole_lstm/peephole_lstm_cell/kernel"));
        using var stream = new MemoryStream(File.ReadAllBytes(path));
        again.LoadWeights(stream);
        Assert.That(() => TorchFixture.Row(new LSTM(4)).LoadWeights(path), Throws.TypeOf<ModelFormatException>()
            .With.Message.Contains("there are no numbers for the model's parameter 'lstm/lstm_cell/kernel'"));
    }

    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        8, "begin at 4, where those of another tensor are, up to 8")]
    [TestCase("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""",
        12, "the bytes between are of no tensor")]
    [TestCase("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "8 bytes of numbers follow the header, but the "
        + "tensors are 4")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "4 bytes are not the 8 that (2) numbers")]
    [TestCase("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "expected a whole number from 4 to 4")]
    [TestCase("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,40]}}""", 4, "expected a whole number from 0 to 4")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2147483647,2147483647],"data_offsets":[0,4]}}""", 4, "more numbers than an array")]
    [TestCase("""{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}""", 4, "'F8_E4M3' are not read here")]
    [TestCase("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}""", 4, "there is no such key here")]
    [TestCase("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""",
        4, "appears twice")]
    [TestCase("""{"__metadata__":{"a":1}}""", 0, "expected a text")]
    public void A_header_that_lies_is_refused(string header, int bytes, string message)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + text.Length + bytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, text.Length);
        text.CopyTo(file, 8);
        using var stream = new MemoryStream(file);
        Assert.That(() => TensorFile.Read(stream), Throws.TypeOf<ModelFormatException>().With.Message.Contains(message));
    }

    [TestCase("whole_module.pt", "it names torch.nn.modules.linear.Linear, which is not among what tensors need")]
    [TestCase("whole_module.pt", "torch.save(model.state_dict(), \"model.pt\")")]
    [TestCase("sparse.pt", "it names torch._utils._rebuild_sparse_tensor")]
    [TestCase("script.pt", "TorchScript archive, whose code is not run here")]
    public void What_is_no_state_is_refused_by_name(string name, string message) => Assert.That(
        () => TensorFile.Open(TorchFixture.PathOf(name)), Throws.TypeOf<ModelFormatException>().With.Message.Contains(message));

    [TestCase("cos\nsystem\n(X\u0002\0\0\0lstR.", "it names os.system")]
    [TestCase("c__builtin__\neval\n.", "it names __builtin__.eval")]
    [TestCase("ctorch._utils\n_rebuild_tensor_v2\n(tR.", "made of other arguments")]
    [TestCase("ccollections\nOrderedDict\n)\u0081.", "NEWOBJ is not one that tensors need")]
    [TestCase("(ios\nsystem\n.", "INST (i)")]
    [TestCase("Pabc\n.", "PERSID")]
    [TestCase("K\u0001.", "ends early")]
    [TestCase("0.", "asks for more than there is")]
    [TestCase("h\u0005.", "goes back to something")]
    [TestCase("]K\u0001s.", "asks for more than there is")]
    [TestCase("]K\u0001K\u0002s.", "something else than it is for")]
    [TestCase("", "ends early")]
    [TestCase("(((t", "ends early")]
    public void A_pickle_can_do_nothing(string code, string message)
    {
        // The pickles of an old file, the fourth of which is the object.
        byte[] before = File.ReadAllBytes(TorchFixture.PathOf("head_first.legacy.pth"));
        int start = before.AsSpan().IndexOf("ccollections"u8) - 2;
        byte[] file = [.. before[..start], 0x80, 2, .. Encoding.Latin1.GetBytes(code)];
        using var stream = new MemoryStream(file);
        ModelFormatException refusal = Assert.Throws<ModelFormatException>(() => TensorFile.Read(stream))!;
        Assert.That(refusal.Message, Does.Contain(message));
    }

    [Test]
    public void A_file_that_is_cut_off_says_so([Values("views.pt", "views.legacy.pth", "widths.safetensors")] string name)
    {
        byte[] whole = File.ReadAllBytes(TorchFixture.PathOf(name));
        for (int length = 0; length < whole.Length; length += 1 + length / 20)
        {
            using var stream = new MemoryStream(whole, 0, length);
            Assert.That(() => ReadAll(stream), Throws.TypeOf<ModelFormatException>(), $"{length} of {whole.Length}");
        }
    }

    [Test]
    public void Load_says_what_reads_it() => Assert.That(() => Model.Load(TorchFixture.PathOf("cells.pt")),
        Throws.TypeOf<ModelFormatException>().With.Message.EqualTo("This is a model of PyTorch (.pt, .pth). Its weights are read "
            + "into a model that is built here: model.LoadPyTorch(\"FILE\")."));

    [TestCase("attending.safetensors", "This is a safetensors file. Its tensors are read into a model that is built here")]
    [TestCase("views.legacy.pth", "This is a pickle of Python (.pt, .pth, .pkl). Its weights are read into a model")]
    public void Load_says_what_a_file_is(string name, string message) => Assert.That(
        () => Sequential.Load(TorchFixture.PathOf(name)), Throws.TypeOf<ModelFormatException>().With.Message.StartsWith(message));

    [Test]
    public void A_file_that_is_too_long_is_refused()
    {
        var limits = new ReadLimits { MaxLength = 100 };
        Assert.That(() => TensorFile.Open(TorchFixture.PathOf("cells.pt"), limits), Throws.TypeOf<ModelFormatException>()
            .With.Message.Contains("ReadLimits.MaxLength"));
        Assert.That(() => TensorFile.Save(Path.Combine(folder, "x.json"), []), Throws.ArgumentException
            .With.Message.Contains(".safetensors"));
    }

    private static void ReadAll(Stream stream)
    {
        using TensorFile file = TensorFile.Read(stream);
        foreach (TensorInfo tensor in file.Tensors)
        {
            _ = file.Read(tensor.Name);
        }
    }
}
