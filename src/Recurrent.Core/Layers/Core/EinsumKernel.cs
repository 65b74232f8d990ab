using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// The kernel of an <see cref="EinsumDense"/> as matrices, units × contracted, one for each place along the shared axes.
/// </summary>
internal sealed class EinsumKernel
{
    // Where in the parameter each value is, in the order (shared, contracted, units); null where it is in that order itself.
    private readonly int[]? places;
    private readonly Real[]? ordered;
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
        forward = [.. Enumerable.Range(0, shared).Select(_ => new PackedMatrix(Units, Contracted))];
        backward = [.. Enumerable.Range(0, shared).Select(_ => new PackedMatrix(Contracted, Units))];
    }

    /// <summary>Rows of each matrix.</summary>
    public int Units { get; }

    /// <summary>Columns of each matrix.</summary>
    public int Contracted { get; }

    /// <summary>The matrices.</summary>
    public ReadOnlySpan<PackedMatrix> Forward => forward;

    /// <summary>Their transposes.</summary>
    public ReadOnlySpan<PackedMatrix> Backward => backward;

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

        Real[] values = ordered ?? parameter;
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
