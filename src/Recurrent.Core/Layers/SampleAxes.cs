using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Axes as Keras counts them, that of the batch first, and as places in the shape of a sample.</summary>
internal static class SampleAxes
{
    /// <summary>Notes what is wrong with a list of axes, whatever the input.</summary>
    /// <param name="check">Receives the problems.</param>
    /// <param name="option">Name of the option.</param>
    /// <param name="axes">The axes.</param>
    public static OptionCheck Check(OptionCheck check, string option, IReadOnlyList<int> axes) => check.Require(
        !axes.Contains(0) && axes.Distinct().Count() == axes.Count,
        $"{option} must name each axis once, and not that of the batch (0), but is {NDArray.Describe([.. axes])}",
        option);

    /// <summary>The places of axes in the shape of a sample.</summary>
    /// <param name="layer">The layer, for messages.</param>
    /// <param name="option">Name of the option.</param>
    /// <param name="axes">The axes; 1 is the first of a sample, −1 the last.</param>
    /// <param name="input">Shape of a sample.</param>
    /// <exception cref="ShapeException">There is no such axis, or two name the same.</exception>
    public static int[] Places(Layer layer, string option, IReadOnlyList<int> axes, Shape input)
    {
        int[] places = [.. axes.Select(axis => axis < 0 ? input.Rank + axis : axis - 1)];
        return places.All(place => place >= 0 && place < input.Rank) && places.Distinct().Count() == places.Length
            ? places
            : throw new ShapeException(
                layer.Introduction,
                $"input with the axes that {option} {NDArray.Describe([.. axes])} names, each of them another one",
                input,
                "Axis 0 is that of the batch, 1 the first of a sample, and negative axes count from the end: -1 is the last.");
    }

    /// <summary>Requires that the lengths of some axes are known.</summary>
    /// <param name="layer">The layer, for messages.</param>
    /// <param name="places">Their places in the shape of a sample.</param>
    /// <param name="input">Shape of a sample.</param>
    /// <param name="why">Why they must be known: a sentence.</param>
    /// <exception cref="ShapeException">One is not.</exception>
    public static Shape RequireKnown(Layer layer, IReadOnlyList<int> places, Shape input, string why)
    {
        int[] unknown = [.. places.Where(place => input[place] is null).Order().Select(place => place + 1)];
        string what = unknown.Length == 1 ? "axis" : "axes";
        return unknown.Length == 0
            ? input
            : throw new ShapeException(
                layer.Introduction, $"input with a known length of {what} {string.Join(" and ", unknown)}", input, why);
    }

    /// <summary>Reads one axis, or a list.</summary>
    /// <param name="config">The config.</param>
    /// <param name="key">The key.</param>
    public static IReadOnlyList<int>? Read(ConfigReader config, string key)
    {
        if (config.Raw(key) is not IEnumerable<object?>)
        {
            return config.OptionalInt(key) is int one ? [one] : null;
        }

        IReadOnlyList<int?> several = config.OptionalInts(key)!;
        return several.All(entry => entry is not null)
            ? [.. several.Select(entry => entry!.Value)]
            : throw new ConfigException($"{config.Owner}: {key} must not have an entry that is null.") { Option = key };
    }
}
