using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>Intersection over union of all classes: the mean over those that occur among targets or answers.</summary>
/// <remarks>The rest is as in <see cref="IoU"/>.</remarks>
public class MeanIoU : IoU
{
    /// <summary>Creates the metric.</summary>
    /// <param name="numClasses">Number of classes, at least 1.</param>
    /// <param name="ignoreClass">A class whose targets do not count, or null, the default; it may lie outside the classes, as −1
    /// does.</param>
    /// <param name="sparseYTrue">Whether targets are class indices; default true. Else the greatest of a column is its
    /// class.</param>
    /// <param name="sparseYPred">Whether predictions are class indices; default true. Else the greatest of a column is its
    /// class.</param>
    /// <param name="name">Name of the metric; default <c>mean_io_u</c>, as in Keras.</param>
    /// <param name="axis">The axis of the scores of classes, 0 being the samples of a batch; default −1, the outputs.</param>
    /// <exception cref="ArgumentException">There is no class.</exception>
    public MeanIoU(
        int numClasses,
        int? ignoreClass = null,
        bool sparseYTrue = true,
        bool sparseYPred = true,
        string? name = null,
        int axis = -1)
        : this(nameof(MeanIoU), numClasses, ignoreClass, sparseYTrue, sparseYPred, axis, name ?? "mean_io_u")
    {
    }

    /// <summary>Keeps the options.</summary>
    /// <param name="className">Class name of the metric.</param>
    /// <param name="numClasses">Number of classes.</param>
    /// <param name="ignoreClass">A class whose targets do not count, or null.</param>
    /// <param name="sparseYTrue">Whether targets are class indices.</param>
    /// <param name="sparseYPred">Whether predictions are class indices.</param>
    /// <param name="axis">The axis along which scores of classes lie.</param>
    /// <param name="name">Name of the metric.</param>
    private protected MeanIoU(
        string className, int numClasses, int? ignoreClass, bool sparseYTrue, bool sparseYPred, int axis, string name)
        : base(className, numClasses, null, ignoreClass, sparseYTrue, sparseYPred, axis, name)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(MeanIoU);

    /// <inheritdoc/>
    public override Metric Fresh() => new MeanIoU(NumClasses, IgnoreClass, SparseYTrue, SparseYPred, Name, GivenAxis);

    /// <inheritdoc/>
    public override Config GetConfig() => ConfigWithout("target_class_ids");
}
