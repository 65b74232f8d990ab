using Recurrent.Layers;
using Recurrent.Serialization;

namespace Recurrent.Keras;

/// <summary>An array of a file, as it is there.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Shape">Its axes.</param>
/// <param name="Values">Its numbers, row by row.</param>
internal sealed record OldArray(string Path, IReadOnlyList<int> Shape, float[] Values)
{
    /// <summary>The numbers, where they have a shape.</summary>
    /// <exception cref="ModelFormatException">They have another one.</exception>
    public float[] RequireShape(IReadOnlyList<int> shape) => Shape.SequenceEqual(shape) ? Values
        : throw new ModelFormatException(Path, $"the array has the shape {NDArray.Describe(Shape)}, but the model's parameter "
            + $"has {NDArray.Describe(shape)}.");
}

/// <summary>
/// Turns arrays of Keras 1, which had three for each gate, and of layers for CuDNN, which had their kernels transposed gate by
/// gate and two biases, into those of Keras 2 and 3.
/// </summary>
internal static class OldArrays
{
    // Where the gates i, f, c, o and z, r, h stand among the triples of Keras 1: i, c, f, o and z, r, h.
    private static readonly int[] OldLstm = [0, 2, 1, 3];
    private static readonly int[] OldGru = [0, 1, 2];

    /// <summary>The arrays of a layer as its parameters are now.</summary>
    public static IReadOnlyList<OldArray> Convert(Layer layer, IReadOnlyList<OldArray> arrays)
    {
        switch (layer)
        {
            case Bidirectional both when arrays.Count % 2 == 0:
                int half = arrays.Count / 2;
                return
                [
                    .. Convert(both.ForwardLayer, [.. arrays.Take(half)]),
                    .. Convert(both.BackwardLayer, [.. arrays.Skip(half)]),
                ];
            case TimeDistributed wrapper:
                return Convert(wrapper.Layer, arrays);
            case RecurrentLayer { Cell: LSTMCell }:
                return arrays.Count == 12 ? Merge(arrays, OldLstm)
                    : arrays.Count == 3 && IsForCudnn(arrays, 8) ? FromCudnn(arrays, 4, twoBiases: false) : arrays;
            case RecurrentLayer { Cell: GRUCell }:
                return arrays.Count == 9 ? Merge(arrays, OldGru)
                    : arrays.Count == 3 && IsForCudnn(arrays, 6) ? FromCudnn(arrays, 3, twoBiases: true) : arrays;
            case Conv1D when arrays.Count > 0 && arrays[0].Shape is [var size, 1, var channels, var filters]:
                return [arrays[0] with { Shape = [size, channels, filters] }, .. arrays.Skip(1)];
            default:
                return arrays;
        }
    }

    private static bool IsForCudnn(IReadOnlyList<OldArray> arrays, int biases) =>
        arrays[1].Shape.Count == 2 && arrays[2].Shape is [var length] && length == biases * arrays[1].Shape[0];

    /// <summary>Gates side by side, each of which had a kernel, a recurrent kernel and a bias.</summary>
    private static OldArray[] Merge(IReadOnlyList<OldArray> arrays, int[] gates)
    {
        const int Kinds = 3;
        return [.. Enumerable.Range(0, Kinds).Select(kind =>
        {
            OldArray[] parts = [.. gates.Select(gate => arrays[gate * Kinds + kind])];
            foreach (OldArray part in parts)
            {
                part.RequireShape(parts[0].Shape);
            }

            int width = parts[0].Shape.Count > 0 ? parts[0].Shape[^1] : 1;
            int rows = width == 0 ? 0 : parts[0].Values.Length / width;
            var merged = new float[parts.Length * parts[0].Values.Length];
            for (int gate = 0; gate < parts.Length; gate++)
            {
                for (int row = 0; row < rows; row++)
                {
                    parts[gate].Values.AsSpan(row * width, width).CopyTo(merged.AsSpan((row * parts.Length + gate) * width));
                }
            }

            return new OldArray(parts[0].Path, [.. parts[0].Shape.Take(parts[0].Shape.Count - 1), width * parts.Length], merged);
        })];
    }

    private static OldArray[] FromCudnn(IReadOnlyList<OldArray> arrays, int gates, bool twoBiases)
    {
        float[] bias = arrays[2].Values;
        int half = bias.Length / 2;
        return
        [
            arrays[0] with { Values = Turned(arrays[0], gates, isRecurrent: false) },
            arrays[1] with { Values = Turned(arrays[1], gates, isRecurrent: true) },
            twoBiases ? arrays[2] with { Shape = [2, half] }
                : arrays[2] with { Shape = [half], Values = [.. bias[..half].Zip(bias[half..], (a, b) => a + b)] },
        ];
    }

    /// <summary>
    /// Each gate's kernel (rows, units), of which CuDNN keeps the bytes of (units, rows): a recurrent one is transposed, another
    /// one has its bytes read so.
    /// </summary>
    private static float[] Turned(OldArray array, int gates, bool isRecurrent)
    {
        if (array.Shape.Count != 2 || array.Shape[1] % gates != 0)
        {
            throw new ModelFormatException(array.Path, "expected the kernels of gates side by side.");
        }

        (int rows, int width) = (array.Shape[0], array.Shape[1]);
        int units = width / gates;
        var turned = new float[array.Values.Length];
        for (int gate = 0; gate < gates; gate++)
        {
            for (int row = 0; row < rows; row++)
            {
                for (int unit = 0; unit < units; unit++)
                {
                    // Of the gate's own bytes, row by row, the one at unit · rows + row.
                    int place = unit * rows + row;
                    (int from, int column) = isRecurrent ? (unit, row) : (place / units, place % units);
                    turned[row * width + gate * units + unit] = array.Values[from * width + gate * units + column];
                }
            }
        }

        return turned;
    }
}
