using System.Globalization;
using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Tensors;

/// <summary>Tensors by name, in a file of safetensors or one that PyTorch has saved.</summary>
/// <remarks>
/// <para>
/// Read are <c>.safetensors</c>, and <c>.pt</c>, <c>.pth</c> and <c>.bin</c> files of <c>torch.save</c> (the archives that it has
/// written since version 1.6, and the files before them) that hold a <c>state_dict</c>, at the top or under one key, such as
/// <c>model_state_dict</c>. Which of them a file is, its content says and not its name. Numbers of any width are read: float64,
/// float32, float16, bfloat16, whole numbers and flags; they come as the library's own. Written are float32.
/// </para>
/// <para>
/// Files may come from anywhere: sizes and places are checked before room is made, of a pickle only what tensors need is read,
/// nothing in it can name a type or be executed, and only tensors or a <see cref="ModelFormatException"/> come out.
/// </para>
/// </remarks>
/// <example><code>
/// using TensorFile file = TensorFile.Open("model.safetensors");
/// NDArray weights = file.Read("encoder.weight");
/// TensorFile.Save("again.safetensors", new Dictionary&lt;string, NDArray&gt; { ["encoder.weight"] = weights });
/// </code></example>
public sealed class TensorFile : IDisposable
{
    private readonly Stream stream;
    private readonly ReadLimits limits;
    private readonly Dictionary<string, StoredTensor> byName = new(StringComparer.Ordinal);

    private TensorFile(Stream stream, TensorContent content, ReadLimits limits)
    {
        this.stream = stream;
        this.limits = limits;
        Format = content.Format;
        Metadata = content.Metadata;
        foreach (StoredTensor tensor in content.Tensors)
        {
            if (!byName.TryAdd(tensor.Info.Name, tensor))
            {
                throw new ModelFormatException(tensor.Info.Name, "there are two tensors of this name.");
            }
        }

        Tensors = [.. content.Tensors.Select(tensor => tensor.Info)];
    }

    /// <summary>What kind of file it is, in words: <c>safetensors</c>, <c>PyTorch archive</c>, <c>PyTorch file of before
    /// 1.6</c>.</summary>
    public string Format { get; }

    /// <summary>Texts about the tensors: the metadata of safetensors; what stands beside the <c>state_dict</c> in a checkpoint
    /// of PyTorch, such as <c>epoch</c>, as far as it is a number or a text.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors, in the order of the file.</summary>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>Opens a file. Numbers are read when they are asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">How large it may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content is not that of a file of tensors.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TensorFile Open(string path, ReadLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileStream stream = AtomicFile.OpenRead(path);
        try
        {
            return Over(stream, limits ?? ReadLimits.Default);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads a stream to its end, and keeps its bytes.</summary>
    /// <param name="stream">The stream; it stays open, and is not needed any more.</param>
    /// <param name="limits">How large the content may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content is not that of a file of tensors.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static TensorFile Read(Stream stream, ReadLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        limits ??= ReadLimits.Default;
        return Over(BoundedContent.Read(stream, limits), limits);
    }

    /// <summary>Whether there is a tensor of a name.</summary>
    /// <param name="name">The name.</param>
    public bool Contains(string name) => byName.ContainsKey(name);

    /// <summary>Reads the numbers of a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The numbers in the tensor's shape. Such as are not finite are handed out as they are.</returns>
    /// <exception cref="KeyNotFoundException">There is no tensor of that name; the message says which there are.</exception>
    /// <exception cref="ModelFormatException">
    /// The file does not hold what it said, or the tensor repeats few numbers to more than
    /// <see cref="ReadLimits.MaxParameters"/>.
    /// </exception>
    public NDArray Read(string name) => Read(name, out _);

