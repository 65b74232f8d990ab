using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace Recurrent;

/// <content>Conversions back to what people hold; all copy.</content>
public sealed partial class NDArray
{
    /// <summary>The values as a vector of floats.</summary>
    /// <param name="array">An array of rank 1, or whose other axes are all 1.</param>
    /// <exception cref="InvalidCastException">More than one axis is longer than 1.</exception>
    public static explicit operator float[](NDArray array) =>
        Array.ConvertAll(NotNull(array).RequireVector(), v => (float)v);

    /// <summary>The values as a vector of doubles.</summary>
    /// <param name="array">An array of rank 1, or whose other axes are all 1.</param>
    /// <exception cref="InvalidCastException">More than one axis is longer than 1.</exception>
    public static explicit operator double[](NDArray array) =>
        Array.ConvertAll(NotNull(array).RequireVector(), v => (double)v);

    /// <summary>The values as a matrix of floats.</summary>
    /// <param name="array">An array of rank 2.</param>
    /// <exception cref="InvalidCastException">The rank is not 2.</exception>
    public static explicit operator float[,](NDArray array)
    {
        NotNull(array).RequireRank(2, "float[,]");
        var result = new float[array.shape[0], array.shape[1]];
        array.CopyToMultidimensional(result, v => (float)v);
        return result;
    }

    /// <summary>The values as a three-dimensional array of floats.</summary>
    /// <param name="array">An array of rank 3.</param>
    /// <exception cref="InvalidCastException">The rank is not 3.</exception>
    public static explicit operator float[,,](NDArray array)
    {
        NotNull(array).RequireRank(3, "float[,,]");
        var result = new float[array.shape[0], array.shape[1], array.shape[2]];
        array.CopyToMultidimensional(result, v => (float)v);
        return result;
    }

    /// <summary>The values as a matrix of doubles.</summary>
    /// <param name="array">An array of rank 2.</param>
    /// <exception cref="InvalidCastException">The rank is not 2.</exception>
    public static explicit operator double[,](NDArray array)
    {
        NotNull(array).RequireRank(2, "double[,]");
        var result = new double[array.shape[0], array.shape[1]];
        array.CopyToMultidimensional(result, v => (double)v);
        return result;
    }

    /// <summary>The values as a MathNet matrix whose rows are samples.</summary>
    /// <param name="array">An array of rank 2.</param>
    /// <exception cref="InvalidCastException">The rank is not 2.</exception>
    public static explicit operator Matrix<Real>(NDArray array)
    {
        NotNull(array).RequireRank(2, "a matrix");
        return Matrix<Real>.Build.DenseOfRowMajor(array.shape[0], array.shape[1], array.Values);
    }

    /// <summary>The values as the platform's tensor.</summary>
    /// <param name="array">Any array.</param>
    public static explicit operator Tensor<Real>(NDArray array) => Tensor.Create(
        (Real[])NotNull(array).Values.Clone(), Array.ConvertAll(array.shape, axis => (nint)axis));

    /// <summary>The only value of an array of one.</summary>
    /// <param name="array">An array of one value, of any rank.</param>
    /// <exception cref="InvalidCastException">It has more values, or none.</exception>
    public static explicit operator Real(NDArray array) => NotNull(array).Size == 1
        ? array.Values[0]
        : throw new InvalidCastException(
        $"An array of shape {Describe(array.shape)} is not a single number: it has {array.Size} values.");

    /// <summary>The only value of an array of one.</summary>
    /// <exception cref="InvalidCastException">It has more values, or none.</exception>
    public Real ToScalar() => (Real)this;

    /// <summary>The values of a vector: an array whose axes but one are all 1.</summary>
    /// <exception cref="InvalidCastException">More than one axis is longer than 1.</exception>
    public float[] ToArray1D() => (float[])this;

    /// <summary>The values of a matrix.</summary>
    /// <exception cref="InvalidCastException">The rank is not 2.</exception>
    public float[,] ToArray2D() => (float[,])this;

    /// <summary>The values of a three-dimensional array (samples, timesteps, features).</summary>
    /// <exception cref="InvalidCastException">The rank is not 3.</exception>
    public float[,,] ToArray3D() => (float[,,])this;

    /// <summary>The values of a four-dimensional array.</summary>
    /// <exception cref="InvalidCastException">The rank is not 4.</exception>
    public float[,,,] ToArray4D()
    {
        RequireRank(4, "float[,,,]");
        var result = new float[shape[0], shape[1], shape[2], shape[3]];
        CopyToMultidimensional(result, v => (float)v);
        return result;
    }

    /// <summary>The values of a vector as doubles.</summary>
    /// <exception cref="InvalidCastException">More than one axis is longer than 1.</exception>
    public double[] ToDoubles1D() => (double[])this;

    /// <summary>The values of a matrix as doubles.</summary>
    /// <exception cref="InvalidCastException">The rank is not 2.</exception>
    public double[,] ToDoubles2D() => (double[,])this;

    /// <summary>The values of a three-dimensional array as doubles.</summary>
    /// <exception cref="InvalidCastException">The rank is not 3.</exception>
    public double[,,] ToDoubles3D()
    {
        RequireRank(3, "double[,,]");
        var result = new double[shape[0], shape[1], shape[2]];
        CopyToMultidimensional(result, v => (double)v);
        return result;
    }

    private Real[] RequireVector()
    {
        if (shape.Count(axis => axis != 1) > 1)
        {
            throw new InvalidCastException(
                $"An array of shape {Describe(shape)} is not a vector: more than one of its axes is longer than 1.");
        }

        return Values;
    }

    private void RequireRank(int rank, string target)
    {
        if (Rank != rank)
        {
            throw new InvalidCastException(
                $"An array of shape {Describe(shape)} does not convert to {target}: its rank is {Rank}, not {rank}.");
        }
    }

    private void CopyToMultidimensional<T>(Array target, Converter<Real, T> convert) =>
        Buffer.BlockCopy(Array.ConvertAll(Values, convert), 0, target, 0, Buffer.ByteLength(target));
}
