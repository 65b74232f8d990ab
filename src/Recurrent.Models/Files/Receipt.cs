using System.Numerics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Models;

/// <summary>
/// What a saved model was made of: seed, a hash of the data, the config, a hash of the weights, versions, the instruction set. It
/// stands in a file beside the model, and whoever repeats the run can hold it against theirs.
/// </summary>
/// <remarks>
/// The same library, seed, data and config give the same bits on any number of threads; another instruction set, or another
/// version, may round in another way, and a comparison says so.
/// </remarks>
/// <example>
/// <code>
/// model.Save("model.json");
/// Receipt.Of(model, x, y).Save(Receipt.PathFor("model.json"));
///
/// // Later, or elsewhere:
/// ReceiptCheck check = Receipt.Load("model.receipt.json").Repeat(() => Receipt.Of(Train(x, y), x, y));
/// Console.WriteLine(check);
/// </code>
/// </example>
public sealed record Receipt
{
    private Receipt(string kind) => Kind = kind;

    /// <summary>What was saved: <c>model</c>, or <c>forecaster</c>.</summary>
    public string Kind { get; private init; }

    /// <summary>Where every random draw came from; null where that is said in the config.</summary>
    public long? Seed { get; private init; }

    /// <summary>The data, each with the SHA-256 of its shape and numbers, or of its file.</summary>
    public IReadOnlyList<ReceiptData> Data { get; private init; } = [];

    /// <summary>The config: of a model its architecture and what it was compiled for, as <see cref="Model.ToJson"/> writes them;
    /// of what the command line has fitted the method.</summary>
    public string Config { get; private init; } = string.Empty;

    /// <summary>SHA-256 of all weights in their order; of a forecaster, of its file.</summary>
    public string WeightsHash { get; private init; } = string.Empty;

    /// <summary>Updates that the optimizer had done; null where there is none.</summary>
    public long? Updates { get; private init; }

    /// <summary>Version of this library.</summary>
    public string LibraryVersion { get; private init; } = typeof(Receipt).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Version of .NET.</summary>
    public string Runtime { get; private init; } = RuntimeInformation.FrameworkDescription;

    /// <summary>The system and the kind of processor.</summary>
    public string Platform { get; private init; } = $"{RuntimeInformation.RuntimeIdentifier}";

    /// <summary>What products and sums were rounded by: kind and width of vectors, and whether products are fused.</summary>
    public string InstructionSet { get; private init; } = Instructions();

    /// <summary>The arguments of the command line that fitted it; empty where a program did.</summary>
    public IReadOnlyList<string> Command { get; private init; } = [];

