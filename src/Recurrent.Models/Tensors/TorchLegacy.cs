using System.Buffers.Binary;
using System.Globalization;
using Recurrent.Serialization;

namespace Recurrent.Tensors;

/// <summary>
/// What <c>torch.save</c> wrote before PyTorch 1.6: pickles of a magic number, a version, what the machine is like, the object
/// and the keys of its storages, and behind them the storages, each its length and its numbers.
/// </summary>
internal static class TorchLegacy
{
    private const string Magic = "1950a86a20f9469cfc6c";
    private const long Version = 1001;

    /// <summary>Reads what a file says of its tensors.</summary>
    /// <param name="file">The file; tensors read from it later.</param>
    /// <exception cref="ModelFormatException">It is no such file.</exception>
    public static TensorContent Read(ByteSource file)
    {
        using var stream = new BytesStream(file);
        if (Pickle.Read(stream, None) is not string magic || magic.TrimStart('0') != Magic)
        {
            throw new ModelFormatException("This is a pickle of Python, but not one that torch.save has written. In Python: "
                + "torch.save(model.state_dict(), \"model.pt\").");
        }

        if (Pickle.Read(stream, None) is not Version)
        {
            throw new ModelFormatException("The file of PyTorch is of a version of before 1.6 that is not read here. Load it in "
                + "PyTorch and save it again.");
        }

        if (Pickle.Read(stream, None) is not PickleDictionary machine || machine["little_endian"] is not true)
        {
            throw new ModelFormatException("The numbers are written in big-endian order, and little-endian is read here.");
        }

        var known = new Dictionary<string, PickleStorage>(StringComparer.Ordinal);
        object? root = Pickle.Read(stream, id =>
        {
            var storage = (PickleStorage)TorchArchive.Storage(id);
            if (!known.TryAdd(storage.Key, storage) && known[storage.Key].Type != storage.Type)
            {
                throw new ModelFormatException(storage.Key, "the storage is of two types of numbers.");
            }

            return storage;
        });
        if (Pickle.Read(stream, None) is not List<object?> keys)
        {
            throw new ModelFormatException("The file of PyTorch does not say which storages follow.");
        }

        var storages = new Dictionary<string, IStorage>(StringComparer.Ordinal);
        foreach (object? item in keys)
        {
            if (item is not string key || !known.TryGetValue(key, out PickleStorage? storage))
            {
                throw new ModelFormatException("The file of PyTorch has a storage of which no tensor is a view.");
            }

            storages[key] = Next(stream, storage);
        }

        return TorchState.Read("PyTorch file of before 1.6", root, storage => storages.GetValueOrDefault(storage.Key)
            ?? throw new ModelFormatException(storage.Key, "the file has no such storage, of which a tensor is a view."));
    }

    private static FileStorage Next(BytesStream stream, PickleStorage storage)
    {
        Span<byte> prefix = stackalloc byte[sizeof(long)];
        if (stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) < prefix.Length)
        {
            throw new ModelFormatException(storage.Key, "the file ends before this storage. Was it cut off while it was copied?");
        }

        long count = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        long start = stream.Position;
        if (count < 0 || count > (stream.Length - start) / storage.Type.Width)
        {
            throw new ModelFormatException(storage.Key, string.Create(CultureInfo.InvariantCulture,
                $"the storage says that it has {count} numbers, but the file ends before. Was it cut off while it was copied?"));
        }

        stream.Position = start + count * storage.Type.Width;
        return new(stream.Source.Part(start, count * storage.Type.Width));
    }

    private static object None(PickleTuple id) =>
        throw new ModelFormatException("A storage stands where the file of PyTorch has none.");
}
