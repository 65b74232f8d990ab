using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Recurrent.Models;
using Recurrent.Onnx.Export;
using Recurrent.Onnx.Format;
using Recurrent.Parameters;
using Recurrent.Serialization;

namespace Recurrent.Onnx.Import;

/// <summary>
/// The very model that a file was written from: the file holds its architecture, and its graph is the one that this architecture
/// is written as, so that the weights can be taken back from where they stand.
/// </summary>
internal static class Restored
{
    /// <summary>The model of a file; null where it was not written here, or has been changed since.</summary>
    /// <exception cref="ModelFormatException">Weights are not as many as their shape says, or not finite.</exception>
    public static Model? TryCreate(ModelProto file, ReadLimits limits)
    {
        EntryProto? architecture = file.MetadataProps.FirstOrDefault(entry => entry.Key == ModelExport.ArchitectureKey);
        if (architecture is null)
        {
            return null;
        }

        Model model;
        (ModelProto File, IReadOnlyList<WeightBinding> Weights) own;
        try
        {
            var assembly = new ModelAssembly();
            ReadContext context = assembly.ContextFor(limits, null);
            Serialization.Architecture described = ModelFileReader.ReadArchitecture(architecture.Value, compile: false, limits,
                context);
            long numbers = file.Graph.Initializer.Sum(tensor => (long)tensor.RawData.Length / sizeof(float));
            model = assembly.Create(described, 0, new FileRoom(numbers), context.Budget);
            var options = new OnnxOptions
            {
                Opset = (int)Math.Clamp(file.OpsetImport.FirstOrDefault(set => set.Domain.Length == 0)?.Version ?? 0, 18, 22),
                States = file.MetadataProps.Any(entry => entry.Key == ModelExport.StatesKey),
            };
            own = ModelExport.Write(model, options, withWeights: false);
        }
        catch (Exception exception) when (exception is ModelFormatException or OnnxExportException or ArgumentException
            or InvalidOperationException or NotSupportedException or OverflowException or KeyNotFoundException)
        {
            return null;
        }

        if (!IsSame(own.File.Graph, file.Graph, own.Weights))
        {
            return null;
        }

        TakeBack(own.Weights, file.Graph);
        TakeRest(model, file, own.Weights);
        return model;
    }

    private static void TakeBack(IReadOnlyList<WeightBinding> weights, GraphProto graph)
    {
        Dictionary<string, TensorProto> tensors = graph.Initializer.ToDictionary(tensor => tensor.Name);
        foreach (WeightBinding binding in weights)
        {
            TensorProto tensor = tensors[binding.Tensor.Name];
            string path = $"graph.initializer '{tensor.Name}'";
            ReadOnlyMemory<byte> raw = tensor.RawData.Memory;
            if (BitConverter.IsLittleEndian && raw.Length == (long)TensorData.CountOf(tensor, path) * sizeof(float)
                && (ElementType)tensor.DataType == ElementType.Float)
            {
                RequireFinite(MemoryMarshal.Cast<byte, float>(raw.Span), path);
                binding.TakeBack(() => MemoryMarshal.Cast<byte, float>(raw.Span));
            }
            else
            {
                float[] values = TensorData.Floats(tensor, path);
                RequireFinite(values, path);
                binding.TakeBack(() => values);
            }

            tensor.RawData = Google.Protobuf.ByteString.Empty;
        }
    }

    // What no operator reads stands beside the graph.
    private static void TakeRest(Model model, ModelProto file, IReadOnlyList<WeightBinding> weights)
    {
        foreach ((int index, Parameter parameter) in ModelExport.Rest(model.Network, weights))
        {
            string key = ModelExport.RestKey + index.ToString(CultureInfo.InvariantCulture);
            string text = file.MetadataProps.FirstOrDefault(entry => entry.Key == key)?.Value ?? string.Empty;
            var bytes = new byte[parameter.Size * sizeof(float)];
            if (!Convert.TryFromBase64String(text, bytes, out int written) || written != bytes.Length)
            {
                throw new ModelFormatException($"metadata_props '{key}'",
                    $"There must be {parameter.Size} numbers, those of '{parameter.Name}', as base64.");
            }

            float[] values = MemoryMarshal.Cast<byte, float>(bytes).ToArray();
            RequireFinite(values, $"metadata_props '{key}'");
            new WeightBinding(new(), [], [new(parameter)]).TakeBack(() => values);
        }
    }

    private static void RequireFinite(ReadOnlySpan<float> values, string path)
    {
        if (!TensorPrimitives.IsFiniteAll(values))
        {
            int wrong = 0;
            while (float.IsFinite(values[wrong]))
            {
                wrong++;
            }

            throw new ModelFormatException(path, string.Create(CultureInfo.InvariantCulture,
                $"Number {wrong} is {values[wrong]}; weights must be finite."));
        }
    }

    private static bool IsSame(GraphProto own, GraphProto given, IReadOnlyList<WeightBinding> weights)
    {
        if (!own.Node.Equals(given.Node) || !own.Input.Equals(given.Input) || !own.Output.Equals(given.Output)
            || own.Initializer.Count != given.Initializer.Count)
        {
            return false;
        }

        HashSet<string> learned = [.. weights.Select(binding => binding.Tensor.Name)];
        return own.Initializer.Zip(given.Initializer).All(pair =>
            pair.First.Name == pair.Second.Name && pair.First.DataType == pair.Second.DataType
            && pair.First.Dims.Equals(pair.Second.Dims)
            && (learned.Contains(pair.First.Name) || pair.First.RawData.Equals(pair.Second.RawData)));
    }

    /// <summary>Leaves parameters without memory until the file's numbers come, and counts no more of them than it can
    /// have.</summary>
    internal sealed class FileRoom(long numbers) : IParameterSource
    {
        private long taken;

        /// <inheritdoc/>
        public bool TryFill(Parameter parameter)
        {
            taken += parameter.Size;
            if (taken > numbers + 1024)
            {
                throw new ModelFormatException(string.Create(CultureInfo.InvariantCulture,
                    $"The model's parameters have more numbers than the {numbers} of the file: '{parameter.Name}' is beyond "
                    + $"them."));
            }

            return true;
        }
    }
}
