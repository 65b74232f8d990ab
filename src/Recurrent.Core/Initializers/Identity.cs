using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Initializers;

/// <summary>
/// A multiple of the identity matrix: the gain on the diagonal, zeros elsewhere. Also for matrices that are not square.
/// </summary>
/// <remarks>
/// As a recurrent kernel with ReLU: Le, Jaitly and Hinton, "A simple way to initialize recurrent networks of rectified linear
/// units", 2015. Keras 3 writes no gain into a config, and so loses it; here one that is not 1 is written.
/// </remarks>
public sealed class Identity : Initializer
{
    private readonly double gain;

    /// <summary>Creates the initializer.</summary>
    /// <param name="gain">The number on the diagonal; default 1.</param>
    /// <exception cref="ArgumentException">The gain is not finite.</exception>
    public Identity(double gain = 1)
    {
        new OptionCheck(ClassName).Finite("gain", gain).InRange("gain", gain).ThrowIfAny();
        this.gain = gain;
    }

    /// <inheritdoc/>
    public override string ClassName => "Identity";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The parameter is not a matrix.</exception>
    public override void Fill(ReadOnlySpan<int> shape, Span<Real> values, SeededRandom random)
    {
        if (shape.Length != 2)
        {
            throw new ArgumentException(
                $"Identity fills matrices only, but the parameter has the shape ({string.Join(", ", shape.ToArray())}).",
                nameof(shape));
        }

        values.Clear();
        for (int i = 0; i < Math.Min(shape[0], shape[1]); i++)
        {
            values[(i * shape[1]) + i] = (Real)gain;
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig() => gain == 1 ? [] : new() { { "gain", gain } };
}
