using System.Globalization;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The option <c>noiseShape</c>: along which axes of a batch noise is drawn entry by entry, and along which once for all.
/// </summary>
internal static class NoiseShape
{
    /// <summary>Notes what is wrong with the option, whatever the input.</summary>
    /// <param name="check">Receives the problems.</param>
    /// <param name="noiseShape">The option.</param>
    public static OptionCheck Check(OptionCheck check, IReadOnlyList<int?>? noiseShape) => check.Require(
        noiseShape is null || (noiseShape.Count >= 2 && noiseShape[0] is null && noiseShape.All(axis => axis is null or >= 1)),
        $"noiseShape must be null for the batch axis, and null or at least 1 for each other axis, but is {Describe(noiseShape)}",
        "noiseShape");

    /// <summary>Requires that the option fits an input, and gives the input's shape.</summary>
    /// <param name="layer">The layer, for messages.</param>
    /// <param name="noiseShape">The option.</param>
    /// <param name="input">Shape of a sample.</param>
    /// <exception cref="ShapeException">It does not fit.</exception>
    public static Shape RequireFit(Layer layer, int?[]? noiseShape, Shape input) =>
        noiseShape is null || Fits(noiseShape, input)
            ? input
            : throw new ShapeException(
                layer.Introduction,
                $"input that its noiseShape {Describe(noiseShape)} fits",
                input,
                "Give noiseShape as many axes as the input has, with null, 1 or the input's length for each.");

    /// <summary>Shape of the draws of a sample.</summary>
    /// <param name="noiseShape">The option.</param>
    /// <param name="input">Shape of a sample of the input.</param>
    public static Shape Of(int?[]? noiseShape, Shape input) =>
        noiseShape is null ? input : new([.. input.Axes.Select((axis, i) => noiseShape[i + 1] ?? axis)]);

    private static string Describe(IReadOnlyList<int?>? axes) =>
        $"[{string.Join(", ", (axes ?? []).Select(axis => axis?.ToString(CultureInfo.InvariantCulture) ?? "null"))}]";

    private static bool Fits(int?[] noiseShape, Shape input) => noiseShape.Length == input.Rank + 1
        && input.Axes.Zip(noiseShape.Skip(1))
        .All(pair => pair.Second is null or 1 || pair.First is null || pair.First == pair.Second);
}
