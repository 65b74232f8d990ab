using Recurrent.Keras;
using Recurrent.Models;
using Recurrent.Onnx;
using Recurrent.Registration;
using Recurrent.Serialization;
using Recurrent.Tensors;

namespace Recurrent.Cli.Models;

/// <summary>Reads and writes models in files of any kind.</summary>
internal static class ModelFiles
{
    private const int Start = 4096;

    /// <summary>What a file is by its content; null where it is none of models or weights.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static ModelKind? KindOf(string path)
    {
        return Peek(path).Kind switch
        {
            FileKind.Hdf5 => KerasFile.HasModel(path) ? ModelKind.KerasWhole : ModelKind.KerasWeights,
            FileKind.Keras => ModelKind.Keras,
            FileKind.Onnx => ModelKind.Onnx,
            FileKind.TorchArchive or FileKind.Pickle => ModelKind.Torch,
            FileKind.Safetensors => ModelKind.Safetensors,
            FileKind.Text => TextKind(path) switch
            {
                { } own when own == FileFormat.Model.Name => ModelKind.Json,
                { } own when own == FileFormat.Weights.Name => ModelKind.JsonWeights,
                "layers-model" or "graph-model" or "modelTopology" or "weightsManifest" => ModelKind.TensorFlowJs,
                "class_name" or "config" or "layers" => ModelKind.Architecture,
                _ => null,
            },
            FileKind.Binary when path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) => ModelKind.Onnx,
            _ => null,
        };
    }

    /// <summary>Whether a file may be a table: text that does not begin as JSON does, or nothing.</summary>
    internal static bool MayBeTable(string path)
    {
        (FileKind kind, byte[] start) = Peek(path);
        string text = System.Text.Encoding.UTF8.GetString(start).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return kind is FileKind.Empty or FileKind.Utf16 || (kind == FileKind.Text && !text.StartsWith('{'));
    }

    /// <summary>The same, where it has to be one.</summary>
    /// <exception cref="ModelFormatException">It is none; the message says what it is.</exception>
    internal static ModelKind RequireKind(string path)
    {
        if (KindOf(path) is { } kind)
        {
            return kind;
        }

        (FileKind kindOf, byte[] start) = Peek(path);
        string? text = kindOf == FileKind.Text ? TextKind(path) : null;
        throw new ModelFormatException(text switch
        {
            { } own when own == FileFormat.Forecaster.Name =>
                $"'{path}' is a fitted forecaster: recurrent predict SERIES --model FILE.",
            not null when FileFormat.Find(text) is { } known =>
                $"'{path}' is {known.Holds}, and neither a model nor weights alone. In a program: {known.Advice}.",
            not null => $"'{path}' is JSON of the format '{text}', which is neither a model nor weights.",
            _ when FileKinds.IsTable(start) => $"'{path}' looks like a table of series, and not like a model. "
                + $"'recurrent inspect {path}' says what it holds, 'recurrent fit {path} --out model.json' forecasts it.",
            _ => FileKinds.Recognize(start) ?? $"'{path}' is neither a model nor weights of a kind that is known here.",
        });
    }

    /// <summary>The kind that a new file is to be, by its name.</summary>
    /// <exception cref="UsageException">No kind has such names.</exception>
    internal static ModelKind KindForName(string path) =>
        ModelKind.Written.FirstOrDefault(kind => kind.Ends.Any(end => path.EndsWith(end, StringComparison.OrdinalIgnoreCase)))
        ?? throw new UsageException(
            $"What '{path}' is to be, its name does not say. Call it "
            + $"{string.Join(", ", ModelKind.Written.SelectMany(kind => kind.Ends))}, or name the kind with --to.");

    /// <summary>Reads a model; weights alone into the model of another file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="model">The file of the model that weights are read into; or null.</param>
    /// <param name="map">Modules of PyTorch by names of layers; or null.</param>
    /// <param name="compile">Whether the model is compiled as it was.</param>
    /// <returns>The model, and what is to be said about it.</returns>
    internal static (Model Model, IReadOnlyList<string> Notes) Load(
        string path, ModelKind kind, string? model, IReadOnlyDictionary<string, string>? map, bool compile)
    {
        if (!kind.IsWeights)
        {
            return model is null ? (LoadWhole(path, kind, compile), [])
                : throw new UsageException($"'{path}' holds a model, and --model is for weights without one.");
        }

        if (model is null)
        {
            throw new UsageException($"'{path}' holds {kind.Title}. Say which model they are of: --model FILE, a model or its "
                + "architecture (model.to_json() in Keras, model.ToJson() here).");
        }

        ModelKind around = RequireKind(model);
        if (around.IsWeights)
        {
            throw new UsageException($"'{model}' of --model holds {around.Title}.");
        }

        Model target = LoadWhole(model, around, compile);
        if (kind == ModelKind.KerasWeights)
        {
            KerasFile.LoadWeights(target, path);
            return (target, []);
        }

        if (kind == ModelKind.JsonWeights || (kind.IsTensors && map is null && HasOwnNames(path)))
        {
            target.LoadWeights(path);
            return (target, []);
        }

        return (target, [.. target.LoadPyTorch(path, map).Select(match => match.ToString())]);
    }

    /// <summary>Writes a model.</summary>
    /// <returns>What is to be said about it.</returns>
    internal static IReadOnlyList<string> Save(Model model, string path, ModelKind kind,
        IReadOnlyDictionary<string, string>? map, bool torchNames)
    {
        switch (kind.Name)
        {
            case "keras":
                KerasFile.Save(model, path);
                break;
            case "weights.h5":
                KerasFile.SaveWeights(model, path);
                break;
            case "weights":
                model.SaveWeights(path);
                break;
            case "onnx":
                OnnxFile.Save(model, path);
                break;
            case "tfjs":
                TensorFlowJsFile.Save(model, path);
                break;
            case "architecture":
                AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(model.ToJson(indented: true))));
                break;
            case "safetensors" when !torchNames && map is null:
                model.SaveWeights(path);
                break;
            case "safetensors" or "pt":
                return [.. model.SavePyTorch(path, map).Select(match => match.ToString())];
            default:
                model.Save(path);
                break;
        }

        return [];
    }

    private static (FileKind Kind, byte[] Start) Peek(string path)
    {
        using FileStream stream = AtomicFile.OpenRead(path);
        var start = new byte[Start];
        int read = stream.ReadAtLeast(start, Start, throwOnEndOfStream: false);
        return (FileKinds.Of(start.AsSpan(0, read)), start[..read]);
    }

    private static string? TextKind(string path)
    {
        using FileStream stream = AtomicFile.OpenRead(path);
        return JsonKind.Of(stream);
    }

    private static Model LoadWhole(string path, ModelKind kind, bool compile) =>
        kind == ModelKind.Keras || kind == ModelKind.KerasWhole ? KerasFile.Load(path, compile)
        : kind == ModelKind.Onnx ? OnnxFile.Load(path)
        : kind == ModelKind.TensorFlowJs ? TensorFlowJsFile.Load(path, compile)
        : kind == ModelKind.Architecture ? Model.FromJson(File.ReadAllText(path), compile)
        : Model.Load(path, compile);

    private static bool HasOwnNames(string path)
    {
        using TensorFile file = TensorFile.Open(path);
        return file.Tensors.Count > 0 && file.Tensors.All(tensor => tensor.Name.Contains('/', StringComparison.Ordinal));
    }
}
