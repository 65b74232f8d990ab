using Recurrent.Registration;

namespace Recurrent.Constraints;

/// <summary>The constraints that can be named in code and in files.</summary>
public static class ConstraintNames
{
    /// <summary>Every constraint by name.</summary>
    public static Registry<Constraint> Registry { get; } = new("constraint", [
        new("MaxAbs|max_abs", c => new MaxAbs(c.Double("max_value", 1))),
        new("MaxNorm|max_norm", c => new MaxNorm(c.Double("max_value", 2), Axes(c))),
        new("MinMaxNorm|min_max_norm", c => new MinMaxNorm(
            c.Double("min_value", 0),
            c.Double("max_value", 1),
            c.Double("rate", 1),
            Axes(c))),
        new("NonNeg|non_neg", _ => new NonNeg()),
        new("UnitNorm|unit_norm", c => new UnitNorm(Axes(c))),
    ]);

    // One number or a list. Null is refused: in Keras it means all axes, while a missing key means axis 0.
    private static int[] Axes(ConfigReader config) => config.Raw("axis") switch
    {
        null when !config.IsNull("axis") => [0],
        IReadOnlyList<object?> axes when axes.All(a => a is long axis && axis == (int)axis) =>
            [.. axes.Select(a => (int)(long)a!)],
        long => [config.Int("axis")],
        _ => throw new ConfigException($"{config.Owner}: axis must be a whole number or a list of whole numbers."),
    };
}
