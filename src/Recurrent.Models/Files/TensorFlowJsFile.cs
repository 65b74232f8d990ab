using System.Globalization;
using System.Text;
using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Models;

/// <summary>Reads and writes models of TensorFlow.js: <c>model.json</c>, and shards of weights beside it.</summary>
/// <remarks>
/// They are layers models, which <c>model.save</c> and <c>tf.loadLayersModel</c> of <c>@tensorflow/tfjs</c> and the converter
/// <c>tensorflowjs_converter</c> write and read; graph models have no layers, and are refused. Weights that the converter has
/// quantized to uint8, uint16 or float16 are read.
/// </remarks>
/// <example><code>
/// Model model = TensorFlowJsFile.Load("web/model.json");
/// TensorFlowJsFile.Save(model, "again/model.json");      // tf.loadLayersModel("again/model.json")
/// </code></example>
public static class TensorFlowJsFile
{
    private const int ShardSize = 4 << 20;

    /// <summary>Reads a model.</summary>
    /// <param name="path">The file <c>model.json</c>; its shards lie beside it.</param>
    /// <param name="compile">Whether to compile the model as the file says it was, if it does.</param>
    /// <param name="limits">How large all files and the model may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <param name="custom">Layers and other components of one's own that the file may name; null for none.</param>
    /// <returns>The model; of a Sequential a <see cref="Sequential"/>.</returns>
    /// <exception cref="ModelFormatException">The content is not such a model, or has layers or options that are not
    /// here.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Model Load(string path, bool compile = true, ReadLimits? limits = null, CustomObjects? custom = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        limits ??= ReadLimits.Default;
        using FileStream stream = AtomicFile.OpenRead(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return Load(stream, name => AtomicFile.OpenRead(Path.Combine(folder, name)), compile, limits, custom);
    }

    /// <summary>Writes a model with its weights; what it is compiled for is not written.</summary>
    /// <param name="model">The model, which is built.</param>
    /// <param name="path">
    /// The file, usually <c>model.json</c> in a folder of its own: <c>group1-shard1of1.bin</c> and so on are written beside it.
    /// </param>
    /// <exception cref="NotSupportedException">TensorFlow.js has not a layer or an option of the model; the message names it, and
    /// nothing is written.</exception>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Save(Model model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        FileKinds.RequireJson(path);
        _ = model.BuiltParameters();
        (string Name, Parameter Parameter)[] weights = [.. Leaves(model).DistinctBy(layer => layer,
            (IEqualityComparer<Layer>)ReferenceEqualityComparer.Instance).SelectMany(Named)];
        if (weights.GroupBy(weight => weight.Name, StringComparer.Ordinal)
            .FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new NotSupportedException(
                $"TensorFlow.js knows weights by their names, and two would be '{twice.Key}'. Give the layers different names.");
        }

