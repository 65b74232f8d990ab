using System.Globalization;
using Google.Protobuf;
using Recurrent.Onnx.Format;
using Recurrent.Serialization;

namespace Recurrent.Onnx.Import;

/// <summary>Reads the messages of a file, and trusts none.</summary>
internal static class OnnxReader
{
    private const int External = 1;

    /// <summary>Reads a stream to its end.</summary>
    /// <exception cref="ModelFormatException">It holds no ONNX file, or one that cannot be read here.</exception>
    public static ModelProto Read(Stream stream, ReadLimits limits)
    {
        byte[] file = ReadAll(stream, limits);
        if (file.Length == 0)
        {
            throw new ModelFormatException("The file is empty.");
        }

        // A file begins with the version of the format, field 1, or with one of the few fields of a model that may stand before.
        if (!IsLikely(file))
        {
            throw new ModelFormatException(FileKinds.Recognize(file.AsSpan(0, Math.Min(file.Length, 4096)))
                ?? "This is no ONNX file. Read JSON with Model.FromJson or Model.Load.");
        }

        WireScan.Check(file);
        var arrays = new RawData(file);
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(arrays.Rest());
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new ModelFormatException($"This is no ONNX file, or a damaged one: {exception.Message}", exception);
        }

        if (model.Graph is null)
        {
            throw new ModelFormatException("This is no ONNX file, or one without a graph.");
        }

        Check(model.Graph, "graph", arrays);
        return model;
    }

    private static bool IsLikely(ReadOnlySpan<byte> file) =>
        (file[0] is 0x08 or 0x12 or 0x1A or 0x22 or 0x2A or 0x32 or 0x3A or 0x42 or 0x72)
        && !file.StartsWith((ReadOnlySpan<byte>)[0x42, 0x5A, 0x68]);

    // Subgraphs hold weights too.
    private static void Check(GraphProto graph, string path, RawData arrays)
    {
        if (graph.SparseInitializer.Count > 0)
        {
            throw new ModelFormatException(path,
                "The graph has sparse weights, which are not read here. Write it with dense ones.");
        }

        foreach (TensorProto tensor in graph.Initializer)
        {
            arrays.Return(tensor);
            Check(tensor, $"{path}.initializer '{tensor.Name}'");
        }

        foreach (NodeProto node in graph.Node)
        {
            foreach (AttributeProto attribute in node.Attribute)
            {
                string place = $"{path}.node '{node.Name}'.{attribute.Name}";
                if (attribute.T is not null)
                {
                    arrays.Return(attribute.T);
                    Check(attribute.T, place);
                }

                if (attribute.G is not null)
                {
                    Check(attribute.G, place, arrays);
                }
            }
        }
    }

    private static void Check(TensorProto tensor, string path)
    {
        if (tensor.DataLocation == External || tensor.ExternalData.Count > 0)
        {
            throw new ModelFormatException(path,
                "Its numbers are in another file, and no file is read because another one names it. Write the model with all "
                + "of its data inside: onnx.save_model(model, path, save_as_external_data=False), or in PyTorch "
                + "torch.onnx.export(..., external_data=False).");
        }
    }

    private static byte[] ReadAll(Stream stream, ReadLimits limits)
    {
        long most = Math.Min(limits.MaxLength, Array.MaxLength);
        if (stream.CanSeek && stream.Length - stream.Position is > 0 and var length)
        {
            if (length > most)
            {
                throw TooLong(most);
            }

            var whole = GC.AllocateUninitializedArray<byte>((int)length);
            if (ByteSource.Of(stream) is { } bytes)
            {
                LargeArrays.Read(bytes, stream.Position, whole);
                stream.Position += length;
                return whole;
            }

            int filled = stream.ReadAtLeast(whole, whole.Length, throwOnEndOfStream: false);
            return filled == whole.Length ? whole : whole[..filled];
        }

        using var content = new MemoryStream();
        var piece = new byte[1 << 16];
        int read;
        while ((read = stream.Read(piece)) > 0)
        {
            content.Write(piece, 0, read);
            if (content.Length > most)
            {
                throw TooLong(most);
            }
        }

        return content.ToArray();
    }

    private static ModelFormatException TooLong(long most) => new(string.Create(CultureInfo.InvariantCulture,
        $"The file has more than {most} bytes, the most that ReadLimits.MaxLength allows."));
}
