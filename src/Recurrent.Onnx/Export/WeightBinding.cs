using Google.Protobuf;
using Recurrent.Onnx.Format;
using Recurrent.Parameters;
using Recurrent.Serialization;

namespace Recurrent.Onnx.Export;

/// <summary>A part of weights in a file: numbers of a parameter in some order.</summary>
/// <param name="Parameter">The parameter; null gives zeros.</param>
/// <param name="Order">Which of its numbers each one is; null gives all of them as they are.</param>
/// <param name="Zeros">How many zeros, where there is no parameter.</param>
/// <param name="Columns">Where not null, the parameter is a matrix, and its columns in this order are the rows here.</param>
internal readonly record struct WeightPart(Parameter? Parameter, int[]? Order = null, int Zeros = 0, int[]? Columns = null)
{
    /// <summary>How many numbers.</summary>
    public int Count => Parameter is null ? Zeros : Order?.Length ?? Parameter.Size;

    /// <summary>Whether it is the same.</summary>
    public bool Is(WeightPart other) => ReferenceEquals(Parameter, other.Parameter) && Zeros == other.Zeros
        && IsSame(Order, other.Order) && IsSame(Columns, other.Columns);

    private static bool IsSame(int[]? own, int[]? other) =>
        own is null ? other is null : other is not null && own.AsSpan().SequenceEqual(other);

    /// <summary>Runs of columns that stand side by side: which row here is the first of a run, which column that is, and how many
    /// there are.</summary>
    public IEnumerable<(int Row, int Column, int Count)> Runs()
    {
        for (int row = 0; row < Columns!.Length;)
        {
            int count = 1;
            while (row + count < Columns.Length && Columns[row + count] == Columns[row] + count)
            {
                count++;
            }

            yield return (row, Columns[row], count);
            row += count;
        }
    }
}

/// <summary>Which numbers of parameters the weights in a file are.</summary>
/// <param name="tensor">The weights.</param>
/// <param name="shape">Their shape.</param>
/// <param name="parts">Their parts, one behind the other.</param>
internal sealed class WeightBinding(TensorProto tensor, long[] shape, WeightPart[] parts)
{
    /// <summary>The weights.</summary>
    public TensorProto Tensor => tensor;

    /// <summary>How many numbers they are.</summary>
    public long Count => parts.Sum(part => (long)part.Count);

    /// <summary>The parameters that they are made of.</summary>
    public IEnumerable<Parameter> Parameters => parts.Where(part => part.Parameter is not null).Select(part => part.Parameter!);

    /// <summary>Whether they are the same numbers in the same order.</summary>
    public bool IsOf(long[] otherShape, WeightPart[] others) =>
        shape.AsSpan().SequenceEqual(otherShape) && parts.Length == others.Length
        && parts.Zip(others).All(pair => pair.First.Is(pair.Second));

    /// <summary>The numbers as a file holds them.</summary>
    public ByteString Bytes()
    {
        var bytes = new byte[Count * sizeof(float)];
        Span<float> to = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
        int next = 0;
        foreach (WeightPart part in parts)
        {
            if (part.Parameter is not null)
            {
                ReadOnlySpan<Real> values = part.Parameter.Values;
                if (part.Columns is not null)
                {
                    int rows = part.Parameter.Shape[0];
                    int columns = part.Parameter.Shape[1];
                    for (int i = 0; i < part.Columns.Length; i++)
                    {
                        for (int row = 0; row < rows; row++)
                        {
                            to[next + (i * rows) + row] = values[(row * columns) + part.Columns[i]];
                        }
                    }
                }

                for (int i = 0; part.Columns is null && i < part.Count; i++)
                {
                    to[next + i] = values[part.Order is null ? i : part.Order[i]];
                }
            }

            next += part.Count;
        }

        return UnsafeByteOperations.UnsafeWrap(bytes);
    }

    /// <summary>Takes the numbers back.</summary>
    public void TakeBack(LargeArrays.NumbersOf values)
    {
        int next = 0;
        foreach (WeightPart part in parts)
        {
            if (part.Parameter is not null)
            {
                Real[] own = part.Parameter.Value.Values;
                int first = next;
                if (part.Columns is not null)
                {
                    int rows = part.Parameter.Shape[0];
                    foreach ((int row, int column, int count) in part.Runs())
                    {
                        LargeArrays.Turn(() => values()[(first + (row * rows))..], count, rows, own, column,
                            part.Parameter.Shape[1]);
                    }
                }
                else if (part.Order is null)
                {
                    _ = LargeArrays.Read(own, (piece, at) => values().Slice(first + at, piece.Length).CopyTo(piece));
                }
                else
                {
                    ReadOnlySpan<float> given = values();
                    for (int i = 0; i < part.Count; i++)
                    {
                        own[part.Order[i]] = given[next + i];
                    }
                }

                part.Parameter.MarkChanged();
            }

            next += part.Count;
        }
    }
}