    /// <summary>Where the receipt of a saved model stands: <c>model.receipt.json</c> beside <c>model.json</c>.</summary>
    /// <param name="modelPath">The file of the model.</param>
    public static string PathFor(string modelPath)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(modelPath);
        return Path.ChangeExtension(modelPath, ".receipt.json");
    }

    /// <summary>The receipt of a trained model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">What it was trained on: inputs, targets, weights.</param>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    public static Receipt Of(Model model, params ReadOnlySpan<ModelData> data)
    {
        ArgumentNullException.ThrowIfNull(model);
        var hashes = new ReceiptData[data.Length];
        for (int i = 0; i < hashes.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(data[i], nameof(data));
            hashes[i] = new(FormattableString.Invariant($"data {i + 1}"), DataHash.Of(data[i]));
        }

        return new Receipt("model")
        {
            Seed = model.Seed,
            Data = hashes,
            Config = model.ToJson(),
            WeightsHash = DataHash.Of(model.GetWeights()),
            Updates = model.Optimizer?.Iterations,
        };
    }

    /// <summary>The receipt of a file that a command has made.</summary>
    /// <param name="file">The file.</param>
    /// <param name="data">The files it was made from.</param>
    /// <param name="command">The arguments of the command.</param>
    /// <param name="config">The config as a text.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Receipt OfCommand(
        string file, IReadOnlyList<string> data, IReadOnlyList<string> command, string config)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(command);
        return new Receipt("forecaster")
        {
            Data = [.. data.Select(path => new ReceiptData(path, DataHash.OfFile(path)))],
            Config = config,
            WeightsHash = DataHash.OfFile(file),
            Command = [.. command],
        };
    }

    /// <summary>Writes the receipt to a file.</summary>
    /// <param name="path">The file; one that is there is replaced as a whole.</param>
    /// <exception cref="ArgumentException">The name ends as those of another format do.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => ConfigFile.Save(path, FileFormat.Receipt, Content());

    /// <summary>Reads a receipt.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFormatException">The content of the file is not that of a receipt.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Receipt Load(string path) => ConfigFile.Load(path, FileFormat.Receipt, null, null, Read);

    /// <summary>Repeats the run and compares.</summary>
    /// <param name="run">Trains anew and gives the receipt of what came of it.</param>
    public ReceiptCheck Repeat(Func<Receipt> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Compare(run());
    }

    /// <summary>Holds another receipt against this one.</summary>
    /// <param name="other">The other one.</param>
    public ReceiptCheck Compare(Receipt other)
    {
        ArgumentNullException.ThrowIfNull(other);
        (string What, string Mine, string Other)[] all =
        [
            ("kind", Kind, other.Kind),
            ("seed", Text(Seed), Text(other.Seed)),
            .. Enumerable.Range(0, Math.Max(Data.Count, other.Data.Count)).Select(i => (
                i < Data.Count ? Data[i].Name : other.Data[i].Name,
                i < Data.Count ? Data[i].Hash : "none",
                i < other.Data.Count ? other.Data[i].Hash : "none")),
            ("config", Config, other.Config),
            ("library", LibraryVersion, other.LibraryVersion),
            ("runtime", Runtime, other.Runtime),
            ("platform", Platform, other.Platform),
            ("instruction set", InstructionSet, other.InstructionSet),
            ("updates", Text(Updates), Text(other.Updates)),
            ("weights", WeightsHash, other.WeightsHash),
        ];
        return new(WeightsHash == other.WeightsHash, [.. all.Where(each => each.Mine != each.Other)
            .Select(each => new ReceiptDifference(each.What, Short(each.Mine, each.Other), Short(each.Other, each.Mine)))]);
    }

    private static string Text(long? number) => number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none";

    /// <summary>A text, or of a long one what stands where it first differs from another.</summary>
    private static string Short(string text, string other)
    {
        if (text.Length <= 80)
        {
            return text;
        }

        int at = 0;
        while (at < Math.Min(text.Length, other.Length) && text[at] == other[at])
        {
            at++;
        }

        int start = Math.Max(0, at - 30);
        return (start > 0 ? "…" : string.Empty) + text[start..Math.Min(text.Length, start + 75)] + "…";
    }

    internal static string Instructions()
    {
        int width = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256
            : Vector128.IsHardwareAccelerated ? 128 : 0;
        bool fused = Fma.IsSupported || System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.IsSupported;
        return FormattableString.Invariant($"{RuntimeInformation.ProcessArchitecture}, vectors of {width} bits, ")
            + FormattableString.Invariant($"Vector<T> of {Vector<byte>.Count * 8}, products {(fused ? "fused" : "not fused")}");
    }

    private Config Content() => new()
    {
        { "kind", Kind },
        { "seed", Seed },
        { "data", Data.Select(data => (object)new Config { { "name", data.Name }, { "sha256", data.Hash } }).ToArray() },
        { "config", PackedNumbers.WriteText(Config) },
        { "weights_sha256", WeightsHash },
        { "updates", Updates },
        { "library_version", LibraryVersion },
        { "runtime", Runtime },
        { "platform", Platform },
        { "instruction_set", InstructionSet },
        { "command", Command.ToArray() },
    };

    private static Receipt Read(ConfigReader reader) => new(reader.String("kind"))
    {
        Seed = Whole(reader, "seed"),
        Data = reader.NestedList("data", data => new ReceiptData(data.String("name"), data.String("sha256"))),
        Config = PackedNumbers.ReadText(reader, "config"),
        WeightsHash = reader.String("weights_sha256"),
        Updates = Whole(reader, "updates"),
        LibraryVersion = reader.String("library_version"),
        Runtime = reader.String("runtime"),
        Platform = reader.String("platform"),
        InstructionSet = reader.String("instruction_set"),
        Command = reader.Strings("command"),
    };

    private static long? Whole(ConfigReader reader, string key) => reader.Raw(key) switch
    {
        null => null,
        long number => number,
        _ => throw new ConfigException($"'{key}' must be a whole number.") { Option = key },
    };
}

/// <summary>Data of a run.</summary>
/// <param name="Name">What they are, or their file.</param>
/// <param name="Hash">Their SHA-256.</param>
public sealed record ReceiptData(string Name, string Hash);

/// <summary>What differs between two receipts.</summary>
/// <param name="What">What it is.</param>
/// <param name="Expected">What the receipt says.</param>
/// <param name="Found">What was found.</param>
public sealed record ReceiptDifference(string What, string Expected, string Found);

/// <summary>A repeated run beside the first one.</summary>
/// <param name="Same">Whether the weights have the same bits.</param>
/// <param name="Differences">What differs, the weights among it.</param>
public sealed record ReceiptCheck(bool Same, IReadOnlyList<ReceiptDifference> Differences)
{
    /// <summary>The result in words.</summary>
    public override string ToString() => (Same ? "The same bits." : "Other weights.")
        + string.Concat(Differences.Select(each => $" {each.What}: {each.Expected} → {each.Found}."));
}
