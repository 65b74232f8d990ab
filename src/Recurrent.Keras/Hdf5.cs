using System.Globalization;
using System.Numerics.Tensors;
using PureHDF;
using PureHDF.Selections;
using PureHDF.VOL.Native;
using Recurrent.Serialization;

namespace Recurrent.Keras;

/// <summary>
/// An HDF5 file that need not be what it says: whatever is asked of it and cannot be read is a
/// <see cref="ModelFormatException"/> with the path in the file.
/// </summary>
internal sealed class Hdf5 : IDisposable
{
    private const int MostTexts = 100_000;
    private const string Package = nameof(PureHDF);

    private readonly NativeFile file;
    private readonly BytesStream stream;

    private Hdf5(NativeFile file, BytesStream stream)
    {
        this.file = file;
        this.stream = stream;
    }

    /// <summary>Opens a file, which it reads from as it is asked.</summary>
    public static Hdf5 Open(ByteSource content) => Guard(content, string.Empty, () =>
    {
        var stream = new BytesStream(content);
        return new Hdf5(H5File.Open(stream, leaveOpen: true), stream);
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        file.Dispose();
        stream.Dispose();
    }

    /// <summary>Whether there is a group or an array at a path.</summary>
    public bool Has(string path) => path.Length == 0 || Guard(path, () =>
    {
        // Step by step: a path below an array is none.
        IH5Group group = file;
        string[] names = path.Split('/');
        for (int i = 0; i < names.Length; i++)
        {
            if (!group.LinkExists(names[i]))
            {
                return false;
            }

            if (i == names.Length - 1)
            {
                return true;
            }

            if (group.Get(names[i]) is not IH5Group next)
            {
                return false;
            }

            group = next;
        }

        return false;
    });

    /// <summary>The numbers at a path, of a shape that is known.</summary>
    public float[] Array(string path, IReadOnlyList<int> shape) => Guard(path, () =>
    {
        IH5Dataset dataset = Dataset(path);
        ulong[] axes = dataset.Space.Type == H5DataspaceType.Scalar ? [] : dataset.Space.Dimensions;
        if (axes.Length != shape.Count || axes.Where((axis, i) => axis != (ulong)shape[i]).Any())
        {
            throw new ModelFormatException(path,
                $"the array has the shape ({string.Join(", ", axes)}), but the model's parameter has {NDArray.Describe(shape)}.");
        }

        long count = shape.Aggregate(1L, (size, axis) => checked(size * axis));
        RequireRoom(path, dataset, count);
        float[] values = Large(dataset, count, out long notFinite) ?? Numbers(path, dataset, out notFinite);
        return notFinite < 0 ? values
            : throw new ModelFormatException(path, "the array holds a number that is not finite.");
    });

    /// <summary>The numbers at a path, of whatever shape.</summary>
    public OldArray Array(string path) => Guard(path, () =>
    {
        IH5Dataset dataset = Dataset(path);
        ulong[] axes = dataset.Space.Type == H5DataspaceType.Scalar ? [] : dataset.Space.Dimensions;
        int[] shape = [.. axes.Select(axis => checked((int)axis))];
        return new OldArray(path, shape, Array(path, shape));
    });

    /// <summary>The one whole number at a path.</summary>
    public long Whole(string path) => Guard(path, () =>
    {
        IH5Dataset dataset = Dataset(path);
        long value = (dataset.Type.Class, dataset.Space.Type, dataset.Type.Size) switch
        {
            (H5DataTypeClass.FixedPoint, H5DataspaceType.Scalar, 4) => dataset.Read<int>(),
            (H5DataTypeClass.FixedPoint, H5DataspaceType.Scalar, 8) => dataset.Read<long>(),
            _ => throw new ModelFormatException(path, "expected a whole number of 32 or 64 bits."),
        };
        return value >= 0 ? value : throw new ModelFormatException(path, "expected a number that is not negative.");
    });

    /// <summary>Number of axes of the array at a path.</summary>
    public int Rank(string path) => Guard(path, () =>
        Dataset(path).Space is { Type: not H5DataspaceType.Scalar } space ? space.Dimensions.Length : 0);

    /// <summary>A text beside a group; null where there is none.</summary>
    public string? Text(string group, string attribute) => Guard(Below(group, attribute), () =>
    {
        IH5Group owner = Group(group);
        return owner.AttributeExists(attribute) && owner.Attribute(attribute) is { } found && IsText(found)
            && found.Space.Type == H5DataspaceType.Scalar
                ? Trimmed(found.Read<string>())
                : null;
    });

    /// <summary>Texts beside a group, cut into several attributes where they are many; null where there are none.</summary>
    public string[]? Texts(string group, string attribute) => Guard(Below(group, attribute), () =>
    {
        IH5Group owner = Group(group);
        if (owner.AttributeExists(attribute))
        {
            return Read(owner.Attribute(attribute));
        }

        var texts = new List<string>();
        for (int part = 0; ; part++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{attribute}{part}");
            if (!owner.AttributeExists(name))
            {
                return part == 0 ? null : texts.ToArray();
            }

            texts.AddRange(Read(owner.Attribute(name)));
            if (texts.Count > MostTexts)
            {
                throw new ModelFormatException(name, "there are too many names.");
            }
        }

        // Keras writes an empty list as one of numbers.
        string[] Read(IH5Attribute found)
        {
            ulong count = found.Space.Dimensions.Aggregate(1UL, (size, axis) => checked(size * axis));
            return count == 0 || found.Space.Type == H5DataspaceType.Null ? []
                : IsText(found) && count <= MostTexts
                    ? [.. found.Read<string[]>().Select(Trimmed)]
                    : throw new ModelFormatException(Below(group, attribute), "expected a list of texts.");
        }
    });

    /// <summary>The path of something in a group.</summary>
    public static string Below(string group, string name) => group.Length == 0 ? name : $"{group}/{name}";

    private static bool IsText(IH5Attribute attribute) =>
        attribute.Type.Class is H5DataTypeClass.String or H5DataTypeClass.VariableLength;

    // Keras 2 writes bytes, padded.
    private static string Trimmed(string? text) => (text ?? string.Empty).TrimEnd('\0');

    private IH5Group Group(string path) => path.Length == 0 ? file
        : file.Get(path) as IH5Group ?? throw new ModelFormatException(path, "expected a group.");

    private IH5Dataset Dataset(string path) => !Has(path)
        ? throw new ModelFormatException(path, "the file has no such array.")
        : file.Get(path) as IH5Dataset ?? throw new ModelFormatException(path, "expected an array, but this is a group.");

    /// <summary>Checks what the file says of the size of an array before room is made for it.</summary>
    private void RequireRoom(string path, IH5Dataset dataset, long count)
    {
        if (dataset.Layout.Class is not (H5DataLayoutClass.Contiguous or H5DataLayoutClass.Compact))
        {
            throw new ModelFormatException(path,
                "the array is cut into chunks or compressed, which Keras does not do; save it anew in Keras.");
        }

        int width = dataset.Type.Size;
        if (width <= 0 || count > stream.Length / width)
        {
            throw new ModelFormatException(path, "the array is larger than the file.");
        }
    }

    private static float[] Numbers(string path, IH5Dataset dataset, out long notFinite)
    {
        float[] values = (dataset.Type.Class, dataset.Type.Size) switch
        {
            (H5DataTypeClass.FloatingPoint, 4) => dataset.Read<float[]>(),
            (H5DataTypeClass.FloatingPoint, 8) => [.. dataset.Read<double[]>().Select(value => (float)value)],
            (H5DataTypeClass.FloatingPoint, 2) => [.. dataset.Read<Half[]>().Select(value => (float)value)],
            _ => throw new ModelFormatException(path, "expected floating-point numbers of 16, 32 or 64 bits."),
        };
        notFinite = TensorPrimitives.IsFiniteAll<float>(values) ? -1 : System.Array.FindIndex(values, v => !float.IsFinite(v));
        return values;
    }

    /// <summary>
    /// The numbers of a large array from where they stand in the file, several pieces at once; null where they do not stand there
    /// as they are in memory. The library says where the first of them is, and what.
    /// </summary>
    private float[]? Large(IH5Dataset dataset, long count, out long notFinite)
    {
        notFinite = -1;
        if (count < LargeArrays.Worth || !BitConverter.IsLittleEndian || dataset is not NativeDataset native
            || (dataset.Type.Class, dataset.Type.Size) != (H5DataTypeClass.FloatingPoint, sizeof(float))
            || dataset.Layout.Class != H5DataLayoutClass.Contiguous)
        {
            return null;
        }

        // The first number is read by the library, which refuses an order of bytes that is another one than here.
        int rank = dataset.Space.Dimensions.Length;
        Span<float> first = stackalloc float[1];
        stream.Forget();
        native.Read(first, new HyperslabSelection(rank, new ulong[rank], [.. Enumerable.Repeat(1UL, rank)]));
        long start = stream.LastRead;
        if (start < 0 || count > (stream.Length - start) / sizeof(float)
            || BitConverter.SingleToInt32Bits(first[0]) != Bits(start))
        {
            return null;
        }

        float[] values = LargeArrays.Create(count);
        notFinite = LargeArrays.Read(stream.Source, start, values);
        return values;
    }

    private int Bits(long place)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        stream.Source.Read(place, bytes);
        return BitConverter.ToInt32(bytes);
    }

    private T Guard<T>(string path, Func<T> read) => Guard(stream.Source, path, read);

    /// <summary>What a hostile file makes the package throw is what the file has wrong; an error of the disk, and a mistake of
    /// this library, stay what they are.</summary>
    private static T Guard<T>(ByteSource source, string path, Func<T> read) => source.Reading(() =>
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (IsOfFile(exception))
        {
            throw new ModelFormatException(path, $"the HDF5 file cannot be read here: {exception.Message}", exception);
        }
    });

    /// <summary>Whether an exception tells of the content: the package throws it by itself, as it does where a length that the
    /// file claims to have is more than there can be room for, or what it calls with what the file says does.</summary>
    private static bool IsOfFile(Exception exception) => exception is not ModelFormatException
        && (exception.Source == Package || exception is EndOfStreamException or FormatException or NotSupportedException
            or OverflowException or ArgumentException or IndexOutOfRangeException or InvalidCastException
            or InvalidOperationException or KeyNotFoundException);
}
