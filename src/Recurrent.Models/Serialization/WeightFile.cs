using Newtonsoft.Json;

namespace Recurrent.Serialization;

/// <summary>Files of weights without a model: <c>{"format": "recurrent-weights", "format_version": 1, "dtype": …, "weights":
/// […]}</c>.</summary>
internal static class WeightFile
{
    /// <summary>Writes a file. The stream stays open.</summary>
    public static void Write(Stream stream, IReadOnlyList<StoredArray> weights, bool plainNumbers)
    {
        using StreamWriter text = ModelFileWriter.Text(stream);
        using JsonTextWriter json = ModelFileWriter.Open(text, indented: false);
        FileFormat.Weights.Begin(json);
        json.WritePropertyName("dtype");
        json.WriteValue(ComponentWriter.RealName);
        ModelFileWriter.WriteArrays(json, "weights", weights, plainNumbers);
        json.WriteEndObject();
    }

    /// <summary>Reads a file to the end of the stream, which stays open.</summary>
    /// <exception cref="ModelFormatException">The content is not that of a file of weights.</exception>
    public static IReadOnlyList<StoredArray> Read(Stream stream, ReadLimits limits)
    {
        JsonNode root = JsonTree.Read(stream, limits);
        FileFormat.Weights.Require(root);
        root.Allow("format", "format_version", "dtype", "weights");
        bool wide = root.Optional("dtype") is { } dtype && FileFormat.IsWide(dtype);
        return [.. root["weights"].Items.Select(item => StoredArray.Read(item, wide))];
    }

    /// <summary>The arrays in the order of a model's parameters.</summary>
    /// <param name="arrays">What the file has.</param>
    /// <param name="parameters">Path and shape of every parameter.</param>
    /// <param name="inOrder">Whether they are taken as they come, whatever they are called.</param>
    /// <exception cref="ModelFormatException">They are not the model's; the message names the first that is not.</exception>
    public static StoredArray[] Match(
        IReadOnlyList<StoredArray> arrays, IReadOnlyList<(string Path, IReadOnlyList<int> Shape)> parameters, bool inOrder)
    {
        StoredArray[] matched = inOrder ? ByOrder(arrays, parameters) : ByName(arrays, parameters);
        for (int i = 0; i < matched.Length; i++)
        {
            if (!matched[i].Shape.SequenceEqual(parameters[i].Shape))
            {
                throw new ModelFormatException(
                    matched[i].Path + ".shape",
                    $"'{matched[i].Name}' has the shape {NDArray.Describe(matched[i].Shape)}, but the model's parameter "
                    + $"'{parameters[i].Path}' has {NDArray.Describe(parameters[i].Shape)}.");
            }
        }

        return matched;
    }

    private static StoredArray[] ByOrder(IReadOnlyList<StoredArray> arrays,
        IReadOnlyList<(string Path, IReadOnlyList<int> Shape)> parameters) =>
        arrays.Count == parameters.Count
            ? [.. arrays]
            : throw new ModelFormatException("weights", FormattableString.Invariant(
                $"there are {arrays.Count} arrays, but the model has {parameters.Count} parameters."));

    private static StoredArray[] ByName(IReadOnlyList<StoredArray> arrays,
        IReadOnlyList<(string Path, IReadOnlyList<int> Shape)> parameters)
    {
        var byName = new Dictionary<string, StoredArray>(StringComparer.Ordinal);
        int prefix = CommonPrefix(arrays, parameters);
        foreach (StoredArray array in arrays)
        {
            if (!byName.TryAdd(array.Name[prefix..], array))
            {
                throw new ModelFormatException(array.Path + ".name", $"the name '{array.Name}' appears twice.");
            }
        }

        HashSet<string> paths = [.. parameters.Select(parameter => parameter.Path)];
        if (paths.Count < parameters.Count)
        {
            // Names say nothing where several parameters share one.
            return ByOrder(arrays, parameters);
        }

        string[] unknown = [.. byName.Keys.Where(name => !paths.Contains(name))];
        foreach ((string path, IReadOnlyList<int> shape) in parameters)
        {
            if (!byName.ContainsKey(path))
            {
                string found = unknown.Length == 0 ? "no further ones"
                    : string.Join(", ", unknown.Take(5).Select(name => $"'{name}'"));
                throw new ModelFormatException(
                    "weights",
                    $"there are no numbers for the model's parameter '{path}' of shape {NDArray.Describe(shape)}; among those "
                    + $"of other names are {found}. If they are the same model's and in its order, read them with "
                    + "inOrder: true.");
            }
        }

        return unknown.Length == 0
            ? [.. parameters.Select(parameter => byName[parameter.Path])]
            : throw new ModelFormatException(byName[unknown[0]].Path + ".name",
                $"the model has no parameter '{byName[unknown[0]].Name}'.");
    }

    /// <summary>Length of what stands before all names where that is the name of a model: some versions of Keras write
    /// <c>sequential/dense/kernel</c>.</summary>
    private static int CommonPrefix(IReadOnlyList<StoredArray> arrays,
        IReadOnlyList<(string Path, IReadOnlyList<int> Shape)> parameters)
    {
        if (arrays.Count == 0 || parameters.Count == 0)
        {
            return 0;
        }

        int length = arrays[0].Name.IndexOf('/', StringComparison.Ordinal) + 1;
        string prefix = arrays[0].Name[..length];
        return arrays.All(array => array.Name.StartsWith(prefix, StringComparison.Ordinal))
            && parameters.Any(parameter => arrays.Any(array => array.Name.AsSpan(length).SequenceEqual(parameter.Path)))
            && !parameters.Any(parameter => arrays.Any(array => array.Name == parameter.Path))
                ? length
                : 0;
    }
}
