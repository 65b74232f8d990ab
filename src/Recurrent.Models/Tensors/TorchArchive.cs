using System.Globalization;
using System.IO.Compression;
using System.Text;
using Recurrent.Serialization;

namespace Recurrent.Tensors;

/// <summary>The zip archives that <c>torch.save</c> writes since PyTorch 1.6: a pickle, and a part for each storage.</summary>
internal static class TorchArchive
{
    private const string PickleName = "data.pkl";
    private const long MostPickle = 1 << 26;

    /// <summary>Reads what an archive says of its tensors.</summary>
    /// <param name="file">The file; tensors read from it later.</param>
    /// <exception cref="ModelFormatException">It is no such archive.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TensorContent Read(ByteSource file) => file.Reading(() => ReadParts(file));

    private static TensorContent ReadParts(ByteSource file)
    {
        try
        {
            using var stream = new BytesStream(file);
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            return Read(archive, stream);
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException or IOException
            or ArgumentException or OverflowException)
        {
            throw new ModelFormatException(
                $"The zip archive of this file of PyTorch cannot be read: {exception.Message}", exception);
        }
    }

    private static TensorContent Read(ZipArchive archive, BytesStream file)
    {
        ZipArchiveEntry[] pickles = [.. archive.Entries.Where(entry =>
            entry.FullName == PickleName || entry.FullName.EndsWith("/" + PickleName, StringComparison.Ordinal))];
        if (pickles.Length != 1)
        {
            throw new ModelFormatException(
                $"The zip archive has {(pickles.Length == 0 ? "no" : "several")} parts '{PickleName}': it is not of PyTorch.");
        }

        string folder = pickles[0].FullName[..^PickleName.Length];
        if (archive.Entries.Any(entry => entry.FullName.StartsWith(folder + "code/", StringComparison.Ordinal)))
        {
            throw new ModelFormatException("This is a TorchScript archive, whose code is not run here. In Python: "
                + "torch.save(model.state_dict(), \"model.pt\").");
        }

        var parts = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            if (!parts.TryAdd(entry.FullName, entry))
            {
                throw new ModelFormatException($"The archive has several parts '{entry.FullName}'.");
            }
        }

        if (parts.TryGetValue(folder + "byteorder", out ZipArchiveEntry? order)
            && Encoding.ASCII.GetString(Content(order, file, 16).ToArray()).Trim() is not "little" and var other)
        {
            throw new ModelFormatException($"The numbers are written in the byte order '{other}', and 'little' is read here.");
        }

        object? root = Pickle.Read(Content(pickles[0], file, MostPickle), Storage);
        var storages = new Dictionary<string, FileStorage>(StringComparer.Ordinal);
        long total = 0;
        return TorchState.Read("PyTorch archive", root, storage =>
        {
            if (storages.TryGetValue(storage.Key, out FileStorage? known))
            {
                return known;
            }

            string name = $"{folder}data/{storage.Key}";
            if (!parts.TryGetValue(name, out ZipArchiveEntry? entry))
            {
                throw new ModelFormatException(name, "the archive has no such part, of which a tensor is a view.");
            }

            RequireStored(entry);
            total += entry.Length;
            if (total > file.Length)
            {
                throw new ModelFormatException(name, "the parts of the archive are longer than the file.");
            }

            return storages[storage.Key] = Part(entry, file);
        });
    }

    /// <summary>What <c>('storage', torch.FloatStorage, key, location, count)</c> stands for.</summary>
    internal static object Storage(PickleTuple id) => id.Items is ["storage", PickleType type, string key, _, long count, ..]
        && count >= 0
            ? new PickleStorage(type.Type, key, count,
                id.Items is [.., PickleTuple { Items: [string, long offset, long] }] ? offset : 0)
            : throw new ModelFormatException("a persistent id of the pickle", "it is none of a storage of numbers.");

    private static void RequireStored(ZipArchiveEntry entry)
    {
        if (entry.IsEncrypted)
        {
            throw new ModelFormatException(entry.FullName,
                "the archive is protected by a password. Unpack it and pack it again without one.");
        }

        if (entry.Length != entry.CompressedLength)
        {
            throw new ModelFormatException(entry.FullName,
                "the part is compressed, which torch.save does not do: unpack the archive and pack it again without (zip -0).");
        }
    }

    private static MemoryStream Content(ZipArchiveEntry entry, BytesStream file, long most)
    {
        RequireStored(entry);
        if (entry.Length > most)
        {
            throw new ModelFormatException(entry.FullName, string.Create(CultureInfo.InvariantCulture,
                $"the part has {entry.Length} bytes, and {most} are allowed."));
        }

        var bytes = new byte[entry.Length];
        Part(entry, file).Read(0, bytes);
        return new MemoryStream(bytes, writable: false);
    }

    private static FileStorage Part(ZipArchiveEntry entry, BytesStream file)
    {
        try
        {
            return new(entry.Length == 0 ? file.Source.Part(0, 0) : StoredPart.Find(entry, file)
                ?? throw new ModelFormatException(entry.FullName, "the part is not stored as it is."));
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException or IOException)
        {
            throw new ModelFormatException(entry.FullName, $"the part cannot be read: {exception.Message}", exception);
        }
    }
}