        long bytes = weights.Sum(weight => (long)weight.Parameter.Size * sizeof(float));
        int count = (int)Math.Max(1, (bytes + ShardSize - 1) / ShardSize);
        string[] shards = [.. Enumerable.Range(1, count).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"group1-shard{i}of{count}.bin"))];
        string document = TensorFlowJsWriter.Write(
            model.ToJson(), [.. weights.Select(weight => (weight.Name, weight.Parameter.Shape))], shards);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        using var all = new ShardedStream(shards, folder, ShardSize);
        foreach ((_, Parameter parameter) in weights)
        {
            all.Write(parameter.Values);
        }

        all.Finish();
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(document)));
    }

    /// <summary>Reads a model whose shards come from anywhere.</summary>
    internal static Model Load(
        Stream stream, Func<string, Stream> open, bool compile, ReadLimits limits, CustomObjects? custom)
    {
        JsonNode root = TensorFlowJsReader.ReadDocument(stream, limits);
        JsonNode topology = TensorFlowJsReader.Topology(root);
        IReadOnlyList<StoredArray> arrays = TensorFlowJsReader.ReadWeights(root, open, limits);
        var assembly = new ModelAssembly();
        ReadContext context = assembly.ContextFor(limits, custom);
        Architecture architecture = ArchitectureReader.Read(topology, compile, context);
        Model model = assembly.Create(architecture, 0, new Room(arrays.Sum(array => array.Count)), context.Budget);
        Fill(model, arrays);
        return model;
    }

    private static void Fill(Model model, IReadOnlyList<StoredArray> arrays)
    {
        Layer[] leaves = [.. Leaves(model).Distinct((IEqualityComparer<Layer>)ReferenceEqualityComparer.Instance)];
        var byName = new Dictionary<string, Layer>(StringComparer.Ordinal);
        foreach (Layer layer in leaves)
        {
            if (!byName.TryAdd(layer.Name!, layer))
            {
                throw new ModelFormatException("modelTopology", $"two layers with weights are called '{layer.Name}'.");
            }
        }

        // Names begin with that of the layer, or with those of models that it is in; what stands behind it differs from version
        // to version, so the order within a layer decides.
        ILookup<string?, StoredArray> ofLayer = arrays.ToLookup(array =>
            array.Name.Split('/').FirstOrDefault(byName.ContainsKey), StringComparer.Ordinal);
        if (ofLayer[null].FirstOrDefault() is { } stranger)
        {
            throw new ModelFormatException("weightsManifest", $"the model has no layer for '{stranger.Name}'.");
        }

        foreach (Layer layer in leaves)
        {
            StoredArray[] own = [.. ofLayer[layer.Name]];
            Parameter[] parameters = [.. layer.Parameters.OrderBy(parameter => parameter.IsStatistic)];
            if (own.Length != parameters.Length)
            {
                throw new ModelFormatException("weightsManifest", string.Create(CultureInfo.InvariantCulture,
                    $"{layer.Introduction} has {parameters.Length} parameters, but the file has {own.Length} for it."));
            }

            for (int i = 0; i < own.Length; i++)
            {
                if (!own[i].Shape.SequenceEqual(parameters[i].Shape))
                {
                    throw new ModelFormatException("weightsManifest",
                        $"'{own[i].Name}' has the shape {NDArray.Describe(own[i].Shape)}, but the parameter "
                        + $"'{parameters[i].Name}' of {layer.Introduction} has {NDArray.Describe(parameters[i].Shape)}.");
                }

                parameters[i].Take(own[i].Take());
            }
        }
    }

    private static IEnumerable<Layer> Leaves(Model model) => model.Layers.SelectMany(layer => layer switch
    {
        Model inside => Leaves(inside),
        { Parameters.Count: > 0 } => [layer],
        _ => [],
    });

    /// <summary>What TensorFlow.js calls the weights of a layer.</summary>
    private static IEnumerable<(string Name, Parameter Parameter)> Named(Layer layer)
    {
        string name = layer.Name!;
        return layer switch
        {
            Bidirectional both => [.. Inside(both.ForwardLayer, "forward_"), .. Inside(both.BackwardLayer, "backward_")],
            RecurrentLayer { Cell: StackedRNNCells stack } => stack.Cells.SelectMany((cell, i) =>
                cell.Parameters.Select(parameter =>
                    (string.Create(CultureInfo.InvariantCulture, $"{name}/RNNCell_{i}/{parameter.Name}"), parameter))),
            _ => layer.Parameters.Select(parameter => ($"{name}/{parameter.Name}", parameter)),
        };

        IEnumerable<(string, Parameter)> Inside(RecurrentLayer direction, string prefix)
        {
            string inner = ((Bidirectional)layer).ForwardLayer.Name ?? string.Empty;
            return direction.Parameters.Select(parameter => ($"{name}/{prefix}{inner}/{parameter.Name}", parameter));
        }
    }

    /// <summary>Leaves parameters without memory, since the file's arrays become it, and counts no more of them than it
    /// has.</summary>
    private sealed class Room(long numbers) : IParameterSource
    {
        private long taken;

        public bool TryFill(Parameter parameter)
        {
            taken += parameter.Size;
            if (taken > numbers)
            {
                throw new ModelFormatException("weightsManifest", string.Create(CultureInfo.InvariantCulture,
                    $"there are {numbers} numbers, and the model's parameters have more: '{parameter.Name}' of shape "
                    + $"{NDArray.Describe(parameter.Shape)} is beyond them."));
            }

            return true;
        }
    }

    /// <summary>Bytes that go on from file to file.</summary>
    private sealed class ShardedStream(string[] shards, string folder, int size) : IDisposable
    {
        private readonly MemoryStream shard = new();
        private int next;

        public void Write(ReadOnlySpan<Real> values)
        {
            Span<byte> one = stackalloc byte[sizeof(float)];
            foreach (Real value in values)
            {
                System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(one, (float)value);
                shard.Write(one);
                if (shard.Length == size)
                {
                    Finish();
                }
            }
        }

        public void Finish()
        {
            if (next < shards.Length)
            {
                AtomicFile.Write(Path.Combine(folder, shards[next++]), stream => shard.WriteTo(stream));
                shard.SetLength(0);
            }
        }

        public void Dispose() => shard.Dispose();
    }
}
