using System.Buffers.Binary;
using System.Globalization;

namespace Recurrent.Serialization;

/// <summary>Reads <c>model.json</c> of TensorFlow.js, and the shards of weights beside it.</summary>
internal static class TensorFlowJsReader
{
    private const int MostShards = 10_000;

    /// <summary>Reads the document.</summary>
    /// <param name="stream">The document.</param>
    /// <param name="limits">How large it may be.</param>
    /// <exception cref="ModelFormatException">It is no layers model.</exception>
    public static JsonNode ReadDocument(Stream stream, ReadLimits limits)
    {
        JsonNode root = JsonTree.Read(stream, limits);
        root.Allow("modelTopology", "format", "generatedBy", "convertedBy", "weightsManifest", "trainingConfig",
            "userDefinedMetadata", "signature", "modelInitializer", "initializerSignature");
        if (root.Optional("format")?.Value is "graph-model" || root["modelTopology"].Entries.ContainsKey("node"))
        {
            throw root.Fail("this is a graph model of TensorFlow.js, which has operations and no layers. Convert the model "
                + "of Keras with tensorflowjs_converter --output_format=tfjs_layers_model.");
        }

        return root;
    }

    /// <summary>What the document says of the model, as <c>keras.Model.to_json</c> of Keras 2 would.</summary>
    /// <param name="root">The document.</param>
    public static JsonNode Topology(JsonNode root)
    {
        JsonNode topology = root["modelTopology"];
        object? training = root.Optional("trainingConfig")?.Value ?? topology.Optional("training_config")?.Value;
        object? version = topology.Optional("keras_version")?.Value;
        JsonNode model = topology.Optional("model_config") ?? topology;
        _ = model.Entries;
        var entries = (Dictionary<string, object?>)model.Value!;
        entries.Remove("training_config");

        // It is Keras 2's whatever it says: the converter of Keras 3's models is another one.
        entries["keras_version"] = version is string text && text.StartsWith('3') ? version : "2";
        if (training is Dictionary<string, object?> { Count: > 0 })
        {
            entries["compile_config"] = training;
        }

        return model;
    }

    /// <summary>The arrays of all weights, in the order of the manifest.</summary>
    /// <param name="root">The document.</param>
    /// <param name="open">Opens a shard by its name.</param>
    /// <param name="limits">How many bytes all shards may have.</param>
    /// <exception cref="ModelFormatException">The shards do not hold what the manifest says.</exception>
    public static IReadOnlyList<StoredArray> ReadWeights(JsonNode root, Func<string, Stream> open, ReadLimits limits)
    {
        var arrays = new List<StoredArray>();
        long left = Math.Min(limits.MaxLength, Array.MaxLength);
        int shards = 0;
        foreach (JsonNode group in root["weightsManifest"].Items)
        {
            group.Allow("paths", "weights");
            ByteSource bytes = ReadShards(group["paths"], open, ref left, ref shards);
            long place = 0;
            foreach (JsonNode weight in group["weights"].Items)
            {
                arrays.Add(Read(weight, bytes, ref place));
            }

            if (place != bytes.Length)
            {
                throw group.Fail(string.Create(CultureInfo.InvariantCulture,
                    $"the shards have {bytes.Length} bytes, but the weights take {place}."));
            }
        }

        return arrays;
    }