    /// <summary>Reads the numbers of a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="notFinite">Index of the first number that is not finite; −1 where all are.</param>
    internal NDArray Read(string name, out long notFinite)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!byName.TryGetValue(name, out StoredTensor? tensor))
        {
            throw new KeyNotFoundException(
                $"The file has no tensor '{name}'. {Spelling.DidYouMean(name, [.. byName.Keys])}It has "
                + $"{string.Join(", ", byName.Keys.Take(20))}{(byName.Count > 20 ? ", …" : ".")}");
        }

        if (tensor.IsExpanded && tensor.Count > limits.MaxParameters)
        {
            throw new ModelFormatException(name, string.Create(CultureInfo.InvariantCulture,
                $"the tensor is {tensor.Count} numbers, made of fewer that the file holds. If you trust it, raise "
                + $"{nameof(ReadLimits)}.{nameof(ReadLimits.MaxParameters)}."));
        }

        return new(tensor.Info.Shape, tensor.Read(out notFinite));
    }

    /// <summary>Writes tensors to a file: safetensors, or where its name ends in <c>.pt</c>, <c>.pth</c> or <c>.bin</c> an
    /// archive that <c>torch.load</c> reads, also with <c>weights_only=True</c>, as an ordered dictionary.</summary>
    /// <param name="path">The file. Where there is one already, it is replaced as a whole, or stays as it is if anything
    /// fails.</param>
    /// <param name="tensors">Names and numbers, in the order in which they are to stand.</param>
    /// <param name="metadata">Texts about them, which safetensors keeps; null for none.</param>
    /// <exception cref="ArgumentException">A name comes twice, or is that of the metadata; metadata are given for an archive; or
    /// the file's name ends as those of another format do.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(
        string path, IEnumerable<KeyValuePair<string, NDArray>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        Write(path, [.. tensors.Select(pair => new NamedTensor(pair.Key, pair.Value.Shape, pair.Value.Values))], metadata);
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    /// <summary>Writes a file of the kind that its name says.</summary>
    internal static void Write(string path, IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string end = Path.GetExtension(path).ToUpperInvariant();
        bool isArchive = end is ".PT" or ".PTH" or ".BIN";
        if (!isArchive && end != ".SAFETENSORS")
        {
            throw new ArgumentException(
                $"'{path}' is not written: call it .safetensors, or .pt or .pth for an archive of PyTorch.", nameof(path));
        }

        if (isArchive && metadata is { Count: > 0 })
        {
            throw new ArgumentException("An archive of PyTorch has no place for metadata. Write .safetensors.", nameof(metadata));
        }

        string? wrong = tensors.Select(tensor => tensor.Name).FirstOrDefault(name => name is null or "" or "__metadata__")
            ?? tensors.GroupBy(tensor => tensor.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (wrong is not null)
        {
            throw new ArgumentException($"'{wrong}' is no name of one tensor.", nameof(tensors));
        }

        AtomicFile.Write(path, target =>
        {
            if (isArchive)
            {
                TorchWriter.Write(target, tensors);
            }
            else
            {
                Safetensors.Write(target, tensors, metadata ?? new Dictionary<string, string>());
            }
        });
    }

    /// <summary>The tensor of a name, and its numbers only when they are wanted.</summary>
    internal StoredTensor? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>Reads what stands in a stream that can seek, from its beginning on.</summary>
    internal static TensorFile Over(Stream stream, ReadLimits limits)
    {
        if (stream.Length > limits.MaxLength)
        {
            throw new ModelFormatException(string.Create(CultureInfo.InvariantCulture,
                $"The file has {stream.Length} bytes, and {limits.MaxLength} are allowed. If you trust it, raise "
                + $"{nameof(ReadLimits)}.{nameof(ReadLimits.MaxLength)}."));
        }

        ByteSource bytes = ByteSource.Of(stream) ?? ByteSource.Of(BoundedContent.Read(stream, limits))!;
        var start = new byte[(int)Math.Min(bytes.Length, 4096)];
        bytes.Read(0, start);
        return new(stream, FileKinds.Of(start) switch
        {
            FileKind.Safetensors => Safetensors.Read(bytes, limits),
            FileKind.TorchArchive => TorchArchive.Read(bytes),
            FileKind.Pickle => TorchLegacy.Read(bytes),
            _ => throw new ModelFormatException(
                FileKinds.Recognize(start) ?? "This is no file of tensors: neither safetensors nor what torch.save writes."),
        }, limits);
    }
}
