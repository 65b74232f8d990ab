using Recurrent.Cli.Models;
using Recurrent.Cli.Output;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Onnx;
using Recurrent.Tensors;

namespace Recurrent.Cli.Commands;

/// <summary>Says what a file of a model or of weights holds: layers, shapes, sizes, and what it would need.</summary>
internal static class ModelReport
{
    private const double Megabyte = 1 << 20;

    /// <summary>Prints what a file holds.</summary>
    internal static void Print(Printer printer, string path, ModelKind kind)
    {
        var facts = new Facts
        {
            { "file", "File", Path.GetFileName(path) },
            { "kind", "Kind", kind.Title },
            { "megabytes", "Size (MB)", Megabytes(new FileInfo(path).Length) },
            { "reader", "Read by", kind.Reader },
        };
        if (kind.IsTensors)
        {
            PrintTensors(printer, path, facts);
        }
        else if (kind.IsWeights)
        {
            facts.Add("needs", "Needs", "a model to be read into: recurrent convert FILE OUT --model ARCHITECTURE");
            Put(printer, facts);
            printer.Finish();
        }
        else
        {
            PrintModel(printer, path, kind, facts);
        }
    }

    private static void PrintTensors(Printer printer, string path, Facts facts)
    {
        using TensorFile file = TensorFile.Open(path);
        facts.Add("format", "Format", file.Format);
        facts.Add("tensors_count", "Tensors", file.Tensors.Count);
        facts.Add("parameters", "Numbers", file.Tensors.Sum(tensor => tensor.Count));
        foreach ((string key, string value) in file.Metadata)
        {
            facts.Add($"metadata.{key}", key, value);
        }

        facts.Add("needs", "Needs", "a model to be read into: recurrent convert FILE OUT --model ARCHITECTURE");
        Put(printer, facts);
        printer.Table(["tensor", "type", "shape", "numbers"], file.Tensors.Select(tensor => (object?[])
            [tensor.Name, tensor.DataType, Axes(tensor.Shape), tensor.Count]));
        printer.Put("tensors", file.Tensors.Select(tensor => (object?)new Dictionary<string, object?>
        {
            ["name"] = tensor.Name,
            ["type"] = tensor.DataType,
            ["shape"] = tensor.Shape.Cast<object?>().ToArray(),
        }).ToArray());
        printer.Finish();
    }

    private static void PrintModel(Printer printer, string path, ModelKind kind, Facts facts)
    {
        if (kind == ModelKind.Onnx && !PrintGraph(printer, path, facts))
        {
            return;
        }

        (Model model, _) = ModelFiles.Load(path, kind, model: null, map: null, compile: true);
        bool isBuilt = model.InputShape is not null;
        facts.Add("name", "Model", model.Name);
        facts.Add("class", "Class", model.ClassName);
        facts.Add("input", "Input", isBuilt ? model.InputShape!.ToString() : null);
        facts.Add("output", "Output", isBuilt ? model.OutputShape?.ToString() : null);
        facts.Add("parameters", "Parameters", model.ParameterCount);
        facts.Add("trainable", "Trained of them", model.Parameters.Where(parameter => parameter.Trainable)
            .Sum(parameter => (long)parameter.Size));
        facts.Add("optimizer", "Optimizer", model.Optimizer?.ClassName);
        facts.Add("updates", "Updates done", model.Optimizer?.Iterations);
        facts.Add("loss", "Loss", model.Compiled is { } compiled
            ? string.Join(", ", compiled.Outputs.Select(output => output.Loss?.Name ?? "none")) : null);
        facts.Add("memory", "Needs (MB)", Megabytes(model.ParameterCount * sizeof(float)));
        facts.Add("needs", "Needs", !isBuilt ? "the shape of its input: model.Build"
            : kind == ModelKind.Architecture ? "weights: recurrent convert WEIGHTS OUT --model FILE" : null);
        Put(printer, facts);
        (string Name, Layer Layer)[] layers = [.. Layers(model, string.Empty)];
        printer.Table(["layer", "class", "output", "parameters"], layers.Select(one => (object?[])
            [one.Name, one.Layer.ClassName, one.Layer.OutputShape?.ToString(), Count(one.Layer)]));
        printer.Put("layers", layers.Select(one => (object?)new Dictionary<string, object?>
        {
            ["name"] = one.Name,
            ["class"] = one.Layer.ClassName,
            ["output"] = one.Layer.OutputShape?.ToString(),
            ["parameters"] = Count(one.Layer),
            ["weights"] = one.Layer.ParameterPaths.Zip(one.Layer.Parameters, (name, parameter) =>
                (object?)$"{name} {Axes(parameter.Shape)}").ToArray(),
        }).ToArray());
        printer.Finish();
    }

    /// <summary>Says what operators an ONNX file has.</summary>
    /// <returns>Whether a model can be made of them, which then says the rest.</returns>
    private static bool PrintGraph(Printer printer, string path, Facts facts)
    {
        OnnxDescription graph = OnnxFile.Describe(path);
        facts.Add("producer", "Written by", graph.Producer);
        facts.Add("opset", "Opset", graph.Opset);
        facts.Add("inputs", "Inputs", string.Join("; ", graph.Inputs));
        facts.Add("outputs", "Outputs", string.Join("; ", graph.Outputs));
        facts.Add("operators", "Operators", string.Join(", ", graph.Operators.Select(pair =>
            FormattableString.Invariant($"{pair.Key} × {pair.Value}"))));
        if (graph.Obstacle is null)
        {
            return true;
        }

        facts.Add("parameters", "Numbers", graph.NumberCount);
        facts.Add("obstacle", "Not readable", graph.Obstacle);
        Put(printer, facts);
        printer.Table(["tensor"], graph.Weights.Select(weight => (object?[])[weight]));
        printer.Put("tensors", graph.Weights.ToArray<object?>());
        printer.Finish();
        return false;
    }

    private static IEnumerable<(string Name, Layer Layer)> Layers(Model model, string before) => model.Layers.SelectMany(layer =>
        layer is Model inside ? Layers(inside, $"{before}{inside.Name}/") : [($"{before}{layer.Name}", layer)]);

    private static long Count(Layer layer) => layer.Parameters.Sum(parameter => (long)parameter.Size);

    private static void Put(Printer printer, Facts facts)
    {
        foreach (Fact fact in facts)
        {
            printer.Put(fact.Key, fact.Value);
        }

        if (!printer.Json)
        {
            printer.Facts(facts);
        }
    }

    private static double Megabytes(long bytes) => bytes / Megabyte;

    private static string Axes(IReadOnlyList<int> shape) => $"({string.Join(", ", shape)})";
}