    private static ByteSource ReadShards(JsonNode paths, Func<string, Stream> open, ref long left, ref int shards)
    {
        // Lengths first, so that there is room once; no more than one shard is open at a time.
        var parts = new List<(string Name, long Length, ByteSource? Held)>();
        foreach (JsonNode path in paths.Items)
        {
            string name = path.Text();
            if (++shards > MostShards || name.Length == 0 || name != Path.GetFileName(name) || name is "." or ".."
                || name.Contains('\\', StringComparison.Ordinal) || name.Contains(':', StringComparison.Ordinal))
            {
                throw path.Fail($"'{name}' is no name of a file beside the model, which a shard of its weights is.");
            }

            using Stream stream = open(name);
            ByteSource? held = ByteSource.Of(stream) is not null ? null
                : ByteSource.Of(BoundedContent.Read(stream, new ReadLimits { MaxLength = left }));
            long length = held?.Length ?? stream.Length;
            left -= length;
            if (left < 0)
            {
                throw path.Fail("the shards have more bytes than ReadLimits.MaxLength allows.");
            }

            parts.Add((name, length, held));
        }

        long whole = parts.Sum(part => part.Length);
        if (whole > Array.MaxLength)
        {
            throw paths.Fail(FormattableString.Invariant(
                $"the shards of one group have {whole} bytes, and {Array.MaxLength} are the most that is read here."));
        }

        byte[] content = GC.AllocateUninitializedArray<byte>((int)whole);
        int start = 0;
        foreach ((string name, long length, ByteSource? held) in parts)
        {
            Memory<byte> room = content.AsMemory(start, (int)length);
            if (held is not null)
            {
                held.Read(0, room.Span);
            }
            else
            {
                using Stream stream = open(name);
                LargeArrays.Read(ByteSource.Of(stream)!, 0, room);
            }

            start += (int)length;
        }

        return ByteSource.Of(content);
    }

    private static StoredArray Read(JsonNode weight, ByteSource bytes, ref long place)
    {
        weight.Allow("name", "shape", "dtype", "quantization", "group");
        int[] shape = [.. weight["shape"].Items.Select(axis => (int)axis.Whole(0, int.MaxValue))];
        if (shape.Length > StoredArray.MaxRank)
        {
            throw weight["shape"].Fail("the shape has too many axes.");
        }

        long count = 1;
        foreach (int axis in shape)
        {
            count = count <= Array.MaxLength ? count * axis : long.MaxValue;
        }

        string type = weight["dtype"].Text();
        (double Scale, double Min) line = (1, 0);
        if (weight.Optional("quantization") is { } quantization)
        {
            quantization.Allow("dtype", "scale", "min", "original_dtype");
            type = quantization["dtype"].Text();
            line = (Number(quantization.Optional("scale"), 1), Number(quantization.Optional("min"), 0));
        }

        int width = Width(weight, type);
        if (count > (bytes.Length - place) / width)
        {
            throw weight.Fail(string.Create(CultureInfo.InvariantCulture,
                $"'{weight["name"].Text()}' of shape {NDArray.Describe(shape)} reaches beyond the {bytes.Length} bytes "
                + $"of its shards."));
        }

        bool isBare = type == "float32" && line == (1, 0) && sizeof(Real) == sizeof(float) && BitConverter.IsLittleEndian;
        Real[] values = LargeArrays.Create(count);
        long first = place;
        long notFinite = isBare ? LargeArrays.Read(bytes, place, values) : LargeArrays.Read(values, (piece, at) =>
        {
            byte[] coded = new byte[piece.Length * width];
            bytes.Read(first + ((long)at * width), coded);
            for (int i = 0; i < piece.Length; i++)
            {
                piece[i] = (Real)(One(type, coded.AsSpan(i * width, width)) * line.Scale + line.Min);
            }
        });
        if (notFinite >= 0)
        {
            throw weight.Fail(FormattableString.Invariant($"number {notFinite} of '{weight["name"].Text()}' is not finite."));
        }

        place += count * width;
        return new(weight["name"].Text(), shape, values);
    }

    private static double Number(JsonNode? node, double usual) => node?.Value switch
    {
        null => usual,
        double number => number,
        long whole => whole,
        _ => throw node!.Value.Fail("expected a number."),
    };

    private static int Width(JsonNode weight, string type) => type switch
    {
        "float32" or "int32" => 4,
        "float16" or "uint16" => 2,
        "uint8" or "bool" => 1,
        _ => throw weight.Fail($"numbers of the type '{type}' are not read here: float32, float16, int32, uint8, uint16, "
            + "bool are."),
    };

    private static double One(string type, ReadOnlySpan<byte> bytes) => type switch
    {
        "float32" => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        "float16" => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        "int32" => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        "uint16" => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        _ => bytes[0],
    };
}
