using Recurrent.Registration;

namespace Recurrent.Initializers;

/// <summary>The initializers that can be named in code and in files.</summary>
public static class InitializerNames
{
    /// <summary>Every initializer by name.</summary>
    public static Registry<Initializer> Registry { get; } = new("initializer", [
        new("Constant|constant", c => new Constant(c.Double("value", 0))),
        new("GlorotNormal|glorot_normal", c => new GlorotNormal(
            c.OptionalInt("seed"), Axes(c, "input_axes"), Axes(c, "output_axes"))),
        new("GlorotUniform|glorot_uniform", c => new GlorotUniform(
            c.OptionalInt("seed"), Axes(c, "input_axes"), Axes(c, "output_axes"))),
        new("HeNormal|he_normal", c => new HeNormal(
            c.OptionalInt("seed"), Axes(c, "input_axes"), Axes(c, "output_axes"))),
        new("HeUniform|he_uniform", c => new HeUniform(
            c.OptionalInt("seed"), Axes(c, "input_axes"), Axes(c, "output_axes"))),
        new("Identity|identity|IdentityInitializer", c => new Identity(c.Double("gain", 1))),
        new("LecunNormal|lecun_normal", c => new LecunNormal(
            c.OptionalInt("seed"), Axes(c, "input_axes"), Axes(c, "output_axes"))),
        new("LecunUniform|lecun_uniform", c => new LecunUniform(
            c.OptionalInt("seed"), Axes(c, "input_axes"), Axes(c, "output_axes"))),
        new("Ones|ones|one", _ => new Ones()),
        new("Orthogonal|orthogonal|OrthogonalInitializer", c => new Orthogonal(c.Double("gain", 1), c.OptionalInt("seed"))),
        new("RandomNormal|random_normal|normal", c => new RandomNormal(
            c.Double("mean", 0), c.Double("stddev", 0.05), c.OptionalInt("seed"))),
        new("RandomUniform|random_uniform|uniform", c => new RandomUniform(
            c.Double("minval", -0.05), c.Double("maxval", 0.05), c.OptionalInt("seed"))),
        new("TruncatedNormal|truncated_normal", c => new TruncatedNormal(
            c.Double("mean", 0), c.Double("stddev", 0.05), c.OptionalInt("seed"))),
        new("VarianceScaling|variance_scaling", c => new VarianceScaling(
            c.Double("scale", 1),
            c.OptionalString("mode") ?? "fan_in",
            c.OptionalString("distribution") ?? "truncated_normal",
            c.OptionalInt("seed"),
            Axes(c, "input_axes"),
            Axes(c, "output_axes"))),
        new("Zeros|zeros|zero", _ => new Zeros()),
    ]);

    private static int[]? Axes(ConfigReader config, string key) => config.OptionalInts(key) switch
    {
        null => null,
        IReadOnlyList<int?> axes when axes.All(a => a is not null) => [.. axes.Select(a => a!.Value)],
        _ => throw new ConfigException($"{config.Owner}: {key} must not have an entry that is null."),
    };
}
