using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Recurrent.Models;

/// <summary>SHA-256 of data: of shapes and numbers, as little-endian bytes.</summary>
internal static class DataHash
{
    /// <summary>The hash of arrays in their order.</summary>
    public static string Of(IEnumerable<NDArray> arrays)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (NDArray array in arrays)
        {
            Add(hash, array);
        }

        return Text(hash);
    }

    /// <summary>The hash of data for a model.</summary>
    public static string Of(ModelData data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, data);
        return Text(hash);
    }

    /// <summary>The hash of a file.</summary>
    public static string OfFile(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static string Text(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());

    private static void Add(IncrementalHash hash, ModelData data)
    {
        if (data.Array is { } array)
        {
            Add(hash, array);
        }
        else if (data.Lazy is { } lazy)
        {
            Add(hash, lazy.Shape);
            var sample = new Real[lazy.SampleSize];
            for (int i = 0; i < lazy.Count; i++)
            {
                lazy.Read(i, sample);
                Add(hash, sample);
            }
        }
        else if (data.Sequences is { } sequences)
        {
            Add(hash, [sequences.Count]);
            foreach (NDArray sequence in sequences)
            {
                Add(hash, sequence);
            }
        }
        else if (data.Strings is { } strings)
        {
            Add(hash, strings.Shape);
            foreach (string text in strings)
            {
                Add(hash, text);
            }
        }
        else if (data.Named is { } named)
        {
            foreach ((string name, ModelData part) in named.OrderBy(part => part.Key, StringComparer.Ordinal))
            {
                Add(hash, name);
                Add(hash, part);
            }
        }
        else
        {
            foreach (ModelData item in data.Items ?? [])
            {
                Add(hash, item);
            }
        }
    }

    private static void Add(IncrementalHash hash, NDArray array)
    {
        Add(hash, array.Shape);
        Add(hash, array.Values);
    }

    private static void Add(IncrementalHash hash, IReadOnlyList<int> shape)
    {
        foreach (int axis in shape.Prepend(shape.Count))
        {
            hash.AppendData(BitConverter.IsLittleEndian ? BitConverter.GetBytes(axis)
                : [.. BitConverter.GetBytes(axis).Reverse()]);
        }
    }

    private static void Add(IncrementalHash hash, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Add(hash, [bytes.Length]);
        hash.AppendData(bytes);
    }

    private static void Add(IncrementalHash hash, Real[] values)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values.AsSpan());
        if (BitConverter.IsLittleEndian)
        {
            hash.AppendData(bytes);
            return;
        }

        byte[] turned = bytes.ToArray();
        for (int i = 0; i < turned.Length; i += sizeof(Real))
        {
            turned.AsSpan(i, sizeof(Real)).Reverse();
        }

        hash.AppendData(turned);
    }
}
