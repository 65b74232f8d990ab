using System.Buffers.Binary;
using System.Text;

namespace Recurrent.Serialization;

/// <summary>Tells by its first bytes what a file is that is no JSON, and how what it holds comes here.</summary>
internal static class FileKinds
{
    private const int LongestPath = 1000;

    private static readonly string Header = FormattableString.Invariant(
        $"{{\"format\": \"{FileFormat.Weights.Name}\", \"format_version\": {FileFormat.Weights.Version}, \"weights\": arrays}}");

    private const string Table = "This looks like a table (CSV), and not like a model.";

    private const string FromKeras = "The package Recurrent.Keras reads it: KerasFile.Load(\"FILE\"), or "
        + "KerasFile.LoadWeights(model, \"FILE\") where it holds weights alone.";

    /// <summary>How Keras writes what can be read here.</summary>
    private static readonly string FromTensorFlow = $$"""
        It cannot be read here, but Keras can write it as JSON. In Python:

            import json, keras
            model = keras.models.load_model("FILE")
            arrays = [{"name": w.path, "shape": list(w.shape), "data": w.numpy().ravel().tolist()} for w in model.weights]
            json.dump({{Header}}, open("weights.json", "w"))
            open("model.json", "w").write(model.to_json())

        and then here:

            var model = Model.FromJson(File.ReadAllText("model.json"));
            model.LoadWeights("weights.json");
        """;

    private const string FromPyTorch = "Its weights are read into a model that is built here: model.LoadPyTorch(\"FILE\").";

    private const string FromSafetensors = "Its tensors are read into a model that is built here: model.LoadPyTorch(\"FILE\") "
        + "where their names are PyTorch's, model.LoadWeights(\"FILE\") where they are this library's; TensorFile.Open(\"FILE\") "
        + "reads them by name.";

    private const string FromOnnx = "The package Recurrent.Onnx reads it: OnnxFile.Load(\"FILE\").";

    private static readonly string FromNumPy = $$"""
        It cannot be read here, but NumPy can write it as JSON. In Python:

            import json, numpy
            file = numpy.load("FILE")
            arrays = [{"name": k, "shape": list(file[k].shape), "data": file[k].ravel().tolist()} for k in file]
            json.dump({{Header}}, open("weights.json", "w"))
        """;

    /// <summary>What a file is, by its first bytes.</summary>
    /// <param name="start">The first bytes, as many as there are.</param>
    public static FileKind Of(ReadOnlySpan<byte> start) =>
        start.IsEmpty ? FileKind.Empty
        : start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F']) ? FileKind.Hdf5
        : start.StartsWith("PK\u0003\u0004"u8) ? Zip(start)
        : start.StartsWith("PK\u0005\u0006"u8) ? FileKind.Zip
        : start.StartsWith((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y']) ? FileKind.NumPy
        : start.Length > 1 && start[0] == 0x80 && start[1] is >= 2 and <= 5 ? FileKind.Pickle
        : IsSafetensors(start) ? FileKind.Safetensors
        : start.Length > 2 && start[0] == 0x08 && start[1] < 0x20 && start[2] is 0x12 or 0x3A or 0x42
            ? start[1] == 1 && start[2] == 0x12 ? FileKind.SavedModel : FileKind.Onnx
        : start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? FileKind.Gzip
        : start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])
            ? FileKind.Utf16
        : start[0] is not ((byte)'{' or (byte)'[') && start.Contains((byte)0) ? FileKind.Binary
        : FileKind.Text;

    /// <summary>What a document that is no JSON object is, in a sentence with advice; null where it may be one.</summary>
    /// <param name="start">The first bytes, as many as there are.</param>
    public static string? Recognize(ReadOnlySpan<byte> start) => Of(start) switch
    {
        FileKind.Empty => "The document is empty. Was it cut off while it was written or copied?",
        FileKind.Hdf5 => $"This is an HDF5 file (.h5, .hdf5): a model or weights of Keras. {FromKeras}",
        FileKind.Keras => $"This is a model of Keras (.keras). {FromKeras}",
        FileKind.TorchArchive => $"This is a model of PyTorch (.pt, .pth). {FromPyTorch}",
        FileKind.NumPyArchive => $"These are arrays of NumPy (.npz). {FromNumPy}",
        FileKind.Protected => "This is a zip archive that is protected by a password. Unpack it first.",
        FileKind.Zip => "This is a zip archive, and not JSON. Unpack it first; a .keras file is read by KerasFile.Load of the "
            + "package Recurrent.Keras.",
        FileKind.NumPy => $"This is an array of NumPy (.npy). {FromNumPy}",
        FileKind.Pickle => $"This is a pickle of Python (.pt, .pth, .pkl). {FromPyTorch}",
        FileKind.Safetensors => $"This is a safetensors file. {FromSafetensors}",
        FileKind.SavedModel => $"This is a SavedModel of TensorFlow (.pb). {FromTensorFlow}",
        FileKind.Onnx => $"This is an ONNX file. {FromOnnx}",
        FileKind.Gzip => "This is a compressed file (gzip). Unpack it first.",
        FileKind.Utf16 => "The document is UTF-16 text. Save it as UTF-8.",
        FileKind.Binary => "This is a binary file of no kind that is known here, and not JSON. Give a file that Save or Keras's "
            + "to_json has written.",
        _ => Text(start),
    };

