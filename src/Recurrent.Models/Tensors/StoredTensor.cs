using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using Recurrent.Serialization;

namespace Recurrent.Tensors;

/// <summary>A tensor of a file: a view of a storage. Its place in it has been checked.</summary>
internal sealed class StoredTensor
{
    /// <summary>Most axes of a tensor.</summary>
    public const int MostAxes = 32;

    private readonly ElementType type;
    private readonly IStorage storage;
    private readonly long offset;
    private readonly long[] strides;
    private readonly long reach;

    /// <summary>A tensor, row by row.</summary>
    public StoredTensor(string name, ElementType type, IReadOnlyList<int> shape, IStorage storage)
        : this(name, type, shape, storage, 0, RowMajor(shape))
    {
    }

    /// <summary>A view.</summary>
    /// <param name="name">Name of the tensor.</param>
    /// <param name="type">What its numbers are.</param>
    /// <param name="shape">Its axes.</param>
    /// <param name="storage">What it is a view of.</param>
    /// <param name="offset">Its first number in the storage.</param>
    /// <param name="strides">How far apart neighbours along each axis are, in numbers.</param>
    /// <exception cref="ModelFormatException">It reaches beyond the storage.</exception>
    public StoredTensor(
        string name, ElementType type, IReadOnlyList<int> shape, IStorage storage, long offset, long[] strides)
    {
        Info = new(name, type.Name, shape);
        this.type = type;
        this.storage = storage;
        this.offset = offset;
        this.strides = strides;
        long held = storage.Length / type.Width;
        reach = Count == 0 ? 0 : 1;
        for (int i = 0; i < strides.Length && reach > 0; i++)
        {
            if (strides[i] < 0 || strides[i] > held)
            {
                throw Beyond(held);
            }

            // Held to the storage at every axis, so nothing overflows: axes are below 2^31, strides below 2^60.
            reach = shape[i] == 1 || strides[i] == 0 ? reach
                : shape[i] - 1 <= held / strides[i] ? reach + (shape[i] - 1) * strides[i] : throw Beyond(held);
        }

        if (offset < 0 || reach > held || offset > held - reach)
        {
            throw Beyond(held);
        }
    }

    /// <summary>What the file says of it.</summary>
    public TensorInfo Info { get; }

    /// <summary>Number of numbers.</summary>
    public long Count => Info.Count;

    /// <summary>Number of numbers, where their bytes are fewer than what the whole storage has room for.</summary>
    public bool IsExpanded => Count > storage.Length / type.Width;

    /// <summary>Whether the numbers stand in a row.</summary>
    private bool IsRowMajor
    {
        get
        {
            long expected = 1;
            for (int i = strides.Length - 1; i >= 0; i--)
            {
                if (Info.Shape[i] != 1 && strides[i] != expected)
                {
                    return false;
                }

                expected *= Info.Shape[i];
            }

            return true;
        }
    }

    /// <summary>Number of numbers of a shape, whose axes are checked.</summary>
    /// <exception cref="ModelFormatException">They are more than an array can hold.</exception>
    public static long SizeOf(string name, IReadOnlyList<int> shape)
    {
        long size = 1;
        foreach (int axis in shape)
        {
            size *= axis;
            if (size > Array.MaxLength)
            {
                throw new ModelFormatException(name, "the tensor has more numbers than an array can hold.");
            }
        }

        return size;
    }

    /// <summary>The numbers, row by row.</summary>
    /// <param name="notFinite">Index of the first that is not finite; −1 where all are.</param>
    /// <exception cref="ModelFormatException">The file does not hold what it said.</exception>
    public Real[] Read(out long notFinite)
    {
        Real[] values = LargeArrays.Create(Count);
        notFinite = -1;
        if (values.Length == 0)
        {
            return values;
        }

        if (IsRowMajor)
        {
            notFinite = Decode(values);
        }
        else if (strides is [1, var next] && next == Info.Shape[0])
        {
            // A matrix that was transposed, as most views are.
            bool isSound = Decode(values) < 0;
            values = Transposition.Of(values, Info.Shape[1], Info.Shape[0]);
            notFinite = isSound ? -1 : Array.FindIndex(values, value => !Real.IsFinite(value));
        }
        else
        {
            Gather(values);
            notFinite = Array.FindIndex(values, value => !Real.IsFinite(value));
        }

        return values;
    }

    private static long[] RowMajor(IReadOnlyList<int> shape)
    {
        var strides = new long[shape.Count];
        long next = 1;
        for (int i = strides.Length - 1; i >= 0; i--)
        {
            strides[i] = next;
            next *= shape[i];
        }

        return strides;
    }

    private long Decode(Real[] target) => LargeArrays.Read(target, (piece, first) =>
    {
        if (type.IsReal)
        {
            storage.Read((offset + first) * type.Width, MemoryMarshal.AsBytes(piece));
            return;
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(piece.Length * type.Width);
        try
        {
            Span<byte> bytes = rented.AsSpan(0, piece.Length * type.Width);
            storage.Read((offset + first) * type.Width, bytes);
            type.Decode(bytes, piece, Info.Name);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    });

    /// <summary>Any strides: what the view reaches is read, and its numbers are picked out of it.</summary>
    private void Gather(Span<Real> target)
    {
        if (reach > Array.MaxLength)
        {
            throw new ModelFormatException(Info.Name, "the tensor is a view of more numbers than an array can hold.");
        }

        Real[] reached = LargeArrays.Create(reach);
        _ = Decode(reached);
        int rank = strides.Length;
        var index = new int[rank];
        long from = 0;
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = reached[from];
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                from += strides[axis];
                if (++index[axis] < Info.Shape[axis])
                {
                    break;
                }

                from -= strides[axis] * Info.Shape[axis];
                index[axis] = 0;
            }
        }
    }

    private ModelFormatException Beyond(long held) => new(Info.Name, string.Create(CultureInfo.InvariantCulture,
        $"the tensor of shape {NDArray.Describe(Info.Shape)} reaches beyond its storage of {held} numbers."));
}
