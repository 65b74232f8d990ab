using System.Numerics.Tensors;
using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// The kernel of an <see cref="EinsumDense"/> as matrices, units × contracted, one for each place along the shared axes.
/// </summary>
internal sealed class EinsumKernel
{
    // Many small matrices are multiplied as they are: their panels would take more room and time than they save.
    private const int Small = 256;

    // Where in the parameter each value is, in the order (shared, contracted, units); null where it is in that order itself.
    private readonly int[]? places;
    private readonly Real[]? ordered;
    private Real[] values = [];
    private readonly PackedMatrix[] forward;
    private readonly PackedMatrix[] backward;

    /// <summary>Makes room.</summary>
    /// <param name="axes">The axes; those of the kernel are known.</param>
    public EinsumKernel(EinsumAxes axes)
    {
        Units = axes.SizeOf(axes.Units);
        Contracted = axes.SizeOf(axes.Contracted);
        int shared = axes.SizeOf(axes.Shared);
        places = InOrder(axes.Places(axes.Kernel, axes.Shared + axes.Contracted + axes.Units));
        ordered = places is null ? null : new Real[places.Length];
        int packed = shared > 1 && Units * Contracted < Small ? 0 : shared;
        forward = [.. Enumerable.Range(0, packed).Select(_ => new PackedMatrix(Units, Contracted))];
        backward = [.. Enumerable.Range(0, packed).Select(_ => new PackedMatrix(Contracted, Units))];
    }

    /// <summary>Rows of each matrix.</summary>
    public int Units { get; }

    /// <summary>Columns of each matrix.</summary>
    public int Contracted { get; }

    /// <summary>Multiplies columns by the matrix of a place: <c>C = b + W·X</c>.</summary>
    /// <param name="index">The place along the shared axes.</param>
    /// <param name="x">The columns.</param>
    /// <param name="bias">b, or empty.</param>
    /// <param name="y">Receives the products.</param>
    /// <param name="threads">How many threads may share in it.</param>
    public void Multiply(int index, ColumnBlock x, ReadOnlySpan<Real> bias, ColumnBlock y, int threads)
    {
        if (forward.Length > 0)
        {
            Product.SetBand(forward[index], x, 0, bias, y, 0, threads);
            return;
        }

        ReadOnlySpan<Real> own = values.AsSpan(index * Units * Contracted, Units * Contracted);
        for (int column = 0; column < x.ColumnCount; column++)
        {
            Span<Real> to = y.Column(column);
            ReadOnlySpan<Real> from = x.Column(column);
            if (bias.IsEmpty)
            {
                to.Clear();
            }
            else
            {
                bias.CopyTo(to);
            }

            for (int i = 0; i < from.Length; i++)
            {
                VectorMath.AddScaled(from[i], own.Slice(i * Units, Units), to);
            }
        }
    }

    /// <summary>Multiplies columns by the transpose of the matrix of a place: <c>dX = Wᵀ·dZ</c>.</summary>
    /// <param name="index">The place along the shared axes.</param>
    /// <param name="slopes">The columns.</param>
    /// <param name="gradient">Receives the products.</param>
    public void MultiplyBack(int index, ColumnBlock slopes, ColumnBlock gradient)
    {
        if (backward.Length > 0)
        {
            Product.Set(backward[index], slopes, gradient);
            return;
        }

        ReadOnlySpan<Real> own = values.AsSpan(index * Units * Contracted, Units * Contracted);
        for (int column = 0; column < slopes.ColumnCount; column++)
        {
            Span<Real> to = gradient.Column(column);
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = TensorPrimitives.Dot<Real>(own.Slice(i * Units, Units), slopes.Column(column));
            }
        }
    }

    /// <summary>Room for the gradient of the matrices; null where that of the parameter has their order.</summary>
    public Real[]? NewGradient() => places is null ? null : new Real[places.Length];

    /// <summary>Adds a gradient of the matrices to that of the parameter.</summary>
    /// <param name="gradient">The gradient of the matrices.</param>
    /// <param name="sum">The gradient of the parameter.</param>
    public void AddGradient(ReadOnlySpan<Real> gradient, Span<Real> sum)
    {
        for (int i = 0; i < gradient.Length; i++)
        {
            sum[places![i]] += gradient[i];
        }
    }

    /// <summary>Takes the values of the parameter.</summary>
    /// <param name="parameter">The values, as the parameter has them.</param>
    public void Pack(Real[] parameter)
    {
        for (int i = 0; i < places?.Length; i++)
        {
            ordered![i] = parameter[places[i]];
        }

        values = ordered ?? parameter;
        for (int i = 0; i < forward.Length; i++)
        {
            MatrixView view = MatrixView.Of(values, i * Units * Contracted, Units, Contracted, Units);
            forward[i].Pack(view);
            backward[i].PackTransposed(view);
        }
    }

    /// <summary>Places, or null where each is its own index.</summary>
    internal static int[]? InOrder(int[] places)
    {
        for (int i = 0; i < places.Length; i++)
        {
            if (places[i] != i)
            {
                return places;
            }
        }

        return null;
    }
}
