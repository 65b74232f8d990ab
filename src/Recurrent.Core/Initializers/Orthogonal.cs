using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Recurrent.Numerics;
using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Initializers;

/// <summary>
/// A random matrix with orthogonal columns, or orthogonal rows where it has fewer rows than columns, all of the length
/// <c>gain</c>. All such matrices are equally likely.
/// </summary>
/// <remarks>
/// <para>
/// The Q of the factorisation Q·R of a matrix of normal draws, with the diagonal of R positive. A parameter of more than two axes
/// is taken as the matrix that keeps its last axis. The gates of a recurrent kernel (units, 4·units) are one matrix together.
/// </para>
/// <para>
/// Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks", ICLR
/// 2014.
/// </para>
/// </remarks>
public sealed class Orthogonal : Initializer
{
    private readonly double gain;

    /// <summary>Creates the initializer.</summary>
    /// <param name="gain">Length of the rows or columns; default 1.</param>
    /// <param name="seed">Seed of the draws; null (the default) takes it from the layer and the model.</param>
    /// <exception cref="ArgumentException">The gain is not finite.</exception>
    public Orthogonal(double gain = 1, int? seed = null)
    {
        new OptionCheck(ClassName).Finite("gain", gain).InRange("gain", gain).ThrowIfAny();
        this.gain = gain;
        Seed = seed;
    }

    /// <inheritdoc/>
    public override string ClassName => "Orthogonal";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The parameter has fewer than two axes.</exception>
    public override void Fill(ReadOnlySpan<int> shape, Span<Real> values, SeededRandom random)
    {
        if (shape.Length < 2)
        {
            throw new ArgumentException(
                "Orthogonal fills parameters of two axes or more, "
                + $"but the parameter has the shape ({string.Join(", ", shape.ToArray())}).",
                nameof(shape));
        }

        int columns = shape[^1];
        int rows = columns == 0 ? 0 : values.Length / columns;
        int count = Math.Min(rows, columns);
        int length = Math.Max(rows, columns);
        double[] basis = Basis(count, length, random);

        // Vector v is row v of a wide matrix, column v of a tall one.
        (int alongVector, int betweenVectors) = rows < columns ? (1, columns) : (columns, 1);
        for (int vector = 0; vector < count; vector++)
        {
            for (int i = 0; i < length; i++)
            {
                values[(vector * betweenVectors) + (i * alongVector)] = (Real)(gain * basis[(vector * length) + i]);
            }
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "seed", Seed }, { "gain", gain } };

    // Orthonormal vectors, one after the other, by the modified Gram–Schmidt process: the same as Q of a factorisation Q·R in
    // which R has a positive diagonal.
    private static double[] Basis(int count, int length, SeededRandom random)
    {
        double[] basis = new double[count * length];
        for (int vector = 0; vector < count; vector++)
        {
            Span<double> current = basis.AsSpan(vector * length, length);
            foreach (ref double value in current)
            {
                value = random.NextNormal();
            }

            // Where most of a vector goes, rounding errors stay behind; going over it once more removes them (Kahan and Parlett:
            // twice is enough).
            double before;
            double after = Sums.Norm<double>(current);
            do
            {
                before = after;
                for (int earlier = 0; earlier < vector; earlier++)
                {
                    RemoveComponent(basis.AsSpan(earlier * length, length), current);
                }

                after = Sums.Norm<double>(current);
            }
            while (after < 0.7 * before);

            TensorPrimitives.Divide(current, after, current);
        }

        return basis;
    }

    // vector −= (direction · vector) direction, on eight partial sums whatever the machine's registers hold, so that a seed gives
    // the same weights everywhere. A model is mostly built once, at its start: compiled at full speed right away, this is several
    // times faster there than library calls that the runtime optimises only later.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RemoveComponent(ReadOnlySpan<double> direction, Span<double> vector)
    {
        ReadOnlySpan<Vector256<double>> d = MemoryMarshal.Cast<double, Vector256<double>>(direction);
        Span<Vector256<double>> v = MemoryMarshal.Cast<double, Vector256<double>>(vector)[..d.Length];
        int rest = d.Length * Vector256<double>.Count;

        Vector256<double> even = default;
        Vector256<double> odd = default;
        for (int i = 0; i + 1 < d.Length; i += 2)
        {
            even += d[i] * v[i];
            odd += d[i + 1] * v[i + 1];
        }

        double product = Sum(even + odd) + (int.IsOddInteger(d.Length) ? Sum(d[^1] * v[^1]) : 0);
        for (int i = rest; i < direction.Length; i++)
        {
            product += direction[i] * vector[i];
        }

        for (int i = 0; i < d.Length; i++)
        {
            v[i] -= d[i] * product;
        }

        for (int i = rest; i < direction.Length; i++)
        {
            vector[i] -= direction[i] * product;
        }
    }

    private static double Sum(Vector256<double> values) => values[0] + values[1] + (values[2] + values[3]);
}
