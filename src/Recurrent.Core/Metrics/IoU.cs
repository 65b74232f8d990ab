using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>
/// Intersection over union, <c>hits / (hits + false alarms + misses)</c>, of chosen classes: the mean over those of them that
/// occur among targets or answers.
/// </summary>
/// <remarks>
/// Targets and predictions are class indices, or columns of scores whose greatest is the class. Entries whose class is not among
/// the classes, or is the ignored one, do not count. A class that occurs nowhere is left out of the mean; divisors have 1e-7
/// added (as in Keras). Sample weights count as they are, as in the examples of Keras's documentation; Keras 3.15 counts in
/// whole numbers unless dtype is given, in which a weight below 1 is 0. Jaccard, 1912: The Distribution of the Flora in the
/// Alpine Zone.
/// </remarks>
public class IoU : Metric
{
    private const double Epsilon = 1e-7;

    private readonly int[] targetClassIds;
    private readonly int axis;
    private readonly double[] hits;
    private readonly double[] answers;
    private readonly double[] occurrences;

    /// <summary>Creates the metric.</summary>
    /// <param name="numClasses">Number of classes, at least 1.</param>
    /// <param name="targetClassIds">The classes whose mean is taken, at least one, each from 0 to <paramref name="numClasses"/> −
    /// 1.</param>
    /// <param name="ignoreClass">A class whose targets do not count, or null, the default; it may lie outside the classes, as −1
    /// does.</param>
    /// <param name="sparseYTrue">Whether targets are class indices; default true. Else the greatest of a column is its
    /// class.</param>
    /// <param name="sparseYPred">Whether predictions are class indices; default true. Else the greatest of a column is its
    /// class.</param>
    /// <param name="name">Name of the metric; default <c>io_u</c>, as in Keras.</param>
    /// <param name="axis">The axis of the scores of classes, 0 being the samples of a batch; default −1, the outputs.</param>
    /// <exception cref="ArgumentException">There is no class, or one that does not exist.</exception>
    public IoU(
        int numClasses,
        IReadOnlyList<int> targetClassIds,
        int? ignoreClass = null,
        bool sparseYTrue = true,
        bool sparseYPred = true,
        string? name = null,
        int axis = -1)
        : this(nameof(IoU), numClasses, targetClassIds, ignoreClass, sparseYTrue, sparseYPred, axis, name ?? "io_u")
    {
    }

