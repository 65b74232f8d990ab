using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Initializers;

/// <summary>
/// Draws whose variance is <c>scale / n</c>, where n is the number of inputs of a value, of its outputs, or their mean: so that
/// signals keep their size from layer to layer.
/// </summary>
/// <remarks>
/// Three distributions, all of mean 0 and standard deviation σ = √(scale / n): uniform within ±√3 σ; normal; and normal cut at
/// two of its standard deviations, which is enlarged by 1/0.8796… so that σ is the one after the cut.
/// </remarks>
public abstract class ScaledInitializer : Initializer
{
    // Standard deviation of the standard normal distribution cut at ±2.
    private const double TruncatedDeviation = 0.87962566103423978;

    /// <summary>Creates the initializer.</summary>
    /// <param name="scale">Factor on the variance, above 0.</param>
    /// <param name="mode">What n is: <c>"fan_in"</c>, <c>"fan_out"</c> or <c>"fan_avg"</c>.</param>
    /// <param name="distribution"><c>"truncated_normal"</c>, <c>"untruncated_normal"</c> or <c>"uniform"</c>.</param>
    /// <param name="seed">Seed of the draws; null takes it from the layer and the model.</param>
    /// <param name="inputAxes">Axes that count as inputs; null for Keras's rules.</param>
    /// <param name="outputAxes">Axes that count as outputs; null for Keras's rules. Both are given, or neither.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message names them all.</exception>
    private protected ScaledInitializer(
        double scale,
        string mode,
        string distribution,
        int? seed,
        IReadOnlyList<int>? inputAxes,
        IReadOnlyList<int>? outputAxes)
    {
        new OptionCheck(ClassName)
            .Above("scale", scale, 0)
            .InRange("scale", scale)
            .OneOf("mode", mode, "fan_in", "fan_out", "fan_avg")
            .OneOf("distribution", distribution, "truncated_normal", "untruncated_normal", "uniform")
            .Require(inputAxes is null == outputAxes is null, "input_axes and output_axes must be given together")
            .ThrowIfAny();
        Scale = scale;
        Mode = mode;
        Distribution = distribution;
        Seed = seed;
        InputAxes = inputAxes?.ToArray();
        OutputAxes = outputAxes?.ToArray();
    }

    /// <summary>The same initializer for a parameter of which the caller knows the axes of inputs and outputs.</summary>
    /// <param name="inputAxes">The axes of inputs.</param>
    /// <param name="outputAxes">The axes of outputs.</param>
    internal Initializer For(IReadOnlyList<int> inputAxes, IReadOnlyList<int> outputAxes) => InputAxes is not null
        ? this
        : new VarianceScaling(Scale, Mode, Distribution, Seed, inputAxes, outputAxes);

    /// <summary>Factor on the variance.</summary>
    private protected double Scale { get; }

    /// <summary>What the variance is divided by.</summary>
    private protected string Mode { get; }

    /// <summary>The distribution of the draws.</summary>
    private protected string Distribution { get; }

    /// <summary>Axes that count as inputs, or null.</summary>
    private protected int[]? InputAxes { get; }

    /// <summary>Axes that count as outputs, or null.</summary>
    private protected int[]? OutputAxes { get; }

    /// <inheritdoc/>
    public sealed override void Fill(ReadOnlySpan<int> shape, Span<Real> values, SeededRandom random)
    {
        Fans fans = InputAxes is null ? Fans.Of(shape) : Fans.Of(shape, InputAxes, OutputAxes!);
        double n = Mode switch
        {
            "fan_in" => fans.In,
            "fan_out" => fans.Out,
            _ => (fans.In + fans.Out) / 2,
        };
        double deviation = Math.Sqrt(Scale / Math.Max(1, n));
        switch (Distribution)
        {
            case "uniform":
                double limit = Math.Sqrt(3) * deviation;
                Draw.Uniform(values, -limit, limit, random);
                break;
            case "untruncated_normal":
                Draw.Normal(values, 0, deviation, random);
                break;
            default:
                Draw.TruncatedNormal(values, 0, deviation / TruncatedDeviation, random);
                break;
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "seed", Seed }, { "input_axes", InputAxes }, { "output_axes", OutputAxes } };
}
