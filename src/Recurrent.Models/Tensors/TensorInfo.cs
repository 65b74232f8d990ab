namespace Recurrent.Tensors;

/// <summary>What a file says of a tensor, its numbers aside.</summary>
/// <param name="Name">Its name: <c>encoder.weight_ih_l0</c>.</param>
/// <param name="DataType">What its numbers are in the file: <c>float32</c>, <c>float64</c>, <c>float16</c>, <c>bfloat16</c>,
/// <c>int8</c> to <c>int64</c>, <c>uint8</c> to <c>uint64</c>, <c>bool</c>.</param>
/// <param name="Shape">Length of every axis, slowest first; none of a single number.</param>
public sealed record TensorInfo(string Name, string DataType, IReadOnlyList<int> Shape)
{
    /// <summary>Number of numbers.</summary>
    public long Count => Shape.Aggregate(1L, (size, axis) => checked(size * axis));
}