    /// <summary>Whether text looks like a table rather than like a model.</summary>
    /// <param name="start">The first bytes, as many as there are.</param>
    public static bool IsTable(ReadOnlySpan<byte> start) =>
        Of(start) == FileKind.Text && Text(start)?.StartsWith(Table, StringComparison.Ordinal) == true;

    /// <summary>What a text is that was given in place of JSON, in a sentence with advice; null where it may be JSON.</summary>
    /// <param name="text">The text.</param>
    public static string? RecognizePath(string text)
    {
        string path = text.Trim();
        return path.Length is > 0 and <= LongestPath && path.AsSpan().IndexOfAny('{', '[', '\n') < 0
            && (Path.HasExtension(path) || File.Exists(path))
            ? $"this is the path of a file, and not JSON. Read the file: Model.FromJson(File.ReadAllText(\"{path}\")), or "
                + $"Model.Load(\"{path}\") for a model with its weights."
            : null;
    }

    /// <summary>Requires that a file is called what is written to it.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="ArgumentException">Its name is that of another format.</exception>
    public static void RequireJson(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (WrongExtension(path) is { } problem)
        {
            throw new ArgumentException($"'{path}' is not written: {problem}.", nameof(path));
        }
    }

    /// <summary>Files with these ends are of other programs, which could not read what is written here.</summary>
    /// <param name="path">The path of a file to be written.</param>
    /// <returns>What is wrong with it and what to do; null where nothing is.</returns>
    public static string? WrongExtension(string path)
    {
        string? format = Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".KERAS" => "Keras's own zip format (KerasFile.Save of the package Recurrent.Keras writes it)",
            ".H5" or ".HDF5" => "HDF5, as Keras writes it (KerasFile.SaveWeights of the package Recurrent.Keras does)",
            ".ONNX" => "ONNX (OnnxFile.Save of the package Recurrent.Onnx writes it)",
            ".PT" or ".PTH" => "an archive, as PyTorch writes it (model.SavePyTorch writes the weights so)",
            ".PKL" => "a pickle of Python",
            ".SAFETENSORS" => "safetensors (model.SaveWeights and model.SavePyTorch write the weights so)",
            ".NPY" or ".NPZ" => "arrays of NumPy",
            ".PB" or ".TFLITE" or ".CKPT" => "TensorFlow",
            ".ZIP" => "a zip archive",
            _ => null,
        };
        return format is null ? null
            : $"the name ends in '{Path.GetExtension(path)}', which is {format}, and what is written here is JSON, which nothing "
                + $"that knows that format could read. Call it '{Path.ChangeExtension(Path.GetFileName(path), ".json")}'";
    }

    private static bool IsSafetensors(ReadOnlySpan<byte> start) =>
        start.Length > 9 && start[8] == (byte)'{' && start[9] is (byte)'"' or (byte)' ' or (byte)'}'
        && BinaryPrimitives.ReadUInt64LittleEndian(start) is > 1 and < 1UL << 32;

    private static FileKind Zip(ReadOnlySpan<byte> start)
    {
        // A local header: flags at 6, the length of the name of the first file at 26, the name at 30.
        const int NameStart = 30;
        if (start.Length < NameStart)
        {
            return FileKind.Zip;
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(start[26..]);
        string name = Encoding.Latin1.GetString(start[NameStart..Math.Min(start.Length, NameStart + length)]);
        return (start[6] & 1) != 0 ? FileKind.Protected
            : name is "metadata.json" or "config.json" or "model.weights.h5" or "model.weights.npz"
                || name.StartsWith("assets", StringComparison.Ordinal) ? FileKind.Keras
            : name.EndsWith("data.pkl", StringComparison.Ordinal) || name.Contains("/data/", StringComparison.Ordinal)
                || name.EndsWith("/version", StringComparison.Ordinal) || name.EndsWith("/byteorder", StringComparison.Ordinal)
                ? FileKind.TorchArchive
            : name.EndsWith(".npy", StringComparison.Ordinal) ? FileKind.NumPyArchive
            : FileKind.Zip;
    }

    private static string? Text(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            start = start[3..];
        }

        ReadOnlySpan<byte> text = start.TrimStart(" \t\r\n"u8);
        if (text.IsEmpty || text[0] is (byte)'{' or (byte)'[')
        {
            return null;
        }

        if (text[0] == (byte)'<')
        {
            return "This is HTML or XML, and not JSON. Was a page saved in place of the file?";
        }

        int end = text.IndexOfAny((byte)'\r', (byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
        return text.IndexOf((byte)0) < 0 && line.IndexOfAny((byte)',', (byte)';', (byte)'\t') >= 0
            ? $"{Table} Read it with CsvTable.Load."
            : null;
    }
}
