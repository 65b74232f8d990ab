using Recurrent.Serialization;

namespace Recurrent.Onnx.Import;

/// <summary>Arithmetic of known numbers.</summary>
internal static class Folding
{
    /// <summary>With axes in another order.</summary>
    public static KnownValue Transposed(KnownValue value, long[] perm, Action<long> take)
    {
        take(value.Count);
        long[] dims = [.. perm.Select(axis => value.Dims[axis])];
        if (perm is [1, 0] && value.Floats is { } floats)
        {
            float[] turned = LargeArrays.Create(floats.Length);
            LargeArrays.Turn(() => floats, (int)value.Dims[0], (int)value.Dims[1], turned, 0, (int)value.Dims[0]);
            return new(dims, turned, null);
        }

        long[] strides = Strides(value.Dims);
        int[] order = Places(dims, [.. perm.Select(axis => strides[axis])]);
        return Picked(value, dims, order);
    }

    /// <summary>Some of the numbers in another shape.</summary>
    public static KnownValue Picked(KnownValue value, long[] dims, int[] order) => value.Floats is { } floats
        ? new(dims, Array.ConvertAll(order, i => floats[i]), null)
        : new(dims, null, Array.ConvertAll(order, i => value.Integers![i]));

    /// <summary>The shape that is asked for; null where the numbers are not as many.</summary>
    public static long[]? Shape(KnownValue value, Length?[] target)
    {
        long known = 1;
        int open = -1;
        for (int i = 0; i < target.Length; i++)
        {
            if (target[i]?.Number is not { } length)
            {
                return null;
            }

            if (length == -1)
            {
                if (open >= 0)
                {
                    return null;
                }

                open = i;
            }
            else if (length < 0 || (length > 0 && known > value.Count))
            {
                return null;
            }
            else
            {
                known *= length;
            }
        }

        long[] dims = [.. target.Select(length => length!.Value.Number!.Value)];
        if (open >= 0)
        {
            if (known == 0 || value.Count % known != 0)
            {
                return null;
            }

            dims[open] = value.Count / known;
            known = value.Count;
        }

        return known == value.Count ? dims : null;
    }

    /// <summary>Entry by entry, of shapes that go together; null where they do not.</summary>
    public static KnownValue? Combined(KnownValue a, KnownValue b, Func<double, double, double> ofFloats, Func<long, long,
        long> ofIntegers,
        Action<long> take)
    {
        long[]? dims = Broadcast(a.Dims, b.Dims);
        if (dims is null)
        {
            return null;
        }

        long count = dims.Aggregate(1L, (all, length) => checked(all * length));
        take(count);
        int[] first = Places(dims, Repeated(a.Dims, dims.Length));
        int[] second = Places(dims, Repeated(b.Dims, dims.Length));
        if (a.Integers is not null && b.Integers is not null)
        {
            return new(dims, null,
                [.. first.Zip(second).Select(pair => ofIntegers(a.Integers[pair.First], b.Integers[pair.Second]))]);
        }

        float[] left = a.AsFloats();
        float[] right = b.AsFloats();
        return new(dims, [.. first.Zip(second).Select(pair => (float)ofFloats(left[pair.First], right[pair.Second]))], null);
    }

    /// <summary>Entry by entry of one.</summary>
    public static KnownValue Applied(KnownValue a, Func<double, double> function) => a.Floats is not null
        ? a with { Floats = [.. a.Floats.Select(value => (float)function(value))] }
        : a with { Integers = [.. a.Integers!.Select(value => (long)function(value))] };

    /// <summary>The shape of both together; null where there is none.</summary>
    public static long[]? Broadcast(long[] a, long[] b)
    {
        var dims = new long[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= dims.Length; i++)
        {
            long one = i <= a.Length ? a[^i] : 1;
            long other = i <= b.Length ? b[^i] : 1;
            if (one != other && one != 1 && other != 1)
            {
                return null;
            }

            dims[^i] = one == 1 ? other : one;
        }

        return dims;
    }

    /// <summary>How far apart neighbours along each axis are.</summary>
    public static long[] Strides(long[] dims)
    {
        var strides = new long[dims.Length];
        long stride = 1;
        for (int i = dims.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= dims[i];
        }

        return strides;
    }

    /// <summary>Where each number of a shape stands, in row-major order.</summary>
    public static int[] Places(long[] dims, long[] strides, long first = 0)
    {
        long count = dims.Aggregate(1L, (all, length) => checked(all * length));
        var places = new int[count];
        var index = new long[dims.Length];
        long place = first;
        for (long i = 0; i < count; i++)
        {
            places[i] = (int)place;
            for (int axis = dims.Length - 1; axis >= 0; axis--)
            {
                place += strides[axis];
                if (++index[axis] < dims[axis])
                {
                    break;
                }

                place -= strides[axis] * dims[axis];
                index[axis] = 0;
            }
        }

        return places;
    }

    // Along axes of length 1 nothing moves on.
    private static long[] Repeated(long[] dims, int rank)
    {
        long[] own = Strides(dims);
        return [.. Enumerable.Range(0, rank).Select(i => i < rank - dims.Length || dims[i - (rank - dims.Length)] == 1
            ? 0 : own[i - (rank - dims.Length)])];
    }
}