    /// <summary>Keeps the options.</summary>
    /// <param name="className">Class name of the metric.</param>
    /// <param name="numClasses">Number of classes.</param>
    /// <param name="targetClassIds">The classes whose mean is taken; null for all.</param>
    /// <param name="ignoreClass">A class whose targets do not count, or null.</param>
    /// <param name="sparseYTrue">Whether targets are class indices.</param>
    /// <param name="sparseYPred">Whether predictions are class indices.</param>
    /// <param name="axis">The axis along which scores of classes lie.</param>
    /// <param name="name">Name of the metric.</param>
    private protected IoU(
        string className, int numClasses, IReadOnlyList<int>? targetClassIds, int? ignoreClass, bool sparseYTrue,
            bool sparseYPred, int axis, string name)
        : base(name)
    {
        var check = new OptionCheck(className).Positive(nameof(numClasses), numClasses);
        check.Require(targetClassIds is null or { Count: > 0 }, "targetClassIds must have at least one entry",
            nameof(targetClassIds));
        for (int i = 0; i < targetClassIds?.Count; i++)
        {
            check.Require(
                targetClassIds[i] >= 0 && targetClassIds[i] < numClasses,
                $"targetClassIds[{i}] must be from 0 to {numClasses - 1}, but is {targetClassIds[i]}",
                nameof(targetClassIds));
        }

        check.ThrowIfAny();
        this.targetClassIds = targetClassIds is null ? [.. Enumerable.Range(0, numClasses)] : [.. targetClassIds];
        NumClasses = numClasses;
        IgnoreClass = ignoreClass;
        SparseYTrue = sparseYTrue;
        SparseYPred = sparseYPred;
        this.axis = axis;
        hits = new double[numClasses];
        answers = new double[numClasses];
        occurrences = new double[numClasses];
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(IoU);

    /// <inheritdoc/>
    /// <remarks>Class indices lie along no axis: where targets and predictions both are such, it has no meaning.</remarks>
    public override int Axis => SparseYTrue && SparseYPred ? -1 : axis;

    /// <summary>Number of classes.</summary>
    public int NumClasses { get; }

    /// <summary>The classes whose mean is taken.</summary>
    public IReadOnlyList<int> TargetClassIds => targetClassIds;

    /// <summary>The class whose targets do not count, or null.</summary>
    public int? IgnoreClass { get; }

    /// <summary>Whether targets are class indices.</summary>
    public bool SparseYTrue { get; }

    /// <summary>Whether predictions are class indices.</summary>
    public bool SparseYPred { get; }

    /// <inheritdoc/>
    public override Metric Fresh() => new IoU(NumClasses, TargetClassIds, IgnoreClass, SparseYTrue, SparseYPred, Name, axis);

    /// <inheritdoc/>
    public override Config GetConfig() => ConfigWithout();

    /// <inheritdoc/>
    internal override bool WeighsEntries => SparseYTrue && SparseYPred;

    /// <inheritdoc/>
    public override void CheckRows(int targetRows, int rows)
    {
        int targets = SparseYTrue ? targetRows : 1;
        int predictions = SparseYPred ? rows : 1;
        if (targets != predictions)
        {
            throw new ArgumentException(
                $"{ClassName} '{Name}' needs a class for each class, but a column has {targets} among its {targetRows} targets "
                + $"and {predictions} among its {rows} outputs. Where outputs are scores of classes set sparseYPred: false, "
                + "and sparseYTrue: false where targets are one-hot.");
        }
    }

    /// <summary>The axis as it was given.</summary>
    private protected int GivenAxis => axis;

    /// <summary>The class of a number: class indices are whole numbers.</summary>
    /// <param name="prediction">The prediction.</param>
    private protected virtual Real ClassOf(Real prediction) => prediction;

    /// <summary>All options but those that a metric does not have.</summary>
    /// <param name="keys">The options that are left out.</param>
    private protected Config ConfigWithout(params ReadOnlySpan<string> keys)
    {
        Config config = base.GetConfig();
        Add(keys, "num_classes", NumClasses);
        Add(keys, "target_class_ids", targetClassIds);
        Add(keys, "ignore_class", IgnoreClass);
        Add(keys, "sparse_y_true", SparseYTrue);
        Add(keys, "sparse_y_pred", SparseYPred);
        Add(keys, "axis", axis);
        return config;

        void Add(ReadOnlySpan<string> without, string key, object? value)
        {
            if (!without.Contains(key))
            {
                config.Add(key, value);
            }
        }
    }

    /// <inheritdoc/>
    protected override double Compute()
    {
        double sum = 0;
        int counted = 0;
        foreach (int id in targetClassIds)
        {
            double union = answers[id] + occurrences[id] - hits[id];
            if (union > 1e-9)
            {
                sum += hits[id] / (union + Epsilon);
                counted++;
            }
        }

        return sum / (counted + Epsilon);
    }

    /// <inheritdoc/>
    protected sealed override IReadOnlyList<double>? Gathered
    {
        get => [.. hits, .. answers, .. occurrences];
        set
        {
            double[][] parts = Parts(value, 3, NumClasses);
            parts[0].CopyTo(hits, 0);
            parts[1].CopyTo(answers, 0);
            parts[2].CopyTo(occurrences, 0);
        }
    }

    /// <inheritdoc/>
    protected override void Clear()
    {
        Array.Clear(hits);
        Array.Clear(answers);
        Array.Clear(occurrences);
    }

    /// <inheritdoc/>
    protected override void Add(
        ReadOnlySpan<Real> targets, int targetRows, ReadOnlySpan<Real> predictions, int rows, ReadOnlySpan<Real> weights)
    {
        for (int column = 0; column < predictions.Length / rows; column++)
        {
            ReadOnlySpan<Real> y = targets.Slice(column * targetRows, targetRows);
            ReadOnlySpan<Real> p = predictions.Slice(column * rows, rows);
            double weight = Weight(weights, column);
            for (int i = 0; i < (SparseYPred ? rows : 1); i++)
            {
                Count(SparseYTrue ? y[i] : Ranking.Best(y), SparseYPred ? ClassOf(p[i]) : Ranking.Best(p), weight);
            }
        }
    }

    private void Count(Real target, Real prediction, double weight)
    {
        // What is no whole number counts as the class before it, as Keras casts it; NaN is none.
        if (target > -1 && target < NumClasses && prediction > -1 && prediction < NumClasses && (int)target != IgnoreClass)
        {
            int expected = (int)target;
            int answer = (int)prediction;
            occurrences[expected] += weight;
            answers[answer] += weight;
            hits[expected] += expected == answer ? weight : 0;
        }
    }
}
