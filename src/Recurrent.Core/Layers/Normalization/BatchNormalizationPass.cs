namespace Recurrent.Layers;

/// <summary>
/// What a forward pass of <see cref="BatchNormalization"/> remembers: number, mean and squared deviations of each channel, and
/// sums of gradients; those of its own samples, or, once they are shared, of the whole batch.
/// </summary>
public sealed class BatchNormalizationPass : AxisPass
{
    internal BatchNormalizationPass(BatchNormalization layer, PassOptions options, AxisGather gather)
        : base(layer, options, gather)
    {
        Counts = new double[gather.Rows];
        Means = new double[gather.Rows];
        Deviations = new double[gather.Rows];
        Inverses = new double[gather.Rows];
        GradientSums = new double[gather.Rows];
        GradientSlopes = new double[gather.Rows];
        AllGradientSums = new double[gather.Rows];
        AllGradientSlopes = new double[gather.Rows];
    }

    /// <summary>How many values of each channel count.</summary>
    internal double[] Counts { get; }

    /// <summary>Their mean.</summary>
    internal double[] Means { get; }

    /// <summary>The sum of the squares of their deviations from it.</summary>
    internal double[] Deviations { get; }

    /// <summary>1 / √(σ² + ε) of the last forward pass.</summary>
    internal double[] Inverses { get; }

    /// <summary>Σ dy of each channel, over the samples of this pass.</summary>
    internal double[] GradientSums { get; }

    /// <summary>Σ dy ∘ x̂ of each channel, over the samples of this pass.</summary>
    internal double[] GradientSlopes { get; }

    /// <summary>Σ dy of each channel, over the whole batch.</summary>
    internal double[] AllGradientSums { get; }

    /// <summary>Σ dy ∘ x̂ of each channel, over the whole batch.</summary>
    internal double[] AllGradientSlopes { get; }

    /// <summary>Whether the statistics of this step are those of the whole batch already.</summary>
    internal bool IsShared { get; set; }

    /// <summary>Whether the sums of gradients of this step are those of the whole batch already.</summary>
    internal bool IsSharedBack { get; set; }

    /// <summary>Whether the last forward pass took the statistics of its batch.</summary>
    internal bool FollowsBatch { get; set; }

    /// <summary>The mask of the last input.</summary>
    internal bool[]? Mask { get; set; }

    /// <inheritdoc/>
    public override void Begin(bool training, ulong key)
    {
        base.Begin(training, key);
        IsShared = false;
        IsSharedBack = false;
    }

    /// <summary>Finds number, mean and squared deviations of each channel in a gathered input.</summary>
    internal void Count(DenseMatrix x, bool[]? mask)
    {
        Array.Clear(Counts);
        Array.Clear(Means);
        Array.Clear(Deviations);
        int channels = x.RowCount;
        Real[] values = x.Values;
        for (int first = 0; first < values.Length; first += channels)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                if (mask is null || !IsMasked(mask, first + channel))
                {
                    Counts[channel]++;
                    Means[channel] += values[first + channel];
                }
            }
        }

        for (int channel = 0; channel < channels; channel++)
        {
            Means[channel] /= Math.Max(1, Counts[channel]);
        }

        for (int first = 0; first < values.Length; first += channels)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                if (mask is null || !IsMasked(mask, first + channel))
                {
                    double deviation = values[first + channel] - Means[channel];
                    Deviations[channel] += deviation * deviation;
                }
            }
        }
    }

    /// <summary>Adds what another pass has counted (Chan, Golub and LeVeque, 1983).</summary>
    internal void Join(BatchNormalizationPass other)
    {
        for (int channel = 0; channel < Counts.Length; channel++)
        {
            double count = Counts[channel] + other.Counts[channel];
            if (count == 0)
            {
                continue;
            }

            double apart = other.Means[channel] - Means[channel];
            double share = other.Counts[channel] / count;
            Means[channel] += apart * share;
            Deviations[channel] += other.Deviations[channel] + (apart * apart * Counts[channel] * share);
            Counts[channel] = count;
        }
    }
}
