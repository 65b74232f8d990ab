namespace Recurrent.Metrics;

/// <summary>
/// Weights that come as an array beside a batch. Their axes are the first ones of the batch, each of its length or of length 1,
/// which stands for all of it; axes that are not there count as length 1. Weights that have the axis that the metric looks along
/// weigh each entry, else what stands along it; without that axis they may also leave it out.
/// </summary>
internal sealed class ArrayWeights
{
    private readonly Metric metric;
    private readonly NDArray given;
    private readonly int[] shape;
    private readonly int axis;

    /// <summary>Takes the weights.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="given">The weights.</param>
    /// <param name="shape">Shape of the batch, samples included.</param>
    /// <param name="axis">The axis that the metric looks along, counted from the front.</param>
    public ArrayWeights(Metric metric, NDArray given, int[] shape, int axis)
    {
        this.metric = metric;
        this.given = given;
        this.shape = shape;
        this.axis = axis;
    }

    /// <summary>A weight for each entry of the batch; null where they are for what stands along the axis.</summary>
    /// <exception cref="ArgumentException">The metric weighs no entries.</exception>
    public Real[]? OfEntries()
    {
        if (given.Rank >= shape.Length && shape[axis] > 1 && given.Shape[axis] == shape[axis] && IsSpread(shape))
        {
            return metric.WeighsEntries ? Spread(shape) : throw Wrong();
        }

        // A metric of classes takes them one after the other as well, as Keras does.
        bool oneAfterTheOther = given.Rank == 1 && given.Size == Sizes(shape) && !IsSpread(shape);
        return oneAfterTheOther && metric is IoU { WeighsEntries: true } ? given.Values : null;
    }

    /// <summary>A weight for what stands along the axis at each place.</summary>
    /// <param name="left">The batch's axes without that one.</param>
    /// <exception cref="ArgumentException">The weights do not fit to the batch.</exception>
    public Real[] OfLanes(int[] left)
    {
        int[] narrow = [.. shape.Select((length, i) => i == axis ? 1 : length)];
        return given.Rank > left.Length && IsSpread(narrow) ? Spread(narrow)
            : IsSpread(left) ? Spread(left)
            : given.Rank == 1 && given.Size == Sizes(left) ? given.Values
            : throw Wrong();
    }

    /// <summary>Whether each axis of the weights is as long as that of a batch, or 1.</summary>
    private bool IsSpread(int[] whole)
    {
        bool fits = true;
        for (int i = 0; i < given.Rank; i++)
        {
            fits &= given.Shape[i] == 1 || (i < whole.Length && given.Shape[i] == whole[i]);
        }

        return fits;
    }

    private static int Sizes(IEnumerable<int> whole) => whole.Aggregate(1, (a, b) => a * b);

    private Real[] Spread(int[] whole)
    {
        Real[] spread = new Real[Sizes(whole)];
        for (int entry = 0; entry < spread.Length; entry++)
        {
            int place = entry;
            int from = 0;
            int stride = 1;
            for (int i = whole.Length - 1; i >= 0; i--)
            {
                int length = i < given.Rank ? given.Shape[i] : 1;
                from += length == 1 ? 0 : place % whole[i] * stride;
                stride *= length;
                place /= whole[i];
            }

            spread[entry] = given.Values[from];
        }

        return spread;
    }

    private ArgumentException Wrong()
    {
        int lanes = Sizes(shape.Where((_, i) => i != axis));
        string way = (axis == 0, metric.WeighsEntries) switch
        {
            (true, _) => ".",
            (false, false) => ", or for each sample.",
            (false, true) => ", for each sample, or for each entry.",
        };
        return new(
            $"{metric.ClassName} '{metric.Name}' has {lanes} values along axis {metric.Axis} in a batch of {shape[0]}, but "
            + $"sampleWeight has shape {NDArray.Describe(given.Shape)}. Give one weight for each of them{way}");
    }
}
