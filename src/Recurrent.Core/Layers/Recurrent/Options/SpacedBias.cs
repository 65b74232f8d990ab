using Recurrent.Initializers;
using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>Starts some biases evenly spaced between two values, and the others as another initializer says.</summary>
/// <param name="others">What the others start with.</param>
/// <param name="start">Index of the first of the spaced ones.</param>
/// <param name="count">How many they are.</param>
/// <param name="first">The first value.</param>
/// <param name="last">The last one, where there are two or more.</param>
internal sealed class SpacedBias(Initializer others, int start, int count, double first, double last) : Initializer
{
    /// <inheritdoc/>
    public override string ClassName => others.ClassName;

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<int> shape, Span<Real> values, SeededRandom random)
    {
        others.Fill(shape, values, random);
        for (int i = 0; i < count; i++)
        {
            values[start + i] = (Real)(first + (count == 1 ? 0 : (last - first) * i / (count - 1)));
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig() => others.GetConfig();
}
