using Recurrent.Initializers;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>
/// The options of an <see cref="LRUCell"/> that other cells do not have; their meaning is documented where callers see them.
/// </summary>
internal sealed record LRUOptions(double RMin, double RMax, double MaxPhase, bool Normalize, string Feedthrough)
{
    /// <summary>First values of C: a normal draw of variance 1/units for the factors of real and of imaginary parts.</summary>
    public static Initializer FirstOutputKernel => new VarianceScaling(2, "fan_in", "untruncated_normal");

    /// <summary>First values of a full D: a normal draw of variance 1/features.</summary>
    public static Initializer FirstFeedthrough => new VarianceScaling(1, "fan_in", "untruncated_normal");

    /// <summary>First values of B: a normal draw of variance 1/(2·features) for real and imaginary parts.</summary>
    private static Initializer FirstKernel => new VarianceScaling(0.5, "fan_in", "untruncated_normal");

    /// <summary>The options that all cells share, as far as this one has them.</summary>
    public static CellOptions OfKernel(WeightOptions? kernel, double dropout, int? seed) => new()
    {
        UseBias = false,
        KernelInitializer = kernel?.Initializer ?? FirstKernel,
        KernelRegularizer = kernel?.Regularizer,
        KernelConstraint = kernel?.Constraint,
        Dropout = dropout,
        Seed = seed,
    };

    /// <summary>Reads the options that all cells share.</summary>
    public static CellOptions ReadKernel(ConfigReader config, bool ofLayer) =>
        CellOptions.ReadNamed(
            config,
            OfKernel(WeightOptions.Read(config, "kernel"), config.Double("dropout", 0), config.OptionalInt("seed")),
            ofLayer);

    /// <summary>Reads the options.</summary>
    public static LRUOptions Read(ConfigReader config) => new(
        config.Double("r_min", 0),
        config.Double("r_max", 1),
        config.Double("max_phase", 2 * Math.PI),
        config.Bool("normalize", true),
        config.OptionalString("feedthrough") ?? "full");

    /// <summary>Adds the options.</summary>
    public void AddTo(Config config)
    {
        config.Add("r_min", RMin);
        config.Add("r_max", RMax);
        config.Add("max_phase", MaxPhase);
        config.Add("normalize", Normalize);
        config.Add("feedthrough", Feedthrough);
    }

    /// <summary>Notes what is wrong with the options.</summary>
    public OptionCheck Check(OptionCheck check) => check
        .Require(
            RMin >= 0 && RMin <= RMax && RMax <= 1,
            FormattableString.Invariant($"rMin and rMax must be from 0 to 1, in this order, but are {RMin} and {RMax}"))
        .Require(
            MaxPhase is > 0 and <= 2 * Math.PI,
            FormattableString.Invariant($"maxPhase must be above 0 and at most 2π, but is {MaxPhase}"),
            "maxPhase")
        .OneOf("feedthrough", Feedthrough, "full", "diagonal", "none");
}
