using System.Globalization;
using System.Text;
using Recurrent.Onnx.Export;
using Recurrent.Onnx.Format;
using Recurrent.Onnx.Import;
using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Onnx;

/// <summary>What an ONNX file holds.</summary>
public sealed class OnnxDescription
{
    private OnnxDescription(ModelProto file, string? obstacle)
    {
        GraphProto graph = file.Graph;
        Producer = Readable($"{file.ProducerName} {file.ProducerVersion}".Trim());
        Opset = file.OpsetImport.FirstOrDefault(set => set.Domain is "" or "ai.onnx")?.Version ?? 0;
        HashSet<string> weights = [.. graph.Initializer.Select(tensor => tensor.Name)];
        Inputs = [.. graph.Input.Where(input => !weights.Contains(input.Name)).Select(ValueOf)];
        Outputs = [.. graph.Output.Select(ValueOf)];
        Operators = AllNodes(graph).GroupBy(node => node.OpType).OrderBy(group => group.Key, StringComparer.Ordinal)
            .ToDictionary(group => Readable(group.Key), group => group.Count());
        Weights = [.. graph.Initializer.Select(tensor =>
            $"{Readable(tensor.Name)} ({string.Join(", ", tensor.Dims)}) {TensorData.Name((ElementType)tensor.DataType)}")];
        NumberCount = graph.Initializer.Sum(tensor => (long)TensorData.CountOf(tensor, $"graph.initializer '{tensor.Name}'"));
        Obstacle = obstacle;
    }

    /// <summary>What wrote it, and in which version.</summary>
    public string Producer { get; }

    /// <summary>Version of the operators; 0 where it is not said.</summary>
    public long Opset { get; }

    /// <summary>The inputs: name, shape and type of number.</summary>
    public IReadOnlyList<string> Inputs { get; }

    /// <summary>The outputs: name, shape and type of number.</summary>
    public IReadOnlyList<string> Outputs { get; }

    /// <summary>How often each operator stands in the graph and in those inside it.</summary>
    public IReadOnlyDictionary<string, int> Operators { get; }

    /// <summary>The stored tensors: name, shape and type of number.</summary>
    public IReadOnlyList<string> Weights { get; }

    /// <summary>How many numbers they have together.</summary>
    public long NumberCount { get; }

    /// <summary>Why no model can be made of it here; null where one can.</summary>
    public string? Obstacle { get; }

    /// <summary>All of it, line by line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"ONNX, opset {Opset}, written by {(Producer.Length == 0 ? "nobody" : Producer)}");
        Inputs.ToList().ForEach(input => text.AppendLine(CultureInfo.InvariantCulture, $"input    {input}"));
        Outputs.ToList().ForEach(output => text.AppendLine(CultureInfo.InvariantCulture, $"output   {output}"));
        foreach ((string name, int count) in Operators)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"operator {name} × {count}");
        }

        Weights.ToList().ForEach(weight => text.AppendLine(CultureInfo.InvariantCulture, $"weights  {weight}"));
        text.AppendLine(CultureInfo.InvariantCulture, $"{NumberCount} numbers");
        text.Append(Obstacle is null ? "It can be read as a model." : $"It cannot be read as a model: {Obstacle}");
        return text.ToString();
    }

    internal static OnnxDescription Of(ModelProto file, ReadLimits limits)
    {
        string? obstacle = null;
        ModelProto copy = file.Clone();
        try
        {
            _ = ModelImport.Create(copy, limits);
        }
        catch (ModelFormatException exception)
        {
            obstacle = exception.Message;
        }

        return new(file, obstacle);
    }

    private static IEnumerable<NodeProto> AllNodes(GraphProto graph) => graph.Node.Concat(graph.Node
        .SelectMany(node => node.Attribute).Where(attribute => attribute.G is not null).SelectMany(each => AllNodes(each.G)));

    private static string ValueOf(ValueProto value)
    {
        TypeProto.Types.Tensor? tensor = value.Type?.TensorType;
        string shape = tensor?.Shape is null ? "of unknown shape"
            : $"({string.Join(", ", tensor.Shape.Dim.Select(dim => dim.ValueCase switch
            {
                ShapeProto.Types.Dimension.ValueOneofCase.DimValue => dim.DimValue.ToString(CultureInfo.InvariantCulture),
                ShapeProto.Types.Dimension.ValueOneofCase.DimParam => Readable(dim.DimParam),
                _ => "?",
            }))})";
        string type = tensor is null ? string.Empty : TensorData.Name((ElementType)tensor.ElemType);
        return $"{Readable(value.Name)} {shape} {type}".TrimEnd();
    }

    private static string Readable(string text) => ReadableText.Escape(text, keepLines: false);
}
