namespace Recurrent;

/// <content>Parts of an array, and arrays put together; all copy.</content>
public sealed partial class NDArray
{
    /// <summary>One sample, without the first axis. Of a vector it is an array of one value: <c>(float)v[3]</c> is the
    /// number.</summary>
    /// <param name="sample">Its place along the first axis.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public NDArray this[int sample] => sample >= 0 ? Row(sample) : throw new ArgumentOutOfRangeException(
        nameof(sample), sample,
            $"There is no sample {sample} in an array of shape {Describe(shape)}. From the end it is x[^{-(long)sample}].");

    /// <summary>One sample, without the first axis: <c>x[^1]</c> is the last.</summary>
    /// <param name="sample">Its place along the first axis; <c>^1</c> counts from the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public NDArray this[Index sample] => Row(sample);

    /// <summary>A run of samples: <c>x[..100]</c>, <c>x[^24..]</c>.</summary>
    /// <param name="samples">Which ones.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are not all inside the array.</exception>
    public NDArray this[Range samples]
    {
        get
        {
            int count = Rank == 0 ? 0 : shape[0];
            int start = samples.Start.GetOffset(count);
            int end = samples.End.GetOffset(count);
            return Rank > 0 && start >= 0 && start <= end && end <= count
                ? Slice(start, end - start)
                : throw new ArgumentOutOfRangeException(
                    nameof(samples), samples, $"Samples {samples} do not lie inside an array of shape {Describe(shape)}.");
        }
    }

    /// <summary>One sample, without the first axis.</summary>
    /// <param name="sample">Its place along the first axis; <c>^1</c> counts from the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public NDArray Row(Index sample)
    {
        int place = Rank == 0 ? -1 : sample.IsFromEnd ? shape[0] - sample.Value : sample.Value;
        return place >= 0 && place < shape[0]
            ? new NDArray(shape[1..], Slice(place, 1).Values)
            : throw new ArgumentOutOfRangeException(
                nameof(sample), sample, $"There is no sample {sample} in an array of shape {Describe(shape)}.");
    }

    /// <summary>Some samples, in any order, each as often as it is named.</summary>
    /// <param name="samples">Their places along the first axis, all of which are there.</param>
    internal NDArray Choose(ReadOnlySpan<int> samples)
    {
        var chosen = new NDArray([samples.Length, .. shape[1..]]);
        int size = samples.IsEmpty ? 0 : chosen.Size / samples.Length;
        for (int i = 0; i < samples.Length; i++)
        {
            Values.AsSpan(samples[i] * size, size).CopyTo(chosen.Values.AsSpan(i * size));
        }

        return chosen;
    }

    /// <summary>Arrays of one shape as one array, whose new first axis counts them.</summary>
    /// <param name="arrays">The arrays; at least one.</param>
    /// <exception cref="ArgumentException">There is none, one is null, or they differ in shape.</exception>
    public static NDArray Stack(params IReadOnlyList<NDArray> arrays)
    {
        RequireAlike(arrays, -1);
        return Concatenate([.. arrays.Select(array => array.Reshape([1, .. array.shape]))]);
    }

    /// <summary>Arrays one after the other along an axis in which alone they may differ.</summary>
    /// <param name="arrays">The arrays; at least one.</param>
    /// <param name="axis">The axis; negative ones count from the end. Default the first, which counts samples.</param>
    /// <exception cref="ArgumentException">There is none, one is null, or they differ in another axis.</exception>
    public static NDArray Concatenate(IReadOnlyList<NDArray> arrays, int axis = 0)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        int rank = arrays.Count > 0 && arrays[0] is { } some ? some.Rank : 0;
        int along = axis < 0 ? axis + rank : axis;
        RequireAlike(arrays, along);
        if (along < 0 || along >= rank)
        {
            throw new ArgumentOutOfRangeException(nameof(axis), axis,
                $"Arrays of shape {Describe(arrays[0].shape)} have no axis {axis}.");
        }

        int[] axes = [.. arrays[0].shape];
        long length = arrays.Sum(array => (long)array.shape[along]);
        axes[along] = length <= Array.MaxLength
            ? (int)length
            : throw new ArgumentException(
            $"Together they have a length of {length} along axis {along}, more than one array can have.", nameof(arrays));
        var result = new NDArray(axes);
        int inner = 1;
        for (int i = along + 1; i < rank; i++)
        {
            inner *= axes[i];
        }

        int blocks = inner * axes[along] == 0 ? 0 : result.Size / (inner * axes[along]);
        int at = 0;
        for (int block = 0; block < blocks; block++)
        {
            foreach (NDArray array in arrays)
            {
                int run = array.shape[along] * inner;
                array.Values.AsSpan(block * run, run).CopyTo(result.Values.AsSpan(at));
                at += run;
            }
        }

        return result;
    }

    private static void RequireAlike(IReadOnlyList<NDArray> arrays, int but)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        if (arrays.Count == 0)
        {
            throw new ArgumentException("There is no array to put together.", nameof(arrays));
        }

        for (int i = 0; i < arrays.Count; i++)
        {
            if (arrays[i] is null)
            {
                throw new ArgumentException($"arrays[{i}] is null.", nameof(arrays));
            }

            int[] shape = arrays[i].shape;
            int[] first = arrays[0].shape;
            if (shape.Length != first.Length || Enumerable.Range(0, shape.Length)
                .Any(axis => axis != but && shape[axis] != first[axis]))
            {
                throw new ArgumentException(
                    $"arrays[{i}] has shape {Describe(shape)}, but arrays[0] has shape {Describe(first)}. "
                    + $"{(but < 0 ? "They must have one shape" : $"They may differ in axis {but} alone")}.", nameof(arrays));
            }
        }
    }
}
