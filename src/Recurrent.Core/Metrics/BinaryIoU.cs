using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>Intersection over union of a yes and a no: each output is class 1 from a threshold on, else class 0.</summary>
/// <remarks>The rest is as in <see cref="IoU"/>. An output that is the threshold itself is class 1 (as in Keras).</remarks>
public sealed class BinaryIoU : IoU
{
    private static readonly int[] Both = [0, 1];

    /// <summary>Creates the metric.</summary>
    /// <param name="targetClassIds">The classes whose mean is taken, of 0 and 1; default both.</param>
    /// <param name="threshold">From which on an output is class 1, a finite number; default 0.5.</param>
    /// <param name="name">Name of the metric; default <c>binary_io_u</c>, as in Keras.</param>
    /// <exception cref="ArgumentException">A class is neither 0 nor 1, or the threshold is no finite number.</exception>
    public BinaryIoU(IReadOnlyList<int>? targetClassIds = null, double threshold = 0.5, string? name = null)
        : base(nameof(BinaryIoU), 2, targetClassIds ?? Both, null, true, true, -1, name ?? "binary_io_u")
    {
        new OptionCheck(ClassName).Finite(nameof(threshold), threshold).ThrowIfAny();
        Threshold = threshold;
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(BinaryIoU);

    /// <summary>From which on an output is class 1.</summary>
    public double Threshold { get; }

    /// <inheritdoc/>
    public override Metric Fresh() => new BinaryIoU(TargetClassIds, Threshold, Name);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = ConfigWithout("num_classes", "ignore_class", "sparse_y_true", "sparse_y_pred", "axis");
        config.Add("threshold", Threshold);
        return config;
    }

    /// <inheritdoc/>
    private protected override Real ClassOf(Real prediction) =>
        prediction >= (Real)Threshold ? 1 : prediction < (Real)Threshold ? 0 : prediction;
}
