namespace Recurrent.Layers;

/// <summary>
/// What <see cref="BatchNormalization"/> knows of each channel of a batch: number, mean and squared deviations of its values, and
/// sums of gradients; those of the samples of one shard, or, once they are shared, of the whole batch.
/// </summary>
/// <param name="channels">Number of channels.</param>
internal sealed class BatchSums(int channels)
{
    /// <summary>How many values of each channel count.</summary>
    public double[] Counts { get; } = new double[channels];

    /// <summary>Their mean.</summary>
    public double[] Means { get; } = new double[channels];

    /// <summary>The sum of the squares of their deviations from it.</summary>
    public double[] Deviations { get; } = new double[channels];

    /// <summary>Σ dy of each channel, over the samples of the shard.</summary>
    public double[] GradientSums { get; } = new double[channels];

    /// <summary>Σ dy ∘ x̂ of each channel, over the samples of the shard.</summary>
    public double[] GradientSlopes { get; } = new double[channels];

    /// <summary>Σ dy of each channel, over the whole batch.</summary>
    public double[] AllGradientSums { get; } = new double[channels];

    /// <summary>Σ dy ∘ x̂ of each channel, over the whole batch.</summary>
    public double[] AllGradientSlopes { get; } = new double[channels];

    /// <summary>Whether the statistics are those of the whole batch already.</summary>
    public bool IsShared { get; set; }

    /// <summary>Whether the sums of gradients are those of the whole batch already.</summary>
    public bool IsSharedBack { get; set; }

    /// <summary>What a shard contributes before its forward pass, or before its backward pass.</summary>
    /// <param name="back">Which of the two.</param>
    public double[][] Own(bool back) => back ? [GradientSums, GradientSlopes] : [Counts, Means, Deviations];

    /// <summary>Puts the sums of all shards together, in their order, and gives them to all.</summary>
    /// <param name="all">Those of each shard.</param>
    public static void Share(BatchSums[] all)
    {
        BatchSums first = all[0];
        for (int i = 1; i < all.Length; i++)
        {
            first.Join(all[i]);
        }

        foreach (BatchSums own in all)
        {
            first.Counts.CopyTo(own.Counts, 0);
            first.Means.CopyTo(own.Means, 0);
            first.Deviations.CopyTo(own.Deviations, 0);
            own.IsShared = true;
        }
    }

    /// <summary>Puts the sums of gradients of all shards together, in their order, and gives them to all.</summary>
    /// <param name="all">Those of each shard.</param>
    public static void ShareBack(BatchSums[] all)
    {
        BatchSums first = all[0];
        first.TakeOwn();
        for (int i = 1; i < all.Length; i++)
        {
            for (int channel = 0; channel < first.Counts.Length; channel++)
            {
                first.AllGradientSums[channel] += all[i].GradientSums[channel];
                first.AllGradientSlopes[channel] += all[i].GradientSlopes[channel];
            }
        }

        foreach (BatchSums own in all)
        {
            if (own != first)
            {
                first.AllGradientSums.CopyTo(own.AllGradientSums, 0);
                first.AllGradientSlopes.CopyTo(own.AllGradientSlopes, 0);
            }

            own.IsSharedBack = true;
        }
    }

    /// <summary>Begins a step, of which nothing is shared.</summary>
    public void Begin()
    {
        IsShared = false;
        IsSharedBack = false;
    }

    /// <summary>Takes the sums of gradients of the own samples for those of the batch.</summary>
    public void TakeOwn()
    {
        GradientSums.CopyTo(AllGradientSums, 0);
        GradientSlopes.CopyTo(AllGradientSlopes, 0);
    }

    // Chan, Golub and LeVeque, "Algorithms for computing the sample variance", 1983.
    private void Join(BatchSums other)
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
