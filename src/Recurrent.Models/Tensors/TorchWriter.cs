using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Recurrent.Tensors;

/// <summary>Writes the archive of an ordered dictionary of tensors, as <c>torch.save(model.state_dict(), …)</c> does.</summary>
internal static class TorchWriter
{
    private const string Folder = "archive/";

    // The same model is the same bytes.
    private static readonly DateTimeOffset Date = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes an archive.</summary>
    public static void Write(Stream stream, IReadOnlyList<NamedTensor> tensors)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add(archive, "data.pkl", target => target.Write(State(tensors)));
        for (int i = 0; i < tensors.Count; i++)
        {
            Add(archive, string.Create(CultureInfo.InvariantCulture, $"data/{i}"), tensors[i].WriteTo);
        }

        Add(archive, "version", target => target.Write("3\n"u8));
        Add(archive, "byteorder", target => target.Write("little"u8));
    }

    private static void Add(ZipArchive archive, string name, Action<Stream> write)
    {
        ZipArchiveEntry entry = archive.CreateEntry(Folder + name, CompressionLevel.NoCompression);
        entry.LastWriteTime = Date;
        using Stream part = entry.Open();
        write(part);
    }

    private static byte[] State(IReadOnlyList<NamedTensor> tensors)
    {
        var pickle = new MemoryStream();
        pickle.Write([0x80, 2]);
        Name(pickle, "collections", "OrderedDict");
        pickle.Write(")R("u8);
        for (int i = 0; i < tensors.Count; i++)
        {
            Text(pickle, tensors[i].Name);
            Tensor(pickle, tensors[i], i);
        }

        pickle.Write("u."u8);
        return pickle.ToArray();
    }

    private static void Tensor(MemoryStream pickle, NamedTensor tensor, int number)
    {
        // _rebuild_tensor_v2(storage, offset, axes, strides, requires_grad, hooks)
        Name(pickle, "torch._utils", "_rebuild_tensor_v2");
        pickle.Write("(("u8);
        Text(pickle, "storage");
        Name(pickle, "torch", tensor.Type.Name switch
        {
            "int64" => "LongStorage",
            "float64" => "DoubleStorage",
            _ => "FloatStorage",
        });
        Text(pickle, number.ToString(CultureInfo.InvariantCulture));
        Text(pickle, "cpu");
        Number(pickle, tensor.Count);
        pickle.Write("tQ"u8);
        Number(pickle, 0);
        Tuple(pickle, tensor.Shape.Select(axis => (long)axis));
        long stride = 1;
        var strides = new long[tensor.Shape.Count];
        for (int i = strides.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= tensor.Shape[i];
        }

        Tuple(pickle, strides);
        pickle.WriteByte(0x89);
        Name(pickle, "collections", "OrderedDict");
        pickle.Write(")RtR"u8);
    }

    private static void Name(MemoryStream pickle, string module, string name) =>
        pickle.Write(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));

    private static void Text(MemoryStream pickle, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        pickle.WriteByte((byte)'X');
        pickle.Write(length);
        pickle.Write(bytes);
    }

    private static void Tuple(MemoryStream pickle, IEnumerable<long> numbers)
    {
        pickle.WriteByte((byte)'(');
        foreach (long number in numbers)
        {
            Number(pickle, number);
        }

        pickle.WriteByte((byte)'t');
    }

    private static void Number(MemoryStream pickle, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        if (number <= int.MaxValue)
        {
            pickle.WriteByte((byte)'J');
            pickle.Write(bytes[..sizeof(int)]);
        }
        else
        {
            pickle.Write([0x8A, sizeof(long)]);
            pickle.Write(bytes);
        }
    }
}
