namespace Recurrent.Serialization;

/// <summary>Reads model files and architectures, and trusts neither.</summary>
internal static class ModelFileReader
{
    /// <summary>Reads an architecture in Keras's words.</summary>
    /// <exception cref="ModelFormatException">The text does not describe a model.</exception>
    public static Architecture ReadArchitecture(string text, bool compile, ReadLimits limits, ReadContext context) =>
        ArchitectureReader.Read(JsonTree.Read(text, limits), compile, context);

    /// <summary>Reads a file to the end of the stream, which stays open.</summary>
    /// <exception cref="ModelFormatException">The content is not that of a model file.</exception>
    public static ModelFile Read(Stream stream, bool compile, ReadLimits limits, ReadContext context)
    {
        JsonNode root = JsonTree.Read(stream, limits);
        long version = FileFormat.Model.Require(root);
        root.Allow("format", "format_version", "library_version", "dtype", "seed", "seeds", "model", "weights", "training");
        _ = root.Optional("library_version")?.Text();
        bool wide = FileFormat.IsWide(root["dtype"]);
        int seed = (int)root["seed"].Whole(int.MinValue, int.MaxValue);
        StoredArray[] weights = ReadArrays(root["weights"], wide, version > 1 ? ["trainable", "trained"] : []);
        TrainingState? training = root["training"].IsNull ? null : ReadTraining(root["training"], wide);
        Architecture architecture = ArchitectureReader.Read(root["model"], compile, context);
        return new(architecture, seed, weights, training)
        {
            Seeds = root.Optional("seeds") is { } seeds
                ? [.. seeds.Items.Select(item => item.Whole(long.MinValue, long.MaxValue))] : null,
        };
    }

    /// <summary>Reads how far training has come.</summary>
    internal static TrainingState ReadTraining(JsonNode node, bool wide)
    {
        node.Allow("epochs", "steps", "iterations", "slots");
        return new(
            node["epochs"].Whole(0, SaveCheck.MostEpochs),
            node["steps"].Whole(0, SaveCheck.MostSteps),
            node["iterations"].Whole(0, SaveCheck.MostSteps),
            ReadArrays(node["slots"], wide));
    }

    /// <summary>Reads a list of arrays.</summary>
    internal static StoredArray[] ReadArrays(JsonNode node, bool wide, params string[] keys) =>
        [.. node.Items.Select(item => StoredArray.Read(item, wide, keys))];
}
