using System.Buffers.Binary;
using System.Text;

namespace Recurrent.Serialization;

/// <summary>Tells by its first bytes what a file is that is no JSON, and how what it holds comes here.</summary>
internal static class FileKinds
{
    private const int LongestPath = 1000;

    private const string Header = "{\"format\": \"recurrent-weights\", \"format_version\": 1, \"weights\": arrays}";

    private const string FromKeras = "The package Recurrent.Keras reads it: KerasFile.Load(\"FILE\"), or "
        + "KerasFile.LoadWeights(model, \"FILE\") where it holds weights alone.";

    /// <summary>How Keras writes what can be read here.</summary>
    private const string FromTensorFlow = $$"""
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

    private const string FromPyTorch = $$"""
        It cannot be read here. Build the same model here, and write its weights as JSON. In Python:

            import json, torch
            state = torch.load("FILE", map_location="cpu", weights_only=True)
            arrays = [{"name": k, "shape": list(v.shape), "data": v.flatten().tolist()} for k, v in state.items()]
            json.dump({{Header}}, open("weights.json", "w"))

        PyTorch lays weights out in another way than Keras and this library: kernels are transposed, and gates stand in
        another order.
        """;

    private const string FromSafetensors = $$"""
        It cannot be read here. Build the same model here, and write the weights as JSON. In Python:

            import json
            from safetensors.numpy import load_file
            arrays = [{"name": k, "shape": list(v.shape), "data": v.ravel().tolist()} for k, v in load_file("FILE").items()]
            json.dump({{Header}}, open("weights.json", "w"))
        """;

    private const string FromOnnx = $$"""
        It cannot be read here. Go back to the model it was exported from, or build the same model here and write the weights as
        JSON. In Python:

            import json, onnx
            from onnx import numpy_helper
            found = [(i.name, numpy_helper.to_array(i)) for i in onnx.load("FILE").graph.initializer]
            arrays = [{"name": k, "shape": list(v.shape), "data": v.ravel().tolist()} for k, v in found]
            json.dump({{Header}}, open("weights.json", "w"))
        """;

    private const string FromNumPy = $$"""
        It cannot be read here, but NumPy can write it as JSON. In Python:

            import json, numpy
            file = numpy.load("FILE")
            arrays = [{"name": k, "shape": list(file[k].shape), "data": file[k].ravel().tolist()} for k in file]
            json.dump({{Header}}, open("weights.json", "w"))
        """;

    /// <summary>What a document that is no JSON object is, in a sentence with advice; null where it may be one.</summary>
    /// <param name="start">The first bytes, as many as there are.</param>
    public static string? Recognize(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty)
        {
            return "The document is empty. Was it cut off while it was written or copied?";
        }

        if (start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F']))
        {
            return $"This is an HDF5 file (.h5, .hdf5): a model or weights of Keras. {FromKeras}";
        }

        if (start.StartsWith("PK\u0003\u0004"u8))
        {
            return Zip(start);
        }

        if (start.StartsWith((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y']))
        {
            return $"This is an array of NumPy (.npy). {FromNumPy}";
        }

        if (start.Length > 1 && start[0] == 0x80 && start[1] is >= 2 and <= 5)
        {
            return $"This is a pickle of Python (.pt, .pth, .pkl). {FromPyTorch}";
        }

        if (start.Length > 9 && start[8] == (byte)'{' && start[9] is (byte)'"' or (byte)' ' or (byte)'}'
            && BinaryPrimitives.ReadUInt64LittleEndian(start) is > 1 and < 1UL << 32)
        {
            return $"This is a safetensors file. {FromSafetensors}";
        }

        if (start.Length > 2 && start[0] == 0x08 && start[1] < 0x20 && start[2] is 0x12 or 0x3A or 0x42)
        {
            return start[1] == 1 && start[2] == 0x12
                ? $"This is a SavedModel of TensorFlow (.pb). {FromTensorFlow}"
                : $"This is an ONNX file. {FromOnnx}";
        }

        return start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? "This is a compressed file (gzip). Unpack it first."
            : start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])
                ? "The document is UTF-16 text. Save it as UTF-8."
            : start[0] is not ((byte)'{' or (byte)'[') && start.Contains((byte)0)
                ? "This is a binary file of no kind that is known here, and not JSON. Give a file that Save or Keras's to_json "
                    + "has written."
            : Text(start);
    }

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
            ".ONNX" => "ONNX",
            ".PT" or ".PTH" or ".PKL" => "a pickle, as PyTorch writes it",
            ".SAFETENSORS" => "safetensors",
            ".NPY" or ".NPZ" => "arrays of NumPy",
            ".PB" or ".TFLITE" or ".CKPT" => "TensorFlow",
            ".ZIP" => "a zip archive",
            _ => null,
        };
        return format is null ? null
            : $"the name ends in '{Path.GetExtension(path)}', which is {format}, and what is written here is JSON, which nothing "
                + $"that knows that format could read. Call it '{Path.ChangeExtension(Path.GetFileName(path), ".json")}'";
    }

    private static string Zip(ReadOnlySpan<byte> start)
    {
        // A local header: the length of the name of the first file at 26, the name at 30.
        string name = start.Length > 30 ? Encoding.Latin1.GetString(start[30..Math.Min(start.Length, 30 + start[26])])
            : string.Empty;
        return name is "metadata.json" or "config.json" or "model.weights.h5"
            || name.StartsWith("assets", StringComparison.Ordinal)
            ? $"This is a model of Keras (.keras). {FromKeras}"
            : name.EndsWith("data.pkl", StringComparison.Ordinal) || name.Contains("/data/", StringComparison.Ordinal)
            || name.EndsWith("/version", StringComparison.Ordinal)
                ? $"This is a model of PyTorch (.pt, .pth). {FromPyTorch}"
            : name.EndsWith(".npy", StringComparison.Ordinal) ? $"These are arrays of NumPy (.npz). {FromNumPy}"
            : "This is a zip archive, and not JSON. Unpack it first; a .keras file is read by KerasFile.Load of the package "
                + "Recurrent.Keras.";
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
            ? "This looks like a table (CSV), and not like a model. Read it with CsvTable.Load."
            : null;
    }
}
