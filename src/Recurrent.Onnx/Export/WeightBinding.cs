using Google.Protobuf;
using Recurrent.Onnx.Format;
using Recurrent.Parameters;

namespace Recurrent.Onnx.Export;

/// <summary>A part of weights in a file: numbers of a parameter in some order.</summary>
/// <param name="Parameter">The parameter; null gives zeros.</param>
/// <param name="Order">Which of its numbers each one is; null gives all of them as they are.</param>
/// <param name="Zeros">How many zeros, where there is no parameter.</param>
internal readonly record struct WeightPart(Parameter? Parameter, int[]? Order = null, int Zeros = 0)
{
    /// <summary>How many numbers.</summary>
    public int Count => Parameter is null ? Zeros : Order?.Length ?? Parameter.Size;

    /// <summary>Whether it is the same.</summary>
    public bool Is(WeightPart other) => ReferenceEquals(Parameter, other.Parameter) && Zeros == other.Zeros
        && (Order is null ? other.Order is null : other.Order is not null && Order.AsSpan().SequenceEqual(other.Order));
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
                for (int i = 0; i < part.Count; i++)
                {
                    to[next + i] = values[part.Order is null ? i : part.Order[i]];
                }
            }

            next += part.Count;
        }

        return UnsafeByteOperations.UnsafeWrap(bytes);
    }

    /// <summary>Takes the numbers back.</summary>
    public void TakeBack(ReadOnlySpan<float> values)
    {
        int next = 0;
        foreach (WeightPart part in parts)
        {
            if (part.Parameter is not null)
            {
                Span<Real> own = part.Parameter.Values;
                for (int i = 0; i < part.Count; i++)
                {
                    own[part.Order is null ? i : part.Order[i]] = values[next + i];
                }

                part.Parameter.MarkChanged();
            }

            next += part.Count;
        }
    }
}
