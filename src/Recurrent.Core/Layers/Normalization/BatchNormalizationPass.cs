namespace Recurrent.Layers;

/// <summary>
/// What a forward pass of <see cref="BatchNormalization"/> remembers: what it has normalized, and sums over each channel.
/// </summary>
public sealed class BatchNormalizationPass : AxisPass
{
    internal BatchNormalizationPass(BatchNormalization layer, PassOptions options, AxisGather gather)
        : base(layer, options, gather)
    {
        Sums = new BatchSums(gather.Rows);
        Inverses = new double[gather.Rows];
    }

    /// <summary>Sums over its samples, or over the whole batch.</summary>
    internal BatchSums Sums { get; }

    /// <summary>1 / √(σ² + ε) of the last forward pass.</summary>
    internal double[] Inverses { get; }

    /// <summary>Whether the last forward pass took the statistics of its batch.</summary>
    internal bool FollowsBatch { get; set; }

    /// <summary>The mask of the last input.</summary>
    internal bool[]? Mask { get; set; }

    /// <inheritdoc/>
    public override void Begin(bool training, ulong key)
    {
        base.Begin(training, key);
        Sums.Begin();
    }

    /// <summary>Finds number, mean and squared deviations of each channel in a gathered input.</summary>
    internal void Count(DenseMatrix x, bool[]? mask)
    {
        double[] counts = Sums.Counts;
        double[] means = Sums.Means;
        double[] deviations = Sums.Deviations;
        Array.Clear(counts);
        Array.Clear(means);
        Array.Clear(deviations);
        int channels = x.RowCount;
        Real[] values = x.Values;
        for (int first = 0; first < values.Length; first += channels)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                if (mask is null || !IsMasked(mask, first + channel))
                {
                    counts[channel]++;
                    means[channel] += values[first + channel];
                }
            }
        }

        for (int channel = 0; channel < channels; channel++)
        {
            means[channel] /= Math.Max(1, counts[channel]);
        }

        for (int first = 0; first < values.Length; first += channels)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                if (mask is null || !IsMasked(mask, first + channel))
                {
                    double deviation = values[first + channel] - means[channel];
                    deviations[channel] += deviation * deviation;
                }
            }
        }
    }
}
