using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>Intersection over union of chosen classes, from one-hot targets and, unless told otherwise, scores of the
/// classes.</summary>
/// <remarks>The rest is as in <see cref="IoU"/>.</remarks>
public sealed class OneHotIoU : IoU
{
    /// <summary>Creates the metric.</summary>
    /// <param name="numClasses">Number of classes, at least 1.</param>
    /// <param name="targetClassIds">The classes whose mean is taken, at least one, each from 0 to <paramref name="numClasses"/> −
    /// 1.</param>
    /// <param name="ignoreClass">A class whose targets do not count, or null, the default.</param>
    /// <param name="sparseYPred">Whether predictions are class indices; default false: the greatest of a column is its
    /// class.</param>
    /// <param name="name">Name of the metric; default <c>one_hot_io_u</c>, as in Keras.</param>
    /// <param name="axis">The axis of the scores of classes, 0 being the samples of a batch; default −1, the outputs.</param>
    /// <exception cref="ArgumentException">There is no class, or one that does not exist.</exception>
    public OneHotIoU(
        int numClasses,
        IReadOnlyList<int> targetClassIds,
        int? ignoreClass = null,
        bool sparseYPred = false,
        string? name = null,
        int axis = -1)
        : base(nameof(OneHotIoU), numClasses, targetClassIds, ignoreClass, false, sparseYPred, axis, name ?? "one_hot_io_u")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(OneHotIoU);

    /// <inheritdoc/>
    public override Metric Fresh() => new OneHotIoU(NumClasses, TargetClassIds, IgnoreClass, SparseYPred, Name, GivenAxis);

    /// <inheritdoc/>
    public override Config GetConfig() => ConfigWithout("sparse_y_true");
}

/// <summary>Intersection over union of all classes, from one-hot targets and, unless told otherwise, scores of the
/// classes.</summary>
/// <remarks>The rest is as in <see cref="IoU"/>.</remarks>
public sealed class OneHotMeanIoU : MeanIoU
{
    /// <summary>Creates the metric.</summary>
    /// <param name="numClasses">Number of classes, at least 1.</param>
    /// <param name="ignoreClass">A class whose targets do not count, or null, the default.</param>
    /// <param name="sparseYPred">Whether predictions are class indices; default false: the greatest of a column is its
    /// class.</param>
    /// <param name="name">Name of the metric; default <c>one_hot_mean_io_u</c>, as in Keras.</param>
    /// <param name="axis">The axis of the scores of classes, 0 being the samples of a batch; default −1, the outputs.</param>
    /// <exception cref="ArgumentException">There is no class.</exception>
    public OneHotMeanIoU(
        int numClasses, int? ignoreClass = null, bool sparseYPred = false, string? name = null, int axis = -1)
        : base(nameof(OneHotMeanIoU), numClasses, ignoreClass, false, sparseYPred, axis, name ?? "one_hot_mean_io_u")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(OneHotMeanIoU);

    /// <inheritdoc/>
    public override Metric Fresh() => new OneHotMeanIoU(NumClasses, IgnoreClass, SparseYPred, Name, GivenAxis);

    /// <inheritdoc/>
    public override Config GetConfig() => ConfigWithout("target_class_ids", "sparse_y_true");
}
